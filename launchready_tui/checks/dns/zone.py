"""Whether the domain's zone is in order: `dns.delegation`, `dns.dnssec`, `dns.cname`."""

from __future__ import annotations

from asyncio import gather
from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, skipped, unknown, warned
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.recognise.registrable import is_registrable, registrable
from launchready_tui.rules.dns import aliases, delegation, dnssec
from launchready_tui.vocabulary.dates import say_day
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.vocabulary.findings import Evidence, Outcome
from launchready_tui.vocabulary.silence import in_words

if TYPE_CHECKING:
    from launchready_tui.world import World

SHOWN = 8  # servers in the evidence


def _domain(project: Project) -> tuple[str, ...]:
    return (project.domain,) if project.domain else ()


def _every_host(project: Project) -> tuple[str, ...]:
    return (*_domain(project), *(host.name for host in project.hosts))


@check(
    "dns.delegation",
    each=_domain,
    asks="the zone above for the domain's name servers, and each of them directly",
    whom=Whom.NAME_SERVERS,
    warns=("silent-server", "sets-differ", "single", "serials-differ"),
    fails=("lame",),
    skips=("subdomain", "no-zone"),
)
async def delegated(subject: str, project: Project, world: World) -> Outcome:
    """Does each name server that the zone above names answer for the domain? RFC 1912 2.8."""
    if not is_registrable(subject):
        return skipped("subdomain")
    found = await world.dns.delegation(subject)
    if isinstance(found, Unreachable):
        return unknown(found.reason, detail=found.detail)
    if isinstance(found, delegation.NoCut):
        said = "no name servers of its own" if found.exists else "no such name"
        return skipped("no-zone", evidence=[seen(f"The zone above ({found.above})", said, world)])
    evidence = _servers(found, world)
    match delegation.judge(found):
        case Unreachable(reason, detail):
            return unknown(reason, evidence=evidence, detail=detail)
        case delegation.Flaw("lame", servers):
            return failed("lame", evidence=evidence, servers=", ".join(servers))
        case delegation.Flaw(kind, servers):
            return warned(kind, evidence=evidence, servers=", ".join(servers))
        case _:
            count = str(len({server.name for server in found.answering}))
            return passed(evidence=evidence, count=count)


def _servers(found: delegation.Delegation, world: World) -> list[Evidence]:
    above, own = ", ".join(sorted(found.parent)), ", ".join(sorted(found.child))
    lines = [(f"Name servers that the zone above ({found.above}) names", above)]
    lines += [("Name servers that the domain itself names", own)] if own else []
    lines += [
        (f"Asked {server.name} ({server.address or 'no address'})", delegation.say(server))
        for server in found.servers[:SHOWN]
    ]
    return [seen(label, value, world) for label, value in lines]


@check(
    "dns.dnssec",
    each=_domain,
    asks="DNS for the DNSSEC records of the domain, at resolvers and at its own name servers",
    whom=Whom.NAME_SERVERS,
    passes=("ok", "unsigned"),
    warns=("no-ds", "ends-soon"),
    fails=("expired", "bogus"),
)
async def signed(subject: str, project: Project, world: World) -> Outcome:
    """Do the answers of the domain's zone validate, where the zone above says it is signed?

    RFC 4035 5: a validating resolver gives no answer at all where they don't.
    """
    found = await world.dns.dnssec(registrable(subject))
    if isinstance(found, Unreachable):
        return unknown(found.reason, detail=found.detail)
    judged, evidence = dnssec.judge(found, world.now), _seals(found, world)
    if isinstance(judged, Unreachable):
        return unknown(judged.reason, evidence=evidence, detail=judged.detail)
    if judged.server:
        evidence.append(seen(f"Signatures of {judged.server}", _why(judged), world))
    until = say_day(judged.until.date(), world.now.date()) if judged.until else ""
    match judged.kind:
        case "ok" | "unsigned":
            return passed(judged.kind, evidence=evidence)
        case "no-ds" | "ends-soon":
            return warned(judged.kind, evidence=evidence, until=until)
        case "expired" | "bogus":
            return failed(judged.kind, evidence=evidence, until=until)


def _seals(found: dnssec.Dnssec, world: World) -> list[Evidence]:
    anchors = ", ".join(f"key {each.key_tag}" for each in found.anchors[:SHOWN])
    lines = [("DS records in the zone above", anchors or "none")]
    lines += [("Keys in the zone", "yes" if found.has_keys else "none seen")]
    lines += [(f"Asked {each.server}", _heard(each)) for each in found.hearings]
    return [seen(label, value, world) for label, value in lines]


def _heard(one: dnssec.Hearing) -> str:
    if one.calls_it_bogus:
        return "SERVFAIL, and an answer when told not to check (CD)"
    if one.checked:
        return in_words(one.checked)
    return "an answer that it has checked (AD)" if one.vouches else "an answer"


def _why(judged: dnssec.Judgement) -> str:
    if judged.until is not None:
        ended = judged.kind == "expired"
        return f"{'ended' if ended else 'valid until'} {judged.until:%Y-%m-%d %H:%M} UTC"
    return {
        "no-signatures": "none are sent, though the zone above says that there are",
        "other-keys": "made with other keys than the DS records of the zone above name",
        "broken": "they don't fit the records",
        "resolvers": "refused by this resolver",
        "": "in order",
    }[judged.why]


FAULTS = {"apex": "at-apex", "beside": "beside-others", "loop": "loop", "long": "too-long"}


@check(
    "dns.cname",
    each=_every_host,
    asks="the domain's own name servers for aliases and what stands beside them",
    whom=Whom.NAME_SERVERS,
    warns=("flattened",),
    fails=tuple(FAULTS.values()),
)
async def alias(subject: str, project: Project, world: World) -> Outcome:
    """Is each alias alone at its name, below the top of its zone, and does it end? RFC 1034 3.6.2.

    Only the zone's own servers tell: a resolver that has met a CNAME shows it for every type.
    """
    zone = registrable(subject)
    found, chain = await gather(
        world.dns.aliases(zone, subject), aliases.walk(subject, world.dns.ask)
    )
    answers = () if isinstance(found, Unreachable) else found
    flaw = aliases.judge(answers, chain, apex=subject == zone)
    evidence = _aliases(answers, chain, world)
    if flaw is not None:
        beside = ", ".join(flaw.beside)
        if flaw.kind == "flattened":
            return warned("flattened", evidence=evidence, target=flaw.target)
        return failed(FAULTS[flaw.kind], evidence=evidence, target=flaw.target, beside=beside)
    if isinstance(found, Unreachable):
        return unknown(found.reason, evidence=evidence, detail=found.detail)
    if isinstance(chain.ending, Unreachable) and any(answer.target for answer in answers):
        return unknown(chain.ending.reason, evidence=evidence, detail=chain.ending.detail)
    return passed(evidence=evidence)


def _aliases(
    answers: tuple[aliases.AliasAnswer, ...], walked: aliases.Walk, world: World
) -> list[Evidence]:
    lines = [(f"Asked {answer.server}", _shown(answer)) for answer in answers]
    lines += [("Leads to", ", ".join(walked.chain))] if walked.chain else []
    return [seen(label, value, world) for label, value in lines]


def _shown(one: aliases.AliasAnswer) -> str:
    others = f"also holds {', '.join(one.beside)}" if one.beside else ""
    if not one.target:
        return "no alias"
    return ", ".join(filter(None, (f"an alias for {one.target}", others)))
