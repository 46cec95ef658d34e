"""NSD, Unbound and nginx keep the lab honest: every scenario yields the same findings on both."""

from __future__ import annotations

from pathlib import Path

import pytest

from launchready_tui.lab import Lab, healthy
from tests.real.render import unplayable
from tests.real.servers import real_servers
from tests.scenarios import Case, cases, findings, said

pytestmark = pytest.mark.real


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
async def test_real_servers_and_the_lab_yield_the_same_findings(case: Case, tmp_path: Path) -> None:
    assert unplayable(case.scenario) == ""
    async with real_servers(case.scenario, tmp_path) as options:
        real = said(await findings(options))
    async with Lab(case.scenario) as lab:
        played = said(await findings(lab.options))
    assert real == played


def test_what_real_servers_cannot_play_is_said_with_the_reason() -> None:
    world = healthy()
    assert unplayable(world) == ""
    assert "timeout" in unplayable(world.with_trouble("app.harbor.example", "timeout"))
