"""What a host's front page leads to, read to the end of each file and looked through for secrets.

Files come one by one, in the pace of their host, and go as soon as they were looked through: a
site may have 200 of them. Looking takes a thread, one file at a time.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from launchready_tui.rules.secrets.bundles import is_source_map
from launchready_tui.rules.web import front_files
from launchready_tui.rules.web.challenge import kept_out
from launchready_tui.rules.web.compression import unpacked
from launchready_tui.rules.web.redirects import redirect_target
from launchready_tui.vocabulary.facts import Response, Unreachable
from launchready_tui.world import limits
from launchready_tui.world.repository.secret_scan import LEAKS, Scan, served

if TYPE_CHECKING:
    from launchready_tui.rules.secrets.engine import Engine
    from launchready_tui.rules.secrets.leaks import Leak
    from launchready_tui.world.repository.fingerprints import Fingerprints
    from launchready_tui.world.web.pages import Web

# named: by the page. loaded: by a script. chunk: by the table of a bundler, so it is surely ours.
# map: a script says where its map is. guess: nobody does.
Role = Literal["page", "named", "loaded", "chunk", "map", "guess"]
GONE = frozenset({401, 404, 410})  # no visitor gets it

RUNTIMES = 20  # of webpack: a page has one, or one for each part that it is made of
GUESSED = 3  # scripts without a word of a map beside which one is looked for: builds are alike


@dataclass(frozen=True, slots=True)
class FrontScan:
    """What was read of a front page's files. `maps` are the public source maps, `elsewhere`
    counts scripts of other sites, and `unread` says what we could not read, and why."""

    scan: Scan
    maps: tuple[str, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    elsewhere: int = 0


@dataclass(slots=True)
class _Looked:
    """What a thread saw in one file."""

    size: int
    whole: bool = True
    readable: bool = True
    counts: bool = True  # it is what was asked for, and not a page instead of it
    is_script: bool = False
    shows_source: bool = False
    made_up: bool = False  # it puts together the address of a script of this site
    leaks: tuple[Leak, ...] = ()
    links: tuple[str, ...] = ()
    chunks: front_files.Chunks | None = None
    called: tuple[str, ...] = ()
    map: str | None = None


async def read_front(
    page: Response,
    own: Callable[[str], bool],
    web: Web,
    names: tuple[Fingerprints, frozenset[tuple[str, str]]],
) -> FrontScan | Unreachable:
    """Look through a front page and all that it leads to, as far as `own` says that an address is
    the founder's. A page that can't be unpacked is "garbled"."""
    from launchready_tui.world.repository.scanner import engine

    plain = unpacked(page, limits.BODY)
    if plain is None:
        return Unreachable("garbled", page.url)
    page = replace(page, body=plain[0], truncated=page.truncated or not plain[1])
    fingerprints, settled = names
    reader = _Reader(own, web, await asyncio.to_thread(engine), fingerprints)
    await reader.start(page)
    try:
        async with asyncio.timeout(limits.FRONT_SECONDS):
            await reader.walk()
        if not reader.unread:
            reader.check_places()
    except TimeoutError:
        reader.miss("all files", "timeout")
    return reader.done(settled)


@dataclass(slots=True)
class _Reader:
    own: Callable[[str], bool]
    web: Web
    engine: Engine
    fingerprints: Fingerprints
    left: deque[tuple[str, Role]] = field(default_factory=deque)
    known: set[str] = field(default_factory=set)
    arrived: set[str] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)
    leaks: dict[str, Leak] = field(default_factory=dict)
    maps: list[str] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)
    runtimes: list[front_files.Chunks] = field(default_factory=list)
    called: dict[str, None] = field(default_factory=dict)
    mapless: list[str] = field(default_factory=list)
    placed: tuple[int, int] = (0, 0)  # runtimes and calls whose chunks are noted already
    abroad: bool = False
    asked: int = 0
    files: int = 0
    bytes: int = 0
    stopped: bool = False

    async def start(self, page: Response) -> None:
        """Look through the page itself, and note the scripts that it names."""
        self.known.add(page.url)
        if page.truncated:
            self.miss(page.url, "too-large")
        names, all_named = front_files.page_scripts(page)
        if not all_named and not page.truncated:
            self.miss(page.url, "too-large")
        for url in names:
            self.add(url, "named")
        for url in front_files.next_files(page.url, page.body, [u for u, _ in self.left]):
            self.add(url, "guess")
        anchor = next((u for u, _ in self.left if "/_next/" in u), page.url)
        plain = replace(page, headers=())  # it is unpacked already
        self._take(await self._in_thread(plain, page.url, "page", anchor), page.url)

    def add(self, url: str, role: Role) -> None:
        if url in self.known:
            return
        if not self.own(url):
            if role in ("named", "loaded", "chunk"):
                self.elsewhere.add(url)
            # The site's own build, on a host that nobody named.
            if not self.abroad and (role == "chunk" or "/_next/static/" in url):
                self.abroad = True
                self.miss(url, "other-host")
            return
        self.known.add(url)
        self.left.append((url, role))

    def miss(self, url: str, reason: str) -> None:
        """Note what we could not read; after a few of them we ask no more."""
        self.unread.append((url, reason))
        silent = sum(why not in ("opaque", "other-host") for _, why in self.unread)
        if silent >= limits.FRONT_UNREAD or reason in ("challenge", "rate-limited"):
            self.stopped = True

    async def walk(self) -> None:
        """Read file after file until nothing is left, or a limit is met."""
        under_way: set[asyncio.Task[None]] = set()
        try:
            while not self.stopped and (under_way or self._more()):
                while self.left and len(under_way) < limits.REQUESTS_PER_HOST:
                    if self.asked >= limits.FRONT_FILES:
                        self.miss(f"{len(self.left)} more files", "too-large")
                        self.stopped = True
                        return
                    self.asked += 1
                    under_way.add(asyncio.create_task(self._read(*self.left.popleft())))
                done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    def _more(self) -> bool:
        """Whether something is left; chunks by number and maps beside scripts come last."""
        if not self.left and self.placed != (now := (len(self.runtimes), len(self.called))):
            self.placed = now
            for chunks in self.runtimes:
                for url in chunks.urls(self.called):
                    self.add(url, "chunk")
        if not self.left:
            # Nobody named a map. A build that leaves them leaves all: a few tell of the rest.
            for url in self.mapless if self.maps else self.mapless[:GUESSED]:
                path, mark, query = url.partition("?")
                self.add(f"{path}.map{mark}{query}", "guess")
        return bool(self.left)

    async def _read(self, url: str, role: Role) -> None:
        reply = await self.web.get(
            url, encodings="gzip", declared=role != "guess", accept="*/*", take="all"
        )
        if isinstance(reply, Unreachable):
            if role != "guess":
                self.miss(url, reply.reason)
            return
        sought = role not in ("map", "guess")  # a map that nobody gets is as it should be
        refused = kept_out(reply) or ("blocked" if reply.status == 403 else None)
        if refused is not None:
            if sought or refused != "blocked":
                self.miss(url, refused)
        elif (onward := redirect_target(reply)) is not None:
            if _script(onward):
                self.arrived.add(url)
            self.add(onward, role)
        elif reply.status == 200:
            self._judge(await self._in_thread(reply, url, role, url), url, role)
        elif sought and reply.status not in GONE:
            self.miss(url, str(reply.status))

    def _judge(self, looked: _Looked, url: str, role: Role) -> None:
        """Take what one file holds, or note why it can't count."""
        if not looked.readable:
            self.miss(url, "garbled")
        elif not looked.counts:
            if role == "named":  # the page loads it as a script
                self.miss(url, "garbled")
        else:
            if not looked.whole:
                self.miss(url, "too-large")
            self._take(looked, url)

    async def _in_thread(self, reply: Response, url: str, role: Role, anchor: str) -> _Looked:
        return await self.web.look(
            lambda: _look(reply, url, role, anchor, self.engine, self.fingerprints)
        )

    def _take(self, looked: _Looked, url: str) -> None:
        self.files += 1
        self.arrived.add(url)
        self.bytes += looked.size
        if self.bytes > limits.FRONT_BYTES:
            self.miss("the rest", "too-large")
            self.stopped = True
        for leak in looked.leaks:
            before = self.leaks.get(leak.fingerprint)
            spots = leak.spots if before is None else (*before.spots, *leak.spots)
            self.leaks[leak.fingerprint] = replace(leak, spots=spots[:100])
        if looked.made_up:
            self.miss(url, "opaque")
        if looked.shows_source:
            self.maps.append(url)
        for link in looked.links:
            self.add(link, "loaded")
        if looked.chunks is not None:
            self.runtimes.append(looked.chunks)
            if not looked.chunks.whole:
                self.miss(url, "opaque")
            elif len(self.runtimes) > RUNTIMES:
                self.miss(url, "too-large")
                self.stopped = True
        self.called.update(dict.fromkeys(looked.called))
        if looked.map is not None:
            self.add(looked.map, "map")
        elif looked.is_script and not looked.shows_source:
            self.mapless.append(url)

    def check_places(self) -> None:
        """Where not one chunk of a table arrived, we looked for its names in a wrong place."""
        for chunks in self.runtimes:
            urls = {url for url in chunks.urls(()) if self.own(url)}
            if urls and not urls & self.arrived:
                self.miss(chunks.url, "opaque")

    def done(self, settled: frozenset[tuple[str, str]]) -> FrontScan:
        scan = Scan(
            tuple(self.leaks.values()),
            tuple(dict.fromkeys(reason for _, reason in self.unread)),
            self.files,
            self.bytes,
            settled=settled,
        )
        return FrontScan(scan, tuple(self.maps), tuple(self.unread), len(self.elsewhere))


def _look(
    reply: Response, url: str, role: Role, anchor: str, engine: Engine, fingerprints: Fingerprints
) -> _Looked:
    """Look through one file. `anchor` is the address from which names of chunks count."""
    found = unpacked(reply, limits.SCRIPT)
    if found is None:
        return _Looked(0, readable=False)
    data, whole = found
    is_map = role in ("map", "guess") and is_source_map(data)
    expected = whole and (role == "map" or (role == "guess" and not _script(url)))
    if (expected and not is_map) or (role != "page" and data.lstrip()[:1] == b"<"):
        return _Looked(len(data), counts=False)
    looked = _Looked(len(data), whole, shows_source=is_map)
    looked.leaks = served(url, data, engine, fingerprints)
    looked.whole = whole and len(looked.leaks) < LEAKS
    if not is_map:
        looked.links = front_files.loaded(anchor, data)
        looked.chunks = front_files.chunks(url, data)
        looked.called = front_files.called(data)
        looked.made_up = role != "page" and front_files.makes_names(data)
        looked.is_script = role in ("named", "loaded", "chunk")
    if looked.is_script:
        header = reply.header("sourcemap") or reply.header("x-sourcemap")
        named = front_files.map_of(url, data, header)
        if isinstance(named, bytes):
            looked.shows_source = is_source_map(named)
        else:
            looked.map = named
    return looked


def _script(url: str) -> bool:
    return url.partition("?")[0].endswith(".js")


def holds_a_secret(reply: Response) -> bool:
    """Whether one file of a site holds a value that is surely a secret. Nothing of it is kept.

    It takes a moment: call it in `Web.look`.
    """
    from launchready_tui.world.repository.fingerprints import Fingerprints
    from launchready_tui.world.repository.scanner import engine

    found = unpacked(reply, limits.BODY)
    if found is None:
        return False
    names = Fingerprints(b"for this look alone", lasting=False)
    return any(leak.blocks for leak in served(reply.url, found[0], engine(), names))
