"""Caddy keeps the lab honest too: addresses, pages and certificates look the same through it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from launchready_tui import audit
from launchready_tui.checks import registered
from launchready_tui.content.checklist import builtin
from launchready_tui.lab import Lab
from launchready_tui.lab.demo import demo_project
from launchready_tui.lab.faults import broken
from launchready_tui.lab.healthy import DOMAIN, HSTS
from launchready_tui.vocabulary.facts import Response
from launchready_tui.world import Options, open_world
from tests.real.caddy import caddy_servers
from tests.scenarios import Audited, said

pytestmark = pytest.mark.real

FAULTS = (
    "",
    "https-missing",
    "two-hosts",
    "redirect-chain",
    "redirect-to-404",
    "production-404",
    "mixed-content",
    "login-cookie-host",
    "preview-indexed",
    "bot-challenge",
    "cert-expired",
    "cert-wrong-host",
    "cert-self-signed",
    "chain-incomplete",
)


async def surface(options: Options) -> Audited:
    """What the checks of addresses and certificates say of the demo's project."""
    project, checklist = demo_project(datetime.now(UTC)), builtin()
    only = [id for id in registered() if id.startswith(("http.", "tls."))]
    async with open_world(options) as world:
        jobs = audit.plan(project, checklist, only=only)
        return said(await audit.collect(jobs, project, world, checklist))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault or "healthy")
async def test_caddy_and_the_lab_yield_the_same_findings(fault: str, tmp_path: Path) -> None:
    scenario = broken([fault] if fault else [])
    async with caddy_servers(scenario, tmp_path) as options:
        real = await surface(options)
    async with Lab(scenario) as lab:
        played = await surface(lab.options)
    assert real == played


async def test_it_is_caddy_that_answers_with_our_headers(tmp_path: Path) -> None:
    async with caddy_servers(broken([]), tmp_path) as options, open_world(options) as world:
        page, cookie = await asyncio.gather(
            world.web.get(f"https://{DOMAIN}/"), world.web.get(f"https://app.{DOMAIN}/sign-in")
        )
    assert isinstance(page, Response)
    assert isinstance(cookie, Response)
    assert page.header("server") == "Caddy"
    assert page.header(HSTS[0]) == HSTS[1]
    assert "HttpOnly" in cookie.header("set-cookie")
