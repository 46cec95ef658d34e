"""The scanner of secrets with the rules that ship, and the scan of one folder, in this thread."""

from __future__ import annotations

import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world.repository import git

if TYPE_CHECKING:
    from launchready_tui.rules.secrets.engine import Engine
    from launchready_tui.world.repository.fingerprints import Fingerprints
    from launchready_tui.world.repository.objects import Progress
    from launchready_tui.world.repository.remembered import Shelf
    from launchready_tui.world.repository.secret_scan import Scan


_making = threading.Lock()


def engine() -> Engine:
    """The scanner with the rules that ship; a second or so to make, so it is made once.

    Scans in several threads may ask at the same time: the first makes it, the others wait.
    """
    with _making:
        return _engine()


@cache
def _engine() -> Engine:
    from launchready_tui.content.secret_rules import builtin
    from launchready_tui.rules.secrets.engine import Engine

    return Engine(builtin())


def shelf(keep: Path | None, place: git.Place, fingerprints: Fingerprints) -> Shelf | None:
    """Where the scans of this repository under the rules that ship are remembered."""
    if keep is None:
        return None
    from launchready_tui.content.secret_rules import builtin, digest
    from launchready_tui.world.repository import remembered

    return remembered.shelf(keep, place, fingerprints, digest(builtin()))


def scan(
    what: str,
    root: Path,
    fingerprints: Fingerprints,
    progress: Progress,
    keep: Path | None = None,
) -> Scan | Unreachable:
    """The "history" or the "working" files of a folder, in this thread."""
    from launchready_tui.world.repository import secret_scan
    from launchready_tui.world.repository.tree import walk

    place = git.find(root)
    if what == "history":
        if isinstance(place, Unreachable):
            return place
        remembered = shelf(keep, place, fingerprints)
        return secret_scan.history(place, engine(), fingerprints, progress, shelf=remembered)
    if not root.is_dir():
        return Unreachable("no-repository", root.name)
    config = None if isinstance(place, Unreachable) else place.folder / "config"
    return secret_scan.files(root, walk(root), engine(), fingerprints, progress, config=config)
