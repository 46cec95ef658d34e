"""Packages that extend LaunchReady: which are installed, and what went wrong with one of them.

Entry points name what they bring: `launchready.checks` a module or a callable that registers
checks, `launchready.checklists` a folder of words and items.
"""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from launchready_tui.vocabulary.safe_text import clean_line, redact

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

_METADATA = (".dist-info", ".egg-info")
_OURS = b"[launchready."


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a package. `about` is the check that it concerns, or the package."""

    package: str
    about: str
    error: str


def entries(group: str) -> tuple[EntryPoint, ...]:
    """The installed entry points of a group, by package and name, the same in each run.

    Where no installed package names us, `importlib.metadata` is not even loaded: it takes a
    tenth of the time that starting takes.
    """
    if not any(_names_us(Path(place)) for place in sys.path):
        return ()
    from importlib.metadata import entry_points

    return tuple(sorted(entry_points(group=group), key=lambda each: (package_of(each), each.name)))


def _names_us(place: Path) -> bool:
    """Whether a package in this folder has an entry point of ours."""
    with suppress(OSError):
        for entry in os.scandir(place):
            if entry.name.endswith(_METADATA):
                with suppress(OSError):
                    if _OURS in Path(entry.path, "entry_points.txt").read_bytes():
                        return True
    return False


def check_of(package: str) -> str:
    """The id under which findings tell of a package that fails."""
    return f"extension.{package}"


def package_of(entry: EntryPoint) -> str:
    """The name of the package that an entry point belongs to, as `pip` writes it."""
    name = entry.dist.name if entry.dist is not None else entry.name
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "package"


def in_a_line(error: BaseException) -> str:
    """Type and message of an error of somebody else's code, cleaned, without secrets."""
    try:
        message = str(error)
    except Exception as second:  # noqa: BLE001 - a stranger's __str__ may raise anything
        message = f"its message can't be read: {type(second).__name__}"
    kind = type(error).__name__
    return clean_line(redact(f"{kind}: {message}" if message else kind))
