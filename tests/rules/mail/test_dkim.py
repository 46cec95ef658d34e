"""RFC 6376 3.6.1, RFC 8301, RFC 8463: keys as they are published, and what is no proof."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from launchready_tui.rules.mail.dkim import (
    Published,
    key_name,
    look,
    looks_like_key,
    read_key,
    rsa_bits,
)
from launchready_tui.vocabulary.facts import Unreachable
from tests.every import every
from tests.rules.dns.zone import SERVFAIL, TIMEOUT, Records, Zone
from tests.rules.tls.keys import p, rsa_der, rsa_record

ED = p(bytes(range(32)))
RSA = p(rsa_der(2048))
NAME = "s._domainkey.d.example"


@pytest.mark.parametrize("bits", [1024, 2048, 3072])
def test_the_length_agrees_with_a_real_library(bits: int) -> None:
    public = rsa.generate_private_key(65537, bits).public_key()
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    bare = public.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    assert rsa_bits(der) == rsa_bits(bare) == bits
    assert rsa_bits(der[:-1]) == rsa_bits(der + b"\0") == rsa_bits(bare[:-3]) == 0


def test_a_key_of_another_kind_is_no_rsa_key() -> None:
    for public in (
        ec.generate_private_key(ec.SECP256R1()).public_key(),
        ed25519.Ed25519PrivateKey.generate().public_key(),
    ):
        assert rsa_bits(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)) == 0


@every(
    ("text", "fault", "bits"),
    [
        (f"v=DKIM1; k=rsa; p={RSA}", "", 2048),
        (f"p={RSA}", "", 2048),  # Resend publishes no more than this
        (f"v=DKIM1;p={RSA};", "", 2048),
        (f"k=rsa; t=s; n=note; x=unknown; p={RSA}", "", 2048),
        (f"v=DKIM1; h=sha1:sha256; s=email; p={RSA}", "", 2048),
        (f"v=DKIM1; s=*; P={RSA}", "", 2048),
        (f"v=DKIM1; p={RSA[:80]} {RSA[80:]}", "", 2048),
        (f"v=DKIM1; p={RSA.rstrip('=')}", "", 2048),
        (f"p={p(rsa_der(2048, bare=True))}", "", 2048),
        (f"p={p(rsa_der(1024))}", "", 1024),
        (f"p={p(rsa_der(1023))}", "weak-key", 1023),
        (f"p={p(rsa_der(512))}", "weak-key", 512),
        (f"v=DKIM1; k=ed25519; p={ED}", "", 256),
        (f"v=DKIM1; k=ed25519; p={p(b'short')}", "broken-key", 0),
        (f"v=DKIM1; k=ed25519; p={RSA}", "broken-key", 0),
        (f"v=DKIM1; k=dsa; p={RSA}", "broken-key", 0),
        ("v=DKIM1; p=", "revoked", 0),
        ("p=;", "revoked", 0),
        ("v=DKIM1; k=ed25519; p=", "revoked", 0),
        ("v=DKIM1", "broken-key", 0),
        ("", "broken-key", 0),
        (f"v=DKIM2; p={RSA}", "broken-key", 0),
        (f"v=DKIM1\\; k=rsa\\; p={RSA}", "broken-key", 0),
        (f"v=DKIM1; h=sha1; p={RSA}", "broken-key", 0),
        (f"v=DKIM1; s=tlsrpt; p={RSA}", "broken-key", 0),
        (f"v=DKIM1; p={RSA[:-40]}", "broken-key", 0),
        (f"v=DKIM1; p={RSA[:40]}!{RSA[41:]}", "broken-key", 0),
        (f"v=DKIM1; p={RSA}; p={RSA}", "broken-key", 0),
        (f"v=DKIM1; p={RSA}; leftover", "broken-key", 0),
        (f"v=DKIM1; p={RSA}; n={'x' * 20_000}", "broken-key", 0),
    ],
)
def test_reading_a_key(text: str, fault: str, bits: int) -> None:
    key = read_key(text)
    assert (key.fault, key.bits) == (fault, bits)


@pytest.mark.parametrize(
    ("flags", "testing"), [("", False), ("t=y;", True), ("t=s:y;", True), ("t=s;", False)]
)
def test_the_testing_flag(flags: str, testing: bool) -> None:
    assert read_key(f"v=DKIM1; {flags} p={RSA}").testing is testing


@settings(deadline=None)  # two busy cores are no fault of the rule
@given(st.text(max_size=200))
def test_hostile_text_never_raises(text: str) -> None:
    read_key(text)
    read_key(f"v=DKIM1; p={text}")
    looks_like_key(text)


@settings(deadline=None)  # two busy cores are no fault of the rule
@given(st.binary(max_size=400))
def test_hostile_der_never_raises(data: bytes) -> None:
    assert rsa_bits(data) >= 0
    assert read_key(f"p={p(data)}").bits >= 0


@settings(deadline=None)  # two busy cores are no fault of the rule
@given(st.integers(0, 270), st.integers(0, 255))
def test_a_damaged_key_never_raises(at: int, byte: int) -> None:
    data = bytearray(rsa_der(2048))
    data[at] = byte
    assert 0 <= rsa_bits(bytes(data)) <= 2048


async def one(records: Records) -> Published:
    (found,) = await look(["s"], "d.example", "made-up", Zone(records))
    return found


@pytest.mark.parametrize(
    ("records", "outcome", "facts"),
    [
        ({f"{NAME} TXT": rsa_record()}, "ok", {"bits": "2048"}),
        ({f"{NAME} TXT": f"k=ed25519; p={ED}"}, "ok", {"bits": "256"}),
        ({f"{NAME} TXT": rsa_record(1024)}, "short-key", {"bits": "1024"}),
        ({f"{NAME} TXT": f"t=y; p={RSA}"}, "testing", {"bits": "2048"}),
        ({f"{NAME} TXT": rsa_record(768)}, "weak-key", {"bits": "768"}),
        ({f"{NAME} TXT": "v=DKIM1; p="}, "revoked", {}),
        ({f"{NAME} TXT": "hello"}, "broken-key", {}),
        ({f"{NAME} TXT": [rsa_record(), rsa_record(1024)]}, "several-keys", {"count": "2"}),
        ({}, "missing", {}),
        ({f"{NAME} A": "192.0.2.1"}, "missing", {}),
        ({f"x.{NAME} TXT": "y"}, "missing", {}),
        (
            {f"{NAME} CNAME": "s.sender.example", "s.sender.example TXT": rsa_record()},
            "ok",
            {"bits": "2048"},
        ),
        ({f"{NAME} CNAME": "gone.example"}, "dead-cname", {"target": "gone.example"}),
        (
            {f"{NAME} CNAME": "s.sender.example", "s.sender.example A": "192.0.2.1"},
            "dead-cname",
            {"target": "s.sender.example"},
        ),
        (
            {f"{NAME}.d.example TXT": rsa_record()},
            "doubled-name",
            {"wrong": f"{NAME}.d.example"},
        ),
        ({f"{NAME}.d.example TXT": "not a key"}, "missing", {}),
        ({f"{NAME}.d.example TXT": SERVFAIL}, "missing", {}),
    ],
)
async def test_what_stands_at_a_selector(
    records: Records, outcome: str, facts: dict[str, str]
) -> None:
    found = await one(records)
    assert (found.outcome, found.facts) == (outcome, facts)
    assert found.name == NAME


@pytest.mark.parametrize("silence", [SERVFAIL, TIMEOUT, Unreachable("refused")])
async def test_no_answer_is_never_missing(silence: Unreachable) -> None:
    found = await one({f"{NAME} TXT": silence})
    assert (found.outcome, found.silence) == ("unanswered", silence)


MADE_UP = key_name("made-up", "d.example")


@pytest.mark.parametrize(
    ("records", "outcome"),
    [
        ({f"{NAME} TXT": rsa_record(), f"{MADE_UP} TXT": rsa_record()}, "wildcard"),
        ({f"{NAME} TXT": "v=spf1 -all", f"{MADE_UP} TXT": "v=spf1 -all"}, "missing"),
        ({f"{NAME} TXT": rsa_record(), f"{MADE_UP} TXT": "v=spf1 -all"}, "ok"),
        ({f"{NAME} TXT": rsa_record(), f"{MADE_UP} TXT": SERVFAIL}, "ok"),
        ({f"{NAME} CNAME": "park.example", f"{MADE_UP} CNAME": "park.example"}, "missing"),
        ({f"{NAME} CNAME": "gone.example", f"{MADE_UP} CNAME": "park.example"}, "dead-cname"),
    ],
)
async def test_what_answers_everywhere_is_no_proof(records: Records, outcome: str) -> None:
    assert (await one(records)).outcome == outcome


async def test_selectors_are_asked_with_the_made_up_one_and_slips_only_for_absent_ones() -> None:
    zone = Zone({f"{NAME} TXT": rsa_record()})
    await look(["s", "t"], "d.example", "made-up", zone)
    assert [name for name, _ in zone.asked] == [
        NAME,
        "t._domainkey.d.example",
        MADE_UP,
        "t._domainkey.d.example.d.example",
    ]
