"""Keys and signatures: where the line lies, and what real certificates of odd kinds read as.

`odd_certificates.pem` was made by `openssl req -x509`, one for each name in it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from launchready_tui.rules.tls.certificates import Leaf, read, strengths
from launchready_tui.rules.tls.key_strength import Key, Strength, unread, weakest

GOOD = Strength("good.example", Key("EC", 256), "sha256")
ODD = Path(__file__).with_name("odd_certificates.pem").read_text("ascii")


def odd(name: str) -> Leaf:
    pem = ODD.split(f"# {name}\n")[1].split("#")[0]
    certificate = read(x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER))
    assert certificate is not None
    return certificate.summary


@pytest.mark.parametrize(("key", "weak"), [
    (Key("RSA", 2048), False),
    (Key("RSA", 2047), True),
    (Key("RSA", 4096), False),
    (Key("EC", 256), False),
    (Key("EC", 255), True),
    (Key("EC", 521), False),
    (Key("Ed25519"), False),
    (Key("Ed448"), False),
    (Key("EC"), None),
    (Key("RSA"), None),
    (Key(), None),
])  # fmt: skip
def test_where_a_key_is_too_short(key: Key, weak: bool | None) -> None:
    assert key.weak is weak


@pytest.mark.parametrize(("hashed", "said"), [
    ("sha1", "SHA-1"),
    ("md5", "MD5"),
    ("sha224", ""),
    ("sha256", ""),
    ("sha512", ""),
    ("sha3-256", ""),
    ("", ""),
])  # fmt: skip
def test_which_hashes_can_be_forged(hashed: str, said: str) -> None:
    assert replace(GOOD, hashed=hashed).forgeable == said


@pytest.mark.parametrize(("name", "key", "hashed"), [
    ("rsa-512-sha256", Key("RSA", 512), "sha256"),
    ("rsa-1024-md5", Key("RSA", 1024), "md5"),
    ("prime192v1", Key("EC", 192), "sha1"),
    ("secp256k1", Key("EC", 256), "sha1"),
    ("secp160r1", Key(), "sha1"),
    ("ed", Key("Ed448"), ""),
    ("pss", Key("RSA", 2048), "sha256"),
    ("pss1", Key("RSA", 1024), "sha1"),
])  # fmt: skip
def test_a_real_certificate_is_read(name: str, key: Key, hashed: str) -> None:
    leaf = odd(name)
    assert (leaf.key, leaf.hashed) == (key, hashed)


def test_short_keys_come_before_old_signatures_wherever_they_stand() -> None:
    short = replace(GOOD, key=Key("RSA", 1024))
    old = replace(GOOD, hashed="sha1")
    assert weakest([GOOD, old, short]) == short
    assert weakest([GOOD, old]) == old
    assert weakest([GOOD, GOOD]) is None


def test_a_self_signed_root_above_the_leaf_is_not_judged() -> None:
    root = replace(GOOD, key=Key("RSA", 1024), hashed="md5", root=True)
    assert weakest([GOOD, root]) is None
    assert unread([GOOD, replace(root, hashed="other")]) is None
    leaf = odd("rsa-1024-md5")
    assert [each.root for each in strengths((leaf, leaf))] == [False, True]


def test_what_cannot_be_read_is_neither_good_nor_bad() -> None:
    strange = strengths((odd("secp160r1"),))[0]
    assert weakest([replace(strange, hashed="sha256")]) is None
    assert unread([GOOD, replace(strange, hashed="sha256")]) is not None
    assert unread([GOOD, replace(GOOD, hashed="other")]) is not None
    assert unread([GOOD]) is None
