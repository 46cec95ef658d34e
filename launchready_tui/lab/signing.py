"""Signs the zones of a scenario that ask for it (RFC 4034), as a scenario of plain records.

Both worlds play the result: the lab's own name servers, and NSD. One key (ECDSA P-256, which
signs keys and records alike) serves every zone of a process; making one takes longest.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache

import dns.dnssec
import dns.name
import dns.rdatatype
import dns.rrset
import dns.zone
from cryptography.hazmat.primitives.asymmetric import ec
from dns.rdtypes.ANY.DNSKEY import DNSKEY

from launchready_tui.lab.scenario import Record, Scenario, Signing, Zone

TTL = 300


def signed(scenario: Scenario, now: datetime) -> Scenario:
    """The same world with DNSKEY, RRSIG and NSEC records in its signed zones, and DS above them."""
    for zone in scenario.zones:
        if zone.signing is not None:
            scenario = scenario.with_zone(_signed(zone, zone.signing, now))
    for zone in scenario.zones:
        above = scenario.zone_above(zone.name)
        if zone.signing is not None and zone.signing.anchored and above is not None:
            anchor = Record(zone.name, TTL, "DS", _ds(zone.name))
            scenario = scenario.with_zone(replace(above, records=(*above.records, anchor)))
    return scenario


@cache
def _key() -> tuple[ec.EllipticCurvePrivateKey, DNSKEY]:
    private = ec.generate_private_key(ec.SECP256R1())
    public = dns.dnssec.make_dnskey(private.public_key(), "ECDSAP256SHA256", flags=257)
    return private, public


def _ds(name: str) -> str:
    return dns.dnssec.make_ds(f"{name}.", _key()[1], "SHA256").to_text()


def _signed(zone: Zone, signing: Signing, now: datetime) -> Zone:
    origin = dns.name.from_text(f"{zone.name}.")
    whole = dns.zone.Zone(origin, relativize=False)
    for record in zone.records:
        owner = dns.name.from_text(f"{record.name}.")
        one = dns.rrset.from_text(owner, record.ttl, "IN", record.type, record.text)
        kept = whole.find_rdataset(owner, one.rdtype, create=True)
        for data in one:
            kept.add(data, record.ttl)
    dns.dnssec.sign_zone(
        whole,
        keys=[_key()],
        dnskey_ttl=TTL,
        inception=(now + signing.starts).timestamp(),
        expiration=(now + signing.ends).timestamp(),
    )
    records = tuple(
        Record(
            name.to_text(omit_final_dot=True).lower(),
            ttl,
            dns.rdatatype.to_text(data.rdtype),
            data.to_text(),
        )
        for name, ttl, data in whole.iterate_rdatas()
    )
    return replace(zone, records=records)
