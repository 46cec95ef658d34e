"""Project files for the benchmarks: the demo's, with every question answered and findings kept."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from launchready_tui.audit import collect, plan
from launchready_tui.content import checklist
from launchready_tui.lab import Lab
from launchready_tui.lab.demo import demo_project
from launchready_tui.lab.faults import DEMO_FAULTS, broken
from launchready_tui.project import change, file
from launchready_tui.project.model import Project
from launchready_tui.world import open_world

AT = datetime(2026, 11, 24, 14, 2, tzinfo=UTC)


async def audited(project: Project) -> Project:
    """The project with the findings of one audit of the broken demo world."""
    content = checklist.builtin()
    async with Lab(broken(DEMO_FAULTS)) as lab, open_world(lab.options, now=AT) as world:
        findings = await collect(plan(project, content), project, world, content)
    return change.record(project, findings, at=AT, by="bench", partial=False)


def full_project(path: Path) -> Project:
    """Write a project with findings and an answer to every question; returns it."""
    import asyncio

    project = asyncio.run(audited(demo_project(AT)))
    for _, item in checklist.builtin().items():  # noqa: PERF102 - no dict: pairs of stage and item
        value = item.choices[0].value
        note = "Looked at together on the call."
        project = change.answer(project, item.id, value, by="Dana", at=AT, note=note, owner="Dana")
    file.create(path, project)
    return project
