"""Items are asked for by what they mean: their ids stand in `checklists/` and in one module."""

from __future__ import annotations

import re
from pathlib import Path

from launchready_tui.content import items
from launchready_tui.content.checklist import builtin

PACKAGE = Path(items.__file__).parents[1]
PLACE = Path(items.__file__)
ROW = re.compile(r"""["'](?:S[1-7]\.[CFD][0-9]|R[1-7]|P1)["']""")
NAMES = {name: value for name, value in vars(items).items() if name.isupper()}


def test_each_name_stands_for_one_item() -> None:
    checklist = builtin()
    assert len(NAMES) > 40
    assert [name for name, id in NAMES.items() if checklist.item(id) is None] == []
    assert len(set(NAMES.values())) == len(NAMES)


def test_no_other_module_knows_an_id() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}: {match[0]}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path != PLACE
        for match in ROW.finditer(path.read_text("utf-8"))
    ]
    assert found == []


def test_each_name_is_used() -> None:
    """A name that no code asks for is dead."""
    code = "\n".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py") if path != PLACE)
    assert [name for name in NAMES if f"items.{name}" not in code] == []
