"""Code that everybody has: no rule calls anything in it a secret for sure."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.false_alarms import alarms
from benchmarks.programs import npm_packages
from launchready_tui.content import secret_rules
from launchready_tui.rules.secrets.engine import Engine

pytestmark = pytest.mark.real

PACKAGES = ("react", "react-dom", "@supabase/supabase-js", "stripe", "axios", "lodash", "express")


def test_packages_of_npm_hold_no_secret_that_is_sure(tmp_path: Path) -> None:
    folder = npm_packages(tmp_path, *PACKAGES)
    if folder is None:
        if os.environ.get("LAUNCHREADY_REAL") == "1":
            pytest.fail("npm and its registry are needed")
        pytest.skip("npm and its registry are needed")
    found: Counter[tuple[str, str]] = Counter()
    files, size = alarms(Engine(secret_rules.builtin()), folder, found)
    assert files > 1000
    assert size > 5_000_000
    assert {kind for _, kind in found} <= {"public, sure", "restrict, sure", "secret, review"}
    assert found["tree", "secret, review"] <= 5


def test_the_count_sees_a_planted_key(tmp_path: Path) -> None:
    (tmp_path / "key.js").write_text(
        "stripe('" + "sk_live_" + "5URYX45jqRO25g3uK5kbAAeg')", "utf-8"
    )
    found: Counter[tuple[str, str]] = Counter()
    alarms(Engine(secret_rules.builtin()), tmp_path, found)
    assert found["bundle", "secret, sure"] == 1
