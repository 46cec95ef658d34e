"""The DNS as it will be once a planned zone is applied; everything else is asked as it is now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from launchready_tui.rules.dns.addresses import is_public
from launchready_tui.rules.dns.aliases import AliasAnswer
from launchready_tui.rules.dns.delegation import Delegation, NoCut
from launchready_tui.rules.dns.dnssec import Dnssec
from launchready_tui.rules.dns.zone import Contents, Found, PlannedRecord, PlannedZone
from launchready_tui.vocabulary.facts import Answer, DnsReply, NoData, NoSuchName, Unreachable
from launchready_tui.world import limits
from launchready_tui.world.dns.resolver import addresses_by
from launchready_tui.world.dns.zones import Dns
from launchready_tui.world.flight import Flight

PLAN = "your plan"  # the server of a planned answer
_MAX_TTL = 2**31 - 1

# At the top of a zone these come from the DNS host, the registrar or the zone above.
_NOT_OURS = frozenset({"NS", "SOA"})
_ALIAS_HIDES = ("A", "MX", "TXT")  # what a server answers with the CNAME instead (RFC 1034 3.6.2)
_SIGNED = frozenset({"DS", "DNSKEY", "RRSIG", "NSEC", "NSEC3", "NSEC3PARAM", "CDS", "CDNSKEY"})


class PlannedDns:
    """Answers names inside the plan from the plan, and all others from the live DNS.

    A CNAME out of the zone is followed live, and so is a delegation that exists today. What is
    below a new delegation, and which address Cloudflare will give to a name that it does not
    serve yet, nobody can know: `Unreachable("not-known")`. `edge` names the hosts that
    Cloudflare serves today; they keep the addresses that they have.
    """

    def __init__(self, plan: PlannedZone, live: Dns, edge: Collection[str] = ()) -> None:
        self.plan = plan
        self._contents = Contents(plan)
        self._live = live
        self._edge = frozenset(edge)
        self._answers: Flight[tuple[str, str], DnsReply] = Flight()

    @property
    def servers(self) -> tuple[str, ...]:
        """The resolvers that the live DNS is asked through."""
        return self._live.servers

    async def ask(self, name: str, rtype: str) -> DnsReply:
        """As `Dns.ask`, after the change."""
        key = (name.rstrip(".").lower(), rtype)
        if not self._plans(*key):
            return await self._live.ask(*key)
        return await self._answers.share(key, lambda: self._ask(*key))

    async def ask_each(self, name: str, rtype: str) -> tuple[tuple[str, DnsReply], ...]:
        """As `Dns.ask_each`: after the change, every resolver says what the plan says."""
        if not self._plans(name.rstrip(".").lower(), rtype):
            return await self._live.ask_each(name, rtype)
        reply = await self.ask(name, rtype)
        return tuple((server, reply) for server in self.servers)

    async def ask_authority(
        self, zone: str, name: str, rtype: str
    ) -> tuple[tuple[str, DnsReply], ...]:
        """As `Dns.ask_authority`: the plan is the one server of its zone."""
        plain = name.rstrip(".").lower()
        if not self._plans(plain, rtype):
            return await self._live.ask_authority(zone, name, rtype)
        found = self._contents.find(plain, rtype)
        if found.kind == "below":
            if not await self._delegated_today(found):
                return ()
            return await self._live.ask_authority(found.target, plain, rtype)
        reply = await self.ask(plain, rtype)
        outside = [target for target in _chain_of(reply) if not self.plan.holds(target)]
        if outside:
            # The zone's own servers say no more than the alias: its target is not theirs.
            ttl = min(record.ttl for record in found.records)
            reply = Answer(plain, "CNAME", (f"{outside[0]}.",), ttl, _chain_of(reply), PLAN)
        return ((PLAN, reply),)

    async def addresses(self, name: str) -> tuple[str, ...] | Unreachable:
        """As `Dns.addresses`, after the change."""
        return await addresses_by(self.ask, name)

    async def aliases(self, zone: str, name: str) -> tuple[AliasAnswer, ...] | Unreachable:
        """As `Dns.aliases`: a CNAME of the plan, and what the plan puts beside it."""
        plain = name.rstrip(".").lower()
        found = self._contents.find(plain, "CNAME") if self.plan.holds(plain) else None
        if found is None or found.kind == "below":
            return await self._live.aliases(zone, name)
        sets = self._contents.at(plain)
        target = found.records[0].text.rstrip(".") if found.kind == "records" else ""
        if not target:
            return (AliasAnswer(PLAN),)
        beside = tuple(rtype for rtype in sets if rtype != "CNAME")
        hidden = tuple(rtype for rtype in _ALIAS_HIDES if rtype not in sets)
        return (AliasAnswer(PLAN, target, beside, hidden),)

    async def delegation(self, zone: str) -> Delegation | NoCut | Unreachable:
        """As it is today: the zone above and its name servers are no part of a plan."""
        return await self._live.delegation(zone)

    async def dnssec(self, zone: str) -> Dnssec | Unreachable:
        """As it is today: the DNS host signs what it serves."""
        return await self._live.dnssec(zone)

    async def close(self) -> None:
        """The live resolver is not ours to close."""
        await self._answers.close()

    def _plans(self, name: str, rtype: str) -> bool:
        """Whether the plan is what answers this question."""
        if not self.plan.holds(name):
            return False
        if name != self.plan.name:
            return True
        if rtype in _NOT_OURS:
            return rtype in self._contents.at(name)
        return rtype not in _SIGNED

    async def _ask(self, name: str, rtype: str) -> DnsReply:
        chain: tuple[str, ...] = ()
        at, ttl = name, _MAX_TTL
        while self.plan.holds(at):
            found = self._contents.find(at, rtype)
            ttl = min((ttl, *(record.ttl for record in found.records)))
            if found.kind != "alias":
                return _behind(await self._end(at, rtype, found), name, chain, ttl)
            at = found.target
            chain = (*chain, at)
            if len(chain) > limits.CNAME_CHAIN or len({name, *chain}) <= len(chain):
                return Unreachable("garbled", f"CNAME chain without an end at {name}")
        return _behind(await self._live.ask(at, rtype), name, chain, ttl)

    async def _end(self, name: str, rtype: str, found: Found) -> DnsReply:
        """The reply for a name that is no alias."""
        match found.kind:
            case "records":
                return _answer(name, rtype, found.records)
            case "no-data":
                return NoData(name, rtype, (), PLAN)
            case "no-name":
                return NoSuchName(name, (), PLAN)
            case "flattened":
                return await self._flattened(name, rtype, found)
            case "proxied":
                return await self._proxied(name, rtype, found.records)
            case _:
                if await self._delegated_today(found):
                    return await self._live.ask(name, rtype)
                return Unreachable("not-known", f"{found.target} goes to other name servers")

    async def _flattened(self, name: str, rtype: str, found: Found) -> DnsReply:
        if not found.target:
            return Unreachable("not-known", f"the DNS host decides where {name} leads")
        reply = await self.ask(found.target, rtype)
        match reply:
            case Answer():
                return replace(reply, name=name, chain=(), server=PLAN)
            case Unreachable():
                return reply
            case _:
                return NoData(name, rtype, (), PLAN)

    async def _proxied(self, name: str, rtype: str, records: Sequence[PlannedRecord]) -> DnsReply:
        inside = [one for one in records if one.rtype == rtype and not is_public(one.text)]
        if inside:  # Cloudflare can reach such an address no better than a customer
            return _answer(name, rtype, inside)
        if name in self._edge:
            reply = await self._live.ask(name, rtype)
            return replace(reply, chain=()) if isinstance(reply, Answer) else reply
        return Unreachable("not-known", f"Cloudflare chooses the address of {name}", by_edge=True)

    async def _delegated_today(self, found: Found) -> bool:
        """Whether the zone below is run by the planned name servers already."""
        reply = await self._live.ask(found.target, "NS")
        wanted = {record.text for record in found.records}
        return isinstance(reply, Answer) and not reply.chain and set(reply.records) == wanted


def _answer(name: str, rtype: str, records: Sequence[PlannedRecord]) -> Answer:
    texts = tuple(sorted({record.text for record in records})[: limits.RECORDS])
    return Answer(name, rtype, texts, min(record.ttl for record in records), (), PLAN)


def _behind(reply: DnsReply, name: str, chain: tuple[str, ...], ttl: int) -> DnsReply:
    """The reply at the end of a chain, as one for the name that was asked."""
    match reply:
        case Answer():
            return replace(reply, name=name, chain=(*chain, *reply.chain), ttl=min(ttl, reply.ttl))
        case NoSuchName() | NoData():
            return replace(reply, name=name, chain=(*chain, *reply.chain))
        case _:
            return reply


def _chain_of(reply: DnsReply) -> tuple[str, ...]:
    return () if isinstance(reply, Unreachable) else reply.chain
