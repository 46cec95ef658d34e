"""Whether the product's names lead to addresses: `dns.apex`, `dns.www`, `dns.host`."""

from __future__ import annotations

from asyncio import gather
from datetime import timedelta
from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, skipped, unknown, warned
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.recognise.registrable import is_registrable
from launchready_tui.rules.dns.addresses import is_public, parked_at, parked_by
from launchready_tui.rules.dns.views import View, differ, in_order, say, truth, view
from launchready_tui.vocabulary.facts import Answer
from launchready_tui.vocabulary.findings import Evidence, Outcome

if TYPE_CHECKING:
    from launchready_tui.world import World

WARNS = ("resolvers-differ", "ttl-long")
FAILS = ("missing", "no-address", "private-address", "parked")
LONG_TTL = 3600  # seconds
LAUNCH_WEEK = timedelta(days=7)
SHOWN = 8  # servers in the evidence


def _apex(project: Project) -> tuple[str, ...]:
    return (project.domain,) if project.domain else ()


def _www(project: Project) -> tuple[str, ...]:
    return (f"www.{project.domain}",) if project.domain else ()


def _others(project: Project) -> tuple[str, ...]:
    known = {*_apex(project), *_www(project)}
    return tuple(host.name for host in project.hosts if host.name not in known)


@check(
    "dns.apex",
    each=_apex,
    asks="DNS for the addresses of the domain, at resolvers and at its own name servers",
    whom=Whom.NAME_SERVERS,
    warns=WARNS,
    fails=FAILS,
)
async def apex(subject: str, project: Project, world: World) -> Outcome:
    """Does the bare domain lead to an address that customers can reach? RFC 1034 3.6."""
    return await _judge(subject, project, world)


@check(
    "dns.www",
    each=_www,
    asks="DNS for the addresses of www, at resolvers and at its own name servers",
    whom=Whom.NAME_SERVERS,
    warns=WARNS,
    fails=FAILS,
    skips=("subdomain",),
)
async def www(subject: str, project: Project, world: World) -> Outcome:
    """Does www lead to an address? Skipped below a larger domain, where nobody expects it."""
    if project.host(subject) is None and not is_registrable(project.domain):
        return skipped("subdomain")
    return await _judge(subject, project, world)


@check(
    "dns.host",
    each=_others,
    asks="DNS for the addresses of the host, at resolvers and at its own name servers",
    whom=Whom.NAME_SERVERS,
    warns=WARNS,
    fails=FAILS,
)
async def host(subject: str, project: Project, world: World) -> Outcome:
    """Does a declared host lead to an address? One for mail alone may hold MX or TXT instead."""
    outcome = await _judge(subject, project, world)
    declared = project.host(subject)
    if outcome.name == "no-address" and declared is not None and declared.purpose == "email":
        for reply in await gather(*(world.dns.ask(subject, rtype) for rtype in ("MX", "TXT"))):
            if isinstance(reply, Answer):
                found = seen(f"{reply.rtype} record", reply.records[0], world)
                return passed(evidence=(found,), addresses="")
    return outcome


async def _judge(subject: str, project: Project, world: World) -> Outcome:
    own, resolvers, authority = await _views(subject, project, world)
    evidence = _evidence(own, resolvers, authority, world)
    if own.silence is not None:
        return unknown(own.silence.reason, evidence=evidence, detail=own.silence.detail)
    addresses = in_order(truth(authority) or own.addresses)
    for address in addresses:
        if not is_public(address):
            return failed("private-address", evidence=evidence, address=address)
    for address in addresses:
        if who := parked_at(address) or _parker(own, authority):
            return failed("parked", evidence=evidence, address=address, who=who)
    if differ((own, *resolvers), authority):
        return warned("resolvers-differ", evidence=evidence)
    if own.state != "addresses":
        # An alias that leads nowhere is there itself: what is missing is an address.
        missing = own.state == "missing" and not own.chain
        return failed("missing" if missing else "no-address", evidence=evidence)
    ttl = max((each.ttl for each in authority), default=0) or own.ttl
    if ttl > LONG_TTL and _in_launch_week(project, world):
        return warned("ttl-long", evidence=evidence, hours=str(-(-ttl // 3600)))
    return passed(evidence=evidence, addresses=", ".join(addresses))


def _parker(own: View, authority: tuple[View, ...]) -> str | None:
    """The parking service that the name leads to, or that answers for its whole zone."""
    names = (*own.chain, *(each.server.partition(" ")[0] for each in authority))
    return next(filter(None, map(parked_by, names)), None)


async def _views(
    subject: str, project: Project, world: World
) -> tuple[View, tuple[View, ...], tuple[View, ...]]:
    """What we go by, what each resolver says, and what the zone's own servers say."""
    inside = f".{subject}".endswith(f".{project.domain}")
    zone = project.domain if project.domain and inside else subject
    dns = world.dns
    a, aaaa, each_a, each_aaaa, own_a, own_aaaa = await gather(
        dns.ask(subject, "A"),
        dns.ask(subject, "AAAA"),
        dns.ask_each(subject, "A"),
        dns.ask_each(subject, "AAAA"),
        dns.ask_authority(zone, subject, "A"),
        dns.ask_authority(zone, subject, "AAAA"),
    )
    resolvers = tuple(
        view(server, one, other)
        for (server, one), (_, other) in zip(each_a, each_aaaa, strict=True)
    )
    later = dict(own_aaaa)
    authority = tuple(view(server, one, later[server]) for server, one in own_a if server in later)
    return view("", a, aaaa), resolvers, authority


def _evidence(
    own: View, resolvers: tuple[View, ...], authority: tuple[View, ...], world: World
) -> tuple[Evidence, ...]:
    lines = [("Addresses", ", ".join(in_order(own.addresses)))] if own.addresses else []
    lines += [("Leads to", ", ".join(own.chain))] if own.chain else []
    lines += [(f"Asked {each.server}", say(each)) for each in resolvers[:SHOWN]]
    lines += [(f"Asked {each.server}", say(each)) for each in authority[:SHOWN]]
    if not authority:
        lines.append(("Asked its own name servers", "we could not find out where they are"))
    lines += [("Remembered for", f"{own.ttl} seconds")] if own.addresses else []
    return tuple(seen(label, value, world) for label, value in lines)


def _in_launch_week(project: Project, world: World) -> bool:
    launch = project.product.launch_date
    return launch is not None and abs(launch - world.now.date()) <= LAUNCH_WEEK
