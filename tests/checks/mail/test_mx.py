"""`dns.mail` against a name server on loopback: each outcome, and silence that proves nothing."""

from __future__ import annotations

import pytest

from launchready_tui.checks.mail.mx import _domains, mail
from launchready_tui.project.model import Project
from launchready_tui.vocabulary.findings import Outcome, Verdict
from launchready_tui.world import limits
from tests.checks.mail.mail_world import SILENCES, dns_world, project, said, txt

MX = "d.example. 300 IN MX 10 mx.d.example."
HOST = "mx.d.example. 300 IN A 192.0.2.25"
FAIL, WARN, PASS = Verdict.FAIL, Verdict.WARN, Verdict.PASS


@pytest.mark.parametrize(
    ("records", "expected", "mx"),
    [
        ((), (FAIL, "missing"), "d.example"),
        ((txt("d.example", "x"),), (FAIL, "missing"), "d.example"),
        (("d.example. 300 IN MX 0 .",), (FAIL, "null-mx"), "d.example"),
        (("d.example. 300 IN MX 0 .", MX, HOST), (FAIL, "null-mx-mixed"), "d.example"),
        (("d.example. 300 IN MX 5 192.0.2.1.",), (FAIL, "mx-is-address"), "192.0.2.1"),
        ((MX,), (FAIL, "mx-dead"), "mx.d.example"),
        ((MX, "mx.d.example. 300 IN A 192.168.1.25"), (FAIL, "mx-private"), "mx.d.example"),
        (("d.example. 300 IN A 192.0.2.1",), (WARN, "implicit-mx"), "d.example"),
        (
            (MX, "mx.d.example. 300 IN CNAME in.d.example.", "in.d.example. 300 IN A 192.0.2.25"),
            (WARN, "mx-is-alias"),
            "mx.d.example",
        ),
        ((MX, HOST), (PASS, "ok"), "mx.d.example"),
    ],
)
async def test_where_mail_goes(
    records: tuple[str, ...], expected: tuple[Verdict, str], mx: str
) -> None:
    async with dns_world(*records) as world:
        outcome = await mail("d.example", project(), world)
    assert said(outcome) == expected
    assert isinstance(outcome, Outcome)
    assert outcome.facts["mx"] == mx
    assert outcome.evidence


@pytest.mark.parametrize("how", SILENCES)
@pytest.mark.parametrize("name", ["d.example", "mx.d.example"])
async def test_no_answer_is_unknown(how: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "DNS_SEND", 0.1)
    monkeypatch.setattr(limits, "DNS_TRY", 0.3)
    async with dns_world(MX, HOST, **{how: name}) as world:
        outcome = await mail("d.example", project(), world)
    assert said(outcome) == (Verdict.UNKNOWN, how)
    assert isinstance(outcome, Outcome)
    assert outcome.facts["detail"] == name


async def test_a_domain_that_sends_no_mail_is_skipped() -> None:
    async with dns_world("d.example. 300 IN MX 0 .") as world:
        outcome = await mail("d.example", project(sends=False), world)
    assert said(outcome) == (Verdict.SKIPPED, "no-mail")


def test_the_domains_that_people_write_to() -> None:
    assert _domains(project()) == ("d.example",)
    assert _domains(project(from_="hi@mail.d.example")) == ("d.example", "mail.d.example")
    assert _domains(project(from_="")) == ("d.example",)
    assert _domains(Project()) == ()
