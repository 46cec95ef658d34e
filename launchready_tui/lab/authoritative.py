"""How a name server answers for the zones it serves, asked without recursion (RFC 1034 4.3.2)."""

from __future__ import annotations

from collections.abc import Iterable

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from launchready_tui.lab.scenario import Trouble, Zone
from launchready_tui.lab.zone_data import ZoneData, deepest

MAX_CHAIN = 8


class Authoritative:
    """The zones of one name server, ready to be asked. It refuses every other name.

    `delegates` false plays all zones at one address: the deepest answers, nothing is referred.
    """

    def __init__(
        self, zones: Iterable[Zone], troubles: tuple[Trouble, ...] = (), *, delegates: bool = True
    ) -> None:
        indexed = (ZoneData(zone) for zone in zones)
        self._zones = {zone.apex: zone for zone in indexed}
        self._troubles = troubles
        self._delegates = delegates

    def reply(self, query: dns.message.Message) -> dns.message.Message | None:
        """The answer to a query, or None where the scenario has the server stay silent."""
        if len(query.question) != 1:
            return refusal(query, dns.rcode.FORMERR)
        name, kind = query.question[0].name, query.question[0].rdtype
        start = deepest(self._zones, name, kind)
        if start is None:
            return refusal(query, dns.rcode.REFUSED)
        trouble = trouble_at(self._troubles, start.apex)
        if trouble is not None:
            return troubled(query, trouble)
        if start.soa is None:
            return refusal(query, dns.rcode.SERVFAIL)
        response = response_to(query)
        cut = start.cut(name, kind) if self._delegates else None
        if cut is not None:
            _refer(response, start, cut)
            return response
        response.flags |= dns.flags.AA
        for _ in range(MAX_CHAIN):
            trouble = trouble_at(self._troubles, name)
            if trouble is not None:
                return troubled(query, trouble)
            if deepest(self._zones, name, kind) is not start or start.cut(name, kind):
                return response
            alias = fill(response, start, name, kind)
            if alias is None:
                return response
            name = alias
        return response  # a loop, or a long chain: the rest is for the resolver to ask


def fill(
    response: dns.message.Message,
    zone: ZoneData,
    name: dns.name.Name,
    kind: dns.rdatatype.RdataType,
) -> dns.name.Name | None:
    """Put what a zone knows of a name and type into the answer; gives the alias to go on with."""
    assert zone.soa is not None
    kinds = zone.kinds(name)
    if kinds is None:
        response.set_rcode(dns.rcode.NXDOMAIN)
    elif kind in kinds:
        _add(response.answer, response, zone, kinds[kind])
        return None
    elif dns.rdatatype.CNAME in kinds:
        alias = kinds[dns.rdatatype.CNAME]
        _add(response.answer, response, zone, alias)
        target: dns.name.Name = alias[0].target
        return target
    _add(response.authority, response, zone, zone.soa)
    return None


def _add(
    section: list[dns.rrset.RRset],
    response: dns.message.Message,
    zone: ZoneData,
    records: dns.rrset.RRset,
) -> None:
    section.append(records)
    signatures = zone.signatures(records)
    if signatures is not None and response.ednsflags & dns.flags.DO:
        section.append(signatures)


def _refer(response: dns.message.Message, zone: ZoneData, cut: dns.rrset.RRset) -> None:
    response.authority.append(cut)
    anchors = (zone.kinds(cut.name) or {}).get(dns.rdatatype.DS)
    if anchors is not None and response.ednsflags & dns.flags.DO:
        response.authority.append(anchors)
    response.additional.extend(zone.glue(cut))


def trouble_at(troubles: Iterable[Trouble], name: dns.name.Name) -> Trouble | None:
    """The first trouble that covers a name."""
    text = name.to_text(omit_final_dot=True).lower()
    return next((one for one in troubles if one.covers(text)), None)


def response_to(query: dns.message.Message) -> dns.message.Message:
    """An empty answer that repeats whether DNSSEC records are wanted (DO, RFC 3225)."""
    response = dns.message.make_response(query, our_payload=1232)
    if query.ednsflags & dns.flags.DO:
        response.want_dnssec(True)
    return response


def refusal(query: dns.message.Message, rcode: dns.rcode.Rcode) -> dns.message.Message:
    """An answer with nothing but this response code."""
    response = response_to(query)
    response.set_rcode(rcode)
    return response


def troubled(query: dns.message.Message, trouble: Trouble) -> dns.message.Message | None:
    """What a server in trouble answers: SERVFAIL or REFUSED, or None for silence."""
    if trouble.kind == "timeout":
        return None
    return refusal(query, dns.rcode.SERVFAIL if trouble.kind == "servfail" else dns.rcode.REFUSED)
