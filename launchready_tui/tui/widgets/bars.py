"""The two lines that frame every screen: what and how it stands on top, the keys at the bottom."""

from __future__ import annotations

from msgspec import Struct
from textual import events
from textual.content import Content
from textual.widget import Widget

from launchready_tui.tui.widgets.typeset import EMPTY, joined

_SPACE = 4  # cells between two keys
MOST_KEYS = 5


class Key(Struct, frozen=True):
    """A key in the bottom line: what it is called, what it does, and its action."""

    name: str
    says: str
    action: str


class Heading(Struct, frozen=True):
    """What the top line says. `checked` and `planned` draw the hairline as progress."""

    product: str = ""
    domain: str = ""
    verdict: Content = EMPTY
    save: Content = EMPTY
    checked: int = 0
    planned: int = 0


class TopBar(Widget):
    """Name, product and domain at the left; verdict and save state at the right; a hairline.

    While checks run the hairline is their progress, so that nothing on the screen moves.
    """

    def __init__(self) -> None:
        super().__init__(id="top")
        self._heading = Heading()

    def show(self, heading: Heading) -> None:
        if heading != self._heading:
            self._heading = heading
            self.refresh()

    @property
    def plain(self) -> str:
        return self._text(self.size.width).plain

    def render(self) -> Content:
        width = self.content_size.width
        return joined(self._text(width), "\n", self._hairline(width))

    def _text(self, width: int) -> Content:
        shown = self._heading
        right = shown.save
        if shown.verdict:
            right = joined(shown.verdict, "   ", shown.save) if shown.save else shown.verdict
        if right.cell_length > width - 14:
            right = shown.save or shown.verdict
        name = ("LaunchReady", "bold $accent")
        lefts = (
            joined(name, "  ", (shown.product, "$ink"), " ", (shown.domain, "$quiet")),
            joined(name, "  ", (shown.product, "$ink")),
            joined(name),
        )
        room = width - right.cell_length - 2
        left = next((left for left in lefts if left.cell_length <= room), EMPTY)
        return joined(left, " " * max(width - left.cell_length - right.cell_length, 0), right)

    def _hairline(self, width: int) -> Content:
        shown = self._heading
        done = width * shown.checked // shown.planned if shown.planned else 0
        return joined(("─" * done, "$accent"), ("─" * (width - done), "$line"))


class KeyBar(Widget):
    """At most five keys, each of which can be clicked. What does not fit is left out; the last
    one, which is help, always stays."""

    def __init__(self) -> None:
        super().__init__(id="keys")
        self._keys: tuple[Key, ...] = ()

    def show(self, keys: tuple[Key, ...]) -> None:
        if len(keys) > MOST_KEYS:
            raise ValueError(f"{len(keys)} keys in the bottom line; {MOST_KEYS} is the most")
        if keys != self._keys:
            self._keys = keys
            self.refresh()

    @property
    def plain(self) -> str:
        return self.render().plain

    def _fitting(self) -> tuple[Key, ...]:
        width = self.content_size.width
        keys = list(self._keys)
        while len(keys) > 1 and sum(_width(key) for key in keys) - _SPACE > width:
            del keys[-2]
        return tuple(keys)

    def render(self) -> Content:
        parts = [
            joined((key.name, "bold $ink"), " ", (key.says, "$quiet")) for key in self._fitting()
        ]
        return Content(" " * _SPACE).join(parts)

    def key_at(self, x: int) -> Key | None:
        start = 0
        for key in self._fitting():
            if start <= x < start + _width(key) - _SPACE:
                return key
            start += _width(key)
        return None

    async def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        key = self.key_at(offset.x) if offset else None
        if key is not None:
            event.stop()
            self.screen.set_focus(None)
            await self.app.run_action(key.action, self.screen)


def _width(key: Key) -> int:
    return len(key.name) + 1 + len(key.says) + _SPACE
