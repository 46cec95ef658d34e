"""The frame that all screens share: top line, bottom line, common keys, and small windows."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from launchready_tui.tui.messages import (
    AuditStopped,
    AuditWanted,
    Go,
    PresentToggled,
    QuitWanted,
    SaveWanted,
    ThemeToggled,
    UndoWanted,
)
from launchready_tui.tui.state import Save, State
from launchready_tui.tui.widgets.bars import Heading, Key, KeyBar, TopBar
from launchready_tui.tui.widgets.look import LAUNCH_TONE, clock_time
from launchready_tui.tui.widgets.typeset import joined

TOO_SMALL = "Make this window larger: at least 80 by 24."

# Widgets in which letters are text. A letter that is a key elsewhere is only a letter there.
TYPING = ("Input", "TextArea")

WIDE = 110  # cells from which three columns fit
WIDTHS = [(0, "-tiny"), (40, "-narrow"), (92, "-medium"), (WIDE, "-wide")]
HEIGHTS = [(0, "-flat"), (12, "-low"), (20, "-high"), (34, "-tall")]


def text_keys(*bindings: tuple[str, str, str]) -> list[BindingType]:
    """Key bindings that the bottom line does not show: key, action, and what it says."""
    return [Binding(key, action, says, show=False) for key, action, says in bindings]


class Frame(Screen[None]):
    """A screen that shows the state. Subclasses give `body`, `refresh_body` and `keys`."""

    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    AUTO_FOCUS = ""

    BINDINGS: ClassVar[list[BindingType]] = [
        # The app runs priority keys before it forwards the next key: a letter typed right after
        # tab reaches the field that tab went to, and no other.
        Binding("tab", "app.focus_next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
        Binding("escape", "back", show=False),
        *text_keys(
            ("question_mark,f1", "go('help')", "Help: every key, and every place"),
            ("s", "go('stage')", "The seven stages"),
            ("w", "go('walk')", "Walk: one question at a time"),
            ("b", "go('fix-today')", "What to fix today"),
            ("g", "go('ready')", "Ready to launch?"),
            ("d", "go('documents')", "The thirteen documents"),
            ("o", "go('ownership')", "Who holds which account"),
            ("t", "go('drill')", "Drill: time a rollback"),
            ("m", "go('dashboard')", "Dashboard: five numbers, and the checks that stay on"),
            ("e", "go('inboxes')", "Inbox test: where your emails land"),
            ("v", "go('dns-change')", "Check a DNS change before you apply it"),
            ("r", "check", "Check again what is shown here"),
            ("R,shift+r", "check_all", "Check everything again"),
            ("u", "undo", "Take back the last answer"),
            ("l", "theme", "Light or dark"),
            ("p", "present", "Present: hide what is private"),
            ("q,ctrl+q", "quit", "Quit; everything is saved first"),
        ),
    ]

    def __init__(self, state: State) -> None:
        super().__init__()
        self.state = state
        self._drawn: State | None = None

    def compose(self) -> ComposeResult:
        # Textual sets these at the first resize; then everything would be styled a second time.
        width, height = self.app.size
        self.add_class(_class_for(width, WIDTHS), _class_for(height, HEIGHTS), update=False)
        yield Static(TOO_SMALL, id="too-small", markup=False)
        yield TopBar()
        yield from self.body()
        yield KeyBar()

    @abstractmethod
    def body(self) -> ComposeResult:
        """The widgets between the two lines."""

    @abstractmethod
    def refresh_body(self) -> None:
        """Show `self.state` in the widgets of `body`."""

    @abstractmethod
    def keys(self) -> tuple[Key, ...]:
        """At most five keys for the bottom line, help last."""

    def on_mount(self) -> None:
        self._show()

    def on_screen_resume(self) -> None:
        if self._drawn is not self.state:
            self._show()

    def update_state(self, state: State, *, seen: bool) -> None:
        """The app calls this whenever something changed; `seen` when this can be seen."""
        self.state = state
        # An app that closes empties its screens before the timers of its checks have ended.
        if seen and self.is_mounted and self.children:
            self._show()

    def finish_typing(self) -> None:
        """Hand over what was typed and not yet given to the app: somebody is leaving."""

    def _show(self) -> None:
        self._drawn = self.state
        self.query_one(TopBar).show(heading(self.state))
        self.refresh_body()
        self.show_keys()

    def show_keys(self) -> None:
        keys = self.keys()
        if self.state.checking.running:  # instead of the last one before help
            others = [key for key in keys[:-1] if key.name != "esc"]
            keys = (Key("esc", "stop checking", "screen.stop"), *others[:3], keys[-1])
        self.query_one(KeyBar).show(keys)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Letters are text while somebody types; escape and tab go on working."""
        if action in ("back", "stop", "submit"):
            return True
        return not self.typing

    @property
    def typing(self) -> bool:
        focused = self.focused
        return focused is not None and any(
            kind.__name__ in TYPING for kind in type(focused).__mro__
        )

    def action_go(self, place: str) -> None:
        self.post_message(Go(place))

    def action_back(self) -> None:
        if self.state.checking.running:
            self.post_message(AuditStopped())
        else:
            self.post_message(Go("back"))

    def action_stop(self) -> None:
        self.post_message(AuditStopped())

    def action_check(self) -> None:
        self.post_message(AuditWanted())

    def action_check_all(self) -> None:
        self.post_message(AuditWanted())

    def action_undo(self) -> None:
        self.post_message(UndoWanted())

    def action_theme(self) -> None:
        self.post_message(ThemeToggled())

    def action_present(self) -> None:
        self.post_message(PresentToggled())

    def action_save(self) -> None:
        self.post_message(SaveWanted())

    def action_quit(self) -> None:
        self.finish_typing()
        self.post_message(QuitWanted())


def _class_for(cells: int, breakpoints: list[tuple[int, str]]) -> str:
    return next(name for least, name in reversed(breakpoints) if cells >= least)


def heading(state: State) -> Heading:
    """The top line for a state: the verdict, or the progress of the checks; the save state."""
    if state.loaded is None:
        return Heading()
    checking = state.checking
    if checking.running:
        verdict = Content.styled(f"{checking.checked} of {checking.planned} checked", "$accent")
    else:
        tone = LAUNCH_TONE[state.readiness.verdict]
        verdict = Content.styled(state.readiness.headline, f"bold {tone}")
    return Heading(
        product=state.project.product.name,
        domain=state.project.domain,
        verdict=verdict,
        save=save_words(state),
        checked=checking.checked,
        planned=checking.planned,
    )


def save_words(state: State) -> Content:
    """ "Saved 14:02", or "Not saved: reason", never nothing once there is a file."""
    says = _save_step(state.save)
    return joined(("presenting", "$accent"), " · ", says) if state.mask.on else says


def _save_step(save: Save) -> Content:
    if save.step == "failed":
        return joined((f"Not saved: {save.reason}", "bold $today"))
    if save.step == "waiting":
        return Content.styled("Saving…", "$quiet")
    if save.step == "saved" and save.at is not None:
        return Content.styled(f"Saved {clock_time(save.at)}", "$quiet")
    return Content.styled("Saved", "$quiet")
