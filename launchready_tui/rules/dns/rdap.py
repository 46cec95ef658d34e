"""What a registry says about a domain: RDAP answers (RFC 9083) and IANA's bootstrap (RFC 9224).

A stranger wrote each answer: everything is looked at before it is believed, and bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from launchready_tui.vocabulary.safe_text import clean_line

ITEMS = 100  # events, status values or entities of one answer that are read
SERVICES = 5000  # entries of a bootstrap file; the real one has 600
LAST_DAYS = timedelta(days=30)
LAST_WEEKS = timedelta(days=90)

# Values of IANA's registry "RDAP JSON Values" (status: RFC 9083 10.2.2 and RFC 8056).
LOCKS = frozenset(
    {"client transfer prohibited", "server transfer prohibited", "transfer prohibited", "locked"}
)
ENDING = frozenset({"pending delete", "redemption period", "pending restore"})
HOLDS = frozenset({"client hold", "server hold"})
EXPIRATION, REGISTRAR = "expiration", "registrar"


@dataclass(frozen=True, slots=True)
class Registration:
    """A registered domain. `expires` is None when the answer names no date that can be read.

    `statuses` are in the registry's own spelling ("client transfer prohibited"); all texts are
    cleaned.
    """

    domain: str
    expires: datetime | None = None
    statuses: tuple[str, ...] = ()
    registrar: str = ""

    @property
    def locked(self) -> bool:
        """Whether nobody can move the domain to another registrar without the owner's doing."""
        return not LOCKS.isdisjoint(self.statuses)


@dataclass(frozen=True, slots=True)
class NotRegistered:
    """The registry that answers for this ending knows no such domain (RFC 7480 5.3)."""

    domain: str


def registration(value: object, domain: str) -> Registration | None:
    """The registration in an answer about `domain`; None when it is no answer about it."""
    if not isinstance(value, dict) or value.get("objectClassName") != "domain":
        return None
    named = value.get("ldhName")
    if isinstance(named, str) and named.rstrip(".").lower() != domain:
        return None
    return Registration(
        domain=domain,
        expires=_expiration(value.get("events")),
        statuses=tuple(dict.fromkeys(_statuses(value.get("status")))),
        registrar=_registrar(value.get("entities")),
    )


def _expiration(events: object) -> datetime | None:
    """The date of the event "expiration" (RFC 9083 4.5). The registrar's own date is another."""
    for event in _objects(events):
        action = event.get("eventAction")
        if isinstance(action, str) and action.strip().lower() == EXPIRATION:
            return _moment(event.get("eventDate"))
    return None


def _moment(text: object) -> datetime | None:
    """A date and time of RFC 3339 as UTC; one without a zone is taken as UTC."""
    if not isinstance(text, str) or len(text) > 64:
        return None
    try:
        moment = datetime.fromisoformat(text.strip().upper())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _statuses(values: object) -> Iterator[str]:
    """Status values in RDAP's spelling; some servers write those of EPP (RFC 8056 2)."""
    for value in values[:ITEMS] if isinstance(values, list) else ():
        if isinstance(value, str):
            yield clean_line(_CAMEL.sub(" ", value[:200]), 60).lower()


def _registrar(entities: object) -> str:
    """The name of the entity whose role is "registrar" (RFC 9083 5.1), from its jCard."""
    for entity in _objects(entities):
        roles = entity.get("roles")
        if isinstance(roles, list) and REGISTRAR in roles[:ITEMS]:
            card = entity.get("vcardArray")
            named = _full_name(card[1] if isinstance(card, list) and len(card) > 1 else ())
            handle = entity.get("handle")
            return named or (clean_line(handle, 100) if isinstance(handle, str) else "")
    return ""


def _full_name(properties: object) -> str:
    """The "fn" of a jCard (RFC 7095 3.3): [name, parameters, type, value]."""
    for each in properties[:ITEMS] if isinstance(properties, list) else ():
        if isinstance(each, list) and len(each) > 3 and each[0] == "fn":
            return clean_line(each[3], 100) if isinstance(each[3], str) else ""
    return ""


def _objects(values: object) -> Iterator[dict[str, object]]:
    for value in values[:ITEMS] if isinstance(values, list) else ():
        if isinstance(value, dict):
            yield value


def days_left(found: Registration, now: datetime) -> int | None:
    """Whole days until the registration ends; negative after it. None without a date."""
    return None if found.expires is None else (found.expires - now).days


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """Which RDAP servers answer for which endings: IANA's file (RFC 9224 3 and 5)."""

    servers: dict[str, tuple[str, ...]]

    def server_for(self, domain: str) -> str | None:
        """The https base URL for a domain, with a final slash; the longest ending counts.

        None when its registry offers no RDAP. Http alone is none: what it says could be anybody's.
        """
        labels = domain.split(".")
        for cut in range(len(labels)):
            urls = self.servers.get(".".join(labels[cut:]), ())
            if urls:
                return next((url for url in urls if url.startswith("https://")), None)
        return None


def bootstrap(value: object) -> Bootstrap | None:
    """The servers in a bootstrap file; None when it is no such file."""
    services = value.get("services") if isinstance(value, dict) else None
    if not isinstance(services, list):
        return None
    servers: dict[str, tuple[str, ...]] = {}
    for service in services[:SERVICES]:
        if isinstance(service, list) and len(service) >= 2:
            urls = tuple(f"{url.rstrip('/')}/" for url in _texts(service[1]))
            servers.update({ending.strip(".").lower(): urls for ending in _texts(service[0])})
    return Bootstrap(servers) if servers else None


def _texts(values: object) -> Iterable[str]:
    known = values[:SERVICES] if isinstance(values, list) else ()
    return (value for value in known if isinstance(value, str) and len(value) <= 300)
