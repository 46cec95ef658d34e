"""`launchready guard dns`: judges a planned zone before it is applied, in a terminal and in CI."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from launchready_tui.commands import options, process
from launchready_tui.guards.plans import FORMATS, LIMIT_BYTES

if TYPE_CHECKING:
    from launchready_tui.guards.dns_change import Judgement
    from launchready_tui.guards.plans import Format
    from launchready_tui.project.model import Project
    from launchready_tui.rules.dns.zone import PlannedZone
    from launchready_tui.world import Options


@click.command(name="dns")
@click.argument("plan", metavar="PLAN", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--zone", default="", metavar="DOMAIN", help="The domain, where the plan can't tell.")
@click.option(
    "--format",
    "given",
    type=click.Choice(FORMATS),
    help="What wrote the plan. Default: we see it from the file.",
)
@options.project
@options.checklists
@options.network
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for programs.")
@click.option("--details", is_flag=True, help="Print why each finding matters and how to fix it.")
def command(
    plan: Path,
    zone: str,
    given: Format | None,
    project_path: Path | None,
    resolver: tuple[str, ...],
    connect: tuple[str, ...],
    ca: Path | None,
    as_json: bool,
    details: bool,
) -> None:
    """Check a planned DNS zone before you apply it.

    PLAN is all your DNS records as they will be: a BIND zone file, Cloudflare's export, a zone of
    octoDNS in YAML, or what `dnscontrol print-ir` prints. Use - to read it from a pipe.

    We run the checks of the audit on the DNS of after, and say in words what would change and
    what would break. Nothing is changed anywhere. Without a project file we look at the names in
    the plan.

    Exit codes: 0 good to apply, 1 it would break something, 2 wrong use or a plan that cannot be
    read, 3 could not tell.
    """
    from launchready_tui.commands import dns_change_output

    network = options.world_options(resolver, connect, ca)
    project = _project(project_path)
    planned = _read(plan, zone, given, project)
    started = time.monotonic()
    judgement = process.run(_judge(planned, project, network))
    if as_json:
        click.echo(dns_change_output.judgement_json(judgement, time.monotonic() - started))
    else:
        from launchready_tui.commands.audit import console

        dns_change_output.print_judgement(console(), judgement, details)
    sys.exit(judgement.exit_code)


def _project(path: Path | None) -> Project | None:
    """The project that is given, or the nearest one; a guard works without one too."""
    loaded = options.load_nearest(path)
    return loaded.project if loaded else None


def _read(plan: Path, zone: str, given: Format | None, project: Project | None) -> PlannedZone:
    from launchready_tui.guards import plans

    known = (project.domain,) if project and project.domain else ()
    if str(plan) == "-":
        return plans.read(sys.stdin.buffer.read(LIMIT_BYTES + 1), "-", zone, given, known)
    return plans.read_file(plan, zone, given, known)


async def _judge(plan: PlannedZone, project: Project | None, network: Options) -> Judgement:
    from launchready_tui.guards.dns_change import judge
    from launchready_tui.world import open_world

    async with open_world(network, now=options.now()) as world:
        return await judge(plan, project, world, options.content())
