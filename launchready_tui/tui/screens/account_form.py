"""The form for one account. Every field may stay empty except the name of the service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import ClassVar

import msgspec
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

from launchready_tui.project.model import Account
from launchready_tui.tui.screens.base import HEIGHTS, TOO_SMALL, WIDTHS
from launchready_tui.tui.widgets.bars import Key, KeyBar
from launchready_tui.tui.widgets.mask import Mask
from launchready_tui.tui.widgets.typeset import styled
from launchready_tui.vocabulary.safe_text import clean_line, secret_kind

_FIELDS = (
    ("service", "Service", "such as Cloudflare"),
    ("purpose", "What for", "such as DNS"),
    ("holder", "Holder", "who has the login"),
    ("owner", "Owner", "who answers for it"),
    ("backup", "Backup", "who else can get in"),
    ("kept_in", "Kept in", "the place, never the password"),
    ("second_factor", "Second factor", "such as an app on a phone"),
    ("recovery", "Recovery", "where the recovery codes are"),
    ("renews", "Renews", "a day, such as 2027-03-31"),
    ("last_verified", "Last tried", "a day, such as 2026-11-24"),
)
_PEOPLE = ("holder", "owner", "backup")
_DAYS = ("renews", "last_verified")
_PRIVATE = (*_PEOPLE, "kept_in", "second_factor", "recovery")


class AccountForm(ModalScreen[Account | None]):
    """Dismisses with the account as filled in, or None when nothing should change."""

    CSS_PATH = "../styles/dialog.tcss"
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("f2", "submit", show=False, priority=True),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("tab", "app.focus_next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
    ]

    def __init__(self, account: Account, people: tuple[str, ...], mask: Mask) -> None:
        super().__init__()
        self._account, self._people, self._mask = account, people, mask

    def compose(self) -> ComposeResult:
        yield Static(TOO_SMALL, id="too-small", markup=False)
        with Vertical(id="dialog"):
            yield Static(styled(self._account.service or "A new account", "bold"))
            with VerticalScroll(id="account-fields", can_focus=False):
                yield from self._fields()
            yield Static("", id="dialog-problem", markup=False)
            yield KeyBar()

    def _fields(self) -> Iterator[Horizontal]:
        for name, label, hint in _FIELDS:
            value = getattr(self._account, name)
            suggester = SuggestFromList(self._people, case_sensitive=False)
            hidden = self._mask.on and name in _PRIVATE
            yield Horizontal(
                Static(label, markup=False),
                Input(
                    str(value or ""),
                    placeholder=hint,
                    id=f"account-{name}",
                    password=hidden,
                    suggester=suggester if name in _PEOPLE and not hidden else None,
                    select_on_focus=False,
                ),
                classes="field",
            )

    def on_mount(self) -> None:
        self.query_one(KeyBar).show(
            (
                Key("enter", "next line", "app.focus_next"),
                Key("f2", "save", "screen.submit"),
                Key("esc", "leave as it was", "screen.leave"),
            )
        )
        self.query_one("#account-service", Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input.id == f"account-{_FIELDS[-1][0]}":
            self.action_submit()
        else:
            self.focus_next()

    def action_submit(self) -> None:
        typed = {
            name: clean_line(self.query_one(f"#account-{name}", Input).value).strip()
            for name, _, _ in _FIELDS
        }
        problem = self._problem(typed)
        if problem:
            self.query_one("#dialog-problem", Static).update(styled(problem, "bold $today"))
            return
        days = {name: date.fromisoformat(typed[name]) if typed[name] else None for name in _DAYS}
        texts = {name: value for name, value in typed.items() if name not in _DAYS}
        self.dismiss(msgspec.structs.replace(self._account, **texts, **days))

    def _problem(self, typed: Mapping[str, str]) -> str:
        """What keeps this from being saved, in a sentence; empty when nothing does."""
        if not typed["service"]:
            return "Name the service, such as Cloudflare."
        for name, label, _ in _FIELDS:
            kind = secret_kind(typed[name])
            if kind is not None:
                return f"{label} looks like {kind}. Name the place where it lives instead."
        for name in _DAYS:
            try:
                if typed[name]:
                    date.fromisoformat(typed[name])
            except ValueError:
                label = next(label for field, label, _ in _FIELDS if field == name)
                return f"{label}: write the day as 2026-11-24 (year, month, day)."
        return ""

    def action_leave(self) -> None:
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """A click beside the form leaves it."""
        if event.widget is self:
            self.dismiss(None)
