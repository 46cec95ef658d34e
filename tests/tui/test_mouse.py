"""From nothing to written documents by mouse; the keyboard only types into the two fields."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.events import MouseScrollDown
from textual.pilot import Pilot

from launchready_tui.lab import Lab
from launchready_tui.tui.screens.consent import Consent
from launchready_tui.tui.screens.documents import DocumentsScreen
from launchready_tui.tui.screens.found import FoundScreen
from launchready_tui.tui.screens.help import HelpScreen
from launchready_tui.tui.screens.stage import StageScreen
from launchready_tui.tui.screens.walk import WalkScreen
from launchready_tui.tui.screens.welcome import WelcomeScreen
from launchready_tui.tui.widgets.bars import KeyBar
from launchready_tui.tui.widgets.page import Page
from tests.tui.steering import SIZES, answered, audited, new_app, on_disk, on_screen, until, written


async def click_row(pilot: Pilot[None], page_id: str, key: str) -> None:
    """Click the row with this key, turning the wheel over the page until it is in view."""
    page = pilot.app.screen.query_one(f"#{page_id}", Page)
    await until(pilot, f"{key} is on {page_id}", lambda: key in page.selectable)
    left, top = page.content_region.offset - page.region.offset
    for _ in range(100):
        first = page.scroll_offset.y
        for y, owner in enumerate(page._layout.owners[first : first + page.size.height]):
            if owner == key:
                assert await pilot.click(page, offset=(left + 4, top + y))
                return
        await pilot._post_mouse_events([MouseScrollDown], page)
        await pilot.pause(0.02)
    raise AssertionError(f"the wheel does not bring {key} into view")


async def click_key(pilot: Pilot[None], says: str) -> None:
    """Click a key in the bottom line."""
    bar = pilot.app.screen.query_one(KeyBar)
    await until(pilot, f"{says} is in the bottom line", lambda: says in bar.plain)
    left = bar.content_region.x - bar.region.x
    assert await pilot.click(bar, offset=(left + bar.plain.index(says), bar.size.height - 1))


def place_of(walk: WalkScreen) -> str:
    return walk.shown.item.id if walk.shown else ""


async def go(pilot: Pilot[None], place: str) -> None:
    """Open a place through the help page, which every screen's bottom line leads to."""
    await click_key(pilot, "help")
    await on_screen(pilot, HelpScreen)
    await click_row(pilot, "help", f"place:{place}")


@pytest.mark.parametrize("size", SIZES)
async def test_a_new_project_by_mouse_alone(tmp_path: Path, size: tuple[int, int]) -> None:
    async with Lab() as lab:
        app = new_app(lab, tmp_path)
        async with app.run_test(size=size) as pilot:
            await on_screen(pilot, WelcomeScreen)
            await click_row(pilot, "start", "new")
            assert await pilot.click("#name")
            await pilot.press(*"Harbor Market")
            assert await pilot.click("#domain")
            await pilot.press(*"harbor.example")
            await click_row(pilot, "form-more", "look")

            found = await on_screen(pilot, FoundScreen)
            await until(pilot, "discovery ends", lambda: not found.looking)
            await click_row(pilot, "found", "keep")

            await on_screen(pilot, Consent)
            await click_key(pilot, "ask all this")
            await on_screen(pilot, StageScreen)
            await until(pilot, "the audit is in the file", lambda: audited(tmp_path))

            await go(pilot, "walk")
            walk = await on_screen(pilot, WalkScreen)
            asked = walk.shown
            assert asked is not None
            await click_row(pilot, "choices", f"choice:{asked.item.choices[0].value}")
            await until(pilot, "the answer is saved", lambda: answered(tmp_path, asked.item.id))
            await click_key(pilot, "next")
            await until(pilot, "the next question comes", lambda: place_of(walk) != asked.item.id)

            await go(pilot, "documents")
            await on_screen(pilot, DocumentsScreen)
            await click_row(pilot, "documents", "write")
            await until(pilot, "the documents are written", lambda: written(tmp_path))

    kept = on_disk(tmp_path)
    assert kept is not None
    assert {"harbor.example", "www.harbor.example", "app.harbor.example"} <= {
        host.name for host in kept.hosts
    }
    assert kept.answers[asked.item.id].value == asked.item.choices[0].value
