"""Before the first audit of a domain: everything that will be asked, and of whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from launchready_tui.tui.screens.base import HEIGHTS, TOO_SMALL, WIDTHS
from launchready_tui.tui.widgets.bars import Key, KeyBar
from launchready_tui.tui.widgets.typeset import joined, styled

if TYPE_CHECKING:
    from launchready_tui.audit import Questions


class Consent(ModalScreen[bool]):
    """Dismisses with True when everything in the list may be asked."""

    CSS_PATH = "../styles/dialog.tcss"
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("enter", "agree", show=False, priority=True),
    ]

    def __init__(self, domain: str, groups: tuple[Questions, ...]) -> None:
        super().__init__()
        self._domain, self._groups = domain, groups

    def compose(self) -> ComposeResult:
        yield Static(TOO_SMALL, id="too-small", markup=False)
        with Vertical(id="dialog"):
            yield Static(styled(f"The first audit of {self._domain}", "bold"), id="dialog-title")
            yield Static(
                styled(
                    "All that we will ask, and of whom. We only read, with at most two requests "
                    "a second to each host. Nothing is changed.",
                    "$quiet",
                ),
                id="dialog-says",
            )
            with VerticalScroll(id="dialog-list"):
                yield Static(joined(*self._text()))
            yield KeyBar()

    def _text(self) -> Iterator[Content | str]:
        for number, group in enumerate(self._groups):
            yield "\n\n" if number else ""
            yield styled(group.whom, "bold $accent")
            for what, about in group.lines:
                yield f"\n• {what} "
                yield styled(f"({about})", "$quiet")

    def on_mount(self) -> None:
        self.query_one(KeyBar).show(
            (Key("enter", "ask all this", "screen.agree"), Key("esc", "not now", "screen.leave"))
        )
        self.query_one("#dialog-list").focus()

    def action_agree(self) -> None:
        self.dismiss(True)

    def action_leave(self) -> None:
        self.dismiss(False)

    def on_click(self, event: events.Click) -> None:
        """A click beside the dialog leaves it."""
        if event.widget is self:
            self.dismiss(False)
