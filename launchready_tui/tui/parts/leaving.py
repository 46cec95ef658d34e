"""Leaving the app: once everything is on the disk, or after asking."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.app import App
from textual.worker import Worker

from launchready_tui.tui.parts.current_project import CurrentProject
from launchready_tui.tui.parts.saving import Saving
from launchready_tui.tui.parts.workers import work

if TYPE_CHECKING:
    from launchready_tui.tui.screens.choose import Choose

PATIENCE = 10.0  # seconds for what still runs and for the last save; then we ask
_OPTIONS = (
    ("again", "Try to save again"),
    ("stay", "Stay here"),
    ("leave", "Leave without the last changes"),
)


class Leaving:
    """`ends` are called first: each stops what runs, and waits until it is recorded."""

    def __init__(
        self,
        app: App[None],
        current: CurrentProject,
        saving: Saving,
        ends: tuple[Callable[[], Awaitable[None]], ...],
    ) -> None:
        self._app, self._current, self._saving, self._ends = app, current, saving, ends
        self._worker: Worker[None] | None = None
        self._question: Choose | None = None
        self._exiting = False

    @property
    def begun(self) -> bool:
        """Whether the app is about to close, and nothing else can be opened."""
        trying = self._worker is not None and not self._worker.is_finished
        return trying or self._exiting

    def leave(self) -> None:
        if not self.begun and self._question not in self._app.screen_stack:
            self._worker = work(self._app, self._leave(), "leave")

    async def _leave(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                for end in self._ends:
                    await end()
                await self._saving.finish()
        if self._saving.clean:
            self._exit()
        elif self._saving.asking:
            self._saving.when_settled(self._settled)
        else:
            self._ask()

    def _settled(self, decided: bool) -> None:
        if decided:
            self.leave()
        else:
            self._ask()

    def _ask(self) -> None:
        from launchready_tui.tui.screens.choose import Choose

        todo = self._current.state.save.todo or "Saving takes longer than usual."
        self._question = Choose("Your last changes are not saved", todo, _OPTIONS)
        self._app.push_screen(self._question, self._chosen)

    def _chosen(self, choice: str | None) -> None:
        self._question = None
        if choice == "again":
            self.leave()
        elif choice == "leave":
            self._exit()

    def _exit(self) -> None:
        self._exiting = True
        self._app.exit()
