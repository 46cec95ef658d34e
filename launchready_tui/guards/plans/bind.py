"""BIND zone files (RFC 1035 5, RFC 2308 4), and what Cloudflare exports in that form.

Cloudflare's export differs in three things: `cf_tags=cf-proxied:true` in a comment says that its
edge stands in front, a TTL of 1 means "automatic", and a CNAME at the top is allowed, because
Cloudflare answers with the addresses of its target.
"""

from __future__ import annotations

import re
from typing import Literal

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.SOA
import dns.tokenizer
import dns.ttl

from launchready_tui.guards.errors import PlanError
from launchready_tui.guards.plans.source import Collected, Source
from launchready_tui.rules.dns.zone import ALIAS, PROXIED_TYPES, PlannedRecord, PlannedZone
from launchready_tui.vocabulary.safe_text import clean_line
from launchready_tui.world.dns.exchange import show

DEFAULT_TTL = 3600
AUTOMATIC = 300  # what Cloudflare means by a TTL of 1
_PROXIED = re.compile(r"\bcf-proxied:true\b")
_ORIGIN = re.compile(r"^\$ORIGIN\s+(\S+)\.\s*(?:;.*)?$", re.IGNORECASE | re.MULTILINE)
_SOA = re.compile(r"^([^\s;$@]\S*)\.\s[^;\n]*\bSOA\b", re.IGNORECASE | re.MULTILINE)
_DOMAIN = re.compile(r"^;;\s*Domain:\s*(\S+?)\.?\s*$", re.MULTILINE)
_ALIASES = ("ALIAS", "ANAME")  # names that DNS hosts gave to the same thing


def read(source: Source, *, cloudflare: bool = False) -> PlannedZone:
    """The zone of a file. `$INCLUDE` and `$GENERATE` are refused: a plan is one plain file."""
    found = next(
        (match[1] for line in (_SOA, _ORIGIN, _DOMAIN) if (match := line.search(source.text))), ""
    )
    zone = source.zone_or(found.lower())
    reader = _Reader(source, zone, cloudflare)
    try:
        reader.read()
    except dns.exception.DNSException as error:
        raise reader.error(_said(error)) from None
    return reader.collected.done("cloudflare" if cloudflare else "bind")


class _Reader:
    """Goes through a file line by line; keeps the last name, the origin and the default TTL."""

    def __init__(self, source: Source, zone: str, cloudflare: bool) -> None:
        self.collected = Collected(source, zone)
        self._source = source
        self._cloudflare = cloudflare
        self._tokens = dns.tokenizer.Tokenizer(source.text)
        self._lines = source.text.splitlines()
        self._top = dns.name.from_text(f"{zone}.")
        self._origin = self._top
        self._owner: dns.name.Name | None = None
        self._ttl: int | None = None
        self._minimum: int | None = None
        self._line = 1
        self._word = ""  # what was read last, for the column of an error

    def read(self) -> None:
        while True:
            token = self._tokens.get(want_leading=True)
            self._line = self._tokens.where()[1]
            self._word = token.value
            if token.is_eof():
                return
            if token.is_eol():
                continue
            if token.is_identifier() and token.value.startswith("$"):
                self._directive(token.value.upper())
            else:
                self._record(token)

    def error(self, message: str) -> PlanError:
        """An error at the word that was read last."""
        line = self._lines[self._line - 1] if self._line <= len(self._lines) else ""
        return self._source.error(message, self._line, max(line.find(self._word), 0) + 1)

    def _directive(self, name: str) -> None:
        if name == "$TTL":
            self._ttl = dns.ttl.from_text(self._next())
        elif name == "$ORIGIN":
            self._origin = dns.name.from_text(self._next(), self._origin)
        else:
            raise self.error(
                f"We don't read {clean_line(name, 20)}. Give one file with every record in it."
            )
        self._tokens.get_eol()

    def _next(self) -> str:
        token = self._tokens.get()
        if token.is_eol_or_eof():
            raise self.error("The line ends too early. A record has a name, a type and a value.")
        self._word = token.value
        return str(token.value)

    def _record(self, token: dns.tokenizer.Token) -> None:
        if token.is_whitespace():
            token = self._tokens.get()
            if token.is_eol_or_eof():
                return
            self._tokens.unget(token)
        else:
            self._owner = self._tokens.as_name(token, self._origin)
        if self._owner is None:
            raise self.error("The first record has no name. Start its line with one, or with @.")
        ttl, rtype = self._head()
        name = self._owner.to_text(omit_final_dot=True).lower()
        if rtype in _ALIASES:
            text, comment = self._alias()
        else:
            text, comment = self._data(rtype)
        proxied = rtype in PROXIED_TYPES and bool(_PROXIED.search(comment))
        if self._cloudflare and rtype == "CNAME" and name == self.collected.zone and not proxied:
            rtype = ALIAS
        self.collected.add(
            PlannedRecord(
                name,
                ALIAS if rtype in _ALIASES else rtype,
                text,
                self._seconds(ttl),
                self._line,
                proxied,
            )
        )

    def _head(self) -> tuple[int | None, str]:
        """TTL and class, in either order and both optional, then the type (RFC 1035 5.1)."""
        ttl: int | None = None
        while True:
            word = self._next()
            if word.upper() == "IN":
                continue
            if word.upper() in ("CH", "HS", "CS"):
                raise self.error("Only records of the internet (`IN`) can be judged.")
            try:
                ttl = dns.ttl.from_text(word)
                continue
            except dns.ttl.BadTTL:
                pass
            kind = word.upper()
            if kind not in _ALIASES:
                try:
                    dns.rdatatype.from_text(kind)
                except (dns.exception.DNSException, ValueError):
                    raise self.error(
                        f"“{clean_line(word, 30)}” is no kind of record. Check the spelling."
                    ) from None
            return ttl, kind

    def _alias(self) -> tuple[str, str]:
        target = dns.name.from_text(self._next(), self._origin).to_text().lower()
        return target, self._tokens.get_eol_as_token().comment or ""

    def _data(self, rtype: str) -> tuple[str, str]:
        """The record's data as text, and the comment behind it."""
        kind = dns.rdatatype.from_text(rtype)
        try:
            data = dns.rdata.from_text(
                dns.rdataclass.IN, kind, self._tokens, self._origin, relativize=False
            )
        except (dns.exception.DNSException, ValueError) as error:
            self._word = rtype
            raise self.error(
                f"We can't read this {rtype} record: {_said(error)}. Compare it with its source."
            ) from None
        if isinstance(data, dns.rdtypes.ANY.SOA.SOA):
            self._minimum = data.minimum
        return show(data), str(data.rdcomment or "")

    def _seconds(self, ttl: int | None) -> int:
        if self._cloudflare and ttl == 1:
            return AUTOMATIC
        known: Literal[0] | int = next(
            (each for each in (ttl, self._ttl, self._minimum) if each is not None), DEFAULT_TTL
        )
        return known


def _said(error: Exception) -> str:
    """What dnspython said, as part of a sentence."""
    return clean_line(str(error), 120).rstrip(".") or "it is not complete"
