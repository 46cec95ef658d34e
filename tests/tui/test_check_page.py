"""How we judge: from a finding to the page about its check and back, by key and by mouse."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from launchready_tui.checks import registered
from launchready_tui.content import check_pages, checklist
from launchready_tui.lab.demo import demo_project
from launchready_tui.project.model import Project, RecordedFinding
from launchready_tui.tui.app import LaunchReadyApp
from launchready_tui.tui.messages import Go
from launchready_tui.tui.screens.check_page import CheckPageScreen
from launchready_tui.tui.screens.fix_today import FixTodayScreen
from launchready_tui.tui.screens.palette import ItemCommands
from launchready_tui.tui.screens.stage import StageScreen
from launchready_tui.tui.screens.walk import WalkScreen
from launchready_tui.tui.widgets.bars import KeyBar
from launchready_tui.tui.widgets.page import Page
from launchready_tui.vocabulary.findings import Verdict
from tests.tui.steering import SIZES, on_screen, until
from tests.tui.test_mouse import click_row
from tests.tui.test_states import made

CONTENT = checklist.builtin()
NOW = datetime(2026, 11, 24, 13, 2, tzinfo=UTC)
SPF = "S3.C1"  # the item of email.spf alone
ASKED = next(item.id for _, item in CONTENT.items() if not item.checks)


def found(check: str, verdict: Verdict, outcome: str) -> dict[str, dict[str, RecordedFinding]]:
    recorded = RecordedFinding(verdict=verdict, outcome=outcome, at=NOW, facts={"count": "2"})
    return {check: {"harbor.example": recorded}}


def with_findings(**more: dict[str, RecordedFinding]) -> Project:
    """The demo's file, where every check gave no answer: a finding of each of them."""
    from msgspec.structs import replace

    silent: dict[str, dict[str, RecordedFinding]] = {}
    for check in registered():
        silent |= found(check, Verdict.UNKNOWN, "timeout")
    return replace(demo_project(NOW), findings=silent | more)


def two_records() -> Project:
    return with_findings(**found("email.spf", Verdict.FAIL, "two-records"))


def shown(pilot: Pilot[None]) -> str:
    return pilot.app.screen.query_one(Page).plain


async def page_about(pilot: Pilot[None], check: str) -> CheckPageScreen:
    screen = await on_screen(pilot, CheckPageScreen)
    assert screen.page.check == check
    await until(pilot, "the page is drawn", lambda: check in shown(pilot))
    return screen


def item_of(check: str) -> str:
    return next(item.id for _, item in CONTENT.items() if check in item.checks)


def _holds(page: Page, key: str) -> bool:
    return key in page.selectable


async def test_every_page_is_reached_from_a_finding_of_its_check(tmp_path: Path) -> None:
    app = made(tmp_path, with_findings())
    async with app.run_test(size=(120, 40)) as pilot:
        stage = await on_screen(pilot, StageScreen)
        for check in sorted(registered()):  # all pages but that of packages that fail
            stage.open(item_of(check))
            detail = stage.query_one("#detail", Page)
            key = f"check-page:{check}"
            await until(pilot, f"{key} is there", partial(_holds, detail, key))
            detail.point_at(key)
            await pilot.press("enter")
            await page_about(pilot, check)
            for title in check_pages.SECTIONS:
                assert title in shown(pilot)
            await pilot.press("escape")
            await on_screen(pilot, StageScreen)
            assert (stage.item, detail.cursor) == (item_of(check), key)
        app.post_message(Go("check-page", "extension.example"))  # no stage has an item for it
        await page_about(pilot, "extension")


@pytest.mark.parametrize("size", SIZES)
async def test_a_letter_opens_the_page_of_the_worst_finding(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app = made(tmp_path, two_records())
    async with app.run_test(size=size) as pilot:
        stage = await on_screen(pilot, StageScreen)
        stage.open(SPF)
        await pilot.press("j")
        screen = await page_about(pilot, "email.spf")
        page = screen.query_one(Page)
        assert page.has_focus
        assert page.max_scroll_y > 0
        await pilot.press("pagedown")
        await until(pilot, "it scrolls", lambda: page.scroll_offset.y > 0)
        await pilot.press("l", "j", "escape")  # light or dark; the letter means nothing here
        assert await on_screen(pilot, StageScreen) is stage
        assert stage.item == SPF


@pytest.mark.parametrize("size", SIZES)
async def test_a_click_opens_it_and_a_click_leads_back(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app = made(tmp_path, two_records())
    async with app.run_test(size=size) as pilot:
        stage = await on_screen(pilot, StageScreen)
        stage.open(SPF)
        await click_row(pilot, "detail", "check-page:email.spf")
        screen = await page_about(pilot, "email.spf")
        bar = screen.query_one(KeyBar)
        left = bar.content_region.x - bar.region.x
        assert await pilot.click(bar, offset=(left + bar.plain.index("back"), bar.size.height - 1))
        assert await on_screen(pilot, StageScreen) is stage


async def test_the_walk_shows_it_and_typing_is_only_typing(tmp_path: Path) -> None:
    app = made(tmp_path, two_records())
    async with app.run_test(size=(80, 24)) as pilot:
        await on_screen(pilot, StageScreen)
        app.navigation.open(WalkScreen(app.state, SPF))
        walk = await on_screen(pilot, WalkScreen)
        await pilot.press("tab", *"jj")
        assert walk.query_one("#owner", Input).value == "jj"
        await pilot.press("escape", "j")
        await page_about(pilot, "email.spf")
        await pilot.press("escape")
        assert await on_screen(pilot, WalkScreen) is walk
        assert walk.shown is not None
        assert walk.shown.item.id == SPF
        await click_row(pilot, "question", "check-page")
        await page_about(pilot, "email.spf")


async def test_what_is_to_be_fixed_today_leads_there_too(tmp_path: Path) -> None:
    app = made(tmp_path, two_records(), first="fix-today")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await on_screen(pilot, FixTodayScreen)
        today = [each.finding.check if each.finding else "" for each in app.state.readiness.today()]
        screen.query_one(Page).point_at(f"problem:{today.index('email.spf')}")
        await pilot.press("j")
        await page_about(pilot, "email.spf")


async def test_an_item_that_only_a_person_can_answer_says_so(tmp_path: Path) -> None:
    app = made(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        stage = await on_screen(pilot, StageScreen)
        stage.open(ASKED)
        await pilot.press("j")
        await until(pilot, "a note says so", lambda: bool(app._notifications))
        assert app.screen is stage


async def test_a_source_that_is_a_web_page_can_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = check_pages.text("email.spf").rstrip() + "\n- [A list](https://lists.example/one)\n"
    monkeypatch.setattr(check_pages, "text", lambda check, others: text)
    opened: list[str] = []
    monkeypatch.setattr(
        LaunchReadyApp, "on_link_opened", lambda self, message: opened.append(message.url)
    )
    app = made(tmp_path, two_records())
    async with app.run_test(size=(80, 24)) as pilot:
        stage = await on_screen(pilot, StageScreen)
        stage.open(SPF)
        await pilot.press("j")
        screen = await page_about(pilot, "email.spf")
        await pilot.press("end", "enter")
        await until(pilot, "it is opened", lambda: bool(opened))
        assert opened == ["https://lists.example/one"]
        assert screen.is_current


async def test_the_palette_knows_every_page(tmp_path: Path) -> None:
    app = made(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await on_screen(pilot, StageScreen)
        entries = dict(ItemCommands(app.screen)._entries())
        title = CONTENT.titles["email.spf"]
        assert entries[f"How we judge: {title} (email.spf)"].item == "email.spf"
