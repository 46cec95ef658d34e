"""`launchready checks`: what LaunchReady looks at by itself, what it asks, and how it judges."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from launchready_tui.commands import options
from launchready_tui.vocabulary.extension import check_of
from launchready_tui.vocabulary.safe_text import clean_line

if TYPE_CHECKING:
    from launchready_tui.checks import Check
    from launchready_tui.content.checklist import Checklist


@click.command(name="checks")
@options.checklists
@click.argument("check_id", metavar="[ID]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list, for programs.")
def command(check_id: str | None, as_json: bool) -> None:
    """List every live check: its id, its title, its stages, and what it asks of whom.

    With an ID, show how that check judges: what it asks, where the lines are, when it can't
    tell, and where it may be wrong. To run it: launchready audit --only ID
    """
    from launchready_tui import extensions
    from launchready_tui.checks import registered
    from launchready_tui.vocabulary.errors import did_you_mean

    content = options.content()
    checks, broken = registered(), extensions.faults(content)
    for fault in broken:
        click.echo(f"The extension {fault.package} failed: {fault.error}", err=True)
    known = {*checks, *(check_of(fault.package) for fault in broken)}
    if check_id is not None and check_id not in known:
        near = did_you_mean(check_id, checks)
        raise click.UsageError(
            f"There is no check {clean_line(check_id, 60)}.{near} See: launchready checks"
        )
    wanted = [check for check in checks.values() if check_id in (None, check.id)]
    if as_json:
        rows = [_row(check, content) for check in wanted]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif check_id:
        _show_page(check_id, content)
    else:
        for check in wanted:
            numbers = ", ".join(map(str, content.stages_of(check.id)))
            click.echo(f"{check.id:<16} {_title(check, content)}  (stage {numbers})")
            click.echo(f"{'':<16} Asks: {clean_line(check.asks)}.")
            click.echo(f"{'':<16} Of whom: {clean_line(check.whom)}.")


def _row(check: Check, content: Checklist) -> dict[str, object]:
    return {
        "id": check.id,
        "title": _title(check, content),
        "stages": list(content.stages_of(check.id)),
        "asks": check.asks,
        "whom": str(check.whom),
        "covers": list(content.covers_of(check.id)),
        "package": check.package or None,
    }


def _title(check: Check, content: Checklist) -> str:
    return content.titles.get(check.id, check.id)


def _show_page(check: str, content: Checklist) -> None:
    """The page as it is written; with headings and lists drawn where somebody looks at it."""
    from launchready_tui.content import check_pages

    if not check_pages.place(check, content.pages):
        raise click.UsageError(f"No page is written about {check} yet. See: launchready checks")
    text = check_pages.text(check, content.pages)
    if not sys.stdout.isatty():
        click.echo(text, nl=False)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(highlight=False)
    console.print(Markdown(text), width=min(console.width, 100))
