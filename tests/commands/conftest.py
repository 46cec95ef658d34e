"""Commands as a user runs them: a process of its own, in a folder of its own, against the lab."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from launchready_tui.lab import Lab


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


Run = Callable[..., Awaitable[Done]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `launchready ARGS` in the test's folder, without a terminal."""

    async def launch(*args: str, typed: str = "", cwd: Path = tmp_path, **more: str) -> Done:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "launchready_tui",
            *args,
            cwd=cwd,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", **more},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate(typed.encode())
        assert process.returncode is not None
        return Done(process.returncode, out.decode("utf-8"), err.decode("utf-8"))

    return launch


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
