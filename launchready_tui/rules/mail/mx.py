"""Where a domain's mail goes: MX records (RFC 5321 5), null MX (RFC 7505), the implicit MX."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address

from launchready_tui.rules.dns.addresses import is_public
from launchready_tui.vocabulary.facts import Answer, DnsReply, Lookup, NoData, Unreachable, ask_all

HOSTS_ASKED = 12  # more mail servers than any domain needs; a longer list is read, not asked

_RECORD = re.compile(r"\s*([0-9]{1,5})\s+(\S+)\s*\Z")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One MX record: preference (lower is tried first) and host without its final dot.

    The host is empty for a null MX (RFC 7505 3).
    """

    preference: int
    host: str


@dataclass(frozen=True, slots=True)
class Route:
    """Where mail for the domain goes.

    `faults` and `warnings` pair an outcome with the host that it is about, worst first;
    `unanswered` pairs the names that got no answer with the reason.
    """

    domain: str
    exchanges: tuple[Exchange, ...] = ()
    addresses: tuple[str, ...] = ()
    faults: tuple[tuple[str, str], ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()
    unanswered: tuple[tuple[str, Unreachable], ...] = ()

    @property
    def refuses(self) -> bool:
        """Whether the domain says that it takes no mail at all: a null MX alone (RFC 7505 3)."""
        return len(self.exchanges) == 1 and not self.exchanges[0].host


def parse(records: tuple[str, ...]) -> tuple[Exchange, ...]:
    """MX records in presentation format, most preferred first; what is no MX is left out."""
    found = [match for match in map(_RECORD.match, records) if match]
    exchanges = (Exchange(int(match[1]), match[2].lower().rstrip(".")) for match in found)
    return tuple(sorted(exchanges, key=lambda each: (each.preference, each.host)))


async def route(domain: str, lookup: Lookup) -> Route:
    """Look where mail for `domain` goes, and whether that leads anywhere (RFC 5321 5.1)."""
    reply, *own = await ask_all(lookup, [(domain, "MX"), (domain, "A"), (domain, "AAAA")])
    if isinstance(reply, Unreachable):
        return Route(domain, unanswered=((domain, reply),))
    exchanges = parse(reply.records) if isinstance(reply, Answer) else ()
    if not exchanges:
        return _implicit(domain, own, exists=isinstance(reply, NoData | Answer))
    if any(not exchange.host for exchange in exchanges):
        fault = "null-mx" if len(exchanges) == 1 else "null-mx-mixed"
        return Route(domain, exchanges, faults=((fault, domain),))
    return await _exchanges(domain, exchanges, lookup)


def _implicit(domain: str, own: list[DnsReply], exists: bool) -> Route:
    """Without MX records mail goes to the domain's own address, if it has one (RFC 5321 5.1)."""
    addresses = _addresses(own)
    if addresses:
        return Route(domain, addresses=addresses, warnings=(("implicit-mx", domain),))
    silent = tuple((domain, reply) for reply in own if isinstance(reply, Unreachable))
    if silent and exists:
        return Route(domain, unanswered=silent[:1])
    return Route(domain, faults=(("missing", domain),))


async def _exchanges(domain: str, exchanges: tuple[Exchange, ...], lookup: Lookup) -> Route:
    hosts = tuple(dict.fromkeys(exchange.host for exchange in exchanges))
    literals = [host for host in hosts if _is_address(host, domain)]
    named = [host for host in hosts if host not in literals][:HOSTS_ASKED]
    questions = [(host, rtype) for host in named for rtype in ("A", "AAAA")]
    replies = await ask_all(lookup, questions)
    faults = [("mx-is-address", host) for host in literals]
    warnings: list[tuple[str, str]] = []
    unanswered: list[tuple[str, Unreachable]] = []
    addresses: list[str] = []
    for host, pair in zip(named, zip(replies[::2], replies[1::2], strict=True), strict=True):
        found = _addresses(pair)
        addresses += found
        silent = [reply for reply in pair if isinstance(reply, Unreachable)]
        if not found and silent:
            unanswered.append((host, silent[0]))
        elif not found:
            faults.append(("mx-dead", host))
        elif not any(map(is_public, found)):
            faults.append(("mx-private", host))
        elif any(isinstance(reply, Answer) and reply.chain for reply in pair):
            warnings.append(("mx-is-alias", host))  # RFC 2181 10.3
    return Route(
        domain, exchanges, tuple(addresses), tuple(faults), tuple(warnings), tuple(unanswered)
    )


def _addresses(replies: tuple[DnsReply, ...] | list[DnsReply]) -> tuple[str, ...]:
    return tuple(
        address for reply in replies if isinstance(reply, Answer) for address in reply.records
    )


def _is_address(host: str, domain: str) -> bool:
    """An address where a name belongs (RFC 5321 5.1), which many panels put the domain behind."""
    try:
        ip_address(host.removesuffix(f".{domain}").strip("[]"))
    except ValueError:
        return False
    return True
