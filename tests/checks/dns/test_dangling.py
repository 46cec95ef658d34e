"""`dns.dangling` and `dns.wildcard` on a world that the lab plays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from launchready_tui.checks.dns.dangling import made_up
from launchready_tui.lab import Scenario, healthy
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.lab.pages import CHALLENGE_PAGE
from launchready_tui.lab.scenario import Reply, TroubleKind, zone
from launchready_tui.project.model import Dns
from launchready_tui.vocabulary.findings import Verdict
from launchready_tui.world import limits
from tests.checks.looking import harbor, look, moved, serving
from tests.ports import free_port

DOCS = f"docs.{DOMAIN}"
TOP = """
@ 300 SOA ns.root.example. admin.root.example. 2026110101 7200 3600 1209600 60
@ 300 NS ns.root.example.
"""
FAIL, WARN, PASS, UNKNOWN = Verdict.FAIL, Verdict.WARN, Verdict.PASS, Verdict.UNKNOWN
NOBODY = Reply(404, (), b"No settings were found for this company: harbor")
PAGES = Reply(404, (), b"There isn't a GitHub Pages site here.")
OURS = Reply(200, (), b"<title>Help</title>")


def leading(target: str, reply: Reply | None, *, there: bool = True) -> Scenario:
    """The help site as an alias of `target`, in a zone of its own; `reply` is what it shows."""
    label, _, service = target.partition(".")
    line = f"{label} 300 A 203.0.113.70" if there else ""
    world = healthy().without(DOCS).with_records(DOCS, "CNAME", [f"{target}."])
    world = world.with_zone(zone(service, f"{TOP}{line}"))
    if reply is None:
        return world
    return serving(serving(world, DOCS, reply), DOCS, reply, secure=False)


@pytest.mark.parametrize(
    ("target", "reply", "there", "expected"),
    [
        ("harbor.helpscoutdocs.com", NOBODY, True, (FAIL, "claimable")),
        ("harbor.azurewebsites.net", None, False, (FAIL, "claimable")),
        ("harbor.helpscoutdocs.com", None, False, (WARN, "target-gone")),
        ("harbor.github.io", PAGES, True, (WARN, "target-gone")),
        ("harbor.cloudfront.net", None, False, (WARN, "target-gone")),
        ("harbor.vercel-dns.com", Reply(404, (), b"DEPLOYMENT_NOT_FOUND"), True, (PASS, "ok")),
        ("harbor.netlify.app", Reply(404, (), b"Not Found - Request ID: 1"), True, (PASS, "ok")),
        ("harbor.helpscoutdocs.com", OURS, True, (PASS, "ok")),
        ("harbor.azurewebsites.net", OURS, True, (PASS, "ok")),
    ],
)
async def test_where_a_name_leads(
    target: str, reply: Reply | None, there: bool, expected: tuple[Verdict, str]
) -> None:
    outcome = await look("dns.dangling", DOCS, leading(target, reply, there=there))
    assert (outcome.verdict, outcome.name) == expected
    assert outcome.facts["target"] == target
    assert outcome.evidence


async def test_a_nothing_that_shows_over_http_alone_counts() -> None:
    """A service seldom has a certificate for a name that nobody set up."""
    world = leading("harbor.helpscoutdocs.com", NOBODY)
    more = (f"{DOCS}:443=127.0.0.1:{free_port()}",)
    outcome = await look("dns.dangling", DOCS, world, more=more)
    assert (outcome.verdict, outcome.name) == (FAIL, "claimable")


async def test_a_name_that_is_no_alias_cannot_dangle() -> None:
    assert (await look("dns.dangling", DOCS, healthy())).name == "no-alias"
    assert (await look("dns.dangling", DOCS, healthy().without(DOCS))).name == "no-alias"


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(403, (("cf-mitigated", "challenge"),), CHALLENGE_PAGE), "challenge"),
        (Reply(403, (("Server", "AkamaiGHost"),), b"Access Denied"), "blocked"),
        (Reply(429, (), b"Slow down"), "rate-limited"),
    ],
)
async def test_a_page_kept_from_us_is_unknown(reply: Reply, reason: str) -> None:
    outcome = await look("dns.dangling", DOCS, leading("harbor.helpscoutdocs.com", reply))
    assert (outcome.verdict, outcome.name) == (UNKNOWN, reason)


async def test_a_service_that_does_not_answer_is_unknown() -> None:
    world = leading("harbor.helpscoutdocs.com", OURS)
    world = serving(world, DOCS, moved(f"https://{DOCS}/"), secure=False)
    more = (f"{DOCS}:443=127.0.0.1:{free_port()}",)
    outcome = await look("dns.dangling", DOCS, world, more=more)
    assert (outcome.verdict, outcome.name) == (UNKNOWN, "refused")


@pytest.mark.parametrize("kind", ["servfail", "timeout", "refused"])
@pytest.mark.parametrize("check", ["dns.dangling", "dns.wildcard"])
async def test_no_answer_from_dns_is_unknown(
    check: str, kind: TroubleKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "DNS_SEND", 0.1)
    monkeypatch.setattr(limits, "DNS_TRY", 0.3)
    outcome = await look(check, DOMAIN, healthy().with_trouble(DOMAIN, kind))
    assert (outcome.verdict, outcome.name) == (UNKNOWN, kind)


async def test_an_end_that_does_not_answer_is_unknown() -> None:
    world = leading("harbor.helpscoutdocs.com", OURS).with_trouble("helpscoutdocs.com", "servfail")
    outcome = await look("dns.dangling", DOCS, world)
    assert (outcome.verdict, outcome.name) == (UNKNOWN, "servfail")


STAR = f"*.{DOMAIN}"
WILD = healthy().with_records(STAR, "A", ["192.0.2.99"])
WILD_ALIAS = healthy().with_records(STAR, "CNAME", ["gone.harbor-ca.example."])
WILD_TEXT = healthy().with_records(STAR, "TXT", ["v=spf1 -all"])


@pytest.mark.parametrize("world", [WILD, WILD_ALIAS])
async def test_a_made_up_name_leads_somewhere(world: Scenario) -> None:
    outcome = await look("dns.wildcard", DOMAIN, world)
    assert (outcome.verdict, outcome.name) == (WARN, "everything")
    assert outcome.facts["tried"].endswith(f".{DOMAIN}")
    meant = harbor()
    meant = type(meant)(product=meant.product, hosts=meant.hosts, dns=Dns(wildcard=True))
    outcome = await look("dns.wildcard", DOMAIN, world, meant)
    assert (outcome.verdict, outcome.name) == (PASS, "intended")


@pytest.mark.parametrize("world", [healthy(), WILD_TEXT])
async def test_a_made_up_name_leads_nowhere(world: Scenario) -> None:
    assert (await look("dns.wildcard", DOMAIN, world)).name == "none"


def test_the_made_up_name_is_one_for_an_audit_and_a_valid_label() -> None:
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    label = made_up(DOMAIN, now)
    assert label == made_up(DOMAIN, now)
    assert label != made_up(DOMAIN, now + timedelta(seconds=1))
    assert label != made_up("other.example", now)
    assert label.replace("-", "").isalnum()
    assert len(label) < 64
