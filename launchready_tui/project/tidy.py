"""Makes what a stranger may have written safe to hand on: cleaned text, hosts as A-labels, UTC."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import msgspec

from launchready_tui.project.model import LONGEST_DRILL, Login, Project, Proof
from launchready_tui.vocabulary import records
from launchready_tui.vocabulary.safe_text import (
    BadHost,
    clean,
    clean_line,
    host_name,
    redact,
    secret_kind,
)

Path = tuple[str | int, ...]
Tree = dict[str, Any]

# Fields that hold the name of a host; "*" is every row.
_HOSTS: tuple[Path, ...] = (
    ("product", "domain"),
    ("hosts", "*", "name"),
    ("login", "lands_on"),
    ("email", "return_path"),
)


class BadField(ValueError):
    """A value that the file may not hold: its path in the data, and why, in plain words."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(why)
        self.path = path


def to_tree(project: Project) -> Tree:
    """The project as plain dicts and lists; fields with their default value are left out."""
    tree: Tree = _lists(msgspec.to_builtins(project, builtin_types=(datetime, date)))
    return tree


def _lists(value: Any) -> Any:
    """The value as tomllib would give it: lists where msgspec keeps tuples."""
    match value:
        case dict():
            return {key: _lists(inner) for key, inner in value.items()}
        case tuple() | list():
            return [_lists(inner) for inner in value]
        case _:
            return value


def from_tree(tree: Tree) -> Project:
    """The project in a tree. A sign-in page of which nothing is known is none."""
    project = records.convert(tree, Project)
    if project.login == Login():
        return msgspec.structs.replace(project, login=None)
    return project


def tidy(project: Project) -> Project:
    """The project with cleaned text. Raises `BadField` for a key or a host that can't be."""
    return from_tree(tidy_tree(to_tree(project)))


def tidy_tree(tree: Tree) -> Tree:
    """As `tidy`, for data as it stands in the file. Unknown keys go through as they are."""
    tidied: Tree = {key: _tidy_value(value) for key, value in tree.items()}
    for section in ("answers", "findings"):
        _check_keys(tidied.get(section), (section,))
    _check_drills(tidied.get("answers"))
    for path in _HOSTS:
        _tidy_host(tidied, (), path)
    return tidied


def _tidy_value(value: Any) -> Any:
    match value:
        case str():
            return clean(value, len(value) + 1) if not _plain(value) else value
        case dict():
            return {key: _tidy_value(inner) for key, inner in value.items()}
        case list():
            return [_tidy_value(inner) for inner in value]
        case datetime():
            aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
            return aware.replace(fold=0)  # so that equal times look alike
        case _:
            return value


def _plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _check_keys(section: Any, path: Path) -> None:
    """Names of answers, checks and subjects are looked up by others: no hidden characters."""
    if not isinstance(section, dict):
        return
    for key, value in section.items():
        if clean(key, len(key) + 1) != key or "\n" in key:
            raise BadField((*path, key), "This name holds a hidden character. Take it out.")
        if path == ("findings",):
            _check_keys(value, (*path, key))


def _check_drills(answers: Any) -> None:
    """The time of a drill is a number of seconds that a person can have measured."""
    for id, answer in answers.items() if isinstance(answers, dict) else ():
        evidence = answer.get("evidence") if isinstance(answer, dict) else None
        for place, proof in enumerate(evidence if isinstance(evidence, list) else ()):
            if not isinstance(proof, dict) or proof.get("kind") != "drill":
                continue
            where = proof.get("where")
            if isinstance(where, str) and Proof(kind="drill", where=where).seconds is None:
                raise BadField(
                    ("answers", id, "evidence", place, "where"),
                    f"The time of a drill is in seconds, such as 400, up to {LONGEST_DRILL}.",
                )


def _tidy_host(value: Any, done: Path, path: Path) -> None:
    step = path[0]
    if step == "*":
        for index, row in enumerate(value if isinstance(value, list) else ()):
            _tidy_host(row, (*done, index), path[1:])
    elif isinstance(value, dict) and value.get(step):
        if len(path) > 1:
            _tidy_host(value[step], (*done, step), path[1:])
        elif isinstance(value[step], str):
            try:
                value[step] = host_name(value[step])
            except BadHost as error:
                raise BadField((*done, step), str(error)) from error


def strings(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every text in a tree with its path, keys of tables included."""
    match value:
        case str():
            yield path, value
        case dict():
            for key, inner in value.items():
                yield (*path, key), key
                yield from strings(inner, (*path, key))
        case list():
            for index, inner in enumerate(value):
                yield from strings(inner, (*path, index))


def find_secret(tree: Tree) -> tuple[Path, str] | None:
    """The path and kind of the first text that looks like a secret, or None."""
    for path, text in strings(tree):
        kind = secret_kind(_with_key(path, text))
        if kind:
            return path, kind
    return None


def _with_key(path: Path, text: str) -> str:
    """The text after its key, where that may give away what the text is: `password: xyz9`."""
    key = next((step for step in reversed(path) if isinstance(step, str)), "")
    return f"{key}: {text}" if key != text and _is_telling(key) else text


@lru_cache(maxsize=1024)
def _is_telling(key: str) -> bool:
    return re.search(r"(?i)pass|pwd|secret|token|key|\bpin\b", key) is not None


def field_words(path: Path) -> str:
    """The path as people write it, rows counted from 1: `hosts[2].purpose`."""
    words = ""
    for step in path:
        if isinstance(step, int):
            words += f"[{step + 1}]"
        else:
            plain = re.fullmatch(r"[A-Za-z0-9_-]+", step)
            words += f".{step}" if plain else f'."{clean_line(step, 80)}"'
    return redact(words.removeprefix("."))
