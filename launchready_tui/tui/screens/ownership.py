"""Ownership: every account with its holder, its backup, and the question "tonight?"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

import msgspec
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal

from launchready_tui.project.model import Account
from launchready_tui.tui.messages import AccountRemoved, AccountSaved, AuditStopped, Go
from launchready_tui.tui.screens.account_form import AccountForm
from launchready_tui.tui.screens.accounts import account_detail, account_rows
from launchready_tui.tui.screens.base import Frame, text_keys
from launchready_tui.tui.screens.choose import Choose
from launchready_tui.tui.state import State
from launchready_tui.tui.widgets.bars import Key
from launchready_tui.tui.widgets.page import Page
from launchready_tui.tui.widgets.typeset import QUIET, Row, styled, text_row

Pane = Literal["list", "account"]


class OwnershipScreen(Frame):
    """Left the accounts, right the one under the cursor."""

    CSS_PATH = "../styles/ownership.tcss"

    BINDINGS: ClassVar[list[BindingType]] = text_keys(
        ("a", "add", "Add an account"),
        ("e", "edit", "Change what is noted"),
        ("x,delete", "remove", "Remove this account"),
        ("y", "verified", "Yes, I could log in just now"),
        ("right", "pane('account')", "To the account"),
        ("left", "pane('list')", "Back to the list"),
    )

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.place = 0
        self.pane: Pane = "list"

    def body(self) -> ComposeResult:
        with Horizontal(id="columns"):
            yield Page(id="accounts")
            yield Page(id="account")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#accounts", Page).point_at("account:0" if self.accounts else "add")
        self.action_pane("list")

    @property
    def accounts(self) -> tuple[Account, ...]:
        return self.state.project.accounts

    @property
    def account(self) -> Account | None:
        return self.accounts[self.place] if self.place < len(self.accounts) else None

    def refresh_body(self) -> None:
        self.place = min(self.place, max(len(self.accounts) - 1, 0))
        today = self.state.now.astimezone().date()
        self.query_one("#accounts", Page).show(account_rows(self.accounts, today, self.state.mask))
        self._show_account(top=False)

    def _show_account(self, *, top: bool) -> None:
        account = self.account
        today = self.state.now.astimezone().date()
        rows: Iterator[Row]
        if account is None:
            rows = iter(_welcome())
        else:
            rows = account_detail(account, today, self.state.mask)
        self.query_one("#account", Page).show(rows, top=top)

    def keys(self) -> tuple[Key, ...]:
        first = Key("enter", "open", "screen.pane('account')")
        if self.pane == "account":
            first = Key("esc", "list", "screen.back")
        return (
            first,
            Key("a", "add", "screen.add"),
            Key("e", "change", "screen.edit"),
            Key("y", "I could log in", "screen.verified"),
            Key("?", "help", "screen.go('help')"),
        )

    def on_page_highlighted(self, event: Page.Highlighted) -> None:
        kind, _, value = event.key.partition(":")
        if kind == "account" and int(value) != self.place:
            self.place = int(value)
            self._show_account(top=True)

    def on_page_chosen(self, event: Page.Chosen) -> None:
        kind, _, _value = event.key.partition(":")
        match kind:
            case "account":
                self.action_pane("account")
            case "add":
                self.action_add()
            case "yes":
                self.action_verified()
            case "edit":
                self.action_edit()
            case "remove":
                self.action_remove()

    def action_pane(self, pane: Pane) -> None:
        self.pane = pane
        self.set_class(pane == "list", "-on-list")
        self.set_class(pane == "account", "-on-account")
        self.set_focus(self.query_one("#accounts" if pane == "list" else "#account", Page))
        self.show_keys()

    def action_back(self) -> None:
        if self.state.checking.running:
            self.post_message(AuditStopped())
        elif self.pane == "account":
            self.action_pane("list")
        else:
            self.post_message(Go("back"))

    def action_add(self) -> None:
        form = AccountForm(Account(service=""), self.state.people(), self.state.mask)
        self.app.push_screen(form, self._added)

    def _added(self, account: Account | None) -> None:
        if account is not None:
            self.place = len(self.accounts)
            self.post_message(AccountSaved(account))

    def action_edit(self) -> None:
        account, place = self.account, self.place
        if account is None:
            return
        form = AccountForm(account, self.state.people(), self.state.mask)

        def changed(made: Account | None) -> None:
            if made is not None:
                self.post_message(AccountSaved(made, place))

        self.app.push_screen(form, changed)

    def action_verified(self) -> None:
        """A way in that somebody tried today."""
        if self.account is not None:
            today = self.state.now.astimezone().date()
            made = msgspec.structs.replace(self.account, last_verified=today)
            self.post_message(AccountSaved(made, self.place))

    def action_remove(self) -> None:
        account, place = self.account, self.place
        if account is None:
            return
        choose = Choose(
            f"Remove {account.service or 'this account'} from the list?",
            "The account itself stays as it is. You can take this back with u.",
            (("keep", "Keep it"), ("remove", "Remove it from the list")),
        )

        def chosen(value: str | None) -> None:
            if value == "remove":
                self.post_message(AccountRemoved(place))

        self.app.push_screen(choose, chosen)


def _welcome() -> Iterator[Row]:
    yield text_row("Who holds the keys?", "bold")
    yield text_row(
        "List each service that your product needs: the domain, DNS, hosting, email, payments.",
        gap=1,
    )
    yield Row(
        styled(
            "Name places, never passwords. Launch night is a bad time to look for a login.", QUIET
        )
    )
