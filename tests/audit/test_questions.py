"""Everything that an audit will ask, as a list, before anything is asked."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from launchready_tui import audit
from launchready_tui.content.checklist import builtin
from launchready_tui.lab import Lab
from launchready_tui.lab.demo import demo_project
from launchready_tui.project import file
from tests import processes
from tests.commands.conftest import network
from tests.processes import Done

PROJECT = demo_project(datetime(2026, 11, 24, tzinfo=UTC))


def test_every_question_of_every_check_stands_there() -> None:
    jobs = audit.plan(PROJECT, builtin())
    groups = audit.questions(jobs)
    told = {what for group in groups for what, _ in group.lines}
    assert told == {job.check.asks for job in jobs}
    assert groups[-1].whom.startswith("Name servers") or len(groups) > 3
    assert len({group.whom for group in groups}) == len(groups)


def test_each_addressee_is_named() -> None:
    whom = {group.whom.split(",")[0] for group in audit.questions(audit.plan(PROJECT, builtin()))}
    assert {"Your own hosts", "Name servers (DNS)", "The registry of your domain", "Cloudflare",
            "Companies whose scripts your front pages load"} <= whom  # fmt: skip


def test_only_what_was_planned_is_listed() -> None:
    groups = audit.questions(audit.plan(PROJECT, builtin(), only=("secrets.files",)))
    assert [group.whom for group in groups] == ["Your own hosts"]
    ((what, about),) = groups[0].lines
    assert "robots.txt" in what
    assert about == "harbor.example, www.harbor.example, app.harbor.example and 3 more"
    assert audit.questions(()) == ()


def launch(folder: Path, *args: str) -> Done:
    return processes.run([*processes.LAUNCHREADY, *args], folder)


def test_plan_prints_the_list_and_asks_nothing(tmp_path: Path) -> None:
    file.create(tmp_path / "launchready.toml", PROJECT)
    nowhere = ("--resolver", "127.0.0.1:1", "--connect", ":443=127.0.0.1:1")
    done = launch(tmp_path, "audit", "--plan", *nowhere)
    assert (done.code, done.err) == (0, "")
    assert "Your own hosts:" in done.out
    assert "at most two requests a second" in done.out


async def test_without_a_terminal_a_first_audit_says_whom_it_asks_and_goes_on(
    tmp_path: Path,
) -> None:
    import asyncio

    file.create(tmp_path / "launchready.toml", PROJECT)
    async with Lab() as lab:
        args = ("audit", "--only", "http.https", *network(lab))
        first = await asyncio.to_thread(launch, tmp_path, *args, "--save")
        again = await asyncio.to_thread(launch, tmp_path, *args)
        quiet = await asyncio.to_thread(launch, tmp_path, *args, "--yes")
    assert "First audit of harbor.example. We ask: Your own hosts." in first.err
    assert "First audit" not in first.out + again.err + quiet.err
    assert first.code == again.code == 0


def in_a_terminal(folder: Path, typed: bytes, *args: str) -> tuple[int, str]:
    """Run with a terminal of its own; gives the exit code and what stood on it."""
    main, side = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "launchready_tui", *args],
        cwd=folder, stdin=side, stdout=side, stderr=side,
    )  # fmt: skip
    os.close(side)
    os.write(main, typed)
    shown = b""
    while True:
        try:
            part = os.read(main, 65536)
        except OSError:  # the other side has gone
            break
        if not part:
            break
        shown += part
    os.close(main)
    return process.wait(timeout=60), shown.decode("utf-8", "replace")


def test_in_a_terminal_a_no_asks_nothing(tmp_path: Path) -> None:
    file.create(tmp_path / "launchready.toml", PROJECT)
    nowhere = ("--resolver", "127.0.0.1:1", "--connect", ":443=127.0.0.1:1")
    code, shown = in_a_terminal(tmp_path, b"n\n", "audit", *nowhere)
    assert code == 3
    assert "Name servers (DNS)" in shown
    assert "Nothing was asked." in shown
    assert "checked of about" not in shown
