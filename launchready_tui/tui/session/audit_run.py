"""An audit as the screens run it: what it will ask, and its findings as they arrive."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from importlib import import_module
from typing import TYPE_CHECKING

from msgspec import Struct

from launchready_tui.content.checklist import Checklist
from launchready_tui.project.model import Project
from launchready_tui.vocabulary.findings import Finding

if TYPE_CHECKING:
    from launchready_tui.audit import Questions
    from launchready_tui.world import World


class Scope(Struct, frozen=True):
    """What to look at: stages by number, checks by id, or everything when both are empty."""

    stages: tuple[int, ...] = ()
    only: tuple[str, ...] = ()

    @property
    def partial(self) -> bool:
        return bool(self.stages or self.only)


async def questions(scope: Scope, project: Project, checklist: Checklist) -> tuple[Questions, ...]:
    """Everything that these checks will ask, and of whom; nothing is asked yet."""
    await asyncio.to_thread(import_module, "launchready_tui.audit")
    from launchready_tui import audit

    return audit.questions(audit.plan(project, checklist, scope.only, scope.stages))


class Progress(Struct, frozen=True):
    """How far an audit is: findings so far, jobs done, jobs planned."""

    findings: tuple[Finding, ...] = ()
    checked: int = 0
    planned: int = 0


async def run(
    scope: Scope,
    project: Project,
    checklist: Checklist,
    open_world: Callable[[], AbstractAsyncContextManager[World]],
) -> AsyncGenerator[Progress, None]:
    """Run these checks; the first progress comes before the first finding."""
    # A tenth of a second and more of imports: in a thread, so that the screen goes on.
    await asyncio.to_thread(import_module, "launchready_tui.audit")
    from launchready_tui import audit

    jobs = audit.plan(project, checklist, scope.only, scope.stages)
    found: list[Finding] = []
    subjects: set[tuple[str, str]] = set()
    yield Progress(planned=len(jobs))
    if not jobs:
        return
    async with (
        open_world() as world,
        aclosing(audit.run(jobs, project, world, checklist)) as stream,
    ):
        async for finding in stream:
            found.append(finding)
            subjects.add((finding.check, finding.subject))
            yield Progress(tuple(found), min(len(subjects), len(jobs)), len(jobs))


def latest(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """One finding for each check and subject, the last one that came."""
    return tuple({(each.check, each.subject): each for each in findings}.values())
