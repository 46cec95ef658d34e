"""The keys that check a signature: DKIM key records (RFC 6376 3.6.1, RFC 8301, RFC 8463)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field

from launchready_tui.rules.mail.tag_list import parse
from launchready_tui.vocabulary.facts import (
    Answer,
    DnsReply,
    Lookup,
    NoData,
    NoSuchName,
    Unreachable,
    ask_all,
)

SHORTEST = 1024  # bits of an RSA key below which a signature counts for nothing: RFC 8301 3.2
NORMAL = 2048  # bits that RFC 8301 3.2 asks signers for
ED25519_BYTES = 32  # RFC 8463 3
KEY_LIMIT = 20_000  # characters of a key record that are read

_RSA_ENCRYPTION = bytes.fromhex("2a864886f70d010101")  # the object id 1.2.840.113549.1.1.1
_SEQUENCE, _INTEGER, _BIT_STRING, _OBJECT_ID = 0x30, 0x02, 0x03, 0x06


@dataclass(frozen=True, slots=True)
class Key:
    """One key record. `fault` is the outcome that makes it useless, or an empty string.

    `bits` is the length of the RSA modulus, 256 for ed25519, 0 where there is no readable key.
    """

    algorithm: str
    bits: int = 0
    testing: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """What stands at one selector: the outcome, the facts for its words, and what we saw.

    `outcome` is "unanswered" where nobody could be asked, with the reason in `silence`.
    """

    selector: str
    name: str
    outcome: str
    facts: dict[str, str] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    silence: Unreachable | None = None

    @property
    def works(self) -> bool:
        """Whether receivers can check a signature with this key."""
        return self.outcome in ("ok", "short-key", "testing")

    @property
    def absent(self) -> bool:
        """Whether the selector surely has no key."""
        return self.outcome == "missing"


def key_name(selector: str, domain: str) -> str:
    """Where the key of a selector stands: RFC 6376 3.6.2.1."""
    return f"{selector}._domainkey.{domain}"


def looks_like_key(text: str) -> bool:
    """Whether a TXT record was meant as a DKIM key. The version is optional: RFC 6376 3.6.1."""
    tags = parse(text[:KEY_LIMIT]).tags
    return "p" in tags or tags.get("v", "").upper() == "DKIM1"


def read_key(text: str) -> Key:
    """Judge one key record. Never raises; tags that are not known are ignored (RFC 6376 3.2)."""
    found = parse(text[:KEY_LIMIT])
    algorithm = found.get("k", "rsa").lower()
    testing = "y" in _list(found.get("t"))
    broken = Key(algorithm, 0, testing, "broken-key")
    if found.broken or found.doubled or "p" not in found.tags or len(text) > KEY_LIMIT:
        return broken
    if found.get("v", "DKIM1") != "DKIM1" or not {"*", "email"} & _list(found.get("s", "*")):
        return broken
    if "sha256" not in _list(found.get("h", "sha256")):  # RFC 8301 3.1 forbids SHA-1
        return broken
    if not found.get("p"):
        return Key(algorithm, 0, testing, "revoked")
    data = _decode(found.get("p"))
    if algorithm == "ed25519":
        return Key(algorithm, 256, testing) if len(data) == ED25519_BYTES else broken
    bits = rsa_bits(data) if algorithm == "rsa" else 0
    if not bits:
        return broken
    return Key(algorithm, bits, testing, "weak-key" if bits < SHORTEST else "")


def rsa_bits(der: bytes) -> int:
    """The length in bits of an RSA key in DER, or 0. Both forms in use are read.

    SubjectPublicKeyInfo (RFC 5280 4.1.2.7) is what everybody publishes; RSAPublicKey
    (RFC 8017 A.1.1) is what RFC 6376 names.
    """
    parts = _children(der)
    if len(parts) == 2 and parts[0][0] == _SEQUENCE and parts[1][0] == _BIT_STRING:
        algorithm = _children(der, inside=parts[0][1])
        if not algorithm or algorithm[0] != (_OBJECT_ID, _RSA_ENCRYPTION):
            return 0
        parts = _children(parts[1][1][1:])  # the first byte counts unused bits
    if len(parts) != 2 or any(tag != _INTEGER for tag, _ in parts):
        return 0
    return max(int.from_bytes(parts[0][1], "big", signed=True), 0).bit_length()


def _children(der: bytes, inside: bytes | None = None) -> list[tuple[int, bytes]]:
    """The (tag, content) pairs in one DER sequence; nothing where it is cut off or longer."""
    if inside is None:
        outer = _element(der, 0)
        if outer is None or outer[0] != _SEQUENCE or outer[2] != len(der):
            return []
        inside = outer[1]
    found: list[tuple[int, bytes]] = []
    at = 0
    while at < len(inside):
        element = _element(inside, at)
        if element is None:
            return []
        found.append((element[0], element[1]))
        at = element[2]
    return found


def _element(data: bytes, at: int) -> tuple[int, bytes, int] | None:
    """Tag, content and end of the DER element at `at` (X.690 8.1), or None."""
    if at + 2 > len(data):
        return None
    tag, length, start = data[at], data[at + 1], at + 2
    if length & 0x80:
        count = length & 0x7F
        if not 1 <= count <= 3 or start + count > len(data):
            return None
        length, start = int.from_bytes(data[start : start + count], "big"), start + count
    end = start + length
    return (tag, data[start:end], end) if end <= len(data) else None


def _decode(text: str) -> bytes:
    """Base64 with spaces inside and padding optional, as RFC 6376 2.10 allows; b"" when broken."""
    packed = "".join(text.split())
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _list(value: str) -> set[str]:
    return {item.strip().lower() for item in value.split(":")}


async def look(
    selectors: Sequence[str], domain: str, made_up: str, lookup: Lookup
) -> tuple[Published, ...]:
    """What stands at each selector of a domain, and at a selector that cannot exist.

    `made_up` is a random selector: what answers there answers everywhere (RFC 4592), and proves
    nothing. We ask for the full names and never trust what `_domainkey` itself answers: servers
    that deny empty names are common (RFC 8020). All are asked at once, and then, for those that
    are absent, the name with the domain typed twice.
    """
    names = [key_name(selector, domain) for selector in (*selectors, made_up)]
    *replies, wildcard = await ask_all(lookup, [(name, "TXT") for name in names])
    found = [
        judge(selector, name, reply, wildcard)
        for selector, name, reply in zip(selectors, names, replies, strict=False)
    ]
    doubled = [f"{each.name}.{domain}" for each in found if each.absent]
    slips = iter(await ask_all(lookup, [(name, "TXT") for name in doubled]))
    return tuple(_doubled(each, domain, next(slips)) if each.absent else each for each in found)


def judge(selector: str, name: str, reply: DnsReply, wildcard: DnsReply) -> Published:
    """What one TXT reply says about the key at `name` (RFC 6376 3.6.2)."""
    if isinstance(reply, Unreachable):
        return Published(selector, name, "unanswered", silence=reply)
    everywhere = not isinstance(wildcard, Unreachable) and _same(reply, wildcard)
    if isinstance(reply, NoSuchName | NoData):
        if reply.chain and not everywhere:
            return Published(selector, name, "dead-cname", {"target": reply.chain[-1]})
        return Published(selector, name, "missing")
    keys = [text for text in reply.records if looks_like_key(text)]
    if everywhere:
        outcome = "wildcard" if keys else "missing"
        return Published(selector, name, outcome, texts=reply.records)
    if len(reply.records) > 1:  # RFC 6376 3.6.2.2: which of them counts is undefined
        count = {"count": str(len(reply.records))}
        return Published(selector, name, "several-keys", count, reply.records)
    key = read_key(reply.records[0])
    facts = {"bits": str(key.bits)} if key.bits else {}
    outcome = key.fault
    if not outcome:
        short = key.algorithm == "rsa" and key.bits < NORMAL
        outcome = "testing" if key.testing else "short-key" if short else "ok"
    return Published(selector, name, outcome, facts, reply.records)


def _same(reply: DnsReply, wildcard: DnsReply) -> bool:
    """Whether a made-up name answers the very same, so that a wildcard is what we see."""
    if isinstance(reply, Answer):
        return isinstance(wildcard, Answer) and set(reply.records) == set(wildcard.records)
    chain = reply.chain if isinstance(reply, NoSuchName | NoData) else ()
    other = wildcard.chain if isinstance(wildcard, NoSuchName | NoData) else ()
    return bool(chain) and chain == other


def _doubled(each: Published, domain: str, reply: DnsReply) -> Published:
    if not isinstance(reply, Answer) or not any(map(looks_like_key, reply.records)):
        return each
    wrong = f"{each.name}.{domain}"
    return Published(each.selector, each.name, "doubled-name", {"wrong": wrong}, reply.records)
