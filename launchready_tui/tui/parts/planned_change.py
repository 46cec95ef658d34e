"""Judges a planned DNS change for the screen that asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App
from textual.worker import Worker

from launchready_tui.tui.parts import workers
from launchready_tui.tui.parts.current_project import CurrentProject

if TYPE_CHECKING:
    from launchready_tui.tui.screens.dns_change import DnsChangeScreen


class PlannedChange:
    """One judgement at a time; a newer one replaces the older."""

    def __init__(self, app: App[None], current: CurrentProject) -> None:
        self._app, self._current = app, current
        self._worker: Worker[None] | None = None

    def judge(self, path: str) -> None:
        """Judge the planned zone in this file; an empty path is the demo's own prepared plan."""
        from launchready_tui.tui.screens.dns_change import DnsChangeScreen

        screen = self._app.screen
        if isinstance(screen, DnsChangeScreen) and self._current.state.loaded is not None:
            self._worker = workers.work(
                self._app, self._judge(screen, path), "plan", exclusive=True
            )

    def stop(self) -> None:
        workers.stop(self._worker)

    async def _judge(self, screen: DnsChangeScreen, typed: str) -> None:
        """Hand the judgement, or why there is none, to the screen that asked, if it is there."""
        from launchready_tui.guards.errors import PlanError
        from launchready_tui.tui.session.planning import judge_plan
        from launchready_tui.world import BadOption

        state = self._current.state
        if state.loaded is None:
            return
        folder = state.loaded.path.parent
        try:
            judgement = await judge_plan(
                typed, folder, state.project, state.checklist, self._current.open_world
            )
            if screen.is_attached:
                screen.show_judgement(judgement)
        except (PlanError, BadOption) as error:
            if screen.is_attached:
                screen.show_refusal(str(error))
        finally:
            if screen.is_attached:
                screen.show_stopped()
