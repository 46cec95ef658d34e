"""A planned DNS change on the screens: the files that may hold one, and how one is judged."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from launchready_tui.content.checklist import Checklist
from launchready_tui.project.model import Project

if TYPE_CHECKING:
    from launchready_tui.guards.dns_change import Judgement
    from launchready_tui.world import World

FILES_SHOWN = 5
FILES_LOOKED_AT = 500


def plans_in(folder: Path, domain: str) -> tuple[str, ...]:
    """Names of files in a folder that look like planned zones: at most five, by name."""
    ours = (f"{domain}.yaml", f"{domain}.yml", f"{domain}.txt")
    found = []
    try:
        for _, path in zip(range(FILES_LOOKED_AT), folder.iterdir(), strict=False):
            plan = path.suffix in (".zone", ".bind") or path.name.endswith(".ir.json")
            if plan or path.name in ours or path.name.startswith("db."):
                found.append(path.name)
    except OSError:
        return ()
    return tuple(sorted(found)[:FILES_SHOWN])


async def judge_plan(
    typed: str,
    folder: Path,
    project: Project,
    checklist: Checklist,
    open_world: Callable[[], AbstractAsyncContextManager[World]],
) -> Judgement:
    """Read and judge the plan in a file, as typed; "" stands for the demo's prepared plan.

    A path is taken from `folder`, the one that holds the project file. Raises `PlanError` for a
    file that cannot be used.
    """
    # Reading 5 MB and importing dnspython take a while: in a thread, so that the screen goes on.
    await asyncio.to_thread(import_module, "launchready_tui.guards.dns_change")
    from launchready_tui.guards import plans
    from launchready_tui.guards.dns_change import judge

    known = (project.domain,) if project.domain else ()
    if not typed:
        from launchready_tui.lab.plan import FILE, prepared_plan

        plan = plans.read(prepared_plan().encode(), FILE, known=known)
    else:
        plan = await asyncio.to_thread(plans.read_file, _path(typed, folder), known=known)
    async with open_world() as world:
        return await judge(plan, project, world, checklist)


def _path(typed: str, folder: Path) -> Path:
    try:
        return folder / Path(typed).expanduser()
    except RuntimeError:  # "~somebody" whom this machine does not know
        return folder / typed
