"""`launchready handover`: write the thirteen documents from the project file alone."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from launchready_tui.commands import options


@click.command(name="handover")
@options.project
@options.checklists
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=True),
    help="The folder for the documents. Default: handover, beside the project file.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when the documents are stale.")
def command(project_path: Path | None, out: Path | None, check: bool) -> None:
    """Write all thirteen documents, as Markdown and as one page to print.

    They come from the project file alone: no network, no clock. The same file gives the same
    documents, to the byte. With --check, nothing is written: it tells whether the documents in
    the folder still say what the file says.
    """
    from launchready_tui import documents

    loaded = options.load(project_path)
    content = options.content()
    folder = out or loaded.path.parent / "handover"
    if check:
        old = documents.stale(folder, loaded.project, content)
        for name in old:
            click.echo(f"stale: {name}")
        if old:
            click.echo(f"{len(old)} of the documents in {folder} are out of date.", err=True)
            sys.exit(1)
        click.echo(f"The documents in {folder} are up to date.", err=True)
        return
    for path in documents.write_all(folder, loaded.project, content):
        click.echo(path)
