"""Project files to offer on the welcome screen: those opened lately, and those around here."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from launchready_tui.vocabulary.safe_text import clean_line

FILE = "launchready.toml"
MOST = 5
_LOOKED_AT = 200  # entries of a folder: a home folder may hold thousands


def recent_file() -> Path:
    """Where the list of files opened lately is kept: paths only, one machine, one person."""
    from platformdirs import user_state_path

    return user_state_path("launchready") / "recent.json"


def remember(path: Path, listed: Path) -> None:
    """Put a project first in the list. A list that cannot be written is no reason to stop."""
    paths = [str(path.resolve()), *(p for p in _recent(listed) if p != str(path.resolve()))]
    try:
        listed.parent.mkdir(parents=True, exist_ok=True)
        listed.write_text(json.dumps(paths[:MOST]), "utf-8")
    except OSError:
        return


def nearby(folder: Path, listed: Path | None) -> tuple[tuple[str, str], ...]:
    """At most `MOST` project files as (path, "Harbor Market, in shop/"), each once."""
    found: dict[str, str] = {}
    candidates = [*_around(folder), *(_recent(listed) if listed else ())]
    for path in candidates:
        name = _product(Path(path))
        if name is not None and path not in found and len(found) < MOST:
            found[path] = f"{name}, in {clean_line(Path(path).parent.name)}"
    return tuple(found.items())


def _around(folder: Path) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            names = [entry.path for entry in islice(entries, _LOOKED_AT) if entry.is_dir()]
    except OSError:
        return
    for name in sorted(names):
        if (Path(name) / FILE).is_file():
            yield str((Path(name) / FILE).resolve())


def _recent(listed: Path) -> tuple[str, ...]:
    try:
        paths = json.loads(listed.read_text("utf-8"))
    except (OSError, ValueError):
        return ()
    return tuple(path for path in paths if isinstance(path, str)) if isinstance(paths, list) else ()


def _product(path: Path) -> str | None:
    """The product's name in a project file, or None when it cannot be read as one."""
    try:
        product = tomllib.loads(path.read_text("utf-8")).get("product")
    except (OSError, ValueError):
        return None
    name = product.get("name") if isinstance(product, dict) else None
    return clean_line(name, 60) if isinstance(name, str) and name else "A project without a name"
