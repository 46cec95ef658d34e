"""Certificates for the tests: an authority, an intermediate, and leaves with chosen faults."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@dataclass
class Served:
    """A leaf with its key and the certificates that are sent after it."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    after: tuple[x509.Certificate, ...] = ()

    def context(self, folder: Path) -> ssl.SSLContext:
        """A server's context that shows this chain."""
        path = folder / f"{self.certificate.serial_number}.pem"
        key = self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        path.write_bytes(key + b"".join(pem(each) for each in (self.certificate, *self.after)))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


@dataclass
class Authority:
    """A certificate authority; `above` makes it an intermediate one."""

    name: str = "Test Root"
    above: Authority | None = None
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    aia: str = ""

    def __post_init__(self) -> None:
        signer = self.above or self
        builder = _builder(self.name, signer.name, self.key, days=3650).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        )
        self.certificate = _with_aia(builder, self.aia).sign(signer.key, hashes.SHA256())

    def leaf(
        self,
        *names: str,
        days: int = 90,
        since: int = 1,
        aia: str = "",
        common_name: str = "",
        self_signed: bool = False,
        after: tuple[x509.Certificate, ...] = (),
    ) -> Served:
        """A certificate for these names that began `since` days ago and ends in `days`."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = common_name or names[0]
        issuer, signer = (subject, key) if self_signed else (self.name, self.key)
        builder = _builder(subject, issuer, key, days=days, since=since)
        if names:
            alternatives = [x509.DNSName(name) for name in names]
            builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), False)
        return Served(_with_aia(builder, aia).sign(signer, hashes.SHA256()), key, after)


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _builder(
    subject: str, issuer: str, key: ec.EllipticCurvePrivateKey, *, days: int, since: int = 1
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    start = now - timedelta(days=max(since, 1 - days))
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=since) if since < 0 else start)
        .not_valid_after(now + timedelta(days=days))
    )


def _with_aia(builder: x509.CertificateBuilder, url: str) -> x509.CertificateBuilder:
    if not url:
        return builder
    place = x509.AccessDescription(
        AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(url)
    )
    return builder.add_extension(x509.AuthorityInformationAccess([place]), False)
