"""Where a connection to a host really goes: its addresses, and the detours of `--connect`."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Protocol

from launchready_tui.rules.dns.addresses import is_public
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world import limits
from launchready_tui.world.options import Detours, Place

# Cloudflare's resolver. Nothing is sent there: the system only looks for a route to it.
_FAR_IPV6 = ("2606:4700:4700::1111", 53)


@dataclass(frozen=True, slots=True)
class Route:
    """One address of a host, and the place to connect to; None when we cannot go there."""

    address: str
    place: Place | None


class Addresses(Protocol):
    """Who knows the addresses of names: the DNS as it is, or as it is planned."""

    async def addresses(self, name: str) -> tuple[str, ...] | Unreachable:
        """The addresses of a name; none when it has none, `Unreachable` when nobody answers."""


@dataclass(frozen=True, slots=True)
class Routes:
    """Finds the routes to a host."""

    dns: Addresses
    detours: Detours
    has_ipv6: bool

    async def to(self, host: str, port: int) -> tuple[Route, ...] | Unreachable:
        """The routes to a host (a name or an IP address), IPv4 first, at most eight.

        A private address is no route unless a detour names it: a redirect on somebody's page must
        not make us knock on this machine's own network. `Unreachable("no-address")` when nothing
        is left, `Unreachable("no-ipv6")` when all that is left is IPv6 and this machine has none.
        A name server that refuses is no host that refuses: its REFUSED comes back as "servfail".
        """
        found = (host,) if is_address(host) else await self.dns.addresses(host)
        if isinstance(found, Unreachable):
            refused = found.reason == "refused"
            return Unreachable("servfail", found.detail) if refused else found
        routes = [self._route(host, address, port) for address in found]
        usable = [one for one in routes if one.place is not None or is_public(one.address)]
        if not usable:
            return Unreachable("no-address", ", ".join(found))
        if all(route.place is None for route in usable):
            return Unreachable("no-ipv6", ", ".join(route.address for route in usable))
        return tuple(usable[: limits.ADDRESSES])

    def beside_dns(self, address: str, port: int) -> Route:
        """The route to a public address that the host's DNS does not give, such as its origin's.

        A detour counts only when it names this very address: one for the host, or for any, would
        lead to where the host's own addresses lead, and show a back door where there is none.
        """
        place = self.detours.at(address, port)
        if place is None and self.detours.places:
            return Route(address, None)
        reachable = is_public(address) and (self.has_ipv6 or ":" not in address)
        return Route(address, place or ((address, port) if reachable else None))

    def _route(self, host: str, address: str, port: int) -> Route:
        place = self.detours.find(host, address, port)
        if place is None and is_public(address) and (self.has_ipv6 or ":" not in address):
            place = (address, port)
        return Route(address, place)


def is_address(text: str) -> bool:
    """Whether a text is an IPv4 or IPv6 address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def public_ipv6() -> bool:
    """Whether this machine would send to a public IPv6 address from a public one of its own."""
    if not socket.has_ipv6:
        return False
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.connect(_FAR_IPV6)
            return is_public(probe.getsockname()[0])
    except OSError:
        return False
