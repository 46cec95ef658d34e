"""Help: every key of the screen you came from, and every place. Each line can be chosen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen

from launchready_tui.tui.messages import Go
from launchready_tui.tui.screens.base import Frame, text_keys
from launchready_tui.tui.screens.rail import PLACES
from launchready_tui.tui.state import State
from launchready_tui.tui.widgets.bars import Key
from launchready_tui.tui.widgets.look import glyph
from launchready_tui.tui.widgets.page import Page
from launchready_tui.tui.widgets.typeset import QUIET, Row, heading, styled, text_row
from launchready_tui.verdict.readiness import GLYPHS

_NAMES = {
    "question_mark": "?",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "escape": "esc",
    "shift+r": "R",
    "upper_c": "C",
}


class HelpScreen(Frame):
    """Shows the keys of the screen `below`; choosing one goes back there and does it."""

    CSS_PATH = "../styles/help.tcss"

    BINDINGS: ClassVar[list[BindingType]] = text_keys(("question_mark", "back", ""))

    def __init__(self, state: State, below: Screen[Any]) -> None:
        super().__init__(state)
        self.own = _bindings(below)
        self.wanted = ""

    def body(self) -> ComposeResult:
        yield Page(id="help")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(Page).focus()

    def refresh_body(self) -> None:
        self.query_one(Page).show(self._rows())

    def keys(self) -> tuple[Key, ...]:
        return (
            Key("enter", "do it", "screen.do"),
            Key("ctrl+p", "all commands", "app.command_palette"),
            Key("esc", "back", "screen.back"),
        )

    def action_do(self) -> None:
        self.query_one(Page).action_choose()

    def on_page_chosen(self, event: Page.Chosen) -> None:
        kind, _, value = event.key.partition(":")
        if kind == "place":
            self.post_message(Go(value))
        elif kind == "key":
            self.wanted = self.own[int(value)].action
            self.post_message(Go("back"))

    def _rows(self) -> Iterator[Row]:
        yield text_row("Help", "bold")
        yield text_row(
            "Every key works with the mouse too: choose a line here, or click one below.", QUIET
        )
        yield heading("Places", gap=1)
        for name, says, key in (("stage", "The seven stages", "s"), *PLACES[:-1]):
            yield Row(styled(says), key=f"place:{name}", mark=_key(key))
        yield heading("Keys here", gap=1)
        for place, binding in enumerate(self.own):
            if binding.description and not binding.action.startswith("go("):
                yield Row(
                    styled(binding.description), key=f"key:{place}", mark=_key(_shown(binding.key))
                )
        for key, says in (
            ("enter", "Go in, or choose"),
            ("esc", "Go back, or stop the checks"),
            ("tab", "The next part of the screen"),
            ("1 2 3", "Choose an answer"),
            ("ctrl+p", "All commands, by name"),
        ):
            yield Row(styled(says, QUIET), mark=_key(f"{key:<9}"))
        yield heading("Signs", gap=1)
        for standing, (_, says) in GLYPHS.items():
            yield Row(styled(_MEANING.get(standing.value, says)), mark=glyph(standing).pad_right(8))
        yield text_row(
            "Private? Press p before you share your screen. It hides names, emails and notes.",
            QUIET,
            gap=1,
        )


_MEANING = {
    "ok": "ok: we looked, and it is right",
    "told": "told: a person said so; we did not see it",
    "today": "fix today: broken or dangerous now",
    "soon": "fix soon: before you launch",
    "later": "later: after the launch is fine",
    "unknown": "can't tell: we got no answer, which is neither good nor bad",
    "open": "open: nobody has looked or answered",
    "skipped": "does not apply",
}


def _bindings(screen: Screen[Any]) -> tuple[Binding, ...]:
    """The keys that mean something on this screen, each action once, its own keys first."""
    found: dict[str, Binding] = {}
    for kind in type(screen).__mro__:
        if not issubclass(kind, Frame):
            continue
        for binding in vars(kind).get("BINDINGS", ()):
            if isinstance(binding, Binding) and binding.description:
                found.setdefault(binding.action, binding)
    return tuple(found.values())


def _shown(keys: str) -> str:
    first = keys.split(",")[0]
    return _NAMES.get(first, first)


def _key(name: str) -> Content:
    return Content.styled(name.ljust(8), "bold $accent")
