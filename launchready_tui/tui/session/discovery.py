"""Looks at the domain of a new project from outside, while the founder watches."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from launchready_tui.content.checklist import Checklist
from launchready_tui.project.model import Project

if TYPE_CHECKING:
    from launchready_tui.world import World


async def discover(
    project: Project,
    checklist: Checklist,
    open_world: Callable[[], AbstractAsyncContextManager[World]],
    asked: Callable[[int], None],
) -> tuple[Project, tuple[str, ...]]:
    """The project with what its domain shows from outside, and notes for the founder.

    `asked` is called every now and then with the number of questions that went out.
    """
    from launchready_tui import discovery
    from launchready_tui.project import change

    async with open_world() as world:
        search = asyncio.create_task(
            discovery.discover(project.domain, world, checklist, label=secrets.token_hex(6))
        )
        try:
            while not search.done():
                await asyncio.wait((search,), timeout=0.2)
                asked(world.asked.dns + world.asked.http + world.asked.tls)
        finally:
            search.cancel()
        found = await search
    project = change.with_hosts(project, found.hosts)
    project = change.with_dns(project, provider=found.dns_provider)
    project = change.with_email(project, providers=found.senders, selectors=found.selectors)
    return project, tuple(found.notes)
