"""`email.dmarc` against a name server on loopback."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from launchready_tui.project.model import Project, RecordedFinding
from launchready_tui.vocabulary.findings import Verdict
from tests.checks.mail.mail_world import (
    FAIL,
    NOW,
    PASS,
    SILENCES,
    UNKNOWN,
    WARN,
    ask_dmarc,
    dns_world,
    project,
    said,
    short_waits,
    txt,
)

__all__ = ["short_waits"]  # a fixture for every test here


def policy(text: str, name: str = "d.example") -> str:
    return txt(f"_dmarc.{name}", text)


GOOD = "rua=mailto:r@d.example"


@pytest.mark.parametrize(
    ("records", "expected", "facts"),
    [
        ((), (FAIL, "missing"), {}),
        (
            (policy("v=DMARC1; p=none"), policy("v=DMARC1; p=reject")),
            (FAIL, "two-records"),
            {"count": "2"},
        ),
        ((policy("v=DMARC1; p=rejct"),), (FAIL, "syntax"), {"part": "p=rejct"}),
        ((policy("v=DMARC1 p=reject"),), (FAIL, "syntax"), {"part": "v=DMARC1 p=reject"}),
        ((policy("v=dmarc1; p=reject"),), (FAIL, "syntax"), {"part": "v=dmarc1"}),
        ((policy(f"v=DMARC1; p=reject; {GOOD}"),), (PASS, "ok"), {"policy": "reject"}),
        ((policy(f"v=DMARC1; p=quarantine; {GOOD}"),), (PASS, "ok"), {"policy": "quarantine"}),
        (
            (policy(f"v=DMARC1; p=none; {GOOD}"),),
            (PASS, "first-month"),
            {"policy": "none", "since": "20 November", "none_since": "2026-11-20"},
        ),
        ((policy("v=DMARC1; p=none"),), (WARN, "no-reports"), {"none_since": "2026-11-20"}),
        ((policy("v=DMARC1; p=reject"),), (WARN, "no-reports"), {}),
        ((policy("v=DMARC1; p=reject; rua=r@d.example"),), (WARN, "no-reports"), {}),
        ((policy(f"v=DMARC1; {GOOD}"),), (WARN, "policy-missing"), {"policy": "none"}),
        ((policy(f"v=DMARC1; p=rejct; {GOOD}"),), (WARN, "policy-missing"), {}),
        (
            (policy("v=DMARC1; p=reject; rua=mailto:x@r.example"),),
            (WARN, "reports-not-authorised"),
            {"to": "r.example"},
        ),
        (
            (
                policy("v=DMARC1; p=reject; rua=mailto:x@r.example"),
                txt("d.example._report._dmarc.r.example", "v=DMARC1"),
            ),
            (PASS, "ok"),
            {},
        ),
        ((policy(f"v=DMARC1; p=reject; t=y; {GOOD}"),), (WARN, "testing"), {}),
        (
            (policy(f"v=DMARC1; p=reject; sp=none; np=quarantine; {GOOD}"),),
            (WARN, "weaker-subdomains"),
            {"sub": "sp=none and np=quarantine"},
        ),
        (
            (policy(f"v=DMARC1; p=reject; pct=50; ri=60; {GOOD}"),),
            (WARN, "old-tags"),
            {"tags": "pct=50; ri=60"},
        ),
    ],
)
async def test_dmarc_records(
    records: tuple[str, ...], expected: tuple[Verdict, str], facts: dict[str, str]
) -> None:
    async with dns_world(*records) as world:
        outcome = await ask_dmarc(world, project())
    assert said(outcome) == expected
    assert facts.items() <= outcome.facts.items()
    assert outcome.evidence


async def test_a_subdomain_follows_the_record_above_it() -> None:
    who = project(from_="hi@mail.d.example")
    async with dns_world(policy(f"v=DMARC1; p=reject; sp=quarantine; {GOOD}")) as world:
        outcome = await ask_dmarc(world, who, "mail.d.example")
    assert said(outcome) == (WARN, "weaker-subdomains")
    assert outcome.facts["policy"] == "quarantine"


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ("2026-11-01", "first-month"),
        ("2026-10-21", "first-month"),
        ("2026-10-20", "none-policy"),
        ("2025-01-01", "none-policy"),
        ("2027-01-01", "first-month"),  # the clock went back: count from today
        ("not a day", "first-month"),
    ],
)
async def test_watching_is_right_for_thirty_days(since: str, expected: str) -> None:
    async with dns_world(policy(f"v=DMARC1; p=none; {GOOD}")) as world:
        outcome = await ask_dmarc(world, before(since))
    assert outcome.name == expected
    assert date.fromisoformat(outcome.facts["none_since"]) <= NOW.date()


def before(since: str) -> Project:
    recorded = RecordedFinding(
        verdict=PASS, outcome="first-month", at=NOW, facts={"none_since": since}
    )
    return msgspec.structs.replace(project(), findings={"email.dmarc": {"d.example": recorded}})


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        ("", "quarantine 2026-11-20"),
        ("quarantine 2026-11-01", "quarantine 2026-11-01"),
        ("reject 2026-11-01", "quarantine 2026-11-20"),
        ("quarantine 2027-01-01", "quarantine 2026-11-20"),
        ("quarantine", "quarantine 2026-11-20"),
    ],
)
async def test_the_first_look_at_a_stricter_policy_is_remembered(
    recorded: str, expected: str
) -> None:
    one = RecordedFinding(verdict=PASS, outcome="ok", at=NOW, facts={"policy_since": recorded})
    who = msgspec.structs.replace(project(), findings={"email.dmarc": {"d.example": one}})
    async with dns_world(policy(f"v=DMARC1; p=quarantine; {GOOD}")) as world:
        outcome = await ask_dmarc(world, who)
    assert outcome.facts["policy_since"] == expected
    async with dns_world(servfail="_dmarc.d.example") as world:
        outcome = await ask_dmarc(world, who)
    assert outcome.facts.get("policy_since", "") == recorded


@pytest.mark.parametrize("how", SILENCES)
async def test_dmarc_without_an_answer_is_unknown_and_keeps_the_date(how: str) -> None:
    record = policy(f"v=DMARC1; p=none; {GOOD}")
    async with dns_world(record, **{how: "_dmarc.d.example"}) as world:
        outcome = await ask_dmarc(world, before("2026-11-01"))
    assert said(outcome) == (UNKNOWN, how)
    assert outcome.facts["none_since"] == "2026-11-01"


@pytest.mark.parametrize("how", SILENCES)
async def test_an_agreement_that_could_not_be_asked_is_remembered_and_no_warning(how: str) -> None:
    record = policy("v=DMARC1; p=reject; rua=mailto:x@r.example")
    async with dns_world(record, **{how: "d.example._report._dmarc.r.example"}) as world:
        outcome = await ask_dmarc(world, project())
    assert said(outcome) == (PASS, "ok")
    assert outcome.facts["not_checked"] == "r.example"


async def test_a_silent_parent_leaves_a_subdomain_unknown() -> None:
    who = project(from_="hi@mail.d.example")
    async with dns_world(servfail="_dmarc.d.example") as world:
        assert said(await ask_dmarc(world, who, "mail.d.example")) == (UNKNOWN, "servfail")


async def test_a_registry_that_refuses_hides_no_missing_record() -> None:
    async with dns_world(refused="_dmarc.example") as world:
        assert said(await ask_dmarc(world, project())) == (FAIL, "missing")
