"""The inbox test on the screen: by keyboard, by mouse, stopped, left; and inboxes that fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from launchready_tui.lab import Lab
from launchready_tui.lab.demo import demo_project
from launchready_tui.lab.faults import broken
from launchready_tui.lab.post import INBOXES
from launchready_tui.project import file
from launchready_tui.project.model import Email, Project
from launchready_tui.tui.app import LaunchReadyApp
from launchready_tui.tui.screens.choose import Choose
from launchready_tui.tui.screens.inboxes import InboxesScreen
from launchready_tui.tui.screens.stage import StageScreen
from launchready_tui.tui.widgets.bars import MOST_KEYS
from launchready_tui.tui.widgets.page import Page
from launchready_tui.world import open_world
from tests.received import Mail, with_key
from tests.tui.steering import SIZES, clock, new_app, on_disk, on_screen, until
from tests.tui.test_mouse import click_key, click_row

GMAIL, OUTLOOK = INBOXES[0].address, INBOXES[1].address
FAULTS = ("mail-in-spam", "mail-never")


def fresh(inboxes: bool = True) -> Project:
    """The demo's project before its inbox test."""
    project = demo_project(clock())
    email = Email(from_=project.email.from_, selectors=project.email.selectors)
    return replace(project, email=email, inboxes=INBOXES if inboxes else ())


def opened(lab: Lab, folder: Path, project: Project) -> LaunchReadyApp:
    return new_app(lab, folder, file.create(folder / "launchready.toml", project))


def shown(pilot: Pilot[None]) -> str:
    return " ".join(pilot.app.screen.query_one("#one-page", Page).plain.split())


def cursor(pilot: Pilot[None]) -> str:
    return pilot.app.screen.query_one("#one-page", Page).cursor


def notes(app: LaunchReadyApp) -> str:
    return " ".join(str(each.message) for each in app._notifications)


async def typed(pilot: Pilot[None], text: str) -> None:
    """Type into the dialog that is open, and save."""
    await until(pilot, "a field opens", lambda: bool(pilot.app.screen.query("#dialog-field")))
    field = pilot.app.screen.query_one("#dialog-field")
    if isinstance(field, TextArea):
        field.text = text
        await pilot.press("f2")
    else:
        assert isinstance(field, Input)
        field.value = text
        await pilot.press("enter")
    await pilot.pause()


@pytest.mark.parametrize("size", SIZES)
async def test_by_keyboard_alone(size: tuple[int, int], tmp_path: Path) -> None:
    async with Lab(broken(FAULTS)) as lab:
        app = opened(lab, tmp_path, fresh(inboxes=False))
        async with app.run_test(size=size) as pilot:
            await pilot.press("e")
            screen = await on_screen(pilot, InboxesScreen)
            await pilot.pause()
            assert "How to begin" in shown(pilot)
            assert cursor(pilot) == "add"
            for address in (GMAIL, OUTLOOK):
                await pilot.press("a")
                await typed(pilot, address)
            await until(pilot, "two", lambda: len(app.state.project.inboxes) == 2)

            await pilot.press("n")
            first = f"task:verify at {GMAIL}"
            await until(pilot, "the cursor is on a task", lambda: cursor(pilot) == first)
            assert len(screen.keys()) <= MOST_KEYS
            await pilot.press("enter")
            await until(pilot, "it waits", lambda: "waiting for" in shown(pilot))
            await until(pilot, "spam", lambda: "in spam (Junk)" in shown(pilot))
            assert "in the inbox after" in shown(pilot)
            assert app.state.watching
            assert cursor(pilot) == first

            await pilot.press("escape")
            await on_screen(pilot, StageScreen)
            assert app.state.watching  # leaving the screen does not stop the test
            await pilot.press("e")
            await on_screen(pilot, InboxesScreen)
            assert "in spam (Junk)" in shown(pilot)

            await pilot.press("x")
            await until(pilot, "it stops", lambda: not app.state.watching)
            assert "done, but we are not watching" in shown(pilot)
            await until(pilot, "saved", lambda: app.saving.clean)
    kept = on_disk(tmp_path)
    assert kept is not None
    assert kept.findings["email.inbox"][f"reset at {OUTLOOK}"].outcome == "spam"
    assert f"verify at {GMAIL}" in kept.email.test_tasks


@pytest.mark.parametrize("size", SIZES)
async def test_by_mouse_alone_from_the_item(size: tuple[int, int], tmp_path: Path) -> None:
    async with Lab(broken(FAULTS)) as lab:
        app = opened(lab, tmp_path, fresh())
        async with app.run_test(size=size) as pilot:
            stage = await on_screen(pilot, StageScreen)
            stage.open("S3.C4", "detail")
            await pilot.pause()
            await click_row(pilot, "detail", "place:inboxes")
            await on_screen(pilot, InboxesScreen)
            await click_row(pilot, "one-page", "begin")
            await click_row(pilot, "one-page", f"task:verify at {GMAIL}")
            await until(pilot, "spam", lambda: "in spam (Junk)" in shown(pilot))
            await click_key(pilot, "stop")
            await until(pilot, "it stops", lambda: not app.state.watching)
            await click_row(pilot, "one-page", "watch")
            await until(pilot, "it looks again", lambda: app.state.watching)


async def test_a_task_pressed_by_mistake_is_taken_back(tmp_path: Path) -> None:
    async with Lab(broken(FAULTS)) as lab:
        app = opened(lab, tmp_path, fresh())
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("e")
            await on_screen(pilot, InboxesScreen)
            await pilot.press("n")
            task = f"verify at {GMAIL}"
            await until(pilot, "on the task", lambda: cursor(pilot) == f"task:{task}")
            await pilot.press("enter")
            await until(pilot, "done", lambda: task in app.state.project.email.test_tasks)
            await pilot.press("u")
            await until(pilot, "undone", lambda: task not in app.state.project.email.test_tasks)
            await pilot.press("enter")
            await until(pilot, "done", lambda: task in app.state.project.email.test_tasks)
            await pilot.press("enter")
            await until(pilot, "it asks", lambda: isinstance(app.screen, Choose))
            await pilot.press("2")
            await until(pilot, "undone", lambda: task not in app.state.project.email.test_tasks)
            assert app.state.project.email.test_tag  # the test itself goes on


@pytest.mark.parametrize("size", SIZES)
async def test_a_password_that_is_missing_or_wrong_is_said(
    size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from launchready_tui.world.credentials import INBOX_PASSWORD, InMemory

    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    keys = InMemory({(INBOX_PASSWORD, GMAIL): "some-other-password"})
    async with Lab() as lab:
        from dataclasses import replace as changed

        app = opened(lab, tmp_path, fresh())
        app.current.open_world = lambda: open_world(changed(lab.options, credentials=keys), clock())
        async with app.run_test(size=size) as pilot:
            await pilot.press("e")
            await on_screen(pilot, InboxesScreen)
            await pilot.press("n")
            await until(pilot, "no password", lambda: f"password for the inbox {OUTLOOK}" in
                        shown(pilot))  # fmt: skip
            assert "some-other-password" not in shown(pilot)
            assert app.state.project.findings["email.inbox"][GMAIL].outcome == "wrong-password"
            await click_row(pilot, "one-page", f"password:{GMAIL}")
            await typed(pilot, "a-secret-nobody-sees")
            await until(pilot, "it says why", lambda: bool(app._notifications))
            said = notes(app)
            assert "a-secret-nobody-sees" not in said + shown(pilot)
            assert "password store" in said
            assert "Kept" not in said
    assert "a-secret-nobody-sees" not in (tmp_path / "launchready.toml").read_text("utf-8")


async def test_the_demo_keeps_no_password(tmp_path: Path) -> None:
    loaded = file.create(tmp_path / "launchready.toml", fresh())
    async with Lab() as lab:
        app = new_app(lab, tmp_path, loaded, playing=True)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("e")
            await on_screen(pilot, InboxesScreen)
            await click_row(pilot, "one-page", f"inbox:{GMAIL}")
            await until(pilot, "it asks", lambda: isinstance(app.screen, Choose))
            await pilot.press("2")
            await typed(pilot, "a-secret-nobody-sees")
            await until(pilot, "it says so", lambda: "Nothing was kept" in notes(app))


async def test_an_inbox_of_another_service_is_named_shown_masked_and_removed(
    tmp_path: Path,
) -> None:
    async with Lab() as lab:
        app = opened(lab, tmp_path, fresh(inboxes=False))
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("e")
            await on_screen(pilot, InboxesScreen)
            await pilot.press("a")
            await typed(pilot, "probe@inbox.example")
            await typed(pilot, "imap.inbox.example")
            await until(pilot, "it is there", lambda: bool(app.state.project.inboxes))
            [inbox] = app.state.project.inboxes
            assert (inbox.provider, inbox.imap) == ("other", "imap.inbox.example")
            assert "probe@inbox.example" in shown(pilot)
            await pilot.press("p")
            await pilot.pause()
            assert "probe@" not in shown(pilot)
            await click_row(pilot, "one-page", "inbox:probe@inbox.example")
            await until(pilot, "it asks", lambda: isinstance(app.screen, Choose))
            await pilot.press("4")
            await until(pilot, "it is gone", lambda: not app.state.project.inboxes)
            await pilot.press("u")
            await until(pilot, "it is back", lambda: bool(app.state.project.inboxes))


async def test_a_message_file_is_judged_and_its_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "my receipt.eml").write_bytes(Mail(ip="203.0.113.40").raw())
    async with Lab(with_key()) as lab:
        app = opened(lab, tmp_path, fresh())
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.press("e")
            await on_screen(pilot, InboxesScreen)
            await pilot.press("i")
            await typed(pilot, "nothing.eml")
            await until(pilot, "it asks where", lambda: isinstance(app.screen, Choose))
            await pilot.press("4")
            await until(pilot, "it is refused", lambda: "can't read nothing.eml" in notes(app))

            await pilot.press("i")
            await typed(pilot, f"'{tmp_path / 'my receipt.eml'}'")
            await until(pilot, "it asks where", lambda: isinstance(app.screen, Choose))
            await pilot.press("3")
            await until(pilot, "it stands there", lambda: "my receipt.eml" in shown(pilot))
            assert "in spam, as told" in shown(pilot)
            project = app.state.project
            assert "my receipt.eml" in project.findings["email.alignment"]
            assert "my receipt.eml" not in project.findings.get("email.inbox", {})
            [proof] = project.answers["S3.C4"].evidence
            assert (proof.kind, proof.where) == ("text", "my receipt.eml: in spam, as told")

            await click_row(pilot, "one-page", "message:my receipt.eml")
            await until(pilot, "it asks", lambda: isinstance(app.screen, Choose))
            await pilot.press("2")
            await until(
                pilot,
                "it is forgotten",
                lambda: (
                    "my receipt.eml" not in app.state.project.findings.get("email.alignment", {})
                ),
            )


async def test_a_pasted_message_is_judged(tmp_path: Path) -> None:
    async with Lab(with_key()) as lab:
        app = opened(lab, tmp_path, fresh())
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("e")
            await on_screen(pilot, InboxesScreen)
            await pilot.press("i")
            await typed(pilot, Mail().raw().decode().replace("\r\n", "\n"))
            await until(pilot, "it asks where", lambda: isinstance(app.screen, Choose))
            await pilot.press("1")
            await until(pilot, "it is judged", lambda: "pasted 20" in shown(pilot))
            [found] = [
                each
                for name, each in app.state.project.findings["email.alignment"].items()
                if name.startswith("pasted")
            ]
            assert found.outcome == "ok", found
