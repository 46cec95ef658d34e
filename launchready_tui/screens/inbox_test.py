"""The inbox test: four emails, the test inboxes, and where each message lands, as it happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from launchready_tui.findings import Verdict
from launchready_tui.project.model import Inbox, RecordedFinding
from launchready_tui.readiness import State as Standing
from launchready_tui.rules.arrivals import KINDS, NEVER, Kind, tagged
from launchready_tui.screens.ask import Ask
from launchready_tui.screens.base import text_keys
from launchready_tui.screens.messages import (
    Copied,
    Go,
    InboxAdded,
    InboxPasswordGiven,
    InboxTaskDone,
    InboxTestBegun,
    InboxTestStopped,
)
from launchready_tui.screens.one_page import OnePage
from launchready_tui.screens.rail import target_figure
from launchready_tui.screens.state import State
from launchready_tui.widgets.bars import Key
from launchready_tui.widgets.look import STATE_TONE, VERDICT_STATE, glyph
from launchready_tui.widgets.page import Page
from launchready_tui.widgets.typeset import QUIET, Row, heading, joined, styled, text_row

TASKS: dict[Kind, str] = {
    "verify": "Sign up with this address",
    "reset": "Ask for a password reset",
    "invite": "Let somebody invite this address",
    "receipt": "Buy something small",
}
NAMES = {"gmail": "Gmail", "outlook": "Outlook", "icloud": "iCloud", "other": "Another inbox"}
ITEM = "S3.C4"


class InboxTestScreen(OnePage):
    """Enter on a task says "I did it now"; what arrives then shows by itself."""

    BINDINGS: ClassVar[list[BindingType]] = text_keys(
        ("n", "begin", "Start a new inbox test"),
        ("a", "add", "Add a test inbox"),
        ("x", "stop_watching", "Stop watching the inboxes"),
    )

    def __init__(self, state: State, clock: Callable[[], datetime]) -> None:
        super().__init__(state)
        self._clock = clock

    def on_mount(self) -> None:
        super().on_mount()
        self.set_interval(1.0, self._tick)

    def _tick(self) -> None:
        if self.state.watching:
            self.refresh_body()

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
        project = self.state.project
        yield text_row("Inbox test", "bold")
        yield text_row(
            "Send your four most important emails to fresh inboxes, and see where they land.", QUIET
        )
        if not project.inboxes:
            yield from _first_steps()
            return
        if not project.email.test_tag:
            yield Row(styled("Start the test", "bold"), key="begin", mark=_mark("n"), gap=1)
        else:
            yield text_row(self._watching(), QUIET)
        for inbox in project.inboxes:
            yield from self._inbox(inbox)
        yield from self._proves()
        yield heading("More", gap=1)
        if project.email.test_tag:
            yield Row(styled("Start a new test, with a new address"), key="begin", mark=_mark("n"))
        yield Row(styled("Add a test inbox"), key="add", mark=_mark("a"))
        yield Row(styled("What to do when a message lands in spam"), key="item", mark=_mark("→"))

    def _watching(self) -> str:
        if self.state.watching:
            return "We are watching. What arrives shows here by itself."
        return "We are not watching now. Say that you did a task, and we begin."

    def _inbox(self, inbox: Inbox) -> Iterator[Row]:
        tag = self.state.project.email.test_tag
        address = tagged(inbox.address, tag) if tag else inbox.address
        shown = self.state.mask.text(address)
        yield heading(f"{NAMES[inbox.provider]}", gap=1)
        yield Row(styled(shown, "bold"), key=f"copy:{address}", trail=styled("copy", QUIET))
        trouble = self._seen(inbox.address)
        if trouble is not None and trouble.verdict is Verdict.UNKNOWN:
            says = self._words(trouble, inbox.address)
            yield Row(styled(says), mark=glyph(Standing.UNKNOWN))
        if trouble is not None and trouble.outcome in ("no-password", "wrong-password"):
            yield Row(
                styled("Give its app password"), key=f"password:{inbox.address}", mark=_mark("→")
            )
        if tag:
            for kind in KINDS:
                yield self._message(kind, inbox)

    def _message(self, kind: Kind, inbox: Inbox) -> Row:
        """One message at one inbox: what to do, or what came of it."""
        subject = f"{kind} at {inbox.address}"
        done = self.state.project.email.test_tasks.get(subject)
        found = self._seen(subject)
        if found is not None and found.outcome not in ("not-sent", "still-coming"):
            standing = VERDICT_STATE[found.verdict]
            text = joined((TASKS[kind], ""), (f"  {_came(found)}", STATE_TONE[standing]))
            return Row(text, key=f"task:{subject}", mark=glyph(standing))
        if done is None:
            return Row(styled(TASKS[kind]), key=f"task:{subject}", mark=styled("○", QUIET),
                       trail=styled("I did it: enter", QUIET))  # fmt: skip
        waited = int((self._clock() - done).total_seconds())
        left = f"  waiting for {waited} seconds" if waited < 120 else (
            f"  waiting for {waited // 60} of {int(NEVER.total_seconds()) // 60} minutes"
        )  # fmt: skip
        text = joined((TASKS[kind], ""), (left, "$accent"))
        return Row(text, key=f"task:{subject}", mark=styled("…", "$accent"))

    def _seen(self, subject: str) -> RecordedFinding | None:
        found = self.state.project.findings.get("email.inbox", {}).get(subject)
        started = self.state.project.email.test_started
        return found if found and (started is None or found.at >= started) else None

    def _words(self, found: RecordedFinding, address: str) -> str:
        from launchready_tui.checklist import fill

        words = self.state.checklist.words.get(f"unknown.{found.outcome}")
        shown = self.state.mask.text(address)
        return fill(words.says, {"subject": shown, "host": shown}) if words else found.outcome

    def _proves(self) -> Iterator[Row]:
        target = next((each for each in self.state.readiness.targets if each.id == "T4"), None)
        if target is not None:
            yield heading("What it proves", gap=1)
            yield text_row(target_figure(target))
            yield text_row("12 of 12 in the inbox proves 78 %. For 95 % it takes 59 of 59.", QUIET)

    def on_page_chosen(self, event: Page.Chosen) -> None:
        kind, _, value = event.key.partition(":")
        match kind:
            case "begin":
                self.action_begin()
            case "add":
                self.action_add()
            case "item":
                self.post_message(Go("stage", ITEM))
            case "copy":
                self.post_message(Copied(value))
            case "password":
                self._ask_password(value)
            case "task":
                self.post_message(InboxTaskDone(value))

    def action_begin(self) -> None:
        if self.state.project.inboxes:
            self.post_message(InboxTestBegun())
        else:
            self.action_add()

    def action_stop_watching(self) -> None:
        self.post_message(InboxTestStopped())

    def action_add(self) -> None:
        def typed(address: str | None) -> None:
            if address:
                self.post_message(InboxAdded(address))

        self.app.push_screen(
            Ask(
                "A test inbox",
                "The address of a fresh account at Gmail, Outlook or iCloud. Not your own inbox.",
                needed="Type the address of the test inbox.",
            ),
            typed,
        )

    def _ask_password(self, address: str) -> None:
        def typed(password: str | None) -> None:
            if password:
                self.post_message(InboxPasswordGiven(address, password))

        self.app.push_screen(
            Ask(
                "Its app password",
                "Made at the mail service for one program only. It goes to this computer's "
                "password store, and into no file.",
                secret=True,
                needed="Paste the app password.",
            ),
            typed,
        )


def _mark(letter: str) -> Content:
    return styled(letter.ljust(2), "bold $accent")


def _first_steps() -> Iterator[Row]:
    yield heading("How to begin", gap=1)
    for number, line in enumerate(_STEPS, 1):
        yield Row(styled(line), mark=styled(f"{number}.", QUIET))
    yield Row(styled("Add a test inbox", "bold"), key="add", mark=_mark("a"), gap=1)


_STEPS = (
    "Open a fresh account at Gmail, at Outlook and at iCloud. One is enough to begin.",
    "Make an app password for it there. It is a password for one program only.",
    "Add the inbox here. We only read it, and change nothing in it.",
)


def _came(found: RecordedFinding) -> str:
    seconds, folder = found.facts.get("seconds", ""), found.facts.get("folder", "")
    match found.outcome:
        case "ok":
            return f"in the inbox after {seconds} seconds"
        case "late":
            return f"in the inbox, but after {seconds} seconds"
        case "promotions":
            return "under Promotions"
        case "spam":
            return f"in spam ({folder})"
        case "elsewhere":
            return f"in the folder {folder}"
        case "never":
            return f"not there after {found.facts.get('minutes', '10')} minutes"
        case _:
            return "we can't tell yet"
