"""How many avoidable failures the guards are there for, and how many they turn red for today.

`faults` of a guard is held to `tests/faults.toml`. `seen` is played: each fault alone, with the
commands that the file for CI runs, and without any token.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from launchready_tui import audit
from launchready_tui.content.checklist import Guard, builtin
from launchready_tui.lab import Lab
from launchready_tui.lab.demo import demo_project
from launchready_tui.lab.faults import FAULTS, broken
from launchready_tui.project import change
from launchready_tui.project.model import Project
from launchready_tui.vocabulary.findings import Finding
from launchready_tui.world import Options, open_world
from tests import worlds
from tests.guards.prepared import BAD
from tests.scenarios import said

KEPT = builtin().always_on
ROWS = tomllib.loads((Path(__file__).parents[1] / "faults.toml").read_text("utf-8"))["fault"]
DAILY = [
    (guard.id, row["id"])
    for guard in KEPT.guards
    if guard.id in ("surface", "email")
    for row in ROWS
    if row["guard"] == guard.id
]
# Only a token, a test account or the server's own address shows these.
NOT_IN_CI = {"dashboard-cached", "ssl-mode-flexible", "origin-exposed"}


def test_each_guard_is_there_for_the_faults_of_the_list() -> None:
    there = Counter(row["guard"] for row in ROWS)
    assert {guard.id: guard.faults for guard in KEPT.guards} == {
        id: count for id, count in there.items() if id
    }
    assert len(ROWS) == KEPT.faults


def test_together_they_are_there_for_eight_in_ten_avoidable_failures() -> None:
    """A7. Today's six see fewer: three guards are not built, and CI has no token."""
    assert sum(guard.faults for guard in KEPT.guards) / len(ROWS) >= 0.8
    assert sum(guard.seen for guard in KEPT.guards) / len(ROWS) >= 0.6


def project() -> Project:
    return demo_project(datetime.now(UTC))


def guard(id: str) -> Guard:
    found = KEPT.guard(id)
    assert found is not None
    return found


def plain(lab: Lab) -> Options:
    """Where the lab is, without its tokens, test account and passwords."""
    return Options(lab.options.resolvers, lab.options.connect, lab.options.ca)


def code_of(found: Sequence[Finding], known: Project) -> int:
    code = audit.summarise(found, datetime.now(UTC), 0).exit_code
    return audit.BLOCKED if audit.news(found, known) else code


async def red(id: str, lab: Lab, known: Project) -> tuple[int, Project]:
    """What the daily run of a guard ends with, and the file with its findings saved."""
    async with open_world(plain(lab)) as world:
        jobs = audit.plan(known, builtin(), guard(id).looks)
        found = await audit.collect(jobs, known, world, builtin())
    saved = change.record(known, found, at=datetime.now(UTC), partial=True)
    return code_of(found, known), saved


@pytest.mark.parametrize("id", ["surface", "email"])
async def test_a_daily_run_is_green_in_health(id: str) -> None:
    async with Lab() as lab:
        assert (await red(id, lab, project()))[0] == audit.READY


def looked_at(id: str) -> set[str]:
    return {job.check.id for job in audit.plan(project(), builtin(), guard(id).looks)}


async def test_a_daily_run_needs_no_token() -> None:
    """What it looks at says the same without one, so the findings of a whole audit stand for it."""
    looks = looked_at("surface") | looked_at("email")
    async with Lab() as lab, open_world(plain(lab)) as world:
        jobs = audit.plan(project(), builtin(), looks)
        without = said(await audit.collect(jobs, project(), world, builtin()))
    whole = said(worlds.found())
    assert without == {key: told for key, told in whole.items() if key[0] in looks}


IN_CI = [(id, fault) for id, fault in DAILY if fault not in NOT_IN_CI]


@pytest.mark.parametrize(("id", "fault"), IN_CI, ids=lambda one: one)
def test_a_fault_turns_its_daily_run_red(id: str, fault: str) -> None:
    """By the findings of a whole audit, of those checks alone that the daily run looks at."""
    looks = looked_at(id)
    found = [each for each in worlds.found(fault) if each.check in looks]
    assert code_of(found, project()) == audit.BLOCKED


PLAYED = [(id, fault) for id, fault in DAILY if fault in {*NOT_IN_CI, "cert-expired", "spf-two"}]


@pytest.mark.parametrize(("id", "fault"), PLAYED, ids=lambda one: one)
async def test_the_run_itself_ends_so(id: str, fault: str) -> None:
    async with Lab(broken([fault])) as lab:
        code, _ = await red(id, lab, project())
    assert code == (audit.READY if fault in NOT_IN_CI else audit.BLOCKED)


def test_the_daily_counts_are_those_that_were_played() -> None:
    played = Counter(id for id, fault in DAILY if fault not in NOT_IN_CI)
    assert played == {g.id: g.seen for g in KEPT.guards if g.id in ("surface", "email")}
    assert {fault for _, fault in DAILY} <= set(FAULTS)


async def test_what_is_saved_is_no_news_unless_it_stops_a_launch() -> None:
    async with Lab(broken(["dmarc-missing"])) as lab:
        code, saved = await red("email", lab, project())
        assert code == audit.BLOCKED
        assert (await red("email", lab, saved))[0] == audit.READY
        lab.play(broken(["dmarc-no-rua"]))  # the same check, and something else
        assert (await red("email", lab, saved))[0] == audit.BLOCKED
        lab.play(broken(["spf-two"]))
        _, saved = await red("email", lab, saved)
        assert (await red("email", lab, saved))[0] == audit.BLOCKED


def test_the_planned_changes_among_the_faults_are_refused() -> None:
    """Each prepared plan is judged in `test_dns_change.py`, and ends with 1."""
    checks = {row["check"] for row in ROWS if row["guard"] == "dns-change"}
    assert checks <= {bad.reason[0] for bad in BAD}
    guard = KEPT.guard("dns-change")
    assert guard is not None
    assert guard.seen == len(checks)
