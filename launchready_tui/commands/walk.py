"""`launchready walk`: one question at a time, on the Walk screen or as plain prompts."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from launchready_tui.commands import options


@click.command(name="walk")
@options.project
@options.checklists
@options.network
@click.option("--plain", is_flag=True, help="Plain prompts, for screen readers.")
@click.option("--stage", type=int, help="Begin with this stage.")
def command(
    project_path: Path | None,
    resolver: tuple[str, ...],
    connect: tuple[str, ...],
    ca: Path | None,
    plain: bool,
    stage: int | None,
) -> None:
    """Answer the open questions, one at a time.

    Begins at the first open question. Every answer is saved at once, so stop whenever you like:
    the next walk goes on where you were. Without a terminal the questions come as plain text.
    """
    known = [each.number for each in options.content().stages]
    if stage is not None and stage not in known:
        raise click.BadParameter(f"There is no stage {stage}. Stages go from 1 to {max(known)}.")
    if plain or not (sys.stdin.isatty() and sys.stdout.isatty()):
        from launchready_tui.commands.plain_walk import run, start

        loaded = options.load(project_path)
        walk = start(loaded, options.content(), stage)
        run(walk, ask=_ask, say=click.echo, clock=options.now, user=options.user())
        return
    from launchready_tui.commands.screens import open_screens

    network = options.world_options(resolver, connect, ca)
    open_screens(options.load(project_path), network, first="walk", stage=stage)


def _ask(prompt: str) -> str:
    return input(prompt)
