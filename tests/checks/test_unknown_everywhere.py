"""What we could not ask is never called missing, broken or weak: every check, in every such world.

Two promises, over whatever checks are registered. Where a whole kind of answer is withheld, each
finding is unknown, but for those that never needed such an answer (`NEEDS_NONE`). Where one host,
one name or one address is withheld, no finding turns bad, but for those that the contract reads
in the very refusal (`PROVES`).
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatch

import pytest

from launchready_tui.checks import registered
from launchready_tui.lab import Scenario, healthy
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.lab.scenario import Endpoint, TroubleKind
from launchready_tui.vocabulary.findings import Finding, Verdict
from tests.checks.withheld import (
    KEPT_OUT,
    PAGES,
    SERVICE_REPLIES,
    SERVICES,
    TROUBLES,
    Ports,
    answering,
    findings,
    impatient,
)

GOOD = (Verdict.PASS, Verdict.SKIPPED)

# An audit may not ask these: they judge messages, and there may be none.
NOT_IN_AN_AUDIT: Mapping[str, str] = {
    "email.alignment": "judges a message that was received",
    "email.links": "judges a message that was received",
    "email.sender": "judges messages that were received",
    "deploy.rollback": "judges what was told and timed, and nobody has done either yet",
}

# What needs no network at all.
# Checks, by pattern, that may pass or be skipped although this kind of answer is withheld, and why
# none of them needs it. An exclamation mark takes a check out again.
CODE: Mapping[str, str] = {
    "secrets.history": "the code lies on this computer",
    "secrets.tree": "the code lies on this computer",
    "secrets.kept": "the code lies on this computer",
    "deploy.*": "the code lies on this computer",
}
NEEDS_NONE: Mapping[str, Mapping[str, str]] = {
    "dns": {
        "email.parked": "the file names a sender, so the check does not apply",
        **CODE,
    },
    "pages": {
        "dns.*": "DNS answered, and so did RDAP; no name leads to somebody else's page",
        "tls.*": "a handshake comes before any page",
        "email.*": "DNS answered",
        "!email.transport": "its policy is a page",
        "edge.proxied": "the headers of a refusal tell whose edge it is",
        "edge.ssl-mode": "Cloudflare's API answered",
        "edge.security": "Cloudflare's API answered",
        "edge.cache-rules": "Cloudflare's API answered",
        **CODE,
    },
    "ports": {
        "dns.*": "DNS answered; where an address is judged by its port, there is none to judge",
        "!dns.registration": "RDAP is behind a port",
        "email.*": "DNS answered",
        "!email.transport": "its policy is behind a port",
        **CODE,
    },
}

# The outcomes that the contract reads in a refusal itself, by what is refused, and why that is no
# guess.
PROVES: Mapping[str, Mapping[tuple[str, str], str]] = {
    "address": {
        ("http.reachable", "refused"): "other hosts of the same audit answered",
        ("dns.ipv6", "refused"): "the same host answers over IPv4",
    },
    "name": {
        ("dns.delegation", "lame"): "a name server that was asked directly refuses its own zone",
    },
    "host": {},
    "service": {},
}


def may_pass(kind: str, check: str) -> bool:
    patterns = NEEDS_NONE[kind]
    taken_out = any(fnmatch(check, one[1:]) for one in patterns if one.startswith("!"))
    return not taken_out and any(fnmatch(check, one) for one in patterns)


def said(found: tuple[Finding, ...]) -> list[str]:
    return sorted(f"{f.check} {f.subject}: {f.verdict} {f.outcome}" for f in found)


def claims_no_absence(found: tuple[Finding, ...]) -> None:
    """What we could not ask is not called absent in the evidence either."""
    claims = [
        f"{each.check} {each.subject}: {proof.label}: {proof.value}"
        for each in found
        if each.verdict is Verdict.UNKNOWN
        for proof in each.evidence
        if proof.value.startswith("none")
    ]
    assert claims == []


def only_unknown(found: tuple[Finding, ...], kind: str) -> None:
    wrong = [
        each
        for each in found
        if each.outcome == "our-fault"
        or (
            (each.verdict is not Verdict.UNKNOWN)
            and not (each.verdict in GOOD and may_pass(kind, each.check))
        )
    ]
    assert said(tuple(wrong)) == []
    claims_no_absence(found)
    asked = {each.check for each in found}
    assert set(registered()) - asked <= set(NOT_IN_AN_AUDIT)


def nothing_bad(found: tuple[Finding, ...], kind: str) -> None:
    wrong = [
        each
        for each in found
        if each.outcome == "our-fault"
        or (
            (each.verdict in (Verdict.WARN, Verdict.FAIL))
            and (each.check, each.outcome) not in PROVES[kind]
        )
    ]
    assert said(tuple(wrong)) == []
    claims_no_absence(found)


@pytest.fixture(autouse=True)
def _no_long_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    impatient(monkeypatch)


# ------------------------------------------------------------------ a whole kind is withheld


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_no_name_is_answered_for(trouble: TroubleKind) -> None:
    only_unknown(await findings(healthy().with_trouble("", trouble)), "dns")


@pytest.mark.parametrize("reply", KEPT_OUT)
async def test_a_protection_answers_in_the_place_of_every_page(reply: str) -> None:
    only_unknown(await findings(answering(KEPT_OUT[reply], PAGES)), "pages")


@pytest.mark.parametrize("ports", ["refused", "reset", "stalled"])
async def test_no_web_port_lets_us_in(ports: Ports) -> None:
    only_unknown(await findings(healthy(), ports), "ports")


@pytest.mark.parametrize("reply", SERVICE_REPLIES)
async def test_the_services_refuse_or_make_no_sense(reply: str) -> None:
    found = await findings(answering(SERVICE_REPLIES[reply], SERVICES))
    nothing_bad(found, "service")
    unknown = {each.check for each in found if each.verdict is Verdict.UNKNOWN}
    assert unknown >= {"dns.registration", "edge.ssl-mode", "edge.security", "edge.cache-rules"}


# ------------------------------------------------------------------ one thing is withheld


def _names() -> list[tuple[str, TroubleKind]]:
    """Every zone, and every name in the founder's own: the two refusals that may be misread."""
    world = healthy()
    zones = {zone.name for zone in world.zones if zone.name}
    names = zones | {record.name for record in world.zone_of(DOMAIN).records}
    return [(one, "refused") for one in sorted(names)] + [
        (one, "servfail") for one in sorted(zones)
    ]


def _addresses() -> list[str]:
    zones = healthy().zones
    return sorted({r.text for zone in zones for r in zone.records if r.type in ("A", "AAAA")})


@pytest.mark.parametrize(("name", "trouble"), _names())
async def test_one_name_is_not_answered_for(name: str, trouble: TroubleKind) -> None:
    nothing_bad(await findings(healthy().with_trouble(name, trouble)), "name")


@pytest.mark.parametrize("reply", ["cloudflare-challenge", "429"])
@pytest.mark.parametrize("host", PAGES)
async def test_one_host_keeps_us_out(host: str, reply: str) -> None:
    nothing_bad(await findings(answering(KEPT_OUT[reply], [host])), "host")


@pytest.mark.parametrize("address", _addresses())
async def test_one_address_refuses(address: str) -> None:
    world: Scenario = healthy().with_endpoint(Endpoint(address, listens=False))
    nothing_bad(await findings(world), "address")


def test_every_exception_is_about_a_check_that_is_there() -> None:
    checks = registered()
    named = [one.removeprefix("!") for table in NEEDS_NONE.values() for one in table]
    named += [check for table in PROVES.values() for check, _ in table] + list(NOT_IN_AN_AUDIT)
    assert [one for one in named if not any(fnmatch(check, one) for check in checks)] == []
