"""A TOML file of content, and the error that says in which file, line and key something is off."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from launchready_tui.vocabulary import records
from launchready_tui.vocabulary.errors import UserError
from launchready_tui.vocabulary.toml_layout import Path as Keys
from launchready_tui.vocabulary.toml_layout import line_column, scan

T = TypeVar("T")


class ContentError(UserError):
    """Content cannot be used: says which file, where in it, and why.

    `line` and `column` count from 1; `key` is the place in the file's own words ("item[2].fix").
    All are empty where a whole file is at fault.
    """

    def __init__(
        self,
        message: str,
        *,
        path: Path | None = None,
        line: int | None = None,
        column: int | None = None,
        key: str = "",
    ) -> None:
        self.path, self.line, self.column, self.key = path, line, column, key
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its text, and the tables in it."""

    path: Path
    text: str
    tree: Mapping[str, Any]

    def convert(self, shape: type[T], keys: Keys = ()) -> T:
        """What stands at `keys` as a record. Raises `ContentError` with line and key."""
        value: Any = self.tree
        for key in keys:
            value = value[key]
        try:
            return records.convert(value, shape)
        except msgspec.ValidationError as error:
            why, _, at = str(error).partition(" - at `$")
            raise self.error((*keys, *_keys(at.rstrip("`")), *_named(why)), why) from error

    def error(self, keys: Keys, why: str) -> ContentError:
        """The error at these keys, or at the nearest place around them."""
        line, column = line_column(self.text, scan(self.text).offset(keys) or 0)
        key = in_words(keys)
        where = f"{self.path}, line {line}, column {column}" + (f" ({key})" if key else "")
        return ContentError(f"{where}: {why}", path=self.path, line=line, column=column, key=key)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece of content stands."""

    source: Source
    keys: Keys = ()

    def error(self, why: str, *more: str | int) -> ContentError:
        """An error at this place, or at a key below it."""
        return self.source.error((*self.keys, *more), why)


def read(path: Path) -> Source:
    """Raises `ContentError` for a file that is no TOML, with line and column, or not there."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{path}: {error}", path=path) from error
    try:
        return Source(path, text, tomllib.loads(text))
    except ValueError as error:
        line, column = _syntax_place(text, str(error))
        why = _AT.sub("", str(error))
        raise ContentError(
            f"{path}, line {line}, column {column}: {why}", path=path, line=line, column=column
        ) from error


_AT = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]|\[\.\.\.\]")
_NAMED = re.compile(r"unknown field `(.+)`")


def _syntax_place(text: str, said: str) -> tuple[int, int]:
    place = _AT.search(said)
    if place and place["line"]:
        return int(place["line"]), int(place["column"])
    return line_column(text, len(text.rstrip()))


def _keys(path: str) -> Keys:
    """The keys of a path that msgspec gives, up to one of a free table, which it does not name."""
    keys: Keys = ()
    for step in _STEP.finditer(path):
        if step[1] is None and step[2] is None:
            break
        keys = (*keys, step[1] if step[1] is not None else int(step[2]))
    return keys


def _named(why: str) -> Keys:
    """The key that msgspec complains of, where it is one that no record has."""
    named = _NAMED.search(why)
    return (named[1],) if named else ()


def in_words(keys: Keys) -> str:
    """The place as people count: `item[2].fix` is the fix of the second item."""
    words = ""
    for key in keys:
        words += f"[{key + 1}]" if isinstance(key, int) else f".{key}"
    return words.removeprefix(".")
