"""What `dnscontrol print-ir` prints: every domain of a configuration, as JSON.

Fields as in StackExchange/dnscontrol, models/record.go (RecordConfig) and models/domain.go. A
`target` without a dot is below the domain; `meta.cloudflare_proxy` puts Cloudflare in front;
`filepos` is the place in dnsconfig.js.
"""

from __future__ import annotations

import re

import msgspec

from launchready_tui.guards.plans.source import NAMES, Collected, Source, full_name, text_of, ttl_of
from launchready_tui.rules.dns.zone import ALIAS, PROXIED_TYPES, PlannedRecord, PlannedZone
from launchready_tui.vocabulary import records
from launchready_tui.vocabulary.safe_text import clean_line

DEFAULT_TTL = 300  # models/record.go: DefaultTTL
AUTOMATIC = 300  # Cloudflare's meaning of a TTL of 1

# Aliases that a DNS host resolves by itself, and settings that are no records at all.
_CLOUD_ALIASES = ("R53_ALIAS", "AZURE_ALIAS", "AKAMAICDN", "ANAME", "ALIAS")
_JUDGED = frozenset(
    {"A", "AAAA", "CNAME", "MX", "TXT", "NS", "SRV", "CAA", "PTR", "DNAME", "DS", "SOA"}
)
_BYTE = re.compile(r"\(byte (\d+)\)")
_FILEPOS = re.compile(r"\[line:(\d+):\d+\]")


class _Record(msgspec.Struct):
    """The fields of models/record.go that say what a record holds."""

    type: str
    name: str = "@"
    target: str = ""
    ttl: int = 0
    mxpreference: int = 0
    srvpriority: int = 0
    srvweight: int = 0
    srvport: int = 0
    caaflag: int = 0
    caatag: str = ""
    dskeytag: int = 0
    dsalgorithm: int = 0
    dsdigesttype: int = 0
    dsdigest: str = ""
    txtstrings: tuple[str, ...] = ()
    meta: dict[str, str] = {}
    filepos: str = ""


class _Domain(msgspec.Struct):
    name: str
    records: tuple[_Record, ...] | None = ()


class _Plan(msgspec.Struct):
    domains: tuple[_Domain, ...]


def read(source: Source) -> PlannedZone:
    """The zone that was given; else the only one in the file, or the one that is known."""
    domain = _domain(source)
    zone = domain.name.rstrip(".").lower()
    collected = Collected(source, zone)
    for record in domain.records or ():
        rtype = record.type.upper()
        if rtype in _CLOUD_ALIASES:
            rtype = ALIAS
        elif rtype not in _JUDGED:
            collected.leave_out(rtype)
            continue
        if rtype == "SOA":
            continue  # the DNS host writes its own
        proxied = record.meta.get("cloudflare_proxy") in ("on", "full")
        place = _FILEPOS.fullmatch(record.filepos)
        collected.add(
            PlannedRecord(
                full_name(record.name, zone),
                rtype,
                _text(rtype, record, zone, source),
                AUTOMATIC if record.ttl == 1 else ttl_of(record.ttl, DEFAULT_TTL),
                int(place[1]) if place else 0,
                proxied and rtype in PROXIED_TYPES,
            )
        )
    return collected.done("dnscontrol")


def _domain(source: Source) -> _Domain:
    domains = {each.name.rstrip(".").lower(): each for each in _decoded(source).domains}
    if not domains:
        raise source.error("There is no domain in it. Print it with: dnscontrol print-ir")
    wanted = source.zone or next((each for each in source.guesses if each in domains), "")
    if not wanted and len(domains) == 1:
        wanted = next(iter(domains))
    if wanted not in domains:
        names = clean_line(", ".join(domains), 200)
        raise source.error(f"It holds these domains: {names}. Choose one of them with --zone.")
    return domains[wanted]


def _decoded(source: Source) -> _Plan:
    try:
        return records.from_json(source.text, _Plan)
    except msgspec.ValidationError as error:
        raise source.error(
            f"This is not what `dnscontrol print-ir` prints: {clean_line(str(error), 200)}."
        ) from None
    except (msgspec.DecodeError, RecursionError) as error:
        at = _BYTE.search(str(error))
        before = source.text.encode()[: int(at[1])] if at else b""
        line, column = before.count(b"\n") + 1, len(before) - (before.rfind(b"\n") + 1) + 1
        said = clean_line(_BYTE.sub("", str(error)), 120).strip()
        raise source.error(f"This is no JSON: {said}. Print it again.", line, column) from None


def _text(rtype: str, record: _Record, zone: str, source: Source) -> str:
    """One record as the DNS would show it."""
    target = record.target
    if rtype in NAMES or rtype in ("MX", "SRV"):
        target = _whole(target, zone)
    match rtype:
        case "TXT":
            data = "".join(record.txtstrings) or target
        case "MX":
            data = f"{record.mxpreference} {target}"
        case "SRV":
            data = f"{record.srvpriority} {record.srvweight} {record.srvport} {target}"
        case "CAA":
            quoted = target.replace("\\", "\\\\").replace('"', '\\"')
            data = f'{record.caaflag} {record.caatag} "{quoted}"'
        case "DS":
            parts = (record.dskeytag, record.dsalgorithm, record.dsdigesttype, record.dsdigest)
            data = " ".join(map(str, parts))
        case _:
            data = target
    try:
        return text_of(rtype, data)
    except ValueError as error:
        name = clean_line(record.name, 60)
        raise source.error(
            f"We can't read the {rtype} record of {name}: {error}. Compare it with its source."
        ) from None


def _whole(target: str, zone: str) -> str:
    """A target as a whole name. One that is no host name (in a cloud account) has none."""
    if target.endswith("."):
        return target
    if "/" in target:
        return ""
    return f"{full_name(target, zone)}." if "." not in target else f"{target}."
