"""One SPF record, read to the grammar of RFC 7208 (sections 4.5, 5, 6, 7 and 12)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from ipaddress import AddressValueError, IPv4Address, IPv6Address

RECORD_LIMIT = 65_535  # characters that are read: the most that a TXT record can hold

MECHANISMS = frozenset({"all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"})
_TERM = re.compile(r"([+\-~?]?)([A-Za-z][A-Za-z0-9_.\-]*)([:=]?)(.*)", re.DOTALL)
# RFC 7208 7.1; the letters c, r and t belong to explanations alone (7.2).
_MACRO = re.compile(r"%(?:\{[slodiphvSLODIPHV](?:0*[1-9][0-9]*)?[rR]?[.\-+,/_=]*\}|[%_\-])")
_PREFIXES = re.compile(r"(?:/([0-9]{1,3}))?(?://([0-9]{1,3}))?\Z")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?\Z")


@dataclass(frozen=True, slots=True)
class Term:
    """One mechanism or modifier. `name` is lower case; `value` is its domain or address.

    A `value` that is a domain is lower case and without a final dot; `spec` is that domain as it
    was written, since the case of a macro's letter counts. `v4` and `v6` are the lengths in bits
    of the networks that `a` and `mx` match (RFC 7208 5.3). `everyone` is true for a network that
    holds every address.
    """

    text: str
    name: str
    value: str = ""
    qualifier: str = "+"
    everyone: bool = False
    spec: str = ""
    v4: int = 32
    v6: int = 128

    @property
    def macro(self) -> bool:
        """Whether a message is needed to know the name (RFC 7208 7)."""
        return "%" in self.value

    @property
    def leads_on(self) -> bool:
        """Whether the record of another domain is read for it (RFC 7208 5.2 and 6.1)."""
        return self.name in ("include", "redirect")


@dataclass(frozen=True, slots=True)
class Record:
    """One SPF record: its terms in order, and the parts that the grammar does not allow."""

    text: str
    terms: tuple[Term, ...]
    broken: tuple[str, ...] = ()

    @property
    def end(self) -> str:
        """The qualifier of `all`, or an empty string (RFC 7208 5.1)."""
        return next((term.qualifier for term in self.terms if term.name == "all"), "")

    @property
    def redirect(self) -> Term | None:
        """The record that takes over where nothing matched; ignored beside `all` (6.1)."""
        if self.end:
            return None
        return next((term for term in self.terms if term.name == "redirect"), None)

    def tested(self) -> tuple[Term, ...]:
        """The terms that a receiver gets to: nothing after `all` is ever tested (RFC 7208 5.1)."""
        names = [term.name for term in self.terms]
        reached = self.terms[: names.index("all")] if "all" in names else self.terms
        mechanisms = tuple(term for term in reached if term.name in MECHANISMS)
        return (*mechanisms, self.redirect) if self.redirect else mechanisms


def is_spf(text: str) -> bool:
    """Whether a TXT record is an SPF record: RFC 7208 4.5."""
    return text[:6].lower() == "v=spf1" and text[6:7] in ("", " ")


def nearly_spf(text: str) -> bool:
    """Whether a TXT record was meant as SPF, although no receiver takes it for one."""
    start = re.sub(r"[\W_]", "", text[:20].lower())
    return start.startswith(("vspf1", "spf1", "spfv1")) and not is_spf(text)


def repaired(text: str) -> str:
    """A text that was meant as SPF, in a shape that `parse` can get the founder's parts from."""
    start = re.search(r"spf1", text, re.IGNORECASE)
    return "v=spf1 " + re.sub(r"[;,\"'”\s]+", " ", text[start.end() :]) if start else ""


def parse(text: str) -> Record:
    """Read a record to the grammar of RFC 7208 12. Never raises: broken parts are listed."""
    if len(text) > RECORD_LIMIT:
        return Record(text[:RECORD_LIMIT], (), (f"{len(text)} characters",))
    terms: list[Term] = []
    broken: list[str] = []
    once: set[str] = set()
    for part in filter(None, text[6:].split(" ")):
        term = _term(part)
        if term is None or term.name in once:
            broken.append(part)
            continue
        if term.name in ("redirect", "exp"):  # at most once each: RFC 7208 6
            once.add(term.name)
        terms.append(term)
    return Record(text, tuple(terms), tuple(broken))


def included(texts: Iterable[str], *, redirects: bool = True) -> tuple[str, ...]:
    """The domains whose records these SPF records include or redirect to; other texts are none."""
    return tuple(
        term.value
        for text in texts
        if is_spf(text)
        for term in parse(text).terms
        if term.leads_on and (redirects or term.name == "include")
    )


def plain_name(name: str) -> str:
    """A name as we compare it: lower case, no final dot."""
    return name.lower().removesuffix(".")


def _term(part: str) -> Term | None:
    """One directive or modifier, or None where the grammar does not allow it."""
    match = _TERM.match(part)
    if match is None:
        return None
    qualifier, name, sign, rest = match[1], match[2].lower(), match[3], match[4]
    if sign == "=":
        return None if qualifier else _modifier(part, name, rest)
    if name not in MECHANISMS or (sign and not rest):
        return None
    bare = Term(part, name, "", qualifier or "+")
    if not sign:
        return _without_value(_sized(bare, rest), rest)
    if name in ("ip4", "ip6"):
        return _network(bare, rest)
    domain = _without_prefixes(rest) if name in ("a", "mx") else rest
    if name == "all" or domain is None or not _is_domain_spec(domain):
        return None
    sized = _sized(bare, rest) if name in ("a", "mx") else bare
    return replace(sized, value=plain_name(domain), spec=domain)


def _without_value(bare: Term, rest: str) -> Term | None:
    """`all`, `a`, `mx` and `ptr` may stand alone; `a` and `mx` with a network's length."""
    if bare.name in ("a", "mx"):
        return bare if _without_prefixes(rest) == "" else None
    return bare if bare.name in ("all", "ptr") and not rest else None


def _modifier(part: str, name: str, value: str) -> Term | None:
    """`redirect` and `exp` name a domain; a modifier that is not known is fine (RFC 7208 6)."""
    if name in ("redirect", "exp"):
        known = _is_domain_spec(value)
        return Term(part, name, plain_name(value), spec=value) if known else None
    return Term(part, name, value) if _is_macro_string(value) else None


def _network(bare: Term, value: str) -> Term | None:
    """`ip4` and `ip6` (RFC 7208 5.6): an address and the length of its network, in bits."""
    address, slash, length = value.partition("/")
    most = 32 if bare.name == "ip4" else 128
    if (slash and not _is_prefix(length, most)) or "%" in address:
        return None
    try:
        _ = IPv4Address(address) if bare.name == "ip4" else IPv6Address(address)
    except AddressValueError:
        return None
    return replace(bare, value=value.lower(), everyone=bool(slash) and int(length) == 0)


def _is_prefix(text: str, most: int) -> bool:
    """A length in bits, without leading zeros (RFC 7208 12)."""
    digits = text.isascii() and text.isdigit() and len(text) <= 3
    return digits and (text == "0" or text[0] != "0") and int(text) <= most


def _without_prefixes(text: str) -> str | None:
    """A domain-spec without its dual-cidr-length; None when that is out of range (5.3)."""
    match = _PREFIXES.search(text)
    if match is None:
        return text
    lengths = ((match[1], 32), (match[2], 128))
    if not all(length is None or _is_prefix(length, most) for length, most in lengths):
        return None
    return text[: match.start()]


def _sized(bare: Term, text: str) -> Term:
    """The term with the network lengths that stand at the end of its text."""
    match = _PREFIXES.search(text)
    if match is None:
        return bare
    return replace(bare, v4=int(match[1] or 32), v6=int(match[2] or 128))


def _is_macro_string(text: str) -> bool:
    rest = _MACRO.sub("", text)
    return "%" not in rest and all("!" <= letter <= "~" for letter in rest)


def _is_domain_spec(text: str) -> bool:
    """RFC 7208 7.1: ends in a macro, or in a dot and a top label that is no number."""
    if not _is_macro_string(text):
        return False
    if any(macro.end() == len(text) for macro in _MACRO.finditer(text)):
        return True
    _, dot, top = text.removesuffix(".").rpartition(".")
    return bool(dot) and bool(_LABEL.match(top)) and not top.isdigit()
