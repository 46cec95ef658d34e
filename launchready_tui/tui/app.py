"""The screens as one app: what each message leads to, how it looks, and which screen is first.

What is done about a message is in `parts`. What start-up does not need (DNS, HTTP, tomlkit, the
documents) is imported where it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.filter import LineFilter, NoColor
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from launchready_tui.content.checklist import Checklist
from launchready_tui.tui import messages
from launchready_tui.tui.parts.answers import Answers
from launchready_tui.tui.parts.audits import Audits
from launchready_tui.tui.parts.current_project import CurrentProject, OpenWorld
from launchready_tui.tui.parts.demo import Demo
from launchready_tui.tui.parts.discovery import Discovery
from launchready_tui.tui.parts.documents import Documents
from launchready_tui.tui.parts.given_mail import GivenMail
from launchready_tui.tui.parts.inbox_watch import InboxWatch
from launchready_tui.tui.parts.leaving import Leaving
from launchready_tui.tui.parts.navigation import Navigation
from launchready_tui.tui.parts.notes import tell
from launchready_tui.tui.parts.planned_change import PlannedChange
from launchready_tui.tui.parts.projects import Projects
from launchready_tui.tui.parts.saving import Saving
from launchready_tui.tui.screens.base import Frame
from launchready_tui.tui.screens.places import open_place
from launchready_tui.tui.state import State
from launchready_tui.tui.widgets.look import DARK, LIGHT, themes
from launchready_tui.tui.widgets.net import Net

if TYPE_CHECKING:
    from textual.command import Provider

    from launchready_tui.lab import Lab
    from launchready_tui.project.file import Loaded


def _item_commands() -> type[Provider]:
    from launchready_tui.tui.screens.palette import ItemCommands

    return ItemCommands


def _sheets(place: str) -> list[Path]:
    """The app's sheet and that of the first screen: Textual loads one only for later screens."""
    styles = Path(__file__).parent / "styles"
    own = styles / f"{place.replace('-', '_')}.tcss"
    return [styles / "frame.tcss", own if own.is_file() else styles / "one_page.tcss"]


class LaunchReadyApp(App[None]):
    """Shows a project, or the welcome screen when there is none (`loaded` is None).

    `open_world` opens the door to the network for one audit; `clock` tells the time (UTC). With
    `lab` this is the demo, and `faults` are what it plays. `first` is the screen to begin with,
    `folder` where a new project is written, `recent` the list of files opened lately (see
    `session.nearby.recent_file`; None keeps no list). `when_ready` is called once it is drawn.
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
        when_ready: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        self.css_path = _sheets(first if loaded else "welcome")
        self.folder, self.recent = folder or Path.cwd(), recent
        self._first, self._stage, self._when_ready = first, stage, when_ready
        state = State.start(loaded, checklist, clock(), user, lab is not None)
        self.current = CurrentProject(self, state, clock, open_world, lambda: self.saving.save())
        self._make_parts(lab, faults)
        if loaded is not None:
            self.saving.begin(loaded)
        self._filters_of_ours: tuple[LineFilter, ...] = (Net(),)
        if self.no_color:
            self._filters_of_ours = (NoColor(), Net())
        for theme in themes():
            self.register_theme(theme)
        # Set before anything is drawn: as a change it would parse and lay out everything again.
        self.set_reactive(App.theme, DARK)
        self.stylesheet.set_variables(self.get_css_variables())

    def _make_parts(self, lab: Lab | None, faults: tuple[str, ...]) -> None:
        current = self.current
        self.saving = Saving(self, current)
        self.audits = Audits(self, current)
        self.answers = Answers(self, current)
        self.discovery = Discovery(self, current)
        self.documents = Documents(self, current)
        self.given_mail = GivenMail(self, current)
        self.inbox_watch = InboxWatch(self, current)
        self.planned_change = PlannedChange(self, current)
        self.navigation = Navigation(self, current)
        self.projects = Projects(
            self, current, self.saving, self.audits, self.navigation, self.folder, self.recent
        )
        self.demo = Demo(self, current, self.audits, self.projects, lab, faults)
        self.leaving = Leaving(self, current, self.saving, (self.audits.end, self.discovery.end))

    @property
    def state(self) -> State:
        return self.current.state

    def get_default_screen(self) -> Screen[Any]:
        if self.state.loaded is None:
            screen = self._welcome()
        else:
            screen = open_place(self._first, self.state, self.current.clock, stage=self._stage)
        # `switch_screen` takes this away from the screen it replaces; Textual 8.2.8 gives it to
        # every screen but the first, and would end the app where the first one is replaced.
        screen._push_result_callback(self, None)
        return screen

    def _welcome(self) -> Frame:
        from launchready_tui.tui.screens.welcome import WelcomeScreen
        from launchready_tui.tui.session.nearby import nearby

        return WelcomeScreen(self.state, nearby(self.folder, self.recent))

    def on_ready(self) -> None:
        if self._when_ready is not None:
            self._when_ready()
        if self.state.loaded is not None:
            self.projects.tell_warnings(self.state.loaded)
        if self.state.playing and self.state.loaded:
            # The lab is as broken as at its last start, whatever was recorded then.
            self.audits.want()

    async def on_unmount(self) -> None:
        await self.demo.end()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR:
            kind = type(event.worker.error).__name__
            tell(self, f"Something of ours broke ({kind}). Your answers are safe.", "error")

    # Where to go, and leaving

    async def on_go(self, message: messages.Go) -> None:
        if not self.leaving.begun:
            await self.navigation.go(message.place, message.item)

    async def action_quit(self) -> None:
        screen = next(s for s in reversed(self.screen_stack) if isinstance(s, Frame))
        screen.action_quit()

    def on_quit_wanted(self) -> None:
        self.leaving.leave()

    # Beginning

    def on_project_opened(self, message: messages.ProjectOpened) -> None:
        self.projects.open(Path(message.path))

    def on_project_made(self, message: messages.ProjectMade) -> None:
        self.projects.make(message.project)

    def on_discovery_wanted(self, message: messages.DiscoveryWanted) -> None:
        self.discovery.start(message.project)

    def on_discovery_stopped(self) -> None:
        self.discovery.stop()

    def on_demo_wanted(self) -> None:
        self.demo.begin()

    def on_fix_wanted(self, message: messages.FixWanted) -> None:
        self.demo.fix(message.finding)

    # Answers, saving, documents

    def on_answered(self, message: messages.Answered) -> None:
        self.answers.answer(message.item, message.value, message.owner, message.note)

    def on_proof_given(self, message: messages.ProofGiven) -> None:
        self.answers.prove(message.item, message.text)

    def on_proof_removed(self, message: messages.ProofRemoved) -> None:
        self.answers.remove_proof(message.item, message.place)

    def on_drill_done(self, message: messages.DrillDone) -> None:
        self.answers.record_drill(message.seconds)

    def on_account_saved(self, message: messages.AccountSaved) -> None:
        self.answers.save_account(message.account, message.place)

    def on_account_removed(self, message: messages.AccountRemoved) -> None:
        self.answers.remove_account(message.place)

    def on_undo_wanted(self) -> None:
        self.current.undo()

    def on_save_wanted(self) -> None:
        self.saving.save_again()

    def on_write_wanted(self) -> None:
        self.documents.write()

    # Checks

    def on_audit_wanted(self, message: messages.AuditWanted) -> None:
        self.audits.want(message.stages, message.only)

    def on_audit_stopped(self) -> None:
        self.audits.stop()

    def on_plan_wanted(self, message: messages.PlanWanted) -> None:
        self.planned_change.judge(message.path)

    def on_plan_stopped(self) -> None:
        self.planned_change.stop()

    def on_inbox_test_begun(self) -> None:
        self.inbox_watch.begin_test()

    def on_inbox_test_stopped(self) -> None:
        self.inbox_watch.stop()

    def on_inbox_watch_wanted(self) -> None:
        self.inbox_watch.watch()

    def on_inbox_task_done(self, message: messages.InboxTaskDone) -> None:
        self.inbox_watch.task_done(message.task)

    def on_inbox_task_undone(self, message: messages.InboxTaskUndone) -> None:
        self.inbox_watch.task_undone(message.task)

    def on_inbox_added(self, message: messages.InboxAdded) -> None:
        self.inbox_watch.add_inbox(message.address, message.imap)

    def on_inbox_removed(self, message: messages.InboxRemoved) -> None:
        self.inbox_watch.remove_inbox(message.address)

    def on_inbox_password_given(self, message: messages.InboxPasswordGiven) -> None:
        self.inbox_watch.store_password(message.address, message.password)

    def on_mail_given(self, message: messages.MailGiven) -> None:
        self.given_mail.judge(message.text, message.landed)

    def on_mail_forgotten(self, message: messages.MailForgotten) -> None:
        self.given_mail.forget(message.name)

    # How it looks, and what leaves it as text

    def get_line_filters(self) -> list[LineFilter]:
        return [*super().get_line_filters(), *self._filters_of_ours]

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        from launchready_tui.tui.screens.palette import system_commands

        return system_commands(screen, self.state)

    def on_theme_toggled(self) -> None:
        self.theme = LIGHT if self.theme == DARK else DARK

    def on_present_toggled(self) -> None:
        self.current.present()

    def on_copied(self, message: messages.Copied) -> None:
        """Some terminals ignore this (OSC 52), so we never say that it worked."""
        self.copy_to_clipboard(message.value)
        tell(self, "Sent to your clipboard. Did nothing arrive? Press C to get it as a file.")

    def on_filed(self, message: messages.Filed) -> None:
        text = StringIO(f"{message.value}\n")
        name = "launchready-value.txt"
        self.deliver_text(text, save_directory=self.folder, save_filename=name)

    def on_delivery_complete(self, event: events.DeliveryComplete) -> None:
        if event.path is not None:
            tell(self, f"Written to {event.path}")

    def on_delivery_failed(self, event: events.DeliveryFailed) -> None:
        says = "The file could not be written. Mark the value with the mouse instead."
        tell(self, says, "error")

    def on_link_opened(self, message: messages.LinkOpened) -> None:
        if message.url.startswith(("https://", "http://")):
            self.open_url(message.url)
