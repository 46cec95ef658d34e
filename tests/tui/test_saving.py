"""A save that fails, for whatever reason: it says so, loses nothing, tries again, lets people go.

And a conflict with another hand: one question at a time, about the latest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from launchready_tui.project import change, file, history, nodes
from launchready_tui.project.file import Loaded
from launchready_tui.project.model import Project
from launchready_tui.tui.app import LaunchReadyApp
from launchready_tui.tui.messages import Answered, SaveWanted
from launchready_tui.tui.screens.base import Frame
from launchready_tui.tui.screens.choose import Choose
from launchready_tui.tui.widgets.bars import TopBar
from tests.tui.breaking import BREAKS, locked
from tests.tui.steering import on_disk, until
from tests.tui.test_states import NOW, OPEN_ITEM, frame, made, saved

LEAVE = "Your last changes are not saved"


def open_app(tmp_path: Path) -> tuple[LaunchReadyApp, Path]:
    """The app on a project in a folder of its own, which can be taken away."""
    folder = tmp_path / "project"
    folder.mkdir()
    return made(folder), folder


def top(app: LaunchReadyApp) -> str:
    shown = next(screen for screen in app.screen_stack if isinstance(screen, Frame))
    return shown.query_one(TopBar).plain


def questions(app: LaunchReadyApp) -> list[Choose]:
    return [screen for screen in app.screen_stack if isinstance(screen, Choose)]


def title(app: LaunchReadyApp) -> str:
    asked = questions(app)
    return str(asked[-1].query_one("#dialog-title", Static).content) if asked else ""


def says(app: LaunchReadyApp) -> str:
    return str(questions(app)[-1].query_one("#dialog-says", Static).content)


def value_of(project: Project | None) -> str:
    given = project.answers.get(OPEN_ITEM) if project else None
    return given.value if given else ""


def notes(app: LaunchReadyApp) -> str:
    return " ".join(str(each.message) for each in app._notifications)


async def answer(pilot: Pilot[None], app: LaunchReadyApp, value: str = "separate") -> None:
    """Give an answer, also while a question stands over the screen."""

    def shown() -> bool:
        given = app.state.project.answers.get(OPEN_ITEM)
        return given is not None and given.value == value

    app.post_message(Answered(OPEN_ITEM, value))
    await until(pilot, "the answer is on the screen", shown)


# Failing ----------------------------------------------------------------------------------


@pytest.mark.parametrize("how", BREAKS)
async def test_a_save_that_fails_says_so_keeps_the_answer_and_asks_before_leaving(
    tmp_path: Path, how: str
) -> None:
    app, folder = open_app(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        with BREAKS[how](folder):
            await answer(pilot, app)
            await until(pilot, "it says so", lambda: "Not saved: " in top(app))
            await pilot.press("ctrl+q")
            await until(pilot, "it asks", lambda: title(app) == LEAVE)
            await pilot.press("ctrl+q", "ctrl+q")  # asked already
            assert len(questions(app)) == 1
            await pilot.press("1")  # again: it fails again
            await until(pilot, "it asks again", lambda: title(app) == LEAVE)
            await pilot.press("2")
            await until(pilot, "it stays", lambda: not questions(app))
            assert app.state.project.answers[OPEN_ITEM].value == "separate"
        frame(pilot).post_message(SaveWanted())
        await saved(pilot, folder, lambda project: OPEN_ITEM in project.answers)
        await until(pilot, "it says so", lambda: "Not saved" not in top(app))
        await pilot.press("q")
        await until(pilot, "the app ends", lambda: not app.is_running)


@pytest.mark.parametrize("how", BREAKS)
async def test_a_save_that_fails_is_tried_again_by_itself(
    tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from launchready_tui.tui.parts import saving

    monkeypatch.setattr(saving, "FAILED_AGAIN", 0.2)
    app, folder = open_app(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        with BREAKS[how](folder):
            await answer(pilot, app)
            await until(pilot, "it says so", lambda: "Not saved: " in top(app))
            await pilot.pause(0.5)  # some tries
            assert len(app._notifications) == 1  # the same failure is noted once
        await saved(pilot, folder, lambda project: OPEN_ITEM in project.answers)
        await until(pilot, "it says so", lambda: "Not saved" not in top(app))


@pytest.mark.parametrize("how", BREAKS)
async def test_people_may_leave_without_the_last_changes(tmp_path: Path, how: str) -> None:
    app, folder = open_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        with BREAKS[how](folder):
            await answer(pilot, app)
            await until(pilot, "it says so", lambda: "Not saved: " in top(app))
            await pilot.press("q")
            await until(pilot, "it asks", lambda: title(app) == LEAVE)
            await pilot.press("3")
            await until(pilot, "the app ends", lambda: not app.is_running)


@pytest.mark.parametrize(
    "error", [RuntimeError("no"), MemoryError(), OSError(5, "no"), KeyError(1)]
)
@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_an_error_that_nobody_foresaw_traps_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, key: str
) -> None:
    """The last resort: whatever comes out of a save."""

    def broken(*given: object, **more: object) -> Loaded:
        raise error

    app, folder = open_app(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        with monkeypatch.context() as patch:
            patch.setattr(file, "save", broken)
            await answer(pilot, app)
            await until(pilot, "it says so", lambda: "Not saved: " in top(app))
            await pilot.press(key)
            await until(pilot, "it asks", lambda: title(app) == LEAVE)
            await pilot.press("2")
            await until(pilot, "it stays", lambda: not questions(app))
        await pilot.press(key)
        await until(pilot, "the app ends", lambda: not app.is_running)
    assert value_of(on_disk(folder)) == "separate"


async def test_a_bug_in_our_merge_after_the_save_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert vars(history)["merge"] is nodes.merge  # bound before it is broken below
    real, slow = file.save, asyncio.Event()
    loop = asyncio.get_running_loop()

    def waiting(*given: Any, **more: Any) -> Loaded:
        """The real save, not over before another answer has come in."""
        asyncio.run_coroutine_threadsafe(slow.wait(), loop).result(30)
        return real(*given, **more)

    def broken(*given: object, **more: object) -> None:
        raise AssertionError("a bug")

    app, folder = open_app(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        with monkeypatch.context() as patch:
            patch.setattr(file, "save", waiting)
            patch.setattr(nodes, "merge", broken)  # what brings the two answers together
            await answer(pilot, app, "separate")
            await answer(pilot, app, "same-test-data")
            slow.set()
            await until(pilot, "it says so", lambda: "(AssertionError)" in notes(app))
        await pilot.press("q")
        await until(pilot, "the app ends", lambda: not app.is_running)
    assert value_of(on_disk(folder)) == "same-test-data"


# Another hand ------------------------------------------------------------------------------


def another_hand_answers(folder: Path, value: str) -> None:
    loaded = file.read(folder / "launchready.toml")
    project = change.answer(loaded.project, OPEN_ITEM, value, at=NOW, by="Kim")
    file.save(loaded, project, keep="mine")


async def test_one_conflict_is_one_question_about_the_latest(tmp_path: Path) -> None:
    app, folder = open_app(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        another_hand_answers(folder, "one")
        for value in ("separate", "same", "same-test-data"):
            await answer(pilot, app, value)
            await until(pilot, "it asks", lambda: bool(questions(app)))
        await until(pilot, "about the latest", lambda: "same-test-data" in says(app))
        assert len(questions(app)) == 1
        another_hand_answers(folder, "two")
        await answer(pilot, app, "separate")
        await until(pilot, "about the latest", lambda: "two" in says(app))
        assert "separate" in says(app)
        assert len(questions(app)) == 1
        await pilot.press("1")
        await until(pilot, "it is over", lambda: not questions(app))
        await saved(pilot, folder, lambda project: value_of(project) == "separate")


async def test_their_change_can_be_taken(tmp_path: Path) -> None:
    app, folder = open_app(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        another_hand_answers(folder, "one")
        await answer(pilot, app)
        await until(pilot, "it asks", lambda: bool(questions(app)))
        await pilot.press("2")
        await until(pilot, "theirs is shown", lambda: value_of(app.state.project) == "one")
        await until(pilot, "it is over", lambda: not questions(app))
    assert value_of(on_disk(folder)) == "one"


async def test_what_is_decided_later_is_asked_again_by_wish_or_before_leaving(
    tmp_path: Path,
) -> None:
    app, folder = open_app(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        another_hand_answers(folder, "one")
        await answer(pilot, app)
        await until(pilot, "it asks", lambda: bool(questions(app)))
        await pilot.press("3")
        await until(pilot, "it is over", lambda: not questions(app))
        app.post_message(Answered("S4.C2", "vault"))  # has nothing to do with it
        await until(pilot, "it is there", lambda: "S4.C2" in app.state.project.answers)
        await pilot.pause(0.5)
        assert not questions(app)
        app.post_message(SaveWanted())
        await until(pilot, "it asks", lambda: bool(questions(app)))
        await pilot.press("3")
        await until(pilot, "it is over", lambda: not questions(app))
        await pilot.press("q")
        await until(pilot, "it asks whose", lambda: title(app) not in ("", LEAVE))
        assert len(questions(app)) == 1
        await pilot.press("3")
        await until(pilot, "it asks about leaving", lambda: title(app) == LEAVE)
        assert len(questions(app)) == 1
        await pilot.press("1")
        await until(pilot, "it asks whose", lambda: title(app) not in ("", LEAVE))
        await pilot.press("1")
        await until(pilot, "the app ends", lambda: not app.is_running)
    left = on_disk(folder)
    assert left is not None
    assert (value_of(left), left.answers["S4.C2"].value) == ("separate", "vault")


async def test_a_question_that_is_settled_elsewhere_goes(tmp_path: Path) -> None:
    app, folder = open_app(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        another_hand_answers(folder, "one")
        await answer(pilot, app)
        await until(pilot, "it asks", lambda: bool(questions(app)))
        another_hand_answers(folder, "separate")
        app.post_message(SaveWanted())
        await until(pilot, "it is over", lambda: not questions(app))
        await until(pilot, "it says so", lambda: "Not saved" not in top(app))


async def test_while_another_program_saves_there_is_one_next_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from launchready_tui.tui.parts import saving

    tries: list[Project] = []
    real: Callable[..., Loaded] = file.save

    def counted(loaded: Loaded, project: Project, **more: Any) -> Loaded:
        tries.append(project)
        return real(loaded, project, **{**more, "wait": 0.01})

    monkeypatch.setattr(file, "save", counted)
    monkeypatch.setattr(saving, "LOCKED_AGAIN", 0.5)
    app, folder = open_app(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        with locked(folder):
            for value in ("a", "b", "c", "d", "e"):
                await answer(pilot, app, value)
                await until(pilot, "it waits", lambda: "Not saved: " in top(app))
            tries.clear()
            await pilot.pause(2.0)
            assert 1 <= len(tries) <= 4
            assert not app._notifications
        await saved(pilot, folder, lambda project: value_of(project) == "e")


@contextmanager
def never_ending(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A disk that does not answer for as long as this lasts."""
    import threading

    over, real = threading.Event(), file.save

    def stuck(*given: Any, **more: Any) -> Loaded:
        over.wait(30)
        return real(*given, **more)

    with monkeypatch.context() as patch:
        patch.setattr(file, "save", stuck)
        try:
            yield
        finally:
            over.set()


async def test_a_disk_that_does_not_answer_keeps_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from launchready_tui.tui.parts import leaving

    monkeypatch.setattr(leaving, "PATIENCE", 0.3)
    app, _ = open_app(tmp_path)
    with never_ending(monkeypatch):
        async with app.run_test(size=(120, 40)) as pilot:
            await answer(pilot, app)
            await pilot.press("q")
            await until(pilot, "it asks", lambda: title(app) == LEAVE)
            assert "longer than usual" in says(app)
            await pilot.press("3")
            await until(pilot, "the app ends", lambda: not app.is_running)
