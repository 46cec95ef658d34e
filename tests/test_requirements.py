"""Every row of requirements.toml is either shown working by tests, or on the list of what is not.

The list is `not_covered_yet.toml`. A row leaves it when tests marked `covers(row, how)` show all
words of its `how`; until then it must stand there. The list may never hold a row that needs no
live check and no command.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROWS = tomllib.loads((HERE / "requirements.toml").read_text("utf-8"))["requirement"]
NOT_YET = tomllib.loads((HERE / "not_covered_yet.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def covered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """What all tests of the suite cover, whichever of them are being run now."""
    target = tmp_path_factory.mktemp("covers") / "covers.json"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "tests.covering", str(HERE)],
        cwd=HERE.parent,
        env={**os.environ, "LAUNCHREADY_COVERS": str(target)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {row: set(how) for row, how in json.loads(target.read_text()).items()}


def test_there_are_a_hundred_rows() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS) == 100


def test_marks_name_rows_and_ways_that_exist(covered: dict[str, set[str]]) -> None:
    ways = {row["id"]: set(row["how"]) for row in ROWS}
    strange = {row: how for row, how in covered.items() if not how <= ways.get(row, set())}
    assert not strange


def test_what_is_not_covered_is_exactly_the_list(covered: dict[str, set[str]]) -> None:
    missing = {
        row["id"]: sorted(set(row["how"]) - covered.get(row["id"], set()))
        for row in ROWS
        if not set(row["how"]) <= covered.get(row["id"], set())
    }
    assert missing == {row: sorted(how) for row, how in NOT_YET.items()}


def test_the_list_holds_no_row_that_needs_only_asking_showing_or_writing() -> None:
    easy = {"ask", "screen", "document"}
    assert not [row["id"] for row in ROWS if row["id"] in NOT_YET and set(row["how"]) <= easy]


def test_every_row_that_asks_is_asked_already() -> None:
    """Live checks and commands come later; a question does not have to wait for them."""
    assert not {row: how for row, how in NOT_YET.items() if "ask" in how}
