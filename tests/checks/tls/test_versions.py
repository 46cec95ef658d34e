"""`tls.versions`: what each kind of answer comes to, from servers that really give it."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest

from launchready_tui.lab import Lab, healthy
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.lab.scenario import Endpoint
from launchready_tui.vocabulary.findings import Verdict
from launchready_tui.world import open_world
from tests.checks.looking import look
from tests.ports import free_port
from tests.world.certificates import Authority
from tests.world.conftest import short_waits
from tests.world.servers import Talk, pages, talking

__all__ = ["short_waits"]

APP, DOCS = f"app.{DOMAIN}", f"docs.{DOMAIN}"


async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def rude(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    await writer.drain()


async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Warnings without end: each may be passed over, all together may not."""
    while True:
        writer.write(bytes.fromhex("15030300020170") * 1000)
        await writer.drain()


def alert(code: int) -> Talk:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"\x15\x03\x03\x00\x02\x02" + bytes([code]))
        await writer.drain()
        writer.close()

    return talk


SPEECHLESS = {
    "cut": (cut, "reset"),
    "silent": (silent, "timeout"),
    "rude": (rude, "garbled"),
    "endless": (endless, "garbled"),
    "no suite in common": (alert(40), "garbled"),
    "a name that is not served": (alert(112), "garbled"),
}


@pytest.mark.usefixtures("short_waits")
@pytest.mark.parametrize("name", SPEECHLESS)
async def test_no_hello_is_no_verdict(name: str) -> None:
    talk, reason = SPEECHLESS[name]
    async with talking(talk) as port:
        outcome = await look("tls.versions", APP, healthy(), more=(f"{APP}:443=127.0.0.1:{port}",))
    assert (outcome.verdict, outcome.name) == (Verdict.UNKNOWN, reason)
    assert outcome.evidence


async def test_a_refusal_is_no_verdict() -> None:
    more = (f"{APP}:443=127.0.0.1:{free_port()}",)
    outcome = await look("tls.versions", APP, healthy(), more=more)
    assert (outcome.verdict, outcome.name) == (Verdict.UNKNOWN, "refused")


async def test_a_host_without_an_address_waits_for_its_dns() -> None:
    outcome = await look("tls.versions", APP, healthy().without(APP))
    assert (outcome.verdict, outcome.name) == (Verdict.UNKNOWN, "no-address")


async def test_a_server_that_says_no_to_each_version_offers_none() -> None:
    async with talking(alert(70)) as port:
        outcome = await look("tls.versions", APP, healthy(), more=(f"{APP}:443=127.0.0.1:{port}",))
    assert (outcome.verdict, outcome.name) == (Verdict.FAIL, "none")


async def test_old_versions_are_named() -> None:
    world = healthy().with_endpoint(Endpoint("192.0.2.50", versions=("1.0", "1.1", "1.2")))
    outcome = await look("tls.versions", DOCS, world)
    assert (outcome.verdict, outcome.facts["versions"]) == (Verdict.WARN, "1.0 and 1.1")
    alone = healthy().with_endpoint(Endpoint("192.0.2.50", versions=("1.0",)))
    outcome = await look("tls.versions", DOCS, alone)
    assert (outcome.name, outcome.facts["versions"]) == ("none", "TLS 1.0")


async def test_the_worst_address_decides(tmp_path: Path) -> None:
    world = healthy().with_records(APP, "AAAA", ["2001:db8::20"])
    assert (await look("tls.versions", APP, world)).name == "ok"
    context = Authority().leaf(APP).context(tmp_path)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1_1
    async with talking(pages(b""), context) as port:
        more = (f"[2001:db8::20]:443=127.0.0.1:{port}",)
        outcome = await look("tls.versions", APP, world, more=more)
    assert (outcome.name, outcome.facts["versions"]) == ("old", "1.1")
    assert sum("2001:db8::20" in each.label for each in outcome.evidence) == 1


@pytest.mark.usefixtures("short_waits")
async def test_a_silent_address_beside_a_good_one_does_not_change_the_verdict() -> None:
    world = healthy().with_records(APP, "AAAA", ["2001:db8::20"])
    async with talking(silent) as port:
        more = (f"[2001:db8::20]:443=127.0.0.1:{port}",)
        outcome = await look("tls.versions", APP, world, more=more)
    assert outcome.verdict is Verdict.PASS
    assert any("no answer in time" in each.value for each in outcome.evidence)


async def test_each_address_is_asked_once_a_version_whoever_asks() -> None:
    async with Lab() as lab, open_world(lab.options, datetime.now(UTC)) as world:
        first, again = await asyncio.gather(world.tls.versions(APP), world.tls.versions(APP))
        assert world.asked.tls == 4
    assert first is again
    assert first[0].offered == ("1.2", "1.3")
