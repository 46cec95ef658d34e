"""Recognises the platform that serves a page, by `checklists/providers/hosting.toml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from launchready_tui.content.checklist import Provider, ends_with
from launchready_tui.vocabulary.facts import Response, Unreachable


def hosting(
    table: Mapping[str, Provider], page: Response | Unreachable, chain: Iterable[str], at: str
) -> str:
    """The hosting platform behind a page: by its headers, then by alias, then by address."""
    fields = [f"{key}: {value}".lower() for key, value in getattr(page, "headers", ())]
    for id, provider in table.items():
        if any(_shows(field, mark) for mark in provider.headers for field in fields):
            return id
    for id, provider in table.items():
        if any(ends_with(name, provider.cnames) for name in chain):
            return id
    return next((id for id, provider in table.items() if at in provider.addresses), "")


def _shows(field: str, mark: str) -> bool:
    """Whether a header is the one that a mark names: by name, or by name and start of value."""
    name, colon, value = mark.lower().partition(":")
    start = f"{name}: {value.strip()}" if colon else f"{name}:"
    return field.startswith(start)
