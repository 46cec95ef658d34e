"""NSD and nginx as today's world: a plan is judged as it is on the lab, for the same reasons."""

from __future__ import annotations

from pathlib import Path

import pytest

from launchready_tui.lab import Lab
from tests.guards.prepared import BAD, Bad, judged, plan, reasons, world
from tests.real.render import unplayable
from tests.real.servers import real_servers

pytestmark = pytest.mark.real

GOOD = ("same.zone", "good.zone", "good.export.txt", "harbor.example.yaml", "good.ir.json")


@pytest.mark.covers("A1", "command")
@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.file)
async def test_a_bad_plan_is_refused_on_real_servers(bad: Bad, tmp_path: Path) -> None:
    assert unplayable(world()) == ""
    async with real_servers(world(), tmp_path) as options:
        real = await judged(plan(f"{bad.file}.zone"), options)
    async with Lab(world()) as lab:
        played = await judged(plan(f"{bad.file}.zone"), lab.options)
    assert real.exit_code == 1
    assert reasons(real) == {bad.reason, *bad.also}
    assert [each.says for each in real.changes] == [each.says for each in played.changes]


async def test_good_plans_pass_on_real_servers(tmp_path: Path) -> None:
    async with real_servers(world(), tmp_path) as options:
        judgements = [await judged(plan(file), options) for file in GOOD]
    assert [each.exit_code for each in judgements] == [0] * len(GOOD)
    assert judgements[0].headline == "Nothing will change"
