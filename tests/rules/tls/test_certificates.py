"""Lifetimes and causes; and that no bytes from outside break the reader."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.tls.certificates import (
    Leaf,
    cause_of,
    days_left,
    ends_first,
    in_last_days,
    in_last_quarter,
    issued,
    issuers_in,
    read,
    starts_last,
)
from launchready_tui.vocabulary.dates import say_day
from tests.world.certificates import Authority, der, pem

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def leaf(begun: timedelta, left: timedelta) -> Leaf:
    return Leaf("a.example", ("a.example",), "A", NOW - begun, NOW + left)


@pytest.mark.parametrize(("begun", "left", "late"), [
    (60 * DAY, 30 * DAY, False),
    (67 * DAY, 23 * DAY, False),
    (68 * DAY, 22 * DAY, True),
    (3 * DAY, 1 * DAY, False),
    (3 * DAY + timedelta(seconds=1), 1 * DAY, True),
    (300 * DAY, 90 * DAY, True),
])  # fmt: skip
def test_less_than_a_quarter_of_its_life_is_left(
    begun: timedelta, left: timedelta, late: bool
) -> None:
    assert in_last_quarter(leaf(begun, left), NOW) is late


def test_the_last_three_days() -> None:
    assert not in_last_days(leaf(DAY, 3 * DAY), NOW)
    assert in_last_days(leaf(DAY, 3 * DAY - timedelta(seconds=1)), NOW)
    assert days_left(leaf(DAY, 3 * DAY - timedelta(seconds=1)), NOW) == 2
    assert days_left(leaf(DAY, -DAY), NOW) == 0


@given(st.timedeltas(timedelta(0), 400 * DAY), st.timedeltas(-10 * DAY, 400 * DAY))
def test_days_left_never_run_below_zero(begun: timedelta, left: timedelta) -> None:
    shown = leaf(begun, left)
    assert days_left(shown, NOW) >= 0
    short = 5 * DAY <= begun + left <= 7 * DAY
    assert in_last_days(shown, NOW) == (left < (DAY if short else 3 * DAY))


@pytest.mark.parametrize(
    ("lived", "left", "last"), [(4.5, 2, False), (5.2, 0.9, True), (88, 2, True)]
)
def test_a_short_lived_certificate_is_no_alarm_for_half_its_life(
    lived: float, left: float, last: bool
) -> None:
    assert in_last_days(leaf(lived * DAY, left * DAY), NOW) is last


def test_a_chain_ends_with_the_first_and_begins_with_the_last() -> None:
    first, second = leaf(9 * DAY, DAY), leaf(DAY, 9 * DAY)
    assert ends_first((second, first)) is first
    assert starts_last((first, second)) is second


@pytest.mark.parametrize(("code", "cause"), [
    (9, "not-yet-valid"), (10, "expired"), (18, "self-signed"), (62, "wrong-name"),
    (19, "unknown-ca"), (20, "unknown-ca"), (21, "unknown-ca"), (7, "unknown-ca"),
])  # fmt: skip
def test_what_openssl_means(code: int, cause: str) -> None:
    assert cause_of(code) == cause


def test_issuers_are_read_in_every_form_and_only_the_right_one_signed() -> None:
    root, stranger = Authority(), Authority()
    signed = read(der(root.leaf("a.example").certificate))
    assert signed is not None
    for body in (der(root.certificate), pem(root.certificate)):
        [issuer] = issuers_in(body)
        assert issued(signed, issuer)
    [other] = issuers_in(der(stranger.certificate))
    assert not issued(signed, other)


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    assert read(body) is None
    assert issuers_in(body) == ()


def test_dates_carry_a_year_only_where_it_is_another() -> None:
    today = date(2026, 11, 3)
    assert say_day(date(2026, 3, 1), today) == "1 March"
    assert say_day(date(2027, 1, 31), today) == "31 January 2027"
