"""The facts about a delegation: the referral of the zone above, and each server asked directly.

Four round trips where both sets agree: the zone above, the addresses of its servers, the
referral, the zone's own servers. What the resolver knows of these is asked meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
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
class ServerAddress:
    """One address of a name server, and the place to ask it at; None when there is none.

    `unknown` is why nobody gave us its address, where that is so.
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
    servers: tuple[ServerAddress, ...]


# Finds a zone's servers; what has been asked for once is not asked for again.
FindZone = Callable[[str], Awaitable[Delegated | NoCut | Unreachable]]


@dataclass(frozen=True, slots=True)
class _Referral:
    """One answer of a server above: the names of the servers below, with their addresses."""

    names: frozenset[str]
    glue: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


async def ask_servers(
    resolver: Resolver, zone: str, delegated: Delegated
) -> Delegation | Unreachable:
    """Ask every server that either side names."""
    servers = await _ask_all(resolver, zone, delegated.servers)
    own = frozenset().union(*(server.names for server in servers))
    if more := sorted(own - delegated.names):
        found = await _server_addresses(resolver, more[: limits.NAME_SERVERS], {})
        servers += await _ask_all(resolver, zone, found)
    if not servers:
        return Unreachable("no-ipv6", f"the name servers of {zone}")
    return Delegation(zone, delegated.above, delegated.names, servers)


async def delegated(resolver: Resolver, zone: str) -> Delegated | NoCut | Unreachable:
    """Ask the zone above for its referral: three round trips, with all addresses found."""
    (above, referral), _ = await asyncio.gather(
        _from_above(resolver, zone), _prepare(resolver, zone)
    )
    if not isinstance(referral, _Referral):
        return referral
    servers = await _server_addresses(resolver, sorted(referral.names), referral.glue)
    return Delegated(above, referral.names, servers)


def some_of(servers: Iterable[ServerAddress], count: int) -> list[ServerAddress]:
    """One address each of so many servers: all of them should hold the same."""
    usable = {one.name: one for one in reversed(tuple(servers)) if one.place is not None}
    return [usable[name] for name in sorted(usable)][:count]


async def _prepare(resolver: Resolver, zone: str) -> None:
    """Have the resolver look up the addresses of the zone's servers while we ask above."""
    reply = await resolver.ask(zone, "NS")
    if isinstance(reply, Answer) and not reply.chain:
        names = [server.rstrip(".") for server in reply.records[: limits.NAME_SERVERS]]
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
    servers = [server.rstrip(".") for server in reply.records[: limits.NAME_SERVERS]]
    addresses = await _server_addresses(resolver, servers, {})
    places = [one.place for one in addresses if one.place is not None][: limits.PARENT_SERVERS]
    messages = await asyncio.gather(
        *(resolver.message(place, zone, "NS", recurse=False) for place in places)
    )
    referrals = [_read_referral(message, zone, above) for message in messages]
    nothing = Unreachable("unreachable", f"the name servers of {above}")
    usable = (referral for referral in referrals if not isinstance(referral, Unreachable))
    return above, next(usable, referrals[0] if referrals else nothing)


def _read_referral(
    message: QueryMessage | Unreachable, zone: str, above: str
) -> _Referral | NoCut | Unreachable:
    """What one server of the zone above says of this zone.

    A server that serves both zones answers with authority, and shows its copy of the zone's own
    NS records. An answer without authority is not one of these servers': something on the way
    (a home router, a hotel's network) speaks instead of them, so it proves nothing.
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
        return Unreachable("garbled", f"another server answers instead of those of {above}")
    names = sorted(plain(record.target) for record in servers)[: limits.NAME_SERVERS]
    # Only the addresses below the zone above are its own to give (RFC 9471).
    mine = [name for name in names if above == "." or name.endswith(f".{above}")]
    return _Referral(frozenset(names), {name: _glue(message, name) for name in mine})


def _glue(message: QueryMessage, name: str) -> tuple[str, ...]:
    import dns.rdatatype

    sets = (
        record_set(message.additional, name, kind) for kind in (dns.rdatatype.A, dns.rdatatype.AAAA)
    )
    return tuple(data.to_text() for found in sets if found is not None for data in found)


async def _ask_all(
    resolver: Resolver, zone: str, servers: tuple[ServerAddress, ...]
) -> tuple[Server, ...]:
    return tuple(await asyncio.gather(*(_ask(resolver, zone, server) for server in servers)))


async def _server_addresses(
    resolver: Resolver, names: Collection[str], glue: Mapping[str, tuple[str, ...]]
) -> tuple[ServerAddress, ...]:
    """Where these servers can be asked. One without any address is there without a place."""

    async def addresses(name: str) -> tuple[str, ...] | Unreachable:
        return glue.get(name) or await resolver.addresses(name)

    ranked: list[tuple[int, ServerAddress]] = []
    for name, reply in zip(names, await asyncio.gather(*map(addresses, names)), strict=True):
        if isinstance(reply, Unreachable) and reply.reason != "no-address":
            ranked.append((0, ServerAddress(name, "", None, reply.reason)))
            continue
        found = () if isinstance(reply, Unreachable) else reply
        usable = resolver.reachable(name, found)
        ranked += [(rank, ServerAddress(name, *one)) for rank, one in enumerate(usable)]
        if not usable and not any(":" in address for address in found):
            # It has no address, or none that anybody can reach.
            ranked.append((0, ServerAddress(name, "", None)))
    # The first address of each name before the second of any: no server is left out.
    ranked.sort(key=lambda pair: pair[0])
    return tuple(server for _, server in ranked[: limits.SERVER_ADDRESSES])


async def _ask(resolver: Resolver, zone: str, server: ServerAddress) -> Server:
    """One server's answers for the SOA and the NS records of the zone."""
    import dns.flags
    import dns.rdatatype

    name, address, place = server.name, server.address, server.place
    if server.unknown:
        return Server(name, "", "unasked", server.unknown)
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
    # RFC 1034 3.6.2 forbids an alias there, yet it is seen.
    alias = record_set(soa.answer, zone, dns.rdatatype.CNAME)
    if not soa.flags & dns.flags.AA or not (found or alias):
        return Server(name, address, "lame", "no-authority")
    own = None if isinstance(ns, Unreachable) else record_set(ns.answer, zone, dns.rdatatype.NS)
    return Server(
        name,
        address,
        "answers",
        serial=None if found is None else int(found[0].serial),
        names=frozenset(plain(record.target) for record in own or ()),
    )


def record_set(section: list[RRset], name: str, kind: int) -> RRset | None:
    """The records of this name and type in a section of a message."""
    wanted = plain(name)
    found = (rrset for rrset in section if rrset.rdtype == kind and plain(rrset.name) == wanted)
    return next(found, None)
