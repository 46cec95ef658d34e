"""What a zone's own servers answer about a name.

A resolver that has met a CNAME shows it for every type; they do not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from launchready_tui.rules.dns.aliases import AliasAnswer
from launchready_tui.rules.dns.delegation import NoCut
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world import limits
from launchready_tui.world.dns.delegation import (
    Delegated,
    FindZone,
    ServerAddress,
    record_set,
    some_of,
)
from launchready_tui.world.dns.exchange import failure, plain

if TYPE_CHECKING:
    from dns.message import QueryMessage

    from launchready_tui.world.dns.resolver import Resolver

TYPES = ("CNAME", "A", "AAAA", "MX", "TXT")
# Few names hold CAA: a CNAME at the top of a zone shows itself there, if at no other type.
AT_APEX = (*TYPES, "CAA")
SERVERS = 2  # of a zone are asked, others only where these give no answer


@dataclass(frozen=True, slots=True)
class _Referral:
    """The zone below, for which these servers do not answer."""

    zone: str


async def alias_answers(
    resolver: Resolver, delegated: FindZone, zone: str, name: str
) -> tuple[AliasAnswer, ...] | Unreachable:
    """What two servers of the zone answer about a name, following delegations to zones below."""
    for _ in range(limits.REFERRALS):
        found = await delegated(zone)
        if isinstance(found, Unreachable):
            return found
        if isinstance(found, NoCut):
            if found.above == ".":
                return Unreachable("garbled", f"no zone holds {name}")
            zone = found.above
            continue
        answers = await _ask_some(resolver, found, zone, name)
        if not isinstance(answers, _Referral):
            return answers
        zone = answers.zone
    return Unreachable("garbled", f"{name}: too many delegations")


async def _ask_some(
    resolver: Resolver, delegated: Delegated, zone: str, name: str
) -> tuple[AliasAnswer, ...] | _Referral | Unreachable:
    """The answers of two servers; of the others where these two give none."""
    types = AT_APEX if name == zone else TYPES
    first = some_of(delegated.servers, SERVERS)
    answers = await _ask_all(resolver, first, name, zone, types)
    if not isinstance(answers, Unreachable):
        return answers
    others = [server for server in delegated.servers if server.place and server not in first]
    more = await _ask_all(resolver, others, name, zone, types)
    return answers if isinstance(more, Unreachable) else more


async def _ask_all(
    resolver: Resolver,
    servers: Sequence[ServerAddress],
    name: str,
    zone: str,
    types: tuple[str, ...],
) -> tuple[AliasAnswer, ...] | _Referral | Unreachable:
    """What these servers answer about a name, or the zone below that they refer to."""
    replies = await asyncio.gather(*(_ask(resolver, server, name, types) for server in servers))
    below = next(filter(None, (_referral(messages[0], zone) for messages in replies)), None)
    if below is not None:
        return below
    found = [
        _read(server.name, name, dict(zip(types, messages, strict=True)))
        for server, messages in zip(servers, replies, strict=True)
    ]
    answers = tuple(one for one in found if isinstance(one, AliasAnswer))
    silent = (one for one in found if isinstance(one, Unreachable))
    return answers or next(silent, Unreachable("no-address", zone))


async def _ask(
    resolver: Resolver, server: ServerAddress, name: str, types: tuple[str, ...]
) -> list[QueryMessage | Unreachable]:
    assert server.place is not None
    return await asyncio.gather(
        *(resolver.message(server.place, name, rtype, recurse=False) for rtype in types)
    )


def _referral(message: QueryMessage | Unreachable, zone: str) -> _Referral | None:
    """The zone below that a server points to; None when it answers for itself."""
    import dns.flags
    import dns.rdatatype

    if isinstance(message, Unreachable) or message.flags & dns.flags.AA:
        return None
    cuts = (rrset for rrset in message.authority if rrset.rdtype == dns.rdatatype.NS)
    below = (name for cut in cuts if (name := plain(cut.name)).endswith(f".{zone}"))
    return next(map(_Referral, below), None)


def _read(
    server: str, name: str, messages: Mapping[str, QueryMessage | Unreachable]
) -> AliasAnswer | Unreachable:
    """One server's messages about a name, by the type that each was asked for."""
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
    return AliasAnswer(server, target, tuple(beside), tuple(hidden))
