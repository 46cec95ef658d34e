"""Saving while people go on working: one save at a time, and the newest state wins.

A save runs in a thread, because it waits for the disk and for other programs' locks. What came
in from another hand meanwhile is merged into what the founder has on the screen.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from launchready_tui.project.model import Project

if TYPE_CHECKING:
    from launchready_tui.project.errors import ProjectError
    from launchready_tui.project.file import Loaded
    from launchready_tui.project.nodes import Keep


class Saved(Struct, frozen=True):
    """One save went through. `merged` is the newest project with foreign changes in it."""

    loaded: Loaded
    merged: Project


class Failed(Struct, frozen=True):
    error: ProjectError


class Saver:
    """Owns what is on the disk and what should be there. `tell` is called after every try."""

    def __init__(self, loaded: Loaded, tell: Callable[[Saved | Failed], None]) -> None:
        self.loaded = loaded
        self._wanted = loaded.project
        self._tell = tell
        self._one_at_a_time = asyncio.Lock()
        self.error: ProjectError | None = None

    @property
    def clean(self) -> bool:
        """Whether everything is on the disk."""
        return self._wanted is self.loaded.project

    def want(self, project: Project) -> None:
        """The newest state. `run` has to be called for it to be written."""
        self._wanted = project

    async def run(self, keep: Keep = "ask") -> None:
        """Save until the disk holds the newest state, or until a save fails (see `error`).

        Calls wait for each other; a later one finds nothing left to do, or tries again.
        """
        async with self._one_at_a_time:
            while not self.clean and await self._save(keep):
                keep = "ask"

    async def _save(self, keep: Keep) -> bool:
        from launchready_tui.project import file
        from launchready_tui.project.errors import ProjectError
        from launchready_tui.project.nodes import merge

        base, project = self.loaded, self._wanted
        try:
            saved = await asyncio.to_thread(file.save, base, project, keep=keep)
        except ProjectError as error:
            self.error = error
            self._tell(Failed(error))
            return False
        self.error = None
        self.loaded = saved
        if self._wanted is project:
            self._wanted = saved.project
        else:
            self._wanted, _ = merge(project, self._wanted, saved.project, keep="mine")
        self._tell(Saved(saved, self._wanted))
        return True
