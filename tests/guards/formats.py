"""Writes a zone in the form of each tool that we read, so that one plan is tried in all four."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import yaml

from launchready_tui.guards.plans import Format
from launchready_tui.rules.dns.zone import PlannedRecord, PlannedZone


def quoted(text: str) -> str:
    """TXT data in strings of at most 255 octets (RFC 1035 3.3.14)."""
    parts = [text[start : start + 255] for start in range(0, len(text), 255)]
    return " ".join(f'"{part}"' for part in parts)


def _data(record: PlannedRecord) -> str:
    return quoted(record.text) if record.rtype == "TXT" else record.text


def bind(zone: PlannedZone) -> str:
    lines = (f"{r.name}. {r.ttl} IN {r.rtype} {_data(r)}" for r in zone.records)
    return "\n".join(lines) + "\n"


def cloudflare(zone: PlannedZone) -> str:
    lines = []
    for record in zone.records:
        tag = " ; cf_tags=cf-proxied:false" if record.rtype in ("A", "AAAA", "CNAME") else ""
        lines.append(f"{record.name}.\t1\tIN\t{record.rtype}\t{_data(record)}{tag}")
    return f";;\n;; Domain:     {zone.name}.\n;; Exported:   2026-11-24 08:15:25\n;;\n" + (
        "\n".join(lines) + "\n"
    )


def octodns(zone: PlannedZone) -> str:
    names: dict[str, list[dict[str, object]]] = {}
    for record in zone.records:
        if record.rtype not in ("SOA", "NS"):
            row = {"type": record.rtype, "ttl": record.ttl, "value": _octodns_value(record)}
            names.setdefault(_label(record, zone, ""), []).append(row)
    return str(yaml.safe_dump(names))


def _octodns_value(record: PlannedRecord) -> object:
    match record.rtype:
        case "MX":
            preference, exchange = record.text.split()
            return {"preference": int(preference), "exchange": exchange}
        case "CAA":
            flags, tag, value = record.text.split(maxsplit=2)
            return {"flags": int(flags), "tag": tag, "value": value.strip('"')}
        case "TXT":
            return record.text.replace(";", "\\;")
        case _:
            return record.text


def dnscontrol(zone: PlannedZone) -> str:
    records = []
    for record in zone.records:
        if record.rtype not in ("SOA", "NS"):
            row = {"type": record.rtype, "name": _label(record, zone, "@"), "ttl": record.ttl}
            records.append(row | _dnscontrol_data(record))
    return json.dumps({"domains": [{"name": zone.name, "records": records}]})


def _dnscontrol_data(record: PlannedRecord) -> dict[str, object]:
    match record.rtype:
        case "MX":
            preference, exchange = record.text.split()
            return {"mxpreference": int(preference), "target": exchange}
        case "CAA":
            flags, tag, value = record.text.split(maxsplit=2)
            return {"caaflag": int(flags), "caatag": tag, "target": value.strip('"')}
        case _:
            return {"target": record.text}


def _label(record: PlannedRecord, zone: PlannedZone, top: str) -> str:
    return record.name.removesuffix(zone.name).rstrip(".") or top


WRITERS: Mapping[Format, Callable[[PlannedZone], str]] = {
    "bind": bind,
    "cloudflare": cloudflare,
    "octodns": octodns,
    "dnscontrol": dnscontrol,
}
