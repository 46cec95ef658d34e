"""Whether pages over https load anything over http: `http.mixed`."""

from __future__ import annotations

from asyncio import gather
from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, skipped, warned
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.web.redirect_walks import no_answer, unseen
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.rules.web.mixed import Load, loads, upgrades
from launchready_tui.rules.web.urls import host_of, scheme_of, web_url
from launchready_tui.vocabulary.facts import Response, Unreachable
from launchready_tui.vocabulary.findings import Evidence, Outcome
from launchready_tui.vocabulary.silence import in_words

if TYPE_CHECKING:
    from launchready_tui.world import World

# Kinds of routes that people open in a browser.
PAGES = ("marketing", "app", "signup", "login", "checkout")
SHOWN = 8  # addresses in the evidence
AT_MOST = 12  # pages of one host


@check(
    "http.mixed",
    each=Project.web_hosts,
    asks="the front page of the host and its declared pages, over https",
    whom=Whom.HOSTS,
    warns=("form", "upgradable", "covered"),
    fails=("blockable",),
    skips=("no-page",),
)
async def mixed(subject: str, project: Project, world: World) -> Outcome:
    """Do the host's pages load anything over plain http? W3C Mixed Content, level 2."""
    asked = _pages(subject, project)
    walks = await gather(*map(world.web.follow, asked))
    replies = [walk.end for walk in walks]
    pages = _own(replies, subject)
    evidence = tuple(_asked(url, reply, world) for url, reply in zip(asked, replies, strict=True))
    found: list[Load] = []
    covered: list[Load] = []
    for page in pages:
        (covered if upgrades(page) else found).extend(loads(page))
    for name in ("blockable", "form", "upgradable"):
        of_kind = [load for load in found if load.kind == name]
        if of_kind:
            tell = failed if name == "blockable" else warned
            return tell(name, evidence=(*evidence, *_shown(of_kind, world)), **_facts(of_kind))
    for reply in replies:
        if isinstance(reply, Unreachable):
            return no_answer(reply, evidence)
        if kept := unseen(reply, evidence):
            return kept
    if covered:
        return warned("covered", evidence=(*evidence, *_shown(covered, world)), **_facts(covered))
    if not pages:
        return skipped("no-page", evidence=evidence)
    return passed(evidence=evidence, pages=str(len(pages)))


def _pages(host: str, project: Project) -> list[str]:
    """The front page, and what the owner declared of this host for people to open."""
    declared = (web_url(route.url) for route in project.routes if route.kind in PAGES)
    own = [url for url in declared if url and scheme_of(url) == "https" and host_of(url) == host]
    return list(dict.fromkeys([f"https://{host}/", *own]))[:AT_MOST]


def _own(replies: list[Response | Unreachable], host: str) -> list[Response]:
    """What a browser would show as pages of this host: not errors, nor pages of other hosts."""
    pages = {}
    for reply in replies:
        if isinstance(reply, Response) and reply.status < 300 and host_of(reply.url) == host:
            kind = reply.header("content-type").lower()
            if (not kind or "html" in kind) and scheme_of(reply.url) == "https":
                pages[reply.url] = reply
    return [page for page in pages.values() if unseen(page, ()) is None]


def _asked(url: str, reply: Response | Unreachable, world: World) -> Evidence:
    says = in_words(reply.reason) if isinstance(reply, Unreachable) else str(reply.status)
    return seen(f"Asked {url}", says, world)


def _shown(found: list[Load], world: World) -> tuple[Evidence, ...]:
    return tuple(seen(f"Loaded by {load.what}", load.url, world) for load in found[:SHOWN])


def _facts(found: list[Load]) -> dict[str, str]:
    first = found[0]
    return {"count": str(len(found)), "first": first.url, "page": first.page}
