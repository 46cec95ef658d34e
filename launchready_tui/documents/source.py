"""What a document may look at: the file, the content, and what both say together.

No clock, no network, no machine: every date comes from the file, and days are UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Self

from launchready_tui.content.checklist import Checklist, ProviderKind, fill
from launchready_tui.documents.blocks import Checked, Code, Inline, Line, Mark, Told, Tone
from launchready_tui.documents.gate import LONGEST_LINE, value
from launchready_tui.project.model import Answer, Host, Project, RecordedFinding
from launchready_tui.verdict.composing import recorded
from launchready_tui.verdict.readiness import (
    GLYPHS,
    ItemState,
    Readiness,
    State,
    assess,
    state_of_finding,
)
from launchready_tui.vocabulary.dates import MONTHS
from launchready_tui.vocabulary.findings import Finding, Verdict
from launchready_tui.vocabulary.safe_text import show_host

NOBODY = "nobody yet"

TONES: Mapping[State, Tone] = {
    State.OK: "good",
    State.TOLD: "quiet",
    State.TODAY: "today",
    State.SOON: "soon",
    State.LATER: "quiet",
    State.UNKNOWN: "quiet",
    State.OPEN: "quiet",
    State.SKIPPED: "quiet",
}


@dataclass(frozen=True, slots=True)
class Source:
    """One project file with the content that explains it."""

    project: Project
    checklist: Checklist
    readiness: Readiness
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, project: Project, checklist: Checklist) -> Self:
        """The source for this file: its findings with words, and in the order of its hosts."""
        order = {host.name: place for place, host in enumerate(project.hosts)}
        findings = sorted(
            recorded(project, checklist),
            key=lambda found: (found.check, order.get(found.subject, len(order)), found.subject),
        )
        return cls(project, checklist, assess(project, checklist), tuple(findings))

    def about(self, check: str) -> tuple[Finding, ...]:
        """The recorded findings of one check, in the order of the hosts in the file."""
        return tuple(found for found in self.findings if found.check == check)

    def finding(self, check: str, subject: str) -> Finding | None:
        """The recorded finding of one check about one subject, if there is one."""
        return next((found for found in self.about(check) if found.subject == subject), None)

    def raw(self, check: str) -> Mapping[str, RecordedFinding]:
        """The facts of a check as the file holds them, by subject, with or without words."""
        return self.project.findings.get(check, {})

    def item(self, row: str) -> ItemState | None:
        """The item that answers a row of the requirements: its own, or one that covers it."""
        return self.readiness.item(row) or next(
            (state for state in self.readiness.items if row in state.item.covers), None
        )

    def answer(self, row: str) -> Answer | None:
        """The answer to a row of the requirements, if it is one of the question's choices."""
        state = self.item(row)
        return state.answer if state and state.choice else None

    def where(self, row: str, verb: str = "Answer it") -> str:
        """Where to answer or to look: "Answer it in stage 6, “Who hears first”."."""
        state = self.item(row)
        if state is None:
            return ""
        return f"{verb} in stage {state.stage.number}, “{state.item.title}”."

    def owner(self, row: str) -> str:
        """Who looks after a row of the requirements, or `NOBODY`."""
        state = self.item(row)
        return value(state.owner, 60) if state and state.owner else NOBODY

    def day(self, at: datetime | date) -> str:
        """ "24 November", and the year too where it is not that of the newest fact."""
        newest = self.newest()
        one = utc_day(at)
        year = f" {one.year}" if newest is None or one.year != newest.year else ""
        return f"{one.day} {MONTHS[one.month - 1]}{year}"

    def newest(self) -> date | None:
        """The day of the newest dated fact: the last audit, or else the last answer."""
        if self.project.audits:
            return utc_day(self.project.audits[-1].at)
        return self.last_answer()

    def last_answer(self) -> date | None:
        """The day (UTC) of the newest dated answer, if there is one."""
        days = [utc_day(answer.at) for answer in self.project.answers.values() if answer.at]
        return max(days, default=None)

    def checked(self, at: datetime) -> Checked:
        """The mark for what we looked at ourselves, with its day."""
        return Checked(self.day(at))

    def told(self, answer: Answer) -> Told:
        """The mark for what a person answered, with name and day where they are recorded."""
        return Told(value(answer.by, 60), self.day(answer.at) if answer.at else "")

    def host(self, name: str) -> Code:
        """A host's name as a value to copy, cleaned."""
        return Code(value(show_host(name), 120))

    def provider(self, kind: ProviderKind, id: str) -> str:
        """The name of a provider, or an empty string when it was not recognised."""
        known = self.checklist.providers[kind].get(id)
        return known.name if known else ""

    def hosting(self) -> tuple[str, ...]:
        """The ids of the hosting providers: those that we recognised, or else a listed account."""
        known = self.checklist.providers["hosting"]
        ids = [host.provider for host in self.project.hosts if host.provider in known]
        if not ids:
            held = {account.service.casefold() for account in self.project.accounts}
            ids = [id for id, provider in known.items() if provider.name.casefold() in held]
        return tuple(dict.fromkeys(ids))

    def steps(self, kind: ProviderKind, id: str, name: str) -> tuple[str, ...]:
        """The steps of a provider for this product; empty when content has none of that name."""
        known = self.checklist.providers[kind].get(id)
        first = next((host.name for host in self.project.hosts if host.provider == id), "")
        facts = {
            "host": show_host(first or self.project.domain) or "your site",
            "domain": show_host(self.project.domain) or "your domain",
        }
        return tuple(fill(step, facts) for step in known.steps.get(name, ())) if known else ()

    def age(self) -> str:
        """How old the facts are: one or two sentences for the top of every document."""
        audits, answered = self.project.audits, self.last_answer()
        if not audits and answered is None:
            return "Nothing is recorded yet: we have not looked, and nobody has answered."
        told = (
            f"The newest answer is from {full_day(answered)}."
            if answered
            else "Nobody has answered a question yet."
        )
        if not audits:
            return f"We have not looked ourselves yet. {told}"
        last = audits[-1]
        part = "" if not last.partial else " That audit looked at a part only."
        return f"We last looked on {full_day(utc_day(last.at))}.{part} {told}"


def full_day(day: date) -> str:
    """A day with its year: "24 November 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def utc_day(at: datetime | date) -> date:
    """The day in UTC: the same on every machine. A time without a zone is taken as UTC."""
    if not isinstance(at, datetime):
        return at
    return (at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)).date()


def mark(state: State) -> Mark:
    """The mark of a state: its glyph, its word and its tone."""
    glyph, word = GLYPHS[state]
    return Mark(glyph, word, TONES[state])


# For a recorded verdict whose words this version does not have.
_VERDICT_MARKS: Mapping[Verdict, Mark] = {
    Verdict.PASS: Mark("✓", "ok", "good"),
    Verdict.WARN: Mark("!", "look again", "soon"),
    Verdict.FAIL: Mark("✗", "broken", "today"),
    Verdict.UNKNOWN: Mark("?", "can't tell", "quiet"),
    Verdict.SKIPPED: Mark("–", "does not apply", "quiet"),
}


def mark_of_recorded(found: RecordedFinding) -> Mark:
    """The mark of a recorded verdict, for findings whose words this version does not have."""
    return _VERDICT_MARKS[found.verdict]


def mark_of(finding: Finding) -> Mark:
    """The mark of a finding, by its impact."""
    return mark(state_of_finding(finding))


def prose(text: str, limit: int = LONGEST_LINE) -> Line:
    """A sentence of content as a line: what stands between backticks is a value to copy."""
    parts: list[Inline] = []
    for place, piece in enumerate(value(text, limit).split("`")):
        if piece:
            parts.append(Code(piece) if place % 2 else piece)
    return tuple(parts)


def is_www(host: Host, project: Project) -> bool:
    """Whether a host is the www of the product's own domain."""
    return host.name == f"www.{project.domain}"
