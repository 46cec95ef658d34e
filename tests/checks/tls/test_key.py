"""`tls.key`: keys and signatures as they are served, and silence where nothing is."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from launchready_tui.lab import healthy
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.lab.scenario import Certificate
from launchready_tui.vocabulary.findings import Verdict
from tests.checks.looking import look
from tests.ports import free_port
from tests.world.conftest import short_waits
from tests.world.servers import Talk, talking

__all__ = ["short_waits"]

APP = f"app.{DOMAIN}"
DAY = timedelta(days=1)


async def shown(certificate: Certificate) -> tuple[Verdict, str, str]:
    world = healthy()
    world = world.with_site(replace(world.site(APP), certificate=certificate))
    outcome = await look("tls.key", APP, world)
    return outcome.verdict, outcome.name, outcome.facts.get("key") or outcome.facts.get("hash", "")


async def test_strong_keys_pass() -> None:
    assert await shown(Certificate((APP,))) == (Verdict.PASS, "ok", "EC, 256 bits")
    rsa = Certificate((APP,), key="rsa-2048")
    assert await shown(rsa) == (Verdict.PASS, "ok", "RSA, 2048 bits")
    assert await shown(Certificate((APP,), key="ed25519")) == (Verdict.PASS, "ok", "Ed25519")


async def test_weak_ones_fail_whatever_else_is_wrong() -> None:
    short = Certificate((APP,), key="rsa-1024")
    assert await shown(short) == (Verdict.FAIL, "short-key", "RSA, 1024 bits")
    assert (await shown(replace(short, issuer="self")))[1] == "short-key"
    assert (await shown(replace(short, ends=-2 * DAY, starts=-90 * DAY)))[1] == "short-key"
    old = Certificate((APP,), sha1=True)
    assert await shown(old) == (Verdict.FAIL, "old-signature", "SHA-1")
    assert (await shown(replace(old, intermediate=False)))[1] == "old-signature"


async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def rude(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    await writer.drain()


@pytest.mark.usefixtures("short_waits")
@pytest.mark.parametrize(
    ("talk", "reason"), [(cut, "reset"), (silent, "timeout"), (rude, "garbled")]
)
async def test_no_handshake_is_no_verdict(talk: Talk, reason: str) -> None:
    async with talking(talk) as port:
        outcome = await look("tls.key", APP, healthy(), more=(f"{APP}:443=127.0.0.1:{port}",))
    assert (outcome.verdict, outcome.name) == (Verdict.UNKNOWN, reason)
    assert outcome.evidence


async def test_a_refusal_is_no_verdict() -> None:
    more = (f"{APP}:443=127.0.0.1:{free_port()}",)
    outcome = await look("tls.key", APP, healthy(), more=more)
    assert (outcome.verdict, outcome.name) == (Verdict.UNKNOWN, "refused")
