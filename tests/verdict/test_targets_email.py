"""Target T4: placed, total, and what that proves; never more than the count can carry."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from launchready_tui.content.checklist import builtin
from launchready_tui.project.model import Product, Project, RecordedFinding
from launchready_tui.verdict.targets import TargetState, targets
from launchready_tui.vocabulary.findings import Verdict

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
GOOD, SPAM = (Verdict.PASS, "ok"), (Verdict.FAIL, "spam")
LATE, SILENT = (Verdict.WARN, "late"), (Verdict.UNKNOWN, "not-sent")


def t4(*said: tuple[Verdict, str]) -> TargetState:
    recorded = {
        f"{number} at a@b.example": RecordedFinding(verdict=verdict, outcome=outcome, at=NOW)
        for number, (verdict, outcome) in enumerate(said)
    }
    project = Project(product=Product(domain="d.example"), findings={"email.inbox": recorded})
    return next(each for each in targets(project, builtin()) if each.id == "T4")


@pytest.mark.parametrize(
    ("said", "measured", "samples", "verdict"),
    [
        ((), None, 0, Verdict.UNKNOWN),
        ([SILENT] * 12, None, 0, Verdict.UNKNOWN),
        ([GOOD] * 12, "12 of 12 in the inbox", 12, Verdict.UNKNOWN),
        ([*[GOOD] * 10, LATE, SPAM, SILENT], "11 of 12 in the inbox", 12, Verdict.UNKNOWN),
        ([GOOD] * 59, "59 of 59 in the inbox", 59, Verdict.PASS),
        ([*[GOOD] * 6, *[SPAM] * 6], "6 of 12 in the inbox", 12, Verdict.FAIL),
    ],
)
def test_placed_total_and_what_it_proves(
    said: list[tuple[Verdict, str]], measured: str | None, samples: int, verdict: Verdict
) -> None:
    found = t4(*said)
    assert (found.measured, found.samples, found.verdict) == (measured, samples, verdict)


@pytest.mark.covers("T4", "live")
def test_twelve_of_twelve_says_what_it_proves() -> None:
    assert t4(*[GOOD] * 12).note == "It proves at least 78 %. 59 of 59 would prove 95 %."
