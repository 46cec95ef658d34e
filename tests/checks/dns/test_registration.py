"""`dns.registration` on a world whose registry the lab plays."""

from __future__ import annotations

import pytest

from launchready_tui.checks.dns.registration import _registered
from launchready_tui.lab import Scenario, healthy, registry
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.lab.scenario import Reply, TroubleKind
from launchready_tui.project.model import Product, Project
from launchready_tui.recognise.registrable import at_a_registry
from launchready_tui.vocabulary.findings import Verdict
from launchready_tui.world import limits
from tests.checks.looking import look

FAIL, WARN, PASS, UNKNOWN = Verdict.FAIL, Verdict.WARN, Verdict.PASS, Verdict.UNKNOWN
LOCK = "client transfer prohibited"


def answering(reply: Reply) -> Scenario:
    site = healthy().site(registry.RDAP_HOST)
    return healthy().with_site(site.with_page(registry.path_of(DOMAIN), reply))


@pytest.mark.parametrize(
    ("days", "status", "expected"),
    [
        (-1, (LOCK,), (FAIL, "expired")),
        (29, (LOCK,), (FAIL, "last-days")),
        (29, ("active",), (FAIL, "last-days")),
        (31, (LOCK,), (WARN, "ends-soon")),
        (89, ("active",), (WARN, "ends-soon")),
        (400, (LOCK, "redemption period"), (FAIL, "ending")),
        (400, ("pending delete",), (FAIL, "ending")),
        (400, ("pendingDelete",), (FAIL, "ending")),
        (400, (LOCK, "client hold"), (FAIL, "on-hold")),
        (400, ("active",), (WARN, "no-lock")),
        (91, (LOCK,), (PASS, "ok")),
        (400, ("server transfer prohibited",), (PASS, "ok")),
    ],
)
async def test_what_the_registry_says(
    days: int, status: tuple[str, ...], expected: tuple[Verdict, str]
) -> None:
    world = answering(registry.registered(DOMAIN, ends=days, status=status))
    outcome = await look("dns.registration", DOMAIN, world)
    assert (outcome.verdict, outcome.name) == expected
    assert outcome.evidence[0].label == "Registered until"


async def test_a_date_and_a_registrar_are_said() -> None:
    outcome = await look("dns.registration", DOMAIN, healthy())
    assert outcome.facts["registrar"] == registry.REGISTRAR
    assert outcome.facts["until"]
    assert outcome.facts["days"] in (str(registry.RENEWS), str(registry.RENEWS - 1))


async def test_missing_data_is_unknown() -> None:
    undated = answering(registry.registered(DOMAIN, events=[]))
    silent = answering(registry.registered(DOMAIN, status=()))
    for world in (undated, silent):
        outcome = await look("dns.registration", DOMAIN, world)
        assert (outcome.verdict, outcome.name) == (UNKNOWN, "not-known")


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(403, (), b"no"), "blocked"),
        (Reply(429, (), b"slow down"), "rate-limited"),
        (Reply(503, (), b"busy"), "not-known"),
        (Reply(200, (), b"<title>Just a moment...</title>"), "garbled"),
        (Reply(200, (), b'{"objectClassName": "domain", "ldhName": "x.example"}'), "garbled"),
    ],
)
async def test_a_registry_that_does_not_tell_is_unknown(reply: Reply, reason: str) -> None:
    outcome = await look("dns.registration", DOMAIN, answering(reply))
    assert (outcome.verdict, outcome.name) == (UNKNOWN, reason)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("servfail", "servfail"), ("timeout", "timeout"), ("refused", "servfail")],
)
async def test_a_registry_that_cannot_be_found_is_unknown(
    kind: TroubleKind, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "DNS_SEND", 0.1)
    monkeypatch.setattr(limits, "DNS_TRY", 0.3)
    world = healthy().with_trouble(registry.RDAP_HOST, kind)
    outcome = await look("dns.registration", DOMAIN, world)
    assert (outcome.verdict, outcome.name) == (UNKNOWN, reason)


UNKNOWN_THERE = Reply(404, (), b'{"errorCode": 404}')


async def test_no_such_domain_counts_where_dns_says_the_same() -> None:
    gone = answering(UNKNOWN_THERE)
    free = await look("dns.registration", "nobody.example", gone)
    assert (free.verdict, free.name) == (FAIL, "not-registered")
    there = await look("dns.registration", DOMAIN, gone)
    assert (there.verdict, there.name) == (UNKNOWN, "garbled")
    silent = await look("dns.registration", DOMAIN, gone.with_trouble(DOMAIN, "servfail"))
    assert (silent.verdict, silent.name) == (UNKNOWN, "servfail")


@pytest.mark.parametrize(
    ("domain", "part"),
    [
        ("harbor.example", "harbor.example"),
        ("shop.harbor.example", "harbor.example"),
        ("harbor.co.uk", "harbor.co.uk"),
        ("app.harbor.com", "harbor.com"),
        ("harbor.github.io", ""),
        ("harbor.vercel.app", ""),
        ("com", ""),
    ],
)
def test_the_part_that_somebody_registered(domain: str, part: str) -> None:
    assert at_a_registry(domain) == part
    assert _registered(Project(product=Product(domain=domain))) == (part or domain,)


async def test_a_platforms_name_is_skipped() -> None:
    outcome = await look("dns.registration", "harbor.github.io", healthy())
    assert (outcome.verdict, outcome.name) == (Verdict.SKIPPED, "platform")
    assert _registered(Project()) == ()
