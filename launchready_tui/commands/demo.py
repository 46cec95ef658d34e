"""`launchready demo`: the screens, or one audit, on a made-up marketplace on this machine."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from launchready_tui.commands import options, process

if TYPE_CHECKING:
    from launchready_tui.audit import Audit
    from launchready_tui.lab import Scenario
    from launchready_tui.project.file import Loaded
    from launchready_tui.project.model import Project


@click.command(name="demo")
@click.option("--healthy", is_flag=True, help="Break nothing.")
@click.option(
    "--fault", "faults", multiple=True, metavar="ID", help="Break exactly this. Repeatable."
)
@click.option("--list-faults", is_flag=True, help="List what can be broken, and stop.")
@click.option("--json", "as_json", is_flag=True, help="Print the audit of that world as JSON.")
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("launchready-demo"),
    show_default=True,
    help="The only folder that the demo writes to. Delete it to start over.",
)
def command(
    healthy: bool, faults: tuple[str, ...], list_faults: bool, as_json: bool, folder: Path
) -> None:
    """Try everything on a made-up marketplace that is broken on purpose.

    Harbor Market lives on your own machine while the demo runs: no account, no network. Look at
    what is broken, read how it is fixed, and press f to have it fixed for you.

    Without a terminal, the demo audits Harbor Market, writes its documents and prints a summary.
    """
    from launchready_tui.lab.faults import DEMO_FAULTS, FAULTS
    from launchready_tui.vocabulary.errors import did_you_mean
    from launchready_tui.vocabulary.safe_text import clean_line

    if list_faults:
        for fault in FAULTS.values():
            click.echo(f"{fault.id:<24} {fault.what}")
        return
    if options.given("project_path") is not None:
        raise click.UsageError(
            "The demo has a project of its own, in its folder. Leave out --project."
        )
    for id in faults:
        if id not in FAULTS:
            near = did_you_mean(id, FAULTS)
            raise click.UsageError(
                f"There is no fault {clean_line(id, 60)}.{near} See: launchready demo --list-faults"
            )
    if healthy and faults:
        raise click.UsageError("Use --healthy or --fault, not both.")
    chosen = faults or (() if healthy else tuple(DEMO_FAULTS))
    if as_json:
        sys.exit(_print_json(chosen))
    loaded = _project_in(folder, finished=chosen != tuple(DEMO_FAULTS))
    if sys.stdin.isatty() and sys.stdout.isatty():
        from launchready_tui.commands.screens import open_demo

        open_demo(loaded, chosen)
        click.echo(f"Everything of the demo is in {folder}. Delete it to start over.")
        return
    sys.exit(_headless(loaded, chosen, folder))


def _scenario(faults: tuple[str, ...]) -> Scenario:
    from launchready_tui.lab.faults import broken

    return broken(faults)


async def _audit(project: Project, faults: tuple[str, ...]) -> Audit:
    from launchready_tui import audit
    from launchready_tui.lab import Lab
    from launchready_tui.lab.demo import begun_tests
    from launchready_tui.world import open_world

    content = options.content()
    at, started = options.now(), time.monotonic()
    async with (
        Lab(_scenario(faults), tests=begun_tests(project)) as lab,
        open_world(lab.options, now=at) as world,
    ):
        jobs = audit.plan(project, content)
        findings = await audit.collect(jobs, project, world, content)
    return audit.summarise(findings, at, time.monotonic() - started)


def _print_json(faults: tuple[str, ...]) -> int:
    from launchready_tui.commands.audit_output import audit_json
    from launchready_tui.lab.demo import demo_project

    project = demo_project(options.now())
    result = process.run(_audit(project, faults))
    click.echo(audit_json(result, project, options.content()))
    return result.exit_code


def _project_in(folder: Path, *, finished: bool) -> Loaded:
    """The demo's project in its folder: made anew, or as it was left the last time.

    Only in the story of the demo has its founder something to tell that is wrong, and questions
    left: else all answers are good, and what is wrong are the faults that were chosen.
    """
    from launchready_tui.lab.demo import demo_project
    from launchready_tui.project import file

    path = folder / "launchready.toml"
    fresh = demo_project(options.now(), finished=finished)
    if path.exists():
        loaded = options.load(path)
        if loaded.project.domain != fresh.domain:
            raise click.UsageError(
                f"{folder} holds the project of {loaded.project.domain}, which the demo leaves "
                "alone. Give another folder with --dir."
            )
        return loaded
    folder.mkdir(parents=True, exist_ok=True)
    return file.create(path, fresh)


def _headless(loaded: Loaded, faults: tuple[str, ...], folder: Path) -> int:
    from dataclasses import replace

    from launchready_tui import documents
    from launchready_tui.audit import exit_code
    from launchready_tui.commands.audit import console
    from launchready_tui.commands.audit_output import print_audit
    from launchready_tui.project import change, file
    from launchready_tui.verdict.readiness import assess

    result = process.run(_audit(loaded.project, faults))
    project = change.record(loaded.project, result.findings, at=result.at, by="demo", partial=False)
    saved = file.save(loaded, project)
    content = options.content()
    written = documents.write_all(folder / "handover", saved.project, content)
    click.echo(f"LaunchReady demo: a made-up marketplace on your own machine, {_how(faults)}.")
    click.echo()
    ready = assess(saved.project, content)  # as the documents say it: with the answers in the file
    shown = replace(
        result, verdict=ready.verdict, headline=ready.headline, today=len(ready.today())
    )
    print_audit(console(), shown, saved.project)
    for problem in ready.today():
        if problem.told is not None:
            click.echo(f"Told by {problem.told.by}, to fix today: {problem.title}.")
    click.echo(f"Wrote {len(written) - 1} documents and index.html to {folder / 'handover'}.")
    click.echo(f"The answers and findings are in {saved.path}. Nothing else was written.")
    return exit_code(ready.verdict)


def _how(faults: tuple[str, ...]) -> str:
    return "broken on purpose" if faults else "with nothing broken"
