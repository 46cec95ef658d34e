"""Politeness: two requests a second to one host, what matters first, robots.txt respected."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from time import perf_counter

import pytest

from launchready_tui.vocabulary.facts import Response, Unreachable
from launchready_tui.world import Options, World, limits, open_world
from launchready_tui.world.pace import Pace, Rank, Urgency
from launchready_tui.world.repository.fingerprints import Fingerprints
from launchready_tui.world.web.front import FrontScan, read_front
from launchready_tui.world.web.pages import USER_AGENT, Take
from tests.world.servers import NameServer, serving, talking

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
ZONE = """
@     60 IN SOA a. b. 1 2 3 4 60
@     60 IN NS a.
@     60 IN A 192.0.2.10
other 60 IN A 192.0.2.11
"""
SITE = "http://harbor.example"
JITTER = 0.05  # seconds between our send and the server's clock


class Site:
    """Counts what it is asked, and when; answers each path with its raw answer, else 404."""

    def __init__(self, **answers: bytes) -> None:
        self.answers = {f"/{path.replace('_', '.')}": raw for path, raw in answers.items()}
        self.asked: list[tuple[str, str, float]] = []
        self.heads: list[str] = []

    async def talk(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        after: asyncio.Event | None = None,
    ) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        path = head.split()[1]
        host = next(line for line in head.split("\r\n") if line.startswith("Host:"))[6:]
        self.asked.append((host, path, perf_counter()))
        self.heads.append(head)
        answer = self.answers.get(path, b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")
        if after is not None:
            await after.wait()
        if answer:
            writer.write(answer)
            await writer.drain()
        writer.close()

    def paths(self) -> list[str]:
        return [path for _, path, _ in self.asked]


def ok(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


def moved(to: str) -> bytes:
    return f"HTTP/1.1 301 Moved\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()


@asynccontextmanager
async def asking(site: Site, *, paced: bool = False) -> AsyncIterator[World]:
    server = NameServer("harbor.example", ZONE)
    async with serving(server), talking(site.talk) as port:
        options = Options(
            (f"127.0.0.1:{server.port}",), (f":80=127.0.0.1:{port}",), pace_loopback=paced
        )
        async with open_world(options, NOW) as world:
            yield world


async def test_any_second_holds_at_most_two_requests_to_a_host_redirects_too() -> None:
    site = Site(start=moved("/next"), next=moved("/end"), end=ok(b"here"))
    async with asking(site, paced=True) as world:
        await asyncio.gather(
            world.web.follow(f"{SITE}/start"),
            *(world.web.get(f"{SITE}/{number}") for number in range(4)),
            *(world.web.get(f"http://other.harbor.example/{number}") for number in range(2)),
        )
    for host in ("harbor.example", "other.harbor.example"):
        times = [at for name, _, at in site.asked if name == host]
        assert all(
            third - first >= 1 - JITTER for first, third in zip(times, times[2:], strict=False)
        )
    assert len(site.asked) == 9
    first = site.asked[0][2]
    assert (
        sum(at - first < 0.5 for *_, at in site.asked) == 4
    )  # two hosts do not wait for each other


async def test_this_machine_is_not_spared() -> None:
    site = Site()
    began = perf_counter()
    async with asking(site) as world:
        await asyncio.gather(*(world.web.get(f"{SITE}/{number}") for number in range(12)))
    assert perf_counter() - began < 1


async def test_pages_go_before_files_and_files_before_addresses_nobody_declared() -> None:
    site = Site()
    async with asking(site, paced=True) as world:
        get = world.web.get
        await asyncio.gather(
            get(f"{SITE}/1"), get(f"{SITE}/2"),
            get(f"{SITE}/probe", declared=False),
            get(f"{SITE}/file", take="start"),
            get(f"{SITE}/page"),
        )  # fmt: skip
    first, second, third, fourth, *rest = site.paths()
    assert {first, second} == {"/1", "/2"}
    assert {third, fourth} == {"/page", "/robots.txt"}
    assert rest == ["/file", "/probe"]


async def test_a_page_does_not_wait_behind_probes_for_what_a_probe_asked_first() -> None:
    """Both share one request; it goes as soon as the more urgent of them may."""
    site = Site()
    async with asking(site, paced=True) as world:
        get = world.web.get
        assert isinstance(await get(f"{SITE}/warm", declared=False), Response)
        first = [asyncio.create_task(get(f"{SITE}/{number}")) for number in range(2)]
        await asyncio.sleep(0.1)
        probes = [
            asyncio.create_task(get(f"{SITE}/{path}", declared=False))
            for path in ("probe1", "probe2", "probe3", "same")
        ]
        await asyncio.sleep(0.1)
        page = await get(f"{SITE}/same")
        assert "/probe3" not in site.paths()
        *_, shared = await asyncio.gather(*first, *probes)
    assert shared is page
    assert site.paths()[:5] == ["/robots.txt", "/warm", "/0", "/1", "/same"]
    assert sorted(site.paths()[5:]) == ["/probe1", "/probe2", "/probe3"]


async def test_a_file_that_becomes_a_page_goes_first_and_a_page_never_falls_behind() -> None:
    pace, order = Pace(), list[str]()

    async def turn(name: str, urgency: Urgency) -> None:
        async with pace.turn("harbor.example", urgency):
            order.append(name)

    urgencies = {name: Urgency(Rank.PROBE) for name in ("1", "2", "asset", "page")}
    tasks = [asyncio.create_task(turn(name, urgency)) for name, urgency in urgencies.items()]
    await asyncio.sleep(0)
    urgencies["page"].rise(Rank.PAGE)
    urgencies["page"].rise(Rank.SCRIPT)
    urgencies["asset"].rise(Rank.ASSET)
    await asyncio.gather(*tasks)
    assert order == ["1", "2", "page", "asset"]


async def test_waiting_for_other_hosts_uses_up_no_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """One request at a time to all hosts together: what waits for that has not begun."""
    monkeypatch.setattr(limits, "REQUESTS_AT_ONCE", 1)
    site, slow = Site(), asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await site.talk(reader, writer, after=slow if not site.asked else None)

    server = NameServer("harbor.example", ZONE)
    async with serving(server), talking(talk) as port:
        options = Options(
            (f"127.0.0.1:{server.port}",), (f":80=127.0.0.1:{port}",), pace_loopback=True
        )
        async with open_world(options, NOW) as world:
            long = asyncio.create_task(world.web.get("http://other.harbor.example/long"))
            while not site.asked:
                await asyncio.sleep(0.01)
            others = [asyncio.create_task(world.web.get(f"{SITE}/{n}")) for n in range(4)]
            await asyncio.sleep(1.2)
            assert len(site.asked) == 1
            slow.set()
            await asyncio.gather(long, *others)
    times = [at for host, _, at in site.asked if host == "harbor.example"]
    assert len(times) == 4
    assert times[2] - times[0] >= 1 - JITTER


async def test_a_free_place_goes_to_the_most_urgent_request_of_all_hosts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "REQUESTS_AT_ONCE", 1)
    pace, order = Pace(), list[str]()

    async def turn(host: str, rank: Rank) -> None:
        async with pace.turn(host, Urgency(rank)):
            order.append(host)
            await asyncio.sleep(0)

    await asyncio.gather(
        turn("first", Rank.PAGE), turn("probe", Rank.PROBE), turn("page", Rank.PAGE)
    )
    assert order == ["first", "page", "probe"]


async def test_who_leaves_the_line_leaves_no_gap() -> None:
    pace = Pace()
    began = perf_counter()

    async def turn(rank: Rank) -> float:
        async with pace.turn("harbor.example", Urgency(rank)):
            return perf_counter() - began

    first = [asyncio.create_task(turn(Rank.PAGE)) for _ in range(2)]
    gone = [asyncio.create_task(turn(Rank.PAGE)) for _ in range(6)]
    last = asyncio.create_task(turn(Rank.PROBE))
    await asyncio.sleep(0)
    await asyncio.gather(*first)
    for task in gone:
        task.cancel()
    assert 1 - JITTER < await last < 1.5


@pytest.mark.parametrize(("answer", "reason"), [
    (ok(b"User-agent: *\nDisallow: /private\n"), None),
    (ok(b"User-agent: *\nDisallow: /.env\n"), "not-allowed"),
    (ok(b"User-agent: *\nDisallow: /\n"), "not-allowed"),
    (ok(b"User-agent: *\nDisallow: /*env$\n"), "not-allowed"),
    (ok(b"User-agent: LaunchReady\nDisallow: /\n"), "not-allowed"),
    (ok(b"User-agent: *\nDisallow: /\n\nUser-agent: launchready\nAllow: /\n"), None),
    (ok(b"User-agent: a\nUser-agent: *\nUser-agent: b\nDisallow: /\n"), "not-allowed"),
    (ok(b"User-agent: OtherBot\nDisallow: /\n"), None),
    (ok(b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n"), "not-allowed"),
    (ok(b"<html>no such page</html>"), None),
    (ok(b"\xff\xfe\x00" * 9), None),
    (b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", None),
    (b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", None),
    (b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", None),
    (b"HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n", "rate-limited"),
    (b"HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n", "not-allowed"),
    (b"HTTP/1.1 503 Away\r\nContent-Length: 0\r\n\r\n", "not-allowed"),
    (b"", "reset"),
    (moved("/rules.txt"), "not-allowed"),
    (moved("/robots.txt?"), None),
])  # fmt: skip
async def test_what_robots_txt_says_of_an_address_that_nobody_declared(
    answer: bytes, reason: str | None
) -> None:
    site = Site(robots_txt=answer, rules_txt=ok(b"User-agent: *\nDisallow: /.env\n"))
    site.answers["/robots.txt?"] = answer
    async with asking(site) as world:
        reply = await world.web.get(f"{SITE}/.env", declared=False)
    if reason is None:
        assert isinstance(reply, Response)
    else:
        assert isinstance(reply, Unreachable)
        assert reply.reason == reason
        assert "/.env" not in site.paths()


async def test_robots_txt_is_read_once_for_each_site_and_not_for_what_was_declared() -> None:
    site = Site(robots_txt=ok(b"User-agent: *\nDisallow: /\n"))
    async with asking(site) as world:
        assert isinstance(await world.web.get(f"{SITE}/page"), Response)
        assert "/robots.txt" not in site.paths()
        await asyncio.gather(
            *(world.web.get(f"{SITE}/{number}", declared=False) for number in range(5))
        )
    assert site.paths() == ["/page", "/robots.txt"]


@pytest.mark.parametrize("body", [
    "".join(f"User-agent: b{n}\n" for n in range(9000))
    + "".join(f"Disallow: /{n}\n" for n in range(9000)),
    "".join(f"User-agent: b{n}\nDisallow: /{n}\n" for n in range(9000)),
    "User-agent: *\n" + "Disallow: /*a*b$\n" * 20_000,
    "User-agent: *\nDisallow: /" + "a*" * 200_000 + "b",
    "\n" * 500_000,
])  # fmt: skip
async def test_a_hostile_robots_txt_takes_no_time(body: str) -> None:
    site = Site(robots_txt=ok(body.encode()))
    began = perf_counter()
    async with asking(site) as world:
        await world.web.get(f"{SITE}/{'a' * 60}", declared=False)
    assert perf_counter() - began < 5


async def test_one_honest_name() -> None:
    site = Site()
    async with asking(site) as world:
        await world.web.get(f"{SITE}/x", declared=False)
    assert len(site.heads) == 2
    assert all(f"\r\nUser-Agent: {USER_AGENT}\r\n" in head for head in site.heads)
    assert "run by the site's owner" in USER_AGENT


BIG = b"x" * 700_000
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(("take", "answer", "kept", "size"), [
    ("whole", ok(b"x" * 9000), 9000, 9000),
    ("start", ok(b"x" * 9000), 4096, 9000),
    ("weight", ok(b"x" * 9000), 4096, 9000),
    ("start", CHUNKED + b"2328\r\n" + b"x" * 9000 + b"\r\n0\r\n\r\n", 4096, 9000),
    ("start", ok(b"small"), 5, 5),
])  # fmt: skip
async def test_a_file_can_be_weighed_without_being_kept(
    take: Take, answer: bytes, kept: int, size: int
) -> None:
    site = Site(file=answer)
    async with asking(site) as world:
        reply = await world.web.get(f"{SITE}/file", take=take)
    assert isinstance(reply, Response)
    assert (len(reply.body), reply.size, reply.truncated) == (kept, size, size > kept)


async def test_weighing_stops_early() -> None:
    """A stated size is believed after the first bytes; without one, 600 KiB are enough."""
    site = Site(stated=ok(BIG), endless=b"HTTP/1.1 200 OK\r\n\r\n" + BIG * 4)
    async with asking(site) as world:
        stated = await world.web.get(f"{SITE}/stated", take="start")
        endless = await world.web.get(f"{SITE}/endless", take="start")
    assert isinstance(stated, Response)
    assert isinstance(endless, Response)
    assert stated.size == len(BIG)
    assert 600 * 1024 < endless.size < 800 * 1024


async def test_a_fresh_answer_is_asked_for_in_the_same_words() -> None:
    site = Site(page=ok(b"here"))
    async with asking(site) as world:
        first = await world.web.get(f"{SITE}/page")
        shared = await world.web.get(f"{SITE}/page")
        fresh = await world.web.get(f"{SITE}/page", fresh=True)
        after = await world.web.get(f"{SITE}/page")
    assert first is shared is after
    assert isinstance(fresh, Response)
    assert fresh is not first
    assert len(site.heads) == 2
    assert site.heads[0] == site.heads[1]


def test_looking_through_files_leaves_no_thread_behind() -> None:
    site = Site(**{"a.js": ok(b"console.log('boats')")})
    before = set(threading.enumerate())

    async def look() -> FrontScan | Unreachable:
        async with asking(site) as world:
            names = (
                Fingerprints(b"for this look alone", lasting=False),
                frozenset[tuple[str, str]](),
            )
            url = f"{SITE}/"
            body = b"<!doctype html><script src=/a.js></script>"
            page = Response(url, 200, (("Content-Type", "text/html"),), body, "192.0.2.10", NOW)
            return await read_front(page, lambda _: True, world.web, names)

    found = asyncio.run(look())
    assert isinstance(found, FrontScan)
    assert found.scan.objects == 2
    assert set(threading.enumerate()) == before
