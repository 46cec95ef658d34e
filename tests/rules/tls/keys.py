"""DKIM keys for tests: public halves of any length, written in DER by hand (RFC 5280 4.1.2.7)."""

from __future__ import annotations

import base64


def _element(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def _integer(value: int) -> bytes:
    return _element(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def rsa_der(bits: int, *, bare: bool = False) -> bytes:
    """A made-up RSA public key; `bare` is RSAPublicKey without the wrapping that all use."""
    key = _element(0x30, _integer((1 << bits) - 1) + _integer(65537))
    if bare:
        return key
    algorithm = _element(0x30, bytes.fromhex("06092a864886f70d0101010500"))
    return _element(0x30, algorithm + _element(0x03, b"\0" + key))


def p(data: bytes) -> str:
    return base64.b64encode(data).decode()


def rsa_record(bits: int = 2048) -> str:
    return f"v=DKIM1; k=rsa; p={p(rsa_der(bits))}"
