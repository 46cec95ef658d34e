"""Tables and keys of the founder's file that we do not know. They stay in the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from launchready_tui.project.model import Login, Project
from launchready_tui.project.tidy import Path, Tree, field_words
from launchready_tui.vocabulary.errors import did_you_mean
from launchready_tui.vocabulary.safe_text import clean_line, redact

_MOST = 10  # that are told one by one


def told(tree: Tree, project: Project, text: str, name: str) -> tuple[str, ...]:
    """A sentence for each unknown table and key, as `FILE, line N: ...`, in the file's order."""
    found = sorted(_lines(tree, project, text))
    lines = [f"{name}, line {line}: {says}" for line, says in found[:_MOST]]
    if len(found) > _MOST:
        lines.append(f"{name}: {len(found) - _MOST} more names are not known to LaunchReady.")
    return tuple(lines)


def _lines(tree: Tree, project: Project, text: str) -> Iterator[tuple[int, str]]:
    from launchready_tui.vocabulary.toml_layout import line_column, scan

    layout = None
    for path, near in unknown(tree, _with_login(project)):
        layout = layout or scan(text)
        line, _ = line_column(text, layout.offset(path) or 0)
        shown = clean_line(redact(str(path[-1])), 60)
        where = f" in {field_words(path[:-1])}" if len(path) > 1 else ""
        yield line, f"LaunchReady does not know “{shown}”{where}. It stays in the file.{near}"


def _with_login(project: Project) -> Project:
    """A sign-in page of which nothing is known is none, but its table may hold other names."""
    return project if project.login else msgspec.structs.replace(project, login=Login())


def unknown(raw: Any, known: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """The paths in `raw` that the records made of it do not have, with the nearest known name."""
    match known:
        case msgspec.Struct() if isinstance(raw, dict):
            fields = dict(zip(known.__struct_encode_fields__, known.__struct_fields__, strict=True))
            for key, value in raw.items():
                if key in fields:
                    yield from unknown(value, getattr(known, fields[key]), (*path, key))
                else:
                    yield (*path, key), did_you_mean(key, fields)
        case dict() if isinstance(raw, dict):
            for key, value in raw.items():
                yield from unknown(value, known.get(key), (*path, key))
        case tuple() if isinstance(raw, list):
            for index, (value, row) in enumerate(zip(raw, known, strict=False)):
                yield from unknown(value, row, (*path, index))
