"""Commands as a user runs them, in a folder of its own, against the lab.

`run` calls the command in this process: its arguments, folder, environment, typed text and
streams are the user's, and what it said is shown when a test fails. `launch` starts a process,
for what only a process has: its exit, its start, its own temporary folder and password store.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import signal
import sys
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from unittest import mock

import pytest

from launchready_tui.cli import main
from launchready_tui.lab import Lab
from tests import processes
from tests.processes import Done

Run = Callable[..., Awaitable[Done]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `launchready ARGS` in the test's folder, without a terminal, beside the lab's loop."""

    async def call(*args: str, typed: str = "", cwd: Path = tmp_path, **more: str) -> Done:
        return await asyncio.to_thread(called, args, typed, cwd, more)

    return call


@pytest.fixture
def launch(tmp_path: Path) -> Run:
    """As `run`, in a process of its own."""

    async def started(*args: str, typed: str = "", cwd: Path = tmp_path, **more: str) -> Done:
        command = [*processes.LAUNCHREADY, *args]
        return await processes.launch(command, cwd, env=more, typed=typed)

    return started


def called(args: tuple[str, ...], typed: str, folder: Path, env: Mapping[str, str]) -> Done:
    """Call the command as the interpreter would, with an exit code for whatever it raises.

    It runs on a thread, where no handler of signals can be set: as a shell's job in the
    background, it ignores Ctrl+C.
    """
    with (
        streams(typed) as (out, err),
        mock.patch.dict(os.environ, env),
        contextlib.chdir(folder),
        mock.patch.object(sys, "argv", ["launchready", *args]),
        mock.patch.object(signal, "getsignal", return_value=signal.SIG_IGN),
        mock.patch.object(signal, "signal", return_value=signal.SIG_IGN),
    ):
        code = exit_code()
        sys.stdout.flush()
        sys.stderr.flush()
        said = out.getvalue(), err.getvalue()
    return processes.ended(["launchready", *args], code, *said)


def exit_code() -> int:
    try:
        main()
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else int(done.code is not None)
    except BaseException:  # noqa: BLE001 - the interpreter prints it and ends with 1
        traceback.print_exc()
        return 1
    return 0


@contextlib.contextmanager
def streams(typed: str) -> Iterator[tuple[io.BytesIO, io.BytesIO]]:
    """Pipes of this process in the place of its standard streams."""
    out, err = io.BytesIO(), io.BytesIO()
    with (
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode()), "utf-8")),
        mock.patch.object(sys, "stdout", io.TextIOWrapper(out, "utf-8", newline="")),
        mock.patch.object(sys, "stderr", io.TextIOWrapper(err, "utf-8", newline="")),
    ):
        yield out, err


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with Lab() as healthy:
        yield healthy


def network(lab: Lab) -> list[str]:
    """The lab's own `--resolver`, `--connect` and `--ca`."""
    options = lab.options
    args = [each for server in options.resolvers for each in ("--resolver", server)]
    args += [each for detour in options.connect for each in ("--connect", detour)]
    return [*args, "--ca", str(options.ca)]
