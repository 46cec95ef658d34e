"""What different name servers say about one host's addresses, and whether they agree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal

from launchready_tui.vocabulary.facts import Answer, DnsReply, NoSuchName, Unreachable
from launchready_tui.vocabulary.silence import in_words

State = Literal["addresses", "none", "missing", "elsewhere", "silent"]


@dataclass(frozen=True, slots=True)
class View:
    """One server's word on the A and AAAA records of a name.

    "none" is NODATA for both (RFC 2308 2.2), "missing" NXDOMAIN (2.1); "elsewhere" is a CNAME out
    of the zone, as its own servers see it; "silent" is no usable answer, for `silence`.
    """

    server: str
    state: State
    addresses: frozenset[str] = field(default_factory=frozenset)
    chain: tuple[str, ...] = ()
    ttl: int = 0
    silence: Unreachable | None = None

    @property
    def speaks(self) -> bool:
        """Whether this view says something about addresses."""
        return self.state in ("addresses", "none", "missing")


def view(server: str, a: DnsReply, aaaa: DnsReply) -> View:
    """One server's replies for A and AAAA as its view."""
    replies = (a, aaaa)
    answers = [reply for reply in replies if isinstance(reply, Answer)]
    chain = next((each.chain for each in replies if not isinstance(each, Unreachable)), ())
    found = frozenset(
        address for answer in answers if answer.rtype != "CNAME" for address in answer.records
    )
    if found:
        ttl = min(answer.ttl for answer in answers)
        return View(server, "addresses", found, chain, ttl)
    if answers:
        return View(server, "elsewhere", chain=chain)
    if any(isinstance(reply, NoSuchName) for reply in replies):
        return View(server, "missing", chain=chain)
    silence = next((reply for reply in replies if isinstance(reply, Unreachable)), None)
    if silence is not None:
        return View(server, "silent", silence=silence)
    return View(server, "none", chain=chain)


def truth(authority: Iterable[View]) -> frozenset[str]:
    """Every address that the zone's own servers give; empty when they give none."""
    return frozenset().union(*(each.addresses for each in authority))


def differ(resolvers: Iterable[View], authority: Iterable[View]) -> bool:
    """Whether customers get different answers, depending on whom their network asks.

    They do when one server has addresses and another says that there are none, when a resolver
    has none of the addresses that the zone's own servers give, and when two of these share none.
    Resolvers that differ among themselves do not count while the zone's servers are silent or
    point elsewhere: large networks answer each region with its own addresses.
    """
    own = [each for each in authority if each.speaks]
    asked = [each for each in resolvers if each.speaks]
    if len({each.state == "addresses" for each in (*own, *asked)}) > 1:
        return True
    known = truth(own)
    if known and any(each.addresses.isdisjoint(known) for each in asked):
        return True
    return any(
        one.addresses.isdisjoint(other.addresses)
        for one, other in combinations(own, 2)
        if one.addresses and other.addresses
    )


def say(seen: View) -> str:
    """A view as one line of evidence."""
    if seen.silence is not None:
        return in_words(seen.silence.reason)
    if seen.state == "addresses":
        return ", ".join(in_order(seen.addresses))
    if seen.state == "elsewhere":
        return f"leads to {seen.chain[-1]}"
    through = f"leads to {seen.chain[-1]}: " if seen.chain else ""
    return through + ("no such name" if seen.state == "missing" else "no address")


def in_order(addresses: Iterable[str]) -> list[str]:
    """Addresses with IPv4 first, each kind sorted."""
    return sorted(addresses, key=lambda address: (":" in address, address))
