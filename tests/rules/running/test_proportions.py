"""Exact binomial bounds: the figures of the specification, and their order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.running.proportions import proves_at_least, proves_at_most


@pytest.mark.parametrize(("successes", "of", "percent"), [(12, 12, 78), (59, 59, 95), (11, 12, 66),
                                                          (1, 1, 5), (0, 5, 0)])  # fmt: skip
def test_what_a_count_proves(successes: int, of: int, percent: int) -> None:
    assert round(proves_at_least(successes, of) * 100) == percent


def test_58_of_58_does_not_prove_it_yet() -> None:
    assert proves_at_least(58, 58) < 0.9500 < proves_at_least(59, 59)


@given(st.integers(1, 80), st.data())
def test_the_bounds_stand_around_the_share(of: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, of))
    share = successes / of
    assert proves_at_least(successes, of) <= share + 1e-9
    assert proves_at_most(successes, of) >= share - 1e-9
