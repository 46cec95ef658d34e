"""Going from screen to screen: the first one stays below, others come and go on top of it."""

from __future__ import annotations

from textual.app import App

from launchready_tui.tui.parts.current_project import CurrentProject
from launchready_tui.tui.parts.notes import tell
from launchready_tui.tui.screens.base import Frame
from launchready_tui.tui.screens.places import open_place


class Navigation:
    """Opens screens by the name of the place, and goes back."""

    def __init__(self, app: App[None], current: CurrentProject) -> None:
        self._app, self._current = app, current

    async def go(self, place: str, item: str = "") -> None:
        """Open a place; `item` is what to show there: the id of an item, document or check."""
        state = self._current.state
        match place:
            case "back":
                await self._go_back()
            case "help":
                self._open_help()
            case "stage":
                self.open_stage(item)
            case "check-page":
                self._open_check_page(item)
            case _ if state.loaded is not None:
                self.open(open_place(place, state, self._current.clock, item=item))

    def open(self, screen: Frame) -> None:
        """Open a place on top of the first screen, instead of whatever is there."""
        self._close_to(2)
        if len(self._app.screen_stack) == 2:
            self._app.switch_screen(screen)
        else:
            self._app.push_screen(screen)

    def _close_to(self, depth: int) -> None:
        while len(self._app.screen_stack) > depth:
            self._app.pop_screen()

    def open_stage(self, item: str = "") -> None:
        from launchready_tui.tui.screens.stage import StageScreen

        if self._current.state.loaded is None:
            return
        self._close_to(1)
        first = self._app.screen_stack[0]
        if not isinstance(first, StageScreen):
            self._app.switch_screen(StageScreen(self._current.state, item))
        elif item:
            first.open(item)

    def _open_help(self) -> None:
        from launchready_tui.tui.screens.help import HelpScreen

        if not isinstance(self._app.screen, HelpScreen):
            self._app.push_screen(HelpScreen(self._current.state, self._app.screen))

    def _open_check_page(self, check: str) -> None:
        """Over the screen that asked, so that back leads to the very same line."""
        from launchready_tui.content import check_pages
        from launchready_tui.tui.screens.check_page import CheckPageScreen

        if check_pages.place(check, self._current.state.checklist.pages):
            self._app.push_screen(CheckPageScreen(self._current.state, check))
        else:
            tell(self._app, "No page is written about this one yet.")

    async def _go_back(self) -> None:
        from launchready_tui.tui.screens.help import HelpScreen

        leaving = self._app.screen
        if len(self._app.screen_stack) > 1:
            self._app.pop_screen()
            if isinstance(leaving, HelpScreen) and leaving.wanted:
                await self._app.run_action(leaving.wanted, self._app.screen)
        else:
            self.open_stage()
