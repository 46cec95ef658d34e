"""A file with names or answers that we do not know, opened in the screens: told, and no crash."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from launchready_tui.content import checklist
from launchready_tui.project.file import Loaded
from launchready_tui.tui.app import LaunchReadyApp
from launchready_tui.tui.messages import ProjectOpened
from launchready_tui.tui.screens.stage import StageScreen
from launchready_tui.tui.screens.welcome import WelcomeScreen
from launchready_tui.verdict import project_file
from launchready_tui.world import Options, open_world

from .steering import on_screen, until

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PROJECT = 'format = 1\n[product]\ndomain = "harbor.example"\n[[acounts]]\nservice = "Fly.io"\n'
ANSWER = '[answers."S1.C4"]\nvalue = "yes"\n'


def app_on(loaded: Loaded | None) -> LaunchReadyApp:
    return LaunchReadyApp(
        loaded=loaded,
        checklist=checklist.builtin(),
        open_world=lambda: open_world(Options(), NOW),
        clock=lambda: NOW,
    )


def notes(app: LaunchReadyApp) -> str:
    return " ".join(str(each.message) for each in app._notifications)


async def test_unknown_names_are_told_in_a_note(tmp_path: Path) -> None:
    path = tmp_path / "launchready.toml"
    path.write_text(PROJECT)
    app = app_on(project_file.read(path, checklist.builtin()))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, "a note says so", lambda: "line 4: LaunchReady" in notes(app))
        assert "Did you mean accounts?" in notes(app)


async def test_a_file_with_an_unknown_answer_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "launchready.toml"
    path.write_text(PROJECT + ANSWER)
    app = app_on(None)
    async with app.run_test(size=(120, 40)) as pilot:
        await on_screen(pilot, WelcomeScreen)
        app.post_message(ProjectOpened(str(path)))
        await until(pilot, "a note says so", lambda: "line 7, column 9" in notes(app))
        assert isinstance(app.screen, WelcomeScreen)
        path.write_text(PROJECT)
        app.post_message(ProjectOpened(str(path)))
        await on_screen(pilot, StageScreen)
        await until(pilot, "its names too", lambda: "Did you mean accounts?" in notes(app))
