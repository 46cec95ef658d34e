"""Certificates signed over SHA-1, which today's libraries refuse, as they should, to make."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

# AlgorithmIdentifier (RFC 5758 3.2): ecdsa-with-SHA256 and ecdsa-with-SHA1.
_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")
_SHA1 = bytes.fromhex("300906072a8648ce3d0401")
_SEQUENCE, _BIT_STRING = 0x30, 0x03


def sign_over_sha1(
    certificate: x509.Certificate, issuer: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    """The same certificate, which an EC key signed over SHA-256, signed by it over SHA-1."""
    inner = certificate.tbs_certificate_bytes
    start = 2 if inner[1] < 0x80 else 2 + (inner[1] & 0x7F)
    inner = _der(_SEQUENCE, inner[start:].replace(_SHA256, _SHA1, 1))
    signature = issuer.sign(inner, ec.ECDSA(hashes.SHA1()))  # noqa: S303  weak on purpose
    whole = _der(_SEQUENCE, inner + _SHA1 + _der(_BIT_STRING, b"\0" + signature))
    return x509.load_der_x509_certificate(whole)


def _der(kind: int, content: bytes) -> bytes:
    """A DER value with its length (X.690 8.1.3)."""
    size = len(content)
    if size < 0x80:
        return bytes([kind, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([kind, 0x80 | len(length)]) + length + content
