"""Plans and runs the checks over a project's hosts, and yields findings as they arrive.

All checks start together: the world asks each fact once, so an audit takes about as long as its
longest chain of questions. Leaving the stream early cancels what is still open and keeps what
has come in.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Collection, Iterable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from launchready_tui.checks import Check, registered, unknown
from launchready_tui.content.checklist import Checklist
from launchready_tui.project.model import Project
from launchready_tui.verdict.blocked_hosts import kept_out
from launchready_tui.verdict.composing import compose
from launchready_tui.verdict.readiness import LaunchVerdict, launch_verdict, risk_order
from launchready_tui.vocabulary.errors import UserError, did_you_mean
from launchready_tui.vocabulary.findings import Evidence, Finding, Verdict
from launchready_tui.vocabulary.safe_text import clean_line

if TYPE_CHECKING:
    from launchready_tui.world import World

log = logging.getLogger("launchready")
log.addHandler(logging.NullHandler())  # never onto a screen that draws; `--debug` adds a handler

READY, BLOCKED, CANNOT_TELL = 0, 1, 3
_EXIT_CODES: dict[LaunchVerdict, int] = {
    "ready": READY,
    "not-yet": BLOCKED,
    "cannot-tell": CANNOT_TELL,
    "partial": READY,  # all that was looked at is right
}


class UnknownCheck(UserError):
    """Somebody asked for a check or a stage that does not exist; the message lists them."""


@dataclass(frozen=True, slots=True)
class Job:
    """One check on one subject."""

    check: Check
    subject: str


@dataclass(frozen=True, slots=True)
class Audit:
    """A finished audit: findings in risk order, its verdict, and the exit code, computed once.

    `today` is the number of things to fix today, as the verdict counts them. An audit is `partial`
    where only a part was asked for, or where it was stopped.
    """

    at: datetime
    seconds: float
    findings: tuple[Finding, ...]
    verdict: LaunchVerdict
    headline: str
    exit_code: int
    today: int
    partial: bool = False
    kept_out: tuple[str, ...] = ()  # hosts that a robot test or a firewall kept us from


def plan(
    project: Project,
    checklist: Checklist,
    only: Collection[str] = (),
    stages: Collection[int] = (),
) -> tuple[Job, ...]:
    """What an audit of this project does. `only` holds check ids or patterns of them ("tls.*"),
    `stages` stage numbers.

    Raises `UnknownCheck` for an id, a pattern or a number that fits nothing.
    """
    checks = registered()
    for id in only:
        if not any(fnmatchcase(known, id) for known in checks):
            raise UnknownCheck(
                f"There is no check {clean_line(id, 60)}.{did_you_mean(id, checks)} "
                f"See all of them with: launchready checks"
            )
    numbers = {stage.number for stage in checklist.stages}
    for number in stages:
        if number not in numbers:
            raise UnknownCheck(f"There is no stage {number}. Stages go from 1 to {max(numbers)}.")
    return tuple(
        Job(check, subject)
        for check in checks.values()
        if not only or any(fnmatchcase(check.id, id) for id in only)
        if not stages or set(stages) & set(checklist.stages_of(check.id))
        for subject in dict.fromkeys(check.subjects(project))
    )


@dataclass(frozen=True, slots=True)
class Questions:
    """What an audit asks of one addressee. Each line is a question, and what it is about."""

    whom: str
    lines: tuple[tuple[str, str], ...]


_NAMED = 3  # hosts or addresses in a line; more are counted
_NAMES = "Name servers (DNS), public ones and yours"
_INBOXES = "Your test inboxes, and the messages in them"
_CLOUDFLARE = "Cloudflare, if you gave a token that can only read"
# Who is asked, by how a check's id begins; the first that fits counts.
_CODE = "Nobody: we read your code on this computer"
_WHOM = (
    ("dns.registration", "The registry of your domain"),
    ("dns.", _NAMES),
    ("email.inbox", _INBOXES),
    ("email.alignment", _INBOXES),
    ("email.sender", _INBOXES),
    ("email.links", _INBOXES),
    ("email.", _NAMES),
    ("edge.ssl-mode", _CLOUDFLARE),
    ("edge.security", _CLOUDFLARE),
    ("edge.cache-rules", _CLOUDFLARE),
    ("speed.", "Companies whose scripts your front pages load"),
    ("secrets.history", _CODE),
    ("secrets.tree", _CODE),
    ("secrets.kept", _CODE),
    ("deploy.", _CODE),
    ("", "Your own hosts"),
)


def questions(jobs: Iterable[Job]) -> tuple[Questions, ...]:
    """Everything that these jobs will ask, by who is asked, your own hosts first."""
    asked: dict[str, dict[str, list[str]]] = {whom: {} for _, whom in reversed(_WHOM)}
    for job in jobs:
        whom = next(whom for start, whom in _WHOM if job.check.id.startswith(start))
        asked[whom].setdefault(job.check.asks, []).append(job.subject)
    return tuple(
        Questions(whom, tuple((what, _shortened(names)) for what, names in lines.items()))
        for whom, lines in asked.items()
        if lines
    )


def _shortened(names: list[str]) -> str:
    """Some of the names: "harbor.example, www.harbor.example and 4 more"."""
    shown = [clean_line(name, 80) for name in names[:_NAMED]]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


async def run(
    jobs: Iterable[Job], project: Project, world: World, checklist: Checklist
) -> AsyncGenerator[Finding, None]:
    """Run jobs at once; yield each finding as it comes. Closing the stream cancels the rest."""
    arrived: asyncio.Queue[list[Finding]] = asyncio.Queue()

    async def work(job: Job) -> None:
        arrived.put_nowait(await _findings(job, project, world, checklist))

    tasks = [asyncio.create_task(work(job), name=f"{job.check.id} {job.subject}") for job in jobs]
    try:
        for _ in tasks:
            for finding in await arrived.get():
                yield finding
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _findings(
    job: Job, project: Project, world: World, checklist: Checklist
) -> list[Finding]:
    try:
        result = await job.check.run(job.subject, project, world)
        outcomes = result if isinstance(result, list) else [result]
        for outcome in outcomes:
            if not job.check.allows(outcome):
                raise ValueError(f"{job.check.id} does not declare {outcome}")
    except Exception as error:  # a fault of ours in one check must not end the others
        log.exception("%s on %s failed", job.check.id, job.subject)
        seen = Evidence("Our own error", type(error).__name__, world.now)
        outcomes = [unknown("our-fault", evidence=(seen,))]
    return [
        compose(
            job.check.id, outcome.subject or job.subject, outcome, world.now, project, checklist
        )
        for outcome in outcomes
    ]


async def collect(
    jobs: Iterable[Job], project: Project, world: World, checklist: Checklist
) -> tuple[Finding, ...]:
    """All findings of an audit, when nobody watches them arrive."""
    async with aclosing(run(jobs, project, world, checklist)) as stream:
        return tuple([finding async for finding in stream])


def news(findings: Iterable[Finding], project: Project) -> tuple[Finding, ...]:
    """What is wrong, and does not stand in the project file as it is now."""

    def known(finding: Finding) -> bool:
        kept = project.findings.get(finding.check, {}).get(clean_line(finding.subject))
        return kept is not None and (kept.verdict, kept.outcome) == (
            finding.verdict,
            finding.outcome,
        )

    return tuple(each for each in findings if each.impact is not None and not known(each))


def summarise(
    findings: Iterable[Finding],
    at: datetime,
    seconds: float,
    *,
    part: str = "",
    stopped: bool = False,
) -> Audit:
    """Verdict and exit code of what was checked: 0 ready, 1 a blocker, 3 could not tell.

    `part` says in words what was looked at, where that was not all. There, whatever we could not
    tell counts: somebody asked for just that.
    """
    ordered = risk_order(findings)
    today = sum(finding.blocks for finding in ordered)
    doubts = sum(f.verdict is Verdict.UNKNOWN and (f.matters or bool(part)) for f in ordered)
    verdict, headline = launch_verdict(today, doubts, not ordered, part, stopped)
    return Audit(
        at=at,
        seconds=seconds,
        findings=ordered,
        verdict=verdict,
        headline=headline,
        exit_code=exit_code(verdict),
        today=today,
        partial=bool(part) or stopped,
        kept_out=kept_out(ordered),
    )


def part_in_words(checklist: Checklist, only: Collection[str], stages: Collection[int]) -> str:
    """What an audit of a part looks at: "tls.* in stage 2, Domain and edge"; "" for all."""
    titles = {stage.number: stage.title for stage in checklist.stages}
    asked = _listed([clean_line(id, 60) for id in only])
    where = _listed([f"stage {number}, {titles[number]}" for number in sorted(set(stages))])
    return " in ".join(filter(None, (asked, where)))


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def exit_code(verdict: LaunchVerdict) -> int:
    """0 ready, 1 something to fix today, 3 could not tell. The same for every output format."""
    return _EXIT_CODES[verdict]
