"""`launchready credential`: tokens and cookies, kept by the system's own password store."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from launchready_tui.commands import options

if TYPE_CHECKING:
    from launchready_tui.facts import Unreachable
    from launchready_tui.project.model import Project
    from launchready_tui.world import Options

KINDS = ("cloudflare", "test-session")
LONGEST = 10_000  # characters that are read from a pipe
ASKED = {
    "cloudflare": "Paste the token. It will not show",
    "test-session": "Paste the cookie as name=value. It will not show",
}
WRONG_FORM = {
    "cloudflare": "That is not the form of a token: letters, digits and a few signs, no spaces.",
    "test-session": "That is not the form of a cookie. Write it as name=value.",
}


@click.group(name="credential")
def command() -> None:
    """Keep a token or a cookie in the password store of this computer.

    A value never goes into the project file, and is never shown again. Two names are known:

    \b
    cloudflare     a token that can read your zone at Cloudflare and change nothing
    test-session   the sign-in cookie of a throw-away account of your own product
    """


@command.command(name="set")
@click.argument("name", type=click.Choice(KINDS))
@options.project
@options.network
@click.option("--no-check", is_flag=True, help="Keep it without asking Cloudflare about it.")
def set_one(
    name: str,
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
    value = _read(name)
    if not fits(name, value):
        raise click.ClickException(WRONG_FORM[name])
    if name == "cloudflare" and not no_check:
        _check(value, project, network)
    SystemKeyring().write(name, project.domain, value, options.now().date())
    click.echo(
        f"Kept {name} for {project.domain} in the password store of this computer.", err=True
    )


@command.command(name="list")
@options.project
def list_all(project_path: Path | None) -> None:
    """List what is kept for this project: names and dates, never values."""
    from launchready_tui.world.credentials import NAMES, SystemKeyring

    domain = options.load(project_path).project.domain
    store = SystemKeyring()
    for name, what in NAMES.items():
        kept = store.read(name, domain)
        since = "not kept" if kept is None else f"kept since {kept.since or 'an unknown day'}"
        click.echo(f"{name:<14} {since:<24} {what}")


@command.command(name="forget")
@click.argument("name", type=click.Choice(KINDS))
@options.project
def forget(name: str, project_path: Path | None) -> None:
    """Take a value out of the password store."""
    from launchready_tui.world.credentials import SystemKeyring

    domain = options.load(project_path).project.domain
    if SystemKeyring().forget(name, domain):
        click.echo(f"Forgot {name} for {domain}.", err=True)
    else:
        click.echo(f"There was no {name} for {domain}.", err=True)


def _read(name: str) -> str:
    """The value: typed without showing, or the first line of what is piped in."""
    if sys.stdin.isatty():
        typed: str = click.prompt(ASKED[name], hide_input=True, err=True)
        return typed.strip()
    return sys.stdin.readline(LONGEST).strip()


def _check(token: str, project: Project, network: Options) -> None:
    """Ask Cloudflare what the token may do. Raises `ClickException` when it is not to be kept."""
    from launchready_tui.checks.zones import zone_of
    from launchready_tui.world import open_world
    from launchready_tui.world.credentials import CLOUDFLARE_TOKEN, InMemory

    domain, zone = zone_of(project)
    trial = replace(network, credentials=InMemory({(CLOUDFLARE_TOKEN, domain): token}))

    async def ask() -> Unreachable | None:
        async with open_world(trial, now=options.now()) as world:
            return await world.cloudflare.admits(domain, zone)

    refused = asyncio.run(ask())
    if refused is not None:
        raise click.ClickException(_why_not(refused.reason, zone))


def _why_not(reason: str, zone: str) -> str:
    from launchready_tui.checklist import builtin, fill

    words = builtin().words.get(f"unknown.{reason}")
    says = fill(words.says, {"host": zone}) if words else f"Cloudflare gave no answer ({reason})."
    unsure = reason not in ("token-writes", "token-dead")
    more = " To keep it all the same, add --no-check." if unsure else ""
    return f"{says}\nNothing was kept.{more}"
