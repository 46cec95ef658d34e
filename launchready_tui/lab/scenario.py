"""A small internet as a plain description: zones, troubles of name servers, sites.

The embedded lab plays it, and the tests of the real servers write it out as zone files and an
nginx configuration. Names are lower case without a trailing dot; the root is an empty string.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Literal

from launchready_tui.lab.repository import Source

KeyKind = Literal["ec-256", "rsa-2048", "rsa-1024", "ed25519"]
TroubleKind = Literal["servfail", "timeout", "refused"]


@dataclass(frozen=True, slots=True)
class Record:
    """One record; `text` is its data in presentation format (RFC 1035 5.1), names absolute."""

    name: str
    ttl: int
    type: str
    text: str


@dataclass(frozen=True, slots=True)
class Signing:
    """How a zone is signed (RFC 4034). `starts` and `ends` count from the start of the lab.

    With `anchored` the zone above holds the DS record that makes resolvers insist on signatures.
    """

    starts: timedelta = timedelta(days=-2)
    ends: timedelta = timedelta(days=14)
    anchored: bool = True


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone with its SOA at `name`; several zones may nest, the deepest one answers.

    A zone without any record is one that its server could not load: it answers SERVFAIL.
    """

    name: str
    records: tuple[Record, ...]
    signing: Signing | None = None


@dataclass(frozen=True, slots=True)
class NameServer:
    """What one name server's address plays, instead of every zone that names it.

    `zones` None: those that name it. Others are copies of its own (an old one, say); none at all
    makes it lame, since it refuses what it does not hold. `answers` false: nobody listens.
    """

    address: str
    zones: tuple[Zone, ...] | None = None
    answers: bool = True


@dataclass(frozen=True, slots=True)
class Trouble:
    """What the name server does, instead of answering, for `name` and every name below it."""

    name: str
    kind: TroubleKind

    def covers(self, name: str) -> bool:
        return not self.name or name == self.name or name.endswith(f".{self.name}")


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a host serves. `starts` and `ends` count from the moment when the lab started.

    `issuer` is the lab's authority, or the certificate's own key. Without `intermediate` only
    the leaf is sent, as a server does whose owner forgot to append the chain. `key` is the kind
    of its own key; `sha1` signs it as nobody should any more. `organisation` is who its
    intermediate says that it belongs to.
    """

    names: tuple[str, ...]
    starts: timedelta = timedelta(days=-30)
    ends: timedelta = timedelta(days=60)
    issuer: Literal["lab-ca", "self"] = "lab-ca"
    intermediate: bool = True
    key: KeyKind = "ec-256"
    sha1: bool = False
    organisation: str = "Harbor Lab"

    @property
    def weak(self) -> bool:
        """Whether today's OpenSSL serves it only when told to be lax."""
        return self.sha1 or self.key == "rsa-1024"


class Made(Enum):
    """A body that exists only once the lab has its keys."""

    ISSUER = "the intermediate certificate, DER"


@dataclass(frozen=True, slots=True)
class Dated:
    """A body with dates in it that count from the moment when the lab started."""

    text: str

    @staticmethod
    def day(days: int) -> str:
        """What stands in the text for the moment so many days later."""
        return f"[{days:+} days]"

    def at(self, now: datetime) -> bytes:
        """The body of a lab that started at `now` (UTC), dates as RFC 3339 has them."""

        def date(place: re.Match[str]) -> str:
            return f"{now + timedelta(days=int(place[1])):%Y-%m-%dT%H:%M:%SZ}"

        return re.sub(r"\[([+-]\d+) days\]", date, self.text).encode()


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer. `{uri}` in a Location header stands for the path and query asked for.

    `signed_in` is what a visitor gets who brings the test account's cookie (`SESSION`). With
    `packed`, a visitor who accepts gzip gets the body so. `delay` (seconds) comes before it all.
    """

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | Made | Dated = b""
    signed_in: Reply | None = None
    packed: bool = False
    delay: float = 0.0

    def with_headers(self, *headers: tuple[str, str]) -> Reply:
        """The same answer with these headers in the place of those with their names."""
        named = {key.lower() for key, _ in headers}
        kept = tuple(one for one in self.headers if one[0].lower() not in named)
        return replace(self, headers=(*kept, *headers))

    def without(self, *names: str) -> Reply:
        """The same answer without the headers of these names (lower case)."""
        return replace(
            self, headers=tuple(one for one in self.headers if one[0].lower() not in names)
        )


# The cookie of the test account's session, as the lab's app sets and reads it.
SESSION = ("harbor_session", "lab-test-account")

NOT_FOUND = Reply(404, (("Content-Type", "text/plain"),), b"Nothing is served here.\n")


@dataclass(frozen=True, slots=True)
class Site:
    """A host's web server: pages by exact path, and one reply for every other path.

    A path that ends in `*` stands for all that begin so; an exact path comes first, then the
    longest of these. With `stores`, the edge keeps every 200 by path and query, whatever its
    headers say, and hands it to the next visitor (`cf-cache-status`: MISS, then HIT).
    """

    host: str
    certificate: Certificate | None = None
    https: Mapping[str, Reply] = field(default_factory=dict)
    http: Mapping[str, Reply] = field(default_factory=dict)
    https_default: Reply = NOT_FOUND
    http_default: Reply = NOT_FOUND
    stores: bool = False

    def reply(self, path: str, secure: bool) -> Reply:
        pages, default = (
            (self.https, self.https_default) if secure else (self.http, self.http_default)
        )
        if path in pages:
            return pages[path]
        starts = [key for key in pages if key.endswith("*") and path.startswith(key[:-1])]
        return pages[max(starts, key=len)] if starts else default

    def with_page(self, path: str, reply: Reply, *, secure: bool = True) -> Site:
        """The same site with this reply at this path."""
        if secure:
            return replace(self, https={**self.https, path: reply})
        return replace(self, http={**self.http, path: reply})


TlsVersion = Literal["1.0", "1.1", "1.2", "1.3"]
MODERN: tuple[TlsVersion, ...] = ("1.2", "1.3")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What one address plays instead of the scenario's sites, on ports of its own.

    `sites` None: the sites of the scenario. `listens` false: both ports are closed. `versions`
    are the TLS versions that it offers, without a gap.
    """

    address: str
    sites: tuple[Site, ...] | None = None
    listens: bool = True
    versions: tuple[TlsVersion, ...] = MODERN


@dataclass(frozen=True, slots=True)
class Letter:
    """One message in a test inbox, as its provider holds it.

    It was written `ago` before the lab started, and arrived `took` later. `signer` is the domain
    that signed it ("" for nobody), `path` that of its return path, `ip` the server that sent it.
    """

    inbox: str
    subject: str
    link: str
    sender: str
    signer: str
    path: str
    ip: str
    folder: str = "INBOX"
    ago: timedelta = timedelta(minutes=20)
    took: timedelta = timedelta(seconds=6)


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything that a lab plays. The first trouble that covers a name decides."""

    zones: tuple[Zone, ...] = ()
    sites: tuple[Site, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    letters: tuple[Letter, ...] = ()
    name_servers: tuple[NameServer, ...] = ()
    source: Source = field(default_factory=Source)

    def site(self, host: str) -> Site:
        """The site of a host; KeyError when there is none."""
        for site in self.sites:
            if site.host == host:
                return site
        raise KeyError(host)

    def zone_of(self, name: str) -> Zone:
        """The deepest zone that holds a name; KeyError when none does."""
        inside = [z for z in self.zones if Trouble(z.name, "refused").covers(name)]
        if not inside:
            raise KeyError(name)
        return max(inside, key=lambda zone: len(zone.name))

    def zone_above(self, name: str) -> Zone | None:
        """The zone that delegates the zone of this name; None for the root and for strays."""
        if not name:
            return None
        inside = [
            z for z in self.zones if z.name != name and Trouble(z.name, "refused").covers(name)
        ]
        return max(inside, key=lambda zone: len(zone.name), default=None)

    def records(self, name: str, type: str) -> tuple[Record, ...]:
        """The records of one name and type, in the order of the zone."""
        zone = self.zone_of(name)
        return tuple(r for r in zone.records if r.name == name and r.type == type)

    def with_site(self, site: Site) -> Scenario:
        """The same world with this site in the place of the one with its host name, or added."""
        others = tuple(one for one in self.sites if one.host != site.host)
        return replace(self, sites=(*others, site))

    def with_endpoint(self, endpoint: Endpoint) -> Scenario:
        """The same world where this address plays something of its own."""
        others = tuple(one for one in self.endpoints if one.address != endpoint.address)
        return replace(self, endpoints=(*others, endpoint))

    def with_name_server(self, server: NameServer) -> Scenario:
        """The same world where the name server at this address plays something of its own."""
        others = tuple(one for one in self.name_servers if one.address != server.address)
        return replace(self, name_servers=(*others, server))

    def with_zone(self, zone: Zone) -> Scenario:
        others = tuple(one for one in self.zones if one.name != zone.name)
        return replace(self, zones=(*others, zone))

    def with_trouble(self, name: str, kind: TroubleKind) -> Scenario:
        return replace(self, troubles=(*self.troubles, Trouble(name, kind)))

    def with_records(self, name: str, type: str, texts: Iterable[str], ttl: int = 300) -> Scenario:
        """The same world where `name` has exactly these records of `type` (none: removed).

        A TXT text is the joined string; it is quoted and split here.
        """
        zone = self.zone_of(name)
        kept = tuple(r for r in zone.records if (r.name, r.type) != (name, type))
        made = tuple(record(name, ttl, type, text) for text in texts)
        return self.with_zone(replace(zone, records=kept + made))

    def without(self, name: str) -> Scenario:
        """The same world where nothing exists at `name`."""
        zone = self.zone_of(name)
        return self.with_zone(
            replace(zone, records=tuple(r for r in zone.records if r.name != name))
        )


def record(name: str, ttl: int, type: str, text: str) -> Record:
    """A record from readable text: TXT data is quoted, in strings of at most 255 octets."""
    return Record(name, ttl, type, _quoted(text) if type == "TXT" else text)


def zone(name: str, text: str) -> Zone:
    """A zone from lines of "name ttl type data"; names are relative to the zone, `@` is its top.

    Names inside the data are absolute, with the trailing dot; TXT data stands unquoted.
    """
    records = []
    for line in text.strip().splitlines():
        label, ttl, type, data = line.split(maxsplit=3)
        owner = name if label == "@" else f"{label}.{name}".rstrip(".")
        records.append(record(owner, int(ttl), type, data.strip()))
    return Zone(name, tuple(records))


def _quoted(text: str) -> str:
    parts = [text[start : start + 255] for start in range(0, len(text), 255)] or [""]
    escaped = (part.replace("\\", "\\\\").replace('"', '\\"') for part in parts)
    return " ".join(f'"{part}"' for part in escaped)
