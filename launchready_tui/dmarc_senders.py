"""Who sends in your name, from the DMARC reports in a folder: by name, and how much of it fails."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from launchready_tui.recognise.senders import named, owners_of
from launchready_tui.rules.mail.dmarc_reports import (
    UNPACKED,
    NotAReport,
    Report,
    Row,
    Sender,
    by_sender,
    read,
)
from launchready_tui.vocabulary.facts import Answer
from launchready_tui.vocabulary.safe_text import clean_line

if TYPE_CHECKING:
    from launchready_tui.world import World

ENDINGS = (".xml", ".gz", ".zip")
FILES = 5000  # of one folder
NAMES_ASKED = 100  # addresses whose own names are looked up


@dataclass(frozen=True, slots=True)
class Pile:
    """The reports that could be read, and for each other file what is wrong with it."""

    reports: tuple[Report, ...]
    refused: tuple[tuple[str, str], ...]


def gather_reports(paths: Iterable[Path]) -> Pile:
    """Read reports from files, and from the files of folders (.xml, .gz, .zip), in their order.

    OSError where a path cannot be opened at all.
    """
    reports: list[Report] = []
    refused: list[tuple[str, str]] = []
    for path in _files(paths):
        try:
            with path.open("rb") as file:
                reports += read(file.read(UNPACKED + 1))
        except NotAReport as error:
            refused.append((clean_line(path.name, 100), str(error)))
    return Pile(tuple(reports), tuple(refused))


def _files(paths: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (each for each in sorted(path.iterdir()) if each.suffix.lower() in ENDINGS)
            found += [each for each in inside if each.is_file()]
        else:
            found.append(path)
    return found[:FILES]


async def senders(reports: Iterable[Report], world: World) -> tuple[Sender, ...]:
    """All senders in these reports, most failures first.

    A sender is named after the service that signed the mail or takes its bounces, else after the
    name of the server that sent it (its PTR record), else by the server's address.
    """
    reports = tuple(reports)
    rows = [row for report in reports for row in report.rows]
    unknown = dict.fromkeys(row.source for row in rows if not _service(row, world))
    asked = list(unknown)[:NAMES_ASKED]
    names = dict(zip(asked, await gather(*(_server(each, world) for each in asked)), strict=True))
    return by_sender(
        reports, lambda row: _service(row, world) or names.get(row.source) or row.source
    )


def _service(row: Row, world: World) -> str:
    """The service behind a row, by the domains that it proved; "" where none is known."""
    for proof in row.proofs:
        if proof.result == "pass" and (owners := owners_of(proof.domain, world.content)):
            return named(owners)
    return ""


async def _server(address: str, world: World) -> str:
    """What the server calls itself in DNS: the service that it belongs to, or its own name."""
    reply = await world.dns.ask(ip_address(address).reverse_pointer, "PTR")
    if not isinstance(reply, Answer):
        return ""
    name = reply.records[0].rstrip(".").lower()
    return named(owners_of(name, world.content)) or clean_line(name, 100)
