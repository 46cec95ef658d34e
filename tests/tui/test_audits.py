"""Audits on the screens beside another hand's: no audit of the list is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from launchready_tui.lab import Lab
from launchready_tui.lab.demo import demo_project
from launchready_tui.lab.faults import DEMO_FAULTS, broken
from launchready_tui.lab.post import INBOXES
from launchready_tui.project import change, file
from launchready_tui.project.model import Email, Project
from launchready_tui.tui.messages import Answered, InboxTaskDone, InboxTestBegun
from launchready_tui.vocabulary.findings import Finding, Verdict
from tests.tui.steering import clock, new_app, on_disk, until
from tests.tui.test_states import OPEN_ITEM, saved

YESTERDAY = datetime.now(UTC) - timedelta(days=1)


def another_hand_audits(folder: Path) -> None:
    """As `launchready audit` does in another window."""
    loaded = file.read(folder / "launchready.toml")
    found = Finding(
        check="dns.apex", subject="harbor.example", verdict=Verdict.PASS, outcome="ok",
        at=YESTERDAY, says="", why="", fix=(), verify="",
    )  # fmt: skip
    file.save(loaded, change.record(loaded.project, [found], at=YESTERDAY, by="Kim"))


def hands(folder: Path) -> list[str]:
    project = on_disk(folder)
    return [audit.by for audit in project.audits] if project else []


async def test_an_audit_of_another_hand_stays_while_one_runs(tmp_path: Path) -> None:
    loaded = file.create(tmp_path / "launchready.toml", demo_project(clock()))
    async with Lab(broken(DEMO_FAULTS), delay=0.3) as lab:
        app = new_app(lab, tmp_path, loaded, playing=True)  # the demo looks by itself
        async with app.run_test(size=(120, 40)) as pilot:
            await until(pilot, "findings come in", lambda: bool(app.state.project.findings))
            another_hand_audits(tmp_path)
            # An answer is saved, and so brings the other audit in, before ours is over.
            app.post_message(Answered(OPEN_ITEM, "separate"))
            await saved(pilot, tmp_path, lambda project: OPEN_ITEM in project.answers)
            await until(pilot, "it is here", lambda: bool(app.state.project.audits))
            assert app.state.checking.running
            assert hands(tmp_path) == ["Kim"]  # ours joins the list at its end
            await pilot.press("escape")
            await until(pilot, "ours is over", lambda: not app.state.checking.running)
            await until(pilot, "both are there", lambda: hands(tmp_path) == ["Kim", "Sam"])


async def test_a_save_during_an_audit_leaves_its_findings_on_the_screen(tmp_path: Path) -> None:
    loaded = file.create(tmp_path / "launchready.toml", demo_project(clock()))
    async with Lab(broken(DEMO_FAULTS), delay=0.3) as lab:
        app = new_app(lab, tmp_path, loaded, playing=True)
        async with app.run_test(size=(120, 40)) as pilot:
            seen: set[str] = set()

            def more() -> bool:
                return len(app.state.project.findings) > len(seen)

            for value in ("separate", "same", "same-test-data"):
                await until(pilot, "more comes in", more)
                seen = set(app.state.project.findings)
                another_hand_audits(tmp_path)
                app.post_message(Answered(OPEN_ITEM, value))
                await saved(pilot, tmp_path, partial(_holds, value))
                assert seen <= set(app.state.project.findings)


def _holds(value: str, project: Project) -> bool:
    return OPEN_ITEM in project.answers and project.answers[OPEN_ITEM].value == value


async def test_a_watch_of_inboxes_is_no_audit(tmp_path: Path) -> None:
    project = demo_project(clock())
    email = Email(from_=project.email.from_, selectors=project.email.selectors)
    fresh = replace(project, email=email, inboxes=INBOXES)
    loaded = file.create(tmp_path / "launchready.toml", fresh)
    async with Lab() as lab:
        app = new_app(lab, tmp_path, loaded)
        async with app.run_test(size=(120, 40)) as pilot:
            app.post_message(InboxTestBegun())
            await until(pilot, "it watches", lambda: app.state.watching)
            another_hand_audits(tmp_path)
            app.post_message(InboxTaskDone(f"verify at {INBOXES[0].address}"))
            await until(
                pilot, "a message is seen", lambda: "email.inbox" in app.state.project.findings
            )
            await saved(pilot, tmp_path, lambda project: "email.inbox" in project.findings)
            assert hands(tmp_path) == ["Kim"]
