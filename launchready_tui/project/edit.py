"""Writes changes into the text of a project file, and touches nothing else in it.

A change is the difference of two trees (see `tidy.to_tree`). A value that changed is replaced
where it stands, a new one goes below its neighbours, a removed table takes the comment right
above it along. The places come from `layout`; tomlkit edits what stands inside one value. It
does not edit the whole file, because it regroups split `[[hosts]]` and moves comments.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from launchready_tui.project.nodes import ROW_KEYS, same_rows
from launchready_tui.project.render import edit_value, key_text, value_text
from launchready_tui.project.tidy import Tree
from launchready_tui.vocabulary.toml_layout import Block, Layout, Path, Statement, scan

# A section that is not in the file yet goes after the ones before it in this list.
SECTIONS = (
    *("product", "hosts", "redirects", "routes", "dns", "login", "email", "inboxes"),
    *("repository", "preview", "cloudflare", "people", "accounts"),
    *("answers", "findings", "audits"),
)
# Tables that stand in braces in a table, as `expect = { status = 200 }`.
_BRACED = frozenset({"expect", "facts", "counts"})
_MAY_BE_ABSENT = frozenset({"login"})


def apply(text: str, old: Tree, new: Tree) -> str:
    """`text`, which reads as `old`, changed so that it reads as `new`.

    The rows of each list keep their order in the file; new rows follow the row before them.
    None stands for "not there" throughout, as TOML has no null.
    """
    edit = _Edit(scan(text))
    edit.walk((), old, new)
    return edit.result()


@dataclass(frozen=True, slots=True, order=True)
class _Piece:
    """What stands from `start` to `end` from now on. Where two begin together: lines first."""

    start: int
    end: int
    table: bool
    number: int
    put: str


class _Edit:
    """Collects what to cut and what to put where, then makes the new text in one go."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.text = layout.text
        self.pieces: list[_Piece] = []
        self.tables: dict[Path, tuple[int, Tree]] = {}  # new tables: number of piece, content

    # What changed ---------------------------------------------------------------------------

    def walk(self, path: Path, old: Any, new: Any) -> None:
        # Where all fields are back at their defaults, keys that we don't know stay.
        if new is None and len(path) == 1 and isinstance(old, dict):
            new = None if path[0] in _MAY_BE_ABSENT else {}
        in_row = len(path) == 3 and isinstance(path[1], int) and isinstance(old, dict)
        if new is None and in_row and self.holds_others(path, old):
            new = {}
        if old == new:
            return
        statement = self.layout.by_path.get(path)
        there = path in self.layout.places or _only_holds_tables(path)
        if new is None:
            self.remove(path)
        elif statement is not None:
            section = str(path[0]) if len(path) == 1 else ""
            written = self.text[statement.value : statement.value_end]
            put = edit_value(written, old, new, section)
            self.put(statement.value, statement.value_end, put)
        elif isinstance(new, dict) and there:
            before = old or {}
            for name in [*new, *(name for name in before if name not in new)]:
                self.walk((*path, name), before.get(name), new.get(name))
        elif isinstance(new, list) and (there or _has_headers(path)):
            self.walk_rows(path, old or [], new)
        elif isinstance(new, dict) and path[-1] not in _BRACED:
            self.add_table(path, new)
        else:
            self.add_value(path, new)

    def walk_rows(self, path: Path, old: list[Tree], new: list[Tree]) -> None:
        """Rows that are the same ones are changed in place; the rest come and go."""
        same = same_rows(str(path[0]) if len(path) == 1 else "", old, new)
        for at in set(range(len(old))) - set(same.values()):
            self.remove((*path, at))
        after = -1  # the row of the file below which a new one goes
        for place, row in enumerate(new):
            if place in same:
                after = same[place]
                self.walk((*path, after), old[after], row)
            else:
                self.add_row(path, after, row)

    def holds_others(self, path: Path, old: Tree) -> bool:
        """Whether the table in the file has keys that are none of ours."""
        below = (place for place in self.layout.places if _below(place, path))
        return any(len(place) > len(path) and place[len(path)] not in old for place in below)

    # Cutting --------------------------------------------------------------------------------

    def put(self, start: int, end: int, text: str, table: bool = False) -> None:
        self.pieces.append(_Piece(start, end, table, len(self.pieces), text))

    def remove(self, path: Path) -> None:
        """Takes out the table or statement at `path`, with everything below it."""
        gone = {n for n, block in enumerate(self.layout.blocks) if _below(block.path, path)}
        for number in gone:
            self.cut_block(self.layout.blocks[number])
        for statement in self.layout.statements:
            if statement.block not in gone and _below(statement.path, path):
                self.put(statement.start, statement.end, "")

    def cut_block(self, block: Block) -> None:
        """The block with its comments, and the blank lines that set it off from the next."""
        end = block.tail
        while (line := self.text.find("\n", end) + 1) and not self.text[end:line].strip():
            end = line
        self.put(block.lead, end, "")

    # Adding ---------------------------------------------------------------------------------

    def add_value(self, path: Path, value: Any) -> None:
        """A line in the table that it belongs to; where there is none, the table is made."""
        parent = self.layout.block_at.get(path[:-1])
        near = self.dotted(path[:-1]) if parent is None else None
        if parent is not None:
            end = self.layout.blocks[parent].end
            self.put(end, end, f"{key_text(path[-1:])} = {value_text(value)}\n")
        elif near is not None:
            names = path[len(self.layout.blocks[near.block].path) :]
            self.put(near.end, near.end, f"{key_text(names)} = {value_text(value)}\n")
        else:
            self.add_table(path[:-1], {str(path[-1]): value})

    def dotted(self, path: Path) -> Statement | None:
        """The last statement of a table that is made of dotted keys, as `product.name = "..."`."""
        blocks = self.layout.blocks
        inside = [
            statement
            for statement in self.layout.statements
            if _below(statement.path, path) and len(blocks[statement.block].path) < len(path)
        ]
        return inside[-1] if inside else None

    def add_table(self, path: Path, table: Tree) -> None:
        """A table of its own; more may be put into it until the text is made."""
        if path not in self.tables:
            at = self.place_of(path)
            self.put(at, at, "", table=True)
            self.tables[path] = (len(self.pieces) - 1, {})
        self.tables[path][1].update(table)

    def add_row(self, path: Path, after: int, row: Tree) -> None:
        first = self.layout.block_at.get((*path, 0))
        if after >= 0:
            at = self.last_below((*path, after))
        elif first is not None:
            at = self.layout.blocks[first].lead
        else:
            at = self.place_of(path)
        self.put(at, at, _table_text(path, row, row=True), table=True)

    def place_of(self, path: Path) -> int:
        """Below what is part of it or of its parents, else below the sections before it."""
        earlier = SECTIONS[: SECTIONS.index(str(path[0]))]
        tops = [path[:depth] for depth in range(len(path), 0, -1)]
        for top in [*tops, *((section,) for section in reversed(earlier))]:
            if any(_below(block.path, top) for block in self.layout.blocks):
                return self.last_below(top)
        return self.layout.blocks[0].tail

    def last_below(self, path: Path) -> int:
        return max(block.tail for block in self.layout.blocks if _below(block.path, path))

    # The new text ---------------------------------------------------------------------------

    def result(self) -> str:
        for path, (number, table) in self.tables.items():
            self.pieces[number] = replace(self.pieces[number], put=_table_text(path, table))
        newline = "\r\n" if "\r\n" in self.text else "\n"
        text = _Text()
        done = 0
        for piece in sorted(self.pieces):
            # A table may go where another was cut: then it follows the cut.
            start, end = max(piece.start, done), max(piece.end, done)
            text.add(self.text[done:start])
            put = piece.put
            if piece.start == piece.end:
                put = text.set_off(put, self.text[end:], piece.table)
            text.add(put.replace("\r\n", "\n").replace("\n", newline))
            done = end
        text.add(self.text[done:])
        return text.ended_like(self.text)


class _Text:
    """Text that grows, and knows how it ends so far."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.end = ""

    def add(self, part: str) -> None:
        self.parts.append(part)
        self.end = (self.end + part)[-4:]

    def set_off(self, lines: str, rest: str, table: bool) -> str:
        """New lines, beginning on a line of their own; a table has blank lines around it."""
        before = "" if not self.end or self.end.endswith("\n") else "\n"
        if not table:
            return before + lines
        if self.end and not self.end.replace("\r", "").endswith("\n\n"):
            before += "\n"
        after = "\n" if rest.split("\n", 1)[0].strip() else ""
        return before + lines + after

    def ended_like(self, old: str) -> str:
        """The whole; without blank lines at its end that a cut has left there."""
        whole = "".join(self.parts)
        stripped = whole.rstrip()
        rest = whole[len(stripped) :].replace("\r", "")
        if rest.count("\n") > 1 and not old[len(old.rstrip()) :].replace("\r", "").count("\n") > 1:
            return stripped + ("\r\n" if "\r\n" in old else "\n")
        return whole


def _only_holds_tables(path: Path) -> bool:
    """Tables that need no header of their own: the root, all answers, all findings of a check."""
    return path in ((), ("answers",)) or (path[0] == "findings" and len(path) < 3)


def _has_headers(path: Path) -> bool:
    """Lists that we write with a header for each row: sections, and the evidence of an answer."""
    if len(path) == 1:
        return path[0] in ROW_KEYS or path[0] == "audits"
    return path[0] == "answers" and path[-1] == "evidence"


def _below(path: Path, top: Path) -> bool:
    return path[: len(top)] == top


def _table_text(path: Path, table: Tree, row: bool = False) -> str:
    """A table with its header; the evidence of an answer follows in tables of its own."""
    name = key_text(tuple(step for step in path if isinstance(step, str)))
    lines = [f"[[{name}]]\n" if row else f"[{name}]\n"]
    rows: list[str] = []
    for key, value in table.items():
        if isinstance(value, list) and _has_headers((*path, key)):
            rows += ["\n" + _table_text((*path, key), each, row=True) for each in value]
        else:
            lines.append(f"{key_text((key,))} = {value_text(value)}\n")
    return "".join(lines + rows)
