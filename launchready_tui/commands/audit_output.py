"""How a finished audit is printed: the JSON of product.md, and a table for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from launchready_tui import __version__
from launchready_tui.audit import Audit
from launchready_tui.content import check_pages
from launchready_tui.content.checklist import Checklist
from launchready_tui.project import change
from launchready_tui.project.model import Project
from launchready_tui.verdict.blocked_hosts import notice
from launchready_tui.verdict.readiness import GLYPHS, first_sentence, state_of_finding
from launchready_tui.verdict.targets import targets
from launchready_tui.vocabulary.findings import Finding, Verdict
from launchready_tui.vocabulary.safe_text import clean_line, show_host

if TYPE_CHECKING:
    from rich.console import Console


def stamp(at: datetime) -> str:
    """A moment in UTC to the second: "2026-11-24T14:01:00Z"."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def finding_json(finding: Finding, pages: Mapping[str, str]) -> dict[str, Any]:
    """One finding as `audit --json` prints it. `pages` are those that the content brings."""
    return {
        "check": finding.check,
        "subject": finding.subject,
        "outcome": finding.outcome,
        "verdict": finding.verdict.value,
        "impact": finding.impact.value if finding.impact else None,
        "harms": [harm.value for harm in finding.harms],
        "covers": list(finding.covers),
        "stages": list(finding.stages),
        "says": finding.says,
        "why": finding.why,
        "fix": list(finding.fix),
        "verify": finding.verify,
        "evidence": [
            {"label": seen.label, "value": seen.value, "at": stamp(seen.at)}
            for seen in finding.evidence
        ],
        "page": check_pages.place(finding.check, pages) or None,
    }


def audit_json(audit: Audit, project: Project, checklist: Checklist) -> str:
    """The audit as one JSON object (format 1), as `launchready audit --json` prints it.

    The targets know what this audit found, whether it is saved or not.
    """
    known = change.record(project, audit.findings, at=audit.at, partial=True)
    return json.dumps(
        {
            "format": 1,
            "product": {"name": project.product.name, "domain": project.domain},
            "at": stamp(audit.at),
            "seconds": round(audit.seconds, 1),
            "verdict": audit.verdict,
            "partial": audit.partial,
            "today": audit.today,
            "version": __version__,
            "notice": notice(audit.kept_out),
            "findings": [finding_json(each, checklist.pages) for each in audit.findings],
            "targets": [
                {
                    "id": target.id,
                    "goal": target.goal,
                    "measured": target.measured,
                    "samples": target.samples,
                    "verdict": target.verdict.value,
                }
                for target in targets(known, checklist)
            ],
        },
        ensure_ascii=False,
        indent=2,
    )


def print_audit(console: Console, audit: Audit, project: Project, details: bool = False) -> None:
    """The audit for a person: the verdict, what to do in risk order, and what is fine."""
    name = clean_line(project.product.name) or show_host(project.domain)
    console.print(f"{name}  {show_host(project.domain)}", style="bold")
    console.print(f"{audit.headline}.", style="bold")
    if audit.kept_out:
        console.print(notice(audit.kept_out), markup=False)
    console.print()
    open_rows = [f for f in audit.findings if f.verdict not in (Verdict.PASS, Verdict.SKIPPED)]
    if open_rows and not details:
        _rows(console, open_rows)
        console.print()
    if details:
        for finding in open_rows:
            print_finding(console, finding)
    if open_rows:
        console.print("How we judge each of these: launchready checks ID", style="dim")
    count = {v: sum(f.verdict is v for f in audit.findings) for v in Verdict}
    console.print(
        f"{count[Verdict.FAIL]} broken, {count[Verdict.WARN]} to fix soon, "
        f"{count[Verdict.UNKNOWN]} we could not tell, {count[Verdict.PASS]} fine, "
        f"{count[Verdict.SKIPPED]} that do not apply. {audit.seconds:.1f} seconds."
    )


def _rows(console: Console, findings: Iterable[Finding]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0), expand=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=3)
    table.add_column(no_wrap=True, justify="right")
    table.add_column(ratio=2, overflow="fold")
    for finding in findings:
        glyph, word = GLYPHS[state_of_finding(finding)]
        minutes = f"{finding.minutes} min" if finding.minutes else ""
        table.add_row(
            Text(f"{glyph} {word}"),
            Text(first_sentence(finding.says)),
            Text(minutes),
            Text(f"{finding.check}\n{show_host(finding.subject)}", style="dim"),
        )
    console.print(table)


def print_finding(console: Console, finding: Finding) -> None:
    """One finding with its four parts: what we saw, why it matters, how to fix and check it."""
    from rich.padding import Padding
    from rich.text import Text

    glyph, word = GLYPHS[state_of_finding(finding)]
    console.print(Text(f"{glyph} {word}  {finding.check}  {show_host(finding.subject)}", "bold"))
    parts = [Text(finding.says)]
    parts += [Text(f"{seen.label}: {seen.value}", "dim") for seen in finding.evidence]
    parts.append(Text(f"Why it matters: {finding.why}"))
    parts += [Text(f"{number}. {step}") for number, step in enumerate(finding.fix, 1)]
    if finding.verify:
        parts.append(Text(f"To check: {finding.verify}"))
    for part in parts:
        console.print(Padding(part, (0, 0, 0, 4)))
    console.print()
