"""What stands in front of the site, and how it is set: `edge.*` but for private pages."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from launchready_tui.checks import check, failed, passed, skipped, unknown, warned
from launchready_tui.checks.edge.cloudflare_zone import records_of, zone_of
from launchready_tui.checks.edge.origins import back_door
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.rules.edge.cache_rules import kept_by_rule, with_pages_below
from launchready_tui.rules.edge.detection import CLOUDFLARE, circles_at_once, edge_of
from launchready_tui.rules.web.challenge import kept_out
from launchready_tui.rules.web.urls import host_of, web_url
from launchready_tui.vocabulary.facts import Response, Unreachable
from launchready_tui.vocabulary.findings import Evidence, Outcome
from launchready_tui.vocabulary.silence import in_words

if TYPE_CHECKING:
    from launchready_tui.world import World

# Kinds of routes that show one person's own data, or lead there.
PRIVATE = ("app", "checkout", "login", "signup")
SAFE_TLS = ("1.2", "1.3")
SAFE_LEVELS = ("medium", "high", "under_attack")

Fronts = Mapping[str, Response | Unreachable]


def _product(project: Project) -> tuple[str, ...]:
    return (project.domain,) if project.domain else ()


@check(
    "edge.proxied",
    each=Project.web_hosts,
    asks="the front page of the host, once more at the server's own address where that is known, "
    "and Cloudflare for its DNS records where you gave a token",
    whom=Whom.HOSTS,
    passes=("ok", "other"),
    warns=("grey", "no-edge"),
    fails=("origin-open",),
)
async def proxied(subject: str, project: Project, world: World) -> Outcome:
    """Does an edge stand in front of the host, and is it the only way in?"""
    front, records = await gather(
        world.web.get(f"https://{subject}/"), world.cloudflare.records(*zone_of(project))
    )
    known = () if isinstance(records, Unreachable) else records
    mine = records_of(subject, known)
    who = edge_of(front) if isinstance(front, Response) else ""
    orange = any(record.proxied for record in mine)
    lines = [(f"{each.type} record", _cloud(each.proxied)) for each in mine]
    lines.append((f"Asked https://{subject}/", _answered(front, who)))
    evidence = _evidence(lines, world)
    if isinstance(front, Unreachable):
        return unknown(front.reason, evidence=evidence, detail=front.detail)
    kept = kept_out(front)
    if kept and not orange:
        return unknown(kept, evidence=evidence)
    if who not in ("", CLOUDFLARE) and not orange:
        return passed("other", evidence=evidence, who=who)
    if not orange and not who:
        others = any(each.proxied for each in known) or await _another_behind_it(project, world)
        return warned("grey" if others else "no-edge", evidence=evidence)
    door = await back_door(subject, front, project, known, world)
    evidence = (*evidence, *door.evidence)
    if door.open_at:
        return failed("origin-open", evidence=evidence, address=door.open_at)
    if door.doubt and kept:
        return unknown(kept, evidence=evidence)
    return passed(evidence=evidence, who=who or CLOUDFLARE)


@check(
    "edge.ssl-mode",
    each=_product,
    asks="Cloudflare for its SSL mode where you gave a token, and your front pages for what a "
    "wrong mode does to them",
    whom=Whom.CLOUDFLARE,
    warns=("full",),
    fails=("flexible", "off", "loop", "origin-certificate"),
    skips=("not-cloudflare",),
)
async def ssl_mode(subject: str, project: Project, world: World) -> Outcome:
    """Is the way from Cloudflare to the server encrypted, and does it check who is there?"""
    mode, fronts = await gather(
        world.cloudflare.setting(*zone_of(project), "ssl"), _fronts(project, world)
    )
    told = [("SSL mode at Cloudflare", mode)] if isinstance(mode, str) else []
    facts = {"mode": mode} if isinstance(mode, str) else {}
    evidence = _evidence(told, world)
    for host, front in fronts.items():
        if symptom := await _symptom(front, world):
            what = seen(f"Asked https://{host}/", _answered(front, CLOUDFLARE), world)
            return failed(symptom, evidence=(*evidence, what), where=host, **facts)
    if isinstance(mode, Unreachable):
        return _unasked(mode, subject, fronts, world)
    if mode == "strict":
        return passed(evidence=evidence, **facts)
    if mode == "full":
        return warned("full", evidence=evidence, **facts)
    return failed(mode, evidence=evidence, **facts)


@check(
    "edge.security",
    each=_product,
    asks="Cloudflare for three settings: Always Use HTTPS, Minimum TLS Version, Security Level",
    whom=Whom.CLOUDFLARE,
    warns=("https-optional", "old-tls", "low-level", "several"),
    fails=("off",),
    skips=("not-cloudflare",),
)
async def security(subject: str, project: Project, world: World) -> Outcome:
    """Are Cloudflare's three basic protections on?"""
    zone = zone_of(project)
    names = ("always_use_https", "min_tls_version", "security_level")
    always, oldest, level = await gather(*(world.cloudflare.setting(*zone, one) for one in names))
    for each in (always, oldest, level):
        if isinstance(each, Unreachable):
            return _unasked(each, subject, await _fronts(project, world), world)
    facts = {"always_https": str(always), "min_tls": str(oldest), "level": str(level)}
    evidence = _evidence(
        [
            ("Always Use HTTPS", facts["always_https"]),
            ("Minimum TLS Version", facts["min_tls"]),
            ("Security Level", facts["level"]),
        ],
        world,
    )
    if level in ("off", "essentially_off"):
        return failed("off", evidence=evidence, **facts)
    weak = [
        name
        for name, is_weak in (
            ("https-optional", always != "on"),
            ("old-tls", oldest not in SAFE_TLS),
            ("low-level", level not in SAFE_LEVELS),
        )
        if is_weak
    ]
    if weak:
        return warned(weak[0] if len(weak) == 1 else "several", evidence=evidence, **facts)
    return passed(evidence=evidence, **facts)


@check(
    "edge.cache-rules",
    each=_product,
    asks="Cloudflare for its cache rules, where you gave a token",
    whom=Whom.CLOUDFLARE,
    passes=("ok", "none"),
    fails=("private-kept",),
    skips=("not-cloudflare", "no-private-pages"),
)
async def cache_rules(subject: str, project: Project, world: World) -> Outcome:
    """Does a cache rule make Cloudflare keep private pages, whatever the server says?"""
    zone = zone_of(project)
    urls = tuple(filter(None, (web_url(e.url) for e in project.routes if e.kind in PRIVATE)))
    inside = [url for url in urls if f".{host_of(url)}".endswith(f".{zone[1]}")]
    if not inside:
        return skipped("no-private-pages")
    rules = await world.cloudflare.cache_rules(*zone)
    if isinstance(rules, Unreachable):
        return _unasked(rules, subject, await _fronts(project, world), world)
    evidence = _evidence([(f"Rule {n}", r.expression) for n, r in enumerate(rules[:10], 1)], world)
    if not rules:
        return passed("none", evidence=evidence)
    judged = {page: kept_by_rule(rules, page) for url in inside for page in with_pages_below(url)}
    for page, is_kept in judged.items():
        if is_kept:
            parts = urlsplit(page)
            return failed("private-kept", evidence=evidence, path=f"{parts.netloc}{parts.path}")
    if None in judged.values():
        return unknown("not-known", evidence=evidence)
    return passed(evidence=evidence)


async def _fronts(project: Project, world: World) -> Fronts:
    """The front page of every web host of the zone; each was asked for anyway."""
    _, zone = zone_of(project)
    hosts = dict.fromkeys((project.domain, *project.web_hosts()))
    inside = [host for host in hosts if f".{host}".endswith(f".{zone}")]
    replies = await gather(*(world.web.get(f"https://{host}/") for host in inside))
    return dict(zip(inside, replies, strict=True))


async def _another_behind_it(project: Project, world: World) -> bool:
    return any(_behind(front) for front in (await _fronts(project, world)).values())


def _behind(front: Response | Unreachable) -> bool:
    return isinstance(front, Response) and edge_of(front) == CLOUDFLARE


async def _symptom(front: Response | Unreachable, world: World) -> str:
    """What a wrong SSL mode does to a front page; empty when it does nothing."""
    if not isinstance(front, Response) or edge_of(front) != CLOUDFLARE:
        return ""
    if front.status in (525, 526):
        return "origin-certificate"
    if circles_at_once(front):
        walk = await world.web.follow(front.url)  # a cookie may end what looks like a circle
        if walk.loop and isinstance(walk.end, Response) and circles_at_once(walk.end):
            return "loop"
    return ""


def _unasked(why: Unreachable, subject: str, fronts: Fronts, world: World) -> Outcome:
    """What is left to say when Cloudflare told us nothing: does it stand in front at all?"""
    evidence = _evidence(
        [(f"Asked https://{host}/", _answered(each, "")) for host, each in fronts.items()], world
    )
    if why.reason == "no-token" and not any(map(_behind, fronts.values())):
        own = fronts.get(subject, why)
        if isinstance(own, Unreachable):
            return unknown(own.reason, evidence=evidence, detail=own.detail)
        if kept := kept_out(own):
            return unknown(kept, evidence=evidence)
        return skipped("not-cloudflare", evidence=evidence)
    return unknown(why.reason, evidence=evidence, detail=why.detail)


def _answered(front: Response | Unreachable, who: str) -> str:
    if isinstance(front, Unreachable):
        return in_words(front.reason)
    return f"{front.status} from {front.address}, by {who or edge_of(front) or 'no edge we know'}"


def _cloud(orange: bool) -> str:
    return "orange cloud (proxied)" if orange else "grey cloud (DNS only)"


def _evidence(lines: Sequence[tuple[str, str]], world: World) -> tuple[Evidence, ...]:
    return tuple(seen(label, value, world) for label, value in lines)
