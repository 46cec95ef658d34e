"""Previews and staging beside the live site: `http.preview`, `http.indexing`."""

from __future__ import annotations

from asyncio import gather
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from launchready_tui.checks import check, failed, passed, skipped, unknown, warned
from launchready_tui.checks.web.redirect_walks import no_answer, unseen, walked
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.rules.web.html import canonical, decode, same_content, title
from launchready_tui.rules.web.indexing import is_staging, leads_to_sign_in, says_noindex
from launchready_tui.rules.web.placeholders import placeholder
from launchready_tui.rules.web.redirects import Chain
from launchready_tui.rules.web.urls import host_of, web_url
from launchready_tui.vocabulary.facts import Response
from launchready_tui.vocabulary.findings import Evidence, Outcome

if TYPE_CHECKING:
    from launchready_tui.world import World


def _preview(project: Project) -> tuple[str, ...]:
    return (project.preview.url,) if project.preview.url.strip() and project.domain else ()


def _copies(project: Project) -> tuple[str, ...]:
    """The preview's address, and the declared hosts whose names say that they are copies."""
    if not project.domain:
        return ()
    staging = (host for host in project.web_hosts() if is_staging(host, project.domain))
    return (*_preview(project), *staging)


@check(
    "http.preview",
    each=_preview,
    asks="the preview, and the same page of the live site",
    whom=Whom.HOSTS,
    warns=("titles-differ",),
    fails=("production-fails", "production-placeholder", "production-loops"),
    skips=("needs-sign-in", "preview-down"),
)
async def preview(subject: str, project: Project, world: World) -> Outcome:
    """Does the live site show what its preview shows?"""
    start = _address(subject)
    if start is None:
        return unknown("not-known")
    live = _live(start, project)
    walk, other = await gather(world.web.follow(start), world.web.follow(live))
    evidence = (*walked(walk, world), *walked(other, world))
    if not isinstance(walk.end, Response):
        return no_answer(walk.end, evidence)
    if _asks_who_you_are(walk, start, project):
        return skipped("needs-sign-in", evidence=evidence)
    if kept := unseen(walk.end, evidence):
        return kept
    if walk.loop or walk.end.status >= 400 or placeholder(walk.end):
        return skipped("preview-down", evidence=evidence, status=str(walk.end.status))
    if not isinstance(other.end, Response):
        return no_answer(other.end, evidence)
    return _compare(walk.end, other, other.end, evidence)


def _compare(
    shown: Response, other: Chain, live: Response, evidence: tuple[Evidence, ...]
) -> Outcome:
    """The preview works: what of the live page?"""
    if kept := unseen(live, evidence):
        return kept
    if live.status == 401:
        return unknown("blocked", evidence=evidence)
    if other.loop:
        return failed("production-loops", evidence=evidence)
    if who := placeholder(live):
        return failed("production-placeholder", evidence=evidence, who=who)
    if live.status >= 400:
        return failed("production-fails", evidence=evidence, status=str(live.status))
    first, second = title(decode(shown)), title(decode(live))
    if (first and first == second) or same_content(shown, live):
        return passed(evidence=evidence)
    return warned("titles-differ", evidence=evidence, a=first or "no title", b=second or "no title")


@check(
    "http.indexing",
    each=_copies,
    asks="the preview, hosts with names like staging, and the same page of the live site",
    whom=Whom.HOSTS,
    passes=("ok", "needs-sign-in", "leads-on", "no-page"),
    warns=("canonical-only", "open"),
    fails=("duplicate",),
)
async def indexing(subject: str, project: Project, world: World) -> Outcome:
    """Do copies of the site keep out of search engines? RFC 9309; robots meta tag."""
    start = _address(subject)
    if start is None:
        return unknown("not-known")
    live = _live(start, project)
    walk, other = await gather(world.web.follow(start), world.web.follow(live))
    evidence = walked(walk, world)
    if not isinstance(walk.end, Response):
        return no_answer(walk.end, evidence)
    page = walk.end
    if _asks_who_you_are(walk, start, project):
        return passed("needs-sign-in", evidence=evidence)
    if kept := unseen(page, evidence):
        return kept
    if walk.loop or page.status >= 400:
        return passed("no-page", evidence=evidence, status=str(page.status))
    if host_of(page.url) != host_of(start):
        return passed("leads-on", evidence=evidence, to=page.url)
    if says_noindex(page):
        return passed(evidence=evidence)
    tag = canonical(page)
    if tag is not None and host_of(tag) != host_of(page.url):
        return warned("canonical-only", evidence=evidence, tag=tag)
    evidence += walked(other, world)
    if not isinstance(other.end, Response):
        return no_answer(other.end, evidence)
    if kept := unseen(other.end, evidence):
        return kept
    if same_content(page, other.end):
        return failed("duplicate", evidence=evidence)
    return warned("open", evidence=evidence)


def _address(subject: str) -> str | None:
    """The address of a subject: a preview's URL, or the front page of a host."""
    return web_url(subject if "://" in subject else f"https://{subject}/")


def _live(start: str, project: Project) -> str:
    """The live site's page at the path of the preview."""
    return f"https://{project.domain}{urlsplit(start).path}"


def _asks_who_you_are(walk: Chain, start: str, project: Project) -> bool:
    """Whether the copy is behind a sign-in: it says so, or leads to a host that is not ours.

    Platforms send strangers to their own sign-in page (Vercel: vercel.com/sso-api).
    """
    if not isinstance(walk.end, Response):
        return False
    end = host_of(walk.end.url)
    ours = end == host_of(start) or f".{end}".endswith(f".{project.domain}")
    return walk.end.status == 401 or (not ours and leads_to_sign_in(walk.end.url))
