"""What a zone's own servers hold at a name: resolvers show a CNAME for every type, they don't."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from launchready_tui.facts import Unreachable
from launchready_tui.rules.aliases import Holding
from launchready_tui.rules.delegation import Delegation, NoCut
from launchready_tui.world import limits
from launchready_tui.world.delegation import record_set
from launchready_tui.world.exchange import failure, plain

if TYPE_CHECKING:
    from dns.message import QueryMessage

    from launchready_tui.world.options import Place
    from launchready_tui.world.resolver import Resolver

TYPES = ("CNAME", "A", "MX", "TXT")
SERVERS = 2  # of a zone: all of them should hold the same


async def holdings(resolver: Resolver, zone: str, name: str) -> tuple[Holding, ...] | Unreachable:
    """What two servers of the zone hold at a name, following delegations to zones below."""
    for _ in range(limits.REFERRALS):
        delegation = await resolver.delegation(zone)
        if isinstance(delegation, Unreachable):
            return delegation
        if isinstance(delegation, NoCut):
            zone = delegation.above
            continue
        places = _places(resolver, delegation)
        if not places:
            return _silence(delegation)
        asked = await asyncio.gather(*(_ask(resolver, place, name) for _, place in places))
        below = next(filter(None, (_referral(messages[0], zone) for messages in asked)), "")
        if below:
            zone = below
            continue
        found = [
            _holding(server, name, messages)
            for (server, _), messages in zip(places, asked, strict=True)
        ]
        held = tuple(each for each in found if isinstance(each, Holding))
        return held or next(each for each in found if isinstance(each, Unreachable))
    return Unreachable("garbled", f"{name}: too many delegations")


def _places(resolver: Resolver, delegation: Delegation) -> list[tuple[str, Place]]:
    """Two servers that answer for the zone, by different names where there are two."""
    addresses = {server.name: server.address for server in reversed(delegation.answering)}
    found = [
        (name, place)
        for name in sorted(addresses)
        for _, place in resolver.ways(name, [addresses[name]])
    ]
    return found[:SERVERS]


def _silence(delegation: Delegation) -> Unreachable:
    reasons = (server.reason for server in delegation.servers)
    reason = next((each for each in reasons if each), "no-address")
    names = ", ".join(dict.fromkeys(server.name for server in delegation.servers))
    return Unreachable("refused" if reason == "no-authority" else reason, names)


async def _ask(resolver: Resolver, place: Place, name: str) -> list[QueryMessage | Unreachable]:
    return await asyncio.gather(
        *(resolver.message(place, name, rtype, recurse=False) for rtype in TYPES)
    )


def _referral(message: QueryMessage | Unreachable, zone: str) -> str:
    """The zone below that a server points to; empty when it answers for itself."""
    import dns.flags
    import dns.rdatatype

    if isinstance(message, Unreachable) or message.flags & dns.flags.AA:
        return ""
    cuts = (plain(each.name) for each in message.authority if each.rdtype == dns.rdatatype.NS)
    return next((each for each in cuts if each.endswith(f".{zone}")), "")


def _holding(
    server: str, name: str, messages: list[QueryMessage | Unreachable]
) -> Holding | Unreachable:
    import dns.flags
    import dns.rdatatype

    target, beside, hidden = "", [], []
    for rtype, message in zip(TYPES, messages, strict=True):
        silence = message if isinstance(message, Unreachable) else failure(message, server)
        if isinstance(message, Unreachable) or silence is not None:
            return silence or Unreachable("garbled", server)
        if not message.flags & dns.flags.AA:
            return Unreachable("refused", f"{server} does not answer for this zone")
        alias = record_set(message.answer, name, dns.rdatatype.CNAME)
        if rtype == "CNAME":
            target = plain(alias[0].target) if alias is not None else ""
        elif record_set(message.answer, name, dns.rdatatype.from_text(rtype)) is not None:
            beside.append(rtype)
        elif alias is not None:
            hidden.append(rtype)
            target = target or plain(alias[0].target)
    return Holding(server, target, tuple(beside), tuple(hidden))
