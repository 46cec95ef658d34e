"""Statements of SQL that lose data or break the version before: cut into words, never run.

Comments and strings do not count, and neither does what a trigger or a procedure will do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import dropwhile
from typing import Literal

Kind = Literal["table", "column", "rows", "type", "rename"]


@dataclass(frozen=True, slots=True)
class Loss:
    """One statement: what it does, and where it stands."""

    kind: Kind
    line: int
    text: str


_SQL = re.compile(
    r"""--[^\n]*
    | /\*[\s\S]*?(?:\*/|\Z)
    | (?P<escaped>[eE]'(?:[^'\\]|\\[\s\S])*+(?:'|\\?\Z))
    | (?P<text>'[^']*(?:'|\Z))
    | (?P<dollar>\$(?P<tag>[A-Za-z_]?\w{0,60})\$)
    | "(?P<double>[^"\n]{0,200})"
    | `(?P<back>[^`\n]{0,200})`
    | \[(?P<square>[A-Za-z_][\w ]{0,100})\]
    | (?P<word>[A-Za-z_]\w*)
    | (?P<end>;)
    | (?P<paren>[()])
    """,
    re.VERBOSE,
)
_BACKSLASH = re.compile(r"'(?:[^'\\]|\\[\s\S])*+(?:'|\\?\Z)")


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of SQL in capitals; a name that was quoted begins with a dot, so it is no keyword."""

    text: str
    line: int
    deep: int


def in_sql(text: str, first: int = 1) -> Iterator[Loss]:
    """The statements of a text in SQL that lose something. `first` is its first line."""
    statements = list(_statements(text, first))
    made = {words[2].text for words in statements if len(words) > 2 and _makes(words)}
    renamed = {new for words in statements for new in _new_names(words, made)}
    for words in _outside_bodies(statements):
        for loss in _losses(words):
            # SQLite rebuilds a table to change it: new one, copy, drop, rename. Nothing is lost.
            rebuilt = loss.kind == "table" and loss.text.rpartition(" ")[2].lstrip(".") in renamed
            rename = loss.kind == "rename" and words[2:3] and words[2].text in made
            if not rebuilt and not rename:
                yield loss


def _outside_bodies(statements: Iterable[list[_Word]]) -> Iterator[list[_Word]]:
    """The statements that run now, and not those inside a trigger or a procedure."""
    inside = False
    for words in statements:
        names = [word.text for word in words[:40]]
        if inside:
            ends = names[:1] == ["END"] and names[1:2] not in (["IF"], ["LOOP"], ["CASE"])
            inside = not ends
        elif names[:1] == ["CREATE"] and _ROUTINES & set(names[:8]) and "BEGIN" in names:
            inside = True
        else:
            yield words


_ROUTINES = frozenset({"TRIGGER", "PROCEDURE", "FUNCTION"})


def _makes(words: list[_Word]) -> bool:
    return [word.text for word in words[:2]] == ["CREATE", "TABLE"]


def _new_names(words: list[_Word], made: set[str]) -> Iterator[str]:
    """The name that a table made here gets by `ALTER TABLE a RENAME TO b`."""
    names = [word.text for word in words[:6]]
    if names[:2] == ["ALTER", "TABLE"] and names[3:5] == ["RENAME", "TO"] and names[2] in made:
        yield from (name.lstrip(".") for name in names[5:])


def _statements(text: str, first: int) -> Iterator[list[_Word]]:
    """The statements as lists of words: without comments, strings and signs."""
    mysql = "`" in text
    words: list[_Word] = []
    place, line, deep = 0, first, 0
    body_ends: list[int] = []
    while found := _SQL.search(text, place):
        line += text.count("\n", place, found.start())
        start, end = found.span()
        match found.lastgroup:
            case "word":
                words.append(_Word(found[0].upper()[:80], line, deep))
            case "double" | "back" | "square":
                words.append(_Word("." + found[found.lastgroup].upper()[:80], line, deep))
            case "paren":
                deep = deep + 1 if found[0] == "(" else max(deep - 1, 0)
            case "end":
                yield words
                words, deep = [], 0
            case "text" if mysql and "\\" in found[0]:
                whole = _BACKSLASH.match(text, start)
                end = whole.end() if whole else end
            case "dollar" | "tag":
                close = text.find(f"${found['tag']}$", end)
                if words and words[0].text == "DO" and close >= 0:
                    words = []  # this block runs now
                    body_ends.append(close)
                elif not (body_ends and start == body_ends[-1]):
                    end = len(text) if close < 0 else close + len(found["dollar"])
                else:
                    body_ends.pop()
                    yield words
                    words = []
        line += text.count("\n", start, end)
        place = end
    yield words


_KEPT = frozenset(
    {"CONSTRAINT", "INDEX", "KEY", "PRIMARY", "FOREIGN", "UNIQUE", "DEFAULT", "NOT", "IDENTITY",
     "EXPRESSION", "CHECK", "POLICY", "TRIGGER", "RULE", "STATISTICS", "PERIOD"}
)  # fmt: skip
# What may follow the name of a column in ALTER COLUMN; anything else is a kind (SQL Server).
_ACTIONS = frozenset({"SET", "DROP", "TYPE", "ADD", "RESTART", "RESET", "COMMENT", "RENAME"})
_OBJECTS = frozenset({"TABLE", "SCHEMA", "DATABASE"})
_WRAPPERS = frozenset({"BEGIN", "THEN", "ELSE", "LOOP"})


def _losses(words: list[_Word]) -> Iterator[Loss]:
    words = list(dropwhile(lambda word: word.text in _WRAPPERS, words))
    if words and words[0].text in ("IF", "WHEN", "ELSIF"):  # of a block: IF ... THEN statement
        after = next((n for n, word in enumerate(words) if word.text == "THEN"), None)
        words = words[after + 1 :] if after is not None else words
    names = [word.text for word in words[:400]]
    if not names:
        return
    line = words[0].line
    match names[0]:
        case "DROP" if names[1:2] and names[1] in _OBJECTS:
            name = next((one for one in names[2:] if one not in ("IF", "EXISTS")), "")
            yield Loss("table", line, f"DROP {names[1]} {name.lstrip('.')}".strip())
        case "TRUNCATE":
            yield Loss("rows", line, " ".join(one.lstrip(".") for one in names[:3]))
        case "DELETE" if names[1:2] == ["FROM"] and "WHERE" not in names and "USING" not in names:
            yield Loss("rows", line, " ".join(one.lstrip(".") for one in names[:3]))
        case "RENAME" if names[1:2] == ["TABLE"]:
            yield Loss("rename", line, "RENAME TABLE")
        case "EXEC" | "EXECUTE" if "SP_RENAME" in names:
            yield Loss("rename", line, "sp_rename")
        case "ALTER" if names[1:2] == ["TABLE"]:
            yield from _alter(words)


def _alter(words: list[_Word]) -> Iterator[Loss]:
    """What an ALTER TABLE takes away: its actions, outside of parentheses."""
    flat = [word for word in words[2:2000] if word.deep == 0]
    names = [word.text for word in flat]
    for place, word in enumerate(flat):
        before = names[place - 1] if place else ""
        after = [one for one in names[place + 1 : place + 6] if one not in ("IF", "EXISTS")]
        first = after[0] if after else ""
        match word.text:
            case "DROP" if first and first not in _KEPT and not (place and before == "ON"):
                name = after[1] if first == "COLUMN" and len(after) > 1 else first
                if first == "PARTITION":
                    yield Loss("rows", word.line, "DROP PARTITION")
                else:
                    yield Loss("column", word.line, f"DROP COLUMN {name.lstrip('.')}")
            case "RENAME" if first not in ("CONSTRAINT", "INDEX", "KEY"):
                yield Loss("rename", word.line, " ".join(["RENAME", *after[:3]]).replace(".", ""))
            case "ALTER":
                named = after[1:] if first == "COLUMN" else after
                action = named[1:3]
                plain = first == "COLUMN" and action and action[0] not in _ACTIONS
                if action[:1] == ["TYPE"] or action == ["SET", "DATA"] or plain:
                    column = named[0].lstrip(".")
                    yield Loss("type", word.line, f"ALTER COLUMN {column} TYPE")
            case "MODIFY" | "CHANGE" if place:
                name = after[1] if first == "COLUMN" and len(after) > 1 else first
                yield Loss("type", word.line, f"{word.text} {name.lstrip('.')}".strip())
