"""`dns.ipv6` where one address of the lab plays a part of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from launchready_tui.checks.dns.ipv6 import ipv6
from launchready_tui.lab import Lab, Scenario, healthy
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.lab.pages import CHALLENGE_PAGE
from launchready_tui.lab.scenario import Certificate, Endpoint, Reply, Site, TroubleKind
from launchready_tui.vocabulary.findings import Outcome, Verdict
from launchready_tui.world import Options, limits, open_world
from tests.checks.looking import harbor, look, serving

V6 = "2001:db8::10"
FAIL, WARN, PASS, UNKNOWN = Verdict.FAIL, Verdict.WARN, Verdict.PASS, Verdict.UNKNOWN


def over_ipv6(reply: Reply | None = None, certificate: Certificate | None = None) -> Scenario:
    """The healthy world, where the bare domain's IPv6 address shows this."""
    site = healthy().site(DOMAIN)
    if reply is not None:
        site = Site(DOMAIN, site.certificate, https_default=reply)
    if certificate is not None:
        site = replace(site, certificate=certificate)
    return healthy().with_endpoint(Endpoint(V6, sites=(site,)))


PAGE = healthy().site(DOMAIN).https["/"]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (PAGE, (PASS, "ok")),
        (Reply(404, (), b"no such page"), (FAIL, "broken-page")),
        (Reply(200, (), b"<title>Welcome to nginx!</title>"), (FAIL, "broken-page")),
        (PAGE.with_headers(("server", "Vercel")), (WARN, "other-provider")),
        (Reply(200, (), b"<title>The old site</title>"), (WARN, "other-page")),
        (Reply(301, (("Location", f"https://www.{DOMAIN}/"),)), (WARN, "other-page")),
    ],
)
async def test_what_ipv6_shows(reply: Reply, expected: tuple[Verdict, str]) -> None:
    outcome = await look("dns.ipv6", DOMAIN, over_ipv6(reply))
    assert (outcome.verdict, outcome.name) == expected
    assert outcome.evidence


async def test_a_wrong_certificate_over_ipv6_alone() -> None:
    world = over_ipv6(certificate=Certificate((f"old.{DOMAIN}",)))
    outcome = await look("dns.ipv6", DOMAIN, world)
    assert (outcome.verdict, outcome.name) == (FAIL, "wrong-certificate")
    assert outcome.facts["names"] == f"old.{DOMAIN}"


async def test_a_certificate_that_is_wrong_everywhere_is_not_ipv6s_fault() -> None:
    old = Certificate((f"old.{DOMAIN}",))
    world = over_ipv6(certificate=old)
    world = world.with_site(replace(world.site(DOMAIN), certificate=old))
    assert (await look("dns.ipv6", DOMAIN, world)).name == "ok"


async def test_a_refusal_counts_where_another_address_answers() -> None:
    closed = healthy().with_endpoint(Endpoint(V6, listens=False))
    outcome = await look("dns.ipv6", DOMAIN, closed)
    assert (outcome.verdict, outcome.name) == (FAIL, "refused")
    assert outcome.facts["address"] == V6


async def test_a_refusal_where_nothing_answers_proves_nothing() -> None:
    shut = ("192.0.2.10", "192.0.2.11", "192.0.2.20", "192.0.2.30", "192.0.2.40", "192.0.2.50", V6)
    world = healthy()
    for address in shut:
        world = world.with_endpoint(Endpoint(address, listens=False))
    outcome = await look("dns.ipv6", DOMAIN, world)
    assert (outcome.verdict, outcome.name) == (UNKNOWN, "refused")


async def test_without_an_ipv6_address_there_is_nothing_to_compare() -> None:
    outcome = await look("dns.ipv6", f"app.{DOMAIN}", healthy())
    assert (outcome.verdict, outcome.name) == (PASS, "none")


async def test_ipv6_alone_passes_here() -> None:
    world = healthy().with_records(DOMAIN, "A", ())
    assert (await look("dns.ipv6", DOMAIN, world)).name == "ok"


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(403, (("cf-mitigated", "challenge"),), CHALLENGE_PAGE), "challenge"),
        (Reply(403, (("Server", "AkamaiGHost"),), b"Access Denied"), "blocked"),
        (Reply(429), "rate-limited"),
    ],
)
async def test_a_page_kept_from_us_is_unknown(reply: Reply, reason: str) -> None:
    over_one = await look("dns.ipv6", DOMAIN, over_ipv6(reply))
    over_both = await look("dns.ipv6", DOMAIN, serving(healthy(), DOMAIN, reply))
    assert (over_one.verdict, over_one.name) == (UNKNOWN, reason)
    assert (over_both.verdict, over_both.name) == (UNKNOWN, reason)


@pytest.mark.parametrize("kind", ["servfail", "timeout", "refused"])
async def test_no_answer_from_dns_is_unknown(
    kind: TroubleKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "DNS_SEND", 0.1)
    monkeypatch.setattr(limits, "DNS_TRY", 0.3)
    outcome = await look("dns.ipv6", DOMAIN, healthy().with_trouble(DOMAIN, kind))
    assert (outcome.verdict, outcome.name) == (UNKNOWN, kind)


async def test_a_machine_without_ipv6_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lab's detours lead from any address: here they lead from the IPv4 one alone."""
    monkeypatch.setattr("launchready_tui.world.route.public_ipv6", lambda: False)
    async with Lab(healthy()) as lab:
        mine = lab.options
        connect = (f"192.0.2.10{way}" if way.startswith((":443", ":80")) else way
                   for way in mine.connect)  # fmt: skip
        options = Options(mine.resolvers, tuple(connect), mine.ca)
        async with open_world(options) as world:
            outcome = await ipv6(DOMAIN, harbor(), world)
    assert isinstance(outcome, Outcome)
    assert (outcome.verdict, outcome.name) == (UNKNOWN, "no-ipv6")
