"""What may be kept and how it travels: `cache.static`, `.routes`, `.compression`, `.images`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, skipped, warned
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.web.front_pages import (
    SHOWN,
    files,
    front,
    is_html,
    silent,
    there,
    withheld,
)
from launchready_tui.checks.web.redirect_walks import no_answer, unseen
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.rules.web import images as weights
from launchready_tui.rules.web.assets import Asset
from launchready_tui.rules.web.cache_policy import KIND_OF, POLICIES, judge, keeps_page
from launchready_tui.rules.web.caching import DAY, held
from launchready_tui.rules.web.compression import ENCODINGS, encoding, is_text, sent_plain
from launchready_tui.rules.web.fingerprints import is_fingerprinted
from launchready_tui.rules.web.redirects import redirect_target
from launchready_tui.vocabulary.facts import Response, Unreachable
from launchready_tui.vocabulary.findings import Evidence, Outcome
from launchready_tui.vocabulary.safe_text import clean_line, redact
from launchready_tui.vocabulary.sizes import say_bytes, say_seconds

if TYPE_CHECKING:
    from launchready_tui.world import World

LONG = 30 * DAY  # how long a file is kept whose name changes with its content


@check(
    "cache.static",
    each=Project.web_hosts,
    asks="the first scripts, styles and images of your own that the front page loads",
    whom=Whom.HOSTS,
    passes=("ok", "page-only"),
    warns=("short",),
    fails=("page-kept",),
    skips=("no-page",),
)
async def static(subject: str, project: Project, world: World) -> Outcome:
    """Are files kept that may be, and is the page itself not? RFC 9111 4.2.1, RFC 8246."""
    found = await front(subject, project, world)
    if isinstance(found, Outcome):
        return found
    if not is_html(found.page):
        return skipped("no-page", evidence=found.evidence)
    evidence = [_kept(found.page, world)]
    if keeps_page(found.page):
        kept = say_seconds(held(found.page, "private"))
        return failed("page-kept", evidence=evidence, kept=kept)
    first = await files(found.own, world, "script", "style", "image")
    asked = [each for each in first if is_fingerprinted(each[0].url)]
    came = there(asked)
    short = [reply for reply in came if held(reply, "private") < LONG]
    evidence += [_kept(reply, world) for reply in (short or came)[:SHOWN]]
    evidence += silent(asked, world)
    if short:
        facts = {"count": str(len(short)), "all": str(len(came)), "first": _name(short[0].url)}
        return warned("short", evidence=evidence, **facts)
    if unsure := withheld(asked, tuple(evidence)):
        return unsure
    if not came:
        return passed("page-only", evidence=evidence)
    return passed(evidence=evidence, count=str(len(came)))


def _routes(project: Project) -> Iterable[str]:
    return (route.url for route in project.routes)


@check(
    "cache.routes",
    each=_routes,
    asks="each address that you declared as a route, but no webhook",
    whom=Whom.HOSTS,
    warns=("silent",),
    fails=("shared", "too-long"),
    skips=("not-asked", "moved", "no-page"),
)
async def routes(subject: str, project: Project, world: World) -> Outcome:
    """Do the headers of a route fit the caching policy of its kind? RFC 9111 5.2.2."""
    route = next(route for route in project.routes if route.url == subject)
    if route.kind == "webhook":
        return skipped("not-asked")
    reply = await world.web.get(subject)
    if isinstance(reply, Unreachable):
        return no_answer(reply, ())
    asked = seen(f"Asked {reply.url}", str(reply.status), world)
    if kept := unseen(reply, (asked,)):  # a protection's own headers are not the site's
        return kept
    evidence = (asked, _kept(reply, world))
    if to := redirect_target(reply):
        return skipped("moved", evidence=evidence, to=to)
    if reply.status != 200:
        return skipped("no-page", evidence=evidence, status=str(reply.status))
    kind = KIND_OF[route.kind]
    facts = {"header": _header(reply), "policy": POLICIES[kind].header}
    match judge(reply, kind):
        case "fits":
            return passed(evidence=evidence, **facts)
        case "silent":
            return warned("silent", evidence=evidence, **facts)
        case "shared":
            facts["kept"] = say_seconds(held(reply, "shared"))
            return failed("shared", evidence=evidence, **facts)
        case "too-long":
            longest = max(held(reply, "private"), held(reply, "shared"))
            return failed("too-long", evidence=evidence, kept=say_seconds(longest), **facts)


@check(
    "cache.compression",
    each=Project.web_hosts,
    asks="the front page once more, packed, and its first scripts, styles and images",
    whom=Whom.HOSTS,
    fails=("plain",),
    skips=("no-page",),
)
async def compression(subject: str, project: Project, world: World) -> Outcome:
    """Does text travel packed when the visitor can unpack it? RFC 9110 8.4 and 12.5.3."""
    found = await front(subject, project, world)
    if isinstance(found, Outcome):
        return found
    page = Asset(found.page.url, "preload")
    again = await world.web.get(page.url, encodings=ENCODINGS, take="start")
    asked = [(page, again), *await files(found.own, world, "script", "style", "image")]
    text = [reply for reply in there(asked) if is_text(reply)]
    plain = sorted((one for one in text if sent_plain(one)), key=lambda one: -one.size)
    evidence = [_packing(reply, world) for reply in (plain or text)[:SHOWN]] + silent(asked, world)
    if plain:
        size = say_bytes(sum(one.size for one in plain))
        facts = {"count": str(len(plain)), "first": _name(plain[0].url), "size": size}
        return failed("plain", evidence=evidence, **facts)
    if unsure := withheld(asked, tuple(evidence)):
        return unsure
    used = sorted({encoding(reply) for reply in text} - {""})
    return passed(evidence=evidence, used=", ".join(used) or "none needed")


@check(
    "cache.images",
    each=Project.web_hosts,
    asks="the first six images of your own that the front page loads",
    whom=Whom.HOSTS,
    warns=("old-format",),
    fails=("heavy",),
    skips=("no-page", "no-images"),
)
async def images(subject: str, project: Project, world: World) -> Outcome:
    """Are images small, or in a format that packs well?"""
    found = await front(subject, project, world)
    if isinstance(found, Outcome):
        return found
    if not is_html(found.page):
        return skipped("no-page", evidence=found.evidence)
    asked = await files(found.own, world, "image")
    came = [(reply, kind) for reply in there(asked) if (kind := weights.format_of(reply))]
    heavy = sorted((one for one, _ in came if one.size > weights.HEAVY), key=lambda one: -one.size)
    old = [(one, weights.gain(kind, one.size)) for one, kind in came]
    old = sorted((each for each in old if each[1] > weights.WORTH_IT), key=lambda each: -each[1])
    evidence = [_weight(reply, kind, world) for reply, kind in came[:SHOWN]] + silent(asked, world)
    if heavy:
        facts = {"count": str(len(heavy)), "first": _name(heavy[0].url)}
        return failed("heavy", evidence=evidence, size=say_bytes(heavy[0].size), **facts)
    if old:
        facts = {"count": str(len(old)), "first": _name(old[0][0].url)}
        gain = say_bytes(sum(gain for _, gain in old))
        return warned("old-format", evidence=evidence, gain=gain, **facts)
    if unsure := withheld(asked, tuple(evidence)):
        return unsure
    if not came:
        return skipped("no-images", evidence=(*found.evidence, *evidence))
    return passed(evidence=evidence, count=str(len(came)))


def _kept(reply: Response, world: World) -> Evidence:
    return seen(f"Cache-Control of {reply.url}", _header(reply) or "none", world)


def _header(reply: Response) -> str:
    """What the answer says about keeping it, as one line."""
    lines = [value for key, value in reply.headers if key.lower() == "cache-control"]
    if not lines and reply.header("expires"):
        lines = [f"Expires: {reply.header('expires')}"]
    return clean_line(redact(", ".join(lines)[:4000]), 200)


def _packing(reply: Response, world: World) -> Evidence:
    how = encoding(reply) or "plain"
    return seen(f"Asked {reply.url}", f"{how}, {say_bytes(reply.size)}", world)


def _weight(reply: Response, kind: str, world: World) -> Evidence:
    return seen(f"Asked {reply.url}", f"{kind}, {say_bytes(reply.size)}", world)


def _name(url: str) -> str:
    """The last part of an address, to name a file in a sentence."""
    return clean_line(redact(url.partition("?")[0].rpartition("/")[2] or url), 60)
