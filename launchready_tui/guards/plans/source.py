"""What the readers share: the text of a file, its bounds, and how records are made of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import dns.exception
import dns.rdata
import dns.rdataclass
import dns.rdatatype

from launchready_tui.guards.errors import PlanError
from launchready_tui.rules.dns.zone import ALIAS, PlannedRecord, PlannedZone
from launchready_tui.vocabulary.safe_text import clean, clean_line
from launchready_tui.world.dns.exchange import show

LIMIT_RECORDS = 50_000
MAX_TTL = 2**31 - 1  # RFC 2181 8
TEXT = 65_535  # RFC 1035: no record holds more

# Types whose data is one name. Written without a final dot, it means something else each time.
NAMES = frozenset({"CNAME", "NS", "PTR", "DNAME", ALIAS})


@dataclass(frozen=True, slots=True)
class Source:
    """A plan as text. `zone` is the name that the founder gave; `guesses` come after the file."""

    text: str
    file: str
    zone: str = ""
    guesses: tuple[str, ...] = ()

    def error(self, message: str, line: int = 0, column: int = 0) -> PlanError:
        """An error about this plan, with its line and column (from 1; 0 when not known)."""
        return PlanError(self.file, message, line, column)

    def zone_or(self, found: str = "") -> str:
        """The zone's name: as given, as found in the file, or as guessed. `PlanError` without."""
        name = self.zone or found or next(iter(self.guesses), "")
        if not name:
            raise self.error(
                "We can't tell which domain this plan is for. Add --zone and the domain."
            )
        return name


@dataclass(slots=True)
class Collected:
    """The records of one zone while they are read, and what was left out and why."""

    source: Source
    zone: str
    records: list[PlannedRecord] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)

    def add(self, record: PlannedRecord) -> None:
        """Take a record in. Raises `PlanError` for one outside of the zone, or one too many."""
        if len(self.records) >= LIMIT_RECORDS:
            raise self.source.error(f"There are more than {LIMIT_RECORDS:,} records in it.")
        if record.name != self.zone and not record.name.endswith(f".{self.zone}"):
            raise self.source.error(
                f"{clean_line(record.name, 80)} is outside of {self.zone}. "
                "Take it out, or name the right domain with --zone.",
                record.line,
            )
        self.records.append(record)

    def leave_out(self, rtype: str) -> None:
        """Count a record of this type as one that we do not read."""
        self.left_out[rtype] = self.left_out.get(rtype, 0) + 1

    def done(self, format: str) -> PlannedZone:
        """The zone. A plan without a single record would take the domain off the net."""
        if not self.records:
            raise self.source.error(
                "There is no record in it. A plan holds all DNS records as they will be "
                "after the change."
            )
        notes = tuple(
            f"We left out {count} of the kind {clean_line(rtype, 30)}, which we can't judge."
            for rtype, count in self.left_out.items()
        )
        return PlannedZone(self.zone, tuple(self.records), self.source.file, format, notes)


def full_name(label: str, zone: str) -> str:
    """A name in a file as a whole one: "@" and "" are the zone's own, others lie below it."""
    plain = label.strip().rstrip(".").lower()
    return f"{plain}.{zone}" if plain not in ("", "@") else zone


def ttl_of(value: object, default: int) -> int:
    """A TTL in seconds, within what DNS allows; the default where the file has none."""
    return min(value, MAX_TTL) if isinstance(value, int) and value > 0 else default


def text_of(rtype: str, data: str) -> str:
    """One record's data, as `facts.Answer` has it. Raises `ValueError` when it is none.

    `data` is in presentation format with full names; for TXT it is the joined text itself.
    """
    if rtype == "TXT":
        return clean(data, TEXT)
    if rtype == ALIAS:
        return f"{data.rstrip('.').lower()}." if data else ""
    try:
        kind = dns.rdatatype.from_text(rtype)
        return show(dns.rdata.from_text(dns.rdataclass.IN, kind, data, relativize=False))
    except (dns.exception.DNSException, ValueError) as error:
        raise ValueError(clean_line(str(error), 120).rstrip(".")) from None
