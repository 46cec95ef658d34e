"""Writes the documents into the folder beside the project file."""

from __future__ import annotations

import asyncio

from msgspec.structs import replace
from textual.app import App

from launchready_tui.tui.parts.current_project import CurrentProject
from launchready_tui.tui.parts.notes import tell
from launchready_tui.tui.parts.workers import work
from launchready_tui.tui.state import Written
from launchready_tui.tui.widgets.look import clock_time

FOLDER = "handover"


class Documents:
    """Writes all documents, beside the screens."""

    def __init__(self, app: App[None], current: CurrentProject) -> None:
        self._app, self._current = app, current

    def write(self) -> None:
        if self._current.state.loaded is not None:
            work(self._app, self._write(), "documents")

    async def _write(self) -> None:
        from launchready_tui.documents import DocumentsNotWritten, write_all

        state = self._current.state
        if state.loaded is None:
            return
        folder = state.loaded.path.parent / FOLDER
        try:
            files = await asyncio.to_thread(write_all, folder, state.project, state.checklist)
        except DocumentsNotWritten as error:
            tell(self._app, str(error), "error")
            return
        written = Written(clock_time(self._current.clock()), len(files), str(folder))
        self._current.show(replace(self._current.state, written=written))
        tell(self._app, f"{len(files)} files written, in {folder}")
