"""What nobody sees from outside does not hold a launch up once its question is answered."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from launchready_tui import audit
from launchready_tui.checks import unknown
from launchready_tui.content.checklist import builtin
from launchready_tui.project.model import Answer, Product, Project
from launchready_tui.verdict.composing import compose
from launchready_tui.verdict.readiness import State, assess
from launchready_tui.vocabulary.findings import Finding

AT = datetime(2026, 11, 24, 14, 2, tzinfo=UTC)


def project(**answers: str) -> Project:
    return Project(
        product=Product(name="Harbor Market", domain="harbor.example"),
        answers={id.replace("_", "."): Answer(value=value) for id, value in answers.items()},
    )


def not_seen(check: str, reason: str, answered: Project) -> Finding:
    return compose(check, "harbor.example", unknown(reason), AT, answered, builtin())


@pytest.mark.parametrize(
    ("answers", "matters"),
    [
        ({}, True),
        ({"S2_C4": "strict"}, False),
        ({"S2_C4": "no-cloudflare"}, False),
        ({"S2_C4": "flexible"}, True),
        ({"S2_C4": "not-sure"}, True),
    ],
)
def test_a_mode_that_we_cannot_see_is_the_founders_to_tell(
    answers: dict[str, str], matters: bool
) -> None:
    finding = not_seen("edge.ssl-mode", "no-token", project(**answers))
    assert finding.matters is matters
    assert audit.summarise([finding], AT, 1.0).exit_code == (3 if matters else 0)


def test_every_answer_about_it_must_be_good() -> None:
    both = project(S2_C5="never", S2_F2="yes")
    assert not_seen("edge.private-cache", "no-session", both).matters
    assert not not_seen("edge.private-cache", "no-session", project(S2_C5="never")).matters


def test_an_ending_whose_registry_tells_nothing_is_the_founders_to_tell() -> None:
    assert not_seen("dns.registration", "no-registry", project()).matters
    assert not not_seen("dns.registration", "no-registry", project(S7_C5="two-each")).matters
    assert not_seen("dns.registration", "timeout", project(S7_C5="two-each")).matters


def test_a_silence_stays_a_doubt_whatever_was_told() -> None:
    assert not_seen("edge.ssl-mode", "timeout", project(S2_C4="strict")).matters


def test_what_may_only_be_a_warning_never_holds_a_launch_up() -> None:
    assert not not_seen("edge.security", "no-token", project()).matters


def test_the_item_shows_as_told_and_not_as_seen() -> None:
    told = project(S2_C4="strict")
    state = assess(told, builtin()).item("S2.C4")
    assert state is not None
    assert state.state is State.TOLD
