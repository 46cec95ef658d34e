"""Whether a certificate's key and signature hold today (CA/B Baseline Requirements 6.1.5, 7.1.3).

RSA from 2048 bits, elliptic curves from 256, Ed25519 and Ed448 of their own strength; signatures
over SHA-2 or its successors. A root is trusted by its presence in the browser, not by its own
signature (RFC 5280 6.1): one that is sent along is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

RSA_BITS, EC_BITS = 2048, 256
BROKEN = {"md5": "MD5", "sha1": "SHA-1"}

KeyKind = Literal["RSA", "EC", "Ed25519", "Ed448", "other"]


@dataclass(frozen=True, slots=True)
class Key:
    """A public key. `bits` is 0 where its size says nothing or could not be read."""

    kind: KeyKind = "other"
    bits: int = 0

    @property
    def weak(self) -> bool | None:
        """Whether the key is too short; None where we cannot tell."""
        match self.kind:
            case "Ed25519" | "Ed448":
                return False
            case "RSA" if self.bits:
                return self.bits < RSA_BITS
            case "EC" if self.bits:
                return self.bits < EC_BITS
        return None

    def __str__(self) -> str:
        kind = "a kind that we don't know" if self.kind == "other" else self.kind
        return f"{kind}, {self.bits} bits" if self.bits else kind


@dataclass(frozen=True, slots=True)
class Strength:
    """What certifies one certificate: its key, and the hash that its issuer signed.

    `hashed` is OpenSSL's name of the hash, lower case; empty where the signature has its own
    (Ed25519), "other" where we cannot read it. `root` marks a self-signed certificate above the
    leaf.
    """

    owner: str
    key: Key
    hashed: str
    root: bool = False

    @property
    def forgeable(self) -> str:
        """The broken hash under the signature as people write it, or an empty string."""
        return BROKEN.get(self.hashed, "")

    def in_words(self) -> str:
        """The key and the hash as evidence shows them."""
        return f"{self.key}; signed over {self.hashed}" if self.hashed else str(self.key)

    @property
    def readable(self) -> bool:
        """Whether we know both the kind of key and the hash."""
        return self.key.weak is not None and self.hashed != "other"


UNREAD = Key()


def weakest(served: Iterable[Strength]) -> Strength | None:
    """The first certificate of a served chain that does not hold: short keys first, then hashes.

    None when all that could be read hold; those that could not are for the caller to ask about.
    """
    counted = [each for each in served if not each.root]
    short = next((each for each in counted if each.key.weak), None)
    return short or next((each for each in counted if each.forgeable), None)


def unread(served: Iterable[Strength]) -> Strength | None:
    """The first certificate whose key or signature is of a kind that we cannot judge."""
    return next((each for each in served if not each.root and not each.readable), None)
