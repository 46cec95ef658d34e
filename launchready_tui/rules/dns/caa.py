"""Which companies may make certificates for a host: CAA records (RFC 8659)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from launchready_tui.vocabulary.facts import Answer, DnsReply, Unreachable

# Issuer organisation, as its certificates write it (a beginning, in small letters), to the names
# by which CAA records allow it. From the CAs' own pages: Amazon Trust Services, DigiCert (with
# GeoTrust, RapidSSL and Thawte), Sectigo (once Comodo; ZeroSSL issues through it), GoDaddy with
# Starfield, Buypass, SSL.com; see docs/checks/dns.caa.md.
_SECTIGO = ("sectigo.com", "comodo.com", "comodoca.com", "usertrust.com", "trust-provider.com")
_DIGICERT = ("digicert.com", "geotrust.com", "rapidssl.com", "thawte.com", "symantec.com")
AUTHORITIES: Mapping[str, tuple[str, ...]] = {
    "let's encrypt": ("letsencrypt.org",),
    "google trust services": ("pki.goog",),
    "digicert": _DIGICERT,
    "geotrust": _DIGICERT,
    "thawte": _DIGICERT,
    "sectigo": _SECTIGO,
    "comodo": _SECTIGO,
    "the usertrust network": _SECTIGO,
    "zerossl": _SECTIGO,
    "amazon": ("amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"),
    "godaddy": ("godaddy.com", "starfieldtech.com"),
    "starfield": ("godaddy.com", "starfieldtech.com"),
    "globalsign": ("globalsign.com",),
    "ssl corp": ("ssl.com",),
    "ssl corporation": ("ssl.com",),
    "ssl.com": ("ssl.com",),
    "buypass": ("buypass.com", "buypass.no"),
}

# Tags that every CA has to understand (RFC 8659 4, Baseline Requirements 2.2), and those that
# IANA lists besides: a CA may know these, or not.
_UNDERSTOOD = frozenset({"issue", "issuewild", "iodef"})
_LISTED = frozenset({"contactemail", "contactphone", "issuemail", "issuevmc"})
_CRITICAL = 128

_RECORD = re.compile(r'(\d{1,3}) ([A-Za-z0-9]+) "?(.*?)"?\Z', re.DOTALL)
_ESCAPE = re.compile(r"\\(\d{3}|.)", re.DOTALL)
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z")


@dataclass(frozen=True, slots=True)
class Property:
    """One CAA record: its flags, its tag in lower case, its value."""

    flags: int
    tag: str
    value: str

    @property
    def critical(self) -> bool:
        """Whether who does not know the tag must not issue (RFC 8659 4.1)."""
        return bool(self.flags & _CRITICAL)

    @property
    def issuer(self) -> str:
        """The CA's domain in an issue property, without parameters; empty when it allows nobody.

        A value that is no domain name allows nobody either (RFC 8659 4.2).
        """
        name = self.value.partition(";")[0].strip(" \t").lower().removesuffix(".")
        return name if _DOMAIN.match(name) else ""


@dataclass(frozen=True, slots=True)
class Found:
    """The records that count for a name, and where in the tree they stand; empty: none at all."""

    at: str = ""
    properties: tuple[Property, ...] = ()


def parse(records: tuple[str, ...]) -> tuple[Property, ...]:
    """CAA records in presentation format (RFC 8659 4.1.1); what is no CAA is left out."""
    found = [match for match in map(_RECORD.match, records) if match]
    return tuple(
        Property(int(match[1]), match[2].lower(), _ESCAPE.sub(_unescaped, match[3]))
        for match in found
        if int(match[1]) <= 255
    )


def _unescaped(escape: re.Match[str]) -> str:
    code = escape[1]
    return code if not code.isdigit() or len(code) == 1 else chr(int(code) % 256)


def levels(host: str) -> tuple[str, ...]:
    """The host and every name above it, up to the top-level domain (RFC 8659 3)."""
    labels = host.split(".")
    return tuple(".".join(labels[cut:]) for cut in range(len(labels)))


def climb(replies: Mapping[str, DnsReply], start: str) -> Found | Unreachable:
    """The relevant record set: the first one met on the way up from `start` (RFC 8659 3).

    An unanswered question below the first set leaves open whether a nearer one exists.
    """
    for name in levels(start):
        reply = replies[name]
        if isinstance(reply, Unreachable):
            return reply
        properties = parse(reply.records) if isinstance(reply, Answer) else ()
        if properties:
            return Found(name, properties)
    return Found()


def covered_by(names: tuple[str, ...], host: str) -> tuple[str, bool]:
    """The name that the certificate was issued for, and whether as a wildcard.

    `*.d.example` stands for all names right below d.example, and is asked for at d.example
    (RFC 8659 4.3). A certificate that does not cover the host counts as one for the host.
    """
    parent = host.partition(".")[2]
    if host not in names and f"*.{parent}" in names:
        return parent, True
    return host, False


def issuers(found: Found, *, wildcard: bool) -> frozenset[str] | None:
    """Who may issue, as CAA domains; None when the records leave it open (RFC 8659 4.2, 4.3)."""
    own = [one for one in found.properties if one.tag == "issue"]
    wild = [one for one in found.properties if one.tag == "issuewild"]
    counting = wild if wildcard and wild else own
    if not counting:
        return None
    return frozenset(each.issuer for each in counting if each.issuer)


def must_understand(found: Found) -> tuple[str, str]:
    """A critical tag that keeps CAs from issuing (RFC 8659 4.1), as (outcome, tag); ("", "").

    "unknown-tag": no CA can know it. "rare-tag": it exists, but few CAs read it.
    """
    tags = [each.tag for each in found.properties if each.critical and each.tag not in _UNDERSTOOD]
    for tag in tags:
        if tag not in _LISTED:
            return "unknown-tag", tag
    return ("rare-tag", tags[0]) if tags else ("", "")


def domains_of(organisation: str) -> tuple[str, ...]:
    """The CAA domains of the company that issued a certificate; empty when we don't know it."""
    name = organisation.replace("\u2019", "'").casefold().strip()
    return next((domains for start, domains in AUTHORITIES.items() if _begins(name, start)), ())


def _begins(name: str, start: str) -> bool:
    """Whether the name begins with these words: "amazon" is not the start of "Amazonia CA"."""
    return name.startswith(start) and not name[len(start) :][:1].isalpha()
