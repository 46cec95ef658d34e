"""The inbox test: four emails, the test inboxes, and where each message lands, as it happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import ClassVar

from textual.binding import BindingType

from launchready_tui.content import items
from launchready_tui.rules.mail.arrivals import tagged
from launchready_tui.tui.messages import (
    Copied,
    Go,
    InboxAdded,
    InboxPasswordGiven,
    InboxRemoved,
    InboxTaskDone,
    InboxTaskUndone,
    InboxTestBegun,
    InboxTestStopped,
    InboxWatchWanted,
    MailForgotten,
    MailGiven,
)
from launchready_tui.tui.screens.base import text_keys
from launchready_tui.tui.screens.choose import Choose
from launchready_tui.tui.screens.inbox_rows import arrived, first_task, rows
from launchready_tui.tui.screens.one_page import OnePage
from launchready_tui.tui.screens.prompt import Prompt
from launchready_tui.tui.session.given_mail import LANDED, PASTE_LIMIT
from launchready_tui.tui.session.inbox_watch import provider_of_address
from launchready_tui.tui.state import State
from launchready_tui.tui.widgets.bars import Key
from launchready_tui.tui.widgets.page import Page
from launchready_tui.tui.widgets.typeset import Row

ITEM = items.TEST_EMAILS


class InboxesScreen(OnePage):
    """Enter on a task says "I did it now"; what arrives then shows by itself."""

    BINDINGS: ClassVar[list[BindingType]] = text_keys(
        ("n", "begin", "Start a new inbox test"),
        ("a", "add", "Add a test inbox"),
        ("i", "give", "Paste a message, or name its file"),
        ("c", "copy", "Copy the test address of the inbox under the cursor"),
        ("x", "stop_watching", "Stop watching the inboxes"),
    )

    def __init__(self, state: State, clock: Callable[[], datetime]) -> None:
        super().__init__(state)
        self._clock = clock
        self._tag = state.project.email.test_tag

    def on_mount(self) -> None:
        super().on_mount()
        self.call_after_refresh(self._begin_at_task)
        self.set_interval(1.0, self._tick)

    def _begin_at_task(self) -> None:
        self.query_one(Page).point_at(first_task(self.state.project))

    def _tick(self) -> None:
        if self.state.watching and self.app.screen is self:
            self.refresh_body()

    def refresh_body(self) -> None:
        super().refresh_body()
        page, tag = self.query_one(Page), self.state.project.email.test_tag
        if tag != self._tag or not page.cursor:
            self._tag = tag
            self._begin_at_task()

    def keys(self) -> tuple[Key, ...]:
        begun = bool(self.state.project.email.test_tag)
        return (
            Key("enter", "choose", "screen.open"),
            Key("n", "new test" if begun else "start", "screen.begin"),
            Key("a", "add an inbox", "screen.add"),
            Key("x", "stop", "screen.stop_watching")
            if self.state.watching
            else Key("esc", "back", "screen.back"),
            Key("?", "help", "screen.go('help')"),
        )

    def rows(self) -> Iterator[Row]:
        return rows(self.state, self._clock())

    def on_page_chosen(self, event: Page.Chosen) -> None:
        kind, _, value = event.key.partition(":")
        match kind:
            case "begin":
                self.action_begin()
            case "watch":
                self.action_check()
            case "add":
                self.action_add()
            case "given":
                self.action_give()
            case "item":
                self.post_message(Go("stage", ITEM))
            case "inbox":
                self._ask_about(value)
            case "password":
                self._ask_password(value)
            case "host":
                self._ask_host(value)
            case "task":
                self._about_task(value)
            case "message":
                self._ask_about_message(value)

    # The test

    def action_begin(self) -> None:
        if self.state.project.inboxes:
            self.post_message(InboxTestBegun())
        else:
            self.action_add()

    def action_check(self) -> None:
        self.post_message(InboxWatchWanted())

    def action_stop_watching(self) -> None:
        self.post_message(InboxTestStopped())

    def _about_task(self, subject: str) -> None:
        """Enter says that it was done; on one that was done it asks what is meant."""
        project = self.state.project
        known = arrived(project, subject)
        if known is None and subject not in project.email.test_tasks:
            self.post_message(InboxTaskDone(subject))
            return

        def chosen(what: str | None) -> None:
            match what:
                case "again":
                    self.post_message(InboxTaskDone(subject))
                case "undone":
                    self.post_message(InboxTaskUndone(subject))
                case "item":
                    self.post_message(Go("stage", ITEM))

        options = [("again", "I did it again just now")]
        if known is not None:
            options.insert(0, ("item", "Show what we saw, and how to fix it"))
        if known is None:
            options.append(("undone", "I did not do it"))
        says = "What came of it is known." if known else "We wait for its message."
        self.app.push_screen(Choose("This task", says, options), chosen)

    # Inboxes

    def action_copy(self) -> None:
        kind, _, value = self.query_one(Page).cursor.partition(":")
        if kind in ("inbox", "task", "password", "host"):
            self._copy(value.rpartition(" at ")[2])

    def _copy(self, address: str) -> None:
        tag = self.state.project.email.test_tag
        self.post_message(Copied(tagged(address, tag) if tag else address))

    def _ask_about(self, address: str) -> None:
        def chosen(what: str | None) -> None:
            match what:
                case "copy":
                    self._copy(address)
                case "password":
                    self._ask_password(address)
                case "host":
                    self._ask_host(address)
                case "remove":
                    self.post_message(InboxRemoved(address))

        self.app.push_screen(
            Choose(
                self.state.mask.text(address),
                "",
                (
                    ("copy", "Copy the address for the tasks"),
                    ("password", "Give its app password"),
                    ("host", "Say which server reads it"),
                    ("remove", "Take it out of the test"),
                ),
            ),
            chosen,
        )

    def action_add(self) -> None:
        def typed(address: str | None) -> None:
            if address and "@" in address and provider_of_address(address) == "other":
                self._ask_host(address)
            elif address:
                self.post_message(InboxAdded(address))

        self.app.push_screen(
            Prompt(
                "A test inbox",
                "The address of a fresh account at Gmail, Outlook or iCloud. Not your own inbox.",
                needed="Type the address of the test inbox.",
            ),
            typed,
        )

    def _ask_host(self, address: str) -> None:
        """The IMAP server of an inbox at a service that we do not know."""
        known = next((each for each in self.state.project.inboxes if each.address == address), None)

        def typed(host: str | None) -> None:
            if host:
                self.post_message(InboxAdded(address, host))

        self.app.push_screen(
            Prompt(
                "Which server reads it",
                "Its name is in the help of the mail service, under IMAP. It looks like "
                "imap.example.com. A free Gmail, Outlook or iCloud account needs none.",
                value=known.imap if known else "",
                needed="Type the name of the server.",
            ),
            typed,
        )

    def _ask_password(self, address: str) -> None:
        def typed(password: str | None) -> None:
            if password:
                self.post_message(InboxPasswordGiven(address, password))

        self.app.push_screen(
            Prompt(
                "Its app password",
                "Made at the mail service for one program only. It goes to this computer's "
                "password store, and into no file.",
                secret=True,
                needed="Paste the app password.",
            ),
            typed,
        )

    # Messages that were given

    def action_give(self) -> None:
        def typed(text: str | None) -> None:
            if text:
                self._ask_landed(text)

        self.app.push_screen(
            Prompt(
                "A message that arrived",
                "Paste all of it, with its headers. Or type the name of its .eml file, or drop "
                "the file here. We keep what it tells, not the message.",
                many=True,
                limit=PASTE_LIMIT,
                needed="Paste the message, or type the name of its file.",
            ),
            typed,
        )

    def _ask_landed(self, text: str) -> None:
        def chosen(landed: str | None) -> None:
            if landed is not None:
                self.post_message(MailGiven(text, landed if landed in LANDED else ""))

        options = (*((key, says.capitalize()) for key, says in LANDED.items()),
                   ("unknown", "I don't know"))  # fmt: skip
        says = "We did not see it ourselves, so this stays your word."
        self.app.push_screen(Choose("Where did it land?", says, options), chosen)

    def _ask_about_message(self, name: str) -> None:
        def chosen(what: str | None) -> None:
            if what == "item":
                self.post_message(Go("stage", ITEM))
            elif what == "forget":
                self.post_message(MailForgotten(name))

        options = (("item", "Show what we saw, and how to fix it"), ("forget", "Forget it"))
        self.app.push_screen(Choose(name, "", options), chosen)
