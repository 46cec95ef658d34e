"""The project in hand: its state on the screens, its changes, and what can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual.app import App
from textual.screen import ModalScreen

from launchready_tui.project.model import Project
from launchready_tui.tui.parts.notes import tell
from launchready_tui.tui.screens.base import Frame
from launchready_tui.tui.state import State
from launchready_tui.tui.widgets.mask import Mask

if TYPE_CHECKING:
    from launchready_tui.project.file import Loaded
    from launchready_tui.project.history import History
    from launchready_tui.world import World

OpenWorld = Callable[[], AbstractAsyncContextManager["World"]]


class CurrentProject:
    """Owns the state. `clock` tells the time (UTC); `open_world` opens the door to the network.

    `save` is called after every change that belongs into the file.
    """

    def __init__(
        self,
        app: App[None],
        state: State,
        clock: Callable[[], datetime],
        open_world: OpenWorld,
        save: Callable[[], None],
    ) -> None:
        self.state, self.clock, self.open_world = state, clock, open_world
        self._app, self._save = app, save
        self._history: History | None = None

    @property
    def project(self) -> Project:
        return self.state.project

    def show(self, state: State) -> None:
        """Make this the state, and let the screens that can be seen draw it."""
        self.state = state
        covered = False
        for screen in reversed(self._app.screen_stack):
            if isinstance(screen, Frame):
                screen.update_state(state, seen=not covered)
                covered = True
            elif not isinstance(screen, ModalScreen):
                covered = True

    def open(self, loaded: Loaded, *, playing: bool) -> None:
        """Begin with another project; the one before is saved already or has no file."""
        state = self.state
        self._history = None
        self.show(State.start(loaded, state.checklist, self.clock(), state.user, playing))

    def change(self, project: Project) -> None:
        """A change by a person: can be taken back, and is saved at once."""
        from launchready_tui.project.history import History

        self._history = (self._history or History()).push(self.project, project)
        self._put(project)

    def store(self, state: State) -> None:
        """Show and save what checks have seen: there is nothing to take back."""
        self.show(state)
        self._save()

    def undo(self) -> None:
        history = self._history
        if not history:
            tell(self._app, "There is nothing to take back.")
            return
        what = history.what
        self._history, project = history.undo(self.project)
        self._put(project)
        tell(self._app, f"Taken back: the {what}.")

    def _put(self, project: Project) -> None:
        can_undo = bool(self._history)
        self.show(replace(self.state.with_project(project), now=self.clock(), can_undo=can_undo))
        self._save()

    def present(self) -> None:
        """Hide what is private, or show it again."""
        on = not self.state.mask.on
        self.show(replace(self.state, mask=Mask.of(self.project, on)))
        if on:
            tell(
                self._app,
                "Presenting. Names, emails and notes are hidden until you press p again.",
            )
