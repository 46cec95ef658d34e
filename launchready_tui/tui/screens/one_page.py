"""A place that is one page of rows: what Fix today, Ready? and the dashboard have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable

from textual.app import ComposeResult

from launchready_tui.tui.messages import AuditWanted
from launchready_tui.tui.screens.base import Frame
from launchready_tui.tui.widgets.page import Page
from launchready_tui.tui.widgets.typeset import Row


class OnePage(Frame):
    """Enter opens the row under the cursor; the page is laid out anew for every width."""

    CSS_PATH = "../styles/one_page.tcss"

    @abstractmethod
    def rows(self) -> Iterable[Row]:
        """The whole page for `self.state` and the present width."""

    def body(self) -> ComposeResult:
        yield Page(id="one-page")

    def on_mount(self) -> None:
        super().on_mount()
        page = self.query_one(Page)
        page.focus()
        if page.selectable:
            page.point_at(page.selectable[0])

    def refresh_body(self) -> None:
        self.query_one(Page).show(self.rows())

    def on_resize(self) -> None:
        self.call_after_refresh(self.refresh_body)

    def action_open(self) -> None:
        self.query_one(Page).action_choose()

    def action_check(self) -> None:
        self.post_message(AuditWanted())
