"""The facts about DNSSEC: DS records, the zone's keys and signatures, and what resolvers say.

Resolvers are asked in one round trip. Only a zone with DS records is asked for more, at its own
servers: what a resolver remembers may be older, and some leave the signatures out.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from launchready_tui.rules.dns.delegation import NoCut
from launchready_tui.rules.dns.dnssec import Copy, Dnssec, Hearing, SignedSet
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world.dns.delegation import Delegated, FindZone, record_set, some_of
from launchready_tui.world.dns.exchange import failure, plain

if TYPE_CHECKING:
    from dns.message import QueryMessage
    from dns.rdtypes.ANY.DS import DS
    from dns.rrset import RRset

    from launchready_tui.world.dns.resolver import Resolver
    from launchready_tui.world.options import Place

RESOLVERS = 4  # that are heard
SERVERS = 4  # of the zone, whose copies are read


async def gather_signed(resolver: Resolver, delegated: FindZone, zone: str) -> Dnssec | Unreachable:
    """Everything that tells whether a zone validates. `Unreachable` when no resolver says
    whether it has DS records: the absence of a DS needs the word of the zone above."""
    places = resolver.places[:RESOLVERS]
    anchors, keys, hearings, found = await asyncio.gather(
        _anchors(resolver, zone, places),
        asyncio.gather(
            *(resolver.message(place, zone, "DNSKEY", checking=False) for place in places)
        ),
        asyncio.gather(*(_hear(resolver, zone, place) for place in places)),
        delegated(zone),
    )
    if isinstance(anchors, Unreachable):
        return anchors
    known = any(_signed_set(message, zone, "DNSKEY") for message in keys)
    copies: tuple[Copy, ...] = ()
    if anchors:
        copies = await _copies(resolver, zone, found)
        copies = copies or await _remembered(resolver, zone, places)
    return Dnssec(zone, anchors, known, copies, tuple(hearings))


async def _anchors(
    resolver: Resolver, zone: str, places: tuple[Place, ...]
) -> tuple[DS, ...] | Unreachable:
    messages = await asyncio.gather(
        *(resolver.message(place, zone, "DS", checking=False) for place in places)
    )
    read = [_read_anchors(message, zone) for message in messages]
    usable = (anchors for anchors in read if not isinstance(anchors, Unreachable))
    return next(usable, read[0])


def _read_anchors(message: QueryMessage | Unreachable, zone: str) -> tuple[DS, ...] | Unreachable:
    """The DS records that a resolver gives; none only where the zone above says so.

    The zone above vouches with its SOA record (RFC 2308 2.2). Old resolvers ask the zone itself
    for DS, and its own SOA proves nothing (RFC 4035 3.1.4.1).
    """
    import dns.rcode
    import dns.rdatatype

    if isinstance(message, Unreachable):
        return message
    broken = failure(message, zone)
    if broken is not None:
        return broken
    found = record_set(message.answer, zone, dns.rdatatype.DS)
    if found is not None:
        return tuple(found)
    if message.rcode() == dns.rcode.NXDOMAIN:
        return ()
    soas = (rrset for rrset in message.authority if rrset.rdtype == dns.rdatatype.SOA)
    vouching = (plain(soa.name) for soa in soas)
    if any(above == "." or zone.endswith(f".{above}") for above in vouching):
        return ()
    return Unreachable("garbled", f"{zone}: no word from the zone above")


async def _hear(resolver: Resolver, zone: str, place: Place) -> Hearing:
    import dns.flags

    checked, unchecked = await asyncio.gather(
        resolver.message(place, zone, "SOA"), resolver.message(place, zone, "SOA", checking=False)
    )
    vouches = not isinstance(checked, Unreachable) and bool(checked.flags & dns.flags.AD)
    server = resolver.servers[resolver.places.index(place)]
    return Hearing(server, _reason(checked), _reason(unchecked), vouches)


def _reason(message: QueryMessage | Unreachable) -> str:
    if isinstance(message, Unreachable):
        return message.reason
    broken = failure(message, "")
    return broken.reason if broken is not None else ""


async def _copies(
    resolver: Resolver, zone: str, delegated: Delegated | NoCut | Unreachable
) -> tuple[Copy, ...]:
    """The zone as its own servers give it, one address of each; only what comes with authority."""
    if not isinstance(delegated, Delegated):
        return ()
    servers = some_of(delegated.servers, SERVERS)
    found = await asyncio.gather(
        *(_copy(resolver, zone, one.name, one.place, direct=True) for one in servers if one.place)
    )
    return tuple(copy for copy in found if copy is not None)


async def _remembered(resolver: Resolver, zone: str, places: tuple[Place, ...]) -> tuple[Copy, ...]:
    """The zone as resolvers give it, unchecked: where its own servers can't be asked from here."""
    found = await asyncio.gather(
        *(
            _copy(resolver, zone, server, place, direct=False)
            for server, place in zip(resolver.servers, places, strict=False)
        )
    )
    return tuple(copy for copy in found if copy is not None)


async def _copy(
    resolver: Resolver, zone: str, server: str, place: Place, *, direct: bool
) -> Copy | None:
    """One server's keys, SOA and addresses with their signatures; None when it gave no answer."""
    types = ("DNSKEY", "SOA", "A")
    messages = await asyncio.gather(
        *(
            resolver.message(place, zone, rtype, recurse=not direct, checking=direct)
            for rtype in types
        )
    )
    if any(_reason(message) or (direct and not _vouched(message)) for message in messages):
        return None
    keys, *others = (
        _signed_set(message, zone, rtype) for message, rtype in zip(messages, types, strict=True)
    )
    return Copy(server, keys, tuple(signed for signed in others if signed is not None), direct)


def _vouched(message: QueryMessage | Unreachable) -> bool:
    import dns.flags

    return not isinstance(message, Unreachable) and bool(message.flags & dns.flags.AA)


def _signed_set(message: QueryMessage | Unreachable, zone: str, rtype: str) -> SignedSet | None:
    """The zone's records of a type in an answer, with the signatures over them."""
    import dns.rdatatype

    if isinstance(message, Unreachable):
        return None
    kind = dns.rdatatype.from_text(rtype)
    records = record_set(message.answer, zone, kind)
    if records is None:
        return None
    signatures = tuple(
        signature
        for found in message.answer
        if found.rdtype == dns.rdatatype.RRSIG and _same(found, records)
        for signature in found
        if signature.type_covered == kind
    )
    return SignedSet(records, signatures)


def _same(one: RRset, other: RRset) -> bool:
    return plain(one.name) == plain(other.name)
