"""What a document is made of: a few frozen blocks, and the inline parts of a line.

Writers turn them into Markdown or HTML. Plain strings are text, never markup: whoever wrote
them, a writer escapes every one. Only `web_link` makes something that can be clicked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Tone = Literal["today", "soon", "good", "quiet"]

_SCHEMES = ("https://", "http://", "mailto:")


@dataclass(frozen=True, slots=True)
class Code:
    """A value to copy or compare, letter by letter: a host, a record, a path."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Text that stands out in its line."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """Something to click. Built by `web_link`, which lets only http, https and mailto in."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A state: its glyph and its word, so that it is never colour alone."""

    glyph: str
    word: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Checked:
    """We looked ourselves, on this day. Never drawn like `Told`."""

    when: str

    @property
    def text(self) -> str:
        """The words of the mark: "checked on 24 November"."""
        return f"checked on {self.when}"


@dataclass(frozen=True, slots=True)
class Told:
    """A person said so. `by` and `when` are empty where the file does not record them."""

    by: str = ""
    when: str = ""

    @property
    def text(self) -> str:
        """The words of the mark: "told by Dana on 24 November", as far as it is known."""
        by = f" by {self.by}" if self.by else ""
        when = f" on {self.when}" if self.when else ""
        return f"told{by}{when}"


Inline = str | Code | Strong | Link | Mark | Checked | Told
Line = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the title of the document."""

    text: str
    level: Literal[2, 3] = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph."""

    line: Line


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list with a point for each line."""

    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """Numbered: the order matters."""

    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Boxes:
    """A list to tick by hand, on paper or on screen. We never tick one ourselves."""

    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`header`, `shares` and every row have the same number of cells.

    `shares` says how a page's width is parted: (1, 3) gives the second column three quarters.
    """

    header: tuple[str, ...]
    shares: tuple[int, ...]
    rows: tuple[tuple[Line, ...], ...]

    def __post_init__(self) -> None:
        if {len(self.header)} != {len(row) for row in (*self.rows, self.shares)}:
            raise ValueError("a row has another number of cells than the header")

    @property
    def percents(self) -> tuple[int, ...]:
        """The width of each column in whole percent, rounded down."""
        return tuple(100 * share // sum(self.shares) for share in self.shares)


@dataclass(frozen=True, slots=True)
class Terms:
    """Words that had to stay, each with its explanation."""

    items: tuple[tuple[str, Line], ...]


@dataclass(frozen=True, slots=True)
class Callout:
    """The one thing on the page that must not be missed."""

    line: Line
    tone: Tone = "quiet"


@dataclass(frozen=True, slots=True)
class Missing:
    """Nothing is recorded here: what is missing, and where it is answered."""

    what: str
    where: str


Block = Heading | Paragraph | Bullets | Steps | Boxes | Table | Terms | Callout | Missing


@dataclass(frozen=True, slots=True)
class Document:
    """One of the thirteen: `id` is its file name without ending, `title` its heading."""

    id: str
    title: str
    blocks: tuple[Block, ...]


def web_link(url: str, text: str = "") -> Link | Code:
    """A link for http, https and mailto; for anything else the bare text, to be read only."""
    return Link(text or url, url) if may_open(url) else Code(url)


def may_open(url: str) -> bool:
    """Whether a reader may click this: nothing that runs, reads a file or opens a program."""
    return url.lower().startswith(_SCHEMES) and not any(
        sign.isspace() or sign in "<>\"'`\\" for sign in url
    )


def plain(line: Line) -> str:
    """The text of a line, without its markup."""
    return "".join(part if isinstance(part, str) else _plain(part) for part in line)


def _plain(part: Code | Strong | Link | Mark | Checked | Told) -> str:
    return part.word if isinstance(part, Mark) else part.text


def lines(blocks: Iterable[Block]) -> Iterator[Line]:
    """Every line of text in these blocks, in reading order; a table row gives one a cell."""
    for block in blocks:
        match block:
            case Heading(text):
                yield (text,)
            case Paragraph(line) | Callout(line):
                yield line
            case Bullets(items) | Steps(items) | Boxes(items):
                yield from items
            case Terms(terms):
                yield from ((f"{term}: ", *line) for term, line in terms)
            case Table(header, _, rows):
                yield from ((cell,) for cell in header)
                for row in rows:
                    yield from row
            case Missing(what, where):
                yield (f"{what} {where}",)


def text(document: Document) -> str:
    """The whole document as plain text, a line a block line: for searching and for measuring."""
    return "\n".join((document.title, *(plain(line) for line in lines(document.blocks))))
