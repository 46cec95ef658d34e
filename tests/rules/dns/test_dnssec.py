"""Signatures are judged by the time that is passed in; what nobody can check is not bogus."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Literal

import dns.dnssec
import dns.name
import dns.rdata
import dns.rdatatype
import dns.rrset
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.DS import DS
from dns.rdtypes.ANY.RRSIG import RRSIG

from launchready_tui.rules.dns.dnssec import Copy, Dnssec, Hearing, Judgement, SignedSet, judge
from launchready_tui.vocabulary.facts import Unreachable

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
DAY = timedelta(days=1)
ZONE = dns.name.from_text("d.example.")
Algorithm = Literal["ECDSAP256SHA256", "RSASHA1"]
Key = tuple[ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, DNSKEY]


@cache
def key(algorithm: Algorithm = "ECDSAP256SHA256", number: int = 0) -> Key:
    private = (
        ec.generate_private_key(ec.SECP256R1())
        if algorithm == "ECDSAP256SHA256"
        else rsa.generate_private_key(65537, 2048)
    )
    return private, dns.dnssec.make_dnskey(private.public_key(), algorithm, flags=257)


def signed(
    records: dns.rrset.RRset,
    starts: datetime = NOW - DAY,
    until: datetime = NOW + 10 * DAY,
    by: Key | None = None,
) -> SignedSet:
    private, public = by or key()
    signature = dns.dnssec.sign(
        records,
        private,
        ZONE,
        public,
        inception=starts,
        expiration=until,
        policy=dns.dnssec.allow_all_policy,
    )
    return SignedSet(records, (signature,))


def seen(
    starts: datetime = NOW - DAY,
    until: datetime = NOW + 10 * DAY,
    *,
    by: Key | None = None,
    anchored_by: Key | None = None,
    direct: bool = True,
    hearings: tuple[Hearing, ...] = (),
) -> Dnssec:
    public = (by or key())[1]
    keys = dns.rrset.from_rdata(ZONE, 3600, public)
    soa = dns.rrset.from_text(ZONE, 3600, "IN", "SOA", "ns1.d.example. h.d.example. 1 2 3 4 5")
    copy = Copy(
        "ns1.d.example",
        signed(keys, starts, until, by),
        (signed(soa, starts, until, by),),
        direct,
    )
    anchor = dns.dnssec.make_ds(ZONE, (anchored_by or by or key())[1], "SHA256")
    return Dnssec("d.example", (anchor,), True, (copy,), hearings)


def hearing(checked: str = "", unchecked: str = "", *, vouches: bool = False) -> Hearing:
    return Hearing("192.0.2.8", checked, unchecked, vouches)


def kind(found: Judgement | Unreachable) -> str:
    return found.kind if isinstance(found, Judgement) else found.reason


def test_a_chain_that_validates_passes() -> None:
    assert judge(seen(), NOW) == Judgement("ok", "ns1.d.example", NOW + 10 * DAY)


@pytest.mark.parametrize(("has_keys", "expected"), [(False, "unsigned"), (True, "no-ds")])
def test_without_ds_nothing_is_checked(has_keys: bool, expected: str) -> None:
    found = Dnssec("d.example", (), has_keys, (), (hearing(),))
    assert kind(judge(found, NOW)) == expected


def test_servfail_without_ds_proves_nothing() -> None:
    found = Dnssec("d.example", (), False, (), (hearing("servfail"),))
    assert judge(found, NOW) == Unreachable("servfail", "d.example")


def test_signatures_that_ended_name_the_day() -> None:
    found = judge(seen(NOW - 20 * DAY, NOW - 3 * DAY), NOW)
    assert found == Judgement("expired", "ns1.d.example", NOW - 3 * DAY)


def test_signatures_that_have_not_begun_are_bogus() -> None:
    assert kind(judge(seen(NOW + DAY, NOW + 9 * DAY), NOW)) == "bogus"


@pytest.mark.parametrize(("starts", "until", "expected"), [
    (28 * DAY, 2 * DAY, "ends-soon"),
    (28 * DAY, 4 * DAY, "ok"),
    (1 * DAY, 1 * DAY, "ok"),  # signed on the fly for two days, as Cloudflare does
    (20 * DAY, 1 * DAY, "ends-soon"),
    (12 * DAY, 2 * DAY, "ok"),  # Knot renews with a tenth left
])  # fmt: skip
def test_signatures_that_nobody_renewed_in_time(
    starts: timedelta, until: timedelta, expected: str
) -> None:
    assert kind(judge(seen(NOW - starts, NOW + until), NOW)) == expected


def test_keys_that_the_zone_above_does_not_name_are_bogus() -> None:
    found = judge(seen(anchored_by=key(number=1)), NOW)
    assert found == Judgement("bogus", "ns1.d.example", why="other-keys")


def test_a_changed_record_is_bogus() -> None:
    good = seen()
    (soa,) = good.copies[0].sets
    other = dns.rrset.from_text(ZONE, 3600, "IN", "SOA", "ns1.d.example. h.d.example. 9 2 3 4 5")
    bad = replace(good.copies[0], sets=(SignedSet(other, soa.signatures),))
    found = judge(replace(good, copies=(bad,)), NOW)
    assert found == Judgement("bogus", "ns1.d.example", why="broken")


def test_an_unsigned_zone_below_a_ds_record_is_bogus_where_its_own_server_says_so() -> None:
    good = seen()
    for direct, expected in ((True, "bogus"), (False, "not-known")):
        bare = Copy("ns1.d.example", None, (), direct)
        found = judge(replace(good, copies=(bare,), hearings=(hearing(),)), NOW)
        assert kind(found) == expected


def test_servers_that_lose_their_signatures_on_the_way_to_us_are_not_bogus() -> None:
    """Where EDNS is blocked we see no signatures, and a resolver elsewhere has checked them."""
    bare = Copy("ns1.d.example", None, ())
    heard = (hearing(vouches=True),)
    found = replace(seen(), copies=(bare, bare), hearings=heard)
    assert kind(judge(found, NOW)) == "ok"
    mixed = replace(seen(), copies=(*seen().copies, bare), hearings=heard)
    assert kind(judge(mixed, NOW)) == "bogus"


def test_one_server_with_old_signatures_is_enough() -> None:
    old = seen(NOW - 20 * DAY, NOW - DAY).copies
    assert kind(judge(replace(seen(), copies=(*seen().copies, *old)), NOW)) == "expired"


def test_what_a_resolver_remembers_may_have_ended_since() -> None:
    for ended, expected in ((timedelta(minutes=30), "not-known"), (timedelta(hours=2), "expired")):
        found = judge(seen(NOW - 20 * DAY, NOW - ended, direct=False, hearings=(hearing(),)), NOW)
        assert kind(found) == expected


@pytest.mark.parametrize(("heard", "expected"), [
    ((hearing("servfail"),), "bogus"),
    ((hearing("servfail"), hearing()), "bogus"),
    ((hearing("servfail"), hearing(vouches=True)), "ok"),
    ((hearing(vouches=True),), "ok"),
    ((hearing("servfail", "servfail"),), "servfail"),
    ((hearing("timeout", "timeout"),), "timeout"),
    ((hearing("refused", "refused"),), "refused"),
    ((hearing(),), "not-known"),
])  # fmt: skip
def test_resolvers_alone(heard: tuple[Hearing, ...], expected: str) -> None:
    found = judge(replace(seen(), copies=(), hearings=heard), NOW)
    assert kind(found) == expected


def test_a_weak_algorithm_is_not_bogus() -> None:
    assert kind(judge(seen(by=key("RSASHA1")), NOW)) in ("ok", "not-known")


def test_an_algorithm_that_nobody_here_knows_is_unknown() -> None:
    good = seen()
    copy = good.copies[0]
    assert copy.keys is not None
    strange = dns.rdata.from_text("IN", "DNSKEY", f"257 3 200 {'AAAA' * 16}")
    assert isinstance(strange, DNSKEY)
    keys = dns.rrset.from_rdata(ZONE, 3600, strange)
    sets = tuple(
        SignedSet(one.records, tuple(_as(each, 200, strange) for each in one.signatures))
        for one in (SignedSet(keys, copy.keys.signatures), *copy.sets)
    )
    anchor = dns.dnssec.make_ds(ZONE, strange, "SHA256", validating=True)
    odd = replace(good, anchors=(anchor,), copies=(replace(copy, keys=sets[0], sets=sets[1:]),))
    assert kind(judge(odd, NOW)) == "not-known"
    unread = dns.rdata.from_text("IN", "DS", f"{anchor.key_tag} 200 99 {'00' * 20}")
    assert isinstance(unread, DS)
    assert kind(judge(replace(odd, anchors=(unread,)), NOW)) == "not-known"


def _as(signature: RRSIG, algorithm: int, public: DNSKEY) -> RRSIG:
    changed = signature.replace(algorithm=algorithm, key_tag=dns.dnssec.key_id(public))
    assert isinstance(changed, RRSIG)
    return changed


def test_a_pile_of_keys_is_not_tried_one_by_one() -> None:
    good = seen()
    copy = good.copies[0]
    assert copy.keys is not None
    many = [dns.rdata.from_text("IN", "DNSKEY", f"257 3 13 {n:04d}{'A' * 80}") for n in range(99)]
    keys = dns.rrset.from_rdata_list(ZONE, 3600, many)
    heavy = replace(copy, keys=SignedSet(keys, copy.keys.signatures))
    assert kind(judge(replace(good, copies=(heavy,)), NOW)) == "too-large"
