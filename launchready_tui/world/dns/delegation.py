"""The facts about a delegation: the referral of the zone above, and each server asked directly.

Four round trips where both sets agree: the zone above, the addresses of its servers, the
referral, the zone's own servers. What the resolver knows of these is asked meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from launchready_tui.rules.dns.delegation import Delegation, NoCut, Server, State
from launchready_tui.vocabulary.facts import Answer, Unreachable
from launchready_tui.world import limits
from launchready_tui.world.dns.exchange import failure, plain
from launchready_tui.world.options import Place

if TYPE_CHECKING:
    from dns.message import QueryMessage
    from dns.rrset import RRset

    from launchready_tui.world.dns.resolver import Resolver


@dataclass(frozen=True, slots=True)
class Seat:
    """One address of a name server, and the place to ask it at; None when there is none.

    `unknown` is why nobody told us its address, where that is so.
    """

    name: str
    address: str
    place: Place | None
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class Delegated:
    """What the zone above (`above`) says: the names of the zone's servers, and where they are."""

    above: str
    names: frozenset[str]
    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class _Referral:
    """One answer of a server above: the names of the servers below, with their addresses."""

    names: frozenset[str]
    glue: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


async def find(resolver: Resolver, zone: str) -> Delegation | NoCut | Unreachable:
    """Ask every server that either side names."""
    said = await resolver.delegated(zone)
    if not isinstance(said, Delegated):
        return said
    servers = await _ask_all(resolver, zone, said.seats)
    own = frozenset().union(*(server.names for server in servers))
    if more := sorted(own - said.names):
        seats = await _seats(resolver, more[: limits.NAME_SERVERS], {})
        servers += await _ask_all(resolver, zone, seats)
    if not servers:
        return Unreachable("no-ipv6", f"the name servers of {zone}")
    return Delegation(zone, said.above, said.names, servers)


async def delegated(resolver: Resolver, zone: str) -> Delegated | NoCut | Unreachable:
    """Ask the zone above for its referral: three round trips, with all addresses found."""
    (above, said), _ = await asyncio.gather(_from_above(resolver, zone), _prepare(resolver, zone))
    if not isinstance(said, _Referral):
        return said
    return Delegated(above, said.names, await _seats(resolver, sorted(said.names), said.glue))


def some_of(seats: Iterable[Seat], count: int) -> list[Seat]:
    """One address each of so many servers: all of them should hold the same."""
    usable = {seat.name: seat for seat in reversed(tuple(seats)) if seat.place is not None}
    return [usable[name] for name in sorted(usable)][:count]


async def _prepare(resolver: Resolver, zone: str) -> None:
    """Have the resolver look up the addresses of the zone's servers while we ask above."""
    reply = await resolver.ask(zone, "NS")
    if isinstance(reply, Answer) and not reply.chain:
        names = [each.rstrip(".") for each in reply.records[: limits.NAME_SERVERS]]
        await asyncio.gather(*(resolver.addresses(name) for name in names))


async def _from_above(resolver: Resolver, zone: str) -> tuple[str, _Referral | NoCut | Unreachable]:
    """The zone above, and what its servers say of this one: the first usable answer."""
    labels = zone.split(".")
    names = [".".join(labels[cut:]) or "." for cut in range(1, len(labels) + 1)]
    replies = await asyncio.gather(*(resolver.ask(name, "NS") for name in names))
    for above, reply in zip(names, replies, strict=True):
        if isinstance(reply, Unreachable):
            return above, reply
        if isinstance(reply, Answer) and not reply.chain:
            break
    else:
        return "", Unreachable("garbled", f"no zone above {zone}")
    servers = [each.rstrip(".") for each in reply.records[: limits.NAME_SERVERS]]
    seats = await _seats(resolver, servers, {})
    places = [seat.place for seat in seats if seat.place is not None][: limits.PARENT_SERVERS]
    messages = await asyncio.gather(
        *(resolver.message(place, zone, "NS", recurse=False) for place in places)
    )
    said = [_read_referral(message, zone, above) for message in messages]
    nothing = Unreachable("unreachable", f"the name servers of {above}")
    usable = (each for each in said if not isinstance(each, Unreachable))
    return above, next(usable, said[0] if said else nothing)


def _read_referral(
    message: QueryMessage | Unreachable, zone: str, above: str
) -> _Referral | NoCut | Unreachable:
    """What one server of the zone above says of this zone.

    A server that serves both zones answers with authority, and shows its copy of the zone's own
    NS records. An answer without authority is not one of these servers': something on the way
    (a home router, a hotel's network) speaks in their place, so it proves nothing.
    """
    import dns.flags
    import dns.rcode
    import dns.rdatatype

    if isinstance(message, Unreachable):
        return message
    broken = failure(message, above)
    if broken is not None:
        return broken
    authoritative = bool(message.flags & dns.flags.AA)
    if message.rcode() == dns.rcode.NXDOMAIN and authoritative:
        return NoCut(zone, above, exists=False)
    section = message.answer if authoritative else message.authority
    servers = record_set(section, zone, dns.rdatatype.NS)
    if servers is None or (message.answer and not authoritative):
        if authoritative:
            return NoCut(zone, above, exists=True)
        return Unreachable("garbled", f"another server answers in the place of those of {above}")
    names = sorted(plain(each.target) for each in servers)[: limits.NAME_SERVERS]
    # Only the addresses below the zone above are its own to give (RFC 9471).
    mine = [name for name in names if above == "." or name.endswith(f".{above}")]
    return _Referral(frozenset(names), {name: _glue(message, name) for name in mine})


def _glue(message: QueryMessage, name: str) -> tuple[str, ...]:
    import dns.rdatatype

    sets = (
        record_set(message.additional, name, kind) for kind in (dns.rdatatype.A, dns.rdatatype.AAAA)
    )
    return tuple(data.to_text() for found in sets if found is not None for data in found)


async def _ask_all(resolver: Resolver, zone: str, seats: tuple[Seat, ...]) -> tuple[Server, ...]:
    return tuple(await asyncio.gather(*(_ask(resolver, zone, seat) for seat in seats)))


async def _seats(
    resolver: Resolver, names: Collection[str], glue: Mapping[str, tuple[str, ...]]
) -> tuple[Seat, ...]:
    """Where these servers can be asked. One without any address has a seat without a place."""

    async def addresses(name: str) -> tuple[str, ...] | Unreachable:
        return glue.get(name) or await resolver.addresses(name)

    ranked: list[tuple[int, Seat]] = []
    for name, told in zip(names, await asyncio.gather(*map(addresses, names)), strict=True):
        if isinstance(told, Unreachable) and told.reason != "no-address":
            ranked.append((0, Seat(name, "", None, told.reason)))
            continue
        found = () if isinstance(told, Unreachable) else told
        ways = resolver.ways(name, found)
        ranked += [(rank, Seat(name, *way)) for rank, way in enumerate(ways)]
        if not ways and not any(":" in address for address in found):
            ranked.append((0, Seat(name, "", None)))  # no address, or none that anybody can reach
    # The first address of each name before the second of any: no server is left out.
    ranked.sort(key=lambda each: each[0])
    return tuple(seat for _, seat in ranked[: limits.SERVER_ADDRESSES])


async def _ask(resolver: Resolver, zone: str, seat: Seat) -> Server:
    """One server's answers for the SOA and the NS records of the zone."""
    import dns.flags
    import dns.rdatatype

    name, address, place = seat.name, seat.address, seat.place
    if seat.unknown:
        return Server(name, "", "unasked", seat.unknown)
    if place is None:
        return Server(name, "", "silent", "no-address")
    soa, ns = await asyncio.gather(
        resolver.message(place, zone, "SOA", recurse=False),
        resolver.message(place, zone, "NS", recurse=False),
    )
    if isinstance(soa, Unreachable):
        return Server(name, address, "silent", soa.reason)
    broken = failure(soa, name)
    if broken is not None:
        state: State = "silent" if broken.reason == "garbled" else "lame"
        return Server(name, address, state, broken.reason)
    found = record_set(soa.answer, zone, dns.rdatatype.SOA)
    alias = record_set(
        soa.answer, zone, dns.rdatatype.CNAME
    )  # RFC 1034 3.6.2 forbids it, yet it is seen
    if not soa.flags & dns.flags.AA or not (found or alias):
        return Server(name, address, "lame", "no-authority")
    own = None if isinstance(ns, Unreachable) else record_set(ns.answer, zone, dns.rdatatype.NS)
    return Server(
        name,
        address,
        "answers",
        serial=None if found is None else int(found[0].serial),
        names=frozenset(plain(each.target) for each in own or ()),
    )


def record_set(section: list[RRset], name: str, kind: int) -> RRset | None:
    """The records of this name and type in a section of a message."""
    found = (each for each in section if each.rdtype == kind and plain(each.name) == plain(name))
    return next(found, None)
