"""Each step of DMARC's policy waits for a month of reports, and never falls into a launch."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.mail.policy_ladder import QUIET, STEPS, WATCHING, ladder, with_tags

SEEN = date(2026, 11, 24)
FIRST = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("policy", "reports", "since", "launch", "days"),
    [
        # Nothing there: publish now, then a month each.
        ("", False, None, None, ("2026-11-24", "2026-12-24", "2027-01-23")),
        # It watches since the day we first saw it.
        ("none", True, FIRST, None, ("stands", "2026-12-01", "2026-12-31")),
        ("none", True, None, None, ("stands", "2026-12-24", "2027-01-23")),
        # Nobody hears: what stood there for weeks proves nothing.
        ("none", False, FIRST, None, ("stands", "2026-12-24", "2027-01-23")),
        ("quarantine", True, FIRST, None, ("done", "stands", "2026-12-01")),
        ("reject", True, FIRST, None, ("done", "done", "stands")),
        # A step near the launch waits until a week after it.
        ("none", True, FIRST, date(2026, 12, 1), ("stands", "2026-12-09", "2027-01-08")),
        ("none", True, FIRST, date(2026, 11, 20), ("stands", "2026-12-01", "2026-12-31")),
        ("quarantine", True, FIRST, date(2026, 12, 8), ("done", "stands", "2026-12-16")),
        ("p=odd", True, FIRST, None, ("2026-11-24", "2026-12-24", "2027-01-23")),
    ],
)
def test_the_days_of_each_step(
    policy: str, reports: bool, since: date | None, launch: date | None, days: tuple[str, ...]
) -> None:
    found = ladder(policy, reports, since, SEEN, launch)
    assert [each.policy for each in found] == list(STEPS)
    shown = tuple(
        "done" if each.done else "stands" if each.standing else str(each.earliest) for each in found
    )
    assert shown == days


DAYS = st.dates(date(2020, 1, 1), date(2035, 1, 1))


@given(
    policy=st.sampled_from(("", *STEPS)),
    reports=st.booleans(),
    since=st.none() | DAYS,
    seen=DAYS,
    launch=st.none() | DAYS,
)
def test_steps_are_a_month_apart_and_out_of_the_launch(
    policy: str, reports: bool, since: date | None, seen: date, launch: date | None
) -> None:
    found = ladder(policy, reports, since, seen, launch)
    days = [each.earliest for each in found if each.earliest]
    assert all(two - one >= WATCHING for one, two in pairwise(days))
    stricter = [each.earliest for each in found[1:] if each.earliest]
    assert launch is None or all(abs(day - launch) > QUIET for day in stricter)
    assert sum(each.standing for each in found) == (policy != "")


@pytest.mark.parametrize(
    ("record", "tags", "without", "wanted"),
    [
        ("", {"rua": "mailto:d@h.example"}, (), "v=DMARC1; p=none; rua=mailto:d@h.example"),
        ("v=DMARC1; p=none", {"p": "quarantine"}, (), "v=DMARC1; p=quarantine"),
        ("v=DMARC1;p=none;pct=50;adkim=s;", {}, (), "v=DMARC1; p=none; adkim=s"),
        ("v=DMARC1; sp=none; p=reject", {}, ("sp", "np"), "v=DMARC1; p=reject"),
        ("rua=mailto:a@b.example; p=odd; junk", {"p": "none"}, (),
         "v=DMARC1; p=none; rua=mailto:a@b.example"),
    ],
)  # fmt: skip
def test_a_record_with_other_tags(
    record: str, tags: dict[str, str], without: tuple[str, ...], wanted: str
) -> None:
    assert with_tags(record, tags, without) == wanted
