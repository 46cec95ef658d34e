"""What a count of successes proves about a share: exact binomial bounds (Clopper and Pearson)."""

from __future__ import annotations

from collections.abc import Callable
from math import comb

CONFIDENCE = 0.95


def proves_at_least(successes: int, of: int) -> float:
    """The share that so many successes prove with 95 % confidence, one-sided; 0 without any.

    All of n prove 0.05 ** (1 / n): 12 of 12 prove 78 %, 59 of 59 prove 95 %.
    """
    if successes <= 0 or of <= 0:
        return 0.0
    return _solve(lambda share: 1 - _at_most(successes - 1, of, share), 1 - CONFIDENCE)


def proves_at_most(successes: int, of: int) -> float:
    """The share above which so few successes would be unlikely, with 95 % confidence."""
    if of <= 0 or successes >= of:
        return 1.0
    return _solve(lambda share: 1 - _at_most(successes, of, share), CONFIDENCE)


def _at_most(successes: int, of: int, share: float) -> float:
    """The chance of at most so many successes."""
    return sum(comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(successes + 1))


def _solve(rising: Callable[[float], float], wanted: float) -> float:
    """Where a function that rises from 0 to 1 over the unit interval takes a value."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if rising(middle) < wanted:
            low = middle
        else:
            high = middle
    return low
