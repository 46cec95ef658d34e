"""Reading pages from real servers on loopback: good ones, slow ones, rude ones."""

from __future__ import annotations

import asyncio
import itertools
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from launchready_tui.vocabulary.facts import Response, Unreachable
from launchready_tui.world import Options, World, limits, open_world
from launchready_tui.world.web.pages import USER_AGENT
from tests.ports import free_port
from tests.world.certificates import Authority
from tests.world.servers import NameServer, Talk, pages, serving, talking

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
ZONE = """
@     60 IN SOA a. b. 1 2 3 4 60
@     60 IN NS a.
@     60 IN A 192.0.2.10
two   60 IN A 192.0.2.10
two   60 IN A 192.0.2.11
six   60 IN AAAA 2001:db8::6
both  60 IN A 192.0.2.12
both  60 IN AAAA 2001:db8::12
home  60 IN A 192.168.1.7
text  60 IN TXT "no address"
"""


@asynccontextmanager
async def looking_at(*connect: str, zone: str = ZONE) -> AsyncIterator[World]:
    server = NameServer("harbor.example", zone)
    async with (
        serving(server),
        open_world(Options((f"127.0.0.1:{server.port}",), connect), NOW) as world,
    ):
        yield world


@asynccontextmanager
async def the_site(talk: Talk) -> AsyncIterator[World]:
    async with talking(talk) as port, looking_at(f":80=127.0.0.1:{port}") as world:
        yield world


def ok(body: bytes = b"hello", *headers: bytes) -> bytes:
    lines = (b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(body), *headers)
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def moved(to: bytes, *headers: bytes, status: int = 301) -> bytes:
    lines = (b"HTTP/1.1 %d Moved" % status, b"Location: " + to, b"Content-Length: 0", *headers)
    return b"\r\n".join(lines) + b"\r\n\r\n"


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.close()


async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    await asyncio.sleep(60)


async def stall_in_the_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    await asyncio.sleep(60)


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for count in itertools.count():
        writer.write(b"X-%d: a\r\n" % count)
        await writer.drain()
        await asyncio.sleep(0.05)


async def endless_headers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for count in itertools.count():
        writer.write(b"X-%d: %s\r\n" % (count, b"a" * 1000))
        await writer.drain()


async def endless_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"a" * 65536)
        await writer.drain()


async def endless_hints(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.001)


FAILURES = {
    "reset": (reset, "reset"),
    "hang up": (hang_up, "reset"),
    "stall": (stall, "timeout"),
    "stall in the body": (stall_in_the_body, "timeout"),
    "drip": (drip, "timeout"),
    "endless hints": (endless_hints, "timeout"),
    "endless headers": (endless_headers, "too-large"),
    "too many headers": (
        pages(ok(b"", *(b"X-%d: a" % count for count in range(150)))),
        "too-large",
    ),
    "not HTTP": (pages(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), "garbled"),
    "nonsense": (pages(b"\x00\xff" * 3000), "garbled"),
    "cut off": (pages(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"), "garbled"),
    "bad chunks": (pages(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz"), "garbled"),
}


@pytest.mark.usefixtures("short_waits")
@pytest.mark.parametrize("name", FAILURES)
async def test_every_failure_has_its_reason(name: str) -> None:
    talk, reason = FAILURES[name]
    async with the_site(talk) as world:
        reply = await world.web.get("http://harbor.example/")
    assert isinstance(reply, Unreachable), reply
    assert reply.reason == reason, reply


async def test_a_closed_port_is_refused() -> None:
    async with looking_at(f":80=127.0.0.1:{free_port()}") as world:
        reply = await world.web.get("http://harbor.example/")
    assert isinstance(reply, Unreachable)
    assert reply.reason == "refused"


@pytest.mark.parametrize("host", ["api", "text", "home"])
async def test_a_host_without_a_public_address_is_not_asked(host: str) -> None:
    async with looking_at() as world:
        reply = await world.web.get(f"https://{host}.harbor.example/")
        assert world.asked.http == 0
    assert isinstance(reply, Unreachable)
    assert reply.reason == "no-address"


@pytest.mark.parametrize("url", ["http://127.0.0.1:22/", "http://[::1]/", "http://10.0.0.1/"])
async def test_no_page_makes_us_knock_on_our_own_network(url: str) -> None:
    async with (
        talking(pages(moved(url.encode()))) as port,
        looking_at(f"harbor.example:80=127.0.0.1:{port}") as world,
    ):
        chain = await world.web.follow("http://harbor.example/")
    assert isinstance(chain.end, Unreachable)
    assert chain.end.reason == "no-address"


async def test_the_name_servers_own_reason_is_passed_on() -> None:
    server = NameServer("harbor.example", ZONE, servfail=frozenset({""}))
    async with (
        serving(server),
        open_world(Options((f"127.0.0.1:{server.port}",)), NOW) as world,
    ):
        reply = await world.web.get("https://harbor.example/")
    assert isinstance(reply, Unreachable)
    assert reply.reason == "servfail"


async def test_a_page_is_read_with_its_headers_address_and_date() -> None:
    async with the_site(pages(ok(b"hello", b"X-Odd: caf\xe9", b"X-Two: 1", b"X-Two: 2"))) as world:
        reply = await world.web.get("HTTP://Harbor.Example")
    assert isinstance(reply, Response)
    assert (reply.url, reply.status, reply.body) == ("http://harbor.example/", 200, b"hello")
    assert (reply.address, reply.at, reply.truncated) == ("192.0.2.10", NOW, False)
    assert reply.header("x-odd") == "café"
    assert [value for key, value in reply.headers if key == "X-Two"] == ["1", "2"]


async def test_we_say_who_we_are_and_ask_for_nothing_packed() -> None:
    seen = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(ok())
        await writer.drain()

    async with the_site(talk) as world:
        await world.web.get("http://harbor.example/a b?q=ü")
    assert seen[0].startswith("GET /a%20b?q=%C3%BC HTTP/1.1\r\nHost: harbor.example\r\n")
    assert f"User-Agent: {USER_AGENT}\r\n" in seen[0]
    assert "Accept-Encoding: identity\r\n" in seen[0]


@pytest.mark.parametrize("talk", [endless_body, pages(ok(b"a" * 10_000_000))])
async def test_ten_megabytes_are_cut_at_two(talk: Talk) -> None:
    async with the_site(talk) as world:
        reply = await world.web.get("http://harbor.example/")
    assert isinstance(reply, Response)
    assert (len(reply.body), reply.truncated) == (limits.BODY, True)


async def test_one_address_is_asked_once_and_shared() -> None:
    count = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal count
        count += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ok())
        await writer.drain()

    async with the_site(talk) as world:
        replies = await asyncio.gather(
            *(world.web.get("http://harbor.example/") for _ in range(20)),
            world.web.follow("http://harbor.example"),
        )
    assert count == world.asked.http == 1
    assert len({id(reply) for reply in replies[:-1]}) == 1


async def test_a_host_gets_three_requests_at_once_and_no_more() -> None:
    now, most = 0, 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.05)
        now -= 1
        writer.write(ok())
        await writer.drain()

    async with the_site(talk) as world:
        await asyncio.gather(*(world.web.get(f"http://harbor.example/{n}") for n in range(12)))
    assert most == limits.REQUESTS_PER_HOST


async def test_the_second_address_is_tried_when_the_first_is_closed() -> None:
    async with (
        talking(pages(ok())) as port,
        looking_at(
            f"192.0.2.10:80=127.0.0.1:{free_port()}", f"192.0.2.11:80=127.0.0.1:{port}"
        ) as world,
    ):
        reply = await world.web.get("http://two.harbor.example/")
        pinned = await world.web.get("http://two.harbor.example/", address="192.0.2.10")
        absent = await world.web.get("http://two.harbor.example/", address="192.0.2.99")
    assert isinstance(reply, Response)
    assert reply.address == "192.0.2.11"
    assert isinstance(pinned, Unreachable)
    assert pinned.reason == "refused"
    assert isinstance(absent, Unreachable)


async def test_ipv6_alone_without_ipv6_here_is_its_own_reason() -> None:
    async with looking_at() as world:
        reply = await world.web.get("http://six.harbor.example/")
    assert isinstance(reply, Unreachable)
    assert reply.reason == ("unreachable" if world.has_ipv6 else "no-ipv6")


async def test_a_page_behind_a_bad_certificate_is_still_read(tmp_path: Path) -> None:
    served = Authority().leaf("other.example", days=-1).context(tmp_path)
    async with (
        talking(pages(ok()), served) as port,
        looking_at(f":443=127.0.0.1:{port}") as world,
    ):
        reply = await world.web.get("https://harbor.example/")
    assert isinstance(reply, Response)
    assert reply.body == b"hello"


async def test_https_to_a_server_without_tls_is_garbled() -> None:
    async with (
        talking(pages(ok())) as port,
        looking_at(f":443=127.0.0.1:{port}") as world,
    ):

        async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            await writer.drain()

        async with talking(plain) as rude, looking_at(f":443=127.0.0.1:{rude}") as world:
            reply = await world.web.get("https://harbor.example/")
    assert isinstance(reply, Unreachable)
    assert reply.reason == "garbled"


async def test_a_chain_of_redirects_ends_at_its_page() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1]
        writer.write({b"/": moved(b"/a"), b"/a": moved(b"//harbor.example/b")}.get(path, ok()))
        await writer.drain()

    async with the_site(talk) as world:
        chain = await world.web.follow("http://harbor.example")
    assert [hop.url for hop in chain.hops] == ["http://harbor.example/", "http://harbor.example/a"]
    assert isinstance(chain.end, Response)
    assert (chain.end.url, chain.loop) == ("http://harbor.example/b", False)


async def test_a_loop_is_a_loop() -> None:
    async with the_site(pages(moved(b"/"))) as world:
        chain = await world.web.follow("http://harbor.example/")
        assert world.asked.http == 1
    assert chain.loop


async def test_ten_redirects_are_enough() -> None:
    count = itertools.count()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(moved(b"/%d" % next(count)))
        await writer.drain()

    async with the_site(talk) as world:
        chain = await world.web.follow("http://harbor.example/")
    assert chain.loop
    assert len(chain.hops) == limits.REDIRECTS


async def test_a_page_that_wants_its_cookie_back_is_no_loop() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        welcome = b"Cookie: seen=yes" in asked
        writer.write(ok() if welcome else moved(b"/", b"Set-Cookie: seen=yes; Path=/", status=302))
        await writer.drain()

    async with the_site(talk) as world:
        chain = await world.web.follow("http://harbor.example/")
    assert not chain.loop
    assert isinstance(chain.end, Response)
    assert chain.end.status == 200


@pytest.mark.parametrize("target", [b"mailto:a@b.example", b"javascript:1", b"http://[bad/", b""])
async def test_a_redirect_that_leads_to_no_web_address_ends_the_walk(target: bytes) -> None:
    async with the_site(pages(moved(target))) as world:
        chain = await world.web.follow("http://harbor.example/")
    assert isinstance(chain.end, Response)
    assert (chain.end.status, chain.hops) == (301, ())


async def test_leaving_the_world_closes_what_is_open() -> None:
    clock = asyncio.get_running_loop().time
    async with the_site(stall) as world:
        task = asyncio.create_task(world.web.get("http://harbor.example/"))
        await asyncio.sleep(0.1)
        began = clock()
    assert clock() - began < 1
    with pytest.raises(asyncio.CancelledError):
        await task
