"""Whether mail to the product's domains arrives anywhere: `dns.mail`."""

from __future__ import annotations

from asyncio import gather
from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, skipped, unknown, warned
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.recognise.senders import from_domains, sends_no_mail
from launchready_tui.rules.mail.mx import Route, route
from launchready_tui.vocabulary.findings import Evidence, Outcome

if TYPE_CHECKING:
    from launchready_tui.world import World


def _domains(project: Project) -> tuple[str, ...]:
    own = (project.domain,) if project.domain else ()
    return tuple(dict.fromkeys((*own, *from_domains(project))))


@check(
    "dns.mail",
    each=_domains,
    asks="DNS for the mail servers of the domain and their addresses",
    whom=Whom.NAME_SERVERS,
    warns=("implicit-mx", "mx-is-alias"),
    fails=("missing", "null-mx", "mx-is-address", "mx-dead", "mx-private", "null-mx-mixed"),
    skips=("no-mail",),
)
async def mail(subject: str, project: Project, world: World) -> Outcome:
    """Does mail to this domain reach a server? RFC 5321 5, RFC 7505."""
    quiet, found = await gather(sends_no_mail(project, world), route(subject, world.dns.ask))
    if quiet:
        return skipped("no-mail")
    evidence = _evidence(found, world)
    for name, host in found.faults:
        return failed(name, evidence=evidence, mx=host)
    for name, silence in found.unanswered:
        asked = seen("No answer about", name, world)
        return unknown(silence.reason, evidence=(*evidence, asked), detail=name)
    for name, host in found.warnings:
        return warned(name, evidence=evidence, mx=host)
    return passed(evidence=evidence, mx=found.exchanges[0].host)


def _evidence(found: Route, world: World) -> tuple[Evidence, ...]:
    records = (f"{each.preference} {each.host or '.'}" for each in found.exchanges)
    servers = ", ".join(records) or ("" if found.unanswered else "none")
    lines = [(f"MX of {found.domain}", servers)] if servers else []
    lines += [("Their addresses", ", ".join(found.addresses[:8]))] if found.addresses else []
    return tuple(seen(label, value, world) for label, value in lines)
