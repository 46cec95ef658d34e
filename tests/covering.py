"""Which requirement rows the tests say they show working, read from the running collection.

A test says so with `@pytest.mark.covers("S1.C1", "live")`: the row, then the words of its `how`.
Every worker of xdist collects all tests, so each knows all rows, whatever it runs of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

HERE = Path(__file__).parent
COVERED = pytest.StashKey[Mapping[str, set[str]]]()


@pytest.hookimpl(tryfirst=True)  # before -k and -m leave tests out
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    covered: dict[str, set[str]] = {}
    for item in items:
        for mark in item.iter_markers("covers"):
            row, *how = mark.args
            covered.setdefault(row, set()).update(how)
    config.stash[COVERED] = covered


def whole(config: pytest.Config) -> bool:
    """Whether all tests of the suite are collected, and not those of some file or folder."""
    start = config.invocation_params.dir
    every_folder = {HERE, *HERE.parents}
    left_out = any(config.getoption(name, None) for name in ("ignore", "ignore_glob", "lf"))
    return not left_out and any((start / arg).resolve() in every_folder for arg in config.args)
