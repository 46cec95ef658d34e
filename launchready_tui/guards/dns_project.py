"""Which hosts a plan is judged for, when no project file says it: those of the plan and of DNS."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from launchready_tui.checks.mail.dkim_keys import made_up
from launchready_tui.content.checklist import Checklist
from launchready_tui.discovery import PURPOSES, discover, guess_purpose
from launchready_tui.project.model import Email, Host, Product, Project
from launchready_tui.rules.dns.zone import ADDRESSES, ALIAS, Contents
from launchready_tui.world import World

HOSTS_AT_MOST = 40
_KEY = "._domainkey"


async def guessed(contents: Contents, live: World, checklist: Checklist) -> Project:
    """A project for a domain that has no file: what DNS shows of it today, and the plan's names.

    A name that says nothing about its use counts as a side page, so that it can't stop a change
    by itself.
    """
    zone = contents.zone
    found = await discover(zone.name, live, checklist, label=made_up(zone.name, live.now))
    hosts = {host.name: host for host in found.hosts}
    for name in contents.names:
        if len(hosts) < HOSTS_AT_MOST and _is_host(name, contents):
            hosts.setdefault(name, Host(name=name, purpose=guess_purpose(name)))
    planned = (name.partition(_KEY)[0] for name in contents.names if _KEY in name)
    email = Email(
        providers=found.senders,
        selectors=tuple(dict.fromkeys((*found.selectors, *planned))),
    )
    return Project(
        product=Product(domain=zone.name),
        hosts=tuple(_sure(hosts.values(), zone.name)),
        email=email,
    )


def _is_host(name: str, contents: Contents) -> bool:
    kinds = (*ADDRESSES, "CNAME", ALIAS)
    plain = not name.startswith(("_", "*")) and "._" not in name
    return plain and any(kind in contents.at(name) for kind in kinds)


def _sure(hosts: Iterable[Host], domain: str) -> Iterable[Host]:
    """Names that tell what they are for keep it; the others become side pages."""
    for host in hosts:
        label = host.name.removesuffix(domain).rstrip(".")
        told = not label or label in PURPOSES
        yield host if told else replace(host, purpose="landing")


def is_about(project: Project, contents: Contents) -> bool:
    """Whether a project has anything to do with this zone."""
    names = (project.domain, project.from_domain(), *(host.name for host in project.hosts))
    return any(name and contents.zone.holds(name) for name in names)
