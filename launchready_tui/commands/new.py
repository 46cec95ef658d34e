"""`launchready new DOMAIN`: look around the domain, let the founder correct it, write the file."""

from __future__ import annotations

import secrets
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from launchready_tui.commands import options, process

if TYPE_CHECKING:
    from launchready_tui.content.checklist import Checklist, ProviderKind
    from launchready_tui.discovery import Discovery
    from launchready_tui.project.model import Host, Project
    from launchready_tui.world import Options


@click.command(name="new")
@click.argument("domain")
@options.checklists
@click.option("--name", default="", help="What your product is called.")
@click.option("--kind", default="marketplace", show_default=True, help="marketplace, saas, ...")
@options.shared(
    "--project",
    "project_path",
    type=click.Path(path_type=Path),
    default=Path("launchready.toml"),
    show_default=True,
    help="The file to write. It must not be there yet.",
)
@click.option("--yes", is_flag=True, help="Take what we find; ask nothing.")
@click.option("--offline", is_flag=True, help="Do not look: write the bare domain and www only.")
@options.network
def command(
    domain: str,
    name: str,
    kind: str,
    project_path: Path,
    yes: bool,
    offline: bool,
    resolver: tuple[str, ...],
    connect: tuple[str, ...],
    ca: Path | None,
) -> None:
    """Write a project file for DOMAIN, with the hosts and providers that we can find.

    Looks for www, app, api, admin, docs and other usual names, for your DNS host, and for the
    services that send your email. In a terminal you can correct the list before it is written.
    """
    from launchready_tui.project import file
    from launchready_tui.vocabulary.safe_text import host_name, show_host

    asked = host_name(domain)
    network = options.world_options(resolver, connect, ca)
    if project_path.exists():
        raise click.UsageError(
            f"{project_path} is there already, and stays as it is. "
            "Give another file with --project, or go on with: launchready"
        )
    content = options.content()
    project = _bare(asked, name, kind)
    if not offline:
        click.echo(f"Looking around {show_host(asked)} ...", err=True)
        found = process.run(_discover(asked, network, content))
        if not yes and sys.stdin.isatty() and sys.stdout.isatty():
            found = _correct(found, content)
        project = _with(project, found)
        _tell(found, content)
    file.create(project_path, project)
    click.echo(f"Wrote {project_path}. Next: launchready", err=True)


async def _discover(domain: str, network: Options, content: Checklist) -> Discovery:
    from launchready_tui.discovery import discover
    from launchready_tui.world import open_world

    async with open_world(network, now=options.now()) as world:
        return await discover(domain, world, content, label=secrets.token_hex(6))


def _bare(domain: str, name: str, kind: str) -> Project:
    from launchready_tui.project.model import Host, Product, Project

    product = Product(name=name or domain.partition(".")[0].title(), domain=domain, kind=kind)
    return Project(product=product, hosts=(Host(name=domain), Host(name=f"www.{domain}")))


def _with(project: Project, found: Discovery) -> Project:
    from launchready_tui.project import change

    project = change.with_hosts(project, found.hosts)
    project = change.with_dns(project, provider=found.dns_provider)
    return change.with_email(project, providers=found.senders, selectors=found.selectors)


def _tell(found: Discovery, content: Checklist) -> None:
    from launchready_tui.vocabulary.safe_text import show_host

    for host in found.hosts:
        click.echo(f"{show_host(host.name)}  ({host.purpose})")
    click.echo(f"DNS host: {_names((found.dns_provider,), 'dns', content)}")
    click.echo(f"Email is sent by: {_names(found.senders, 'senders', content)}")
    for note in found.notes:
        click.echo(f"Note: {note}", err=True)


def _names(ids: tuple[str, ...], kind: ProviderKind, content: Checklist) -> str:
    known = content.providers[kind]
    names = [known[id].name if id in known else id for id in ids if id]
    return ", ".join(names) or "not known yet"


def _correct(found: Discovery, content: Checklist) -> Discovery:
    """Let the founder leave hosts out, add some, and name another DNS host or sender."""
    from launchready_tui.vocabulary.safe_text import show_host

    while True:
        click.echo("We found these:")
        for number, host in enumerate(found.hosts, 1):
            click.echo(f"  {number}. {show_host(host.name)}  ({host.purpose})")
        typed = click.prompt(
            "Numbers to leave out, names to add, or Enter to go on",
            default="",
            show_default=False,
        ).split()
        if not typed:
            break
        found = replace(found, hosts=_edited(found.hosts, typed))
    dns = _choose("Your DNS host", (found.dns_provider,), "dns", content)
    senders = _choose("Who sends your email", found.senders, "senders", content)
    return replace(found, dns_provider=dns[0] if dns else "", senders=senders)


def _edited(hosts: tuple[Host, ...], typed: list[str]) -> tuple[Host, ...]:
    from launchready_tui.discovery import guess_purpose
    from launchready_tui.project.model import Host
    from launchready_tui.vocabulary.safe_text import BadHost, host_name

    gone = {int(word) for word in typed if word.isdecimal()}
    kept = [host for number, host in enumerate(hosts, 1) if number not in gone]
    for word in typed:
        if word.isdecimal():
            continue
        try:
            name = host_name(word)
        except BadHost as error:
            click.echo(str(error), err=True)
            continue
        if all(host.name != name for host in kept):
            kept.append(Host(name=name, purpose=guess_purpose(name)))
    return tuple(kept)


def _choose(
    question: str, found: tuple[str, ...], kind: ProviderKind, content: Checklist
) -> tuple[str, ...]:
    """Ask for provider ids; Enter keeps what was found. Unknown names are asked again."""
    known = content.providers[kind]
    while True:
        typed = click.prompt(
            f"{question} ({_names(found, kind, content)}; Enter keeps it, ? lists all)",
            default="",
            show_default=False,
        ).lower()
        if not typed:
            return tuple(id for id in found if id)
        ids = tuple(typed.replace(",", " ").split())
        if all(id in known for id in ids):
            return ids
        click.echo("These are known: " + ", ".join(id for id in known if id != "generic"))
