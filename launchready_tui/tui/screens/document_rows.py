"""A document as rows: how the preview shows headings, lists, tables and what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from launchready_tui.documents.blocks import (
    Block,
    Boxes,
    Bullets,
    Callout,
    Checked,
    Code,
    Document,
    Heading,
    Inline,
    Line,
    Link,
    Mark,
    Missing,
    Paragraph,
    Steps,
    Strong,
    Table,
    Terms,
    Told,
)
from launchready_tui.tui.widgets.mask import Mask
from launchready_tui.tui.widgets.typeset import QUIET, Row, joined, styled, text_row

_GAP = 2  # cells between two columns of a table
_NARROWEST = 10  # a column of a table never gets narrower: then the table becomes a list
_TALLEST = 2.5  # nor does a row get more than about so many lines


def document_rows(document: Document, mask: Mask, width: int) -> tuple[Row, ...]:
    """The whole document for a page `width` cells wide. Masked where somebody presents."""
    rows = [text_row(document.title, "bold")]
    for block in document.blocks:
        rows.extend(_block(block, mask, width))
    return tuple(rows)


def _block(block: Block, mask: Mask, width: int) -> Iterator[Row]:
    match block:
        case Heading(text, level):
            tone = "bold $accent" if level == 2 else "bold"
            yield Row(styled(mask.text(text), tone), gap=2 if level == 2 else 1)
        case Paragraph(line):
            yield Row(_line(line, mask), gap=1)
        case Callout(line, tone):
            yield Row(_line(line, mask), mark=styled("▌", f"${tone}"), gap=1)
        case Bullets(items):
            yield from _list(items, ["•"] * len(items), mask)
        case Boxes(items):
            yield from _list(items, ["☐"] * len(items), mask)
        case Steps(items):
            yield from _list(items, [f"{n}." for n in range(1, len(items) + 1)], mask)
        case Table():
            yield from _table(block, mask, width)
        case Terms(items):
            for place, (name, explained) in enumerate(items):
                yield Row(
                    joined(styled(name, "bold"), "  ", _line(explained, mask)),
                    gap=0 if place else 1,
                    hang=2,
                )
        case Missing(what, where):
            says = joined(styled(what, "$soon"), " ", styled(where, QUIET))
            yield Row(says, mark=styled("○", "$soon"), gap=1)


def _list(items: tuple[Line, ...], marks: list[str], mask: Mask) -> Iterator[Row]:
    for place, (item, sign) in enumerate(zip(items, marks, strict=True)):
        yield Row(_line(item, mask), mark=styled(sign, QUIET), gap=0 if place else 1, hang=0)


def _line(line: Line, mask: Mask) -> Content:
    return joined(*(_inline(part, mask) for part in line))


def _inline(part: Inline, mask: Mask) -> Content:
    match part:
        case str():
            return styled(mask.text(part))
        case Code(text):
            return styled(mask.text(text), "$accent")
        case Strong(text):
            return styled(mask.text(text), "bold")
        case Link(text, url):
            shown = text if text == url else f"{text} ({url})"
            return styled(mask.text(shown), "underline")
        case Mark(glyph, word, tone):
            return styled(f"{glyph} {word}", f"${tone}")
        case Checked() | Told():
            return styled(mask.text(part.text), QUIET)


def _table(table: Table, mask: Mask, width: int) -> Iterator[Row]:
    """Columns where they fit; else one short list a row, each value under its heading."""
    cells = [[_line(cell, mask) for cell in row] for row in table.rows]
    header = [styled(text, QUIET) for text in table.header]
    widths = _column_widths([header, *cells], width)
    if widths is None:
        yield from _stacked(header, cells)
        return
    yield Row(_columns(header, widths), gap=1)
    for row in cells:
        wrapped = [cell.wrap(room) or [Content("")] for cell, room in zip(row, widths, strict=True)]
        for number in range(max(len(lines) for lines in wrapped)):
            line = [lines[number] if number < len(lines) else Content("") for lines in wrapped]
            yield Row(_columns(line, widths))


def _columns(cells: list[Content], widths: list[int]) -> Content:
    padded = [
        cell.pad_right(max(room - cell.cell_length, 0))
        for cell, room in zip(cells, widths, strict=True)
    ]
    return Content(" " * _GAP).join(padded).rstrip()


def _column_widths(rows: list[list[Content]], width: int) -> list[int] | None:
    """Give each column what it needs; take from the widest first. None when it cannot work."""
    wanted = [
        max((row[column].cell_length for row in rows), default=0) for column in range(len(rows[0]))
    ]
    room = width - _GAP * (len(wanted) - 1)
    if sum(wanted) > _TALLEST * room:
        return None
    while sum(wanted) > room:
        widest = max(range(len(wanted)), key=wanted.__getitem__)
        if wanted[widest] <= _NARROWEST:
            return None
        wanted[widest] -= 1
    return wanted


def _stacked(header: list[Content], cells: list[list[Content]]) -> Iterator[Row]:
    for row in cells:
        for place, (name, cell) in enumerate(zip(header, row, strict=True)):
            if cell:
                yield Row(joined(name, "  ", cell), gap=0 if place else 1, hang=2)
