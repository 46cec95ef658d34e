"""May this server send for this domain? `check_host` as a receiver runs it (RFC 7208 section 4).

`rules.spf` looks at a record without a message; this looks at one message. A question that got
no answer is "temperror", never "no".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Literal

from launchready_tui.rules.mail.spf import LOOKUP_LIMIT, MX_LIMIT, VOID_LIMIT
from launchready_tui.rules.mail.spf_grammar import MECHANISMS, Record, Term, is_spf, parse
from launchready_tui.rules.mail.spf_macros import (
    IpAddress,
    Message,
    expand_name,
    explain,
    needs_validation,
    reversed_name,
)
from launchready_tui.vocabulary.facts import Answer, DnsReply, Lookup, Unreachable, ask_all

Result = Literal["none", "neutral", "pass", "fail", "softfail", "temperror", "permerror"]

PTR_LIMIT = 10  # names of one address that are looked at, RFC 7208 4.6.4
_QUALIFIED: dict[str, Result] = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}
_ASKING = frozenset({"include", "a", "mx", "ptr", "exists"})
_LABEL = re.compile(r"[^.\\\x00-\x1f\x7f-\xff]{1,63}\Z")


@dataclass(frozen=True, slots=True)
class Judged:
    """What SPF says. `term` decided it, in the record of `domain`; empty where none did.

    `explanation` is the domain's own sentence for a fail (RFC 7208 6.2): a stranger's text.
    `detail` says what was wrong or unanswered.
    """

    result: Result
    term: str = ""
    domain: str = ""
    explanation: str = ""
    detail: str = ""


class _Stop(Exception):
    """The evaluation ends here, whatever else the record says."""

    def __init__(self, result: Result, detail: str) -> None:
        super().__init__(detail)
        self.result: Result = result
        self.detail = detail


async def check_host(
    ip: str, sender: str, helo: str, lookup: Lookup, *, receiver: str = "unknown", now: int = 0
) -> Judged:
    """What the domain of `sender` (else of `helo`) says about mail from this IP address.

    `sender` is the MAIL FROM address and may be empty, as bounces have it (RFC 7208 2.4). `now`
    is in seconds since 1970. At most ten terms ask the DNS; ValueError when `ip` is no address.
    """
    local, _, domain = (sender if "@" in sender else f"postmaster@{sender or helo}").rpartition("@")
    address = ip_address(ip)
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    full = f"{local or 'postmaster'}@{domain}"
    message = Message(address, full, helo, domain, receiver=receiver, now=now)
    return await _Check(message, lookup).judge()


class _Check:
    """One evaluation: it counts what it asks."""

    def __init__(self, message: Message, lookup: Lookup) -> None:
        self._message = message
        self._lookup = lookup
        self._lookups = 0
        self._voids = 0

    async def judge(self) -> Judged:
        try:
            return await self._domain(self._message.domain, explains=True)
        except _Stop as stop:
            return Judged(stop.result, detail=stop.detail)

    async def _domain(self, domain: str, *, explains: bool) -> Judged:
        """`check_host` for one domain: its own record, or one that it includes or redirects to."""
        if not _is_domain(domain):
            return Judged("none", detail=f"not a domain: {domain}")
        record = await self._record(domain)
        if record is None:
            return Judged("none", domain=domain)
        if record.broken:
            raise _Stop("permerror", record.broken[0])
        message = replace(self._message, domain=domain)
        for term in record.terms:
            if term.name in MECHANISMS and await self._matches(term, message):
                result = _QUALIFIED[term.qualifier]
                said = ""
                if result == "fail" and explains:
                    said = await self._explanation(record, message)
                return Judged(result, term.text, domain, said)
        if record.redirect is None:
            return Judged("neutral", domain=domain)
        self._count(record.redirect)
        target = await self._target(record.redirect, message)
        found = await self._domain(target, explains=explains)
        if found.result == "none":
            raise _Stop("permerror", f"no SPF record at {target}")
        return found

    async def _record(self, domain: str) -> Record | None:
        reply = await self._lookup(domain.removesuffix("."), "TXT")
        if isinstance(reply, Unreachable):
            raise _Stop("temperror", domain)
        texts = reply.records if isinstance(reply, Answer) else ()
        found = [text for text in texts if is_spf(text)]
        if len(found) > 1:
            raise _Stop("permerror", f"{len(found)} SPF records at {domain}")
        return parse(found[0]) if found else None

    async def _matches(self, term: Term, message: Message) -> bool:
        if term.name in _ASKING:
            self._count(term)
        match term.name:
            case "all":
                return True
            case "ip4" | "ip6":
                return message.ip in ip_network(term.value, strict=False)
            case "include":
                return await self._included(await self._target(term, message))
            case "ptr":
                names = await self._validated(message)
                domain = (await self._target(term, message)).lower()
                return any(f".{name}".endswith(f".{domain}") for name in names)
            case "exists":
                [reply] = await self._ask([(await self._target(term, message), "A")])
                return isinstance(reply, Answer)
        hosts = [await self._target(term, message)]
        if term.name == "mx":
            hosts = await self._exchanges(hosts[0])
        return await self._holds(hosts, term, message)

    async def _included(self, target: str) -> bool:
        """RFC 7208 5.2: only a pass there matches; no record there breaks this one."""
        found = await self._domain(target, explains=False)
        if found.result == "none":
            raise _Stop("permerror", f"no SPF record at {target}")
        return found.result == "pass"

    async def _exchanges(self, domain: str) -> list[str]:
        [reply] = await self._ask([(domain, "MX")])
        records = reply.records if isinstance(reply, Answer) else ()
        if len(records) > MX_LIMIT:
            raise _Stop("permerror", f"{len(records)} mail servers at {domain}")
        return [record.split()[-1].rstrip(".") for record in records]

    async def _holds(self, hosts: Sequence[str], term: Term, message: Message) -> bool:
        """Whether an address of these hosts lies in one network with the message's."""
        length = term.v4 if isinstance(message.ip, IPv4Address) else term.v6
        own = term.name == "a"  # servers of an "mx" term without an address are no void lookups
        replies = await self._ask([(host, _family(message.ip)) for host in hosts], counts=own)
        return any(
            message.ip in ip_network(f"{address}/{length}", strict=False)
            for reply in replies
            if isinstance(reply, Answer)
            for address in reply.records
        )

    async def _target(self, term: Term, message: Message) -> str:
        if not term.spec:
            return message.domain
        if needs_validation(term.spec):
            message = replace(message, validated=await self._proved(message))
        return expand_name(term.spec, message)

    async def _validated(self, message: Message) -> list[str]:
        """The names that the address has and that have it (RFC 7208 5.5), in lower case.

        What gets no answer is no name: this part of SPF forgives it.
        """
        pointer = await self._lookup(reversed_name(message.ip), "PTR")
        if not isinstance(pointer, Answer):
            return []
        names = [record.rstrip(".").lower() for record in pointer.records[:PTR_LIMIT]]
        family = _family(message.ip)
        replies = await ask_all(self._lookup, [(name, family) for name in names])
        return [
            name
            for name, reply in zip(names, replies, strict=True)
            if isinstance(reply, Answer)
            and message.ip in {ip_address(address) for address in reply.records}
        ]

    async def _proved(self, message: Message) -> str:
        """The macro `p`: the domain itself, else a name below it, else any (RFC 7208 7.3)."""
        names = await self._validated(message)
        domain = message.domain.lower()
        names.sort(key=lambda name: (name != domain, not name.endswith(f".{domain}")))
        return names[0] if names else "unknown"

    async def _explanation(self, record: Record, message: Message) -> str:
        """The domain's own words; empty where they cannot be had (RFC 7208 6.2)."""
        term = next((each for each in record.terms if each.name == "exp"), None)
        if term is None:
            return ""
        name = await self._target(term, message)
        reply = await self._lookup(name, "TXT") if _is_domain(name) else None
        if not isinstance(reply, Answer) or len(reply.records) != 1:
            return ""
        text = reply.records[0]
        if needs_validation(text):
            message = replace(message, validated=await self._proved(message))
        return explain(text, message) or ""

    async def _ask(
        self, questions: Sequence[tuple[str, str]], *, counts: bool = True
    ) -> list[DnsReply | None]:
        """Replies in order, None for what is no name. Counts the ones that lead nowhere."""
        wanted = [one for one in questions if _is_askable(one[0])]
        replies = iter(await ask_all(self._lookup, wanted))
        found = [next(replies) if _is_askable(name) else None for name, _ in questions]
        for (name, _), reply in zip(questions, found, strict=True):
            if isinstance(reply, Unreachable):
                raise _Stop("temperror", name)
            if counts and not isinstance(reply, Answer):
                self._voids += 1
        if self._voids > VOID_LIMIT:
            raise _Stop("permerror", f"{self._voids} lookups that lead nowhere")
        return found

    def _count(self, term: Term) -> None:
        self._lookups += 1
        if self._lookups > LOOKUP_LIMIT:
            raise _Stop("permerror", f"{self._lookups} DNS lookups, at {term.text}")


def _family(ip: IpAddress) -> str:
    return "A" if isinstance(ip, IPv4Address) else "AAAA"


def _is_domain(name: str) -> bool:
    """RFC 7208 4.3: labels of 1 to 63 octets, at least two of them, no address in brackets."""
    labels = name.removesuffix(".").split(".")
    return len(labels) > 1 and not name.startswith("[") and _is_askable(name)


def _is_askable(name: str) -> bool:
    labels = name.removesuffix(".").split(".")
    return len(name) <= 254 and all(map(_LABEL.match, labels))
