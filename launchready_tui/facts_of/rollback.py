"""How long it took to put the last version back, when somebody tried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from launchready_tui.content import items
from launchready_tui.rules.running.rollback import MOST_SECONDS
from launchready_tui.verdict.readiness import Readiness


@dataclass(frozen=True, slots=True)
class Drill:
    """The last timed rehearsal: how long it took, who told us of it, and when it was."""

    seconds: int
    by: str
    at: datetime | None

    @property
    def within_goal(self) -> bool:
        """Whether it took less than `MOST_SECONDS`."""
        return self.seconds < MOST_SECONDS


def last_drill(readiness: Readiness) -> Drill | None:
    """The last timed rehearsal of a rollback; None where nobody has timed one."""
    state = readiness.item(items.ROLLBACK)
    answer = state.answer if state and state.choice else None
    if answer is None or not answer.drills():
        return None
    seconds, at = answer.drills()[-1]
    return Drill(seconds, answer.by, at or answer.at)
