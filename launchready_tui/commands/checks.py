"""`launchready checks`: what LaunchReady looks at by itself, and what it asks of whom."""

from __future__ import annotations

import json

import click


@click.command(name="checks")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list, for programs.")
def command(as_json: bool) -> None:
    """List every live check: its id, its title, its stages, and what it asks of whom.

    Use an id with: launchready audit --only ID
    """
    from launchready_tui import checklist
    from launchready_tui.checks import registered

    content = checklist.builtin()
    rows = [
        {
            "id": check.id,
            "title": content.titles.get(check.id, check.id),
            "stages": list(content.stages_of(check.id)),
            "asks": check.asks,
            "covers": list(content.covers_of(check.id)),
        }
        for check in registered().values()
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        numbers = ", ".join(str(number) for number in content.stages_of(str(row["id"])))
        click.echo(f"{row['id']:<16} {row['title']}  (stage {numbers})")
        click.echo(f"{'':<16} Asks: {row['asks']}.")
