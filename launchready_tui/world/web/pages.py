"""Pages, read as a polite visitor would: plain GETs, a few at a time, with firm limits.

`httpcore` does HTTP/1.1 here without httpx around it: we follow redirects, keep cookies and
choose addresses ourselves, and one connection a request tells which address answered. No other
module imports either.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Literal, TypeVar

import httpcore

from launchready_tui import __version__
from launchready_tui.rules.web.cookies import Jar, carry, cookie_header
from launchready_tui.rules.web.redirects import Chain, redirect_target
from launchready_tui.rules.web.urls import host_of, port_of, scheme_of, web_url
from launchready_tui.vocabulary.facts import Response, Unreachable
from launchready_tui.world import limits
from launchready_tui.world.asked import Asked
from launchready_tui.world.flight import Flight, close_all
from launchready_tui.world.pace import Pace, Rank, Urgency
from launchready_tui.world.route import Route, Routes
from launchready_tui.world.web.robots import Robots

USER_AGENT = (
    f"LaunchReady/{__version__} (+https://launchready.example/bot; run by the site's owner)"
)


T = TypeVar("T")
Take = Literal["whole", "start", "weight", "all", "head"]

PAGES = "text/html,application/xhtml+xml,*/*;q=0.8"  # what we accept, where nothing else is said
# As browsers ask: many hosts send each visitor the best format that he accepts.
IMAGES = "image/avif,image/webp,image/svg+xml,image/*,*/*;q=0.8"


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a web server, and how much of the answer is wanted."""

    url: str
    address: str
    cookies: str
    encodings: str
    accept: str
    take: Take


class Web:
    """Fetches addresses. Each is asked once in an audit: later callers share the response."""

    def __init__(
        self, routes: Routes, asked: Asked, now: datetime, pace: Pace, *, pace_loopback: bool
    ) -> None:
        self._routes = routes
        self._asked = asked
        self._now = now
        self.pace = pace
        self._pace_loopback = pace_loopback
        self._context = _reading_context()
        self._looks = asyncio.Semaphore(1)  # files take memory and time: one after another
        self._urgencies: dict[Request, Urgency] = {}  # of what callers share
        self._flight: Flight[Request, Response | Unreachable] = Flight()
        self._robots = Robots(self.get)

    async def get(
        self,
        url: str,
        address: str | None = None,
        cookies: str = "",
        encodings: str = "identity",  # nothing unpacks: few bytes never become gigabytes
        declared: bool = True,
        accept: str = PAGES,
        take: Take = "whole",
        fresh: bool = False,
    ) -> Response | Unreachable:
        """One GET; redirects are not followed and certificates are not judged (`tls` does that).

        `address` asks that public address and no other, even one that DNS does not give for the
        host (its origin's). `encodings` is the Accept-Encoding; a body that comes packed stays
        packed. `declared` is false for an address that the owner did not name: then the site's
        robots.txt is respected ("not-allowed"). At most 2 MB of the body are read (`truncated`
        then), none of a redirect's; of them, `take` keeps the whole or the first 4 KiB. "start"
        stops reading once the size is known or over 600 KiB, "weight" goes on to the end. "all"
        reads and keeps up to 10 MB, for this caller alone; "head" asks for the first 512 bytes.
        `fresh` sends a request of its own, whatever was answered before.

        A page goes before a file, a file before an address that nobody declared. Where several
        callers share a request, it goes as soon as the most urgent of them may.

        Every failure is an `Unreachable`; its reason is "no-address" when the host has no public
        address, else what went wrong.
        """
        target = web_url(url)
        if target is None:
            return Unreachable("garbled", f"not a web address: {url[:200]}")
        request = Request(target, address or "", cookies, encodings, accept, take)
        rank = {"whole": Rank.PAGE, "all": Rank.SCRIPT}.get(take, Rank.ASSET)
        if not declared:
            refusal = await self._robots.refusal(target)
            if refusal is not None:
                return refusal
            rank = max(rank, Rank.PROBE)
        if fresh or take == "all":  # the latter is too much to keep for the rest of the audit
            return await self._fetch(request, Urgency(rank))
        self._looks = asyncio.Semaphore(1)  # files take memory and time: one after another
        self._urgencies.setdefault(request, Urgency(rank)).rise(rank)
        return await self._flight.share(
            request, lambda: self._fetch(request, self._urgencies[request])
        )

    async def follow(self, url: str, limit: int = limits.REDIRECTS) -> Chain:
        """Walk from an address along its redirects, with the cookies that they set, to the end."""
        hops: tuple[Response, ...] = ()
        jar: Jar = {}
        seen = set()
        target = web_url(url) or url
        while True:
            cookies = cookie_header(jar, target)
            seen.add((target, cookies))
            reply = await self.get(target, cookies=cookies)
            if isinstance(reply, Unreachable):
                return Chain(hops, reply)
            onward = redirect_target(reply)
            if onward is None:
                return Chain(hops, reply)
            jar = carry(jar, reply, limits.COOKIES)
            if (onward, cookie_header(jar, onward)) in seen or len(hops) >= limit:
                return Chain(hops, reply, loop=True)
            hops, target = (*hops, reply), onward

    async def look(self, work: Callable[[], T]) -> T:
        """Look through what was fetched, in a thread; one look at a time, for all hosts."""
        async with self._looks:
            return await asyncio.to_thread(work)

    async def close(self) -> None:
        """End the requests under way."""
        await close_all(self._robots, self._flight)

    async def _fetch(self, request: Request, urgency: Urgency) -> Response | Unreachable:
        host, port, address = host_of(request.url), port_of(request.url), request.address
        routes = await self._routes.to(host, port)
        if isinstance(routes, Unreachable):
            return routes
        chosen = [route for route in routes if address in ("", route.address)]
        backend = Backend(chosen or [self._routes.beside_dns(address, port)])
        if not backend.places:
            return Unreachable("no-ipv6" if ":" in address else "no-address", address)
        paced = self._pace_loopback or not backend.on_loopback
        async with self.pace.turn(host, urgency, paced=paced):
            self._asked.http += 1
            self._asked.hosts[host] += 1
            try:
                async with asyncio.timeout(limits.RESPONSE):
                    return await self._exchange(request, backend)
            except TimeoutError:
                return Unreachable("timeout", host)
            except httpcore.TimeoutException:
                return Unreachable("timeout", host)
            except (httpcore.NetworkError, httpcore.ProtocolError) as error:
                return why(error, host)

    async def _exchange(self, request: Request, backend: Backend) -> Response | Unreachable:
        clock, url = asyncio.get_running_loop().time, request.url
        began = clock()
        origin = httpcore.URL(url).origin
        async with (
            httpcore.AsyncHTTPConnection(
                origin, ssl_context=self._context, network_backend=backend
            ) as connection,
            connection.stream(
                "GET",
                url,
                headers=_headers(request),
                extensions={"timeout": {"connect": limits.CONNECT}},
            ) as reply,
        ):
            fields = tuple((_text(key), _text(value)) for key, value in reply.headers)
            size = sum(len(key) + len(value) for key, value in reply.headers)
            if len(fields) > limits.HEADERS or size > limits.HEADER_BYTES:
                return Unreachable("too-large", host_of(url))
            body, size = b"", 0
            if not 300 <= reply.status < 400:
                stated = _stated_size(fields)
                body, size = await _read(reply.aiter_stream(), request.take, stated)
        return Response(
            url=url,
            status=reply.status,
            headers=fields,
            body=body,
            address=backend.address,
            at=self._now,
            truncated=size > len(body),
            seconds=clock() - began,
            size=size,
        )


def _headers(request: Request) -> list[tuple[str, str]]:
    fields = [
        ("Host", _authority(request.url)),
        ("User-Agent", USER_AGENT),
        ("Accept", request.accept),
        ("Accept-Language", "en"),
        ("Accept-Encoding", request.encodings),
        ("Connection", "close"),
    ]
    if request.take == "head":
        fields.append(("Range", f"bytes=0-{limits.HEAD - 1}"))
    return [*fields, ("Cookie", request.cookies)] if request.cookies else fields


class Backend(httpcore.AsyncNetworkBackend):
    """Connects one request by the first route that opens, and remembers its address."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self.places = tuple((one.address, one.place) for one in routes if one.place is not None)
        self.address = ""
        self.on_loopback = all(ip_address(place[0]).is_loopback for _, place in self.places)
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect by our own routes. Raises the first error when none of them opens."""
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address, place in self.places:
            try:
                stream = await self._inner.connect_tcp(*place, timeout=timeout)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = failure or error
            else:
                self.address = address
                return stream
        raise failure or httpcore.ConnectError("no address")


def _reading_context() -> ssl.SSLContext:
    """A TLS client that reads whatever is served, whoever signed it.

    Nothing secret is sent, and a page behind a bad certificate must still be readable: whether
    the certificate is right is for `tls.valid` to say, and is said there alone.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context


async def _read(parts: AsyncIterable[bytes], take: Take, stated: int | None) -> tuple[bytes, int]:
    """What is kept of a body, and its size; what follows a limit is never read."""
    wanted = {"whole": limits.BODY, "all": limits.SCRIPT, "head": limits.HEAD}
    keep = wanted.get(take, limits.START)
    most = max(keep, limits.BODY) if take != "head" else keep
    if take == "start":
        most = limits.WEIGHED if stated is None else limits.START
    body, size = bytearray(), 0
    async for part in parts:
        size += len(part)
        body += part[: keep - len(body)]
        if size > most:
            break
    return bytes(body), max(size, stated or 0)


def _stated_size(fields: Iterable[tuple[str, str]]) -> int | None:
    """The Content-Length; None where the server does not know it beforehand."""
    text = next((value for key, value in fields if key.lower() == "content-length"), "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


def why(error: Exception, host: str) -> Unreachable:
    """What a failed request means, from the error and those that caused it."""
    causes = tuple(_causes(error))
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return Unreachable("refused", host)
    unsafe = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    if unsafe is not None and not isinstance(unsafe, ssl.SSLEOFError):
        return Unreachable("garbled", f"{host}: TLS, {unsafe.reason or 'no handshake'}")
    if isinstance(error, httpcore.RemoteProtocolError):
        text = str(error)
        if "without sending a response" in text:
            return Unreachable("reset", host)
        return Unreachable("too-large" if "too long" in text else "garbled", host)
    if isinstance(error, httpcore.ConnectError) and not any(
        isinstance(cause, ConnectionResetError | EOFError | ssl.SSLEOFError) for cause in causes
    ):
        broken = next((cause for cause in causes if isinstance(cause, OSError)), None)
        return Unreachable("unreachable", f"{host}: {broken.strerror if broken else error}")
    return Unreachable("reset", host)


def _causes(error: BaseException | None) -> Iterable[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _authority(url: str) -> str:
    host, port = host_of(url), port_of(url)
    place = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}[scheme_of(url)]
    return place if port == usual else f"{place}:{port}"


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
