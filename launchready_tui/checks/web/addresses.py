"""Whether pages answer, safely and at one address: `http.reachable`, `http.https`, `.canonical`."""

from __future__ import annotations

from asyncio import gather
from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, skipped, unknown, warned
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.web.redirect_walks import walked
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.recognise.registrable import is_registrable
from launchready_tui.rules.web.canonical import judge
from launchready_tui.rules.web.challenge import kept_out
from launchready_tui.rules.web.indexing import is_staging
from launchready_tui.rules.web.placeholders import placeholder
from launchready_tui.rules.web.redirects import Chain, is_permanent, redirect_target, steps
from launchready_tui.rules.web.urls import host_of, scheme_of, web_url
from launchready_tui.vocabulary.facts import Response, Unreachable
from launchready_tui.vocabulary.findings import Evidence, Outcome
from launchready_tui.vocabulary.silence import in_words

if TYPE_CHECKING:
    from launchready_tui.world import World

FOR_MACHINES = ("health", "api-read")


@check(
    "http.reachable",
    each=Project.web_hosts,
    asks="the front page of the host over https, or a declared route of an API",
    whom=Whom.HOSTS,
    passes=("ok", "needs-sign-in"),
    warns=("protected", "api-no-page"),
    fails=(
        "not-found",
        "client-error",
        "server-error",
        "placeholder",
        "origin-certificate",
        "refused",
        "loop",
    ),
)
async def reachable(subject: str, project: Project, world: World) -> Outcome:
    """Does the host answer with a page of the product's own? RFC 9110 15."""
    route = _route_of(subject, project)
    walk = await world.web.follow(route or f"https://{subject}/")
    evidence = walked(walk, world)
    if walk.loop:
        return failed("loop", evidence=evidence)
    if _leads_away(walk, subject, project):
        return passed(evidence=evidence)
    if isinstance(walk.end, Unreachable):
        refused = walk.end.reason == "refused" and not walk.hops
        if refused and await _another_answers(subject, project, world):
            return failed("refused", evidence=evidence)
        return unknown(walk.end.reason, evidence=evidence, detail=walk.end.detail)
    host = project.host(subject)
    purpose = host.purpose if host is not None else "site"
    behind = purpose == "admin" or _is_preview(subject, project)
    return _page(walk.end, purpose, front=not route, behind=behind, evidence=evidence)


def _is_preview(host: str, project: Project) -> bool:
    """Whether the host is a copy for its makers, where a sign-in is as it should be."""
    return is_staging(host, project.domain) or host == host_of(web_url(project.preview.url) or "")


def _leads_away(walk: Chain, subject: str, project: Project) -> bool:
    """Whether it leads to a host that is judged on its own, or is somebody else's."""
    end = host_of(steps(walk)[-1]) if walk.hops else subject
    ours = f".{end}".endswith(f".{project.domain}")
    return end != subject and (end in project.web_hosts() or not ours)


def _page(
    page: Response, purpose: str, *, front: bool, behind: bool, evidence: tuple[Evidence, ...]
) -> Outcome:
    """What an answer of the host itself is worth.

    `front` when it is that of its front page, `behind` when it should ask for a sign-in.
    """
    status, facts = page.status, {"status": str(page.status)}
    if kept := kept_out(page):
        return unknown(kept, evidence=evidence)
    if who := placeholder(page):
        return failed("placeholder", evidence=evidence, who=who, **facts)
    if status < 400:
        return passed(evidence=evidence)
    if status == 401 and behind:
        return passed("needs-sign-in", evidence=evidence)
    if status in (401, 403):
        return warned("protected", evidence=evidence, **facts)
    if status in (525, 526):
        return failed("origin-certificate", evidence=evidence, **facts)
    if status in (404, 410):
        if purpose == "api" and front:
            return warned("api-no-page", evidence=evidence, **facts)
        return failed("not-found", evidence=evidence, **facts)
    return failed("server-error" if status >= 500 else "client-error", evidence=evidence, **facts)


@check(
    "http.https",
    each=Project.web_hosts,
    asks="the front page of the host over plain http",
    whom=Whom.HOSTS,
    warns=("temporary", "detour", "no-http", "http-error"),
    fails=("plain", "plain-redirect"),
)
async def https(subject: str, project: Project, world: World) -> Outcome:
    """Does plain http lead to https on the same host at once? RFC 9110 15.4."""
    walk, safe = await gather(
        world.web.follow(f"http://{subject}/"), world.web.get(f"https://{subject}/")
    )
    evidence = walked(walk, world)
    first = walk.hops[0] if walk.hops else walk.end
    if isinstance(first, Unreachable):
        if first.reason == "refused" and isinstance(safe, Response):
            return warned("no-http", evidence=evidence)
        return unknown(first.reason, evidence=evidence, detail=first.detail)
    if kept := kept_out(first):
        return unknown(kept, evidence=evidence)
    target, status = redirect_target(first), str(first.status)
    if target is None:
        if first.status < 300:
            return failed("plain", evidence=evidence)
        return warned("http-error", evidence=evidence, status=status)
    if scheme_of(target) == "https" and host_of(target) == subject:
        if is_permanent(first.status):
            return passed(evidence=evidence, status=status, to=target)
        return warned("temporary", evidence=evidence, status=status, to=target)
    if any(scheme_of(url) == "https" for url in steps(walk)):
        return warned("detour", evidence=evidence, to=target)
    if isinstance(walk.end, Unreachable):
        return unknown(walk.end.reason, evidence=evidence, detail=walk.end.detail)
    return failed("plain-redirect", evidence=evidence, to=target)


def _product(project: Project) -> tuple[str, ...]:
    return (project.domain,) if project.domain else ()


@check(
    "http.canonical",
    each=_product,
    asks="the front page over http and https, with and without www",
    whom=Whom.HOSTS,
    warns=("extra-hop", "canonical-tag", "two-sites"),
    fails=("two-hosts", "loop", "dead-end"),
    skips=("one-host",),
)
async def canonical(subject: str, project: Project, world: World) -> Outcome:
    """Does every way to the site end at one host, and does the page agree? RFC 6596."""
    twin = f"www.{subject}"
    if project.host(twin) is None and not is_registrable(subject):
        return skipped("one-host")
    starts = [f"{scheme}://{host}/" for host in (subject, twin) for scheme in ("https", "http")]
    walks = dict(zip(starts, await gather(*map(world.web.follow, starts)), strict=True))
    if _has_no_address(walks[f"https://{twin}/"]) and not _has_no_address(walks[starts[0]]):
        return skipped("one-host")
    found = judge(walks)
    evidence = tuple(
        seen(f"From {start}", _shown_end(walk), world) for start, walk in walks.items()
    )
    match found.kind:
        case "ok":
            return passed(evidence=evidence, **found.facts)
        case "warn":
            return warned(found.name, evidence=evidence, **found.facts)
        case "fail":
            return failed(found.name, evidence=evidence, **found.facts)
        case "unknown":
            return unknown(found.name, evidence=evidence, **found.facts)


def _route_of(subject: str, project: Project) -> str:
    """The declared route of this host that machines may ask; empty when there is none."""
    routes = (each.url for each in project.routes if each.kind in FOR_MACHINES)
    return next((url for url in routes if host_of(url) == subject), "")


async def _another_answers(subject: str, project: Project, world: World) -> bool:
    """Whether some other host of this audit answers, so that a refusal is not our network's."""
    others = [host for host in project.web_hosts() if host != subject]
    replies = await gather(*(world.web.get(f"https://{host}/") for host in others))
    return any(isinstance(reply, Response) for reply in replies)


def _has_no_address(walk: Chain) -> bool:
    return not walk.hops and isinstance(walk.end, Unreachable) and walk.end.reason == "no-address"


def _shown_end(walk: Chain) -> str:
    if isinstance(walk.end, Unreachable):
        return in_words(walk.end.reason)
    count = len(walk.hops)
    if walk.loop:
        return f"round and round, {count + 1} steps seen"
    return f"{count} {'step' if count == 1 else 'steps'} to {walk.end.url}, {walk.end.status}"
