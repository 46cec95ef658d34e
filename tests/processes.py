"""Starts processes as users do, and shows what they said when a test fails.

Every process that ends here stands in the report of a red test: the command, its exit code, its
standard error and its output. So no test has to repeat them in its assertions.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import subprocess
import sys
from asyncio.subprocess import PIPE
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAUNCHREADY = (sys.executable, "-m", "launchready_tui")
SHOWN = 4000  # characters of each stream, the last ones


@dataclass(frozen=True)
class Done:
    """How a process ended, and what it said."""

    code: int
    out: str
    err: str


_ended: list[tuple[Sequence[str], Done]] = []


def run(
    command: Sequence[str | os.PathLike[str]],
    folder: Path,
    *,
    env: Mapping[str, str] | None = None,
    bare: bool = False,
    typed: str = "",
    within: float = 120.0,
) -> Done:
    """Run a command in a folder to its end, without a terminal.

    Its environment is that of the tests and `env`; a `bare` one is `env` alone.
    """
    words = [os.fspath(word) for word in command]
    around = dict(env or {}) if bare else environment(env)
    done = subprocess.run(
        words, cwd=folder, env=around, input=typed.encode(), capture_output=True,
        timeout=within, check=False,
    )  # fmt: skip
    return ended(words, done.returncode, done.stdout, done.stderr)


async def launch(
    command: Sequence[str | os.PathLike[str]],
    folder: Path,
    *,
    env: Mapping[str, str] | None = None,
    typed: str = "",
    within: float = 120.0,
) -> Done:
    """As `run`, while the lab goes on answering in this loop."""
    words = [os.fspath(word) for word in command]
    process = await asyncio.create_subprocess_exec(
        *words, cwd=folder, env=environment(env), stdin=PIPE, stdout=PIPE, stderr=PIPE
    )
    try:
        async with asyncio.timeout(within):
            out, err = await process.communicate(typed.encode())
    except TimeoutError:
        process.kill()
        out, err = await process.communicate()
        ended(words, await process.wait(), out, err)
        raise AssertionError(f"{shlex.join(words)} did not end within {within:.0f} s") from None
    return ended(words, await process.wait(), out, err)


def python(code: str, *args: str | os.PathLike[str]) -> list[str]:
    """The command that runs this code of ours with these arguments."""
    return [sys.executable, "-c", code, *(os.fspath(each) for each in args)]


def environment(env: Mapping[str, str] | None) -> dict[str, str]:
    return {**os.environ, "PYTHONIOENCODING": "utf-8", **(env or {})}


def ended(command: Sequence[str], code: int, out: bytes, err: bytes) -> Done:
    """What a test started by itself may also be shown in its report."""
    done = Done(code, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))
    _ended.append((command, done))
    return done


def pytest_runtest_setup() -> None:
    _ended.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        for command, done in _ended:
            told = f"{done.err[-SHOWN:]}\n----- standard output\n{done.out[-SHOWN:]}"
            title = f"{shlex.join(command)[:300]} ended with {done.code}; standard error"
            report.sections.append((title, told))
    return report
