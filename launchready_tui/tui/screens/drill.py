"""The drill: a stopwatch for the rehearsed rollback. Its time is the evidence for target T5."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Digits

from launchready_tui.content import items
from launchready_tui.rules.running.rollback import MOST_MINUTES, MOST_SECONDS
from launchready_tui.tui.messages import AuditStopped, DrillDone, Go
from launchready_tui.tui.screens.base import Frame, text_keys
from launchready_tui.tui.screens.detail import proof_line
from launchready_tui.tui.state import State
from launchready_tui.tui.widgets.bars import Key
from launchready_tui.tui.widgets.page import Page
from launchready_tui.tui.widgets.typeset import QUIET, Row, heading, styled, text_row
from launchready_tui.verdict.targets import duration


class DrillScreen(Frame):
    """Space starts and stops. Leaving while it runs throws the time away, and says so first."""

    CSS_PATH = "../styles/drill.tcss"

    BINDINGS: ClassVar[list[BindingType]] = text_keys(
        ("space", "start_stop", "Start or stop the clock"),
        ("k", "keep", "Keep this time"),
        ("z", "reset", "Back to zero"),
    )

    def __init__(self, state: State, clock: Callable[[], datetime]) -> None:
        super().__init__(state)
        self._clock = clock
        self._started: datetime | None = None
        self.seconds = 0
        self._recorded = False

    @property
    def running(self) -> bool:
        return self._started is not None

    def body(self) -> ComposeResult:
        with Vertical(id="drill"):
            yield Digits("00:00", id="time")
            yield Page(id="drill-page")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(Page).focus()
        self.set_interval(0.5, self._tick)

    def _tick(self) -> None:
        if self._started is not None:
            self.seconds = int((self._clock() - self._started).total_seconds())
            self._show_time()

    def _show_time(self) -> None:
        minutes, seconds = divmod(self.seconds, 60)
        self.query_one(Digits).update(f"{minutes:02}:{seconds:02}")
        self.set_class(self.seconds >= MOST_SECONDS, "-late")
        self.set_class(self.running, "-running")

    def refresh_body(self) -> None:
        self._show_time()
        self.query_one(Page).show(self._rows())

    def keys(self) -> tuple[Key, ...]:
        start = Key("space", "stop" if self.running else "start", "screen.start_stop")
        help_key = Key("?", "help", "screen.go('help')")
        if self._fresh:
            return (start, Key("k", "keep this time", "screen.keep"), help_key)
        return (start, Key("esc", "back", "screen.back"), help_key)

    @property
    def _fresh(self) -> bool:
        """A time stands on the clock that is not recorded yet."""
        return not self.running and self.seconds > 0 and not self._recorded

    def _rows(self) -> Iterator[Row]:
        if self.running:
            yield text_row("The clock runs. Put the version before back, then press space.", "bold")
            yield _choice("toggle", "Stop the clock", "space")
        elif self._fresh:
            yield text_row(f"Back in {duration(self.seconds)}.", "bold")
            yield text_row(_judge(self.seconds))
            yield _choice("keep", "Keep this time as proof", "k")
            yield _choice("reset", "Throw it away", "z")
        else:
            yield text_row("How fast can you take back a bad version?", "bold")
            yield _choice("toggle", "Start the clock", "space")
        yield heading("How to do it", gap=1)
        for number, line in enumerate(_STEPS, 1):
            yield Row(styled(line), mark=styled(f"{number}.", QUIET))
        answer = self.state.project.answers.get(items.ROLLBACK)
        drills = [proof for proof in (answer.evidence if answer else ()) if proof.kind == "drill"]
        if drills:
            yield heading("Drills so far", gap=1)
        for proof in reversed(drills[-5:]):
            yield Row(styled(proof_line(proof, self.state.mask)), mark=styled("✓", "$accent"))

    def on_page_chosen(self, event: Page.Chosen) -> None:
        match event.key:
            case "toggle":
                self.action_start_stop()
            case "keep":
                self.action_keep()
            case "reset":
                self.action_reset()

    def action_start_stop(self) -> None:
        if self._started is None:
            self._started, self._recorded = self._clock(), False
            self.seconds = 0
        else:
            self.seconds = int((self._clock() - self._started).total_seconds())
            self._started = None
        self.refresh_body()
        self.show_keys()

    def action_keep(self) -> None:
        if self._fresh:
            self._recorded = True
            self.post_message(DrillDone(self.seconds))
            self.refresh_body()
            self.show_keys()

    def action_reset(self) -> None:
        self._started, self.seconds, self._recorded = None, 0, False
        self.refresh_body()
        self.show_keys()

    def action_back(self) -> None:
        if self.state.checking.running:
            self.post_message(AuditStopped())
        elif self.running:
            self.app.notify("The clock is running. Press space to stop it first.", markup=False)
        else:
            self.post_message(Go("back"))


_STEPS = (
    "Pick a quiet hour, and tell the others that this is a drill.",
    "Let someone do it who did not build it.",
    "Start the clock, and put the version before back.",
    "Sign in and buy something small, so that you know it works.",
    "Stop the clock. Then bring the new version back.",
)


def _judge(seconds: int) -> str:
    if seconds < MOST_SECONDS:
        return f"The goal is under {MOST_MINUTES} minutes. You met it."
    return f"The goal is under {MOST_MINUTES} minutes. Write down which step took longest."


def _choice(key: str, says: str, letter: str) -> Row:
    return Row(styled(says), key=key, mark=styled(letter.ljust(5), "bold $accent"))
