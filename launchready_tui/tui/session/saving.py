"""Saving while people go on working: one save at a time, and the newest state wins.

A save runs in a thread, because it waits for the disk and for other programs' locks. What came
in from another hand meanwhile is merged into what the founder has on the screen.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from launchready_tui.project.errors import NotSaved, ProjectError
from launchready_tui.project.model import Project

if TYPE_CHECKING:
    from launchready_tui.project.file import Loaded
    from launchready_tui.project.nodes import Keep


class Saved(Struct, frozen=True):
    """One save went through. `merged` is the newest project with foreign changes in it."""

    loaded: Loaded
    merged: Project


class Failed(Struct, frozen=True):
    """One save did not go through, and why."""

    error: ProjectError


class Saver:
    """Brings the newest project to the disk. `report` is called after every try."""

    def __init__(
        self,
        loaded: Loaded,
        newest: Callable[[], Project],
        report: Callable[[Saved | Failed], None],
    ) -> None:
        self.loaded = loaded
        self._newest, self._report = newest, report
        self._one_at_a_time = asyncio.Lock()
        self._requested = False
        self._keep: Keep = "ask"

    @property
    def clean(self) -> bool:
        """Whether everything is on the disk."""
        return self._newest() is self.loaded.project

    def request(self, keep: Keep = "ask") -> None:
        """One more save, of what is newest when it begins. `run` has to be called for it."""
        self._requested = True
        if keep != "ask":
            self._keep = keep

    async def run(self) -> None:
        """Save until no request is left. Never raises: a save that fails for any reason is
        reported, and the next request tries again.

        Calls wait for each other; a later one finds nothing left to do.
        """
        async with self._one_at_a_time:
            while self._requested:
                self._requested = False
                if not self.clean:
                    self._report(await self._save())

    async def _save(self) -> Saved | Failed:
        keep, self._keep = self._keep, "ask"
        try:
            return await self._write(keep)
        except ProjectError as error:
            return Failed(error)
        except Exception as error:  # noqa: BLE001  whatever broke, the answer may not be lost
            return Failed(_unexpected(self.loaded, error))

    async def _write(self, keep: Keep) -> Saved:
        from launchready_tui.project import file
        from launchready_tui.project.nodes import merge

        project = self._newest()
        saved = await asyncio.to_thread(file.save, self.loaded, project, keep=keep)
        # Should the merge break, the file is read again before the next save, and what we have
        # just written is what that save starts from: nobody gets into conflict with themselves.
        self.loaded = dataclasses.replace(saved, project=project, stamp="")
        merged = saved.project
        if self._newest() is not project:
            merged, _ = merge(project, self._newest(), saved.project, keep="mine")
        self.loaded = saved
        return Saved(saved, merged)


def _unexpected(loaded: Loaded, error: Exception) -> NotSaved:
    """An error that the file's own code did not foresee, in words for the founder."""
    from launchready_tui.project import disk

    if isinstance(error, OSError):
        return disk.not_saved(loaded.path, error)
    return NotSaved(
        f"Something of ours broke while saving ({type(error).__name__}). "
        "Your answers are still here, and we try again. Please report this.",
        path=loaded.path,
    )
