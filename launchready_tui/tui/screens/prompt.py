"""A small dialog that asks for one thing: a name, a note, a reason, a piece of proof."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static, TextArea

from launchready_tui.tui.screens.base import HEIGHTS, TOO_SMALL, WIDTHS
from launchready_tui.tui.widgets.bars import Key, KeyBar
from launchready_tui.tui.widgets.typeset import styled
from launchready_tui.vocabulary.safe_text import clean, secret_kind

MANY_LIMIT = 2000  # letters of a note or of pasted text; the file keeps no more


class Prompt(ModalScreen[str | None]):
    """Dismisses with what was typed, cleaned, or with None when nothing should change.

    Text that looks like a password or a key is refused here, before it is kept anywhere; only a
    dialog that asks for one (`secret`) takes it, and hides it as it is typed. One that asks for a
    whole message (a larger `limit`) takes its links as they are: the text itself is kept nowhere.
    """

    CSS_PATH = "../styles/dialog.tcss"
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("f2", "submit", show=False, priority=True),
    ]

    def __init__(
        self,
        title: str,
        says: str,
        value: str = "",
        *,
        many: bool = False,
        suggest: tuple[str, ...] = (),
        masked: bool = False,
        secret: bool = False,
        needed: str = "",
        limit: int = MANY_LIMIT,
    ) -> None:
        super().__init__()
        self._title, self._says, self._value = title, says, value
        self._many, self._suggest = many, suggest
        self._masked, self._needed = masked or secret, needed
        self._secret, self._limit = secret, limit

    def compose(self) -> ComposeResult:
        yield Static(TOO_SMALL, id="too-small", markup=False)
        with Vertical(id="dialog"):
            yield Static(styled(self._title, "bold"), id="dialog-title")
            yield Static(styled(self._says, "$quiet"), id="dialog-says")
            # While somebody presents, what is on file is not put on the screen to be edited.
            value = "" if self._masked else self._value
            if self._many and not self._masked:
                yield TextArea(value, id="dialog-field", soft_wrap=True, show_line_numbers=False)
            else:
                suggester = SuggestFromList(self._suggest, case_sensitive=False)
                yield Input(
                    value,
                    id="dialog-field",
                    suggester=suggester if self._suggest and not self._masked else None,
                    password=self._masked,
                    select_on_focus=False,
                )
            yield Static("", id="dialog-problem", markup=False)
            yield KeyBar()

    def on_mount(self) -> None:
        save = (
            Key("f2", "save", "screen.submit")
            if self._many
            else Key("enter", "save", "screen.submit")
        )
        self.query_one(KeyBar).show((save, Key("esc", "leave as it was", "screen.leave")))
        field = self.query_one("#dialog-field")
        field.focus()
        if isinstance(field, TextArea):
            field.move_cursor(field.document.end)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_submit()

    def _typed(self) -> str:
        field = self.query_one("#dialog-field")
        if isinstance(field, TextArea):
            return clean(field.text, self._limit).strip()
        return clean(self.query_one("#dialog-field", Input).value).strip()

    def action_submit(self) -> None:
        typed = self._typed()
        kind = None if self._secret or self._limit > MANY_LIMIT else secret_kind(typed)
        if kind is not None:
            self._problem(
                f"This looks like {kind}. It is not kept. Name the place where it lives instead."
            )
        elif self._needed and not typed:
            self._problem(self._needed)
        elif self._masked and not typed:
            self.dismiss(None)
        else:
            self.dismiss(typed)

    def _problem(self, says: str) -> None:
        self.query_one("#dialog-problem", Static).update(styled(says, "bold $today"))

    def action_leave(self) -> None:
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """A click beside the dialog leaves it."""
        if event.widget is self:
            self.dismiss(None)
