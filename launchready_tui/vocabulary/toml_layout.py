"""Where things stand in the text of a TOML file: tables, statements, values, as offsets.

Made for text that `tomllib` has read without complaint (TOML 1.0), so it checks nothing itself.
Saving edits the text at these places, which leaves every other byte as it was: tomlkit would
regroup split arrays of tables and move comments. Errors get their line and column from here.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cached_property

Path = tuple[str | int, ...]

_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*(?:#[^\n]*\Z)?")  # with comments
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{1,2})?'
    r"|'''.*?'''(?:'{1,2})?"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_BARE_VALUE = re.compile(r"\d{4}-\d\d-\d\d \d\d:[^\s,\]}#]*|[^\s,\]}#]+")


@dataclass(frozen=True, slots=True)
class Statement:
    """`key = value` on a line of its own; `path` is the full path, `end` after its newline."""

    path: Path
    start: int
    value: int
    value_end: int
    end: int
    block: int


@dataclass(frozen=True, slots=True)
class Block:
    """The root (path empty) or a table from its header on. Rows of `[[x]]` end in their index.

    `lead` is where the comment right above the header begins, `body` follows the header's line,
    `end` follows the last statement's line, `tail` the comment right below that.
    """

    path: Path
    lead: int
    header: int
    body: int
    end: int
    tail: int


@dataclass(frozen=True)
class Layout:
    """The blocks and statements of a text in order, and the offset of every path in it."""

    text: str
    blocks: tuple[Block, ...]
    statements: tuple[Statement, ...]
    places: dict[Path, int]

    @cached_property
    def by_path(self) -> dict[Path, Statement]:
        """The statements by their path in the file."""
        return {statement.path: statement for statement in self.statements}

    @cached_property
    def block_at(self) -> dict[Path, int]:
        """The number of the block with exactly this path."""
        return {block.path: number for number, block in enumerate(self.blocks)}

    def offset(self, path: Path) -> int | None:
        """Where the value, row or table stands, or the nearest thing around it."""
        while path:
            if path in self.places:
                return self.places[path]
            path = path[:-1]
        return None


def line_column(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, as editors count them."""
    before = text[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")


def scan(text: str) -> Layout:
    """The layout of a text that tomllib accepts."""
    return _Scanner(text).run()


class _Scanner:
    """Walks once through the text; what it has found so far is its state."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.statements: list[Statement] = []
        self.places: dict[Path, int] = {}
        self.heads: list[tuple[Path, int, int]] = [((), 0, 0)]  # path, header, body
        self.rows: dict[Path, int] = {}  # how many [[rows]] each array has so far

    def run(self) -> Layout:
        at = self._skip(_BLANK, 0)
        while at < len(self.text):
            at = self._header(at) if self.text[at] == "[" else self._statement(at)
            at = self._skip(_BLANK, at)
        return Layout(self.text, self._blocks(), tuple(self.statements), self.places)

    def _skip(self, pattern: re.Pattern[str], at: int) -> int:
        match = pattern.match(self.text, at)
        return match.end() if match else at

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end + 1

    def _line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def _header(self, at: int) -> int:
        array = self.text.startswith("[[", at)
        names, end = self._key(self._skip(_SPACE, at + (2 if array else 1)))
        path: Path = ()
        for depth, name in enumerate(names, 1):
            path = (*path, name)
            if array and depth == len(names):
                self.rows[path] = self.rows.get(path, 0) + 1
            self.places.setdefault(path, at)
            if path in self.rows:
                path = (*path, self.rows[path] - 1)
                self.places.setdefault(path, at)
        self.places[path] = at
        body = self._line_end(end)
        self.heads.append((path, self._line_start(at), body))
        return body

    def _statement(self, at: int) -> int:
        names, after = self._key(at)
        prefix = self.heads[-1][0]
        for depth in range(1, len(names)):
            self.places.setdefault((*prefix, *names[:depth]), at)
        path = (*prefix, *names)
        value = self._skip(_SPACE, self._skip(_SPACE, after) + 1)
        value_end = self._value(value, path)
        end = self._line_end(value_end)
        number = len(self.heads) - 1
        start = self._line_start(at)
        self.statements.append(Statement(path, start, value, value_end, end, number))
        return end

    def _key(self, at: int) -> tuple[tuple[str, ...], int]:
        names: list[str] = []
        while True:
            quoted = _STRING.match(self.text, at)
            match = quoted or _BARE_KEY.match(self.text, at)
            if match is None:  # an empty rest: tomllib would not have let it pass
                return tuple(names), at
            names.append(_unquote(match[0]) if quoted else match[0])
            at = match.end()
            dot = _DOT.match(self.text, at)
            if dot is None:
                return tuple(names), at
            at = dot.end()

    def _value(self, at: int, path: Path) -> int:
        """The end of the value; its own place and those of the values in it are noted."""
        self.places[path] = at
        opening = self.text[at]
        if opening == "[":
            return self._array(at + 1, path)
        if opening == "{":
            return self._inline_table(at + 1, path)
        return self._skip(_STRING if opening in "\"'" else _BARE_VALUE, at)

    def _array(self, at: int, path: Path) -> int:
        index = 0
        at = self._skip(_BLANK, at)
        while self.text[at] != "]":
            at = self._skip(_BLANK, self._value(at, (*path, index)))
            index += 1
            if self.text[at] == ",":
                at = self._skip(_BLANK, at + 1)
        return at + 1

    def _inline_table(self, at: int, path: Path) -> int:
        at = self._skip(_BLANK, at)
        while self.text[at] != "}":
            names, after = self._key(at)
            for depth in range(1, len(names)):
                self.places.setdefault((*path, *names[:depth]), at)
            value = self._skip(_BLANK, self._skip(_SPACE, after) + 1)
            at = self._skip(_BLANK, self._value(value, (*path, *names)))
            if self.text[at] == ",":
                at = self._skip(_BLANK, at + 1)
        return at + 1

    def _blocks(self) -> tuple[Block, ...]:
        ends = [body for _, _, body in self.heads]
        for statement in self.statements:
            ends[statement.block] = statement.end
        leads = [0]
        for number, (_, header, _) in enumerate(self.heads[1:], 1):
            leads.append(self._comment_above(header, ends[number - 1]))
        leads.append(len(self.text))
        return tuple(
            Block(path, leads[n], header, body, ends[n], self._comment_below(ends[n], leads[n + 1]))
            for n, (path, header, body) in enumerate(self.heads)
        )

    def _comment_above(self, at: int, stop: int) -> int:
        """The start of the comment lines that touch the line at `at` from above."""
        while at > stop:
            start = self._line_start(at - 1)
            if start < stop or not self.text[start:at].lstrip().startswith("#"):
                break
            at = start
        return at

    def _comment_below(self, at: int, stop: int) -> int:
        """The end of the comment lines that touch the line before `at` from below."""
        if at == 0:
            return 0  # a comment at the very top belongs to the whole file
        while at < stop:
            end = self._line_end(at)
            if not self.text[at:end].lstrip().startswith("#"):
                break
            at = end
        return at


def _unquote(quoted: str) -> str:
    if "\\" not in quoted:
        return quoted[1:-1]
    return str(tomllib.loads(f"key = {quoted}")["key"])
