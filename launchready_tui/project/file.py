"""Reads `launchready.toml` and saves changes into it. The founder's file comes before ours.

Comments, order and keys that we don't know survive every save. A file that can't be read is
never overwritten. What somebody else changed meanwhile is merged, or shown as a conflict.
Errors are those of `errors.ProjectError`.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from launchready_tui.project import disk, parse, unknown
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
from launchready_tui.project.model import Project
from launchready_tui.project.nodes import Keep, merge, to_nodes
from launchready_tui.project.tidy import (
    BadField,
    field_words,
    find_secret,
    tidy,
    to_tree,
)
from launchready_tui.project.tidy import Path as Place
from launchready_tui.vocabulary.safe_text import clean_line

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
    return _loaded(parse.decode(data, path), path, _stamp(data))


def _loaded(text: str, path: Path, stamp: str) -> Loaded:
    text = text.removeprefix(parse.BOM)
    project, tree = parse.project(text, path)
    warnings = unknown.told(tree, project, text, clean_line(path.name))
    return Loaded(project, path, stamp, text, warnings)


def error_at(loaded: Loaded, place: Place, why: str) -> Unreadable:
    """The error for a value of a file that was read: `FILE, line N, column M (field): why`."""
    return parse.error_at(loaded.text, loaded.path, place, why)


def line_column(loaded: Loaded, place: Place) -> tuple[int, int]:
    """Where a value, row or table stands in the file, both counted from 1."""
    from launchready_tui.vocabulary import toml_layout as layout

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
        text = parse.decode(data, loaded.path)
        stamp = _stamp(data)
        there = loaded if stamp == loaded.stamp else _loaded(text, loaded.path, stamp)
        merged, clashes = merge(loaded.project, project, there.project, keep)
        if clashes:
            raise _conflict(clashes, loaded.path)
        if merged == there.project:
            return there
        return _write(loaded.path, target, text, there.project, merged, previous=data)


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

    mark = parse.BOM if text.startswith(parse.BOM) else ""
    edited = mark + apply(text.removeprefix(parse.BOM), to_tree(old), to_tree(new))
    data = edited.encode()
    if len(data) > disk.LIMIT:
        raise NotSaved(
            f"{clean_line(path.name)} would grow beyond {disk.LIMIT // 1_000_000} MB. "
            "Keep long texts in a file of their own, and link to it.",
            path=path,
        )
    result = _read_back(edited, path, new, _stamp(data))
    disk.put(target, data, previous)
    return result


def _read_back(text: str, path: Path, meant: Project, stamp: str) -> Loaded:
    """The project in our own text. A file that would not read as meant is not written."""
    result: Loaded | None = None
    try:
        result = _loaded(text, path, stamp)
    except Unreadable as error:
        cause: Unreadable | None = error
    else:
        cause = None
    if result is None or to_nodes(to_tree(result.project)) != to_nodes(to_tree(meant)):
        raise NotSaved(
            f"LaunchReady found no safe way to change {clean_line(path.name)}, so it was left as "
            "it is. Its tables may be written in an unusual way. Please report this.",
            path=path,
        ) from cause
    return result


def _stamp(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


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
