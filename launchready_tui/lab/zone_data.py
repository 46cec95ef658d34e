"""One zone of a scenario, indexed, with the three kinds of "no" that RFC 2308 tells apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import dns.name
import dns.rdatatype
import dns.rrset
from dns.rdtypes.ANY.RRSIG import RRSIG

from launchready_tui.lab.scenario import Zone

Kinds = Mapping[dns.rdatatype.RdataType, dns.rrset.RRset]


class ZoneData:
    """A zone that can be asked. `soa` is None for a zone that its server could not load."""

    def __init__(self, zone: Zone) -> None:
        self.apex = dns.name.from_text(f"{zone.name}.")
        self._names: dict[dns.name.Name, dict[dns.rdatatype.RdataType, dns.rrset.RRset]] = {}
        self._signatures: dict[tuple[dns.name.Name, dns.rdatatype.RdataType], dns.rrset.RRset] = {}
        for record in zone.records:
            owner = dns.name.from_text(f"{record.name}.")
            one = dns.rrset.from_text(owner, record.ttl, "IN", record.type, record.text)
            for data in one:
                if isinstance(data, RRSIG):
                    key = (owner, data.type_covered)
                    self._signatures.setdefault(key, one).add(data, record.ttl)
                else:
                    kinds = self._names.setdefault(owner, {})
                    kinds.setdefault(one.rdtype, one).add(data, record.ttl)
        self._inner = {
            parent for name in self._names for parent in above(name) if parent not in self._names
        }
        self.soa = self._names.get(self.apex, {}).get(dns.rdatatype.SOA)

    def kinds(self, name: dns.name.Name) -> Kinds | None:
        """The record sets at a name, or of a wildcard above it (RFC 4592); None: no such name."""
        if name in self._names:
            return self._names[name]
        if name in self._inner:
            return {}
        for parent in above(name):
            if parent in self._names or parent in self._inner:
                wild = self._names.get(_wildcard(parent))
                return wild and {
                    kind: dns.rrset.from_rdata_list(name, found.ttl, list(found))
                    for kind, found in wild.items()
                }
        return None

    def signatures(self, records: dns.rrset.RRset) -> dns.rrset.RRset | None:
        """The RRSIG records over a record set, where the zone is signed."""
        owner = records.name
        names = (owner, *(_wildcard(parent) for parent in above(owner)))
        found = (self._signatures.get((name, records.rdtype)) for name in names)
        signature = next((each for each in found if each is not None), None)
        if signature is None:
            return None
        return dns.rrset.from_rdata_list(owner, signature.ttl, list(signature))

    def cut(self, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> dns.rrset.RRset | None:
        """The NS records of the delegation at or above a name; None inside this zone.

        DS records stand on this side of the cut (RFC 4035 3.1.4.1).
        """
        for owner in reversed([name, *above(name)]):
            below = owner != self.apex and owner.is_subdomain(self.apex)
            servers = self._names.get(owner, {}).get(dns.rdatatype.NS)
            if below and servers and not (owner == name and kind == dns.rdatatype.DS):
                return servers
        return None

    def glue(self, servers: dns.rrset.RRset) -> Iterator[dns.rrset.RRset]:
        """The addresses that this zone holds of the servers of a delegation."""
        for server in servers:
            for kind in (dns.rdatatype.A, dns.rdatatype.AAAA):
                found = self._names.get(server.target, {}).get(kind)
                if found is not None:
                    yield found


def above(name: dns.name.Name) -> Iterator[dns.name.Name]:
    """The names above this one, up to the root."""
    while name.labels and name != dns.name.root:
        name = name.parent()
        yield name


def deepest(
    zones: Mapping[dns.name.Name, ZoneData], name: dns.name.Name, kind: dns.rdatatype.RdataType
) -> ZoneData | None:
    """The zone that answers for a name and type: the deepest one, for DS the one above the cut."""
    candidates = [zones[each] for each in (name, *above(name)) if each in zones]
    if kind == dns.rdatatype.DS and len(candidates) > 1 and candidates[0].apex == name:
        return candidates[1]
    return candidates[0] if candidates else None


def _wildcard(parent: dns.name.Name) -> dns.name.Name:
    return dns.name.Name((b"*", *parent.labels))
