"""`launchready audit`: run the live checks now, print them, and record them when asked to."""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from launchready_tui.commands import options, process

if TYPE_CHECKING:
    from rich.console import Console

    from launchready_tui.audit import Audit, Job
    from launchready_tui.content.checklist import Checklist
    from launchready_tui.project.file import Loaded
    from launchready_tui.project.model import Project
    from launchready_tui.vocabulary.findings import Finding
    from launchready_tui.world import Options

Form = Literal["json", "sarif"]


@click.command(name="audit")
@options.project
@options.checklists
@options.network
@click.option("--json", "form", flag_value="json", help="Print one JSON object, for programs.")
@click.option("--sarif", "form", flag_value="sarif",
              help="Print JSON in the form that code hosts show beside the lines.")  # fmt: skip
@click.option("--details", is_flag=True, help="Print why each finding matters and how to fix it.")
@click.option("--only", multiple=True, metavar="CHECK",
              help="Run this check only, or those of a pattern (tls.*). Repeatable.")  # fmt: skip
@click.option("--stage", "stages", multiple=True, type=int, metavar="N", help="Only stage N.")
@click.option("--plan", "only_plan", is_flag=True, help="List all that is asked. Ask nothing.")
@click.option("--yes", "agreed", is_flag=True, help="Don't show that list before a first audit.")
@click.option("--save", is_flag=True, help="Record the findings in the project file.")
@click.option(
    "--new",
    "mind_new",
    is_flag=True,
    help="End with 1 also for anything wrong that your project file does not hold yet.",
)
@click.option("--debug", is_flag=True, help="Say on standard error what went wrong inside.")
def command(
    project_path: Path | None,
    resolver: tuple[str, ...],
    connect: tuple[str, ...],
    ca: Path | None,
    form: Form | None,
    details: bool,
    only: tuple[str, ...],
    stages: tuple[int, ...],
    only_plan: bool,
    agreed: bool,
    save: bool,
    mind_new: bool,
    debug: bool,
) -> None:
    """Look at your site from outside, now.

    Checks DNS, certificates, addresses and email records of every host in your project file.
    It changes nothing anywhere. With --save, the findings go into the project file.

    Before the first audit of a domain you see a list of all that will be asked, and of whom.

    With --new, anything that went wrong since the file was saved ends with 1 too, be it small. So
    an audit that runs each day tells what is new, and what must be fixed today.

    Press Ctrl+C to stop early. What has come in by then is still shown, and saved with --save.

    With --only or --stage you see how that part stands. Only a whole audit says "Ready".

    Exit codes: 0 ready, 1 something to fix today, 2 wrong use, 3 could not tell.
    """
    from launchready_tui import audit
    from launchready_tui.commands import audit_plan
    from launchready_tui.vocabulary.safe_text import clean_line

    if debug:
        _tell_all()
    loaded = options.load(project_path)
    network = options.world_options(resolver, connect, ca, loaded.path.parent)
    content = options.content()
    jobs = audit.plan(loaded.project, content, only, stages)
    for line in audit.left_out(jobs, content):
        click.echo(line, err=True)
    if only_plan:
        click.echo("\n".join(audit_plan.listed(audit.questions(jobs))))
        return
    if (
        not agreed
        and not loaded.project.audits
        and not audit_plan.may_ask(jobs, loaded.project.domain)
    ):
        click.echo("Nothing was asked.", err=True)
        sys.exit(audit.CANNOT_TELL)
    at, started = options.now(), time.monotonic()
    findings: list[Finding] = []
    stopped = False
    try:
        process.run(gather(jobs, loaded.project, content, network, findings))
    except KeyboardInterrupt:
        stopped = True
        click.echo("Stopped. This is what came in until then.", err=True)
    part = audit.part_in_words(content, only, stages)
    seconds = time.monotonic() - started
    result = audit.summarise(findings, at, seconds, part=part, stopped=stopped)
    try:
        _print(result, loaded, content, form, details)
    finally:  # what was found is recorded, also when nobody reads it to its end
        if save:
            _record(result, loaded)
    new = audit.news(result.findings, loaded.project) if mind_new else ()
    for finding in new:
        click.echo(clean_line(f"New: {finding.subject}: {finding.says}"), err=True)
    sys.exit(audit.BLOCKED if new else result.exit_code)


def _tell_all() -> None:
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    for wire in ("httpcore", "httpx"):  # they write down headers, and so cookies
        logging.getLogger(wire).setLevel(logging.WARNING)


def _print(
    result: Audit, loaded: Loaded, content: Checklist, form: Form | None, details: bool
) -> None:
    from launchready_tui.commands import audit_output

    if form == "json":
        click.echo(audit_output.audit_json(result, loaded.project, content))
    elif form == "sarif":
        from launchready_tui.commands import sarif

        click.echo(sarif.of_audit(result, loaded, content))
    else:
        audit_output.print_audit(console(), result, loaded.project, details)


def _record(result: Audit, loaded: Loaded) -> None:
    from launchready_tui.project import change, file

    project = change.record(
        loaded.project,
        result.findings,
        at=result.at,
        by=options.user(),
        partial=result.partial,
    )
    file.save(loaded, project)
    click.echo(f"Recorded in {loaded.path}.", err=True)


async def gather(
    jobs: tuple[Job, ...],
    project: Project,
    checklist: Checklist,
    network: Options,
    findings: list[Finding],
) -> None:
    """Fill `findings` as they arrive, and count on standard error while somebody watches."""
    from launchready_tui import audit
    from launchready_tui.world import open_world

    watched = sys.stderr.isatty()
    async with open_world(network, now=options.now()) as world:
        count = 0
        async for finding in audit.run(jobs, project, world, checklist):
            findings.append(finding)
            count += 1
            if watched:
                click.echo(f"\r{count} checked of about {len(jobs)}", nl=False, err=True)
    if watched:
        click.echo("\r\x1b[K", nl=False, err=True)


def console() -> Console:
    """Where tables go: standard output, no markup, a fixed width where nobody looks."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else 100
    return Console(file=sys.stdout, markup=False, highlight=False, emoji=False, width=width)
