"""Says in plain words why a file can't be read: what is wrong, where, and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import inspect

from launchready_tui.project.model import Project
from launchready_tui.project.tidy import Path, Tree
from launchready_tui.vocabulary import records
from launchready_tui.vocabulary.safe_text import clean_line, redact

# What tomllib says first, and what we say instead. The first that fits counts.
_SYNTAX: tuple[tuple[str, str], ...] = (
    ("Expected '=' after a key", 'There is no “=” after the name. Write: name = "value".'),
    ("Cannot overwrite a value", "This name stands twice in the same table. Delete one of them."),
    ("Duplicate inline table key", "This name stands twice in the same braces. Delete one."),
    ("Cannot declare", "This table stands twice, or its name is used above. Delete one of them."),
    ("Cannot mutate immutable", "This name has a value above, so no table can have it as well."),
    ("Expected newline", "There is more after the value. Put each name on a line of its own."),
    ("Unescaped '\\'", "There is a single backslash in quotes. Write two of them: \\\\."),
    ("Found invalid character '\\n'", "A quote is opened on this line, but not closed."),
    ("Illegal character '\\n'", "A quote is opened on this line, but not closed."),
    ("Found invalid character", "There is a hidden character on this line. Type the line anew."),
    ("Illegal character", "There is a hidden character on this line. Type the line anew."),
    ("Unterminated string", "A quote is opened, but not closed."),
    ('Expected "\'"', "A quote is opened, but not closed."),
    ('Expected "', "A quote is opened, but not closed."),
    ("Expected ']", "A “]” is missing at the end of the table's name."),
    ("Unclosed array", "A list is opened with “[”, but not closed with “]”."),
    ("Unclosed inline table", "A “{” is opened, but not closed with “}”."),
    ("Invalid initial character", "A name here needs quotes, or has to begin with a letter."),
    ("Escaped character", "The code after the backslash stands for no letter. Take it out."),
    ("Invalid hex value", "The code after the backslash stands for no letter. Take it out."),
    ("Invalid date", "This day or time does not exist. Write it like 2026-11-24."),
    ("Invalid value", 'This value can\'t be read. Text needs quotes, "like this".'),
    ("Invalid statement", 'This line is no [table] and no name = "value".'),
)
_CURLY = "“”„‘’«»"
_PLACE = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)$")


def syntax(text: str, error: ValueError) -> tuple[str, int, int]:
    """Why tomllib could not read the text, with the line and the column, both from 1."""
    said = str(error)
    lines = text.split("\n")
    place = _PLACE.search(said)
    if place and place[1]:
        line, column = int(place[1]), int(place[2])
    elif place:
        line, column = _last_line(lines, said)
    else:  # the one thing that tomllib leaves to Python: a number of thousands of digits
        digits = re.search(r"\d{4000}", text)
        line = text.count("\n", 0, digits.start()) + 1 if digits else 1
        return "This number has too many digits. Write a shorter one.", line, 1
    rest = lines[line - 1][column - 1 :] if line <= len(lines) else ""
    if said.startswith("Invalid value") and rest[:1] and rest[0] in _CURLY:
        return 'These quotes are curly. Use straight ones: "like this".', line, column
    why = next((ours for theirs, ours in _SYNTAX if said.startswith(theirs)), "")
    return why or "This line can't be read.", line, column


def _last_line(lines: list[str], said: str) -> tuple[int, int]:
    """The file ends too early: where the open quote began, or its last line with text on it."""
    if "string" in said or said.startswith("Expected"):
        for number in range(len(lines), 0, -1):
            opened = max(lines[number - 1].find(quote) for quote in ('"""', "'''"))
            if opened >= 0:
                return number, opened + 1
    last = max((n for n, line in enumerate(lines, 1) if line.strip()), default=1)
    return last, len(lines[last - 1].rstrip("\r")) + 1


_TYPES: Mapping[str, str] = {
    "str": 'text in quotes, "like this"',
    "bool": "true or false, without quotes",
    "int": "a number, without quotes",
    "array": 'a list, ["like", "this"]',
    "object": "a table",
    "datetime": "a time such as 2026-11-24T14:02:00Z",
    "date": "a day such as 2026-11-24",
}
_GOT: Mapping[str, str] = {
    "str": "text",
    "bool": "true or false",
    "int": "a number",
    "float": "a number with a point",
    "array": "a list",
    "object": "a table",
    "datetime": "a time",
    "date": "a day",
    "time": "a time of day",
}
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]")


def field(tree: Tree, error: msgspec.ValidationError) -> tuple[Path, str]:
    """The path of the value that does not fit the model, and why it doesn't."""
    said, _, place = str(error).partition(" - at `$")
    path = _real_path(tree, place.rstrip("`"))
    last = path[-1] if path else 0
    name = clean_line(redact(last), 60) if isinstance(last, str) else "This value"
    missing = re.match(r"Object missing required field `(.+)`", said)
    if missing:
        return path, f'“{missing[1]}” is missing here. Add a line: {missing[1]} = "..."'
    mismatch = re.match(r"Expected `(\w+)[^`]*`, got `(\w+)`", said)
    if mismatch:
        wanted = _TYPES.get(mismatch[1], mismatch[1])
        if mismatch[1] == "array" and len(path) == 1:
            wanted = f"a list, with [[{path[0]}]] above each of its rows"
        got = _GOT.get(mismatch[2], mismatch[2])
        return path, f"“{name}” should be {wanted}. Here it is {got}."
    value = clean_line(redact(str(_get(tree, path))), 60)
    choices = _choices(path)
    if choices:
        listed = ", ".join(choices[:-1]) + f" or {choices[-1]}"
        return path, f"“{name}” can't be “{value}”. Write one of these: {listed}."
    kind = "datetime" if "datetime" in said else "date"
    return path, f"“{name}” should be {_TYPES[kind]}. Here it is “{value}”."


def _real_path(tree: Tree, place: str) -> Path:
    """msgspec names no keys of free tables, it writes `[...]`: find out which one it was."""
    path: Path = ()
    for name, index in _STEP.findall(place):
        if name:
            path = (*path, name)
        elif index != "...":
            path = (*path, int(index))
        else:
            path = (*path, _failing_key(path, _get(tree, path)))
    return path


def _failing_key(path: Path, table: dict[str, Any]) -> str:
    """The first key whose value does not fit, by halving: the model is asked, not guessed."""
    keys = list(table)
    while len(keys) > 1:
        half = keys[: len(keys) // 2]
        keys = keys[len(half) :] if _fits(path, {key: table[key] for key in half}) else half
    return keys[0]


def _fits(path: Path, table: dict[str, Any]) -> bool:
    value: Any = table
    for step in reversed(path):
        value = {step: value}
    try:
        records.convert(value, Project)
    except msgspec.ValidationError:
        return False
    return True


def _get(tree: Any, path: Path) -> Any:
    for step in path:
        tree = tree[step]
    return tree


def _choices(path: Path) -> tuple[str, ...]:
    """The values that the field at `path` may have, when it has a fixed set of them."""
    kind: inspect.Type = inspect.type_info(Project)
    for step in path:
        kind = _inner(kind, step)
    if isinstance(kind, inspect.EnumType):
        return tuple(member.value for member in kind.cls)
    return tuple(map(str, kind.values)) if isinstance(kind, inspect.LiteralType) else ()


def _inner(kind: inspect.Type, step: str | int) -> inspect.Type:
    if isinstance(kind, inspect.UnionType):
        kind = next(each for each in kind.types if not isinstance(each, inspect.NoneType))
    match kind:
        case inspect.StructType():
            fields = {each.encode_name: each.type for each in kind.fields}
            return fields.get(str(step), kind)
        case inspect.VarTupleType():
            return kind.item_type
        case inspect.DictType():
            return kind.value_type
        case _:
            return kind
