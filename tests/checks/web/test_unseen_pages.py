"""What keeps us out is never held against a site: each check of pages, each way to be kept out."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from launchready_tui.lab import healthy
from launchready_tui.lab.demo import demo_project
from launchready_tui.lab.healthy import DOMAIN, PREVIEW
from launchready_tui.lab.scenario import Reply, TroubleKind
from launchready_tui.vocabulary.findings import Verdict
from launchready_tui.world import limits
from tests.checks.looking import look, serving
from tests.ports import free_port
from tests.world.servers import talking

APP = f"app.{DOMAIN}"
# Check to its subject and the host that keeps us out.
CHECKS = {
    "http.redirects": (f"https://{DOMAIN}/sell-your-boat", DOMAIN),
    "http.login": (f"https://{APP}/sign-in", APP),
    "http.mixed": (APP, APP),
    "http.preview": (f"https://{PREVIEW}/", DOMAIN),
    "http.indexing": (f"https://{PREVIEW}/", PREVIEW),
    "http.hsts": (APP, APP),
}
REPLIES = {
    "challenge": (Reply(403, (("cf-mitigated", "challenge"),)), "challenge"),
    "a challenge with 200": (Reply(202, (("x-amzn-waf-action", "challenge"),)), "challenge"),
    "a block page": (Reply(403, (("Server", "AkamaiGHost"),), b"Access Denied"), "blocked"),
    "a plain 403": (Reply(403, (), b"Forbidden"), "blocked"),
    "a limit": (Reply(429), "rate-limited"),
}


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("how", REPLIES)
async def test_who_keeps_us_out_is_not_judged(check: str, how: str) -> None:
    subject, host = CHECKS[check]
    reply, reason = REPLIES[how]
    world = serving(healthy(), host, reply)
    outcome = await look(check, subject, world, demo_project(datetime.now(UTC)))
    assert (outcome.verdict, outcome.name) == (Verdict.UNKNOWN, reason)
    assert outcome.evidence


@pytest.mark.parametrize("check", CHECKS)
async def test_a_name_without_an_address_waits_for_its_dns(check: str) -> None:
    subject, host = CHECKS[check]
    world = healthy().with_records(host, "A", ()).with_records(host, "AAAA", ())
    outcome = await look(check, subject, world, demo_project(datetime.now(UTC)))
    assert (outcome.verdict, outcome.name) == (Verdict.UNKNOWN, "no-address")


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("kind", ["servfail", "refused"])
async def test_a_name_server_that_fails_says_nothing(check: str, kind: TroubleKind) -> None:
    subject, host = CHECKS[check]
    world = healthy().with_trouble(host, kind)
    outcome = await look(check, subject, world, demo_project(datetime.now(UTC)))
    assert outcome.verdict is Verdict.UNKNOWN
    assert outcome.name in ("servfail", "refused")  # a resolver tells of a refusal as SERVFAIL


@pytest.mark.parametrize("check", CHECKS)
async def test_a_closed_door_says_nothing(check: str) -> None:
    subject, host = CHECKS[check]
    closed = f"{host}:443=127.0.0.1:{free_port()}"
    project = demo_project(datetime.now(UTC))
    outcome = await look(check, subject, healthy(), project, more=(closed,))
    assert (outcome.verdict, outcome.name) == (Verdict.UNKNOWN, "refused")


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("how", ["reset", "timeout"])
async def test_a_line_that_is_cut_or_silent_says_nothing(
    check: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        if how == "timeout":
            await asyncio.sleep(3)

    monkeypatch.setattr(limits, "RESPONSE", 0.5)
    subject, host = CHECKS[check]
    project = demo_project(datetime.now(UTC))
    async with talking(talk) as port:
        detour = f"{host}:443=127.0.0.1:{port}"
        outcome = await look(check, subject, healthy(), project, more=(detour,))
    assert (outcome.verdict, outcome.name) == (Verdict.UNKNOWN, how)
