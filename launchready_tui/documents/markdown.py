"""Writes a document as Markdown (CommonMark with GitHub's tables).

All text is escaped, so that a record, a note or a name can never become markup: no heading, no
link, no image, no HTML, no new table cell. Only `Link` becomes a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

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
    may_open,
)
from launchready_tui.documents.gate import shown

# CommonMark 2.4: any ASCII punctuation may be escaped. These can start something inside a line.
_SPECIAL = re.compile(r"[\\`*_\[\]<>&|~$]")
# GitHub turns bare addresses into links; an escaped sign in the middle keeps them text.
_BARE_LINK = re.compile(r"(?i)\b(www)\.|:(?=//)|(mailto|xmpp):")
# What would start a heading, a list, a rule or an underlined heading at the start of a line.
_AT_START = re.compile(r"^([#+\-=])|^(\d{1,9})([.)])")


# The last line of every file that we wrote: a word to the reader, and how we know our own.
FOOTER = "_Written by LaunchReady from the project file. Change that file, not this page._"


def write(document: Document, about: str) -> str:
    """The whole document; every block parted by an empty line, one newline at the end.

    `about` says whose document it is, under the title: each file may travel on its own.
    """
    parts = [f"# {_text(document.title)}", f"**{_text(about)}**"]
    parts += [_block(block) for block in document.blocks]
    return "\n\n".join((*parts, FOOTER)) + "\n"


def _block(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"{'#' * level} {_text(text)}"
        case Paragraph(line):
            return _line(line)
        case Bullets(items):
            return "\n".join(f"- {_line(item)}" for item in items)
        case Boxes(items):
            return "\n".join(f"- [ ] {_line(item)}" for item in items)
        case Steps(items):
            return "\n".join(f"{number}. {_line(item)}" for number, item in enumerate(items, 1))
        case Callout(line):
            return f"> {_line(line)}"
        case Missing(what, where):
            return f"> **Still missing.** {_line((f'{what} {where}'.strip(),))}"
        case Terms(terms):
            return "\n".join(
                f"- **{_text(term)}**: {_line(meaning, in_table=True)}" for term, meaning in terms
            )
        case Table():
            return _table(block)


def _table(table: Table) -> str:
    rows = [
        _row(_text(cell) for cell in table.header),
        _row("---" for _ in table.header),
        *(_row(_line(cell, in_table=True) for cell in row) for row in table.rows),
    ]
    return "\n".join(rows)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _line(line: Line, *, in_table: bool = False) -> str:
    joined = "".join(_inline(part, in_table) for part in line).strip()
    return joined if in_table else _AT_START.sub(_escape_start, joined, count=1)


def _escape_start(found: re.Match[str]) -> str:
    return f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}"


def _inline(part: Inline, in_table: bool) -> str:
    match part:
        case str():
            return _text(part)
        case Code(text):
            return _code(shown(text), in_table)
        case Strong(text):
            return f"**{_text(text.strip())}**" if text.strip() else ""
        case Mark(glyph, word):
            return f"{_text(glyph)} {_text(word)}"
        case Checked():
            return f"✓ {_text(part.text)}"
        case Told():
            return f"_{_text(part.text)}_"
        case Link(text, url):
            if not may_open(url):
                return _code(shown(url), in_table)
            return f"[{_text(text)}](<{shown(url).replace('|', '%7C')}>)"


def _text(text: str) -> str:
    """Text that shows every sign as it is. Spaces at the ends are kept: lines are joined later."""
    before = " " if text[:1].isspace() else ""
    after = " " if text.strip() and text[-1:].isspace() else ""
    escaped = _SPECIAL.sub(lambda sign: f"\\{sign[0]}", shown(text).strip())
    return before + _BARE_LINK.sub(_break_link, escaped) + after


def _break_link(found: re.Match[str]) -> str:
    if found[1]:
        return f"{found[1]}\\."
    return f"{found[2] or ''}\\:"


def _code(text: str, in_table: bool) -> str:
    """A code span whose fence is longer than any run of backticks inside (CommonMark 6.1).

    A pipe ends a table cell even inside a code span, and readers disagree about escaping it
    there. Such a value is written as text.
    """
    if not text:
        return ""
    if in_table and "|" in text:
        return _text(text)
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{pad}{text}{pad}{fence}"
