"""Leaving the world: every part is closed, whatever another does, and nothing stays open."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from launchready_tui.world import Options, open_world
from launchready_tui.world.api import Api
from launchready_tui.world.cloudflare import Cloudflare
from launchready_tui.world.credentials import Vault
from launchready_tui.world.dns.zones import Dns
from launchready_tui.world.flight import Flight, close_all
from launchready_tui.world.mail.mailbox import Login, Mailbox, open_mailbox
from launchready_tui.world.mail.messages import Mail
from launchready_tui.world.registry import Registry
from launchready_tui.world.repository.repository import Repository
from launchready_tui.world.tls.handshakes import Tls
from launchready_tui.world.web.pages import Web
from tests.world.certificates import Authority, pem
from tests.world.servers import LOOPBACK, NameServer, serving, talking

HOST = "imap.inbox.example"
ZONE = """
@  60 IN SOA a. b. 1 2 3 4 60
@  60 IN NS a.
@  60 IN A 192.0.2.10
"""
PARTS: dict[str, Any] = {
    "dns": Dns,
    "web": Web,
    "tls": Tls,
    "api": Api,
    "vault": Vault,
    "cloudflare": Cloudflare,
    "registry": Registry,
    "mail": Mail,
    "repository": Repository,
}
ROOT = Authority()


class Broken(Exception):
    """What a part raises while it closes."""


class Quiet:
    """A server that takes connections and never says a word. Counts those that are open."""

    def __init__(self) -> None:
        self.open = 0
        self.arrived = asyncio.Event()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        self.arrived.set()
        try:
            while await reader.read(1024):
                pass
        finally:
            self.open -= 1

    async def left_alone(self) -> bool:
        """Whether every connection ends within a second."""
        began = perf_counter()
        while self.open and perf_counter() - began < 1:
            await asyncio.sleep(0.01)
        return not self.open


def watch(failing: str, closed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Note each part that closes; the one of this name does its work and then fails."""
    for name, kind in PARTS.items():

        async def close(
            part: object, name: str = name, own: Callable[..., Awaitable[None]] = kind.close
        ) -> None:
            await own(part)
            closed.append(name)
            if name == failing:
                raise Broken(name)

        monkeypatch.setattr(kind, "close", close)


@pytest.mark.parametrize("failing", PARTS)
async def test_one_part_that_fails_to_close_keeps_no_other_open(
    failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, site, closed = NameServer("harbor.example", ZONE), Quiet(), list[str]()
    asking: list[asyncio.Task[object]] = []
    watch(failing, closed, monkeypatch)

    async def visit(options: Options) -> None:
        async with open_world(options) as world:
            asking.append(asyncio.create_task(world.web.get("http://harbor.example/")))
            await site.arrived.wait()

    async with serving(server), talking(site.talk) as port:
        options = Options((f"{LOOPBACK}:{server.port}",), (f":80={LOOPBACK}:{port}",))
        with pytest.raises(Broken, match=failing):
            await visit(options)
        assert sorted(closed) == sorted(PARTS)
        assert await site.left_alone()
        with pytest.raises(asyncio.CancelledError):
            await asking[0]


def mailbox_threads() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name.startswith("mailbox")]


async def no_thread_left() -> bool:
    began = perf_counter()
    while mailbox_threads() and perf_counter() - began < 1:
        await asyncio.sleep(0.01)
    return not mailbox_threads()


@contextmanager
def full_queue() -> Iterator[tuple[str, int]]:
    """A place whose queue of connections is full: the next one is neither taken nor refused."""
    with socket.socket() as server:
        server.bind((LOOPBACK, 0))
        server.listen(0)
        place = server.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        try:
            for one in waiting:
                one.setblocking(False)
                one.connect_ex(place)
            yield place
        finally:
            for one in waiting:
                one.close()


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cadata=pem(ROOT.certificate).decode())


@pytest.mark.parametrize("greets", [False, True], ids=["says nothing", "greets"])
async def test_a_cancelled_sign_in_leaves_no_thread_and_no_socket(
    greets: bool, tmp_path: Path
) -> None:
    """Once the server is silent before its greeting, once after the password was sent."""
    site = Quiet()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if greets:
            writer.write(b"* OK ready\r\n")
            await reader.readline()
        await site.talk(reader, writer)

    async with talking(talk, ROOT.leaf(HOST).context(tmp_path)) as port:
        signing = asyncio.create_task(
            open_mailbox((LOOPBACK, port), HOST, trusting(), Login("probe", "s3cret"))
        )
        await site.arrived.wait()
        await asyncio.sleep(0.1)
        assert mailbox_threads()
        began = perf_counter()
        signing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await signing
        assert perf_counter() - began < 1
        assert await site.left_alone()
        assert await no_thread_left()


async def test_a_sign_in_is_cancelled_during_the_handshake_and_the_connect() -> None:
    site = Quiet()
    async with talking(site.talk) as port:  # a TCP server: the client's hello gets no answer
        signing = asyncio.create_task(
            open_mailbox((LOOPBACK, port), HOST, trusting(), Login("probe", "s3cret"))
        )
        await site.arrived.wait()
        signing.cancel()
        await asyncio.gather(signing, return_exceptions=True)
        assert await site.left_alone()
        assert await no_thread_left()

    with full_queue() as place:
        signing = asyncio.create_task(
            open_mailbox(place, HOST, trusting(), Login("probe", "s3cret"))
        )
        await asyncio.sleep(0.2)
        assert not signing.done()
        began = perf_counter()
        signing.cancel()
        await asyncio.gather(signing, return_exceptions=True)
        assert await no_thread_left()
        assert perf_counter() - began < 1


async def test_leaving_the_world_ends_a_look_that_waits_for_its_inbox(tmp_path: Path) -> None:
    """The server took the password and answers no more: neither the look nor the goodbye waits."""
    site = Quiet()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK ready\r\n")
        while line := await reader.readline():
            tag, _, command = line.strip().partition(b" ")
            if command.upper().startswith(b"LIST"):
                await site.talk(reader, writer)
                return
            writer.write(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n")

    async with talking(talk, ROOT.leaf(HOST).context(tmp_path)) as port:
        box = await open_mailbox((LOOPBACK, port), HOST, trusting(), Login("probe", "s3cret"))
        assert isinstance(box, Mailbox)
        looking = asyncio.create_task(look_and_close(box))
        await site.arrived.wait()
        began = perf_counter()
        looking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await looking
        assert perf_counter() - began < 1
        assert await site.left_alone()
        assert await no_thread_left()


async def look_and_close(box: Mailbox) -> None:
    try:
        await box.look("lr7f3a", datetime.now(UTC))
    finally:
        await box.close()


async def test_who_is_cancelled_while_closing_still_closes_the_rest() -> None:
    """A second Ctrl+C, or the screens that end: what is left must not go on."""
    slow, other = Flight[str, None](), Flight[str, None]()
    holding = asyncio.Event()

    async def resist() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            holding.set()
            await asyncio.sleep(0.2)

    asking = [
        asyncio.create_task(slow.share("", resist)),
        asyncio.create_task(other.share("", lambda: asyncio.sleep(60))),
    ]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    closing = asyncio.create_task(close_all(slow, other))
    await holding.wait()
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    done, _ = await asyncio.wait(asking, timeout=1)
    assert len(done) == 2
