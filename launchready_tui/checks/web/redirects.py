"""Whether old addresses still lead to the right page: `http.redirects`."""

from __future__ import annotations

from asyncio import gather
from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, unknown, warned
from launchready_tui.checks.web.redirect_walks import walked
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.rules.web.old_addresses import Judgement, judge, starts, worst
from launchready_tui.rules.web.urls import host_of, web_url
from launchready_tui.vocabulary.findings import Outcome

if TYPE_CHECKING:
    from launchready_tui.world import World


def _declared(project: Project) -> tuple[str, ...]:
    return tuple(each.from_ for each in project.redirects if each.from_.strip())


@check(
    "http.redirects",
    each=_declared,
    asks="each old address, followed to where it ends",
    whom=Whom.HOSTS,
    warns=("temporary",),
    fails=("loop", "dead-end", "chain", "elsewhere", "stays"),
)
async def redirects(subject: str, project: Project, world: World) -> Outcome:
    """Does an old address lead to its declared new one, in one step, for good? RFC 9110 15.4."""
    declared = next(each for each in project.redirects if each.from_ == subject)
    begins = starts(subject, project.domain)
    to = next(iter(starts(declared.to, project.domain)), None)
    if not begins or to is None:
        return unknown("not-known")
    sign_in = web_url(project.login.url) if project.login else None
    walks = await gather(*map(world.web.follow, begins))
    judged = tuple(judge(walk, to, sign_in or "") for walk in walks)
    found = worst(judged)
    evidence = tuple(line for walk in walks for line in walked(walk, world))
    facts = {**found.facts, "wanted": to}
    if _waits_for_dns(found, begins[0], project):
        return unknown("no-address", evidence=evidence)
    match found.kind:
        case "ok":
            return passed(evidence=evidence, **facts)
        case "warn":
            return warned(found.name, evidence=evidence, **facts)
        case "fail":
            return failed(found.name, evidence=evidence, **facts)
        case "unknown":
            return unknown(found.name, evidence=evidence, **facts)


def _waits_for_dns(found: Judgement, start: str, project: Project) -> bool:
    """Whether the old host has no address, and `dns.*` says so already."""
    gone = found.name == "dead-end" and not found.facts["status"]
    return gone and project.host(host_of(start)) is not None
