"""How a validating resolver answers about a scenario: it chases aliases and checks signatures."""

from __future__ import annotations

import time

import dns.dnssec
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype

from launchready_tui.lab.authoritative import (
    MAX_CHAIN,
    fill,
    refusal,
    response_to,
    trouble_at,
    troubled,
)
from launchready_tui.lab.name_servers import abandoned
from launchready_tui.lab.scenario import Scenario
from launchready_tui.lab.zone_data import Kinds, ZoneData, deepest


class Recursive:
    """A scenario's zones as the customers of a resolver see them.

    An answer out of a zone that is anchored above it (a DS record) and does not validate is
    SERVFAIL, unless the query says that its sender checks for itself (CD, RFC 4035 3.2.2).
    """

    def __init__(self, scenario: Scenario) -> None:
        zones = (ZoneData(zone) for zone in scenario.zones)
        self._zones = {zone.apex: zone for zone in zones}
        self._troubles = scenario.troubles
        self._abandoned = {dns.name.from_text(f"{name}.") for name in abandoned(scenario)}
        self._secure: dict[dns.name.Name, bool | None] = {}

    def reply(self, query: dns.message.Message) -> dns.message.Message | None:
        """The answer to a query, or None where the scenario has the server stay silent."""
        if len(query.question) != 1:
            return refusal(query, dns.rcode.FORMERR)
        response = response_to(query)
        response.flags |= dns.flags.RA
        name, kind = query.question[0].name, query.question[0].rdtype
        states: set[bool | None] = set()
        for _ in range(MAX_CHAIN):
            zone = deepest(self._zones, name, kind)
            # The zone above answers for DS, so what troubles the zone below does not touch it.
            above = zone is not None and name in self._zones and name != zone.apex
            trouble = trouble_at(self._troubles, zone.apex if zone and above else name)
            if trouble is not None:
                return troubled(query, trouble)
            if zone is None:
                return response if response.answer else refusal(query, dns.rcode.REFUSED)
            state = self._state(zone)
            if zone.soa is None or zone.apex in self._abandoned:
                return refusal(query, dns.rcode.SERVFAIL)
            if state is False and not query.flags & dns.flags.CD:
                return refusal(query, dns.rcode.SERVFAIL)
            states.add(state)
            alias = fill(response, zone, name, kind)
            if alias is None:
                if states == {True}:
                    response.flags |= dns.flags.AD
                return response
            name = alias
        return refusal(query, dns.rcode.SERVFAIL)

    def _state(self, zone: ZoneData) -> bool | None:
        """True when the zone validates, False when it is bogus, None when nothing anchors it."""
        if zone.apex not in self._secure:
            above = deepest(self._zones, zone.apex, dns.rdatatype.DS)
            kinds = above.kinds(zone.apex) if above and above is not zone else None
            anchored = kinds and dns.rdatatype.DS in kinds
            self._secure[zone.apex] = _validates(zone, kinds) if kinds and anchored else None
        return self._secure[zone.apex]


def _validates(zone: ZoneData, above: Kinds) -> bool:
    """Whether the DS records lead to a key that has signed the zone's keys and its SOA, today."""
    keys = (zone.kinds(zone.apex) or {}).get(dns.rdatatype.DNSKEY)
    if keys is None or zone.soa is None:
        return False
    anchors = above[dns.rdatatype.DS]
    if not any(
        dns.dnssec.make_ds(zone.apex, key, anchor.digest_type, validating=True) == anchor
        for key in keys
        for anchor in anchors
    ):
        return False
    try:
        for records in (keys, zone.soa):
            signatures = zone.signatures(records)
            if signatures is None:
                return False
            dns.dnssec.validate(records, signatures, {zone.apex: keys}, now=time.time())
    except dns.exception.DNSException:
        return False
    return True
