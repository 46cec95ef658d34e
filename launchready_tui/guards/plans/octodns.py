"""octoDNS's YAML: names below the zone, each with one record or a list of them.

The shapes are those of octoDNS's YamlProvider: `value` or `values`, `type`, `ttl`, MX as
preference and exchange (or priority and value), semicolons in TXT escaped, and
`octodns: {cloudflare: {proxied: true}}` where Cloudflare's edge stands in front.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from launchready_tui.guards.plans.source import NAMES, Collected, Source, full_name, text_of, ttl_of
from launchready_tui.rules.code.config_text import loader as yaml_loader
from launchready_tui.rules.code.config_text import overfull
from launchready_tui.rules.dns.zone import ALIAS, PROXIED_TYPES, PlannedRecord, PlannedZone
from launchready_tui.vocabulary.safe_text import clean_line

DEFAULT_TTL = 3600  # octoDNS's own default
AUTOMATIC = 300
LIMIT_NODES = 1_000_000  # once every alias is written out
DEEPEST = 20  # a record of octoDNS has six levels

_Row = Mapping[str, Any]


def read(source: Source) -> PlannedZone:
    """The zone of a file, whose name is the file's own (`harbor.example.yaml`) or was given."""
    collected = Collected(source, source.zone_or())
    for name, line, data in _names(source):
        rows = data if isinstance(data, list) else [data]
        for row in rows:
            if not isinstance(row, dict) or "type" not in row:
                raise source.error("A record needs a type, such as `type: A`.", line)
            for record in _records(row, full_name(name, collected.zone), line, source):
                collected.add(record)
    return collected.done("octodns")


def _names(source: Source) -> Iterator[tuple[str, int, Any]]:
    """Each name with its line and its data. Keys that stand there twice are refused."""
    loader: Any = None
    try:
        _bounded(source)
        loader = yaml_loader()(source.text)
        root = loader.get_single_node()
        if not isinstance(root, yaml.MappingNode):
            raise source.error("A plan of octoDNS is a list of names with records below them.", 1)
        loader.flatten_mapping(root)
        seen: set[str] = set()
        for key, value in root.value:
            if not isinstance(key, yaml.ScalarNode):
                raise source.error("A name is plain text.", key.start_mark.line + 1)
            # As it is written: `no` and `on` are names here, and not false and true.
            name, line = str(key.value), key.start_mark.line + 1
            if name in seen:
                shown = clean_line(name, 60) or "''"
                raise source.error(f"The name {shown} stands there twice. Join the two.", line)
            seen.add(name)
            yield name, line, loader.construct_object(value, deep=True)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise source.error(
            f"This is no YAML: {clean_line(str(error.problem), 120)}. Fix this line.", *place
        ) from None
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as error:
        if hasattr(error, "column"):  # ours
            raise
        raise source.error(f"This is no YAML: {clean_line(str(error), 120)}.") from None
    finally:
        if loader is not None:
            loader.dispose()


def _bounded(source: Source) -> None:
    """Refuse a file whose aliases stand for more than anybody writes."""
    place = overfull(source.text, LIMIT_NODES, DEEPEST)
    if place is not None:
        raise source.error(
            "It stands for far too much, or is nested too deep. "
            "Write the records out, without `&` and `*`.",
            *place,
        )


def _records(row: _Row, name: str, line: int, source: Source) -> Iterator[PlannedRecord]:
    """The records of one row: as many as it has values."""
    own = row.get("octodns")
    own = own if isinstance(own, dict) else {}
    if own.get("ignored") is True:
        return
    cloudflare = own.get("cloudflare")
    cloudflare = cloudflare if isinstance(cloudflare, dict) else {}
    rtype = str(row["type"]).upper()
    rtype = ALIAS if rtype == "ANAME" else "TXT" if rtype == "SPF" else rtype
    ttl = AUTOMATIC if cloudflare.get("auto-ttl") else ttl_of(row.get("ttl"), DEFAULT_TTL)
    values = row["values"] if "values" in row else [row.get("value")]
    for value in values if isinstance(values, list) else [values]:
        if value is None or isinstance(value, list):
            raise source.error(f"This {clean_line(rtype, 20)} record has no value.", line)
        text = _text(rtype, value, line, source)
        proxied = rtype in PROXIED_TYPES and cloudflare.get("proxied") is True
        yield PlannedRecord(name, rtype, text, ttl, line, proxied)


def _text(rtype: str, value: Any, line: int, source: Source) -> str:
    """One value as the DNS would show it."""
    try:
        if isinstance(value, dict):
            return text_of(rtype, _data(rtype, value))
        if rtype in NAMES and not str(value).endswith("."):
            raise ValueError("octoDNS wants a dot behind a whole name")
        plain = str(value).replace("\\;", ";") if rtype == "TXT" else str(value)
        return text_of(rtype, plain)
    except (ValueError, KeyError) as error:
        why = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
        raise source.error(
            f"We can't read this {clean_line(rtype, 20)} record: {why}. "
            "Compare it with its source.",
            line,
        ) from None


def _data(rtype: str, value: _Row) -> str:
    """Presentation format from a value of several parts."""
    match rtype:
        case "MX":
            host = value["exchange"] if "exchange" in value else value["value"]
            number = value["preference"] if "preference" in value else value["priority"]
            if not str(host).endswith("."):
                raise ValueError("octoDNS wants a dot behind a whole name")
            return f"{number} {host}"
        case "SRV":
            return f"{value['priority']} {value['weight']} {value['port']} {value['target']}"
        case "CAA":
            quoted = str(value["value"]).replace("\\", "\\\\").replace('"', '\\"')
            return f'{value.get("flags", 0)} {value["tag"]} "{quoted}"'
        case _:
            return str(value)
