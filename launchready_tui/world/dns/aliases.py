"""What a zone's own servers hold at a name: resolvers show a CNAME for every type, they don't."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from launchready_tui.rules.dns.aliases import Holding
from launchready_tui.rules.dns.delegation import NoCut
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world import limits
from launchready_tui.world.dns.delegation import Seat, record_set, some_of
from launchready_tui.world.dns.exchange import failure, plain

if TYPE_CHECKING:
    from dns.message import QueryMessage

    from launchready_tui.world.dns.resolver import Resolver

TYPES = ("CNAME", "A", "AAAA", "MX", "TXT")
# Few names hold CAA: a CNAME at the top of a zone shows itself there, if at no other type.
AT_APEX = (*TYPES, "CAA")
SERVERS = 2  # of a zone are asked, others only where these give no answer


async def holdings(resolver: Resolver, zone: str, name: str) -> tuple[Holding, ...] | Unreachable:
    """What two servers of the zone hold at a name, following delegations to zones below."""
    for _ in range(limits.REFERRALS):
        found = await resolver.delegated(zone)
        if isinstance(found, Unreachable):
            return found
        if isinstance(found, NoCut):
            if found.above == ".":
                return Unreachable("garbled", f"no zone holds {name}")
            zone = found.above
            continue
        types = AT_APEX if name == zone else TYPES
        first = some_of(found.seats, SERVERS)
        held = await _ask_all(resolver, first, name, zone, types)
        if not isinstance(held, str | tuple):
            others = [seat for seat in found.seats if seat.place and seat not in first]
            more = await _ask_all(resolver, others, name, zone, types)
            held = held if isinstance(more, Unreachable) else more
        if not isinstance(held, str):
            return held
        zone = held
    return Unreachable("garbled", f"{name}: too many delegations")


async def _ask_all(
    resolver: Resolver, seats: Sequence[Seat], name: str, zone: str, types: tuple[str, ...]
) -> tuple[Holding, ...] | str | Unreachable:
    """What these servers hold at a name, or the zone below that they refer to."""
    asked = await asyncio.gather(*(_ask(resolver, seat, name, types) for seat in seats))
    below = next(filter(None, (_referral(messages[0], zone) for messages in asked)), "")
    if below:
        return below
    found = [
        _holding(seat.name, name, dict(zip(types, messages, strict=True)))
        for seat, messages in zip(seats, asked, strict=True)
    ]
    held = tuple(each for each in found if isinstance(each, Holding))
    silent = (each for each in found if isinstance(each, Unreachable))
    return held or next(silent, Unreachable("no-address", zone))


async def _ask(
    resolver: Resolver, seat: Seat, name: str, types: tuple[str, ...]
) -> list[QueryMessage | Unreachable]:
    assert seat.place is not None
    return await asyncio.gather(
        *(resolver.message(seat.place, name, rtype, recurse=False) for rtype in types)
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
    server: str, name: str, messages: Mapping[str, QueryMessage | Unreachable]
) -> Holding | Unreachable:
    import dns.flags
    import dns.rdatatype

    target, beside, hidden = "", [], []
    for rtype, message in messages.items():
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
