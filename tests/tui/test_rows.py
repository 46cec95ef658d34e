"""The blockers, the verdict and the five targets, on the demo with its findings on file."""

from __future__ import annotations

from pathlib import Path

import pytest

from launchready_tui import audit
from launchready_tui.content import checklist
from launchready_tui.lab import Lab
from launchready_tui.lab.demo import demo_project
from launchready_tui.lab.faults import DEMO_FAULTS, broken
from launchready_tui.project import change, file
from launchready_tui.tui.screens.fix_today import FixTodayScreen
from launchready_tui.tui.screens.ready import ReadyScreen
from launchready_tui.tui.screens.stage import StageScreen
from launchready_tui.tui.widgets.page import Page
from launchready_tui.world import open_world
from tests.tui.steering import SIZES, clock, new_app, on_screen

TARGETS = ("T1", "T2", "T3", "T4", "T5")


async def audited_demo(folder: Path, lab: Lab) -> file.Loaded:
    """The demo's project with one whole audit of its broken world in the file."""
    content, now = checklist.builtin(), clock()
    project = demo_project(now)
    async with open_world(lab.options, now) as world:
        found = await audit.collect(audit.plan(project, content), project, world, content)
    project = change.record(project, found, at=now, by="demo", partial=False)
    return file.create(folder / "launchready.toml", project)


@pytest.mark.covers("S1.D1", "screen")
@pytest.mark.covers("S1.D2", "screen")
@pytest.mark.covers("T1", "screen")
@pytest.mark.covers("T2", "screen")
@pytest.mark.covers("T3", "screen")
@pytest.mark.covers("T4", "screen")
@pytest.mark.covers("T5", "screen")
@pytest.mark.parametrize("size", SIZES)
async def test_the_risks_in_order_and_the_five_targets(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with Lab(broken(tuple(DEMO_FAULTS))) as lab:
        app = new_app(lab, tmp_path, await audited_demo(tmp_path, lab))
        async with app.run_test(size=size) as pilot:
            await on_screen(pilot, StageScreen)
            today = app.state.readiness.today()
            assert len(today) > 2

            await pilot.press("b")
            screen = await on_screen(pilot, FixTodayScreen)
            shown = screen.query_one(Page).plain
            places = [shown.index(begin(problem.title)) for problem in today[:10]]
            assert places == sorted(places)
            top = next(line for line in shown.splitlines() if begin(today[0].title) in line)
            assert f"{today[0].minutes} min" in top

            await pilot.press("g")
            ready = await on_screen(pilot, ReadyScreen)
            shown = ready.query_one(Page).plain
            assert begin(today[0].title) in shown
            assert f"{today[0].minutes} min" in shown
            _, _, below = shown.partition("Five targets")
            together, _, _ = below.partition("Since the ")
            assert tuple(target.id for target in app.state.readiness.targets) == TARGETS
            for target in app.state.readiness.targets:
                assert target.title in together


def begin(title: str) -> str:
    """As much of a title as fits on the first line of its row in the smallest window."""
    return title[:24]
