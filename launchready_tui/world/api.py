"""JSON from public services (RDAP, Cloudflare), asked with httpx over our own routes.

Unlike pages, an answer counts only over a connection whose certificate is right: a token may go
along, and what comes back is believed.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

import httpcore
import httpx

from launchready_tui.rules.web.urls import host_of, port_of, web_url
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world import limits
from launchready_tui.world.asked import Asked
from launchready_tui.world.flight import Flight
from launchready_tui.world.pace import Pace
from launchready_tui.world.route import Routes
from launchready_tui.world.tls.handshakes import Tls
from launchready_tui.world.web.pages import USER_AGENT, Backend, why


@dataclass(frozen=True, slots=True)
class Json:
    """One answer. `value` is what the body holds; None when it is no JSON (an error page, say).

    A stranger wrote it: nothing in it has the shape that the documentation promises until looked
    at, and its texts are raw. `retry_after` is that header's text, empty when there is none.
    """

    url: str
    status: int
    value: object
    at: datetime
    retry_after: str = ""


class Api:
    """Asks APIs. Each address is asked once in an audit with one token."""

    def __init__(self, routes: Routes, tls: Tls, asked: Asked, now: datetime, pace: Pace) -> None:
        self._routes = routes
        self._tls = tls
        self._asked = asked
        self._now = now
        self._pace = pace
        self._flight: Flight[tuple[str, str], Json | Unreachable] = Flight()

    async def get(self, url: str, token: str = "") -> Json | Unreachable:
        """One GET for JSON over https; `token` goes along as a bearer token (RFC 6750 2.1).

        Up to three redirects are followed, with a token only on the same host. At most 2 MB are
        read. Every failure is an `Unreachable`, "untrusted" when the certificate is not right.
        """
        return await self._flight.share((url, token), lambda: self._follow(url, token))

    async def close(self) -> None:
        """End the questions under way."""
        await self._flight.close()

    async def _follow(self, url: str, token: str) -> Json | Unreachable:
        start = host_of(url)
        for _ in range(limits.API_REDIRECTS + 1):
            reply = await self._one(url, token if host_of(url) == start else "")
            if not isinstance(reply, str):
                return reply
            url = reply
        return Unreachable("garbled", f"{start}: too many redirects")

    async def _one(self, url: str, token: str) -> Json | str | Unreachable:
        """An answer, or the address that it leads on to."""
        if not url.startswith("https://"):
            return Unreachable("untrusted", f"not https: {url[:200]}")
        host, port = host_of(url), port_of(url)
        routes, judge = await asyncio.gather(self._routes.to(host, port), self._tls.judge())
        if isinstance(routes, Unreachable):
            return routes
        headers = {"User-Agent": USER_AGENT, "Accept": _ACCEPT, "Accept-Encoding": "identity"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        backend = Backend(routes)
        transport = _Transport(backend, judge)
        async with self._pace.turn(host, paced=not backend.on_loopback):
            self._asked.http += 1
            self._asked.hosts[host] += 1
            return await self._exchange(url, headers, transport)

    async def _exchange(
        self, url: str, headers: dict[str, str], transport: _Transport
    ) -> Json | str | Unreachable:
        host = host_of(url)
        try:
            async with (
                asyncio.timeout(limits.RESPONSE),
                httpx.AsyncClient(transport=transport, trust_env=False) as client,
                client.stream("GET", url, headers=headers) as reply,
            ):
                onward = reply.headers.get("location") if reply.is_redirect else None
                if onward:
                    return web_url(onward, url) or ""
                body = b""
                async for part in reply.aiter_raw():
                    body += part
                    if len(body) > limits.BODY:
                        return Unreachable("too-large", host)
        except (TimeoutError, httpcore.TimeoutException):
            return Unreachable("timeout", host)
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            if _untrusted(error):
                return Unreachable("untrusted", host)
            return why(error, host)
        retry = reply.headers.get("retry-after", "")
        return Json(url, reply.status_code, _parsed(body), self._now, retry[:100])


_ACCEPT = "application/rdap+json, application/json"


class _Transport(httpx.AsyncBaseTransport):
    """httpx over one httpcore pool that connects by our routes."""

    def __init__(self, backend: Backend, context: ssl.SSLContext) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context, network_backend=backend, max_connections=1
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        reply = await self._pool.handle_async_request(
            httpcore.Request(
                request.method,
                httpcore.URL(str(request.url)),
                headers=request.headers.raw,
                extensions={"timeout": {"connect": limits.CONNECT}},
            )
        )
        return httpx.Response(reply.status, headers=reply.headers, stream=_Stream(reply))

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, reply: httpcore.Response) -> None:
        self._reply = reply

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._reply.aiter_stream()

    async def aclose(self) -> None:
        await self._reply.aclose()


def _untrusted(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
