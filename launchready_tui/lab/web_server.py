"""Serves sites over https and http on two ports of 127.0.0.1 (HTTP/1.1, h11).

Which certificate is shown follows the name in the handshake (SNI), which page the Host header,
the path, and whether the test account's cookie came along.
"""

from __future__ import annotations

import asyncio
import gzip
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache, partial

import h11

from launchready_tui.lab.authority import Authority
from launchready_tui.lab.connections import Connections
from launchready_tui.lab.scenario import (
    MODERN,
    NOT_FOUND,
    SESSION,
    Certificate,
    Dated,
    Made,
    Reply,
    Site,
    TlsVersion,
)

IDLE = 15.0
READ = 65536
BAD_REQUEST = Reply(400, (("Content-Type", "text/plain"),), b"What host do you mean?\n")


class WebServer:
    """One of the lab's web servers. `secure` and `plain` are the ports once started."""

    def __init__(
        self,
        sites: Iterable[Site],
        authority: Authority,
        versions: tuple[TlsVersion, ...] = MODERN,
    ) -> None:
        self._authority = authority
        self._front = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._front.sni_callback = self._choose
        self._stored: dict[tuple[str, str], Reply] = {}
        self._contexts: dict[Certificate, ssl.SSLContext] = {}
        self._servers: list[asyncio.Server] = []
        self._connections = Connections()
        self._sites: Mapping[str, Site] = {}
        self.secure = self.plain = 0
        self.play(sites, versions)

    def play(self, sites: Iterable[Site], versions: tuple[TlsVersion, ...] = MODERN) -> None:
        self._sites = {site.host: site for site in sites}
        self._stored.clear()
        self._versions = versions
        for context in (self._front, *self._contexts.values()):
            speak(context, versions)

    async def start(self) -> None:
        self.secure = await self._listen(True, self._front)
        self.plain = await self._listen(False, None)

    async def stop(self) -> None:
        for server in self._servers:
            server.close()
        await self._connections.end()

    async def _listen(self, secure: bool, context: ssl.SSLContext | None) -> int:
        server = await asyncio.start_server(
            partial(self._connection, secure), "127.0.0.1", 0, ssl=context
        )
        self._servers.append(server)
        port: int = server.sockets[0].getsockname()[1]
        return port

    def _choose(
        self, connection: ssl.SSLObject | ssl.SSLSocket, name: str | None, _: ssl.SSLContext
    ) -> ssl.AlertDescription | None:
        site = self._sites.get((name or "").lower())
        if site is None or site.certificate is None:
            return ssl.AlertDescription.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        context = self._contexts.get(site.certificate)
        if context is None:
            context = self._authority.context(site.certificate)
            speak(context, self._versions)
            self._contexts[site.certificate] = context
        connection.context = context
        return None

    async def _connection(
        self, secure: bool, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with self._connections.counted(writer):
            try:
                await self._serve(secure, reader, writer)
            except (OSError, TimeoutError, h11.RemoteProtocolError):
                writer.transport.abort()  # the visitor left, fell silent, or spoke no HTTP

    async def _serve(
        self, secure: bool, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        connection = h11.Connection(h11.SERVER)
        while True:
            request = await self._request(connection, reader)
            if request is None:
                return
            reply = self._reply(request, secure)
            await asyncio.sleep(reply.delay)
            writer.write(_response(connection, request, reply))
            await writer.drain()
            if connection.our_state is not h11.DONE or connection.their_state is not h11.DONE:
                return
            connection.start_next_cycle()

    async def _request(
        self, connection: h11.Connection, reader: asyncio.StreamReader
    ) -> h11.Request | None:
        request = None
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                async with asyncio.timeout(IDLE):
                    connection.receive_data(await reader.read(READ))
            elif isinstance(event, h11.Request):
                request = event
            elif isinstance(event, h11.EndOfMessage):
                return request
            elif not isinstance(event, h11.Data):
                return None

    def _reply(self, request: h11.Request, secure: bool) -> Reply:
        fields = {key: value.decode("latin-1") for key, value in request.headers}
        host = fields.get(b"host", "").lower().partition(":")[0]
        uri = request.target.decode("ascii", "replace")
        if not host:
            return BAD_REQUEST
        site = self._sites.get(host)
        if site is None:
            return NOT_FOUND
        key = (host, uri)
        if site.stores and secure and key in self._stored:
            return self._stored[key].with_headers(("cf-cache-status", "HIT"), ("Age", "1"))
        reply = self._made(site.reply(uri.partition("?")[0], secure), uri, fields)
        if site.stores and secure and reply.status == 200:
            self._stored[key] = reply
            return reply.with_headers(("cf-cache-status", "MISS"))
        return reply

    def _made(self, reply: Reply, uri: str, fields: Mapping[bytes, str]) -> Reply:
        """The answer to this visitor, with its body at hand."""
        if reply.signed_in is not None and "=".join(SESSION) in fields.get(b"cookie", ""):
            reply = reply.signed_in
        headers = tuple((key, value.replace("{uri}", uri)) for key, value in reply.headers)
        body = self._body(reply)
        if reply.packed and "gzip" in fields.get(b"accept-encoding", ""):
            body = _packed(body)
            headers = (*headers, ("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding"))
        return replace(reply, headers=headers, body=body)

    def _body(self, reply: Reply) -> bytes:
        match reply.body:
            case Made.ISSUER:
                return self._authority.intermediate
            case Dated():
                return reply.body.at(self._authority.now)
        return reply.body


@cache
def _packed(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


def speak(context: ssl.SSLContext, versions: tuple[TlsVersion, ...]) -> None:
    """Let a server's context offer these TLS versions and no others."""
    numbers = {
        "1.0": ssl.TLSVersion.TLSv1,
        "1.1": ssl.TLSVersion.TLSv1_1,
        "1.2": ssl.TLSVersion.TLSv1_2,
        "1.3": ssl.TLSVersion.TLSv1_3,
    }
    # Before 1.2 only SHA-1 signs the handshake, which OpenSSL allows at level 0 alone.
    context.set_ciphers("DEFAULT" if versions[0] in MODERN else "ALL:@SECLEVEL=0")
    context.minimum_version = numbers[versions[0]]
    context.maximum_version = numbers[versions[-1]]


def _response(connection: h11.Connection, request: h11.Request, reply: Reply) -> bytes:
    assert isinstance(reply.body, bytes)
    length = ("Content-Length", str(len(reply.body)))
    head = h11.Response(
        status_code=reply.status,
        headers=[(key.encode(), value.encode()) for key, value in (*reply.headers, length)],
        reason=b"",
    )
    sent = connection.send(head) or b""
    if request.method != b"HEAD":
        sent += connection.send(h11.Data(data=reply.body)) or b""
    return sent + (connection.send(h11.EndOfMessage()) or b"")
