"""The findings of the worlds that the lab plays: each is played once a run, whoever asks.

A world is named by its faults alone: the lab's own options, the demo's project with its test
inboxes. The first test that asks plays it while others wait at its lock; all of them, in
whichever worker, read what was found. A world that can't be played is an error for each that
asks, with the same cause. A test that changes its world, counts what is asked or brings options
of its own plays a lab of its own.

The folder belongs to one run: `conftest.py` makes it and removes it, and the workers of xdist
inherit its name. `.ci/run` names one for its two runs of the same copy.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from filelock import FileLock

from launchready_tui.lab import Lab
from launchready_tui.lab.faults import broken
from launchready_tui.vocabulary.findings import Finding
from tests.scenarios import findings

FOLDER = "LAUNCHREADY_WORLDS"
WITHIN = 300.0  # seconds that another worker may take to play a world


class NotPlayed(Exception):
    """The lab could not play this world; the cause is in the words."""


@dataclass(frozen=True)
class _Result:
    found: tuple[Finding, ...]
    error: str


def found(*faults: str) -> tuple[Finding, ...]:
    """Every finding of an audit where these faults are played; without any, in health."""
    result = _result(Path(os.environ[FOLDER]), "+".join(sorted(faults)) or "healthy", faults)
    if result.error:
        raise NotPlayed(f"{faults}:\n{result.error}")
    return result.found


@cache
def _result(folder: Path, name: str, faults: tuple[str, ...]) -> _Result:
    path = folder / f"{name}.pickle"
    with FileLock(folder / f"{name}.lock", timeout=WITHIN):
        if not path.exists():
            half = path.with_suffix(".half")
            half.write_bytes(pickle.dumps(_play(faults)))
            half.rename(path)
        result = pickle.loads(path.read_bytes())
    assert isinstance(result, _Result)
    return result


def _play(faults: tuple[str, ...]) -> _Result:
    async def audit() -> tuple[Finding, ...]:
        async with Lab(broken(faults)) as lab:
            return await findings(lab.options)

    try:
        with ThreadPoolExecutor(1) as beside:  # whoever asks may run in a loop of its own
            return _Result(beside.submit(asyncio.run, audit()).result(), "")
    except Exception:  # noqa: BLE001 - raised in each test that asks
        return _Result((), traceback.format_exc())
