"""A pytest plugin: writes which requirement rows the collected tests say they show working.

A test says so with `@pytest.mark.covers("S1.C1", "live")`: the row, then the words of its `how`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest


def pytest_collection_finish(session: pytest.Session) -> None:
    target = os.environ.get("LAUNCHREADY_COVERS")
    if not target:
        return
    covered: dict[str, set[str]] = {}
    for item in session.items:
        for mark in item.iter_markers("covers"):
            row, *how = mark.args
            covered.setdefault(row, set()).update(how)
    Path(target).write_text(json.dumps({row: sorted(how) for row, how in covered.items()}))
