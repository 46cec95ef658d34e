"""The thirteen documents: read any of them as it would be written now, and write them all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.events import Resize

from launchready_tui.documents import build
from launchready_tui.documents.blocks import Document
from launchready_tui.project.model import Project
from launchready_tui.tui.messages import AuditStopped, Go, WriteWanted
from launchready_tui.tui.screens.base import Frame, text_keys
from launchready_tui.tui.screens.document_rows import document_rows
from launchready_tui.tui.state import State
from launchready_tui.tui.widgets.bars import Key
from launchready_tui.tui.widgets.page import Page
from launchready_tui.tui.widgets.typeset import QUIET, Row, heading, styled, text_row

Pane = Literal["list", "preview"]


class DocumentsScreen(Frame):
    """Left the thirteen, right the one under the cursor. `item` is the id of a document."""

    CSS_PATH = "../styles/documents.tcss"

    BINDINGS: ClassVar[list[BindingType]] = text_keys(
        ("w", "write", "Write all documents"),
        ("right", "pane('preview')", "Read the document"),
        ("left", "pane('list')", "Back to the list"),
    )

    def __init__(self, state: State, item: str = "") -> None:
        super().__init__(state)
        self.document = item
        self.pane: Pane = "preview" if item else "list"
        self._built: tuple[Project, tuple[Document, ...]] | None = None

    def body(self) -> ComposeResult:
        with Horizontal(id="columns"):
            yield Page(id="documents")
            yield Page(id="preview")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#documents", Page).point_at(f"document:{self.document}")
        self.action_pane(self.pane)

    @property
    def documents(self) -> tuple[Document, ...]:
        """Built once for each state of the project."""
        if self._built is None or self._built[0] is not self.state.project:
            self._built = (self.state.project, build(self.state.project, self.state.checklist))
        return self._built[1]

    def refresh_body(self) -> None:
        documents = self.documents
        if not self.document and documents:
            self.document = documents[0].id
        self.query_one("#documents", Page).show(self._list())
        self._preview(top=False)

    def _list(self) -> Iterator[Row]:
        yield text_row("Documents", "bold")
        yield text_row("Written from your file alone. Nothing leaves this machine.", QUIET)
        for place, document in enumerate(self.documents):
            yield Row(
                styled(document.title),
                key=f"document:{document.id}",
                mark=styled(document.id[:2], QUIET),
                gap=0 if place else 1,
            )
        yield Row(
            styled("Write them all", "bold $accent"),
            key="write",
            mark=styled("w ", "bold $accent"),
            gap=1,
        )
        written = self.state.written
        if written is not None:
            yield heading(f"Written {written.when}", gap=1)
            yield text_row(f"{written.count} files, in", QUIET)
            yield text_row(written.folder)

    def _preview(self, *, top: bool) -> None:
        page = self.query_one("#preview", Page)
        shown = next((each for each in self.documents if each.id == self.document), None)
        if shown is not None:
            page.show(document_rows(shown, self.state.mask, page.text_width), top=top)

    def on_resize(self, event: Resize) -> None:
        self.call_after_refresh(self.refresh_body)

    def keys(self) -> tuple[Key, ...]:
        read = Key("enter", "read", "screen.pane('preview')")
        if self.pane == "preview":
            read = Key("esc", "list", "screen.back")
        return (
            read,
            Key("w", "write all", "screen.write"),
            Key("s", "stages", "screen.go('stage')"),
            Key("?", "help", "screen.go('help')"),
        )

    def on_page_highlighted(self, event: Page.Highlighted) -> None:
        kind, _, value = event.key.partition(":")
        if kind == "document" and value != self.document:
            self.document = value
            self._preview(top=True)

    def on_page_chosen(self, event: Page.Chosen) -> None:
        if event.key == "write":
            self.action_write()
        elif event.key.startswith("document:"):
            self.action_pane("preview")

    def action_pane(self, pane: Pane) -> None:
        self.pane = pane
        self.set_class(pane == "list", "-on-list")
        self.set_class(pane == "preview", "-on-preview")
        self.set_focus(self.query_one("#documents" if pane == "list" else "#preview", Page))
        self.call_after_refresh(self._preview, top=False)
        self.show_keys()

    def action_write(self) -> None:
        self.post_message(WriteWanted())

    def action_back(self) -> None:
        if self.state.checking.running:
            self.post_message(AuditStopped())
        elif self.pane == "preview":
            self.action_pane("list")
        else:
            self.post_message(Go("back"))
