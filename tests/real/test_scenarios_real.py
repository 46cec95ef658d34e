"""NSD, Unbound and nginx keep the lab honest: every scenario yields the same findings on both."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from launchready_tui.lab import healthy
from launchready_tui.lab.faults import broken, received
from launchready_tui.lab.post import HOSTS, PASSWORD
from tests import worlds
from tests.real.mail_servers import dovecot
from tests.real.render import unplayable
from tests.real.servers import real_servers
from tests.scenarios import Case, cases, findings, said

pytestmark = pytest.mark.real
# Checks of what is in the test inboxes: none without them.
OF_MESSAGES = {"email.inbox", "email.alignment", "email.links", "email.sender"}


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
async def test_real_servers_and_the_lab_yield_the_same_findings(case: Case, tmp_path: Path) -> None:
    assert unplayable(case.scenario) == ""
    async with real_servers(case.scenario, tmp_path) as options:
        real = said(await findings(options, inboxes=False))
    played = said(await asyncio.to_thread(worlds.found, *case.faults))
    assert {key: told for key, told in played.items() if key[0] not in OF_MESSAGES} == real


@pytest.mark.parametrize("id", ["", *(fault.id for fault in received.FAULTS)])
async def test_dovecot_and_the_lab_yield_the_same_findings(id: str, tmp_path: Path) -> None:
    """The test inboxes too, where a fault is about what is in them."""
    scenario = broken([id] if id else [])
    async with (
        real_servers(scenario, tmp_path) as options,
        dovecot(tmp_path, HOSTS, PASSWORD) as server,
    ):
        await server.hold(scenario.letters)
        imap = f":993={server.imap[0]}:{server.imap[1]}"
        both = tmp_path / "both.pem"
        assert options.ca is not None
        both.write_bytes(options.ca.read_bytes() + server.root)
        leads = replace(options, connect=(*options.connect, imap), ca=both, open_links=True)
        real = said(await findings(leads))
    assert real == said(await asyncio.to_thread(worlds.found, *([id] if id else [])))


def test_what_real_servers_cannot_play_is_said_with_the_reason() -> None:
    world = healthy()
    assert unplayable(world) == ""
    assert "timeout" in unplayable(world.with_trouble("app.harbor.example", "timeout"))
