"""Judges the settings of a repository: what is missing in production, what two copies share.

Pure: a survey in, rows and sentences out, and never a value.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from launchready_tui import audit
from launchready_tui.rules.code.environment import (
    Needs,
    Row,
    Shared,
    Survey,
    guarded,
    needs,
    real_examples,
    shared,
    table,
)

Standing = Literal["fine", "stop", "cannot-tell"]

_EXIT_CODES: dict[Standing, int] = {
    "fine": audit.READY,
    "stop": audit.BLOCKED,
    "cannot-tell": audit.CANNOT_TELL,
}
# The same three words as an audit has, for programs that read both.
_VERDICTS: dict[Standing, str] = {"fine": "ready", "stop": "not-yet", "cannot-tell": "cannot-tell"}


@dataclass(frozen=True, slots=True)
class Report:
    """All that can be said about a repository's settings."""

    rows: tuple[Row, ...]
    needs: Needs
    shared: tuple[Shared, ...]
    real_examples: tuple[tuple[str, str], ...]
    unreadable: tuple[tuple[str, str], ...]
    stops: tuple[tuple[str, str, int], ...]
    covered: int
    standing: Standing
    headline: str

    @property
    def exit_code(self) -> int:
        """0 fine, 1 a name is missing or a secret is shared, 3 too little could be read."""
        return _EXIT_CODES[self.standing]


def judge(found: Survey) -> Report:
    """Judge a survey. What may live in a host's settings is told, and stops nothing."""
    wanted, common = needs(found), shared(found)
    lacking = len(wanted.on_list) + len(wanted.lacking)
    both = [each for each in common if each.kind in ("secret", "database")]
    standing, headline = _verdict(found, wanted, lacking, len(both))
    return Report(
        rows=table(found),
        needs=wanted,
        shared=common,
        real_examples=tuple((each.name, each.path) for each in real_examples(found)),
        unreadable=tuple((each.path, each.why) for each in found.unreadable),
        stops=tuple((each.kind, each.path, each.line) for each in found.guards),
        covered=len(guarded(found)),
        standing=standing,
        headline=headline,
    )


def _verdict(found: Survey, wanted: Needs, lacking: int, both: int) -> tuple[Standing, str]:
    """A shared secret is sure. A missing name is sure only when every file could be read."""
    if both:
        return "stop", f"Not yet: {_things(lacking + both)} to fix"
    if lacking and found.unreadable:
        return "cannot-tell", "Can't tell yet: a file could not be read"
    if lacking:
        return "stop", f"Not yet: {_things(lacking)} to fix"
    if not wanted.required and not found.languages:
        return "cannot-tell", "Can't tell: no code in a language that we read"
    if wanted.unseen and found.unreadable:
        return "cannot-tell", "Can't tell yet: a file could not be read"
    unseen = len(wanted.unseen)
    if unseen:
        return "fine", f"Nothing is wrong that we can see, and {unseen} not seen in any file"
    return "fine", "Production is given all that the code needs"


def _things(count: int) -> str:
    return "1 thing" if count == 1 else f"{count} things"


def report_json(report: Report) -> str:
    """One JSON object (format 1), for programs."""
    wanted = report.needs
    return json.dumps(
        {
            "format": 1,
            "verdict": _VERDICTS[report.standing],
            "headline": report.headline,
            "variables": [_row_json(row) for row in report.rows],
            "lacking": [*wanted.on_list, *wanted.lacking],
            "not_seen": [*wanted.in_example, *wanted.nowhere],
            "shared": [
                {
                    "kind": each.kind,
                    "staging": {"name": each.name, "file": each.staging},
                    "production": {"name": each.other, "file": each.production},
                }
                for each in report.shared
            ],
            "real_examples": [{"name": n, "file": path} for n, path in report.real_examples],
            "stops_without": [
                {"by": by, "file": path, "line": line} for by, path, line in report.stops
            ],
            "unreadable": [{"file": path, "why": why} for path, why in report.unreadable],
        },
        ensure_ascii=False,
        indent=2,
    )


def _row_json(row: Row) -> dict[str, object]:
    return {
        "name": row.name,
        "code": row.code or None,
        "read_at": [{"file": path, "line": line} for path, line in row.places],
        "example": row.example,
        "staging": row.staging,
        "production": row.production,
        "ci": row.ci,
    }
