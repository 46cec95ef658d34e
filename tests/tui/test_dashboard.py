"""The dashboard names each tile's owner and action, and the fewer than ten checks that stay on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from launchready_tui.content.checklist import builtin
from launchready_tui.documents.dashboard import TILES
from launchready_tui.lab.demo import demo_project
from launchready_tui.project import change
from launchready_tui.project.model import Project
from launchready_tui.tui.screens.dashboard import dashboard_rows
from launchready_tui.tui.state import State

AT = datetime(2026, 11, 24, 14, 2, tzinfo=UTC)


def shown(project: Project) -> dict[str, str]:
    """The rows by their text: what stands at the right of each."""
    state = State.start(None, builtin(), AT, "", False).with_project(project)
    return {row.text.plain: row.trail.plain for row in dashboard_rows(state)}


@pytest.mark.covers("S6.D1", "screen")
def test_every_tile_has_an_owner_or_says_that_nobody_has_it_yet() -> None:
    before = shown(demo_project(AT))
    for tile in TILES:
        assert tile.action in before
        assert "nobody yet" in [trail for text, trail in before.items() if tile.name in text]
    item = builtin().item("S6.C1")
    assert item is not None
    answered = change.answer(
        demo_project(AT), "S6.C1", item.choices[0].value, by="Ada", at=AT, note="", owner="Ada"
    )
    after = shown(answered)
    assert [trail for text, trail in after.items() if text.startswith("Availability")] == ["Ada"]


@pytest.mark.covers("A7", "screen")
def test_the_checks_that_stay_on_are_fewer_than_ten_and_each_says_what_it_catches() -> None:
    rows = shown(demo_project(AT))
    guards = builtin().always_on.guards
    assert 5 <= len(guards) < 10
    for kept in guards:
        assert kept.catches in rows
        assert any(text.startswith(kept.title) for text in rows)
