"""One DNS question to one server, and what came back, told apart (RFC 1035, RFC 2308)."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from launchready_tui.vocabulary.facts import Answer, DnsReply, NoData, NoSuchName, Unreachable
from launchready_tui.vocabulary.safe_text import HIDDEN, clean
from launchready_tui.world import limits
from launchready_tui.world.options import Place

if TYPE_CHECKING:
    from dns._asyncbackend import DatagramSocket
    from dns.message import Message, QueryMessage
    from dns.rdata import Rdata
    from dns.rdtypes.ANY.TXT import TXT

# Names compare without case (RFC 4343), so types that hold little else are kept in lower case.
_NAMES_ONLY = frozenset({"NS", "CNAME", "MX", "PTR", "SRV"})
_TEXT = 65_535  # a DNS message holds no more, so nothing is ever cut here
_MAX_TTL = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Reply:
    """What one server sent back, before CNAMEs that leave its knowledge are followed.

    Exactly one of these holds: `failure` is set; `no_such_name`; `records`; or none (no data).
    `referral` is the zone that a server without authority points to. `ends` is true when the
    server vouches, with an SOA, for there being nothing at the end of the chain.
    """

    records: tuple[str, ...] = ()
    ttl: int = _MAX_TTL
    chain: tuple[str, ...] = ()
    no_such_name: bool = False
    ends: bool = False
    authoritative: bool = False
    referral: str = ""
    server: str = ""
    failure: Unreachable | None = None

    @property
    def leads_on(self) -> bool:
        """Whether the answer is a CNAME whose target this server left for us to ask."""
        settled = self.failure or self.records or self.no_such_name or self.ends
        return bool(self.chain) and not settled


def final(reply: Reply, name: str, rtype: str, chain: tuple[str, ...], ttl: int) -> DnsReply:
    """A resolver's reply as a fact about the name that was asked for."""
    if reply.failure is not None:
        return reply.failure
    if reply.records:
        return Answer(name, rtype, reply.records, ttl, chain, reply.server)
    if reply.no_such_name:
        return NoSuchName(name, chain, reply.server)
    if reply.referral:
        return Unreachable("refused", f"{reply.server} only refers to {reply.referral}")
    return NoData(name, rtype, chain, reply.server)


def from_authority(reply: Reply, name: str, rtype: str) -> DnsReply:
    """An authoritative server's reply as a fact; a CNAME out of its zones is the answer itself."""
    if reply.failure is None and not reply.authoritative:
        return Unreachable("refused", f"{reply.server} does not answer for this zone")
    if reply.leads_on:
        target = f"{reply.chain[-1]}."
        return Answer(name, "CNAME", (target,), reply.ttl, reply.chain, reply.server)
    return final(reply, name, rtype, reply.chain, reply.ttl)


async def query(
    place: Place,
    name: str,
    rtype: str,
    *,
    recurse: bool = True,
    checking: bool = True,
    server: str = "",
) -> QueryMessage | Unreachable:
    """Ask one server one question; the message that came back, whatever its code says.

    A lost datagram is sent again; truncation moves on to TCP. DNSSEC records are asked for (DO).
    `checking` false asks a resolver not to validate (CD, RFC 4035 3.2.2). After three seconds it
    is `Unreachable("timeout")`.
    """
    import dns.exception
    import dns.message

    try:
        question = _question(name, rtype, recurse, checking)
        async with asyncio.timeout(limits.DNS_TRY):
            message = await _answer(question, place)
    except (TimeoutError, dns.exception.Timeout):
        return Unreachable("timeout", server)
    except ConnectionRefusedError:
        return Unreachable("refused", server)
    except ConnectionResetError:
        return Unreachable("reset", server)
    except OSError as error:
        return Unreachable("unreachable", f"{server}: {error.strerror or error}")
    except (dns.exception.DNSException, EOFError, ValueError) as error:
        # ValueError: dnspython lets some of Python's own through for odd bytes.
        return Unreachable("garbled", f"{server}: {type(error).__name__}")
    if not isinstance(message, dns.message.QueryMessage):
        return Unreachable("garbled", server)
    return message


def _question(name: str, rtype: str, recurse: bool, checking: bool) -> Message:
    import dns.flags
    import dns.message

    question = dns.message.make_query(name, rtype, use_edns=0, payload=1232, want_dnssec=True)
    if not recurse:
        question.flags &= ~dns.flags.RD
    if not checking:
        question.flags |= dns.flags.CD
    return question


async def _answer(question: Message, place: Place) -> Message:
    """The answer; once more without EDNS from an old server or a middlebox that knows none."""
    import dns.rcode

    message = await _send(question, place)
    if message.rcode() not in (dns.rcode.FORMERR, dns.rcode.NOTIMP, dns.rcode.BADVERS):
        return message
    question.use_edns(False)
    return await _send(question, place)


async def _send(question: Message, place: Place) -> Message:
    """UDP first, twice if need be, TCP when the answer does not fit (RFC 7766 5)."""
    import dns.asyncbackend
    import dns.asyncquery
    import dns.exception
    import dns.inet
    import dns.message

    address, port = place
    backend = dns.asyncbackend.get_default_backend()
    # A connected socket hears "port closed" at once and ignores packets from elsewhere.
    family = dns.inet.af_for_address(address)
    make_socket: Callable[..., Awaitable[DatagramSocket]] = backend.make_socket
    datagrams = await make_socket(family, socket.SOCK_DGRAM, 0, None, place)
    async with datagrams:
        for last in (False, True):
            try:
                return await dns.asyncquery.udp(
                    question,
                    address,
                    limits.DNS_SEND,
                    port,
                    raise_on_truncation=True,
                    sock=datagrams,
                )
            except dns.message.Truncated:
                break
            except dns.exception.Timeout:
                if last:
                    raise
    return await dns.asyncquery.tcp(question, address, limits.DNS_TRY, port)


def failure(message: QueryMessage, server: str) -> Unreachable | None:
    """Why a message is no answer (RFC 1035 4.1.1); None for NOERROR and NXDOMAIN."""
    import dns.rcode

    code = message.rcode()
    if code in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        return None
    reason = {dns.rcode.SERVFAIL: "servfail", dns.rcode.REFUSED: "refused"}.get(code, "garbled")
    return Unreachable(reason, f"{server}: {dns.rcode.to_text(code)}")


def read(message: QueryMessage | Unreachable, name: str, server: str = "") -> Reply:
    """What a message says about the name that it was asked for."""
    import dns.exception
    import dns.flags
    import dns.rcode

    if isinstance(message, Unreachable):
        return Reply(failure=message)
    broken = failure(message, server)
    if broken is not None:
        return Reply(failure=broken)
    try:
        found = message.resolve_chaining()
    except dns.exception.DNSException as error:
        return Reply(failure=Unreachable("garbled", f"{server}: {type(error).__name__}"))
    records = found.answer or ()
    chain = tuple(plain(rrset[0].target) for rrset in found.cnames)
    missing = message.rcode() == dns.rcode.NXDOMAIN
    authoritative = bool(message.flags & dns.flags.AA)
    ends = _has_soa(message, (chain or (name,))[-1])
    referral = ""
    if not (records or chain or missing or authoritative or ends):
        referral = _referral(message)
    return Reply(
        records=tuple(sorted({show(rdata) for rdata in records})[: limits.RECORDS]),
        ttl=found.minimum_ttl,
        chain=chain,
        no_such_name=missing,
        ends=ends,
        authoritative=authoritative,
        referral=referral,
        server=server,
    )


def _has_soa(message: QueryMessage, name: str) -> bool:
    """Whether the authority section holds the SOA of a zone that contains this name."""
    import dns.name
    import dns.rdatatype

    end = dns.name.from_text(name)
    return any(
        rrset.rdtype == dns.rdatatype.SOA and end.is_subdomain(rrset.name)
        for rrset in message.authority
    )


def _referral(message: QueryMessage) -> str:
    import dns.rdatatype

    cuts = (rrset for rrset in message.authority if rrset.rdtype == dns.rdatatype.NS)
    return next((plain(rrset.name) for rrset in cuts), "")


def show(rdata: Rdata) -> str:
    """One record as text: TXT strings joined (RFC 7208 3.3), the rest as in a zone file."""
    import dns.rdatatype

    rtype = dns.rdatatype.to_text(rdata.rdtype)
    if rtype in ("TXT", "SPF"):
        return _shown(b"".join(cast("TXT", rdata).strings).decode("utf-8", "replace"))
    text = _shown(rdata.to_text())
    return text.lower() if rtype in _NAMES_ONLY else text


def _shown(text: str) -> str:
    """Cleaned, in full and on one line: no record needs a line break, and a table breaks on one."""
    return clean(text, _TEXT).replace("\n", HIDDEN)


def plain(name: object) -> str:
    """A name as we write it: lower case, cleaned, without the dot at its end."""
    return clean(str(name).rstrip(".").lower(), _TEXT) or "."
