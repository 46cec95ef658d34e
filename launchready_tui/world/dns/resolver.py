"""DNS questions: to the resolvers in turn, to each on its own, and to a zone's own servers.

It only asks. What a zone's answers mean together stands above it, in `zones`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from launchready_tui.rules.dns.addresses import is_public
from launchready_tui.vocabulary.facts import Answer, DnsReply, Lookup, NoSuchName, Unreachable
from launchready_tui.world import limits
from launchready_tui.world.asked import Asked
from launchready_tui.world.dns.exchange import Reply, final, from_authority, query, read
from launchready_tui.world.flight import Flight, close_all
from launchready_tui.world.options import Detours, Options, Place

if TYPE_CHECKING:
    from dns.message import QueryMessage

# Asked after the system's own resolvers, as the second opinion: Cloudflare's and Quad9's.
PUBLIC_RESOLVERS = ("1.1.1.1", "9.9.9.9")
SYSTEM_RESOLVERS = 2


@dataclass(frozen=True, slots=True)
class _Question:
    place: Place
    name: str
    rtype: str
    recurse: bool = True
    checking: bool = True


class Resolver:
    """Asks the DNS. Every question goes out once: later callers share the reply.

    Names are A-labels in any case; replies carry them in lower case without a trailing dot.
    """

    def __init__(self, options: Options, asked: Asked, has_ipv6: bool) -> None:
        self._asked = asked
        self._has_ipv6 = has_ipv6
        self._detours = options.detours()
        self._servers = options.resolver_places() or _default_places(self._detours)
        self._slots = asyncio.Semaphore(limits.QUERIES_AT_ONCE)
        self._messages: Flight[_Question, QueryMessage | Unreachable] = Flight()
        self._sent: Flight[_Question, Reply] = Flight()
        self._chased: Flight[_Question, DnsReply] = Flight()
        self._answers: Flight[tuple[str, str], DnsReply] = Flight()
        self._authorities: Flight[tuple[str, str, str], tuple[tuple[str, DnsReply], ...]] = Flight()

    @property
    def servers(self) -> tuple[str, ...]:
        """The resolvers that are asked, in order, as `ADDR` or `ADDR:PORT`."""
        return tuple(show_place(place) for place in self._servers)

    async def ask(self, name: str, rtype: str) -> DnsReply:
        """What the first resolver that gives a usable answer says about this name and type.

        A time-out, SERVFAIL or REFUSED sends the question on to the other resolvers. CNAMEs are
        followed (at most 16); an NXDOMAIN behind one keeps the `chain` that led there. When no
        resolver is of use the reply is `Unreachable`, never "missing".
        """
        key = (plain_name(name), rtype)
        return await self._answers.share(key, lambda: self._ask(*key))

    async def ask_each(self, name: str, rtype: str) -> tuple[tuple[str, DnsReply], ...]:
        """What every resolver says on its own: (server, reply) in the order of the resolvers."""
        replies = await asyncio.gather(
            *(self._chase(server, plain_name(name), rtype) for server in self._servers)
        )
        return tuple(zip(self.servers, replies, strict=True))

    async def ask_authority(
        self, zone: str, name: str, rtype: str
    ) -> tuple[tuple[str, DnsReply], ...]:
        """What the servers of the zone themselves say: ("ns1.example.net (192.0.2.1)", reply).

        Each is asked directly, without recursion; a referral to a zone below is followed there.
        A server that does not answer with authority (no AA) gives `Unreachable("refused")`. A
        CNAME out of the zone comes back as an `Answer` of type CNAME: its target was not asked.
        Empty when the zone's servers could not be found.
        """
        key = (plain_name(zone), plain_name(name), rtype)
        return await self._authorities.share(key, lambda: self._ask_authority(*key))

    @property
    def places(self) -> tuple[Place, ...]:
        """Where the resolvers are, in the order of `servers`."""
        return self._servers

    async def message(
        self, place: Place, name: str, rtype: str, *, recurse: bool = True, checking: bool = True
    ) -> QueryMessage | Unreachable:
        """The raw answer of one server, for facts that other modules of this room read."""
        return await self._message(_Question(place, plain_name(name), rtype, recurse, checking))

    def reachable(self, name: str, addresses: Iterable[str]) -> tuple[tuple[str, Place], ...]:
        """The addresses of a name server that we can ask, each with the place to ask it at."""
        found = []
        for address in addresses:
            place = self._detours.find(name, address, 53)
            if place is None and self._may_ask(address):
                place = (address, 53)
            if place is not None:
                found.append((address, place))
        return tuple(found)

    async def close(self) -> None:
        """End the questions under way."""
        await close_all(self._authorities, self._answers, self._chased, self._sent, self._messages)

    async def _ask(self, name: str, rtype: str) -> DnsReply:
        first, *others = self._servers
        reply = await self._chase(first, name, rtype)
        if not isinstance(reply, Unreachable) or not others:
            return reply
        failures = [reply]
        tasks = [asyncio.ensure_future(self._chase(server, name, rtype)) for server in others]
        try:
            for done in asyncio.as_completed(tasks):
                other = await done
                if not isinstance(other, Unreachable):
                    return other
                failures.append(other)
        finally:
            for task in tasks:
                task.cancel()
        # A server that said why it has no answer tells more than one that stayed silent.
        return next((failure for failure in failures if failure.reason != "timeout"), reply)

    async def _chase(self, server: Place, name: str, rtype: str) -> DnsReply:
        question = _Question(server, name, rtype)
        return await self._chased.share(question, lambda: self._follow(question))

    async def _follow(self, question: _Question) -> DnsReply:
        """One resolver's answer. Asks on where it leaves the end of a CNAME chain to us."""
        name, ttl = question.name, 2**31 - 1
        chain: tuple[str, ...] = ()
        while True:
            reply = await self._send(_Question(question.place, name, question.rtype))
            chain, ttl = (*chain, *reply.chain), min(ttl, reply.ttl)
            if len(chain) > limits.CNAME_CHAIN or len(set(chain)) < len(chain):
                return Unreachable("garbled", f"CNAME chain without an end at {question.name}")
            if not reply.leads_on:
                return final(reply, question.name, question.rtype, chain, ttl)
            name = reply.chain[-1]

    async def _send(self, question: _Question) -> Reply:
        return await self._sent.share(question, lambda: self._exchange(question))

    async def _exchange(self, question: _Question) -> Reply:
        message = await self._message(question)
        return read(message, question.name, show_place(question.place))

    async def _message(self, question: _Question) -> QueryMessage | Unreachable:
        return await self._messages.share(question, lambda: self._query(question))

    async def _query(self, question: _Question) -> QueryMessage | Unreachable:
        async with self._slots:
            self._asked.dns += 1
            return await query(
                question.place,
                question.name,
                question.rtype,
                recurse=question.recurse,
                checking=question.checking,
                server=show_place(question.place),
            )

    async def _ask_authority(
        self, zone: str, name: str, rtype: str
    ) -> tuple[tuple[str, DnsReply], ...]:
        for _ in range(limits.REFERRALS):
            servers = await self._servers_of(zone)
            questions = [_Question(place, name, rtype, False) for _, place in servers]
            replies = await asyncio.gather(*(self._send(question) for question in questions))
            below = next((reply.referral for reply in replies if reply.referral), "")
            if not below or not _is_below(below, zone):
                return tuple(
                    (label, from_authority(reply, name, rtype))
                    for (label, _), reply in zip(servers, replies, strict=True)
                )
            zone = below
        return ()

    async def _servers_of(self, zone: str) -> list[tuple[str, Place]]:
        """The addresses of the zone's name servers, as labels and places to ask."""
        names = await self._name_servers(zone)
        found = await asyncio.gather(*(self.addresses(name) for name in names))
        servers: list[tuple[str, Place]] = []
        for name, addresses in zip(names, found, strict=True):
            known = () if isinstance(addresses, Unreachable) else addresses
            servers += [
                (f"{name} ({address})", place) for address, place in self.reachable(name, known)
            ]
        return servers[: limits.SERVER_ADDRESSES]

    async def _name_servers(self, zone: str) -> tuple[str, ...]:
        """The NS names of the zone that holds this name: its own, or those of the nearest above."""
        labels = zone.split(".")
        above = [".".join(labels[cut:]) for cut in range(max(len(labels) - 1, 1))]
        for reply in await asyncio.gather(*(self.ask(name, "NS") for name in above)):
            if isinstance(reply, Answer) and not reply.chain:
                return tuple(server.rstrip(".") for server in reply.records[: limits.NAME_SERVERS])
        return ()

    async def addresses(self, name: str) -> tuple[str, ...] | Unreachable:
        """All addresses of a name, IPv4 first. `Unreachable("no-address")` when it has none."""
        return await addresses_by(self.ask, name)

    def _may_ask(self, address: str) -> bool:
        return is_public(address) and (self._has_ipv6 or ":" not in address)


async def addresses_by(lookup: Lookup, name: str) -> tuple[str, ...] | Unreachable:
    """All addresses that a lookup gives for a name, IPv4 first; both kinds asked at once."""
    a, aaaa = await asyncio.gather(lookup(name, "A"), lookup(name, "AAAA"))
    found = tuple(
        address for reply in (a, aaaa) if isinstance(reply, Answer) for address in reply.records
    )
    if found or isinstance(a, NoSuchName):
        return found or Unreachable("no-address", name)
    failure = next((reply for reply in (a, aaaa) if isinstance(reply, Unreachable)), None)
    return failure or Unreachable("no-address", name)


def show_place(place: Place) -> str:
    """A server's place for people: the port only where it is not the usual one."""
    address, port = place
    if port == 53:
        return address
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def plain_name(name: str) -> str:
    """A name as we ask for it: lower case, without the dot at its end."""
    return name.rstrip(".").lower()


def _is_below(name: str, zone: str) -> bool:
    return name.endswith(f".{zone}")


def _default_places(detours: Detours) -> tuple[Place, ...]:
    """The system's own resolvers, then the public ones."""
    import dns.resolver

    try:
        own = [str(server) for server in dns.resolver.Resolver().nameservers]
    except dns.resolver.NoResolverConfiguration:
        own = []
    # A system may list a resolver by URL (DNS over HTTPS): that one we cannot ask.
    addresses = [server for server in own[:SYSTEM_RESOLVERS] if "/" not in server]
    unique = dict.fromkeys((*addresses, *PUBLIC_RESOLVERS))
    return tuple(detours.find(server, server, 53) or (server, 53) for server in unique)
