"""`dns.caa` on a world that the lab plays: each outcome, and silence that proves nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from launchready_tui.lab import Scenario, healthy
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.lab.scenario import Certificate, TroubleKind
from launchready_tui.vocabulary.findings import Verdict
from launchready_tui.world import limits
from tests.checks.looking import look
from tests.ports import free_port

APP = f"app.{DOMAIN}"
CA = "Let's Encrypt"


def world(
    *records: str, at: str = APP, organisation: str = CA, names: tuple[str, ...] = (APP,)
) -> Scenario:
    """CAA records at one name, and the app's certificate from this company."""
    served = Certificate(names, organisation=organisation)
    scenario = healthy().with_site(replace(healthy().site(APP), certificate=served))
    return scenario.with_records(at, "CAA", records)


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (('0 issue "digicert.com"',), (Verdict.FAIL, "excluded")),
        (('0 issue ";"',), (Verdict.FAIL, "nobody")),
        (('128 tbs "x"', '0 issue "letsencrypt.org"'), (Verdict.FAIL, "unknown-tag")),
        (
            ('128 contactemail "a@harbor.example"', '0 issue "letsencrypt.org"'),
            (Verdict.WARN, "rare-tag"),
        ),
        (('0 issue "letsencrypt.org"',), (Verdict.PASS, "ok")),
        (('0 issue "digicert.com"', '0 issue "letsencrypt.org; x=1"'), (Verdict.PASS, "ok")),
        (('0 iodef "mailto:a@harbor.example"',), (Verdict.PASS, "ok")),
        ((), (Verdict.PASS, "none")),
    ],
)
@pytest.mark.parametrize("at", [APP, DOMAIN, "example"])
async def test_what_records_on_the_way_up_allow(
    records: tuple[str, ...], expected: tuple[Verdict, str], at: str
) -> None:
    outcome = await look("dns.caa", APP, world(*records, at=at))
    assert (outcome.verdict, outcome.name) == expected
    assert outcome.evidence
    if outcome.name != "none":
        assert outcome.facts["at"] == at


async def test_the_value_that_is_missing_is_named() -> None:
    outcome = await look("dns.caa", APP, world('0 issue "digicert.com"'))
    assert outcome.facts["needed"] == "letsencrypt.org"
    assert outcome.facts["allowed"] == "digicert.com"
    assert outcome.facts["issuer"] == CA


async def test_a_company_that_we_do_not_know_is_no_fail() -> None:
    outcome = await look("dns.caa", APP, world('0 issue "digicert.com"', organisation="Small CA"))
    assert (outcome.verdict, outcome.name) == (Verdict.WARN, "issuer-not-known")


async def test_a_certificate_with_a_star_goes_by_the_name_behind_it() -> None:
    star = (f"*.{DOMAIN}",)
    own = world('0 issue "digicert.com"', names=star)
    assert (await look("dns.caa", APP, own)).name == "none"
    wild = world('0 issuewild "digicert.com"', at=DOMAIN, names=star)
    assert (await look("dns.caa", APP, wild)).name == "excluded"
    one = world('0 issuewild "digicert.com"', at=DOMAIN)
    assert (await look("dns.caa", APP, one)).name == "ok"


async def test_an_alias_brings_the_records_of_its_target() -> None:
    """RFC 8659 3: the resolver follows the CNAME."""
    target = f"edge.{DOMAIN}"
    scenario = world('0 issue "digicert.com"', at=target).without(APP)
    scenario = scenario.with_records(APP, "CNAME", [f"{target}."])
    assert (await look("dns.caa", APP, scenario)).name == "excluded"


@pytest.mark.parametrize("kind", ["servfail", "timeout", "refused"])
@pytest.mark.parametrize("at", [DOMAIN, "example"])
async def test_an_unanswered_level_is_unknown(
    kind: TroubleKind, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "DNS_SEND", 0.1)
    monkeypatch.setattr(limits, "DNS_TRY", 0.3)
    outcome = await look("dns.caa", APP, healthy().with_trouble(at, kind))
    assert (outcome.verdict, outcome.name) == (Verdict.UNKNOWN, kind)


async def test_without_a_handshake_records_prove_nothing() -> None:
    more = (f"{APP}:443=127.0.0.1:{free_port()}",)
    shut = await look("dns.caa", APP, world('0 issue "digicert.com"'), more=more)
    assert (shut.verdict, shut.name) == (Verdict.UNKNOWN, "refused")
    none = await look("dns.caa", APP, healthy(), more=more)
    assert (none.verdict, none.name) == (Verdict.PASS, "none")
