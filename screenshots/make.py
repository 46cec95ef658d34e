"""The pictures of the README: the demo's screens, driven without a terminal, as SVG and PNG.

The clock of the screens stands still. The lab and the checks use the real present, because
certificates are judged by it: the dates of what we saw differ from run to run. PNG needs
Chromium; without one, only SVG is written.

    python screenshots/make.py
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from textual.pilot import Pilot

from launchready_tui.content import checklist
from launchready_tui.lab import Lab
from launchready_tui.lab.demo import FOUNDER, demo_project
from launchready_tui.lab.faults import DEMO_FAULTS, broken
from launchready_tui.project import file
from launchready_tui.project.file import Loaded
from launchready_tui.tui.app import LaunchReadyApp
from launchready_tui.tui.screens.dns_change import DnsChangeScreen
from launchready_tui.tui.screens.stage import StageScreen
from launchready_tui.world import open_world

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 24, 14, 2, tzinfo=UTC)
WIDE, SMALL = (120, 40), (80, 24)
SCALE = 0.82  # of the SVG's own size: keeps a full screen under 300 KB
DKIM = "S3.C2"
SECRETS = "S1.C4"
PLACES = {
    "walk": "walk",
    "ready": "ready",
    "documents": "documents",
    "blockers": "fix-today",
    "ownership": "ownership",
}
LOOKS = (("", WIDE, False), ("-80x24", SMALL, False), ("-80x24-light", SMALL, True))
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET_BROWSER = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
_AUDIT_SECONDS = 60.0

# Taking pictures


async def picture(name: str, pilot: Pilot[None]) -> None:
    """Write what is on the screen as NAME.svg, which fetches nothing from anywhere."""
    pilot.app.clear_notifications()
    await pilot.pause(0.3)
    svg = pilot.app.export_screenshot(title="LaunchReady")
    svg = re.sub(r"\s*@font-face\s*\{[^}]*\}", "", svg)
    (HERE / f"{name}.svg").write_text(svg, "utf-8")


def png(browser: str, svg: Path, profile: str) -> None:
    """Let the browser draw one SVG, a little smaller than its view box says.

    It is put in a page of its own without margins: opened bare, it would be scaled to the window.
    """
    text = svg.read_text("utf-8")
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', text)
    if box is None:
        raise ValueError(f"{svg.name} has no view box")
    width, height = (round(float(side) * SCALE) for side in box.groups())
    sized = text.replace("<svg ", f'<svg width="{width}" height="{height}" ', 1)
    page = Path(profile) / "page.html"
    page.write_text(
        "<!doctype html><meta charset=utf-8>"
        f"<style>body{{margin:0}}svg{{display:block}}</style>{sized}",
        "utf-8",
    )
    # Both the browser and the page come from this file, not from anybody's input.
    subprocess.run(  # noqa: S603
        [
            browser,
            *QUIET_BROWSER,
            "--default-background-color=00000000",
            f"--user-data-dir={profile}",
            f"--screenshot={svg.with_suffix('.png')}",
            f"--window-size={width},{height}",
            page.as_uri(),
        ],
        check=True,
        timeout=60,
        capture_output=True,
    )


# Driving the screens


@asynccontextmanager
async def driven(
    loaded: Loaded | None, lab: Lab, folder: Path, size: tuple[int, int], first: str = "stage"
) -> AsyncIterator[tuple[LaunchReadyApp, Pilot[None]]]:
    app = LaunchReadyApp(
        loaded=loaded,
        checklist=checklist.builtin(),
        open_world=lambda: open_world(lab.options, datetime.now(UTC)),
        clock=lambda: NOW,
        lab=lab,
        faults=DEMO_FAULTS,
        user=FOUNDER,
        first=first,
        folder=folder,
    )
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        if loaded is not None:  # the demo looks at once
            await settled(app, pilot)
        yield app, pilot


async def settled(app: LaunchReadyApp, pilot: Pilot[None]) -> None:
    """Wait until every check has run, and its finding is in the file."""
    end = time.monotonic() + _AUDIT_SECONDS
    while app.state.checking.running or not app.state.project.audits or not _saved(app):
        if time.monotonic() > end:
            raise TimeoutError(f"the audit did not end: {app.state.checking}")
        await pilot.pause(0.1)


def _saved(app: LaunchReadyApp) -> bool:
    return app.saving.clean and app.state.save.step == "saved"


def folder_file(folder: Path) -> Path:
    return folder / "launchready.toml"


def show_stage(app: LaunchReadyApp, number: int) -> None:
    """Open a stage at its worst item, so that there is a finding and its fix to read."""
    screen = app.screen
    if not isinstance(screen, StageScreen):
        raise TypeError(f"not on the stages but on {type(screen).__name__}")
    items = app.state.readiness.stage(number)
    broken_items = [
        each.item.id for each in items if any(f.impact is not None for f in each.findings)
    ]
    item = DKIM if number == 3 else next(iter(broken_items), items[0].item.id)
    screen.open(item, "detail")


async def all_pictures() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with Lab(broken(DEMO_FAULTS)) as lab:
            async with driven(None, lab, folder, WIDE) as (_, pilot):
                await picture("welcome", pilot)
            loaded = file.create(folder_file(folder), demo_project(NOW))
            async with driven(loaded, lab, folder, WIDE) as (app, pilot):
                loaded = file.read(folder_file(folder))
                await stages(app, pilot)
            for title, place in PLACES.items():
                async with driven(loaded, lab, folder, WIDE, place) as (_, pilot):
                    await picture(title, pilot)
            async with driven(loaded, lab, folder, SMALL) as (app, pilot):
                show_stage(app, 3)
                await picture("stage-80x24", pilot)
                await pilot.press("l")
                await picture("stage-80x24-light", pilot)
            for title, size, light in LOOKS:
                async with driven(loaded, lab, folder, size) as (app, pilot):
                    await secret(app, pilot, title, light=light)
                async with driven(loaded, lab, folder, size) as (app, pilot):
                    await judging(app, pilot, f"judging{title}", light=light)
                async with driven(loaded, lab, folder, size, "inboxes") as (_, pilot):
                    await pilot.press(*(("l",) if light else ()))
                    await picture(f"inbox-test{title}", pilot)
                async with driven(loaded, lab, folder, size, "dns-change") as (app, pilot):
                    await dns_change(app, pilot, f"dns-change{title}", light=light)


async def stages(app: LaunchReadyApp, pilot: Pilot[None]) -> None:
    for stage in app.state.checklist.stages:
        show_stage(app, stage.number)
        await picture(f"stage-{stage.number}-{stage.id}", pilot)
    show_stage(app, 3)
    await pilot.press("l")
    await picture("stage-3-email-trust-light", pilot)


async def secret(app: LaunchReadyApp, pilot: Pilot[None], look: str, *, light: bool) -> None:
    """The card of a key that was once in the code; in a small window the deployment stage too."""
    await pilot.press(*(("l",) if light else ()))
    screen = app.screen
    if not isinstance(screen, StageScreen):
        raise TypeError(f"not on the stages but on {type(screen).__name__}")
    screen.open(SECRETS, "detail")
    await picture(f"secret{look}", pilot)
    if look:
        show_stage(app, 4)
        await picture(f"stage-4-deployment{look}", pilot)


async def judging(app: LaunchReadyApp, pilot: Pilot[None], name: str, *, light: bool) -> None:
    """The page about the check behind the finding that the email stage opens at."""
    show_stage(app, 3)
    await pilot.press(*(("l",) if light else ()), "j")
    await picture(name, pilot)


async def dns_change(app: LaunchReadyApp, pilot: Pilot[None], name: str, *, light: bool) -> None:
    """A prepared plan, judged against the demo's own DNS."""
    screen = app.screen
    if not isinstance(screen, DnsChangeScreen):
        raise TypeError(f"not on the DNS change but on {type(screen).__name__}")
    screen.action_example()
    end = time.monotonic() + _AUDIT_SECONDS
    while screen.step != "judged":
        if time.monotonic() > end:
            raise TimeoutError("the plan was not judged")
        await pilot.pause(0.1)
    await pilot.press(*(("l",) if light else ()))
    await picture(name, pilot)


def main() -> None:
    # One look everywhere: the time in UTC, all colours, whatever this terminal is like.
    os.environ.update(TZ="UTC", COLORTERM="truecolor", TERM="xterm-256color")
    os.environ.pop("NO_COLOR", None)
    time.tzset()
    asyncio.run(all_pictures())
    pictures = sorted(HERE.glob("*.svg"))
    print(f"{len(pictures)} SVG written.")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print("No Chromium here, so no PNG was made.")
        return
    with tempfile.TemporaryDirectory() as profile:
        for svg in pictures:
            png(browser, svg, profile)
    print(f"{len(pictures)} PNG written.")


if __name__ == "__main__":
    main()
