"""Each decision is a page of its own, and the index names every one."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs" / "decisions"
PAGES = sorted(path.name for path in FOLDER.glob("[0-9]*.md"))


def test_the_index_names_each_decision_once_in_order() -> None:
    index = (FOLDER / "README.md").read_text("utf-8")
    assert re.findall(r"\((\d{4}-[a-z0-9-]+\.md)\)", index) == PAGES
    assert len(PAGES) >= 12


def test_each_decision_has_context_decision_and_consequence() -> None:
    for number, name in enumerate(PAGES, 1):
        page = (FOLDER / name).read_text("utf-8")
        assert page.startswith(f"# {number}. "), name
        assert re.findall(r"^## (.+)$", page, re.M) == ["Context", "Decision", "Consequence"], name
