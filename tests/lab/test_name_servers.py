"""Each name server of the lab plays its own part, and its resolver looks at signatures."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import pytest

from launchready_tui.lab import Lab, healthy
from launchready_tui.lab.faults import broken
from launchready_tui.lab.healthy import CLOUDFLARE, DOMAIN, HARBOR, SECOND_SERVER
from launchready_tui.lab.name_servers import abandoned, name_servers
from launchready_tui.lab.scenario import NameServer, Scenario, Signing, Zone
from launchready_tui.lab.signing import signed

ABOVE, FIRST_SERVER = "192.0.2.1", "192.0.2.53"
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


async def ask(
    lab: Lab, address: str, name: str, type: str, *, checking: bool = True
) -> dns.message.Message:
    """Ask the name server at an address, without recursion; "" is the resolver."""
    query = dns.message.make_query(name, type, want_dnssec=True)
    if address:
        query.flags &= ~dns.flags.RD
    if not checking:
        query.flags |= dns.flags.CD
    target = next(text for text in lab.options.connect if text.startswith(f"{address}:53="))
    port = int(target.rpartition(":")[2])
    return await dns.asyncquery.udp(query, "127.0.0.1", port=port, timeout=0.3)


def sets(section: list[dns.rrset.RRset]) -> list[tuple[str, str]]:
    return [(str(one.name), dns.rdatatype.to_text(one.rdtype)) for one in section]


def sealed(ends: int = 14, *, anchored: bool = True) -> Scenario:
    signing = Signing(timedelta(days=-2 if ends > 0 else -20), timedelta(days=ends), anchored)
    return healthy().with_zone(replace(HARBOR, signing=signing))


async def test_the_zone_above_refers_without_authority_and_with_what_it_knows_of_addresses() -> (
    None
):
    async with Lab() as lab:
        message = await ask(lab, ABOVE, f"www.{DOMAIN}", "A")
        root = await ask(lab, ABOVE, "harbor-ca.example", "SOA")
    assert not message.flags & dns.flags.AA
    assert (message.answer, message.rcode()) == ([], dns.rcode.NOERROR)
    assert sets(message.authority) == [(f"{DOMAIN}.", "NS")]
    assert root.flags & dns.flags.AA  # it serves that zone too


async def test_glue_stands_beside_a_referral_into_the_zone_above() -> None:
    world = healthy().with_records(DOMAIN, "NS", ["ns.root.example."])
    above = world.zone_of("example")
    cut = tuple(
        replace(r, text="ns.root.example.") if (r.name, r.type) == (DOMAIN, "NS") else r
        for r in above.records
    )
    world = world.with_zone(replace(above, records=cut)).with_name_server(
        NameServer(ABOVE, (Zone("example", cut),))
    )
    async with Lab(world) as lab:
        message = await ask(lab, ABOVE, DOMAIN, "NS")
    assert sets(message.additional) == [("ns.root.example.", "A")]


async def test_a_server_refuses_what_it_does_not_hold() -> None:
    async with Lab() as lab:
        own = await ask(lab, FIRST_SERVER, DOMAIN, "SOA")
        other = await ask(lab, FIRST_SERVER, "google.com", "SOA")
    assert own.flags & dns.flags.AA
    assert other.rcode() == dns.rcode.REFUSED
    assert not other.flags & dns.flags.AA


async def test_servers_that_are_lame_broken_or_silent() -> None:
    lame = NameServer(SECOND_SERVER, (CLOUDFLARE,))
    broken_one = NameServer(FIRST_SERVER, (Zone(DOMAIN, ()),))
    async with Lab(healthy().with_name_server(lame).with_name_server(broken_one)) as lab:
        assert (await ask(lab, SECOND_SERVER, DOMAIN, "SOA")).rcode() == dns.rcode.REFUSED
        assert (await ask(lab, FIRST_SERVER, DOMAIN, "SOA")).rcode() == dns.rcode.SERVFAIL
        lab.play(healthy().with_name_server(NameServer(SECOND_SERVER, answers=False)))
        assert (await ask(lab, FIRST_SERVER, DOMAIN, "SOA")).rcode() == dns.rcode.NOERROR
        with pytest.raises(dns.exception.Timeout):
            await ask(lab, SECOND_SERVER, DOMAIN, "SOA")


async def test_a_zone_that_no_server_serves_is_servfail_at_the_resolver() -> None:
    world = healthy()
    for address in (FIRST_SERVER, SECOND_SERVER):
        world = world.with_name_server(NameServer(address, (CLOUDFLARE,)))
    assert abandoned(world) == {DOMAIN}
    async with Lab(world) as lab:
        assert (await ask(lab, "", DOMAIN, "A")).rcode() == dns.rcode.SERVFAIL
        assert (await ask(lab, "", "google.com", "MX")).rcode() == dns.rcode.NOERROR


async def test_the_resolver_marks_what_validates_and_withholds_what_does_not() -> None:
    async with Lab(sealed()) as lab:
        good = await ask(lab, "", DOMAIN, "A")
        assert good.flags & dns.flags.AD
        assert (f"{DOMAIN}.", "RRSIG") in sets(good.answer)
        assert sets((await ask(lab, "", DOMAIN, "DS")).answer) == [(f"{DOMAIN}.", "DS")]
        lab.play(sealed(ends=-3))
        assert (await ask(lab, "", DOMAIN, "A")).rcode() == dns.rcode.SERVFAIL
        unchecked = await ask(lab, "", DOMAIN, "A", checking=False)
        assert (unchecked.rcode(), len(unchecked.answer)) == (dns.rcode.NOERROR, 2)
        lab.play(healthy())
        plain = await ask(lab, "", DOMAIN, "A")
    assert not plain.flags & dns.flags.AD
    assert (plain.rcode(), len(plain.answer)) == (dns.rcode.NOERROR, 1)


async def test_a_signed_zone_without_ds_is_not_withheld() -> None:
    async with Lab(sealed(ends=-3, anchored=False)) as lab:
        message = await ask(lab, "", DOMAIN, "A")
    assert message.rcode() == dns.rcode.NOERROR
    assert not message.flags & dns.flags.AD


def test_a_signed_scenario_is_one_of_plain_records() -> None:
    world = signed(sealed(), NOW)
    kinds = {record.type for record in world.zone_of(DOMAIN).records}
    assert {"DNSKEY", "RRSIG", "NSEC"} <= kinds
    assert [r.name for r in world.zone_of("example").records if r.type == "DS"] == [DOMAIN]
    assert signed(healthy(), NOW) == healthy()


def test_addresses_serve_the_zones_that_name_them() -> None:
    servers = name_servers(broken(["lame-delegation"]))
    names = {at: {zone.name for zone in one.zones or ()} for at, one in servers.items()}
    assert names[FIRST_SERVER] == {DOMAIN, "cloudflare.com"}
    assert names[SECOND_SERVER] == {"cloudflare.com"}
    assert {"", "example", "harbor-ca.example"} <= names[ABOVE]


def test_signing_keeps_the_start_quick() -> None:
    signed(sealed(), NOW)  # the key is made once
    took = []
    for _ in range(3):  # the best of three: the machine may be busy with something else
        began = time.perf_counter()
        signed(sealed(), NOW)
        took.append(time.perf_counter() - began)
    assert min(took) < 0.1
