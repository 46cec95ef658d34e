"""The way from a DMARC record that only watches to one that refuses fakes, step by step.

Each step waits until reports of a month can show who would be hit (RFC 9989 5.1.4 and appendix A
leave the time to the domain's owner; 30 days is the roadmap's own). No step falls into the days
around a launch, when a lost sign-up mail costs most.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from launchready_tui.rules.mail.tag_list import parse

Policy = Literal["none", "quarantine", "reject"]
STEPS: tuple[Policy, ...] = ("none", "quarantine", "reject")

WATCHING = timedelta(days=30)
QUIET = timedelta(days=7)  # before and after a launch: no policy gets stricter
_OLD_TAGS = ("pct", "rf", "ri")  # gone since RFC 9989


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `standing` is true for the one that the record has reached, and `done` for those
    below it. `earliest` is the first day on which to take it; None where it is taken."""

    policy: Policy
    done: bool = False
    standing: bool = False
    earliest: date | None = None


def ladder(
    policy: str, reports: bool, since: date | None, seen: date, launch: date | None = None
) -> tuple[Step, ...]:
    """The three steps for a record with this policy ("" for none).

    `reports`: whether reports reach somebody; `since`: the day from which the record was known
    to be so; `seen`: the day on which it was looked at last. Without reports a month proves
    nothing, so the count begins anew on the day of the look.
    """
    reached = STEPS.index(policy) if policy in STEPS else -1
    begins = (since or seen) if reports and reached >= 0 else seen
    steps: list[Step] = []
    day = begins
    for number, name in enumerate(STEPS):
        if number < reached:
            steps.append(Step(name, done=True))
        elif number == reached:
            steps.append(Step(name, standing=True))
        elif number == 0:
            steps.append(Step(name, earliest=seen))
        else:
            day = _outside_launch(day + WATCHING, launch)
            steps.append(Step(name, earliest=day))
    return tuple(steps)


def _outside_launch(day: date, launch: date | None) -> date:
    if launch is None or abs(day - launch) > QUIET:
        return day
    return launch + QUIET + timedelta(days=1)


def with_tags(record: str, tags: dict[str, str], without: Iterable[str] = ()) -> str:
    """A DMARC record with these tags set, `v` and `p` first (RFC 9989 4.7), old tags left out.

    What the founder wrote otherwise stays, in its order. Parts that are no tag are left out.
    """
    given = parse(record).tags
    gone = {*_OLD_TAGS, *without}
    wanted = {"v": "", "p": "none", **given, **tags} | {"v": "DMARC1"}
    kept = {name: text for name, text in wanted.items() if name not in gone}
    return "; ".join(f"{name}={text}" for name, text in kept.items())
