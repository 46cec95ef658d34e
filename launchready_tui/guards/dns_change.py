"""Judges a planned zone before it is applied: the audit's own checks, on the DNS of after.

The same checks run on today's world and on the planned one. What is broken only in the second
is what the change would cause. The plan is refused for anything that stops a launch, and for
anything that works today and would not any more.
"""

from __future__ import annotations

from asyncio import gather
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from launchready_tui import audit
from launchready_tui.content.checklist import Checklist
from launchready_tui.guards.dns_diff import Diff, compare
from launchready_tui.guards.dns_project import guessed, is_about
from launchready_tui.guards.dns_words import Change, Wording
from launchready_tui.project.model import Project
from launchready_tui.rules.dns.zone import Contents, PlannedZone
from launchready_tui.verdict.readiness import risk_order
from launchready_tui.vocabulary.facts import Response
from launchready_tui.vocabulary.findings import Finding, Verdict
from launchready_tui.vocabulary.safe_text import show_host
from launchready_tui.vocabulary.silence import in_words
from launchready_tui.world import World, open_planned

# What a change of records can break. Delegation, DNSSEC and the registration stay as they are.
BY_RECORDS = (
    "dns.apex", "dns.www", "dns.host", "dns.cname", "dns.mail", "dns.caa", "dns.dangling",
    "dns.wildcard", "dns.ipv6", "email.spf", "email.dkim", "email.dmarc", "email.reply-path",
)  # fmt: skip
# Asked of hosts that would lead elsewhere: there, at the new place.
BY_PLACE = ("tls.valid", "http.reachable")

EDGE_AT_MOST = 20  # hosts that are asked whether Cloudflare serves them
DOUBTS_SHOWN = 3

# Changes that block by themselves, and the check that would say the same.
_SAID_BY = {"cname": "dns.cname", "mx": "dns.mail"}

# Which checks can tell that a change of this kind does harm.
_PAGES = ("dns.apex", "dns.www", "dns.host", "dns.cname", "dns.dangling", "tls.", "http.")
_SEEN_BY = {
    "leads": _PAGES,
    "cname": _PAGES,
    "ns": _PAGES,
    "mx": ("dns.mail",),
    "spf": ("email.spf",),
    "dkim": ("email.dkim",),
    "dmarc": ("email.dmarc",),
    "caa": ("dns.caa",),
    "txt": (),
    "other": (),
}

Cause = Literal["new", "already", "not-known"]
Weight = Literal["breaks", "look", "fine"]
Standing = Literal["safe", "nothing", "stop", "cannot-tell"]

_EXIT_CODES: dict[Standing, int] = {
    "safe": audit.READY,
    "nothing": audit.READY,
    "stop": audit.BLOCKED,
    "cannot-tell": audit.CANNOT_TELL,
}


@dataclass(frozen=True, slots=True)
class Consequence:
    """A finding on the planned world, and whether the change causes it.

    "new": it is not so today. "already": it is so today too. "not-known": we could not see how
    it is today.
    """

    finding: Finding
    cause: Cause

    @property
    def blocks(self) -> bool:
        """Stops a launch anyway, or works today and would not after the change."""
        broken = self.finding.verdict is Verdict.FAIL and self.cause == "new"
        return self.finding.blocks or broken


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that can be said about a plan. `fixed` are findings of today that would be over."""

    at: datetime
    plan: PlannedZone
    project: Project
    changes: tuple[Change, ...]
    consequences: tuple[Consequence, ...]
    fixed: tuple[Finding, ...]
    doubts: tuple[str, ...]
    notes: tuple[str, ...]
    standing: Standing
    headline: str

    @property
    def blockers(self) -> tuple[Consequence, ...]:
        """The consequences that forbid the change."""
        return tuple(each for each in self.consequences if each.blocks)

    def weight(self, change: Change) -> Weight:
        """What a change is worth, with what the checks say of its name after it."""
        found = [each for each in self.consequences if _is_about(each.finding, change)]
        if change.blocks or any(each.blocks for each in found):
            return "breaks"
        harm = any(each.finding.impact is not None and each.cause == "new" for each in found)
        return "look" if change.breaks or harm else "fine"

    @property
    def exit_code(self) -> int:
        """0 to apply, 1 to stop, 3 when something that matters could not be asked."""
        return _EXIT_CODES[self.standing]


def _is_about(finding: Finding, change: Change) -> bool:
    """Whether a finding speaks of the name that a change is at. DMARC's stands one label below."""
    return change.name in (finding.subject, f"_dmarc.{finding.subject}") and (
        finding.check.startswith(_SEEN_BY[change.kind])
    )


async def judge(
    plan: PlannedZone, project: Project | None, live: World, checklist: Checklist
) -> Judgement:
    """Judge a plan for a project; without one, for the hosts that plan and DNS show."""
    contents = Contents(plan)
    notes = list(plan.notes)
    if project is not None and not is_about(project, contents):
        notes.append(
            f"Your project file says nothing about {show_host(plan.name)}. "
            "So we looked at the names in the plan, and at the usual ones."
        )
        project = None
    known = project or await guessed(contents, live, checklist)
    edge = await _behind_cloudflare(plan, known, live)
    async with open_planned(live, plan, edge) as planned:
        diff = await compare(contents, known, live, planned)
        jobs = _jobs(known, checklist, plan, diff)
        before, after = await gather(
            audit.collect(jobs, known, live, checklist),
            audit.collect(jobs, known, planned, checklist),
        )
    notes += _notes(diff, edge)
    wording = Wording(checklist, known, contents)
    changes = tuple(each for found in diff.differences for each in wording.changes(found))
    return _summed_up(
        plan, known, live.now, (*wording.conflicts(), *changes), before, after, diff, notes
    )


async def _behind_cloudflare(plan: PlannedZone, project: Project, live: World) -> frozenset[str]:
    """The hosts that the plan puts behind Cloudflare, and that it serves today already."""
    names = tuple(dict.fromkeys(each.name for each in plan.records if each.proxied))
    asked = [name for name in names if "*" not in name][:EDGE_AT_MOST]
    pages = await gather(
        *(
            live.web.get(f"https://{name}/", declared=project.host(name) is not None)
            for name in asked
        )
    )
    return frozenset(
        name
        for name, page in zip(asked, pages, strict=True)
        if isinstance(page, Response) and page.header("cf-ray")
    )


def _jobs(
    project: Project, checklist: Checklist, plan: PlannedZone, diff: Diff
) -> tuple[audit.Job, ...]:
    """The checks to run on both worlds: about names of this zone, and pages that would move."""
    return tuple(
        job
        for job in audit.plan(project, checklist)
        if plan.holds(job.subject)
        if job.check.id in BY_RECORDS or (job.check.id in BY_PLACE and job.subject in diff.moved)
    )


def _summed_up(
    plan: PlannedZone,
    project: Project,
    at: datetime,
    changes: tuple[Change, ...],
    before: Iterable[Finding],
    after: Iterable[Finding],
    diff: Diff,
    notes: list[str],
) -> Judgement:
    today = {(each.check, each.subject): each for each in before}
    consequences = tuple(
        Consequence(each, _cause(each, today.get((each.check, each.subject))))
        for each in risk_order(after)
    )
    doubts = (*_unanswered(diff), *_unjudged(consequences))
    stops = _stops(changes, consequences)
    standing, headline = _verdict(stops, len(doubts), len(changes))
    return Judgement(
        at=at,
        plan=plan,
        project=project,
        changes=changes,
        consequences=consequences,
        fixed=tuple(_fixed(today.values(), consequences)),
        doubts=doubts,
        notes=tuple(notes),
        standing=standing,
        headline=headline,
    )


def _stops(changes: Iterable[Change], consequences: Iterable[Consequence]) -> int:
    """How many things are to fix. What a check says too counts once."""
    found = {(each.finding.check, each.finding.subject) for each in consequences if each.blocks}
    alone = (
        each for each in changes if each.blocks and (_SAID_BY[each.kind], each.name) not in found
    )
    return len(found) + sum(1 for _ in alone)


def _cause(finding: Finding, today: Finding | None) -> Cause:
    if today is None:
        return "new"
    if (today.verdict, today.outcome) == (finding.verdict, finding.outcome):
        return "already"
    if today.verdict is Verdict.UNKNOWN:
        return "not-known"
    worse = today.verdict is Verdict.FAIL and finding.verdict is Verdict.FAIL
    return "already" if worse else "new"


def _fixed(today: Iterable[Finding], consequences: tuple[Consequence, ...]) -> Iterable[Finding]:
    good = {
        (each.finding.check, each.finding.subject)
        for each in consequences
        if each.finding.verdict is Verdict.PASS
    }
    broken = (each for each in today if each.verdict in (Verdict.FAIL, Verdict.WARN))
    return (each for each in broken if (each.check, each.subject) in good)


def _unanswered(diff: Diff) -> tuple[str, ...]:
    """Names that we could not ask the live DNS about: no change can be told there."""
    reasons = {name: silence.reason for name, silence in diff.doubts}
    return tuple(
        f"We couldn't ask what {show_host(name)} is today: {in_words(reason)}."
        for name, reason in reasons.items()
    )


def _unjudged(consequences: tuple[Consequence, ...]) -> tuple[str, ...]:
    return tuple(
        each.finding.says
        for each in consequences
        if each.finding.verdict is Verdict.UNKNOWN and each.finding.matters
    )


def _notes(diff: Diff, edge: frozenset[str]) -> list[str]:
    notes = []
    if edge:
        names = ", ".join(show_host(name) for name in sorted(edge)[:DOUBTS_SHOWN])
        notes.append(
            f"Cloudflare stands in front of {names}. We looked at the page as it is today. "
            "We can't see the server that the plan puts behind it."
        )
    if diff.not_compared:
        notes.append(f"We compared the names that count, and left out {diff.not_compared} others.")
    return notes


def _verdict(stops: int, doubts: int, changes: int) -> tuple[Standing, str]:
    """The verdict as a word and as a headline. One thing that breaks is enough."""
    count = "1 change" if changes == 1 else f"{changes} changes"
    if stops and not changes:
        return "stop", f"Nothing will change, but {stops} to fix today"
    if stops:
        return "stop", f"Don't apply this yet: {stops} to fix"
    if doubts:
        return "cannot-tell", f"Can't tell yet: {doubts} still open"
    if not changes:
        return "nothing", "Nothing will change"
    return "safe", f"Safe to apply: {count}"
