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
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from launchready_tui.checks import Check, CheckFunction, registered, unknown
from launchready_tui.checks.whom import Whom
from launchready_tui.content.checklist import Checklist
from launchready_tui.extensions import faults
from launchready_tui.project.model import Project
from launchready_tui.verdict.blocked_hosts import kept_out
from launchready_tui.verdict.composing import compose
from launchready_tui.verdict.readiness import LaunchVerdict, launch_verdict, risk_order
from launchready_tui.vocabulary.errors import UserError, did_you_mean
from launchready_tui.vocabulary.extension import Fault, check_of, in_a_line
from launchready_tui.vocabulary.findings import Evidence, Finding, Outcome, Verdict
from launchready_tui.vocabulary.safe_text import clean_line

if TYPE_CHECKING:
    from launchready_tui.world import World

log = logging.getLogger("launchready")
log.addHandler(logging.NullHandler())  # never onto a screen that draws; `--debug` adds a handler

READY, BLOCKED, CANNOT_TELL = 0, 1, 3
THEIR_SECONDS = 120.0  # how long a check of another package may take
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
    `stages` stage numbers. A package that fails has a job in each audit that does not say `only`.

    Raises `UnknownCheck` for an id, a pattern or a number that fits nothing.
    """
    checks, broken = registered(), _told(faults(checklist))
    for id in only:
        if not any(fnmatchcase(known, id) for known in (*checks, *(j.check.id for j in broken))):
            raise UnknownCheck(_no_check(id, checks, checklist))
    numbers = {stage.number for stage in checklist.stages}
    for number in stages:
        if number not in numbers:
            raise UnknownCheck(f"There is no stage {number}. Stages go from 1 to {max(numbers)}.")

    def wanted(check: Check) -> bool:
        return not only or any(fnmatchcase(check.id, id) for id in only)

    jobs = [
        job
        for check in checks.values()
        if wanted(check)
        if not stages or set(stages) & set(checklist.stages_of(check.id))
        for job in _jobs(check, project)
    ]
    # First: what was wrong from the start is told before what came of it.
    return (*(job for job in broken if wanted(job.check)), *jobs)


def _no_check(id: str, checks: Iterable[str], checklist: Checklist) -> str:
    failed = (f" {line}" for line in left_out((), checklist))
    return (
        f"There is no check {clean_line(id, 60)}.{did_you_mean(id, checks)}{''.join(failed)} "
        "See all of them with: launchready checks"
    )


def left_out(jobs: Iterable[Job], checklist: Checklist) -> tuple[str, ...]:
    """What is wrong with packages and is no job of this audit, as it has only a few checks."""
    there = {(job.check.id, job.subject) for job in jobs}
    return tuple(
        f"The extension {fault.package} failed: {fault.error}"
        for fault in faults(checklist)
        if (check_of(fault.package), fault.about) not in there
    )


def _jobs(check: Check, project: Project) -> tuple[Job, ...]:
    """A job for each subject. Where they can't be told, one job says why."""
    try:
        subjects = tuple(dict.fromkeys(check.subjects(project)))
        strange = [subject for subject in subjects if not isinstance(subject, str)]
        if strange:
            raise TypeError(f"a subject is a text, not {strange[0]!r}")
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a stranger's function may raise anything
        log.exception("the subjects of %s", check.id)
        return (Job(replace(check, run=_raising(error)), project.domain),)
    return tuple(Job(check, subject) for subject in subjects)


def _raising(error: BaseException) -> CheckFunction:
    async def run(subject: str, project: Project, world: World) -> Outcome:
        raise error

    return run


def _told(broken: Iterable[Fault]) -> tuple[Job, ...]:
    """A job for each package that fails, and each of its checks that do: it asks nobody."""
    errors: dict[tuple[str, str], list[str]] = {}
    for fault in broken:
        errors.setdefault((fault.package, fault.about), []).append(fault.error)

    def telling(package: str, lines: list[str]) -> CheckFunction:
        async def run(subject: str, project: Project, world: World) -> Outcome:
            seen = tuple(Evidence("Error", line, world.now) for line in lines)
            return unknown("broken-extension", evidence=seen, detail=package)

        return run

    return tuple(
        Job(
            Check(check_of(package), telling(package, lines), lambda _: (), "", Whom.CODE),
            about,
        )
        for (package, about), lines in errors.items()
    )


@dataclass(frozen=True, slots=True)
class Questions:
    """What an audit asks of one addressee. Each line is a question, and what it is about."""

    whom: str
    lines: tuple[tuple[str, str], ...]


_NAMED = 3  # hosts or addresses in a line; more are counted


def questions(jobs: Iterable[Job]) -> tuple[Questions, ...]:
    """Everything that these jobs will ask, by who is asked: in the order of `Whom`, then others."""
    asked: dict[str, dict[str, list[str]]] = {whom: {} for whom in Whom}
    for job in jobs:
        if job.check.asks:
            lines = asked.setdefault(clean_line(job.check.whom), {})
            lines.setdefault(clean_line(job.check.asks), []).append(job.subject)
    return tuple(
        Questions(str(whom), tuple((what, _shortened(names)) for what, names in lines.items()))
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
    """Run jobs at once; yield each finding as it comes. Closing the stream cancels the rest.

    The checks see the checklist that is in use as `world.content`. A package that fails in several
    places is told of once for each of its checks.
    """
    world = replace(world, content=checklist)
    tasks = [
        asyncio.create_task(
            _findings(job, project, world, checklist), name=f"{job.check.id} {job.subject}"
        )
        for job in jobs
    ]
    packages: set[tuple[str, str]] = set()
    try:
        for done in asyncio.as_completed(tasks):
            for finding in await done:
                if finding.check.startswith(check_of("")):
                    if (finding.check, finding.subject) in packages:
                        continue
                    packages.add((finding.check, finding.subject))
                yield finding
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _findings(
    job: Job, project: Project, world: World, checklist: Checklist
) -> list[Finding]:
    """The findings of one job. Whatever goes wrong in it is a finding too."""
    try:
        outcomes = await _outcomes(job, project, world)
        return [
            compose(job.check.id, each.subject or job.subject, each, world.now, project, checklist)
            for each in outcomes
        ]
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a fault in one check must not end the others
        task = asyncio.current_task()
        if isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling():
            raise
        log.exception("%s on %s failed", job.check.id, job.subject)
        return _failed(job, error, project, world, checklist)


async def _outcomes(job: Job, project: Project, world: World) -> list[Outcome]:
    """What the check says, if it may say so. One of another package has its time."""
    limit = THEIR_SECONDS if job.check.package else None
    async with asyncio.timeout(limit):
        result = await job.check.run(job.subject, project, world)
    outcomes = result if isinstance(result, list) else [result]
    for outcome in outcomes:
        _refuse_junk(outcome)
        if not job.check.allows(outcome):
            raise ValueError(f"{job.check.id} does not declare {outcome.name}")
    return outcomes


def _refuse_junk(outcome: object) -> None:
    """A stranger's check may return anything, whatever the types say."""
    if not isinstance(outcome, Outcome) or not isinstance(outcome.verdict, Verdict):
        raise TypeError(f"a check returns outcomes, not {type(outcome).__name__}")
    facts = (*outcome.facts.keys(), *outcome.facts.values())
    for text in (outcome.name, outcome.subject, *facts):
        if not isinstance(text, str):
            raise TypeError(f"names, subjects and facts are texts, not {text!r}")
    for seen in outcome.evidence:
        if not (isinstance(seen.label, str) and isinstance(seen.value, str)):
            raise TypeError("label and value of evidence are texts")
        if seen.at.tzinfo is None:
            raise ValueError("the time of evidence has no time zone: use world.now")


def _failed(
    job: Job, error: BaseException, project: Project, world: World, checklist: Checklist
) -> list[Finding]:
    """That a check went wrong: a fault of ours, or of the package that it belongs to."""
    package = job.check.package
    if not package:
        seen = Evidence("Our own error", type(error).__name__, world.now)
        known = [(job.check.id, job.subject, unknown("our-fault", evidence=(seen,)))]
    else:
        seen = Evidence("Error", in_a_line(error), world.now)
        known = [
            (id, subject, unknown(reason, evidence=(seen,), detail=package))
            for id, subject, reason in (
                (job.check.id, job.subject, "fault-in-extension"),
                (check_of(package), job.check.id, "broken-extension"),
            )
        ]
    return [
        compose(id, subject, outcome, world.now, project, checklist)
        for id, subject, outcome in known
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
