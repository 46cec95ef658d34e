"""Answers DNS questions about a scenario, over UDP and TCP, on ports of 127.0.0.1.

Each address of a name server plays its own part on a port of its own: it serves the zones that
name it, refers to those below, and refuses the rest. One more port is the resolver. Asked there
without RD, it stands in for the name servers of a scenario that came later (`Lab.play`).
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Protocol, cast

import dns.exception
import dns.flags
import dns.message

from launchready_tui.lab.authoritative import Authoritative
from launchready_tui.lab.connections import Connections
from launchready_tui.lab.recursive import Recursive
from launchready_tui.lab.scenario import Scenario

PLAIN_UDP = 512  # RFC 1035 2.3.4: what fits without EDNS
IDLE = 10.0
PORT_TRIES = 20

Peer = tuple[str, int]


class Answers(Protocol):
    """Who answers at a port: a resolver, the servers of some zones, or nobody (None)."""

    def reply(self, query: dns.message.Message) -> dns.message.Message | None: ...


class Resolving:
    """A scenario seen from its resolver; without RD, from the servers of all its zones."""

    def __init__(self, scenario: Scenario) -> None:
        self._recursive = Recursive(scenario)
        self._rest = Authoritative(scenario.zones, scenario.troubles, delegates=False)

    def reply(self, query: dns.message.Message) -> dns.message.Message | None:
        asked = self._recursive if query.flags & dns.flags.RD else self._rest
        return asked.reply(query)


class Silent:
    """A server that never answers."""

    def reply(self, query: dns.message.Message) -> dns.message.Message | None:
        return None


class DnsServer:
    """One port. `delay` is added to every answer, in seconds."""

    def __init__(self, answers: Answers, delay: float = 0.0) -> None:
        self._delay = delay
        self._answers = answers
        self._transport: asyncio.DatagramTransport | None = None
        self._server: asyncio.Server | None = None
        self._connections = Connections()
        self.port = 0

    def play(self, answers: Answers) -> None:
        """Answer from now on as somebody else."""
        self._answers = answers

    async def start(self) -> None:
        """Listen on one free port, UDP and TCP; OSError when no port is free for both."""
        loop = asyncio.get_running_loop()
        for attempt in range(PORT_TRIES):
            transport, _ = await loop.create_datagram_endpoint(
                lambda: _Datagrams(self), local_addr=("127.0.0.1", 0)
            )
            self._transport, port = transport, transport.get_extra_info("sockname")[1]
            try:
                self._server = await asyncio.start_server(self._stream, "127.0.0.1", port)
            except OSError:
                transport.close()
                if attempt == PORT_TRIES - 1:
                    raise
                continue
            self.port = port
            return

    async def stop(self) -> None:
        if self._transport:
            self._transport.close()
        if self._server:
            self._server.close()
        await self._connections.end()

    def answer(self, wire: bytes, over_udp: bool) -> bytes | None:
        """Wire format in, wire format out; None for silence and for what is no query."""
        try:
            query = dns.message.from_wire(wire)
        except dns.exception.DNSException:
            return None
        if query.flags & dns.flags.QR:
            return None
        response = self._answers.reply(query)
        if response is None:
            return None
        size = max(query.payload if query.edns >= 0 else 0, PLAIN_UDP) if over_udp else 65535
        try:
            return response.to_wire(max_size=size)
        except dns.exception.TooBig:
            short = dns.message.make_response(query, our_payload=1232)
            short.flags |= response.flags | dns.flags.TC
            return short.to_wire()

    def later(self, transport: asyncio.DatagramTransport, wire: bytes, peer: Peer) -> None:
        """Send an answer after the lab's delay."""
        loop = asyncio.get_running_loop()
        loop.call_later(self._delay, _send, transport, wire, peer)

    async def _stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        gone = (OSError, asyncio.IncompleteReadError, TimeoutError)
        with self._connections.counted(writer), suppress(*gone):
            await asyncio.sleep(self._delay)  # the round trip of the connect
            while True:
                async with asyncio.timeout(IDLE):
                    length = int.from_bytes(await reader.readexactly(2), "big")
                    wire = await reader.readexactly(length)
                answer = self.answer(wire, over_udp=False)
                if answer is None:
                    continue
                await asyncio.sleep(self._delay)
                writer.write(len(answer).to_bytes(2, "big") + answer)
                await writer.drain()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: DnsServer) -> None:
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)  # no subclass before 3.12

    def datagram_received(self, data: bytes, addr: Peer) -> None:
        answer = self._server.answer(data, over_udp=True)
        if answer is not None:
            self._server.later(self._transport, answer, addr)


def _send(transport: asyncio.DatagramTransport, wire: bytes, peer: Peer) -> None:
    if not transport.is_closing():
        transport.sendto(wire, peer)
