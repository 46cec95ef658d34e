"""Reads `launchready.toml` and saves changes into it. The founder's file comes before ours.

Comments, order and keys that we don't know survive every save. A file that can't be read is
never overwritten. What somebody else changed meanwhile is merged, or shown as a conflict.
Errors are those of `errors.ProjectError`.
"""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from launchready_tui.project import disk, unknown
from launchready_tui.project.errors import (
    Clash,
    Conflict,
    Locked,
    NewerFormat,
    NotSaved,
    ProjectError,
    SecretInText,
    Unreadable,
)
from launchready_tui.project.model import FORMAT, Project
from launchready_tui.project.nodes import Keep, merge, to_nodes
from launchready_tui.project.tidy import (
    BadField,
    Tree,
    field_words,
    find_secret,
    from_tree,
    tidy,
    tidy_tree,
    to_tree,
)
from launchready_tui.project.tidy import Path as Place
from launchready_tui.vocabulary.safe_text import clean_line
from launchready_tui.vocabulary.secret_shapes import sure_secrets

__all__ = [
    "NAME",
    "Clash",
    "Conflict",
    "Loaded",
    "Locked",
    "NewerFormat",
    "NotSaved",
    "ProjectError",
    "SecretInText",
    "Unreadable",
    "create",
    "error_at",
    "find",
    "line_column",
    "read",
    "save",
]

NAME = "launchready.toml"
_BOM = "\ufeff"  # Windows editors put one at the start; it stays there
# tomllib takes time by the square of the parts of a dotted key: no honest key has so many.
_LONG_KEY = re.compile(r"""(?<![\w.-])(?:(?:"[^"\n]*"|'[^'\n]*'|[\w-]+)[ \t]*\.[ \t]*){60}""")

_HEAD = """\
# This file holds your launch: answers, findings, and who looks after what.
# LaunchReady keeps it, and you may edit it by hand. It never holds passwords or
# keys: name the place where they are kept instead. It is safe to commit.

format = 1
"""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A project as it was read: where from, and the SHA-256 of the file's bytes then.

    `text` is the file's own; `warnings` say what it holds that we do not know, ready to show.
    """

    project: Project
    path: Path
    stamp: str
    text: str = field(default="", repr=False)
    warnings: tuple[str, ...] = ()


def find(start: Path) -> Path | None:
    """The nearest `launchready.toml` in `start` or in a folder above it."""
    start = start.absolute()
    for folder in (start, *start.parents):
        if os.path.isfile(folder / NAME):
            return folder / NAME
    return None


def read(path: Path) -> Loaded:
    """The project in the file. Raises `Unreadable`, `NewerFormat` or `SecretInText`."""
    path = path.absolute()
    data = disk.load(path)
    text = _decode(data, path).removeprefix(_BOM)
    raw = _checked_tree(text, path)
    project = _project(raw, text, path)
    warnings = unknown.told(raw, project, text, clean_line(path.name))
    return Loaded(project, path, _stamp(data), text, warnings)


def error_at(loaded: Loaded, place: Place, why: str) -> Unreadable:
    """The error for a value of a file that was read: `FILE, line N, column M (field): why`."""
    return _at(loaded.text, loaded.path, place, why)


def line_column(loaded: Loaded, place: Place) -> tuple[int, int]:
    """Where a value, row or table stands in the file, both counted from 1."""
    from launchready_tui.project import layout

    offset = layout.scan(loaded.text).offset(place) or 0
    return layout.line_column(loaded.text, offset)


def create(path: Path, project: Project) -> Loaded:
    """A new file with this project. Raises `NotSaved` when there is a file already."""
    path = path.absolute()
    project = _ready(project, path)
    with disk.locked(path, disk.LOCK_SECONDS):
        if os.path.lexists(path):
            raise NotSaved(
                f"There is already a file {clean_line(str(path))}. It was left as it is.",
                path=path,
            )
        return _write(path, path, _HEAD, Project(), project, previous=None)


def save(
    loaded: Loaded, project: Project, *, keep: Keep = "ask", wait: float = disk.LOCK_SECONDS
) -> Loaded:
    """Writes what changed from `loaded.project` to `project`, and returns the file as it is now.

    Waits up to `wait` seconds while another LaunchReady saves.
    A change that somebody else made meanwhile is merged in. Where both changed the same thing,
    `keep` decides: "ask" raises `Conflict`, "mine" and "theirs" say whose change stays. Raises
    `Locked`, `SecretInText` or another `NotSaved`; `Unreadable` when the file was broken
    meanwhile. Then nothing was written.
    """
    project = _ready(project, loaded.path)
    target = _resolved(loaded.path)
    with disk.locked(target, wait):
        data = _load_again(loaded, target)
        text = _decode(data, loaded.path)
        stamp = _stamp(data)
        same = stamp == loaded.stamp
        theirs = loaded.project if same else _parse(text, loaded.path)
        merged, clashes = merge(loaded.project, project, theirs, keep)
        if clashes:
            raise _conflict(clashes, loaded.path)
        if merged == theirs:
            return Loaded(theirs, loaded.path, stamp, text.removeprefix(_BOM))
        return _write(loaded.path, target, text, theirs, merged, previous=data)


def _resolved(path: Path) -> Path:
    """Where the file really is: a link stays a link, and what it leads to is replaced."""
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:
        raise NotSaved(
            f"{clean_line(str(path))} is a link that leads in a circle. Name the file itself.",
            path=path,
        ) from error


def _load_again(loaded: Loaded, target: Path) -> bytes:
    if not os.path.lexists(target):
        raise NotSaved(
            f"{clean_line(str(target))} is gone: it was moved or deleted. "
            "Put it back, then save again.",
            path=loaded.path,
        )
    return disk.load(target)


def _write(
    path: Path, target: Path, text: str, old: Project, new: Project, *, previous: bytes | None
) -> Loaded:
    """Edits the text, makes sure that it reads as meant, and puts it in place."""
    from launchready_tui.project.edit import apply

    mark = _BOM if text.startswith(_BOM) else ""
    edited = mark + apply(text.removeprefix(_BOM), to_tree(old), to_tree(new))
    data = edited.encode()
    if len(data) > disk.LIMIT:
        raise NotSaved(
            f"{clean_line(path.name)} would grow beyond {disk.LIMIT // 1_000_000} MB. "
            "Keep long texts in a file of their own, and link to it.",
            path=path,
        )
    result = _read_back(edited, path, new)
    disk.put(target, data, previous)
    return Loaded(result, path, _stamp(data), edited.removeprefix(_BOM))


def _read_back(text: str, path: Path, meant: Project) -> Project:
    """The project in our own text. A file that would not read as meant is not written."""
    result: Project | None = None
    try:
        result = _parse(text, path)
    except Unreadable as error:
        cause: Unreadable | None = error
    else:
        cause = None
    if result is None or to_nodes(to_tree(result)) != to_nodes(to_tree(meant)):
        raise NotSaved(
            f"LaunchReady found no safe way to change {clean_line(path.name)}, so it was left as "
            "it is. Its tables may be written in an unusual way. Please report this.",
            path=path,
        ) from cause
    return result


# Text to project ----------------------------------------------------------------------------


def _stamp(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _decode(data: bytes, path: Path) -> str:
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


def _parse(text: str, path: Path) -> Project:
    """The project in the text, tidied. Each error names the line and the column."""
    text = text.removeprefix(_BOM)
    return _project(_checked_tree(text, path), text, path)


def _checked_tree(text: str, path: Path) -> Tree:
    """The file's plain data, of a format that we read, and without a secret in it."""
    raw = _toml(text, path)
    _check_format(raw, text, path)
    _refuse_secrets(raw, text, path)
    return raw


def _project(raw: Tree, text: str, path: Path) -> Project:
    try:
        return from_tree(tidy_tree(raw))
    except BadField as error:
        raise _at(text, path, error.path, str(error)) from error
    except msgspec.ValidationError as error:
        from launchready_tui.project import explain

        place, why = explain.field(raw, error)
        raise _at(text, path, place, why) from error


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
        raise _at(text, path, ("format",), f"“format” should be {FORMAT}. Write: format = {FORMAT}")
    if number > FORMAT:
        error = _at(text, path, ("format",), "")
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


def _at(text: str, path: Path, place: Place, why: str) -> Unreadable:
    """The error at the place of a value in the data."""
    from launchready_tui.project import layout

    offset = layout.scan(text).offset(place) or 0
    line, column = layout.line_column(text, offset)
    field = field_words(place)
    where = f"{clean_line(path.name)}, line {line}, column {column} ({field})"
    return Unreadable(f"{where}: {why}", path=path, line=line, column=column, field=field)


def _conflict(clashes: tuple[Clash, ...], path: Path) -> Conflict:
    listed = " ".join(
        f"Of the {clash.what} you have {clash.mine}, and the file now has {clash.theirs}."
        for clash in clashes[:3]
    )
    more = f" There are {len(clashes) - 3} more." if len(clashes) > 3 else ""
    return Conflict(
        f"Somebody else changed {clean_line(path.name)} meanwhile. {listed}{more} "
        "Nothing was saved. Choose which one stays.",
        clashes,
        path=path,
    )


# Secrets ------------------------------------------------------------------------------------


def _ready(project: Project, path: Path) -> Project:
    """The project, tidied for the file. Raises `SecretInText` or `NotSaved`, naming the field."""
    try:
        project = tidy(project)
    except BadField as error:
        field = field_words(error.path)
        raise NotSaved(f"{field}: {error}", path=path, field=field) from error
    found = find_secret(to_tree(project))
    if found:
        field = field_words(found[0])
        raise SecretInText(
            f"The text in {field} looks like {found[1]}, so it was not saved. "
            "Write where it is kept instead, such as “in 1Password, under Launch”.",
            path=path,
            field=field,
        )
    return project


def _refuse_secrets(raw: Tree, text: str, path: Path) -> None:
    """A file that is safe to commit holds no secret, not even in a comment or a key of others."""
    found = find_secret(raw)
    if found:
        place, kind = found
        error = _at(text, path, place, "")
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
