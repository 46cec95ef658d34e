"""`launchready credential`: tokens and cookies, kept by the system's own password store."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from launchready_tui.commands import options, process
from launchready_tui.commands.lazy_group import Commands
from launchready_tui.vocabulary.safe_text import clean_line

if TYPE_CHECKING:
    from launchready_tui.project.model import Project
    from launchready_tui.vocabulary.facts import Unreachable
    from launchready_tui.world import Options

KINDS = ("cloudflare", "test-session", "inbox", "inbox-oauth")
LONGEST = 10_000  # characters that are read from a pipe
ASKED = {
    "cloudflare": "Paste the token. It will not show",
    "test-session": "Paste the cookie as name=value. It will not show",
    "inbox": "Paste the app password. It will not show",
    "inbox-oauth": "Paste the token. It will not show",
}
WRONG_FORM = {
    "cloudflare": "That is not the form of a token: letters, digits and a few signs, no spaces.",
    "test-session": "That is not the form of a cookie. Write it as name=value.",
    "inbox": "That is not the form of a password: at least four letters, digits or signs.",
    "inbox-oauth": "That is not the form of a token: letters, digits and a few signs, no spaces.",
}


@click.group(name="credential", cls=Commands)
def command() -> None:
    """Keep a token or a cookie in the password store of this computer.

    A value never goes into the project file, and is never shown again. These names are known:

    \b
    cloudflare     a token that can read your zone at Cloudflare and change nothing
    test-session   the sign-in cookie of a throw-away account of your own product
    inbox          the app password of a test inbox
    inbox-oauth    a token for a test inbox that takes no app password
    """


whose = click.option(
    "--for",
    "address",
    metavar="ADDRESS",
    help="The test inbox that it is for. May be left out where the project has one.",
)


@command.command(name="set")
@click.argument("name", type=click.Choice(KINDS))
@whose
@options.project
@options.network
@click.option("--no-check", is_flag=True, help="Keep it without asking Cloudflare about it.")
def set_one(
    name: str,
    address: str | None,
    project_path: Path | None,
    resolver: tuple[str, ...],
    connect: tuple[str, ...],
    ca: Path | None,
    no_check: bool,
) -> None:
    """Keep a value. It is read without showing it, or from a pipe, and never from the command line.

    A token for Cloudflare is checked first. One that can change something is not kept.
    """
    from launchready_tui.world.credentials import SystemKeyring, fits

    network = options.world_options(resolver, connect, ca)
    project = options.load(project_path).project
    _owner(name, project, address)  # before anything is typed
    value = _read(name)
    if not fits(name, value):
        raise click.ClickException(WRONG_FORM[name])
    if name == "cloudflare" and not no_check:
        _check(value, project, network)
    owner = _owner(name, project, address)
    SystemKeyring().write(name, owner, value, options.now().date())
    click.echo(f"Kept {name} for {owner} in the password store of this computer.", err=True)


@command.command(name="list")
@options.project
def list_all(project_path: Path | None) -> None:
    """List what is kept for this project: names and dates, never values."""
    from launchready_tui.world.credentials import NAMES, OF_INBOXES, SystemKeyring

    project = options.load(project_path).project
    inboxes = [inbox.address for inbox in project.inboxes]
    store = SystemKeyring()
    for name, what in NAMES.items():
        for owner in inboxes if name in OF_INBOXES else (project.domain,):
            kept = store.read(name, owner)
            since = "not kept" if kept is None else f"kept since {kept.since or 'an unknown day'}"
            click.echo(f"{name:<14} {since:<24} {what}, {clean_line(owner)}")


@command.command(name="forget")
@click.argument("name", type=click.Choice(KINDS))
@whose
@options.project
def forget(name: str, address: str | None, project_path: Path | None) -> None:
    """Take a value out of the password store."""
    from launchready_tui.world.credentials import SystemKeyring

    owner = _owner(name, options.load(project_path).project, address)
    if SystemKeyring().forget(name, owner):
        click.echo(f"Forgot {name} for {owner}.", err=True)
    else:
        click.echo(f"There was no {name} for {owner}.", err=True)


def _owner(name: str, project: Project, address: str | None) -> str:
    """What a credential is kept for: the product's domain, or one of its test inboxes.

    Raises `UsageError` where it is not clear which inbox is meant.
    """
    from launchready_tui.world.credentials import OF_INBOXES

    if name not in OF_INBOXES:
        return project.domain
    known = [inbox.address for inbox in project.inboxes]
    if address in known:
        return str(address)
    if address is None and len(known) == 1:
        return known[0]
    shown = ", ".join(clean_line(each) for each in known) or "none yet"
    raise click.UsageError(
        "Say which test inbox it is for: add --for and its address. "
        f"The project file has: {shown}. Add others there, under inboxes."
    )


def _read(name: str) -> str:
    """The value: typed without showing, or the first line of what is piped in."""
    if sys.stdin.isatty():
        typed: str = click.prompt(ASKED[name], hide_input=True, err=True)
        return typed.strip()
    return sys.stdin.readline(LONGEST).strip()


def _check(token: str, project: Project, network: Options) -> None:
    """Ask Cloudflare what the token may do. Raises `ClickException` when it is not to be kept."""
    from launchready_tui.checks.edge.cloudflare_zone import zone_of
    from launchready_tui.world import open_world
    from launchready_tui.world.credentials import CLOUDFLARE_TOKEN, InMemory

    domain, zone = zone_of(project)
    trial = replace(network, credentials=InMemory({(CLOUDFLARE_TOKEN, domain): token}))

    async def ask() -> Unreachable | None:
        async with open_world(trial, now=options.now()) as world:
            return await world.cloudflare.admits(domain, zone)

    refused = process.run(ask())
    if refused is not None:
        raise click.ClickException(_why_not(refused.reason, zone))


def _why_not(reason: str, zone: str) -> str:
    from launchready_tui.content.checklist import fill

    words = options.content().words.get(f"unknown.{reason}")
    says = fill(words.says, {"host": zone}) if words else f"Cloudflare gave no answer ({reason})."
    unsure = reason not in ("token-writes", "token-dead")
    more = " To keep it all the same, add --no-check." if unsure else ""
    return f"{says}\nNothing was kept.{more}"
