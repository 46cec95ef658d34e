"""The scenarios that the lab and the real servers both play, and what the audit must say of each.

What is expected of a fault stands with the fault itself (`lab/faults/`), and `tests/faults.toml`
holds its check and its verdict to the contract.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from launchready_tui import audit
from launchready_tui.content.checklist import builtin
from launchready_tui.lab import Scenario
from launchready_tui.lab.demo import demo_project
from launchready_tui.lab.faults import DEMO_FAULTS, FAULTS, Fault, broken
from launchready_tui.vocabulary.findings import Finding, Verdict
from launchready_tui.world import Options, open_world

Said = tuple[Verdict, str]
Audited = Mapping[tuple[str, str], Said]


@dataclass(frozen=True)
class Case:
    """A named scenario and its faults, for the tests that play all of them."""

    id: str
    faults: tuple[str, ...]

    @property
    def scenario(self) -> Scenario:
        return broken(self.faults)


def cases() -> tuple[Case, ...]:
    """Nothing broken, each fault alone, and the demo's faults together."""
    single = (Case(id, (id,)) for id in FAULTS)
    return (Case("healthy", ()), *single, Case("demo", tuple(DEMO_FAULTS)))


def expected(fault: Fault) -> Said:
    return fault.verdict, fault.outcome


async def findings(options: Options, *, inboxes: bool = True) -> tuple[Finding, ...]:
    """Every finding of an audit of the demo's project through these options.

    Without `inboxes` the project has no test inboxes: most scenarios do not touch them.
    """
    project, checklist = demo_project(datetime.now(UTC)), builtin()
    if not inboxes:
        project = msgspec.structs.replace(project, inboxes=())
    async with open_world(options) as world:
        jobs = audit.plan(project, checklist)
        return tuple([finding async for finding in audit.run(jobs, project, world, checklist)])


def said(found: tuple[Finding, ...]) -> Audited:
    """Check and subject to verdict and outcome: what two worlds can be compared by."""
    return {(one.check, one.subject): (one.verdict, one.outcome) for one in found}
