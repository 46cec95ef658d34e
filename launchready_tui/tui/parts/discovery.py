"""Looks around a new domain, for the screen that shows what was found."""

from __future__ import annotations

from msgspec.structs import replace
from textual.app import App
from textual.worker import Worker

from launchready_tui.project.model import Project
from launchready_tui.tui.parts import workers
from launchready_tui.tui.parts.current_project import CurrentProject
from launchready_tui.tui.screens.base import Frame
from launchready_tui.tui.state import Checking


class Discovery:
    """One look around at a time; a newer one replaces the older."""

    def __init__(self, app: App[None], current: CurrentProject) -> None:
        self._app, self._current = app, current
        self._worker: Worker[None] | None = None

    def start(self, project: Project) -> None:
        from launchready_tui.tui.screens.found import FoundScreen

        screen = FoundScreen(self._current.state, project)
        self._app.push_screen(screen)
        self._worker = workers.work(self._app, self._discover(screen, project), "discovery")

    def stop(self) -> None:
        """Cancel what is still open, and offer what came in."""
        workers.stop(self._worker)

    async def end(self) -> None:
        await workers.end(self._worker)

    async def _discover(self, screen: Frame, project: Project) -> None:
        """Look around; whatever came in is offered, also when the founder does not wait."""
        from launchready_tui.tui.screens.found import FoundScreen
        from launchready_tui.tui.session.discovery import discover
        from launchready_tui.world import BadOption

        current = self._current

        def asked(count: int) -> None:
            current.show(replace(current.state, checking=Checking(count, 0)))

        notes: tuple[str, ...] = ("We could not look around. You can fill this in yourself.",)
        try:
            project, notes = await discover(
                project, current.state.checklist, current.open_world, asked
            )
        except BadOption as error:
            notes = (str(error),)
        finally:
            current.show(replace(current.state, checking=Checking()))
            if isinstance(screen, FoundScreen) and screen.is_attached:
                screen.found(project, notes)
