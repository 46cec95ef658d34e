"""Lays out rows of text for a terminal: marks, hanging indents, trails at the right, hairlines.

Pure: rows and a width in, lines out. A page of forty rows is one widget this way, which is what
keeps a screen quick to open. Styles are strings such as "bold $today"; the page resolves them
against the theme when it draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from textual.content import Content

from launchready_tui.safe_text import clean

EMPTY = Content("")
QUIET = "$quiet"

_MARK = 2  # a glyph and the space after it
_TRAIL_GAP = 2
_TRAIL_SHARE = 0.5  # a trail never takes more of the width than this
_BAR = "▏ "


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a page, wrapped when it has to be.

    `key` makes it selectable. `mark` stands in a column of its own before the text; `trail` at
    the right of the first line. `gap` counts blank lines before the row, `indent` cells before
    the mark, `hang` cells before the second and later lines. `bar` draws a hairline at the left.
    """

    text: Content
    key: str = ""
    mark: Content = EMPTY
    trail: Content = EMPTY
    gap: int = 0
    indent: int = 0
    hang: int = 0
    bar: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line as drawn: only `body` changes when its row is selected."""

    row: int
    head: Content = EMPTY
    body: Content = EMPTY
    tail: Content = EMPTY

    @property
    def plain(self) -> str:
        return f"{self.head.plain}{self.body.plain}{self.tail.plain}".rstrip()


@dataclass(frozen=True, slots=True)
class Layout:
    """All lines of a page, and on which of them each row starts and ends (end is exclusive)."""

    lines: tuple[Line, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    keys: tuple[str, ...] = field(default=())

    def span(self, key: str) -> tuple[int, int] | None:
        return self.spans[self.keys.index(key)] if key and key in self.keys else None

    @property
    def selectable(self) -> tuple[str, ...]:
        return tuple(key for key in self.keys if key)


def styled(text: str, style: str = "") -> Content:
    """Text from anywhere, cleaned of everything that a terminal could act on. Never markup."""
    return Content.styled(clean(text), style)


def joined(*parts: Content | str | tuple[str, str]) -> Content:
    """Several pieces as one line. Strings and tuples are our own text or cleaned by the caller."""
    return Content.assemble(*parts)


def coded(text: str, style: str = "", code: str = "bold") -> Content:
    """A sentence in which `backticks` set a value apart: the value is drawn in `code`."""
    pieces = clean(text).split("`")
    return Content.assemble(
        *((piece, code if place % 2 else style) for place, piece in enumerate(pieces))
    )


def values_in(text: str) -> tuple[str, ...]:
    """The values that a sentence sets apart in `backticks`, ready to be copied."""
    return tuple(piece for piece in clean(text).split("`")[1::2] if piece)


def text_row(text: str, style: str = "", *, gap: int = 0, indent: int = 0) -> Row:
    return Row(styled(text, style), gap=gap, indent=indent)


def heading(text: str, trail: str = "", *, gap: int = 2, indent: int = 0) -> Row:
    """The quiet name of a group."""
    return Row(styled(text, QUIET), trail=styled(trail, QUIET), gap=gap, indent=indent)


def lay_out(rows: Sequence[Row], width: int) -> Layout:
    """Wrap every row to `width` cells. A width too small for a word cuts words, never raises."""
    width = max(width, 4)
    lines: list[Line] = []
    spans: list[tuple[int, int]] = []
    for number, row in enumerate(rows):
        lines.extend(Line(-1) for _ in range(row.gap if lines else 0))
        start = len(lines)
        lines.extend(_lines(row, number, width))
        spans.append((start, len(lines)))
    return Layout(tuple(lines), tuple(spans), tuple(row.key for row in rows))


def _lines(row: Row, number: int, width: int) -> list[Line]:
    left = " " * row.indent + (_BAR if row.bar else "")
    mark_width = max(row.mark.cell_length + 1, _MARK) if row.mark else 0
    pad = 1 if row.key else 0
    trail = row.trail.truncate(max(int(width * _TRAIL_SHARE), 1), ellipsis=True)
    room = max(width - len(left) - mark_width - 2 * pad, 2)
    taken = trail.cell_length + _TRAIL_GAP if trail else 0
    pieces = _wrap(row.text, max(room - taken, 2), room, row.hang)
    widest = max(piece.cell_length for piece in pieces)
    head_first = joined((left, "$line"), row.mark, " " * (mark_width - row.mark.cell_length))
    head_rest = joined((left, "$line"), " " * mark_width)
    drawn: list[Line] = []
    for place, piece in enumerate(pieces):
        body = piece
        if pad:  # one block of one width, whichever line is longest
            most = min(widest, room - taken) if place == 0 else widest
            body = joined(" ", piece.pad_right(max(most - piece.cell_length, 0)), " ")
        tail = EMPTY
        if place == 0 and trail:
            used = len(left) + mark_width + body.cell_length
            tail = joined(" " * max(width - used - trail.cell_length, 1), trail)
        drawn.append(Line(number, head_rest if place else head_first, body, tail))
    return drawn


def _wrap(text: Content, first_room: int, room: int, hang: int) -> list[Content]:
    """Wrap the first line to `first_room` cells and the others to `room`, `hang` cells in."""
    if not text:
        return [EMPTY]
    if text.cell_length <= first_room and "\n" not in text.plain:
        return [text]
    first = text.wrap(first_room)
    if len(first) == 1 or (first_room == room and not hang):
        return [line.rstrip() for line in first]
    rest = text[len(first[0].plain) :]
    rest = rest[len(rest.plain) - len(rest.plain.lstrip(" \n")) :]
    shift = " " * hang if hang < room - 2 else ""
    return [
        first[0].rstrip(),
        *(joined(shift, line.rstrip()) for line in rest.wrap(room - len(shift))),
    ]
