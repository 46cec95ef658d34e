"""Opens the app as a founder does, and waits for what is on the screen and in the file.

Each wait polls a condition and gives up after a bound; none counts on how fast things are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from textual.pilot import Pilot
from textual.screen import Screen

from launchready_tui.content import checklist
from launchready_tui.lab import Lab
from launchready_tui.project import file
from launchready_tui.project.file import Loaded
from launchready_tui.project.model import Project
from launchready_tui.tui.app import LaunchReadyApp
from launchready_tui.world import open_world

SIZES = [(80, 24), (120, 40)]
WITHIN = 30.0  # seconds; a whole audit of the lab takes one or two
DOCUMENTS = 13

ScreenT = TypeVar("ScreenT", bound=Screen[Any])


def clock() -> datetime:
    return datetime.now(UTC)


def new_app(
    lab: Lab, folder: Path, loaded: Loaded | None = None, *, playing: bool = False
) -> LaunchReadyApp:
    """The app with the lab as its network; without a project it begins at the welcome screen.

    `playing` makes it the demo, whose lab it may fix.
    """
    return LaunchReadyApp(
        loaded=loaded,
        checklist=checklist.builtin(),
        open_world=lambda: open_world(lab.options, clock()),
        clock=clock,
        lab=lab if playing else None,
        user="Sam",
        folder=folder,
    )


async def until(pilot: Pilot[None], what: str, holds: Callable[[], bool]) -> None:
    """Let the app run until `holds`; fail with `what` and the screen's name after `WITHIN`."""
    try:
        async with asyncio.timeout(WITHIN):
            while not holds():
                await pilot.pause(0.02)
    except TimeoutError:
        raise AssertionError(f"not within {WITHIN} s on {pilot.app.screen!r}: {what}") from None
    await pilot.pause()


async def on_screen(pilot: Pilot[None], kind: type[ScreenT]) -> ScreenT:
    """Wait until this kind of screen is on top."""
    await until(pilot, f"{kind.__name__} opens", lambda: isinstance(pilot.app.screen, kind))
    screen = pilot.app.screen
    assert isinstance(screen, kind)
    return screen


def on_disk(folder: Path) -> Project | None:
    """What the project file holds at this moment; None while there is none."""
    path = folder / "launchready.toml"
    return file.read(path).project if path.exists() else None


def audited(folder: Path) -> bool:
    project = on_disk(folder)
    return project is not None and bool(project.audits)


def answered(folder: Path, item: str) -> bool:
    project = on_disk(folder)
    return project is not None and item in project.answers


def written(folder: Path) -> bool:
    pages = list(folder.rglob("*.md"))
    return len(pages) == DOCUMENTS and len(list(folder.rglob("index.html"))) == 1
