"""Names that lead to nothing, and names that everything has: `dns.dangling`, `dns.wildcard`."""

from __future__ import annotations

from asyncio import gather
from hashlib import sha256
from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, unknown, warned
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.rules.dns.takeover import Service, holds_nothing, service_of
from launchready_tui.rules.web.challenge import kept_out
from launchready_tui.vocabulary.facts import (
    Answer,
    DnsReply,
    NoSuchName,
    Response,
    Unreachable,
    ask_all,
)
from launchready_tui.vocabulary.findings import Evidence, Outcome

if TYPE_CHECKING:
    from datetime import datetime

    from launchready_tui.world import World


def _hosts(project: Project) -> tuple[str, ...]:
    own = (project.domain, f"www.{project.domain}") if project.domain else ()
    return tuple(dict.fromkeys((*own, *(host.name for host in project.hosts))))


@check(
    "dns.dangling",
    each=_hosts,
    asks="DNS for where the name leads, and its front page where that is a service we know",
    whom=Whom.NAME_SERVERS,
    passes=("ok", "no-alias"),
    warns=("target-gone",),
    fails=("claimable",),
)
async def dangling(subject: str, project: Project, world: World) -> Outcome:
    """Could a stranger claim what this name leads to? EdOverflow/can-i-take-over-xyz."""
    a, aaaa = await ask_all(world.dns.ask, ((subject, "A"), (subject, "AAAA")))
    known = [reply for reply in (a, aaaa) if not isinstance(reply, Unreachable)]
    if not known:
        assert isinstance(a, Unreachable)
        return unknown(a.reason, detail=a.detail)
    chain = max((reply.chain for reply in known), key=len)
    if not chain:
        return passed("no-alias")
    evidence = (seen("Leads to", ", ".join(chain), world),)
    service = service_of(chain)
    if any(isinstance(reply, NoSuchName) for reply in known):
        return _gone(chain, service, evidence, world)
    if service is None or not service.text:
        return passed(evidence=evidence, target=chain[-1])
    return await _page(subject, chain, service, evidence, world)


def _gone(
    chain: tuple[str, ...], service: Service | None, evidence: tuple[Evidence, ...], world: World
) -> Outcome:
    """The end of the alias does not exist."""
    evidence = (*evidence, seen(f"Asked about {chain[-1]}", "there is no such name", world))
    facts = {"target": chain[-1], "service": service.name if service else ""}
    if service is not None and service.vulnerable and service.nxdomain:
        return failed("claimable", evidence=evidence, **facts)
    return warned("target-gone", evidence=evidence, **facts)


async def _page(
    subject: str,
    chain: tuple[str, ...],
    service: Service,
    evidence: tuple[Evidence, ...],
    world: World,
) -> Outcome:
    """What the service shows under this name. Over http too: it may have no certificate for it."""
    pages = await gather(*(world.web.get(f"{scheme}://{subject}/") for scheme in ("https", "http")))
    facts = {"target": chain[-1], "service": service.name}
    for page in pages:
        if isinstance(page, Response) and holds_nothing(service, page):
            shown = seen(f"Asked {page.url}", f"{page.status}, {service.text[0]}", world)
            evidence = (*evidence, shown)
            if service.vulnerable:
                return failed("claimable", evidence=evidence, **facts)
            return warned("target-gone", evidence=evidence, **facts)
    for page in pages:
        if isinstance(page, Response) and (kept := kept_out(page)):
            return unknown(kept, evidence=evidence)
    safe, plain = pages
    if isinstance(safe, Unreachable) and not _has_page(plain):
        return unknown(safe.reason, evidence=evidence, detail=safe.detail)
    return passed(evidence=evidence, **facts)


def _has_page(page: Response | Unreachable) -> bool:
    """Whether it shows something itself: a service may lead every name on to https."""
    return isinstance(page, Response) and not 300 <= page.status < 400


def _product(project: Project) -> tuple[str, ...]:
    return (project.domain,) if project.domain else ()


@check(
    "dns.wildcard",
    each=_product,
    asks="DNS for one made-up name below the domain",
    whom=Whom.NAME_SERVERS,
    passes=("none", "intended"),
    warns=("everything",),
)
async def wildcard(subject: str, project: Project, world: World) -> Outcome:
    """Does a name that nobody made lead somewhere? RFC 4592."""
    name = f"{made_up(subject, world.now)}.{subject}"
    replies = await ask_all(world.dns.ask, ((name, "A"), (name, "AAAA")))
    lead = [reply for reply in replies if _leads_somewhere(reply)]
    if not lead:
        for reply in replies:
            if isinstance(reply, Unreachable):
                return unknown(reply.reason, detail=reply.detail)
        return passed("none")
    found = tuple(seen(f"Asked about {name}", _shown(reply), world) for reply in lead)
    if project.dns.wildcard:
        return passed("intended", evidence=found)
    return warned("everything", evidence=found, tried=name)


def made_up(domain: str, now: datetime) -> str:
    """A label that nobody has: the same one all through an audit, another in the next."""
    return "lr-" + sha256(f"{now.isoformat()} {domain}".encode()).hexdigest()[:16]


def _leads_somewhere(reply: DnsReply) -> bool:
    """An address, or an alias: one that ends at nothing stands for every name all the same."""
    return isinstance(reply, Answer) or (not isinstance(reply, Unreachable) and bool(reply.chain))


def _shown(reply: DnsReply) -> str:
    if isinstance(reply, Answer):
        return ", ".join((*reply.chain, *reply.records)[:8])
    return "" if isinstance(reply, Unreachable) else f"{', '.join(reply.chain[:8])}, which is gone"
