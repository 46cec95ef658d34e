"""The command palette's own entries: every place, every item, how every check judges, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from textual.app import SystemCommand
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.message import Message
from textual.screen import Screen

from launchready_tui.tui.messages import (
    AuditStopped,
    AuditWanted,
    Go,
    PresentToggled,
    QuitWanted,
    SaveWanted,
    ThemeToggled,
    UndoWanted,
    WriteWanted,
)
from launchready_tui.tui.screens.base import Frame
from launchready_tui.tui.screens.rail import PLACES
from launchready_tui.tui.state import State
from launchready_tui.vocabulary.safe_text import clean_line


class ItemCommands(Provider):
    """Opens an item of the checklist, or the page about a check. Titles are never markup."""

    def _entries(self) -> Iterator[tuple[str, Go]]:
        screen = self.screen
        if isinstance(screen, Frame) and screen.state.loaded is not None:
            for stage, item in screen.state.checklist.items():
                yield clean_line(f"Open: {item.title} ({stage.title})"), Go("stage", item.id)
        if isinstance(screen, Frame):
            for check, title in screen.state.checklist.titles.items():
                yield clean_line(f"How we judge: {title} ({check})"), Go("check-page", check)

    def _go(self, message: Go) -> None:
        self.screen.post_message(message)

    async def discover(self) -> Hits:
        for title, message in self._entries():
            yield DiscoveryHit(Content(title), partial(self._go, message), text=title)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for title, message in self._entries():
            score = matcher.match(title)
            if score > 0:
                yield Hit(score, matcher.highlight(title), partial(self._go, message), text=title)


def system_commands(screen: Screen[Any], state: State) -> Iterator[SystemCommand]:
    """What can be done anywhere, by name. Actions run on the screen that was open."""
    ours = next(
        (each for each in reversed(screen.app.screen_stack) if isinstance(each, Frame)), None
    )
    if ours is None:
        return

    def post(message: Message) -> Callable[[], object]:
        return lambda: ours.post_message(message)

    if state.loaded is not None:
        for place, says, key in (("stage", "The seven stages", "s"), *PLACES):
            yield SystemCommand(says, f"Key: {key}", post(Go(place)))
        yield SystemCommand("Check everything", "Run every check now. Key: R", post(AuditWanted()))
        yield SystemCommand("Stop checking", "What came in stays. Key: esc", post(AuditStopped()))
        yield SystemCommand("Take back the last answer", "Key: u", post(UndoWanted()))
        yield SystemCommand("Write all documents", "Into the handover folder", post(WriteWanted()))
        yield SystemCommand("Save again", "After a save that failed", post(SaveWanted()))
        yield SystemCommand("Present", "Hide what is private. Key: p", post(PresentToggled()))
    yield SystemCommand("Light or dark", "Key: l", post(ThemeToggled()))
    yield SystemCommand("Leave", "Everything is saved first. Key: q", post(QuitWanted()))
