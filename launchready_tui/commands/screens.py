"""Opens the screens: on the nearest project, on a project that is given, or on the demo."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from launchready_tui.commands import options, process

if TYPE_CHECKING:
    from launchready_tui.project.file import Loaded
    from launchready_tui.world import Options, World


def open_nearest(path: Path | None) -> None:
    """The screens on the project here, or the welcome page. Without a terminal, the summary."""
    # What start-up makes stays: looking through it for garbage costs a tenth of the time to the
    # first text. `_collect_again` turns the collector on when the first screen is drawn.
    gc.disable()
    from launchready_tui.world import Options

    loaded = options.load_nearest(path)
    if sys.stdin.isatty() and sys.stdout.isatty():
        open_screens(loaded, Options(), when_ready=_collect_again)
        return
    if loaded is None:
        raise click.UsageError(
            "The screens need a terminal, and there is no launchready.toml here. "
            "Make one with: launchready new yourdomain.com. Or see: launchready --help"
        )
    sys.exit(_print_summary(loaded))


def _collect_again() -> None:
    gc.freeze()
    gc.enable()


def open_screens(
    loaded: Loaded | None,
    network: Options,
    first: str = "",
    stage: int | None = None,
    when_ready: Callable[[], None] | None = None,
) -> None:
    """Run the app until it is left, on this file or, without one, on its first screen."""
    from launchready_tui.tui.app import LaunchReadyApp

    app = LaunchReadyApp(
        loaded=loaded,
        checklist=options.content(),
        open_world=partial(_open_world, network),
        clock=options.now,
        user=options.user(),
        first=first or "stage",
        stage=stage,
        recent=None if loaded else _recent_file(),
        when_ready=when_ready,
    )
    process.run(app.run_async())


def open_demo(loaded: Loaded, faults: tuple[str, ...]) -> None:
    """The screens on Harbor Market, which lives in this process for as long as they are open."""
    process.run(_demo(loaded, faults))


async def _demo(loaded: Loaded, faults: tuple[str, ...]) -> None:
    from launchready_tui.lab import Lab
    from launchready_tui.lab.demo import begun_tests
    from launchready_tui.lab.faults import broken
    from launchready_tui.tui.app import LaunchReadyApp

    async with Lab(broken(faults), tests=begun_tests(loaded.project)) as lab:
        await LaunchReadyApp(
            loaded=loaded,
            checklist=options.content(),
            open_world=partial(_open_world, lab.options),
            clock=options.now,
            lab=lab,
            faults=faults,
            user=options.user(),
        ).run_async()


def _recent_file() -> Path:
    from launchready_tui.tui.session.nearby import recent_file

    return recent_file()


def _open_world(network: Options) -> AbstractAsyncContextManager[World]:
    from launchready_tui.world import open_world

    return open_world(network, now=options.now())


def _print_summary(loaded: Loaded) -> int:
    """What the file says today, for pipes and scripts; nothing is asked of anybody."""
    from launchready_tui.audit import exit_code
    from launchready_tui.verdict.readiness import assess
    from launchready_tui.vocabulary.safe_text import clean_line, show_host

    ready = assess(loaded.project, options.content())
    click.echo(f"{clean_line(loaded.project.product.name)}  {show_host(loaded.project.domain)}")
    click.echo(f"{ready.headline}.")
    if ready.notice:
        click.echo(ready.notice)
    for problem in ready.today():
        click.echo(f"✗ {problem.title}  ({problem.minutes} min)")
    for stage in options.content().stages:
        done, total = ready.done(stage.number)
        click.echo(f"Stage {stage.number}, {stage.title}: {done} of {total}")
    return exit_code(ready.verdict)
