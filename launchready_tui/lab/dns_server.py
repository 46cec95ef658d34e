"""Answers DNS questions about a scenario, over UDP and TCP on one port of 127.0.0.1.

Asked with RD it behaves as a resolver does and chases CNAMEs through every zone; asked without
it, it is the authoritative server of whichever zone holds the name (AA set).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from typing import cast

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from launchready_tui.lab.connections import Connections
from launchready_tui.lab.scenario import Scenario, Trouble, Zone

MAX_CHAIN = 8
PLAIN_UDP = 512  # RFC 1035 2.3.4: what fits without EDNS
IDLE = 10.0
PORT_TRIES = 20

Peer = tuple[str, int]
Names = dict[dns.name.Name, dict[dns.rdatatype.RdataType, dns.rrset.RRset]]


class _ZoneData:
    """One zone, indexed; answers the three kinds of "no" as RFC 2308 has them."""

    def __init__(self, zone: Zone) -> None:
        self.apex = dns.name.from_text(f"{zone.name}.")
        self.names: Names = {}
        for record in zone.records:
            owner = dns.name.from_text(f"{record.name}.")
            one = dns.rrset.from_text(owner, record.ttl, "IN", record.type, record.text)
            kinds = self.names.setdefault(owner, {})
            for data in one:
                kinds.setdefault(one.rdtype, one).add(data, record.ttl)
        self.inner = {
            parent for name in self.names for parent in _above(name) if parent not in self.names
        }
        self.soa = self.names[self.apex][dns.rdatatype.SOA]

    def kinds(self, name: dns.name.Name) -> dict[dns.rdatatype.RdataType, dns.rrset.RRset] | None:
        """The record sets at a name, or of a wildcard above it (RFC 4592); None: no such name."""
        if name in self.names:
            return self.names[name]
        if name in self.inner:
            return {}
        for parent in _above(name):
            if parent in self.names or parent in self.inner:
                wild = self.names.get(dns.name.Name((b"*", *parent.labels)))
                return wild and {
                    kind: dns.rrset.from_rdata_list(name, found.ttl, list(found))
                    for kind, found in wild.items()
                }
        return None


def _above(name: dns.name.Name) -> Iterator[dns.name.Name]:
    while name.labels and name != dns.name.root:
        name = name.parent()
        yield name


class Answers:
    """A scenario's zones, ready to be asked."""

    def __init__(self, scenario: Scenario) -> None:
        zones = (_ZoneData(zone) for zone in scenario.zones)
        self._zones = {zone.apex: zone for zone in zones}
        self._troubles = scenario.troubles

    def reply(self, query: dns.message.Message) -> dns.message.Message | None:
        """The answer to a query, or None where the scenario has the server stay silent."""
        response = dns.message.make_response(query, our_payload=1232)
        if len(query.question) != 1:
            response.set_rcode(dns.rcode.FORMERR)
            return response
        resolves = bool(query.flags & dns.flags.RD)
        response.flags |= dns.flags.RA if resolves else dns.flags.AA
        name, kind = query.question[0].name, query.question[0].rdtype
        start = self._zone(name)
        for _ in range(MAX_CHAIN):
            trouble = self._trouble(name)
            if trouble is not None:
                return _troubled(query, trouble)
            zone = self._zone(name)
            if zone is None:
                if not response.answer:
                    response.flags &= ~dns.flags.AA
                    response.set_rcode(dns.rcode.REFUSED)
                return response
            if zone is not start and not resolves:
                return response
            kinds = zone.kinds(name)
            if kinds is None:
                response.set_rcode(dns.rcode.NXDOMAIN)
                response.authority.append(zone.soa)
                return response
            if kind in kinds:
                response.answer.append(kinds[kind])
                return response
            alias = kinds.get(dns.rdatatype.CNAME)
            if alias is None:
                response.authority.append(zone.soa)
                return response
            response.answer.append(alias)
            name = alias[0].target
        return _refusal(query, dns.rcode.SERVFAIL)

    def _zone(self, name: dns.name.Name) -> _ZoneData | None:
        for parent in (name, *_above(name)):
            if parent in self._zones:
                return self._zones[parent]
        return None

    def _trouble(self, name: dns.name.Name) -> Trouble | None:
        text = name.to_text(omit_final_dot=True).lower()
        return next((one for one in self._troubles if one.covers(text)), None)


def _refusal(query: dns.message.Message, rcode: dns.rcode.Rcode) -> dns.message.Message:
    response = dns.message.make_response(query, our_payload=1232)
    response.set_rcode(rcode)
    return response


def _troubled(query: dns.message.Message, trouble: Trouble) -> dns.message.Message | None:
    if trouble.kind == "timeout":
        return None
    return _refusal(query, dns.rcode.SERVFAIL if trouble.kind == "servfail" else dns.rcode.REFUSED)


class DnsServer:
    """The lab's name server. `delay` is added to every answer, in seconds."""

    def __init__(self, scenario: Scenario, delay: float = 0.0) -> None:
        self._delay = delay
        self._answers = Answers(scenario)
        self._transport: asyncio.DatagramTransport | None = None
        self._server: asyncio.Server | None = None
        self._connections = Connections()
        self.port = 0

    def play(self, scenario: Scenario) -> None:
        self._answers = Answers(scenario)

    async def start(self) -> None:
        """Listen on one free port, UDP and TCP; OSError when no port is free for both."""
        loop = asyncio.get_running_loop()
        for attempt in range(PORT_TRIES):
            transport, _ = await loop.create_datagram_endpoint(
                lambda: _Datagrams(self), local_addr=("127.0.0.1", 0)
            )
            port = transport.get_extra_info("sockname")[1]
            try:
                self._server = await asyncio.start_server(self._stream, "127.0.0.1", port)
            except OSError:
                transport.close()
                if attempt == PORT_TRIES - 1:
                    raise
                continue
            self._transport, self.port = transport, port
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
        with self._connections.held(writer), suppress(*gone):
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
