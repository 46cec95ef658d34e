"""A small dialog with a few choices to pick one from, by number, by arrows or by click."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from launchready_tui.tui.screens.base import HEIGHTS, TOO_SMALL, WIDTHS
from launchready_tui.tui.widgets.page import Page
from launchready_tui.tui.widgets.typeset import Row, styled

_NUMBERED = 9


class Choose(ModalScreen[str | None]):
    """Dismisses with the value that was chosen, or None. `options` are (value, label)."""

    CSS_PATH = "../styles/dialog.tcss"
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        *(Binding(str(digit), f"digit({digit})", show=False) for digit in range(1, _NUMBERED + 1)),
    ]

    def __init__(
        self, title: str, says: str, options: Sequence[tuple[str, str]], chosen: str = ""
    ) -> None:
        super().__init__()
        self._title, self._says = title, says
        self._options, self._chosen = tuple(options), chosen

    def compose(self) -> ComposeResult:
        yield Static(TOO_SMALL, id="too-small", markup=False)
        with Vertical(id="dialog"):
            yield Static(styled(self._title, "bold"), id="dialog-title")
            if self._says:
                yield Static(styled(self._says, "$quiet"), id="dialog-says")
            yield Page(self._rows(), id="dialog-choices")

    def _rows(self) -> Iterator[Row]:
        for number, (value, label) in enumerate(self._options, 1):
            here = value == self._chosen
            sign = f"{number} " if number <= _NUMBERED else "  "
            yield Row(
                styled(label, "bold" if here else ""),
                key=f"option:{value}",
                mark=styled(f"{sign}{'●' if here else '○'}", "$accent"),
            )

    def say(self, says: str) -> None:
        """Put another text above the choices: the question is about something newer now."""
        self._says = says
        if self.is_mounted:
            self.query_one("#dialog-says", Static).update(styled(says, "$quiet"))

    def on_mount(self) -> None:
        page = self.query_one(Page)
        page.focus()
        value = self._chosen or self._options[0][0]
        self.call_after_refresh(page.point_at, f"option:{value}")

    def on_page_chosen(self, event: Page.Chosen) -> None:
        event.stop()
        self.dismiss(event.key.partition(":")[2])

    def action_digit(self, digit: int) -> None:
        if digit <= len(self._options):
            self.dismiss(self._options[digit - 1][0])

    def action_leave(self) -> None:
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """A click beside the dialog leaves it."""
        if event.widget is self:
            self.dismiss(None)
