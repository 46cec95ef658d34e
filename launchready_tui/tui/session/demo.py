"""The demo on the screens: Harbor Market in a folder of its own, and how one fault is fixed."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from launchready_tui.vocabulary.findings import Finding

if TYPE_CHECKING:
    from launchready_tui.lab import Lab
    from launchready_tui.lab.faults import Fault
    from launchready_tui.project.file import Loaded
    from launchready_tui.world import World


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo: its file, its lab, the way to the lab's world, and what is broken there."""

    loaded: Loaded
    lab: Lab
    open_world: Callable[[], AbstractAsyncContextManager[World]]
    faults: tuple[str, ...]


@asynccontextmanager
async def open_demo(
    clock: Callable[[], datetime], faults: Sequence[str] | None = None
) -> AsyncIterator[Demo]:
    """Start the lab with these faults (default: the demo's) and write Harbor Market's file.

    Everything is in a temporary folder, which goes when the demo ends.
    """
    from launchready_tui.lab import Lab
    from launchready_tui.lab.demo import demo_project
    from launchready_tui.lab.faults import DEMO_FAULTS, broken
    from launchready_tui.project import file
    from launchready_tui.world import open_world

    chosen = tuple(DEMO_FAULTS if faults is None else faults)
    with tempfile.TemporaryDirectory(prefix="launchready-demo-") as folder:
        loaded = file.create(Path(folder) / "launchready.toml", demo_project(clock()))
        async with Lab(broken(chosen)) as lab:
            yield Demo(loaded, lab, lambda: open_world(lab.options, clock()), chosen)


def fault_behind(finding: Finding, faults: Sequence[str]) -> Fault | None:
    """The played fault that this finding comes from: by check and subject, else by check."""
    from launchready_tui.lab.faults import FAULTS

    played = [FAULTS[id] for id in faults]
    same = [each for each in played if finding.check == each.check]
    exact = [each for each in same if each.subject == finding.subject]
    also = [each for each in played if finding.check in each.also]
    return next(iter((*exact, *same, *also)), None)
