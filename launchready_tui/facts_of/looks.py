"""What was looked at, and what was not: from the recorded findings and the checks of the stages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from launchready_tui.content.checklist import Checklist, Stage
from launchready_tui.project.model import Project, RecordedFinding
from launchready_tui.vocabulary.findings import Verdict


class Looked(Enum):
    """How far we got with a check: an answer, no answer that we could use, or no look at all."""

    YES = "looked"
    NO_ANSWER = "no answer"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Look:
    """How far we got, and when the newest answer (or silence) was recorded."""

    looked: Looked
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StageLooks:
    """The checks that a stage names first, in order, by how far we got with them."""

    stage: Stage
    looks: tuple[tuple[str, Look], ...]

    def of(self, looked: Looked) -> tuple[str, ...]:
        """The ids of the stage's checks with which we got this far."""
        return tuple(check for check, look in self.looks if look.looked is looked)


@dataclass(frozen=True, slots=True)
class Area:
    """A place that isn't open to everybody: its name in a sentence, and the checks that read it."""

    name: str
    checks: tuple[str, ...]


CODE = Area(
    "your code",
    (
        "secrets.tree",
        "secrets.history",
        "secrets.kept",
        "deploy.path",
        "deploy.env-separation",
        "deploy.required-env",
        "deploy.fails-fast",
        "deploy.migrations",
    ),
)
CLOUDFLARE = Area(
    "your settings at Cloudflare", ("edge.ssl-mode", "edge.security", "edge.cache-rules")
)
INBOXES = Area(
    "your test inboxes", ("email.inbox", "email.alignment", "email.sender", "email.links")
)
AREAS = (CODE, CLOUDFLARE, INBOXES)


def look_of(project: Project, checks: Iterable[str]) -> Look:
    """How far we got with these checks together: one answer is a look."""
    found = [one for check in checks for one in project.findings.get(check, {}).values()]
    answered = [one for one in found if one.verdict is not Verdict.UNKNOWN]
    if answered:
        return Look(Looked.YES, _newest(answered))
    return Look(Looked.NO_ANSWER, _newest(found)) if found else Look(Looked.NEVER)


def _newest(found: Iterable[RecordedFinding]) -> datetime:
    return max(one.at for one in found)


def by_stage(project: Project, checklist: Checklist) -> tuple[StageLooks, ...]:
    """Every check that the stages name, under the first stage that does."""
    placed: set[str] = set()
    stages = []
    for stage in checklist.stages:
        named = dict.fromkeys(check for item in stage.items for check in item.checks)
        new = [check for check in named if check not in placed]
        placed.update(new)
        stages.append(
            StageLooks(stage, tuple((check, look_of(project, (check,))) for check in new))
        )
    return tuple(stages)
