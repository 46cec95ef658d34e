"""Whether mail to the product's domains arrives anywhere: `dns.mail`."""

from __future__ import annotations

from asyncio import gather
from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, skipped, unknown, warned
from launchready_tui.checks.senders import from_domains, sends_no_mail
from launchready_tui.findings import Evidence, Outcome
from launchready_tui.project.model import Project
from launchready_tui.rules.mx import Route, route

if TYPE_CHECKING:
    from datetime import datetime

    from launchready_tui.world import World


def _domains(project: Project) -> tuple[str, ...]:
    own = (project.domain,) if project.domain else ()
    return tuple(dict.fromkeys((*own, *from_domains(project))))


@check(
    "dns.mail",
    each=_domains,
    asks="DNS for the mail servers of the domain and their addresses",
    warns=("implicit-mx", "mx-is-alias"),
    fails=("missing", "null-mx", "mx-is-address", "mx-dead", "null-mx-mixed"),
    skips=("no-mail",),
)
async def mail(subject: str, project: Project, world: World) -> Outcome:
    """Does mail to this domain reach a server? RFC 5321 5, RFC 7505."""
    quiet, found = await gather(sends_no_mail(project, world), route(subject, world.dns.ask))
    if quiet:
        return skipped("no-mail")
    seen = _seen(found, world.now)
    for name, host in found.faults:
        return failed(name, evidence=seen, mx=host)
    for name, silence in found.unanswered:
        asked = Evidence("No answer about", name, world.now)
        return unknown(silence.reason, evidence=(*seen, asked), detail=name)
    for name, host in found.warnings:
        return warned(name, evidence=seen, mx=host)
    return passed(evidence=seen, mx=found.exchanges[0].host)


def _seen(found: Route, now: datetime) -> tuple[Evidence, ...]:
    records = (f"{each.preference} {each.host or '.'}" for each in found.exchanges)
    lines = ", ".join(records) or "none"
    addresses = ", ".join(found.addresses[:8])
    seen = (Evidence(f"MX of {found.domain}", lines, now),)
    return (*seen, Evidence("Their addresses", addresses, now)) if addresses else seen
