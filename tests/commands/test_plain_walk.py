"""The plain walk changes the parts of an answer that somebody gave, and no others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from launchready_tui.commands.plain_walk import Walk, run, start
from launchready_tui.content import checklist
from launchready_tui.project import change, file
from launchready_tui.project.model import Answer, Product, Project
from launchready_tui.verdict.readiness import SKIPPED_FOR_NOW

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
EMPTY = Project(product=Product(name="Harbor Market", domain="harbor.example"))
CONTENT = checklist.builtin()
FIRST = CONTENT.items()[0][1]


def walk(folder: Path, typed: Iterable[str], owner: str = "", note: str = "") -> tuple[str, Answer]:
    """Walk from the first question with these lines typed: what was printed, and the answer."""
    path = folder / "launchready.toml"
    value = FIRST.choices[0].value
    project = change.answer(EMPTY, FIRST.id, value, at=NOW, by="Kim", owner=owner, note=note)
    loaded = file.create(path, project if owner or note else EMPTY)
    lines, printed = iter(typed), []

    def ask(prompt: str) -> str:
        printed.append(prompt)
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    begun = Walk(loaded, CONTENT, 0)
    run(begun, ask, printed.append, lambda: NOW, "Sam")
    return "\n".join(printed), file.read(path).project.answers[FIRST.id]


def test_skip_leaves_the_owner(tmp_path: Path) -> None:
    _, given = walk(tmp_path, ["s", "waiting for the host", "q"], owner="Dana", note="in June")
    assert (given.value, given.owner) == (SKIPPED_FOR_NOW, "Dana")
    assert (given.note, given.by) == ("waiting for the host", "Sam")


def test_skip_without_a_reason_leaves_the_note_too(tmp_path: Path) -> None:
    _, given = walk(tmp_path, ["s", "", "q"], owner="Dana", note="in June")
    assert (given.value, given.owner, given.note) == (SKIPPED_FOR_NOW, "Dana", "in June")


def test_enter_leaves_the_owner_and_the_note_of_an_answer(tmp_path: Path) -> None:
    printed, given = walk(tmp_path, ["2", "", "", "q"], owner="Dana", note="in June")
    assert given.value == FIRST.choices[1].value
    assert (given.owner, given.note) == ("Dana", "in June")
    assert "Enter keeps Dana" in printed


@pytest.mark.parametrize(("owner", "note"), [("Eve", "today"), ("Eve", ""), ("", "today")])
def test_what_is_typed_takes_its_place(tmp_path: Path, owner: str, note: str) -> None:
    _, given = walk(tmp_path, ["2", owner, note, "q"], owner="Dana", note="in June")
    assert (given.owner, given.note) == (owner or "Dana", note or "in June")


def test_a_first_answer_may_have_neither(tmp_path: Path) -> None:
    printed, given = walk(tmp_path, ["1", "", "", "q"])
    assert (given.owner, given.note) == ("", "")
    assert "Enter leaves it empty" in printed


def test_it_begins_at_the_first_open_question(tmp_path: Path) -> None:
    loaded = file.create(tmp_path / "launchready.toml", EMPTY)
    assert start(loaded, CONTENT).place == 0
