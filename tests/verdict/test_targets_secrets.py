"""Target T3: how many secrets are in the open, and never "0 found" before every place was seen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from launchready_tui import audit
from launchready_tui.commands.audit_output import audit_json
from launchready_tui.content.checklist import builtin
from launchready_tui.lab import Lab
from launchready_tui.lab.demo import demo_project
from launchready_tui.lab.faults import broken
from launchready_tui.project.model import (
    Answer,
    Host,
    Product,
    Project,
    RecordedFinding,
    Repository,
)
from launchready_tui.verdict.readiness import assess
from launchready_tui.verdict.targets import TargetState, targets
from launchready_tui.vocabulary.findings import Verdict
from launchready_tui.world import open_world
from tests.every import every

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
Said = tuple[Verdict, str, int]
OK: Said = (Verdict.PASS, "ok", 0)
GONE: Said = (Verdict.UNKNOWN, "timeout", 0)
NONE: Said = (Verdict.SKIPPED, "no-page", 0)
UNSURE: Said = (Verdict.WARN, "unsure", 2)
MAPS: Said = (Verdict.WARN, "source-maps", 3)
HISTORY, TREE = "secrets.history shop", "secrets.tree shop"
SITE, APP = "secrets.bundle d.example", "secrets.bundle app.d.example"
ALL = {HISTORY: OK, TREE: OK, SITE: OK, APP: OK}


def leak(count: int) -> Said:
    return Verdict.FAIL, "leak", count


def project(said: Mapping[str, Said], **answers: str) -> Project:
    found: dict[str, dict[str, RecordedFinding]] = {}
    for key, (verdict, outcome, count) in said.items():
        check, subject = key.split(" ")
        facts = {"count": str(count)} if count else {}
        found.setdefault(check, {})[subject] = RecordedFinding(
            verdict=verdict, outcome=outcome, at=NOW, facts=facts
        )
    return Project(
        product=Product(domain="d.example"),
        hosts=(
            Host(name="d.example"),
            Host(name="app.d.example", purpose="app"),
            Host(name="mail.d.example", purpose="email"),
        ),
        repository=Repository(path="shop"),
        findings=found,
        answers={id.replace("_", "."): Answer(value=value) for id, value in answers.items()},
    )


def t3(told: Project) -> TargetState:
    return next(each for each in targets(told, builtin()) if each.id == "T3")


@every(
    ("said", "measured", "samples", "verdict"),
    [
        ({}, None, 0, Verdict.UNKNOWN),
        ({HISTORY: GONE, SITE: GONE}, None, 0, Verdict.UNKNOWN),
        (ALL, "0 found", 4, Verdict.PASS),
        (ALL | {APP: NONE}, "0 found", 3, Verdict.PASS),
        (ALL | {APP: MAPS}, "0 found", 4, Verdict.PASS),
        ({HISTORY: OK, TREE: OK}, "0 found so far", 2, Verdict.UNKNOWN),
        ({SITE: OK, APP: OK}, "0 found so far", 2, Verdict.UNKNOWN),
        (ALL | {APP: GONE}, "0 found so far", 3, Verdict.UNKNOWN),
        ({HISTORY: OK, TREE: OK, SITE: OK}, "0 found so far", 3, Verdict.UNKNOWN),
        (ALL | {SITE: NONE, APP: NONE}, "0 found so far", 2, Verdict.UNKNOWN),
        (ALL | {HISTORY: GONE}, "0 found so far", 3, Verdict.UNKNOWN),
        (ALL | {HISTORY: UNSURE}, "0 found so far", 4, Verdict.UNKNOWN),
        (ALL | {APP: UNSURE}, "0 found so far", 4, Verdict.UNKNOWN),
        (ALL | {HISTORY: leak(3)}, "3 found", 4, Verdict.FAIL),
        ({HISTORY: leak(1)}, "1 found", 1, Verdict.FAIL),
        (ALL | {HISTORY: leak(3), TREE: leak(1)}, "3 or more found", 4, Verdict.FAIL),
        (ALL | {APP: (Verdict.FAIL, "stripe-live", 0)}, "1 found", 4, Verdict.FAIL),
        ({HISTORY: GONE, TREE: (Verdict.FAIL, "env-tracked", 1)}, "1 found", 1, Verdict.FAIL),
        (ALL | {"secrets.history elsewhere": leak(9)}, "0 found", 4, Verdict.PASS),
        (ALL | {"secrets.bundle old.d.example": leak(9)}, "0 found", 4, Verdict.PASS),
    ],
)
def test_what_was_found_and_where_we_looked(
    said: Mapping[str, Said], measured: str | None, samples: int, verdict: Verdict
) -> None:
    found = t3(project(said))
    assert (found.measured, found.samples, found.verdict) == (measured, samples, verdict)


@pytest.mark.parametrize("answers", [{"S1_C4": "found"}, {"S4_C2": "code"}])
def test_what_was_told_keeps_a_clean_look_from_passing(answers: dict[str, str]) -> None:
    found = t3(project(ALL, **answers))
    assert (found.measured, found.verdict) == ("0 found so far", Verdict.UNKNOWN)
    assert found.note == "We found none, but you told us of one."
    assert t3(project({}, **answers)).measured is None
    assert t3(project(ALL, S1_C4="none", S4_C2="chat")).verdict is Verdict.PASS


def test_a_strange_count_in_a_file_is_one() -> None:
    strange = project(ALL)
    kept = RecordedFinding(verdict=Verdict.FAIL, outcome="leak", at=NOW, facts={"count": "²"})
    strange.findings["secrets.history"]["shop"] = kept
    assert t3(strange).measured == "1 found"


@pytest.mark.covers("T3", "live")
async def test_a_key_in_the_history_misses_the_target_at_once() -> None:
    """The audit's own object tells it, before anything is saved."""
    told, content = demo_project(NOW), builtin()
    seen = {}
    for fault in ("", "secret-in-history"):
        async with Lab(broken([fault] if fault else [])) as lab, open_world(lab.options) as world:
            jobs = audit.plan(told, content, only=["secrets.history"])
            found = [one async for one in audit.run(jobs, told, world, content)]
        said = json.loads(audit_json(audit.summarise(found, NOW, 1.0), told, content))
        [seen[fault]] = [each for each in said["targets"] if each["id"] == "T3"]
    assert (seen[""]["measured"], seen[""]["verdict"]) == ("0 found so far", "unknown")
    assert (seen["secret-in-history"]["measured"], seen["secret-in-history"]["verdict"]) == (
        "1 found",
        "fail",
    )


def test_the_ready_list_and_the_target_agree() -> None:
    state = assess(project(ALL | {HISTORY: leak(2)}), builtin())
    assert next(each for each in state.targets if each.id == "T3").verdict is Verdict.FAIL
    assert state.verdict == "not-yet"
