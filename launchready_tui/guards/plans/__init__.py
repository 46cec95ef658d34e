"""Reads a planned zone from the file of a tool: BIND, Cloudflare, octoDNS or dnscontrol.

All four give one `PlannedZone`. A file that cannot be used raises `PlanError` with the place in
it and what to do. Nothing in the file is executed, included or fetched, and its size is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, get_args

from launchready_tui.guards.errors import PlanError
from launchready_tui.rules.dns.zone import PlannedZone
from launchready_tui.vocabulary.safe_text import BadHost, clean_line, host_name

__all__ = ["FORMATS", "LIMIT_BYTES", "Format", "PlanError", "read", "read_file", "recognise"]

LIMIT_BYTES = 5_000_000

Format = Literal["bind", "cloudflare", "octodns", "dnscontrol"]
FORMATS: tuple[Format, ...] = get_args(Format)

_CANT_OPEN = "We can't open this file. Check its name and that you may read it."
_ENDINGS = (".zone", ".yaml", ".yml", ".db", ".txt", ".json", ".bind")
# Cloudflare writes its comments with two semicolons and marks what it stands in front of.
_CLOUDFLARE = re.compile(r"cf_tags=|^;;\s*(?:Exported|Domain):", re.MULTILINE)
_YAML_KEY = re.compile(r"(?:---|\?|['\"]{2}:|[\w.*'\"-]+:)\s*(?:#.*)?$")


def read_file(
    path: Path, zone: str = "", format: Format | None = None, known: Sequence[str] = ()
) -> PlannedZone:
    """Read the plan in a file; see `read`. Raises `PlanError` when there is no such file too."""
    try:
        with path.open("rb") as opened:
            data = opened.read(LIMIT_BYTES + 1)
    except IsADirectoryError:
        raise PlanError(path.name, "It is a folder. Give the file of one zone.") from None
    except (OSError, ValueError):  # ValueError: a zero byte in the name
        raise PlanError(path.name, _CANT_OPEN) from None
    return read(data, path.name, zone, format, known)


def read(
    data: bytes,
    file: str,
    zone: str = "",
    format: Format | None = None,
    known: Sequence[str] = (),
) -> PlannedZone:
    """The zone that the bytes of a file plan. `file` is its name, for messages and endings.

    `zone` is the name of the zone where the file does not tell, or tells of several; `known`
    are domains that it may be about, tried when nothing else names it.
    """
    if len(data) > LIMIT_BYTES:
        raise PlanError(file, f"The file is larger than {LIMIT_BYTES // 1_000_000} MB.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise PlanError(file, "This is no text in UTF-8. Save it as UTF-8.", line) from None
    if not text.strip():
        raise PlanError(
            file,
            "The file is empty. Give it all your DNS records as they will be.",
        )
    from launchready_tui.guards.plans.source import Source

    chosen = format or recognise(text, file)
    source = Source(text, file, _zone_name(file, zone), _guesses(file, known))
    match chosen:
        case "octodns":
            from launchready_tui.guards.plans import octodns

            return octodns.read(source)
        case "dnscontrol":
            from launchready_tui.guards.plans import dnscontrol

            return dnscontrol.read(source)
        case _:
            from launchready_tui.guards.plans import bind

            return bind.read(source, cloudflare=chosen == "cloudflare")


def recognise(text: str, file: str = "") -> Format:
    """The format of a plan, from what stands in it first and from the ending of its name."""
    start = text.lstrip()
    if start.startswith("{"):
        return "dnscontrol"
    if file.endswith((".yaml", ".yml")):
        return "octodns"
    first = next((line for line in start.splitlines() if line and line[0] not in "#;"), "")
    if _YAML_KEY.match(first):
        return "octodns"
    return "cloudflare" if _CLOUDFLARE.search(text) else "bind"


def _zone_name(file: str, typed: str) -> str:
    if not typed:
        return ""
    try:
        return host_name(typed)
    except BadHost as error:
        raise PlanError(file, f"The zone you gave is no domain. {error}") from None


def _guesses(file: str, known: Sequence[str]) -> tuple[str, ...]:
    """Domains that this file may be about: by its name, then those that the caller knows."""
    name = clean_line(file).lower().removeprefix("db.").removesuffix(".")
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    try:
        named = (host_name(name),)
    except BadHost:
        return tuple(known)
    # octoDNS names each file after its zone. Another name, such as plan.new, may be a domain by
    # accident: one that is known comes first.
    by_rule = file.endswith((".yaml", ".yml")) or named[0] in known
    return (*named, *known) if by_rule else (*known, *named)
