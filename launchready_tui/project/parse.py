"""The text of `launchready.toml` to a project: its form is checked, and no secret gets through.

Each error names the file, the line and the column, and says what to do.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from launchready_tui.project.errors import NewerFormat, SecretInText, Unreadable
from launchready_tui.project.model import FORMAT, Project
from launchready_tui.project.tidy import (
    BadField,
    Tree,
    field_words,
    find_secret,
    from_tree,
    tidy_tree,
)
from launchready_tui.project.tidy import Path as Place
from launchready_tui.vocabulary.safe_text import clean_line
from launchready_tui.vocabulary.secret_shapes import sure_secrets

BOM = "\ufeff"  # Windows editors put one at the start; it stays there
# tomllib takes time by the square of the parts of a dotted key: no honest key has so many.
_LONG_KEY = re.compile(r"""(?<![\w.-])(?:(?:"[^"\n]*"|'[^'\n]*'|[\w-]+)[ \t]*\.[ \t]*){60}""")


def decode(data: bytes, path: Path) -> str:
    """The bytes of the file as text."""
    name = clean_line(path.name)
    if not data.strip():
        raise Unreadable(
            f"{name} is empty. Delete it and make a new one with: launchready new yourdomain.com",
            path=path,
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(
            f"{name} is saved as UTF-16. Open it in your editor and save it as UTF-8.", path=path
        )
    nul = data.find(b"\0")
    if nul >= 0:
        line, column = data.count(b"\n", 0, nul) + 1, nul - data.rfind(b"\n", 0, nul)
        raise Unreadable(
            f"{name} is no text file: there is a zero byte on line {line}. Name another file.",
            path=path,
            line=line,
            column=column,
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise Unreadable(
            f"{name} is not UTF-8: line {line}, column {column} holds a letter in another code. "
            "Open it in your editor and save it as UTF-8.",
            path=path,
            line=line,
            column=column,
        ) from error


def project(text: str, path: Path) -> tuple[Project, Tree]:
    """The project in the text, tidied, and the plain data that it was made of."""
    tree = _toml(text, path)
    _check_format(tree, text, path)
    _refuse_secrets(tree, text, path)
    try:
        return from_tree(tidy_tree(tree)), tree
    except BadField as error:
        raise error_at(text, path, error.path, str(error)) from error
    except msgspec.ValidationError as error:
        from launchready_tui.project import explain

        place, why = explain.field(tree, error)
        raise error_at(text, path, place, why) from error


def _toml(text: str, path: Path) -> Tree:
    long = _LONG_KEY.search(text)
    if long:
        line = text.count("\n", 0, long.start()) + 1
        raise _broken(path, "This name has too many dots. Write a shorter one.", line, 1)
    try:
        raw: dict[str, Any] = tomllib.loads(text)
    except RecursionError as error:
        raise Unreadable(
            f"{clean_line(path.name)} has too many brackets inside brackets to be a project file.",
            path=path,
        ) from error
    except ValueError as error:
        from launchready_tui.project import explain

        raise _broken(path, *explain.syntax(text, error)) from error
    if not raw:
        raise Unreadable(
            f"{clean_line(path.name)} holds only comments. "
            "Delete it and make a new one with: launchready new yourdomain.com",
            path=path,
        )
    return raw


def _check_format(raw: Tree, text: str, path: Path) -> None:
    if "format" not in raw and "product" not in raw:
        raise Unreadable(
            f"{clean_line(path.name)} is not a LaunchReady file: it has no “format” and no "
            "[product]. Name another file.",
            path=path,
        )
    number = raw.get("format", FORMAT)
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise error_at(
            text, path, ("format",), f"“format” should be {FORMAT}. Write: format = {FORMAT}"
        )
    if number > FORMAT:
        error = error_at(text, path, ("format",), "")
        raise NewerFormat(
            f"{clean_line(path.name)} was made by a newer LaunchReady (format {str(number)[:20]}; "
            f"this one reads {FORMAT}). Update LaunchReady, then open it again.",
            path=path,
            line=error.line,
            column=error.column,
            field="format",
        )


def _broken(path: Path, why: str, line: int, column: int) -> Unreadable:
    where = f"{clean_line(path.name)}, line {line}, column {column}"
    return Unreadable(f"{where}: {why}", path=path, line=line, column=column)


def error_at(text: str, path: Path, place: Place, why: str) -> Unreadable:
    """The error at the place of a value in the data."""
    from launchready_tui.vocabulary import toml_layout as layout

    offset = layout.scan(text).offset(place) or 0
    line, column = layout.line_column(text, offset)
    field = field_words(place)
    where = f"{clean_line(path.name)}, line {line}, column {column} ({field})"
    return Unreadable(f"{where}: {why}", path=path, line=line, column=column, field=field)


def _refuse_secrets(raw: Tree, text: str, path: Path) -> None:
    """A file that is safe to commit holds no secret, not even in a comment or a key of others."""
    found = find_secret(raw)
    if found:
        place, kind = found
        error = error_at(text, path, place, "")
        line, column, field = error.line, error.column, error.field
    else:
        shaped = min(((span[0], kind) for kind, span in sure_secrets(text)), default=None)
        if shaped is None:
            return
        start, kind = shaped
        line, column, field = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start), ""
    where = f"{clean_line(path.name)}, line {line}" + (f" ({field})" if field else "")
    raise SecretInText(
        f"{where} holds what looks like {kind}. Take it out, and write where it is kept instead. "
        "If anyone else has seen this file, change the secret first.",
        path=path,
        line=line,
        column=column,
        field=field or None,
    )
