"""Changes to a project as a test needs them: one section, or one row of a table."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from launchready_tui.project.model import Project


def section(project: Project, name: str, /, **fields: Any) -> Project:
    """The project with these fields of one section ("product") changed."""
    return replace(project, **{name: replace(getattr(project, name), **fields)})


def add(project: Project, table: str, row: Any) -> Project:
    return replace(project, **{table: (*getattr(project, table), row)})


def put(project: Project, table: str, place: int, row: Any) -> Project:
    rows = list(getattr(project, table))
    rows[place] = row
    return replace(project, **{table: tuple(rows)})


def drop(project: Project, table: str, place: int) -> Project:
    rows = getattr(project, table)
    return replace(project, **{table: (*rows[:place], *rows[place + 1 :])})
