"""What a command line leads to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.code.called_commands import recipes, runs


def test_a_script_that_calls_itself_ends() -> None:
    tree = {"package.json": '{"scripts": {"a": "npm run b", "b": "npm run a"}}', "x.sh": "sh x.sh"}
    assert len(runs(tree, "npm run a", "x")) < 10
    assert len(runs(tree, "sh x.sh", "x")) < 10


def test_a_makefile_is_parted_into_recipes() -> None:
    found = recipes("X := 1\nall: one\n\na b: c\n\t@echo hi\n\techo there\n# d\nc:\n\tx\n")
    assert found["a"] == ("make c\necho hi\necho there", 4)
    assert found["c"] == ("x", 9)


@given(st.text(max_size=300))
def test_any_text_is_parted_into_recipes(text: str) -> None:
    recipes(text)
