"""`world.dns`: what the resolvers answer, and what is true of a zone as a whole.

The resolver only asks. The facts about zones are put together from its answers, each once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from launchready_tui.vocabulary.facts import DnsReply, Unreachable
from launchready_tui.world.dns.resolver import Resolver, plain_name
from launchready_tui.world.flight import Flight, close_all

if TYPE_CHECKING:
    from launchready_tui.rules.dns.aliases import AliasAnswer
    from launchready_tui.rules.dns.delegation import Delegation, NoCut
    from launchready_tui.rules.dns.dnssec import Dnssec
    from launchready_tui.world.dns.delegation import Delegated


class Dns:
    """The DNS as it is now. Every question goes out once: later callers share the answer.

    Names are A-labels in any case; replies carry them in lower case without a trailing dot.
    """

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._delegated: Flight[str, Delegated | NoCut | Unreachable] = Flight()
        self._delegations: Flight[str, Delegation | NoCut | Unreachable] = Flight()
        self._aliases: Flight[tuple[str, str], tuple[AliasAnswer, ...] | Unreachable] = Flight()
        self._signed: Flight[str, Dnssec | Unreachable] = Flight()

    @property
    def servers(self) -> tuple[str, ...]:
        """As `Resolver.servers`."""
        return self._resolver.servers

    async def ask(self, name: str, rtype: str) -> DnsReply:
        """As `Resolver.ask`: the first usable answer of a resolver."""
        return await self._resolver.ask(name, rtype)

    async def ask_each(self, name: str, rtype: str) -> tuple[tuple[str, DnsReply], ...]:
        """As `Resolver.ask_each`: what every resolver says on its own."""
        return await self._resolver.ask_each(name, rtype)

    async def ask_authority(
        self, zone: str, name: str, rtype: str
    ) -> tuple[tuple[str, DnsReply], ...]:
        """As `Resolver.ask_authority`: what the zone's own servers say."""
        return await self._resolver.ask_authority(zone, name, rtype)

    async def addresses(self, name: str) -> tuple[str, ...] | Unreachable:
        """All addresses of a name, IPv4 first. `Unreachable("no-address")` when it has none."""
        return await self._resolver.addresses(name)

    async def delegation(self, zone: str) -> Delegation | NoCut | Unreachable:
        """How the zone above delegates this one, and how each server of both sets answers.

        The servers above are asked for the referral, the zone's own for SOA and NS, all of them
        directly and without recursion. `NoCut` when the zone above answers for the name itself.
        """
        key = plain_name(zone)
        return await self._delegations.share(key, lambda: self._ask_delegation(key))

    async def delegated(self, zone: str) -> Delegated | NoCut | Unreachable:
        """The zone's servers as the zone above names them, and where each can be asked."""
        from launchready_tui.world.dns.delegation import delegated

        key = plain_name(zone)
        return await self._delegated.share(key, lambda: delegated(self._resolver, key))

    async def aliases(self, zone: str, name: str) -> tuple[AliasAnswer, ...] | Unreachable:
        """What servers of the zone answer about a name: its CNAME, and what stands beside it.

        Two servers are asked directly. A zone delegated below is followed there.
        """
        from launchready_tui.world.dns.aliases import alias_answers

        key = (plain_name(zone), plain_name(name))
        return await self._aliases.share(
            key, lambda: alias_answers(self._resolver, self.delegated, *key)
        )

    async def dnssec(self, zone: str) -> Dnssec | Unreachable:
        """The DS records of a zone, what its servers sign, and whether resolvers accept it."""
        from launchready_tui.world.dns.dnssec import gather_signed

        key = plain_name(zone)
        return await self._signed.share(
            key, lambda: gather_signed(self._resolver, self.delegated, key)
        )

    async def close(self) -> None:
        """Cancel what is under way; the resolver's questions last, as the others wait for them."""
        await close_all(
            self._signed, self._aliases, self._delegations, self._delegated, self._resolver
        )

    async def _ask_delegation(self, zone: str) -> Delegation | NoCut | Unreachable:
        from launchready_tui.world.dns.delegation import Delegated, ask_servers

        found = await self.delegated(zone)
        if not isinstance(found, Delegated):
            return found
        return await ask_servers(self._resolver, zone, found)
