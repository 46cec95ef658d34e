"""The screens as one app: which screen is open, what starts and ends it, and how it looks.

The state and the workers are in `screens.workbench` and `screens.lookout`. What start-up does
not need (DNS, HTTP, tomlkit, the documents) is imported where it is used.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from msgspec.structs import replace
from textual import events
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.filter import LineFilter, NoColor
from textual.screen import Screen

from launchready_tui.content.checklist import Checklist
from launchready_tui.project.model import Project
from launchready_tui.tui import messages
from launchready_tui.tui.lookout import Lookout
from launchready_tui.tui.screens.base import Frame
from launchready_tui.tui.screens.places import open_place
from launchready_tui.tui.state import Checking
from launchready_tui.tui.widgets.look import DARK, LIGHT, themes
from launchready_tui.tui.widgets.mask import Mask
from launchready_tui.tui.widgets.net import Net
from launchready_tui.tui.workbench import OpenWorld

if TYPE_CHECKING:
    from textual.command import Provider

    from launchready_tui.lab import Lab
    from launchready_tui.project.file import Loaded


def _item_commands() -> type[Provider]:
    from launchready_tui.tui.screens.palette import ItemCommands

    return ItemCommands


class LaunchReadyApp(Lookout):
    """Shows a project, or the welcome screen when there is none (`loaded` is None).

    `open_world` opens the door to the network for one audit; `clock` tells the time (UTC). With
    `lab` this is the demo, and `faults` are what it plays. `first` is the screen to begin with,
    `folder` where a new project is written, `recent` the list of files opened lately (see
    `session.nearby.recent_file`; None keeps no list).
    """

    TITLE = "LaunchReady"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = App.COMMANDS | {
        _item_commands
    }
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "quit", show=False, priority=True)]

    def __init__(
        self,
        *,
        loaded: Loaded | None,
        checklist: Checklist,
        open_world: OpenWorld,
        clock: Callable[[], datetime],
        lab: Lab | None = None,
        faults: tuple[str, ...] = (),
        user: str = "",
        first: str = "stage",
        stage: int | None = None,
        folder: Path | None = None,
        recent: Path | None = None,
    ) -> None:
        styles = Path(__file__).parent / "styles"
        begin = first if loaded else "welcome"
        super().__init__(loaded, checklist, open_world, clock, user, lab, faults)
        # The first screen's sheet goes with the app's: Textual loads one only for later screens.
        own = styles / f"{begin.replace('-', '_')}.tcss"  # places that are one page share a sheet
        sheet = own if own.is_file() else styles / "one_page.tcss"
        self.css_path = [styles / "frame.tcss", sheet]
        self.folder, self.recent = folder or Path.cwd(), recent
        self._first, self._stage = first, stage
        self._until_end = AsyncExitStack()  # the lab, when the demo began on the welcome screen
        self._filters_of_ours: tuple[LineFilter, ...] = (Net(),)
        if self.no_color:
            self._filters_of_ours = (NoColor(), Net())
        for theme in themes():
            self.register_theme(theme)
        # Set before anything is drawn: as a change it would parse and lay out everything again.
        self.set_reactive(App.theme, DARK)
        self.stylesheet.set_variables(self.get_css_variables())

    def get_line_filters(self) -> list[LineFilter]:
        return [*super().get_line_filters(), *self._filters_of_ours]

    def get_default_screen(self) -> Screen[Any]:
        if self.state.loaded is None:
            screen = self._welcome()
        else:
            screen = open_place(self._first, self.state, self.clock, stage=self._stage)
        # `switch_screen` takes this away from the screen it replaces; Textual 8.2.8 gives it to
        # every screen but the first, and would end the app where the first one is replaced.
        screen._push_result_callback(self, None)
        return screen

    def _welcome(self) -> Frame:
        from launchready_tui.tui.screens.welcome import WelcomeScreen
        from launchready_tui.tui.session.nearby import nearby

        return WelcomeScreen(self.state, nearby(self.folder, self.recent))

    def on_ready(self) -> None:
        gc.freeze()
        gc.enable()
        if self.state.loaded:
            self._tell_unknown(self.state.loaded)
        if self.state.playing and self.state.loaded:
            # The lab is as broken as at its last start, whatever was recorded then.
            self.on_check_wanted(messages.CheckWanted())

    async def on_unmount(self) -> None:
        await self._until_end.aclose()

    # Going from screen to screen: the first one stays below, others come and go on top of it.

    async def on_go(self, message: messages.Go) -> None:
        match message.place:
            case "back":
                await self._go_back()
            case "help":
                self._open_help()
            case "stage":
                self._open_stage(message.item)
            case "judging":
                self._open_judging(message.item)
            case place if self.state.loaded is not None:
                self._open(open_place(place, self.state, self.clock, item=message.item))

    def _open(self, screen: Frame) -> None:
        """Open a place on top of the first screen, in the stead of whatever is there."""
        self._close_to(2)
        if len(self.screen_stack) == 2:
            self.switch_screen(screen)
        else:
            self.push_screen(screen)

    def _close_to(self, depth: int) -> None:
        while len(self.screen_stack) > depth:
            self.pop_screen()

    def _open_stage(self, item: str) -> None:
        from launchready_tui.tui.screens.stage import StageScreen

        if self.state.loaded is None:
            return
        self._close_to(1)
        first = self.screen_stack[0]
        if isinstance(first, StageScreen):
            if item:
                first.open(item)
        else:
            self.switch_screen(StageScreen(self.state, item))

    def _open_help(self) -> None:
        from launchready_tui.tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.state, self.screen))

    def _open_judging(self, check: str) -> None:
        """Over the screen that asked, so that back leads to the very same line."""
        from launchready_tui.content import check_pages
        from launchready_tui.tui.screens.check_page import JudgingScreen

        if check_pages.place(check, self.state.checklist.pages):
            self.push_screen(JudgingScreen(self.state, check))
        else:
            self.tell("No page is written about this one yet.")

    async def _go_back(self) -> None:
        from launchready_tui.tui.screens.help import HelpScreen

        leaving = self.screen
        if len(self.screen_stack) > 1:
            self.pop_screen()
            if isinstance(leaving, HelpScreen) and leaving.wanted:
                await self.run_action(leaving.wanted, self.screen)
        else:
            self._open_stage("")

    # Beginning

    def on_project_opened(self, message: messages.ProjectOpened) -> None:
        from launchready_tui.project.errors import ProjectError
        from launchready_tui.verdict import project_file

        try:
            loaded = project_file.read(Path(message.path), self.state.checklist)
        except ProjectError as error:
            self.tell(str(error), "error")
            return
        self._begin(loaded)

    def on_project_made(self, message: messages.ProjectMade) -> None:
        from launchready_tui.project import file
        from launchready_tui.project.errors import ProjectError

        path = self.folder / "launchready.toml"
        try:
            loaded = file.create(path, message.project)
        except ProjectError as error:
            self.tell(str(error), "error")
            return
        self._begin(loaded)
        self.on_check_wanted(messages.CheckWanted())

    def _begin(self, loaded: Loaded) -> None:
        from launchready_tui.tui.session.nearby import remember

        if self.recent is not None:
            remember(loaded.path, self.recent)
        self.open_project(loaded)
        self._tell_unknown(loaded)
        self._open_stage("")

    def _tell_unknown(self, loaded: Loaded) -> None:
        """What the file holds that we do not know, in one note."""
        if loaded.warnings:
            self.tell("\n".join(loaded.warnings), "warning", seconds=20)

    def on_demo_wanted(self) -> None:
        self.tell("Starting the demo.")
        self.work(self._demo(), "demo")

    async def _demo(self) -> None:
        from launchready_tui.tui.session.demo import open_demo

        demo = await self._until_end.enter_async_context(open_demo(self.clock))
        self.lab, self.faults, self.open_world = demo.lab, demo.faults, demo.open_world
        self._begin(demo.loaded)
        self.on_check_wanted(messages.CheckWanted())

    def on_discovery_wanted(self, message: messages.DiscoveryWanted) -> None:
        from launchready_tui.tui.screens.found import FoundScreen

        screen = FoundScreen(self.state, message.project)
        self.push_screen(screen)
        self._looking = self.work(self._discover(screen, message.project), "look")

    async def _discover(self, screen: Frame, project: Project) -> None:
        """Look around; whatever came in is offered, also when the founder does not wait."""
        from launchready_tui.tui.screens.found import FoundScreen
        from launchready_tui.tui.session.errands import discover
        from launchready_tui.world import BadOption

        def asked(count: int) -> None:
            self.show(replace(self.state, checking=Checking(count, 0)))

        notes: tuple[str, ...] = ("We could not look around. You can fill this in yourself.",)
        try:
            project, notes = await discover(project, self.state.checklist, self.open_world, asked)
        except BadOption as error:
            notes = (str(error),)
        finally:
            self.show(replace(self.state, checking=Checking()))
            if isinstance(screen, FoundScreen) and screen.is_attached:
                screen.found(project, notes)

    # How it looks

    def on_theme_toggled(self) -> None:
        self.theme = LIGHT if self.theme == DARK else DARK

    def on_present_toggled(self) -> None:
        on = not self.state.mask.on
        self.show(replace(self.state, mask=Mask.of(self.state.project, on)))
        if on:
            self.tell("Presenting. Names, emails and notes are hidden until you press p again.")

    def on_copied(self, message: messages.Copied) -> None:
        """Some terminals ignore this (OSC 52), so we never say that it worked."""
        self.copy_to_clipboard(message.value)
        self.tell("Sent to your clipboard. Did nothing arrive? Press C to get it as a file.")

    def on_filed(self, message: messages.Filed) -> None:
        self.deliver_text(
            StringIO(f"{message.value}\n"),
            save_directory=self.folder,
            save_filename="launchready-value.txt",
        )

    def on_delivery_complete(self, event: events.DeliveryComplete) -> None:
        if event.path is not None:
            self.tell(f"Written to {event.path}")

    def on_delivery_failed(self, event: events.DeliveryFailed) -> None:
        self.tell("The file could not be written. Mark the value with the mouse instead.", "error")

    def on_link_opened(self, message: messages.LinkOpened) -> None:
        if message.url.startswith(("https://", "http://")):
            self.open_url(message.url)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        from launchready_tui.tui.screens.palette import system_commands

        return system_commands(screen, self.state)

    # Leaving

    async def action_quit(self) -> None:
        screen = next(s for s in reversed(self.screen_stack) if isinstance(s, Frame))
        screen.action_quit()

    def on_quit_wanted(self) -> None:
        self.work(self._leave(), "leave")

    async def _leave(self) -> None:
        """Leave when everything is on the disk; when it can't be, say so and ask."""
        await self.stop_looking()
        if self.saver is not None:
            await self.saver.run()
        if self.saver is None or self.saver.clean:
            self.exit()
        else:
            self._ask_leave()

    def _ask_leave(self) -> None:
        from launchready_tui.tui.screens.choose import Choose

        choose = Choose(
            "Your last changes are not saved",
            self.state.save.todo,
            (
                ("again", "Try to save again"),
                ("stay", "Stay here"),
                ("leave", "Leave without the last changes"),
            ),
        )
        self.push_screen(choose, self._leave_chosen)

    def _leave_chosen(self, chosen: str | None) -> None:
        if chosen == "again":
            self.on_quit_wanted()
        elif chosen == "leave":
            self.exit()
