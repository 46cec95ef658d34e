"""`launchready mail`: what a message that arrived says about your mail."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from launchready_tui.commands import options, process

if TYPE_CHECKING:
    from launchready_tui import audit
    from launchready_tui.content.checklist import Checklist
    from launchready_tui.project.model import Project
    from launchready_tui.vocabulary.findings import Finding
    from launchready_tui.world import Options
    from launchready_tui.world.mail.messages import Mail, Received

CHECKS = ("email.alignment", "email.links", "email.sender")


@click.command(name="mail")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@options.project
@options.checklists
@options.network
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for programs.")
@click.option("--no-open", is_flag=True, help="Do not open the link in the message.")
def command(
    files: tuple[str, ...],
    project_path: Path | None,
    resolver: tuple[str, ...],
    connect: tuple[str, ...],
    ca: Path | None,
    as_json: bool,
    no_open: bool,
) -> None:
    """Judge messages that arrived: are they proved to be yours, and does the link work?

    FILE is a whole message with its headers, an .eml file say; - reads one from standard input.
    In Gmail, press the three dots of a message, then Download message.

    The link of each message is opened once, on your own hosts only. With --no-open it is not.

    Exit codes: 0 all is well, 1 something to fix today, 2 wrong use, 3 could not tell.
    """
    from launchready_tui import audit
    from launchready_tui.commands import audit_output
    from launchready_tui.commands.audit import console
    from launchready_tui.world.mail.messages import Mail

    network = options.world_options(resolver, connect, ca)
    received = tuple(_read(name) for name in files)
    project = _project(project_path, received)
    content = options.content()
    jobs = audit.plan(project, content, CHECKS)
    at, started = options.now(), time.monotonic()
    mail = Mail(files=received, opens="never" if no_open else "always")
    findings = process.run(_judge(jobs, project, content, network, mail))
    part = "one message" if len(received) == 1 else f"{len(received)} messages"
    result = audit.summarise(findings, at, time.monotonic() - started, part=part)
    if as_json:
        click.echo(audit_output.audit_json(result, project, content))
    else:
        audit_output.print_audit(console(), result, project, details=True)
    sys.exit(result.exit_code)


async def _judge(
    jobs: tuple[audit.Job, ...], project: Project, content: Checklist, network: Options, mail: Mail
) -> tuple[Finding, ...]:
    from launchready_tui import audit
    from launchready_tui.world import open_world

    async with open_world(network, now=options.now()) as world:
        return await audit.collect(jobs, project, replace(world, mail=mail), content)


def _read(name: str) -> Received:
    """One message. Raises `UsageError` for a file that is none, and says what to do."""
    from launchready_tui.rules.mail import message
    from launchready_tui.world.mail.messages import Received, provider_of

    shown = "the message" if name == "-" else Path(name).name
    try:
        with click.open_file(name, "rb") as file:
            raw = file.read(message.READ + 1)
    except OSError as error:
        raise click.UsageError(f"{shown}: {error.strerror or error}. Name a file.") from None
    read = message.read(raw)
    if not read.values("from") and not read.values("received"):
        raise click.UsageError(
            f"{shown} is not a whole message: line 1 begins no header, such as From. "
            "In Gmail, press the three dots of a message, then Download message."
        )
    return Received(shown, read, provider_of(read))


def _project(path: Path | None, received: tuple[Received, ...]) -> Project:
    """The project at hand, with the messages as its inboxes; without one, the sender's domain."""
    from msgspec.structs import replace as changed

    from launchready_tui.project.model import Inbox, Product, Project

    loaded = options.load_nearest(path)
    if loaded is not None:
        project = loaded.project
    else:
        senders = (box.domain for each in received for box in each.message.mailboxes("from"))
        domain = next((name for name in senders if name), "")
        project = Project(product=Product(name=domain, domain=domain))
    inboxes = tuple(Inbox(address=each.source) for each in received)
    return changed(project, inboxes=inboxes)
