"""`launchready reports`: who sends in your name, from the DMARC reports that you received."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from launchready_tui.commands import options, process

if TYPE_CHECKING:
    from launchready_tui.dmarc_senders import Pile
    from launchready_tui.rules.mail.dmarc_reports import Sender
    from launchready_tui.world import Options

SHOWN = 3  # addresses of one sender in the table
NOT_PROVED = (
    "Is a sender with a number under “Not proved” yours? Then add its records first.",
    "Is it not yours? A stricter record keeps it from sending in your name.",
)
PROVED = ("All of it is proved to be yours. You can make your DMARC record stricter.",)


@click.command(name="reports")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True,
                type=click.Path(exists=True, path_type=Path))  # fmt: skip
@options.network
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for programs.")
def command(
    paths: tuple[Path, ...],
    resolver: tuple[str, ...],
    connect: tuple[str, ...],
    ca: Path | None,
    as_json: bool,
) -> None:
    """List who sends mail in your name, and whose mail is not proved to be yours.

    PATH is a DMARC report (.xml, .gz or .zip), or a folder of them. They come to the address in
    your DMARC record, one a day from each big inbox. Run this before you make the record stricter.

    Exit codes: 0 every sender is proved, 1 some are not, 2 nothing could be read.
    """
    from launchready_tui.dmarc_senders import gather_reports

    network = options.world_options(resolver, connect, ca)
    pile = gather_reports(paths)
    for name, wrong in pile.refused:
        click.echo(f"{name} is left out: {wrong}.", err=True)
    if not pile.reports:
        raise click.UsageError("There is no DMARC report here. Name a report or a folder of them.")
    found = process.run(_senders(pile, network))
    if as_json:
        click.echo(_json(pile, found))
    else:
        _print(pile, found)
    sys.exit(1 if any(sender.failed for sender in found) else 0)


async def _senders(pile: Pile, network: Options) -> tuple[Sender, ...]:
    from launchready_tui.dmarc_senders import senders
    from launchready_tui.world import open_world

    async with open_world(network, options.now(), options.content()) as world:
        return await senders(pile.reports, world)


def _json(pile: Pile, found: tuple[Sender, ...]) -> str:
    return json.dumps(
        {
            "format": 1,
            "domains": sorted({each.domain for each in pile.reports}),
            "from": min(each.begin for each in pile.reports).strftime("%Y-%m-%d"),
            "to": max(each.end for each in pile.reports).strftime("%Y-%m-%d"),
            "reports": len(pile.reports),
            "senders": [
                {
                    "name": sender.name,
                    "messages": sender.count,
                    "not_proved": sender.failed,
                    "addresses": list(sender.addresses),
                }
                for sender in found
            ],
        },
        ensure_ascii=False,
        indent=2,
    )


def _print(pile: Pile, found: tuple[Sender, ...]) -> None:
    from rich.table import Table
    from rich.text import Text

    from launchready_tui.commands.audit import console

    out = console()
    begin, end = min(each.begin for each in pile.reports), max(each.end for each in pile.reports)
    domains = ", ".join(sorted({each.domain for each in pile.reports}))
    out.print(Text(f"{len(pile.reports)} reports about {domains}"))
    out.print(Text(f"{begin:%Y-%m-%d} to {end:%Y-%m-%d}"))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("Sender", "Messages", "Not proved", "Sent from"):
        table.add_column(title, justify="right" if title in ("Messages", "Not proved") else "left")
    for sender in found:
        more = len(sender.addresses) - SHOWN
        places = ", ".join(sender.addresses[:SHOWN]) + (f" and {more} more" if more > 0 else "")
        cells = (sender.name, f"{sender.count:,}", f"{sender.failed:,}", places)
        table.add_row(*(Text(cell) for cell in cells))
    out.print(table)
    out.print()
    for line in NOT_PROVED if any(sender.failed for sender in found) else PROVED:
        out.print(Text(line))
