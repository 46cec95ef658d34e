"""The same project written in the many ways in which TOML lets people write it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from hypothesis import strategies as st

from launchready_tui.project.tidy import Tree

LISTS = ("hosts", "redirects", "routes", "inboxes", "people", "accounts", "audits")


@st.composite
def spelled(draw: st.DrawFn, tree: Tree, unknown: bool = True) -> str:
    """A text that reads as `tree`: headers, braces or dotted keys, comments, keys of others."""
    speller = _Speller(draw, unknown)
    head = [speller.comment("top"), f"format = 1{speller.aside()}\n"]
    blocks: list[list[str]] = []
    for section, value in tree.items():
        if section == "format":
            continue
        if section in LISTS:
            if draw(st.integers(0, 4)) == 0:
                head.append(speller.statement((section,), value))
            else:
                # The rows of a list keep their order, but other tables may stand between them.
                blocks.append([speller.row(section, row) for row in value])
        elif section in ("answers", "findings"):
            head_lines, tables = speller.free(section, value)
            head += head_lines
            blocks += [[table] for table in tables]
        else:
            lines, table = speller.table((section,), value)
            head += lines
            blocks += [[table]] if table else []
    text = "".join(head)
    while blocks:
        place = draw(st.integers(0, len(blocks) - 1))
        text += blocks[place].pop(0)
        blocks = [block for block in blocks if block]
    if draw(st.booleans()):
        text += speller.comment("end")
    text = text.removesuffix("\n") if draw(st.booleans()) else text
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


class _Speller:
    def __init__(self, draw: st.DrawFn, unknown: bool) -> None:
        self.draw = draw
        self.unknown = unknown
        self.count = 0

    def one_in(self, number: int) -> bool:
        return self.draw(st.integers(1, number)) == 1

    def comment(self, what: str) -> str:
        self.count += 1
        lines = f'# {what} {self.count} = [x] "\n' if self.one_in(2) else ""
        return lines + ("\n" if self.one_in(2) else "")

    def aside(self) -> str:
        self.count += 1
        return f"  # aside {self.count}" if self.one_in(3) else ""

    def others(self, path: tuple[str, ...]) -> str:
        """A key of somebody else, where the file may hold one (facts and answers are free)."""
        self.count += 1
        free = path[0] == "findings" and len(path) < 3
        if free or path == ("answers",) or path[-1] == "facts":
            return ""
        return f"zz_{self.count} = [1, 'x']\n" if self.unknown and self.one_in(3) else ""

    def header(self, path: tuple[str, ...], brackets: int = 1) -> str:
        names = ".".join(self.key(name) for name in path)
        return (
            self.comment("above")
            + f"{'[' * brackets}{names}{']' * brackets}{self.aside()}\n"
            + self.others(path)
        )

    def key(self, name: str) -> str:
        plain = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
        if plain and self.one_in(2):
            return name
        return json.dumps(name, ensure_ascii=False)

    def statement(self, path: tuple[str, ...], value: Any) -> str:
        space = self.draw(st.sampled_from(["", " ", "  "]))
        names = ".".join(self.key(name) for name in path)
        return f"{names}{space}={space}{self.value(value)}{self.aside()}\n"

    def value(self, value: Any) -> str:
        if isinstance(value, str):
            return self.string(value)
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, dict):
            inner = [f"{self.key(key)} = {self.value(each)}" for key, each in value.items()]
            return "{" + ", ".join(inner) + "}"
        if isinstance(value, list):
            if self.one_in(2):
                lines = [f"\n  {self.value(each)},{self.aside()}" for each in value]
                return "[" + "".join(lines) + "\n]"
            return "[" + ", ".join(self.value(each) for each in value) + "]"
        return str(value)

    def string(self, text: str) -> str:
        if "'" not in text and "\n" not in text and self.one_in(2):
            return f"'{text}'"
        if self.one_in(3):
            body = text.replace("\\", "\\\\").replace('"', '\\"')
            return f'"""\n{body}"""'
        return json.dumps(text, ensure_ascii=False)

    def table(self, path: tuple[str, ...], value: Tree) -> tuple[list[str], str]:
        """Lines for the root, and a table for below."""
        style = self.draw(st.integers(0, 5))
        if style == 0:
            return [self.statement(path, value)], ""
        if style == 1 and value:
            return [self.statement((*path, key), each) for key, each in value.items()], ""
        return [], self.header(path) + self.body(path, value)

    def body(self, path: tuple[str, ...], value: Tree) -> str:
        lines, below = "", ""
        for key, each in value.items():
            if isinstance(each, dict) and self.one_in(3):
                below += self.header((*path, key)) + self.body((*path, key), each)
            elif isinstance(each, list) and each and isinstance(each[0], dict) and self.one_in(2):
                for row in each:
                    below += self.header((*path, key), 2) + self.body((*path, key), row)
            else:
                lines += self.comment("over") + self.statement((key,), each)
                lines += self.others(path)
        return lines + below

    def row(self, section: str, row: Tree) -> str:
        return self.header((section,), 2) + self.body((section,), row)

    def free(self, section: str, value: Tree) -> tuple[list[str], list[str]]:
        """Answers and findings: all in braces, all dotted, or each with its own header."""
        style = self.draw(st.integers(0, 5))
        if style == 0:
            return [self.statement((section,), value)], []
        flat: dict[tuple[str, ...], Tree] = {}
        for key, each in value.items():
            if section == "answers":
                flat[section, key] = each
            else:
                flat |= {(section, key, subject): found for subject, found in each.items()}
        if style == 1:
            lines = [
                self.statement((*path, key), each)
                for path, table in flat.items()
                for key, each in table.items()
            ]
            return lines, []
        if style == 2:
            lines = [self.statement(path[1:], table) for path, table in flat.items()]
            return [], [self.header((section,)) + "".join(lines)]
        return [], [self.header(path) + self.body(path, table) for path, table in flat.items()]
