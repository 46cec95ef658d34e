"""JSON from services over https that we believe: trust, tokens, redirects, rude answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world import Options, World, limits, open_world
from launchready_tui.world.api import Json
from tests.ports import free_port
from tests.world.certificates import Authority, Served, pem
from tests.world.servers import NameServer, Talk, serving, talking

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
HOST, OTHER = "api.harbor.example", "other.harbor.example"
URL = f"https://{HOST}/v1/zones"
ZONE = """
@     60 IN SOA a. b. 1 2 3 4 60
@     60 IN NS a.
api   60 IN A 192.0.2.10
other 60 IN A 192.0.2.11
"""
ROOT = Authority()
STRANGER = Authority("Strange Root")
LEAF = ROOT.leaf(HOST, OTHER)


class Service:
    """Answers each request with the next of these raw answers, and keeps what was asked."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        self.heard: list[bytes] = []

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])
        await writer.drain()
        writer.close()


def reply(body: bytes, *headers: bytes, status: int = 200) -> bytes:
    lines = (b"HTTP/1.1 %d X" % status, b"Content-Length: %d" % len(body), *headers)
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


@asynccontextmanager
async def the_service(talk: Talk, folder: Path, served: Served = LEAF) -> AsyncIterator[World]:
    names = NameServer("harbor.example", ZONE)
    ca = folder / "root.pem"
    ca.write_bytes(pem(ROOT.certificate))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(serving(names))
        port = await stack.enter_async_context(talking(talk, served.context(folder)))
        options = Options((f"127.0.0.1:{names.port}",), (f":443=127.0.0.1:{port}",), ca)
        yield await stack.enter_async_context(open_world(options, NOW))


async def test_an_answer_comes_with_its_status_and_value(tmp_path: Path) -> None:
    service = Service(reply(b'{"errorCode": 429}', b"Retry-After: 30", status=429))
    async with the_service(service.talk, tmp_path) as world:
        assert await world.api.get(URL) == Json(URL, 429, {"errorCode": 429}, NOW, "30")


async def test_the_token_goes_along_and_each_address_is_asked_once(tmp_path: Path) -> None:
    service = Service(reply(b"[]"))
    async with the_service(service.talk, tmp_path) as world:
        await asyncio.gather(world.api.get(URL, "t0ken"), world.api.get(URL, "t0ken"))
        assert world.asked.http == 1
    [heard] = service.heard
    assert b"Authorization: Bearer t0ken\r\n" in heard
    assert b"Accept-Encoding: identity\r\n" in heard


async def test_a_token_does_not_follow_a_redirect_to_another_host(tmp_path: Path) -> None:
    there = reply(b"", b"Location: /v2", status=302)
    away = reply(b"", b"Location: https://%s/taken" % OTHER.encode(), status=307)
    service = Service(there, away, reply(b"{}"))
    async with the_service(service.talk, tmp_path) as world:
        found = await world.api.get(URL, "t0ken")
    assert isinstance(found, Json)
    assert found.url == f"https://{OTHER}/taken"
    assert [b"t0ken" in heard for heard in service.heard] == [True, True, False]


@pytest.mark.parametrize("to", [b"http://api.harbor.example/", b"/v1/zones"])
async def test_redirects_end(to: bytes, tmp_path: Path) -> None:
    service = Service(reply(b"", b"Location: " + to, status=302))
    async with the_service(service.talk, tmp_path) as world:
        found = await world.api.get(URL, "t0ken")
    assert isinstance(found, Unreachable)
    assert found.reason == ("untrusted" if to.startswith(b"http:") else "garbled")
    assert len(service.heard) <= limits.API_REDIRECTS + 1


@pytest.mark.parametrize(
    "served", [STRANGER.leaf(HOST), ROOT.leaf(OTHER), ROOT.leaf(HOST, days=-1, since=9)]
)
async def test_nothing_is_told_to_a_stranger(served: Served, tmp_path: Path) -> None:
    service = Service(reply(b"{}"))
    async with the_service(service.talk, tmp_path, served) as world:
        assert await world.api.get(URL, "t0ken") == Unreachable("untrusted", HOST)
    assert service.heard == []


ODD = {
    "no json": (reply(b"<html>"), None),
    "cut off": (reply(b'{"a": '), None),
    "not utf-8": (reply(b'{"a": "\xff"}'), None),
    "deep": (reply(b"[" * 100_000), None),
}


@pytest.mark.parametrize("what", ODD)
async def test_a_body_that_is_no_json_has_no_value(what: str, tmp_path: Path) -> None:
    raw, value = ODD[what]
    async with the_service(Service(raw).talk, tmp_path) as world:
        found = await world.api.get(URL)
    assert isinstance(found, Json)
    assert found.value is value


async def test_an_endless_body_is_cut(tmp_path: Path) -> None:
    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b" " * 65536)
            await writer.drain()
            await asyncio.sleep(0)  # that the connection has ended is told between two turns

    async with the_service(endless, tmp_path) as world:
        assert await world.api.get(URL) == Unreachable("too-large", HOST)


async def test_silence_and_a_closed_door_are_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    monkeypatch.setattr(limits, "RESPONSE", 0.3)
    async with the_service(silent, tmp_path) as world:
        assert await world.api.get(URL) == Unreachable("timeout", HOST)
    names = NameServer("harbor.example", ZONE)
    async with serving(names):
        options = Options((f"127.0.0.1:{names.port}",), (f":443=127.0.0.1:{free_port()}",))
        async with open_world(options) as world:
            assert await world.api.get(URL) == Unreachable("refused", HOST)
