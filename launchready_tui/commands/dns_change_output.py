"""How a judged DNS change is printed: as JSON with the findings of an audit, or for people."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from launchready_tui.commands.audit_output import finding_json, print_finding, stamp
from launchready_tui.guards.dns_change import Cause, Consequence, Judgement, Standing, Weight
from launchready_tui.guards.dns_words import Change
from launchready_tui.verdict.readiness import GLYPHS, State, first_sentence, state_of_finding
from launchready_tui.vocabulary.findings import Verdict
from launchready_tui.vocabulary.safe_text import show_host

if TYPE_CHECKING:
    from rich.console import Console

# The same three words as an audit has, for programs that read both.
_VERDICTS: dict[Standing, str] = {
    "safe": "ready",
    "nothing": "ready",
    "stop": "not-yet",
    "cannot-tell": "cannot-tell",
}
_CAUSES: dict[Cause, str] = {
    "new": "by this change",
    "already": "today too",
    "not-known": "today not known",
}
MARKS: dict[Weight, State] = {"breaks": State.TODAY, "look": State.SOON, "fine": State.OK}
FORMATS = {
    "bind": "BIND zone file",
    "cloudflare": "Cloudflare export",
    "octodns": "octoDNS",
    "dnscontrol": "dnscontrol",
}


def judgement_json(judgement: Judgement, seconds: float) -> str:
    """One JSON object (format 1): findings as in `audit --json`, each with cause and blocks."""
    project = judgement.project
    return json.dumps(
        {
            "format": 1,
            "product": {"name": project.product.name, "domain": project.domain},
            "zone": judgement.plan.name,
            "plan": {"file": judgement.plan.file, "format": judgement.plan.format},
            "at": stamp(judgement.at),
            "seconds": round(seconds, 1),
            "verdict": _VERDICTS[judgement.standing],
            "headline": judgement.headline,
            "changes": [_change_json(change) for change in judgement.changes],
            "findings": [
                finding_json(each.finding, {}) | {"cause": each.cause, "blocks": each.blocks}
                for each in judgement.consequences
            ],
            "fixed": [finding_json(finding, {}) for finding in judgement.fixed],
            "doubts": list(judgement.doubts),
            "notes": list(judgement.notes),
        },
        ensure_ascii=False,
        indent=2,
    )


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "name": change.name,
        "kind": change.kind,
        "how": change.how,
        "says": change.says,
        "breaks": change.breaks,
        "before": change.before.splitlines(),
        "after": change.after.splitlines(),
        "line": change.line or None,
        "blocks": change.blocks,
    }


def print_judgement(console: Console, judgement: Judgement, details: bool = False) -> None:
    """For a person: the verdict, what would change, what would break, what is not known."""
    plan = judgement.plan
    console.print(f"{show_host(plan.name)}  {plan.file}, {FORMATS[plan.format]}", style="bold")
    console.print(f"{judgement.headline}.", style="bold")
    _changes(console, judgement)
    told = [each for each in judgement.consequences if _is_told(each)]
    for title, blocks in (("What would be broken, once applied", True), ("Look at these", False)):
        _findings(console, [each for each in told if each.blocks is blocks], title, details)
    fixed = [f"{first_sentence(finding.says)} ({finding.check})" for finding in judgement.fixed]
    _lines(console, fixed, "Broken today, and fixed by this change", State.OK)
    _lines(console, judgement.doubts, "What we could not see", State.UNKNOWN)
    _lines(console, judgement.notes, "Good to know", State.LATER)


def _is_told(each: Consequence) -> bool:
    """Doubts stand in a list of their own, and what is fine needs no line."""
    return each.finding.verdict in (Verdict.FAIL, Verdict.WARN)


def _changes(console: Console, judgement: Judgement) -> None:
    # The lines that dnscontrol prints are those of its source.
    file = "dnsconfig.js, " if judgement.plan.format == "dnscontrol" else ""
    rows = []
    for change in judgement.changes:
        mark = MARKS[judgement.weight(change)]
        place = f" ({file}line {change.line})" if change.line else ""
        rows.append((mark, f"{change.says}{place}", change.breaks))
    _rows(console, rows, "What would change")


def _findings(console: Console, found: list[Consequence], title: str, details: bool) -> None:
    if details and found:
        console.print()
        console.print(title, style="bold")
        for each in found:
            print_finding(console, each.finding)
        return
    rows = [
        (
            State.TODAY if each.blocks else state_of_finding(each.finding),
            each.finding.says,
            f"{each.finding.check}, {show_host(each.finding.subject)}, {_CAUSES[each.cause]}",
        )
        for each in found
    ]
    _rows(console, rows, title)


def _lines(console: Console, lines: Iterable[str], title: str, mark: State) -> None:
    _rows(console, [(mark, line, "") for line in lines], title)


def _rows(console: Console, rows: list[tuple[State, str, str]], title: str) -> None:
    """A title and lines with a glyph; the second text of a line stands below it, quiet."""
    from rich.padding import Padding
    from rich.text import Text

    if not rows:
        return
    console.print()
    console.print(title, style="bold")
    for state, line, more in rows:
        console.print(Padding(Text(f"{GLYPHS[state][0]} {line}"), (0, 0, 0, 2)))
        if more:
            console.print(Padding(Text(more, "dim"), (0, 0, 0, 4)))
