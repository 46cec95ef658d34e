"""Each fault, played alone, is seen by its check and moves no other; nothing is seen in health."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

from launchready_tui.lab import Lab
from launchready_tui.lab.dns_server import Resolving
from launchready_tui.lab.faults import DEMO_FAULTS, FAULTS, Fault, broken
from launchready_tui.vocabulary.findings import Verdict
from tests import worlds
from tests.every import every
from tests.scenarios import Audited, expected, findings, said

CONTRACT = {
    row["id"]: row
    for row in tomllib.loads(Path(__file__).with_name("faults.toml").read_text("utf-8"))["fault"]
}


@pytest.fixture(scope="module")
def healthy_audit() -> Audited:
    return said(worlds.found())


def test_nothing_is_wrong_on_the_healthy_world(healthy_audit: Audited) -> None:
    good = {Verdict.PASS, Verdict.SKIPPED}
    assert {key: said for key, said in healthy_audit.items() if said[0] not in good} == {}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=lambda fault: fault.id)
def test_a_fault_is_seen_by_its_check(fault: Fault, healthy_audit: Audited) -> None:
    audited = said(worlds.found(fault.id))
    key = (fault.check, fault.subject)
    assert audited[key] == expected(fault)
    assert healthy_audit.get(key) != expected(fault)
    changed = {check for (check, subject), what in audited.items()
               if healthy_audit.get((check, subject)) != what}  # fmt: skip
    allowed = (fault.check, *fault.also)
    stray = {check for check in changed if not any(fnmatch(check, one) for one in allowed)}
    assert stray == set()


async def test_mending_a_fault_while_the_lab_runs_brings_the_healthy_world_back(
    healthy_audit: Audited,
) -> None:
    async with Lab(broken(DEMO_FAULTS)) as lab:
        assert said(await findings(lab.options)) != healthy_audit
        lab.play(broken([]))
        assert said(await findings(lab.options)) == healthy_audit


def test_no_fault_of_the_demo_hides_another() -> None:
    audited = said(worlds.found(*DEMO_FAULTS))
    seen = {id: audited[FAULTS[id].check, FAULTS[id].subject] for id in DEMO_FAULTS}
    assert seen == {id: expected(FAULTS[id]) for id in DEMO_FAULTS}
    assert Verdict.UNKNOWN in {verdict for verdict, _ in seen.values()}


@every("fault", FAULTS.values(), ids=lambda fault: fault.id)
def test_the_fault_keeps_the_contract(fault: Fault) -> None:
    row = CONTRACT[fault.id]
    assert (fault.check, fault.verdict) == (row["check"], row["verdict"])


def test_faults_can_be_played_together_whatever_they_change() -> None:
    Resolving(broken(FAULTS))
    Resolving(broken(reversed(list(FAULTS))))
