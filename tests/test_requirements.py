"""Every row of requirements.toml is either shown working by tests, or on the list of what is not.

The list is `not_covered_yet.toml`. A row leaves it when tests marked `covers(row, how)` show all
words of its `how`; until then it must stand there. The list may never hold a row that needs no
live check and no command.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.covering import COVERED, whole

HERE = Path(__file__).parent
ROWS = tomllib.loads((HERE / "requirements.toml").read_text("utf-8"))["requirement"]
NOT_YET = tomllib.loads((HERE / "not_covered_yet.toml").read_text("utf-8"))


@pytest.fixture
def covered(request: pytest.FixtureRequest) -> Mapping[str, set[str]]:
    """What all tests of the suite cover. Only a run of all of them knows.

    LAUNCHREADY_WHOLE=1 says that this is such a run: then a part is a failure.
    """
    if not whole(request.config):
        said = "what all tests cover is known where all are collected: run pytest without paths"
        if os.environ.get("LAUNCHREADY_WHOLE") == "1":
            pytest.fail(said)
        pytest.skip(said)
    return request.config.stash[COVERED]


def test_there_are_a_hundred_rows() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS) == 100


def test_marks_name_rows_and_ways_that_exist(covered: Mapping[str, set[str]]) -> None:
    ways = {row["id"]: set(row["how"]) for row in ROWS}
    strange = {row: how for row, how in covered.items() if not how <= ways.get(row, set())}
    assert not strange


def test_what_is_not_covered_is_exactly_the_list(covered: Mapping[str, set[str]]) -> None:
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
