"""What must hold on every screen: nothing lost, nothing leaked, usable small and without colour."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual._compositor import CompositorUpdate
from textual.color import Color
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Input

from launchready_tui.content import checklist
from launchready_tui.lab import Lab
from launchready_tui.lab.demo import DEVELOPER, FOUNDER, demo_project
from launchready_tui.lab.faults import DEMO_FAULTS, broken
from launchready_tui.project import file
from launchready_tui.project.model import Project, RecordedFinding, Saw
from launchready_tui.tui.app import LaunchReadyApp
from launchready_tui.tui.messages import Answered
from launchready_tui.tui.parts.notes import tell
from launchready_tui.tui.screens.base import TOO_SMALL, Frame
from launchready_tui.tui.screens.walk import WalkScreen
from launchready_tui.tui.widgets.bars import KeyBar, TopBar
from launchready_tui.tui.widgets.look import DARK, LIGHT, PALETTES
from launchready_tui.tui.widgets.page import Page
from launchready_tui.vocabulary.findings import Verdict
from launchready_tui.world import Options, open_world
from tests.tui.steering import on_disk, on_screen, until

NOW = datetime(2026, 11, 24, 13, 2, tzinfo=UTC)
OPEN_ITEM = "S4.C1"  # nobody has answered it in the demo's file


def made(folder: Path, project: Project | None = None, first: str = "stage") -> LaunchReadyApp:
    """The app on Harbor Market's file, with no network behind it."""
    loaded = file.create(folder / "launchready.toml", project or demo_project(NOW))
    return LaunchReadyApp(
        loaded=loaded,
        checklist=checklist.builtin(),
        open_world=lambda: open_world(Options(), NOW),
        clock=lambda: NOW,
        user="Sam",
        first=first,
        folder=folder,
    )


def frame(pilot: Pilot[None]) -> Frame:
    screen = pilot.app.screen
    assert isinstance(screen, Frame)
    return screen


def pages(pilot: Pilot[None]) -> str:
    """The text of every page on the screen, with the line on top."""
    return "\n".join([top(pilot), *(page.plain for page in pilot.app.screen.query(Page))])


def top(pilot: Pilot[None]) -> str:
    return pilot.app.screen.query_one(TopBar).plain


def painted(pilot: Pilot[None]) -> str:
    """What the terminal would be sent for the whole screen."""
    update = pilot.app.screen._compositor.render_update(full=True)
    assert isinstance(update, CompositorUpdate)
    return update.render_segments(pilot.app.console)


async def saved(pilot: Pilot[None], folder: Path, holds: Callable[[Project], bool]) -> None:
    def there() -> bool:
        project = on_disk(folder)
        return project is not None and holds(project)

    await until(pilot, "it is in the file", there)


# Nothing lost -----------------------------------------------------------------------------


async def test_an_answer_is_saved_at_once_and_undo_takes_back_that_answer_only(
    tmp_path: Path,
) -> None:
    app = made(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        before = dict(app.state.project.answers)
        frame(pilot).post_message(Answered(OPEN_ITEM, "separate"))
        await saved(pilot, tmp_path, lambda project: OPEN_ITEM in project.answers)
        await until(pilot, "it says so", lambda: "Saved" in top(pilot))
        await pilot.press("u")
        await saved(pilot, tmp_path, lambda project: OPEN_ITEM not in project.answers)
        assert dict(app.state.project.answers).keys() == before.keys()
        await pilot.press("u")  # nothing left: a note, no error
        assert app.is_running


async def test_a_save_that_fails_is_shown_and_the_next_one_brings_both_answers(
    tmp_path: Path,
) -> None:
    app = made(tmp_path)
    path, away = tmp_path / "launchready.toml", tmp_path / "away.toml"
    async with app.run_test(size=(120, 40)) as pilot:
        path.rename(away)
        frame(pilot).post_message(Answered(OPEN_ITEM, "separate"))
        await until(pilot, "the failure shows", lambda: "Not saved: " in top(pilot))
        assert OPEN_ITEM in app.state.project.answers  # kept on the screen
        await pilot.press("q")  # leaving now would lose it: we ask
        await until(pilot, "we ask", lambda: not isinstance(app.screen, Frame))
        assert app.is_running
        await pilot.press("2")  # stay
        away.rename(path)
        frame(pilot).post_message(Answered("S4.C2", "vault"))
        await saved(pilot, tmp_path, lambda project: {OPEN_ITEM, "S4.C2"} <= project.answers.keys())
        await until(pilot, "it says so", lambda: "Not saved" not in top(pilot))


async def test_leaving_the_walk_keeps_what_was_typed(tmp_path: Path) -> None:
    app = made(tmp_path, first="walk")
    async with app.run_test(size=(80, 24)) as pilot:
        walk = await on_screen(pilot, WalkScreen)
        assert walk.shown is not None
        item = walk.shown.item.id
        await pilot.press("1", "tab", *"Dana", "tab", *"ask Sam", "ctrl+q")
        await until(pilot, "the app ends", lambda: not app.is_running)
    kept = on_disk(tmp_path)
    assert kept is not None
    assert (kept.answers[item].owner, kept.answers[item].note) == ("Dana", "ask Sam")


@asynccontextmanager
async def looking_at_the_demo(folder: Path) -> AsyncIterator[LaunchReadyApp]:
    """The app on a lab that is far away, so that checks are still running when we stop them."""
    loaded = file.create(folder / "launchready.toml", demo_project(NOW))
    async with Lab(broken(DEMO_FAULTS), delay=0.3) as lab:
        yield LaunchReadyApp(
            loaded=loaded,
            checklist=checklist.builtin(),
            open_world=lambda: open_world(lab.options, NOW),
            clock=lambda: NOW,
            lab=lab,
            faults=tuple(DEMO_FAULTS),
            user="Sam",
        )


async def test_stopping_the_checks_keeps_what_came_in_and_the_cursor_stays(
    tmp_path: Path,
) -> None:
    async with looking_at_the_demo(tmp_path) as app, app.run_test(size=(120, 40)) as pilot:
        items = app.screen.query_one("#list", Page)
        await pilot.press("down", "down")
        cursor = items.cursor
        await pilot.press("R")
        await until(pilot, "findings come in", lambda: bool(app.state.project.findings))
        assert re.search(r"\d+ of \d+ checked", top(pilot))
        assert "stop checking" in app.screen.query_one(KeyBar).plain
        assert items.cursor == cursor
        await pilot.press("escape")
        await until(pilot, "it stops", lambda: not app.state.checking.running)
        assert items.cursor == cursor
        await saved(pilot, tmp_path, lambda project: bool(project.findings))
        await saved(pilot, tmp_path, lambda project: project.audits[-1].partial)


async def test_the_demo_mends_a_fault_and_looks_again(tmp_path: Path) -> None:
    loaded = file.create(tmp_path / "launchready.toml", demo_project(NOW))
    async with Lab(broken(("spf-two",))) as lab:
        app = LaunchReadyApp(
            loaded=loaded,
            checklist=checklist.builtin(),
            open_world=lambda: open_world(lab.options, NOW),
            clock=lambda: NOW,
            lab=lab,
            faults=("spf-two",),
            user="Sam",
        )
        async with app.run_test(size=(120, 40)) as pilot:

            def spf() -> Verdict | None:
                found = app.state.project.findings.get("email.spf", {})
                return found["harbor.example"].verdict if "harbor.example" in found else None

            await pilot.press("R")
            await until(pilot, "the fault shows", lambda: spf() is Verdict.FAIL)
            await until(pilot, "checks end", lambda: not app.state.checking.running)
            await pilot.press("s")
            stage = frame(pilot)
            stage.post_message(_go("S3.C1"))
            await until(pilot, "f is offered", lambda: "fix it for me" in _keys(pilot))
            await pilot.press("f")
            await until(pilot, "it is fixed", lambda: spf() is Verdict.PASS)


def _go(item: str) -> Message:
    from launchready_tui.tui.messages import Go

    return Go("stage", item)


def _keys(pilot: Pilot[None]) -> str:
    return pilot.app.screen.query_one(KeyBar).plain


# Typing -----------------------------------------------------------------------------------


async def test_letters_are_text_while_somebody_types_also_right_after_tab(tmp_path: Path) -> None:
    app = made(tmp_path, first="walk")
    async with app.run_test(size=(80, 24)) as pilot:
        walk = await on_screen(pilot, WalkScreen)
        place = walk.place
        # All keys at once, as a fast typist sends them: none waits for the one before it.
        await pilot.press("tab", *"qbsurld?gw1")
        owner = walk.query_one("#owner", Input)
        await until(pilot, "all arrive", lambda: owner.value == "qbsurld?gw1")
        assert (app.screen, walk.place, app.theme) == (walk, place, DARK)


async def test_a_key_typed_as_a_note_is_refused_and_back_still_works(tmp_path: Path) -> None:
    app = made(tmp_path, first="walk")
    async with app.run_test(size=(80, 24)) as pilot:
        walk = await on_screen(pilot, WalkScreen)
        await pilot.press("n", "n")
        assert walk.shown is not None
        place, item = walk.place, walk.shown.item.id
        secret = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"
        walk.query_one("#note", Input).value = secret
        await pilot.press("enter")
        assert walk.place == place
        await pilot.press("b")
        assert walk.place == place - 1
        answer = app.state.project.answers.get(item)
        assert answer is None or secret not in answer.note
        assert secret not in (tmp_path / "launchready.toml").read_text()


# Nothing leaked ---------------------------------------------------------------------------

HOSTILE = (
    "\x1b]0;owned\x07\x1b]52;c;b3duZWQ=\x07\x9b31m\u202eevil\u200b"
    "[@click=app.quit]click[/] [/nope] [$error]"
)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_hostile_text_reaches_the_terminal_as_harmless_letters(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app = made(tmp_path)
    async with app.run_test(size=size) as pilot:
        seen = RecordedFinding(
            verdict=Verdict.FAIL,
            outcome="two-records",
            at=NOW,
            facts={"count": HOSTILE, "domain": HOSTILE},
            evidence=(Saw(label=HOSTILE, value=HOSTILE, at=NOW),),
        )
        app.current.show(app.state.with_project(_with_finding(app.state.project, seen)))
        frame(pilot).post_message(_go("S3.C1"))
        await until(pilot, "it shows", lambda: "evil" in pages(pilot))
        tell(app, HOSTILE)
        await pilot.pause(0.2)
        sent = painted(pilot)
        text = re.sub(r"\x1b\[[0-9;]*[mHG]", "", sent)  # colours and places are ours
        bad = {sign for sign in text if unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cs")}
        assert bad <= {"\n", "\r"}
        await pilot.click("#detail", offset=(5, 5))
        assert app.is_running


def _with_finding(project: Project, seen: RecordedFinding) -> Project:
    from msgspec.structs import replace

    findings = {"email.spf": {"harbor.example": seen}}
    return replace(project, product=replace(project.product, name=HOSTILE), findings=findings)


async def test_presenting_hides_names_emails_and_notes_on_every_screen(tmp_path: Path) -> None:
    app = made(tmp_path)
    private = (FOUNDER, DEVELOPER, "maya@", "tomas@", "hello@", "password manager")
    async with app.run_test(size=(120, 40)) as pilot:
        frame(pilot).post_message(_go("S1.C3"))
        await until(pilot, "the item shows", lambda: DEVELOPER.split()[0] in pages(pilot))
        await pilot.press("p")
        assert "presenting" in top(pilot)
        for key in ("s", "w", "escape", "b", "g", "o", "d", "m", "t"):
            await pilot.press(key)
            await pilot.pause()
            shown = pages(pilot)
            assert [word for word in private if word in shown] == [], key
        await pilot.press("escape", "o", "p")
        assert FOUNDER in pages(pilot)


# Small, large, dark, light, without colour ------------------------------------------------


async def test_too_small_a_window_says_so_and_recovers(tmp_path: Path) -> None:
    app = made(tmp_path)
    async with app.run_test(size=(20, 5)) as pilot:
        await pilot.pause()
        plain = re.sub(r"\x1b\[[0-9;]*[mHG]", "", painted(pilot)).replace("\n", " ")
        assert " ".join(plain.split()) == TOO_SMALL
        await pilot.resize_terminal(80, 24)
        await until(
            pilot, "it is back", lambda: app.screen.query_one("#list", Page).size.width > 40
        )
        for key in ("w", "escape", "g", "escape", "d", "escape"):
            await pilot.press(key)
        await pilot.resize_terminal(20, 5)
        await pilot.press("w", "escape", "question_mark", "escape")
        assert app.is_running


@pytest.mark.parametrize("size", [(40, 12), (60, 16), (80, 24), (100, 30), (120, 40), (200, 60)])
async def test_every_screen_fits_its_window(tmp_path: Path, size: tuple[int, int]) -> None:
    app = made(tmp_path)
    async with app.run_test(size=size) as pilot:
        for key in ("s", "enter", "escape", "w", "escape", "b", "g", "d", "o", "t", "escape"):
            await pilot.press(key)
            await pilot.pause()
            assert any(page.size.height > 2 for page in app.screen.query(Page)), key
            for page in app.screen.query(Page):
                widths = [len(line) for line in page.plain.splitlines()]
                assert not page.size or max(widths, default=0) <= page.size.width, (key, page)
            assert len(_keys(pilot)) <= size[0]


async def test_light_and_dark_by_one_key(tmp_path: Path) -> None:
    app = made(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        for theme in (LIGHT, DARK):
            await pilot.press("l")
            await pilot.pause()
            assert app.theme == theme
            ground = Color.parse(PALETTES[theme]["background"])
            assert app.screen.background_colors[1] == ground
            assert app.screen.query_one("#list", Page).background_colors[1] == ground


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_every_text_colour_stands_out_from_what_is_behind_it(theme: str) -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 to 1."""
    palette = {name: Color.parse(value) for name, value in PALETTES[theme].items()}
    for name in ("text", "quiet", "accent", "good", "soon", "today"):
        for ground in ("background", "panel"):
            assert _contrast(palette[name], palette[ground]) >= 4.5, (name, ground)
    assert _contrast(palette["text"], palette["line"]) >= 4.5


def _contrast(one: Color, other: Color) -> float:
    def light(colour: Color) -> float:
        parts = [part / 255 for part in colour.rgb]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dim = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


async def test_no_color_means_none_and_the_cursor_still_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = made(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        sent = painted(pilot)
        codes = {code for run in re.findall(r"\x1b\[([0-9;]*)m", sent) for code in run.split(";")}
        assert not codes & {"38", "48"}
        assert "7" in codes  # reversed: the row under the cursor
        assert "✓" in sent
        assert "told" in sent  # a state is a sign and a word too


async def test_a_value_can_be_had_as_a_file_where_the_clipboard_is_deaf(tmp_path: Path) -> None:
    app = made(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        frame(pilot).post_message(_go("S3.C1"))
        await until(pilot, "the item shows", lambda: "SPF" in pages(pilot))
        await pilot.press("c", "C")
        value = tmp_path / "launchready-value.txt"
        await until(pilot, "the file is there", value.exists)
        await until(pilot, "it is whole", lambda: value.read_text() == f"{app.clipboard}\n")
        assert len(app.clipboard) > 5
