"""A full look, history and working tree, finds what hides in 20 of 21 places, and says where."""

from __future__ import annotations

import pytest

from launchready_tui.content.secret_rules import builtin
from launchready_tui.rules.secrets.leaks import Leak
from launchready_tui.world.repository.objects import Progress
from launchready_tui.world.repository.scanner import scan
from launchready_tui.world.repository.secret_scan import Scan
from tests.world.git_world import MARKS
from tests.world.hiding_places import PLACES, Place, hide


@pytest.fixture(scope="module")
def looked(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[dict[str, str], tuple[Leak, ...], tuple[Leak, ...]]:
    """The value of each place, what the history told, what the working tree told."""
    repo, values = hide(tmp_path_factory.mktemp("hiding") / "repo")
    history = scan("history", repo.root, MARKS, Progress())
    working = scan("working", repo.root, MARKS, Progress())
    assert isinstance(history, Scan)
    assert isinstance(working, Scan)
    assert history.gaps == ()
    return values, history.leaks, working.leaks


def told(leaks: tuple[Leak, ...], value: str) -> set[tuple[str, str]]:
    """Where a value stands and in which file, whichever secret's rule found it."""
    names = {MARKS.of(rule, value.encode()) for rule in builtin() if rule.kind == "secret"}
    return {
        (spot.where, spot.path.partition(" (")[0])
        for leak in leaks
        if leak.fingerprint in names
        for spot in leak.spots
    }


def test_there_are_21_places_and_one_stays_dark() -> None:
    assert len({place.name for place in PLACES}) == len({place.plant for place in PLACES}) == 21
    assert [place.name for place in PLACES if not place.where] == ["two literals, put together"]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_hidden_value_is_found_where_it_is(
    place: Place, looked: tuple[dict[str, str], tuple[Leak, ...], tuple[Leak, ...]]
) -> None:
    values, history, working = looked
    leaks = working if place.where == "tree" else history
    found = told(leaks, values[place.name])
    assert {where for where, _ in found} == ({place.where} if place.where else set())
    if place.path and place.where:
        assert {path for _, path in found} == {place.path}


def test_no_value_is_in_what_is_told(
    looked: tuple[dict[str, str], tuple[Leak, ...], tuple[Leak, ...]],
) -> None:
    values, history, working = looked
    assert not any(value in repr((history, working)) for value in values.values())
