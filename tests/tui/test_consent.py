"""Before the first audit of a domain all that will be asked is shown; a no asks nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from launchready_tui.lab import Lab
from launchready_tui.lab.demo import demo_project
from launchready_tui.project import file
from launchready_tui.project.change import record
from launchready_tui.project.model import AuditRecord
from launchready_tui.tui.screens.consent import Consent
from launchready_tui.tui.screens.stage import StageScreen
from tests.tui.steering import SIZES, audited, new_app, on_disk, on_screen, until


def unaudited(folder: Path) -> file.Loaded:
    return file.create(folder / "launchready.toml", demo_project(datetime.now(UTC)))


def audits(folder: Path) -> tuple[AuditRecord, ...]:
    """The audits in the file: a short one is over before anybody can see that it runs."""
    project = on_disk(folder)
    return project.audits if project else ()


@pytest.mark.parametrize("size", SIZES)
async def test_a_first_audit_asks_before_it_asks(tmp_path: Path, size: tuple[int, int]) -> None:
    async with Lab() as lab:
        app = new_app(lab, tmp_path, unaudited(tmp_path))
        async with app.run_test(size=size) as pilot:
            await on_screen(pilot, StageScreen)
            await pilot.press("R")
            asking = await on_screen(pilot, Consent)
            shown = " ".join(str(each.render()) for each in asking.query("#dialog-list Static"))
            assert "Your own hosts" in shown
            assert "Name servers" in shown
            await pilot.press("escape")
            await on_screen(pilot, StageScreen)
            assert not app.state.checking.running
            assert not audited(tmp_path)

            await pilot.press("R")
            await on_screen(pilot, Consent)
            await pilot.press("enter")
            await until(pilot, "the audit is in the file", lambda: audited(tmp_path))
            await until(pilot, "the audit has ended", lambda: not app.state.checking.running)

            await pilot.press("R")  # it is known now
            await until(pilot, "it looks again", lambda: len(audits(tmp_path)) == 2)
            assert not isinstance(app.screen, Consent)


async def test_a_click_beside_it_is_a_no(tmp_path: Path) -> None:
    async with Lab() as lab:
        app = new_app(lab, tmp_path, unaudited(tmp_path))
        async with app.run_test(size=(120, 40)) as pilot:
            await on_screen(pilot, StageScreen)
            await pilot.press("R")
            await on_screen(pilot, Consent)
            await pilot.click(offset=(1, 1))
            await on_screen(pilot, StageScreen)
            assert not app.state.checking.running


async def test_a_project_that_was_audited_is_not_asked(tmp_path: Path) -> None:
    project = record(demo_project(datetime.now(UTC)), [], at=datetime.now(UTC))
    loaded = file.create(tmp_path / "launchready.toml", project)
    async with Lab() as lab:
        app = new_app(lab, tmp_path, loaded)
        async with app.run_test(size=(120, 40)) as pilot:
            await on_screen(pilot, StageScreen)
            await pilot.press("R")
            await until(pilot, "it looks", lambda: len(audits(tmp_path)) == 2)
