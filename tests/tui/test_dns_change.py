"""A planned DNS change on the screen: by keyboard, by mouse, small and large, stopped, refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from launchready_tui.lab import Lab
from launchready_tui.lab.demo import demo_project
from launchready_tui.lab.faults import DEMO_FAULTS, broken
from launchready_tui.project import file
from launchready_tui.tui.screens.base import Frame
from launchready_tui.tui.screens.check_page import CheckPageScreen
from launchready_tui.tui.screens.dns_change import DnsChangeScreen
from launchready_tui.tui.screens.stage import StageScreen
from launchready_tui.tui.widgets.bars import MOST_KEYS
from launchready_tui.tui.widgets.page import Page
from tests.guards.prepared import PLANS, world
from tests.tui.steering import SIZES, clock, new_app, on_screen, until


def page(pilot: Pilot[None]) -> str:
    return pilot.app.screen.query_one("#plan-page", Page).plain


async def typed(pilot: Pilot[None], text: str) -> None:
    field = pilot.app.screen.query_one(Input)
    field.focus()
    field.value = ""
    await pilot.press(*("full_stop" if each == "." else "minus" if each == "-" else each
                        for each in text))  # fmt: skip
    await pilot.press("enter")


async def answered(pilot: Pilot[None]) -> DnsChangeScreen:
    screen = pilot.app.screen
    assert isinstance(screen, DnsChangeScreen)
    await until(pilot, "the plan is judged", lambda: screen.step != "judging")
    return screen


@pytest.mark.parametrize("size", SIZES)
async def test_by_keyboard_alone(size: tuple[int, int], tmp_path: Path) -> None:
    for name in ("www-gone.zone", "good.zone"):
        shutil.copy(PLANS / name, tmp_path / name)
    (tmp_path / "bad.zone").write_text("@ A nonsense\n", "utf-8")
    loaded = file.create(tmp_path / "launchready.toml", demo_project(clock()))
    async with Lab(world()) as lab:
        app = new_app(lab, tmp_path, loaded)
        async with app.run_test(size=size) as pilot:
            await pilot.press("v")
            screen = await on_screen(pilot, DnsChangeScreen)
            await pilot.press("enter")
            problem = screen.query_one("#plan-problem", Static)
            assert "Type the name of a file first" in str(problem.content)

            await typed(pilot, "bad.zone")
            await answered(pilot)
            assert "bad.zone, line 1, column 3" in str(problem.content)
            assert isinstance(screen.focused, Input)

            await typed(pilot, "www-gone.zone")
            await answered(pilot)
            assert str(problem.content) == ""
            shown = " ".join(page(pilot).split())
            assert "Don't apply this yet: 1 to fix." in shown
            assert "www.harbor.example will stop pointing to edge.harbor.example." in shown
            assert "People who type www see an error." in shown
            assert "What would be broken, once applied" in shown
            await pilot.press("enter")  # the first finding opens: how to fix it
            assert "1." in page(pilot)
            assert len(screen.keys()) <= MOST_KEYS
            # And from there to how its check judges; on a small screen the arrow scrolls first.
            plan = screen.query_one("#plan-page", Page)
            for _ in range(30):
                await pilot.press("down")
                if plan.cursor == "check-page:dns.www":
                    break
            await pilot.press("enter")
            judging = await on_screen(pilot, CheckPageScreen)
            assert judging.page.check == "dns.www"
            await pilot.press("escape")
            assert await on_screen(pilot, DnsChangeScreen) is screen

            await pilot.press("i")
            await typed(pilot, "good.zone")
            await answered(pilot)
            assert "Safe to apply: 3 changes." in page(pilot)
            await pilot.press("escape")
            await on_screen(pilot, StageScreen)


async def test_by_mouse_alone_from_the_item_about_safe_changes(tmp_path: Path) -> None:
    shutil.copy(PLANS / "same.zone", tmp_path / "same.zone")
    loaded = file.create(tmp_path / "launchready.toml", demo_project(clock()))
    async with Lab(world()) as lab:
        app = new_app(lab, tmp_path, loaded)
        async with app.run_test(size=(120, 40)) as pilot:
            stage = await on_screen(pilot, StageScreen)
            for item in ("S2.C3", "S7.C1"):
                stage.open(item)
                await pilot.pause()
                assert "place:dns-change" in stage.query_one("#detail", Page).selectable
            await clicked(pilot, stage, "#detail", "Check a DNS change")
            screen = await on_screen(pilot, DnsChangeScreen)
            await clicked(pilot, screen, "#plan-page", "same.zone")
            await answered(pilot)
            assert "Nothing will change." in page(pilot)
            assert screen.query_one(Input).value == "same.zone"


async def clicked(pilot: Pilot[None], screen: Frame, where: str, text: str) -> None:
    """Click the line of a page that holds this text."""
    shown = screen.query_one(where, Page)
    line = next(at for at, each in enumerate(shown.plain.splitlines()) if text in each)
    shown.scroll_to(y=max(line - 5, 0), animate=False, immediate=True)
    await pilot.pause()
    inner = shown.content_region.offset - shown.region.offset
    await pilot.click(where, offset=(inner.x + 6, inner.y + line - shown.scroll_offset.y))
    await pilot.pause()


async def test_escape_stops_it_and_the_screen_is_as_before(tmp_path: Path) -> None:
    shutil.copy(PLANS / "good.zone", tmp_path / "good.zone")
    loaded = file.create(tmp_path / "launchready.toml", demo_project(clock()))
    async with Lab(world().with_trouble("", "timeout")) as lab:
        app = new_app(lab, tmp_path, loaded)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("v")
            screen = await on_screen(pilot, DnsChangeScreen)
            await typed(pilot, "good.zone")
            await until(pilot, "it looks", lambda: screen.step == "judging")
            assert "Press esc to stop." in page(pilot)
            await pilot.press("escape")
            await until(pilot, "it stops", lambda: screen.step == "ask")
            assert screen.judgement is None
            assert pilot.app.screen is screen
            await pilot.press("escape")
            await on_screen(pilot, StageScreen)


async def test_the_demo_offers_a_plan_that_goes_wrong(tmp_path: Path) -> None:
    loaded = file.create(tmp_path / "launchready.toml", demo_project(clock()))
    async with Lab(broken(DEMO_FAULTS)) as lab:
        app = new_app(lab, tmp_path, loaded, playing=True)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, "the first look ends", lambda: not app.state.checking.running)
            await pilot.press("v")
            screen = await on_screen(pilot, DnsChangeScreen)
            await pilot.press("tab", "e")
            await until(pilot, "it is judged", lambda: screen.step == "judged")
            shown = " ".join(page(pilot).split())
            assert "Don't apply this yet" in shown
            assert "point to Vercel." in shown
            assert "Broken today, and fixed by this" in shown


async def test_the_command_palette_knows_it(tmp_path: Path) -> None:
    loaded = file.create(tmp_path / "launchready.toml", demo_project(clock()))
    async with Lab(world()) as lab:
        app = new_app(lab, tmp_path, loaded)
        async with app.run_test(size=(80, 24)) as pilot:
            screen = await on_screen(pilot, StageScreen)
            titles = {command.title for command in app.get_system_commands(screen)}
            assert "Check a DNS change" in titles
