"""In a real terminal, killed without warning: the answer is kept, and the walk goes on after it."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from launchready_tui.content import checklist
from launchready_tui.content.checklist import Item
from launchready_tui.project import file
from launchready_tui.project.model import Host, Product, Project
from launchready_tui.verdict.readiness import assess
from tests.real.servers import program

pytestmark = pytest.mark.real

WITHIN = 30.0  # seconds
ROOT = Path(__file__).parents[2]


def until(what: str, holds: Callable[[], bool], screen: Callable[[], str]) -> None:
    end = time.monotonic() + WITHIN
    while not holds():
        if time.monotonic() > end:
            pytest.fail(f"not within {WITHIN} s: {what}\n{screen()}")
        time.sleep(0.05)


@dataclass(frozen=True, slots=True)
class Terminal:
    """One pane of a tmux server of its own, 100 by 30 cells."""

    tmux: str
    socket: Path

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [self.tmux, "-S", str(self.socket), "-f", os.devnull, *arguments],
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
        return done.stdout

    def start(self, name: str, folder: Path) -> int:
        """Start the walk on the project in `folder`; gives the id of its process."""
        walk = [sys.executable, "-m", "launchready_tui", "walk"]
        # `exec`: the pane's process is then the walk itself, not a shell around it.
        command = f"exec env PYTHONPATH={shlex.quote(str(ROOT))} {shlex.join(walk)}"
        size = ("-x", "100", "-y", "30")
        self.run("new-session", "-d", "-s", name, *size, "-c", str(folder), command)
        return int(self.run("display-message", "-p", "-t", name, "#{pane_pid}"))

    def text(self, name: str) -> str:
        """What is on the screen, with the lines of a wrapped sentence put together."""
        return " ".join(self.run("capture-pane", "-p", "-t", name).split())

    def press(self, name: str, *keys: str) -> None:
        self.run("send-keys", "-t", name, *keys)


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    tmux = program("tmux", "tmux")
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.delenv("TMUX", raising=False)
    opened = Terminal(tmux, tmp_path / "tmux")
    # Without a session a server ends at once; this one keeps it until the test is over.
    opened.run("new-session", "-d", "-s", "keeper", "sleep 600")
    yield opened
    opened.run("kill-server")


def open_questions(path: Path) -> list[Item]:
    """The items that a walk still asks, in its order."""
    items = assess(file.read(path).project, checklist.builtin()).items
    return [each.item for each in items if each.answer is None and not each.findings]


def asks(item: Item) -> str:
    return " ".join((item.question or item.title).split())


def test_a_killed_walk_goes_on_at_the_next_question(tmp_path: Path, terminal: Terminal) -> None:
    path = tmp_path / "launchready.toml"
    hosts = (Host(name="harbor.example"),)
    product = Product(name="Harbor Market", domain="harbor.example")
    file.create(path, Project(product=product, hosts=hosts))
    first, following = open_questions(path)[:2]

    process = terminal.start("before", tmp_path)
    screen = partial(terminal.text, "before")
    until("the first question is asked", lambda: asks(first) in screen(), screen)
    terminal.press("before", "1")
    until("the file holds it", lambda: first.id in file.read(path).project.answers, screen)
    assert terminal.run(
        "display-message", "-p", "-t", "before", "#{pane_current_command}"
    ).startswith("python")
    os.kill(process, signal.SIGKILL)
    until("it is gone", lambda: "before" not in terminal.run("list-sessions"), lambda: "")

    terminal.start("after", tmp_path)
    screen = partial(terminal.text, "after")
    until("the next question is asked", lambda: asks(following) in screen(), screen)
    assert asks(first) not in screen()
    kept = file.read(path).project.answers
    assert list(kept) == [first.id]
    assert kept[first.id].value == first.choices[0].value
