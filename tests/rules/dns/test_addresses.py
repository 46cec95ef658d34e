"""Public or not, parked or not: tables, and agreement with the ranges at their edges."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.dns.addresses import NOT_PUBLIC, is_public, parked_at, parked_by
from tests.every import every


@every(
    "address",
    ["10.0.0.1", "172.16.0.1", "192.168.255.255", "100.127.255.255", "127.1.2.3", "0.0.0.0",
     "169.254.169.254", "::", "::1", "fc00::", "fdff::1", "fe80::1", "febf::1", "fe80::1%eth0",
     "::ffff:10.0.0.1", "not an address", ""],
)  # fmt: skip
def test_customers_cannot_reach(address: str) -> None:
    assert not is_public(address)


@every(
    "address",
    ["9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "100.63.255.255", "100.128.0.0",
     "169.253.255.255", "1.1.1.1", "fbff::1", "fe00::1", "fec0::1", "2606:4700::1111",
     "::ffff:1.1.1.1", "192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1"],
)  # fmt: skip
def test_customers_can_reach(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses())
def test_every_address_is_in_a_range_or_public(address: object) -> None:
    ip = ip_address(str(address))
    if ip.version == 6 and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    assert is_public(str(address)) == (not any(ip in network for network in NOT_PUBLIC))


@given(st.text(max_size=40))
def test_no_text_breaks_it(text: str) -> None:
    is_public(text)
    parked_at(text)
    parked_by(text)


def test_parking_is_known_by_address_and_by_name() -> None:
    assert parked_at("34.102.136.180") == "GoDaddy"
    assert parked_at("64.190.63.255") == "Sedo"
    assert parked_at("64.190.64.0") is None
    assert parked_at("192.0.2.1") is None
    assert parked_by("ns1.sedoparking.com.") == "Sedo"
    assert parked_by("parkingpage.namecheap.com") == "Namecheap"
    assert parked_by("dns1.registrar-servers.com") is None
    assert parked_by("notbodis.com") is None


def test_no_ordinary_documentation_range_is_taken_for_parking() -> None:
    for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"):
        assert parked_at(str(ip_network(text)[1])) is None
