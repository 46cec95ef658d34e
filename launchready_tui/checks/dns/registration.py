"""Until when the domain is yours, and whether it is locked: `dns.registration`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, skipped, unknown, warned
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.recognise.registrable import at_a_registry
from launchready_tui.rules.dns.rdap import (
    ENDING,
    HOLDS,
    LAST_DAYS,
    LAST_WEEKS,
    NotRegistered,
    Registration,
    days_left,
)
from launchready_tui.vocabulary.dates import say_day
from launchready_tui.vocabulary.facts import NoSuchName, Unreachable
from launchready_tui.vocabulary.findings import Evidence, Outcome

if TYPE_CHECKING:
    from launchready_tui.world import World


def _registered(project: Project) -> tuple[str, ...]:
    return (at_a_registry(project.domain) or project.domain,) if project.domain else ()


@check(
    "dns.registration",
    each=_registered,
    asks="the registry of the domain over RDAP; its address comes from IANA",
    whom=Whom.REGISTRY,
    warns=("ends-soon", "no-lock"),
    fails=("expired", "last-days", "ending", "on-hold", "not-registered"),
    skips=("platform",),
)
async def registration(subject: str, project: Project, world: World) -> Outcome:
    """How long is the domain registered, and is it locked? RFC 9083 4.5, 4.6, 10.2."""
    if not at_a_registry(subject):
        return skipped("platform")
    found = await world.registry.registration(subject)
    if isinstance(found, Unreachable):
        return unknown(found.reason, detail=found.detail)
    if isinstance(found, NotRegistered):
        return await _not_registered(subject, world)
    evidence = _evidence(found, world)
    return _stopped(found, evidence) or _by_date(found, evidence, world)


def _stopped(found: Registration, evidence: tuple[Evidence, ...]) -> Outcome | None:
    """The first status with which the registry ends or holds the domain, if there is one."""
    for status in found.statuses:
        if status in ENDING or status in HOLDS:
            name = "ending" if status in ENDING else "on-hold"
            return failed(name, evidence=evidence, status=status, registrar=found.registrar)
    return None


def _by_date(found: Registration, evidence: tuple[Evidence, ...], world: World) -> Outcome:
    """How much time is left; where it is enough, whether the domain is locked."""
    days = days_left(found, world.now)
    if found.expires is None or days is None:
        return unknown("not-known", evidence=evidence, detail="no date of expiry")
    facts = {
        "registrar": found.registrar,
        "until": say_day(found.expires.date(), world.now.date()),
        "days": str(max(days, 0)),
    }
    if found.expires <= world.now:
        return failed("expired", evidence=evidence, **facts)
    if found.expires - world.now < LAST_DAYS:
        return failed("last-days", evidence=evidence, **facts)
    if found.expires - world.now < LAST_WEEKS:
        return warned("ends-soon", evidence=evidence, **facts)
    if not found.statuses:
        return unknown("not-known", evidence=evidence, detail="no status")
    if not found.locked:
        return warned("no-lock", evidence=evidence, **facts)
    return passed(evidence=evidence, **facts)


async def _not_registered(subject: str, world: World) -> Outcome:
    """The registry knows no such domain. That counts where DNS says the same.

    A name that is in DNS is somebody's: then the registry's answer is not what it seems.
    """
    reply = await world.dns.ask(subject, "NS")
    if isinstance(reply, NoSuchName):
        return failed("not-registered")
    if isinstance(reply, Unreachable):
        return unknown(reply.reason, detail=reply.detail)
    return unknown("garbled", detail="the registry knows no such domain, but it is in DNS")


def _evidence(found: Registration, world: World) -> tuple[Evidence, ...]:
    lines = [("Registered until", f"{found.expires:%Y-%m-%d}" if found.expires else "not said")]
    lines += [("Registrar", found.registrar)] if found.registrar else []
    lines += [("Status at the registry", ", ".join(found.statuses[:10]) or "not said")]
    return tuple(seen(label, value, world) for label, value in lines)
