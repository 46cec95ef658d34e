"""From nothing to written documents without touching the mouse."""

from __future__ import annotations

from pathlib import Path

import pytest

from launchready_tui.lab import Lab
from launchready_tui.project import file
from launchready_tui.tui.screens.consent import Consent
from launchready_tui.tui.screens.documents import DocumentsScreen
from launchready_tui.tui.screens.found import FoundScreen
from launchready_tui.tui.screens.stage import StageScreen
from launchready_tui.tui.screens.walk import WalkScreen
from launchready_tui.tui.screens.welcome import WelcomeScreen
from launchready_tui.tui.widgets.page import Page
from tests.tui.steering import SIZES, answered, audited, new_app, on_disk, on_screen, until, written


@pytest.mark.parametrize("size", SIZES)
async def test_a_new_project_by_keyboard_alone(tmp_path: Path, size: tuple[int, int]) -> None:
    async with Lab() as lab:
        app = new_app(lab, tmp_path)
        async with app.run_test(size=size) as pilot:
            await on_screen(pilot, WelcomeScreen)
            await pilot.press("n", *"Harbor Market", "enter", *"harbor.example", "enter", "enter")

            found = await on_screen(pilot, FoundScreen)
            await until(pilot, "discovery ends", lambda: not found.looking)
            assert found.project.product.name == "Harbor Market"
            await pilot.press("k")

            await on_screen(pilot, Consent)
            assert not audited(tmp_path)
            await pilot.press("enter")
            await on_screen(pilot, StageScreen)
            await until(pilot, "the audit is in the file", lambda: audited(tmp_path))

            await pilot.press("w")
            walk = await on_screen(pilot, WalkScreen)
            asked = walk.shown
            assert asked is not None
            await pilot.press("1")
            await until(pilot, "the answer is saved", lambda: answered(tmp_path, asked.item.id))
            await pilot.press("enter")
            following = walk.shown
            assert following is not None
            assert following.item.id != asked.item.id

            await pilot.press("escape", "d")
            await on_screen(pilot, DocumentsScreen)
            await pilot.press("w")
            await until(pilot, "the documents are written", lambda: written(tmp_path))

    kept = on_disk(tmp_path)
    assert kept is not None
    assert {"harbor.example", "www.harbor.example", "app.harbor.example"} <= {
        host.name for host in kept.hosts
    }
    assert kept.answers[asked.item.id].value == asked.item.choices[0].value
    assert kept.answers[asked.item.id].by == "Sam"


@pytest.mark.parametrize("size", SIZES)
async def test_a_pane_that_was_hidden_shows_the_item_of_now(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    """In a small window one pane hides the others, and an item may change behind it."""
    path = tmp_path / "launchready.toml"
    path.write_text('format = 1\n[product]\nname = "Harbor"\ndomain = "harbor.example"\n')
    async with Lab() as lab:
        app = new_app(lab, tmp_path, file.read(path))
        async with app.run_test(size=size) as pilot:
            screen = await on_screen(pilot, StageScreen)
            screen.open("S3.F3", "list")
            await pilot.press("enter", "escape", "right_square_bracket")
            await until(pilot, "the next stage", lambda: screen.number == 4)
            await pilot.press("enter")
            await pilot.pause()
            shown = screen.shown
            assert shown is not None
            assert shown.item.id.startswith("S4.")
            page = screen.query_one("#detail", Page)
            assert shown.item.title in page.plain
            assert shown.item.title in "".join(
                page.render_line(y).text for y in range(page.size.height)
            )
