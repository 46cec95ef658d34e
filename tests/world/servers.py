"""Real servers on loopback for the world's tests: a name server, and raw TCP and TLS servers.

They answer real sockets with real packets, and each can misbehave in one chosen way.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import cast

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
import dns.zone

from tests.ports import free_port

LOOPBACK = "127.0.0.1"


@dataclass
class NameServer(asyncio.DatagramProtocol):
    """Answers from one zone file, over UDP and TCP. `asked` counts (name, type).

    `silent`, `servfail` and `refused` are names ("" for every name); `mute_once` drops the first
    packet about a name; `truncate` answers with TC over UDP. A name below a delegation in the
    zone gets a referral.
    """

    origin: str
    text: str
    silent: frozenset[str] = frozenset()
    servfail: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    mute_once: set[str] = field(default_factory=set)
    truncate: frozenset[str] = frozenset()
    garbage: bytes | None = None
    authoritative: bool = True
    soa: bool = True
    knows_edns: bool = True
    port: int = 0
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    over_tcp: int = 0
    recursion_desired: list[bool] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.zone = dns.zone.from_text(self.text, origin=f"{self.origin}.", relativize=False)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)  # no subclass of it in 3.11

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = self.answer(data, udp=True)
        if answer is not None:
            self.transport.sendto(answer, addr)

    async def stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            size = int.from_bytes(await reader.readexactly(2), "big")
            answer = self.answer(await reader.readexactly(size), udp=False)
            if answer is not None:
                self.over_tcp += 1
                writer.write(len(answer).to_bytes(2, "big") + answer)
                await writer.drain()
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()

    def answer(self, data: bytes, *, udp: bool) -> bytes | None:
        query = dns.message.from_wire(data)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        if udp:
            self.asked[name, dns.rdatatype.to_text(question.rdtype)] += 1
            self.recursion_desired.append(bool(query.flags & dns.flags.RD))
        if self.silent & {name, ""}:
            return None
        if name in self.mute_once:
            self.mute_once.remove(name)
            return None
        if self.garbage is not None:
            return data[:2] + self.garbage
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        if query.edns >= 0 and not self.knows_edns:
            reply.use_edns(False)
            reply.set_rcode(dns.rcode.FORMERR)
            return reply.to_wire()
        if self.servfail & {name, ""}:
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif self.refused & {name, ""}:
            reply.set_rcode(dns.rcode.REFUSED)
        elif udp and name in self.truncate:
            reply.flags |= dns.flags.TC
        else:
            self.fill(reply, question.name, question.rdtype)
        return reply.to_wire()

    def fill(
        self, reply: dns.message.Message, name: dns.name.Name, rtype: dns.rdatatype.RdataType
    ) -> None:
        origin = self.zone.origin
        assert origin is not None
        if not name.is_subdomain(origin):
            reply.set_rcode(dns.rcode.REFUSED)
            return
        if self.authoritative:
            reply.flags |= dns.flags.AA
        cut = self.cut_above(name)
        if cut is not None:
            reply.flags &= ~dns.flags.AA
            below = self.zone.get_rrset(cut, "NS")
            assert below is not None
            reply.authority.append(below)
            return
        for _ in range(20):
            found = self.zone.get_rrset(name, rtype)
            alias = self.zone.get_rrset(name, "CNAME")
            if found is not None or alias is None:
                break
            reply.answer.append(alias)
            name = alias[0].target
        if found is not None:
            reply.answer.append(found)
            return
        if not name.is_subdomain(origin):
            return
        if not any(each.is_subdomain(name) for each in self.zone):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        if self.soa:
            top = self.zone.get_rrset(origin, "SOA")
            assert top is not None
            reply.authority.append(top)

    def cut_above(self, name: dns.name.Name) -> dns.name.Name | None:
        while name != self.zone.origin:
            if self.zone.get_rrset(name, "NS") is not None:
                return name
            name = name.parent()
        return None


@asynccontextmanager
async def serving(*servers: NameServer) -> AsyncIterator[None]:
    """Start name servers on ports of their own (UDP and TCP alike)."""
    loop = asyncio.get_running_loop()
    open_things: list[asyncio.DatagramTransport | asyncio.Server] = []
    try:
        for server in servers:
            server.port = free_port()
            open_things.append(await asyncio.start_server(server.stream, LOOPBACK, server.port))
            transport, _ = await loop.create_datagram_endpoint(
                partial(_same, server), local_addr=(LOOPBACK, server.port)
            )
            open_things.append(transport)
        yield
    finally:
        for each in open_things:
            each.close()


def _same(server: NameServer) -> NameServer:
    return server


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def talking(talk: Talk, context: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A TCP (or TLS) server that says what `talk` says; yields its port."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(serve, LOOPBACK, 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def pages(*answers: bytes) -> Talk:
    """Says these raw answers in turn, one a connection, the last one for ever after."""
    left = list(answers)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(left.pop(0) if len(left) > 1 else left[0])
        await writer.drain()
        writer.close()

    return talk
