"""What a handshake and its certificates say (RFC 5280 section 6, RFC 9525)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from launchready_tui.rules.tls.key_strength import UNREAD, Key, Strength
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.vocabulary.safe_text import clean_line

if TYPE_CHECKING:
    from cryptography import x509

MAX_NAMES = 200
LAST_DAYS = timedelta(days=3)
# A short-lived certificate lives for six or seven days and is replaced every two or three (CA/B
# Forum Baseline Requirements 1.6.1): three days left is its usual state, not its end.
SHORT_LIVED = (timedelta(days=5), timedelta(days=7))
SHORT_LIVED_LAST = timedelta(days=1)

Cause = Literal["expired", "not-yet-valid", "wrong-name", "self-signed", "unknown-ca"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One certificate. Names are cleaned; times are UTC; `aia` are URLs of its issuer's own.

    `issuer` is the organisation that vouches, `signed_by` the very certificate that signed
    ("Let's Encrypt" and "Let's Encrypt R11"). `hashed` is the hash under its signature ("sha256"),
    empty where the signature has its own (Ed25519), "other" where it cannot be read.
    """

    subject: str
    names: tuple[str, ...]
    issuer: str
    not_before: datetime
    not_after: datetime
    self_signed: bool = False
    aia: tuple[str, ...] = ()
    signed_by: str = ""
    key: Key = UNREAD
    hashed: str = "other"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The platform's verifier accepts the chain and the name. `chain` begins with the leaf."""

    leaf: Leaf
    chain: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """The verifier says no, and why: `says` is its own sentence."""

    cause: Cause
    leaf: Leaf
    chain: tuple[Leaf, ...]
    says: str = ""


@dataclass(frozen=True, slots=True)
class Handshake:
    """What one address of a host showed.

    `incomplete` is true when an intermediate is missing in the served chain: the result is then
    that of a second look with the issuer's certificate fetched from where the chain's end names it.
    `fetch` says why that certificate could not be had, where it was needed and missing.
    """

    address: str
    result: Accepted | Refused | Unreachable
    incomplete: bool = False
    fetch: Unreachable | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate in full: its bytes, its names as DER, and its summary for people."""

    der: bytes
    subject: bytes
    issuer: bytes
    summary: Leaf
    parsed: x509.Certificate


_CAUSES: dict[int, Cause] = {
    9: "not-yet-valid",
    10: "expired",
    18: "self-signed",
    62: "wrong-name",
    64: "wrong-name",  # the address instead of the name
}


def cause_of(code: int) -> Cause:
    """What OpenSSL's verify code (x509_vfy.h) means to an owner.

    Everything else ends in the same place: no trusted issuer stands behind the certificate.
    """
    return _CAUSES.get(code, "unknown-ca")


def in_last_quarter(leaf: Leaf, now: datetime) -> bool:
    """Whether less than a quarter of the certificate's lifetime is left."""
    return leaf.not_after - now < (leaf.not_after - leaf.not_before) / 4


def in_last_days(leaf: Leaf, now: datetime) -> bool:
    """Whether fewer than three days are left, or one day of a short-lived certificate."""
    shortest, longest = SHORT_LIVED
    short = shortest <= leaf.not_after - leaf.not_before <= longest
    return leaf.not_after - now < (SHORT_LIVED_LAST if short else LAST_DAYS)


def days_left(leaf: Leaf, now: datetime) -> int:
    """Whole days until the certificate ends; 0 on its last day and after it."""
    return max((leaf.not_after - now).days, 0)


def ends_first(chain: tuple[Leaf, ...]) -> Leaf:
    """The certificate of a chain that runs out first: an expired issuer ends the chain too."""
    return min(chain, key=lambda each: each.not_after)


def starts_last(chain: tuple[Leaf, ...]) -> Leaf:
    """The certificate of a chain that begins to count last."""
    return max(chain, key=lambda each: each.not_before)


def strengths(chain: tuple[Leaf, ...]) -> tuple[Strength, ...]:
    """Keys and signatures of a served chain, leaf first; a self-signed one above it is a root."""
    return tuple(
        Strength(each.subject, each.key, each.hashed, root=bool(place) and each.self_signed)
        for place, each in enumerate(chain)
    )


def read(der: bytes) -> Certificate | None:
    """Read one DER certificate; None when it cannot be read."""
    from cryptography import x509

    try:
        return _certificate(x509.load_der_x509_certificate(der))
    except (ValueError, TypeError):
        return None


def issuers_in(body: bytes) -> tuple[Certificate, ...]:
    """The certificates that an issuer's address served: DER, PEM, PKCS #7 (RFC 5280 4.2.2.1)."""
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import pkcs7

    one = read(body)
    if one is not None:
        return (one,)
    for load in (x509.load_pem_x509_certificates, pkcs7.load_der_pkcs7_certificates):
        try:
            return tuple(_certificate(each) for each in load(body)[:10])
        except (ValueError, TypeError, UnsupportedAlgorithm):
            continue
    return ()


def issued(certificate: Certificate, issuer: Certificate) -> bool:
    """Whether this issuer's key signed the certificate and the names match (RFC 5280 6.1.3)."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    try:
        certificate.parsed.verify_directly_issued_by(issuer.parsed)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _certificate(parsed: x509.Certificate) -> Certificate:
    from cryptography.hazmat.primitives.serialization import Encoding

    subject, issuer = parsed.subject.public_bytes(), parsed.issuer.public_bytes()
    summary = Leaf(
        subject=_owner(parsed.subject),
        names=_names(parsed),
        issuer=_owner(parsed.issuer),
        not_before=parsed.not_valid_before_utc,
        not_after=parsed.not_valid_after_utc,
        self_signed=subject == issuer,
        aia=_issuer_urls(parsed),
        signed_by=_in_full(parsed.issuer),
        key=_key(parsed),
        hashed=_hashed(parsed),
    )
    return Certificate(parsed.public_bytes(Encoding.DER), subject, issuer, summary, parsed)


def _key(certificate: x509.Certificate) -> Key:
    """Kind and size of the public key; a curve that the library does not know has no size."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return UNREAD
    match key:
        case rsa.RSAPublicKey():
            return Key("RSA", key.key_size)
        case ec.EllipticCurvePublicKey():
            return Key("EC", key.key_size)
        case ed25519.Ed25519PublicKey():
            return Key("Ed25519")
        case ed448.Ed448PublicKey():
            return Key("Ed448")
    return UNREAD


def _hashed(certificate: x509.Certificate) -> str:
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        hashed = certificate.signature_hash_algorithm
    except (ValueError, UnsupportedAlgorithm):
        return "other"
    return hashed.name if hashed else ""


def _owner(name: x509.Name) -> str:
    """Who a name stands for: the organisation, else the common name."""
    organisation, common = _parts(name)
    return organisation or common or "no name"


def _in_full(name: x509.Name) -> str:
    """Organisation and common name, the first left out where the second holds it."""
    organisation, common = _parts(name)
    return common if organisation in common else f"{organisation} {common}".strip() or "no name"


def _parts(name: x509.Name) -> tuple[str, str]:
    from cryptography.x509.oid import NameOID

    found = []
    for oid in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        texts = (attribute.value for attribute in name.get_attributes_for_oid(oid))
        found.append(next((clean_line(text) for text in texts if isinstance(text, str)), ""))
    return found[0], found[1]


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    """The DNS names that the certificate is for (RFC 9525 6.3); the common name does not count."""
    from cryptography import x509

    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except _unreadable():
        return ()
    names = found.value.get_values_for_type(x509.DNSName)
    return tuple(clean_line(name.lower(), 253) for name in names[:MAX_NAMES])


def _issuer_urls(certificate: x509.Certificate) -> tuple[str, ...]:
    """Where the issuer's certificate can be fetched: caIssuers over http (RFC 5280 4.2.2.1)."""
    from cryptography import x509
    from cryptography.x509.oid import AuthorityInformationAccessOID

    try:
        found = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess)
    except _unreadable():
        return ()
    return tuple(
        each.access_location.value
        for each in found.value
        if each.access_method == AuthorityInformationAccessOID.CA_ISSUERS
        and isinstance(each.access_location, x509.UniformResourceIdentifier)
        and each.access_location.value.lower().startswith("http://")
    )


def _unreadable() -> tuple[type[Exception], ...]:
    from cryptography import x509

    return (
        x509.ExtensionNotFound,
        x509.DuplicateExtension,
        x509.UnsupportedGeneralNameType,
        ValueError,
    )
