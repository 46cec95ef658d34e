"""Lays out rows of text for a terminal: marks, hanging indents, trails at the right, hairlines.

Pure: rows and a width in, lines out. A page of forty rows is one widget this way, which is what
keeps a screen quick to open. Styles are strings such as "bold $today"; the page resolves them
against the theme when it draws.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from msgspec import Struct
from rich.cells import cell_len
from textual.content import Content

from launchready_tui.vocabulary.safe_text import clean

EMPTY = Content("")
QUIET = "$quiet"

_MARK = 2  # a glyph and the space after it
_TRAIL_GAP = 2
_TRAIL_SHARE = 0.5  # a trail never takes more of the width than this
_BAR = "▏ "
_WORD = re.compile(r"\n|[^ \n]+")


class Row(Struct, frozen=True):
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


class Line(Struct, frozen=True):
    """One line as drawn: only `body` changes when its row is selected."""

    head: Content = EMPTY
    body: Content = EMPTY
    tail: Content = EMPTY

    @property
    def plain(self) -> str:
        return f"{self.head.plain}{self.body.plain}{self.tail.plain}".rstrip()


class Layout(Struct, frozen=True):
    """All lines of a page, the key of the row that each belongs to, and each key's lines.

    `spans` maps a key to (start, end), end exclusive. Rows without a key have none.
    """

    lines: tuple[Line, ...] = ()
    owners: tuple[str, ...] = ()
    spans: Mapping[str, tuple[int, int]] = {}

    @property
    def selectable(self) -> tuple[str, ...]:
        return tuple(self.spans)


_BLANK = Line()


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
    """A row with nothing but text in one style."""
    return Row(styled(text, style), gap=gap, indent=indent)


def heading(text: str, trail: str = "", *, gap: int = 2, indent: int = 0) -> Row:
    """The quiet name of a group."""
    return Row(styled(text, QUIET), trail=styled(trail, QUIET), gap=gap, indent=indent)


def lay_out(rows: Sequence[Row], width: int) -> Layout:
    """Wrap every row to `width` cells. A width too small for a word cuts words, never raises."""
    width = max(width, 4)
    lines: list[Line] = []
    owners: list[str] = []
    spans: dict[str, tuple[int, int]] = {}
    for row in rows:
        if lines:
            lines.extend([_BLANK] * row.gap)
            owners.extend([""] * row.gap)
        drawn = _lines(row, width)
        if row.key:
            spans[row.key] = (len(lines), len(lines) + len(drawn))
        lines.extend(drawn)
        owners.extend([row.key] * len(drawn))
    return Layout(tuple(lines), tuple(owners), spans)


@lru_cache(4096)
def _lines(row: Row, width: int) -> tuple[Line, ...]:
    """The lines of one row. Kept, because most rows are the same from one state to the next."""
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
        drawn.append(Line(head_rest if place else head_first, body, tail))
    return tuple(drawn)


def _wrap(text: Content, first_room: int, room: int, hang: int) -> list[Content]:
    """Wrap the first line to `first_room` cells and the others to `room`, `hang` cells in."""
    if text.cell_length <= first_room and "\n" not in text.plain:
        return [text]
    indent = hang if hang < room - 2 else 0
    cuts = _cuts(text.plain, first_room, room - indent)
    shift = " " * indent
    return [
        joined(shift, text[start:end]) if indent and place else text[start:end]
        for place, (start, end) in enumerate(cuts)
    ]


def _cuts(plain: str, first_room: int, room: int) -> list[tuple[int, int]]:
    """Where lines start and end, without the spaces between them. Words too long are cut."""
    cuts: list[tuple[int, int]] = []
    start = end = None
    for word in _WORD.finditer(plain):
        limit = room if cuts else first_room
        if word[0] == "\n":
            at = word.start()
            cuts.append((at if start is None else start, at if end is None else end))
            start = end = None
            continue
        if start is not None and cell_len(plain[start : word.end()]) > limit:
            cuts.append((start, end or start))
            start, limit = None, room
        if start is None:
            start = word.start()
            while cell_len(plain[start : word.end()]) > limit:
                stop = start + _fitting(plain[start : word.end()], limit)
                cuts.append((start, stop))
                start, limit = stop, room
        end = word.end()
    cuts.append((len(plain) if start is None else start, len(plain) if end is None else end))
    return cuts


def _fitting(word: str, room: int) -> int:
    """How many letters of a word fit, at least one."""
    count = min(len(word), room)
    while count > 1 and cell_len(word[:count]) > room:
        count -= 1
    return max(count, 1)
