"""A zone as somebody plans it, and what its name servers would say (RFC 1034 4.3.2, RFC 4592)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

# Not of the DNS itself: the DNS host answers with the addresses of another name. Where not even
# that name is known (an alias to something inside a cloud account), `text` is empty.
ALIAS = "ALIAS"
ADDRESSES = ("A", "AAAA")
PROXIED_TYPES = ("A", "AAAA", "CNAME")


@dataclass(frozen=True, slots=True)
class PlannedRecord:
    """One record of a plan. `name` is a lower-case A-label without a final dot.

    `text` is what `facts.Answer` would hold: presentation format, names in it with a final dot,
    TXT strings joined without quotes. `ttl` is in seconds. `line` is where it stands in the
    file, from 1; 0 when that is not known. `proxied` puts Cloudflare's edge before it.
    """

    name: str
    rtype: str
    text: str
    ttl: int
    line: int = 0
    proxied: bool = False


@dataclass(frozen=True, slots=True)
class PlannedZone:
    """A whole zone as it would be after a change; `notes` say what of the file was left out."""

    name: str
    records: tuple[PlannedRecord, ...]
    file: str = ""
    format: str = ""
    notes: tuple[str, ...] = ()

    def holds(self, name: str) -> bool:
        """Whether a name lies in this zone, by its labels; delegations below are not looked at."""
        return name == self.name or name.endswith(f".{self.name}")


Kind = Literal["records", "alias", "flattened", "proxied", "no-data", "no-name", "below"]


@dataclass(frozen=True, slots=True)
class Found:
    """What the zone holds for one name and type.

    "alias" leads to `target`; "flattened" gives the addresses of `target` as its own; "proxied"
    gives addresses of Cloudflare's; "below" belongs to the delegated zone `target`.
    """

    kind: Kind
    records: Sequence[PlannedRecord] = ()
    target: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A CNAME that may not stand where it does (RFC 1034 3.6.2): no name server loads that."""

    kind: Literal["at-the-top", "beside-others", "several"]
    record: PlannedRecord


_Sets = Mapping[str, Sequence[PlannedRecord]]


class Contents:
    """A planned zone by name and type, ready to be asked."""

    def __init__(self, zone: PlannedZone) -> None:
        self.zone = zone
        self._names: dict[str, dict[str, list[PlannedRecord]]] = {zone.name: {}}
        for record in zone.records:
            self._names.setdefault(record.name, {}).setdefault(record.rtype, []).append(record)
        self._empty = {
            parent
            for name in self._names
            for parent in _above(name, zone.name)
            if parent not in self._names
        }

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that holds a record, in the order of the file."""
        return tuple(name for name, sets in self._names.items() if sets)

    def at(self, name: str) -> _Sets:
        """The record sets at exactly this name."""
        return self._names.get(name, {})

    def find(self, name: str, rtype: str) -> Found:
        """What the servers of this zone would say about a name inside it."""
        path = [*reversed(tuple(_above(name, self.zone.name))), name]
        for parent in path:
            sets = self.at(parent)
            own = parent == name and rtype in ("NS", "DS")  # what the zone above holds at a cut
            if "NS" in sets and parent != self.zone.name and not own:
                return Found("below", sets["NS"], parent)
            if "DNAME" in sets and parent != name:
                onto = sets["DNAME"][0].text.rstrip(".")
                return Found("alias", sets["DNAME"], f"{name.removesuffix(parent)}{onto}")
        if name in self._names:
            return _in(self.at(name), rtype)
        if name in self._empty:
            return Found("no-data")
        for parent in reversed(path[:-1]):
            if parent in self._names or parent in self._empty:
                wild = self.at(f"*.{parent}")
                return _in(wild, rtype) if wild else Found("no-name")
        return Found("no-name")

    def conflicts(self) -> Iterator[Conflict]:
        """Each name whose CNAME can't be there, once."""
        for name, sets in self._names.items():
            aliases = sets.get("CNAME")
            if not aliases:
                continue
            if name == self.zone.name:
                yield Conflict("at-the-top", aliases[0])
            elif len(sets) > 1:
                yield Conflict("beside-others", aliases[0])
            elif len({each.text for each in aliases}) > 1:
                yield Conflict("several", aliases[1])


def _in(sets: _Sets, rtype: str) -> Found:
    """What one name's record sets hold for a type."""
    hidden = next((r for kind in PROXIED_TYPES for r in sets.get(kind, ()) if r.proxied), None)
    if hidden is not None and rtype in PROXIED_TYPES:
        return Found("no-data") if rtype == "CNAME" else Found("proxied", sets[hidden.rtype])
    if rtype in sets:
        return Found("records", sets[rtype])
    if "CNAME" in sets:
        return Found("alias", sets["CNAME"], sets["CNAME"][0].text.rstrip("."))
    if ALIAS in sets and rtype in ADDRESSES:
        return Found("flattened", sets[ALIAS], sets[ALIAS][0].text.rstrip("."))
    return Found("no-data")


def _above(name: str, top: str) -> Iterator[str]:
    """The names above this one, nearest first, up to and with the zone's own."""
    while name != top and "." in name:
        name = name.partition(".")[2]
        yield name
