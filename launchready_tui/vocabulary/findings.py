"""The vocabulary that every room shares: verdicts, impact, harms, evidence, outcomes, findings.

Imports nothing of ours. Facts become an `Outcome` in a check; the audit adds the words from
`checklists/` and makes it a `Finding`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What we can honestly say after looking. Never mixed, never averaged."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


class Impact(StrEnum):
    """What a finding does to the launch: fix today, before launch, or after it."""

    BLOCKER = "blocker"
    SOON = "soon"
    LATER = "later"


class Harm(StrEnum):
    """The ways in which a launch fails (requirement P2); findings are ranked by them."""

    ONBOARDING = "onboarding"
    PAYMENTS = "payments"
    REDIRECTS = "redirects"
    SECRETS = "secrets"
    EMAIL = "email"
    SUPPORT = "support"
    ADS = "ads"


HARM_WEIGHT: Mapping[Harm, int] = {
    Harm.SECRETS: 5,
    Harm.PAYMENTS: 5,
    Harm.ONBOARDING: 4,
    Harm.EMAIL: 3,
    Harm.REDIRECTS: 2,
    Harm.SUPPORT: 1,
    Harm.ADS: 1,
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One raw thing that we saw, with the time (UTC) at which we saw it. `value` is cleaned."""

    label: str
    value: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check says about one subject. `name` picks the words; `facts` fill them.

    `subject` is empty when the check speaks of the subject it was called for.
    """

    verdict: Verdict
    name: str
    facts: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """An outcome with its words: what a founder reads, and what `audit --json` prints.

    `impact` is None for pass, unknown and skipped: nothing is known to be broken there.
    `matters` is true when a fail of this check could be a blocker, so that an unknown
    keeps us from saying "ready".
    """

    check: str
    subject: str
    verdict: Verdict
    outcome: str
    at: datetime
    says: str
    why: str
    fix: tuple[str, ...]
    verify: str
    impact: Impact | None = None
    matters: bool = False
    minutes: int = 0
    harms: tuple[Harm, ...] = ()
    covers: tuple[str, ...] = ()
    stages: tuple[int, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether it stands in the way of the launch."""
        return self.verdict is Verdict.FAIL and self.impact is Impact.BLOCKER


def harm_weight(harms: tuple[Harm, ...]) -> int:
    """The weight of a set of harms, for the order of the risk list."""
    return sum(HARM_WEIGHT[harm] for harm in harms)
