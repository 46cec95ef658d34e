"""The lab's certificate authority: a root, an intermediate, and leaves made when first served.

Keys are EC P-256, unless a certificate asks for another kind, and live in a private folder that
the lab removes. The leaf names the intermediate's address (AIA, RFC 5280 4.2.2.1), so that a
missing one can be told from an unknown authority.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from launchready_tui.lab.healthy import ISSUER_HOST, ISSUER_PATH
from launchready_tui.lab.old_signature import sign_over_sha1
from launchready_tui.lab.scenario import Certificate, KeyKind

PEM = serialization.Encoding.PEM
OWN = Certificate(()).organisation
LAX = "ALL:@SECLEVEL=0"  # OpenSSL's level at which keys and signatures of the past still count

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


@dataclass(frozen=True)
class _Issuer:
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


class Authority:
    """Issues certificates for one lab. `now` is when their offsets count from (UTC)."""

    def __init__(self, now: datetime, folder: Path) -> None:
        self._now = now.replace(microsecond=0)
        self._folder = folder
        self._root = self._issuer("Harbor Lab Root", None)
        self._intermediate = self._issuer("Harbor Lab Issuing Authority", self._root)
        self._others: dict[str, _Issuer] = {}
        self.root = folder / "root.pem"
        self.root.write_bytes(self._root.certificate.public_bytes(PEM))

    @property
    def now(self) -> datetime:
        """The moment that offsets count from."""
        return self._now

    @cached_property
    def intermediate(self) -> bytes:
        """The intermediate certificate, DER: what the AIA address serves."""
        return self._intermediate.certificate.public_bytes(serialization.Encoding.DER)

    def files(self, certificate: Certificate) -> tuple[Path, Path]:
        """The served chain and its key as PEM files, made on the first call."""
        name = sha256(repr(certificate).encode()).hexdigest()[:16]
        chain, key = self._folder / f"{name}.pem", self._folder / f"{name}.key"
        if not key.exists():
            served, private = self._leaf(certificate)
            chain.write_bytes(served)
            key.write_bytes(private)
        return chain, key

    def context(self, certificate: Certificate) -> ssl.SSLContext:
        """A server's TLS context (1.2 and 1.3) for a certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if certificate.weak:
            context.set_ciphers(LAX)
        context.load_cert_chain(*self.files(certificate))
        return context

    def _intermediate_of(self, organisation: str) -> _Issuer:
        """The intermediate that says it belongs to this organisation."""
        if organisation == OWN:
            return self._intermediate
        if organisation not in self._others:
            name = f"{organisation} at the lab"
            self._others[organisation] = self._issuer(name, self._root, organisation)
        return self._others[organisation]

    def _issuer(self, name: str, parent: _Issuer | None, organisation: str = OWN) -> _Issuer:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _name(name, organisation)
        usage = x509.KeyUsage(
            digital_signature=True, key_cert_sign=True, crl_sign=True,
            content_commitment=False, key_encipherment=False, data_encipherment=False,
            key_agreement=False, encipher_only=False, decipher_only=False,
        )  # fmt: skip
        builder = (
            self._builder(subject, parent.certificate.subject if parent else subject, key)
            .not_valid_before(self._now - timedelta(days=365))
            .not_valid_after(self._now + timedelta(days=3650))
            .add_extension(
                x509.BasicConstraints(ca=True, path_length=0 if parent else 1), critical=True
            )
            .add_extension(usage, critical=True)
        )
        if parent:
            builder = _names_issuer(builder, parent.key)
        return _Issuer(key, builder.sign((parent.key if parent else key), hashes.SHA256()))

    def _leaf(self, wanted: Certificate) -> tuple[bytes, bytes]:
        key = _private_key(wanted.key)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, wanted.names[0])])
        by_self = wanted.issuer == "self"
        parent = None if by_self else self._intermediate_of(wanted.organisation)
        builder = (
            self._builder(subject, parent.certificate.subject if parent else subject, key)
            .not_valid_before(self._now + wanted.starts)
            .not_valid_after(self._now + wanted.ends)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(
                x509.SubjectAlternativeName([x509.DNSName(name) for name in wanted.names]),
                critical=False,
            )
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        )
        if parent:
            address = x509.UniformResourceIdentifier(f"http://{ISSUER_HOST}{ISSUER_PATH}")
            access = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, address)
            builder = _names_issuer(builder, parent.key).add_extension(
                x509.AuthorityInformationAccess([access]), critical=False
            )
        signer = parent.key if parent else key
        own_hash = isinstance(signer, ed25519.Ed25519PrivateKey)  # it hashes in a way of its own
        signed = builder.sign(signer, None if own_hash else hashes.SHA256())
        if wanted.sha1 and isinstance(signer, ec.EllipticCurvePrivateKey):
            signed = sign_over_sha1(signed, signer)
        served = signed.public_bytes(PEM)
        if parent and wanted.intermediate:
            served += parent.certificate.public_bytes(PEM)
        private = key.private_bytes(
            PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return served, private

    def _builder(
        self, subject: x509.Name, issuer: x509.Name, key: PrivateKey
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
            )
        )


def _private_key(kind: KeyKind) -> PrivateKey:
    match kind:
        case "rsa-2048":
            return rsa.generate_private_key(65537, 2048)
        case "rsa-1024":
            return rsa.generate_private_key(65537, 1024)  # noqa: S505  weak on purpose
        case "ed25519":
            return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key(ec.SECP256R1())


def _name(common: str, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _names_issuer(
    builder: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
    return builder.add_extension(identifier, critical=False)
