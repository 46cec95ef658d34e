"""Whether a sign-in holds where it lands: `http.login`. Nobody signs in, nothing is sent."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Iterable
from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, skipped, unknown, warned
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.web.redirect_walks import no_answer, unseen, walked
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Login, Project
from launchready_tui.recognise.registrable import is_public_suffix
from launchready_tui.rules.web.cookies import Cookie, cookies
from launchready_tui.rules.web.forms import loses_what_was_typed, posts_to
from launchready_tui.rules.web.redirects import Chain
from launchready_tui.rules.web.sessions import fault, is_session
from launchready_tui.rules.web.urls import ascii_host, host_of, web_url
from launchready_tui.vocabulary.facts import Response
from launchready_tui.vocabulary.findings import Evidence, Outcome

if TYPE_CHECKING:
    from launchready_tui.world import World

LOSSES = ("public-suffix", "wrong-host", "none-without-secure", "broken-prefix")
FORMS = 3  # of one page that are asked
SHOWN = 8  # cookies in the evidence


def _sign_in(project: Project) -> tuple[str, ...]:
    return (project.login.url,) if project.login and project.login.url.strip() else ()


@check(
    "http.login",
    each=_sign_in,
    asks="the sign-in page and the page where people land, without signing in",
    whom=Whom.HOSTS,
    warns=("strict", "no-same-site", "not-secure", "readable"),
    fails=("no-page", "loop", "form-lost", *LOSSES),
    skips=("unreadable",),
)
async def login(subject: str, project: Project, world: World) -> Outcome:
    """Does the session cookie reach the host where people land? RFC 6265bis."""
    said = project.login or Login()
    start = web_url(subject) or web_url(f"https://{subject}")
    if start is None:
        return skipped("unreadable")
    walk = await world.web.follow(start)
    evidence = walked(walk, world)
    if not isinstance(walk.end, Response):
        return no_answer(walk.end, evidence)
    if kept := unseen(walk.end, evidence):
        return kept
    if walk.loop:
        return failed("loop", evidence=evidence)
    if walk.end.status >= 400 and walk.end.status != 401:
        return failed("no-page", evidence=evidence, status=str(walk.end.status))
    lands_on = _landing(said, walk)
    landing, moved = await gather(
        world.web.follow(f"https://{lands_on}/"), _lost_form(walk.end, project, world)
    )
    if moved is not None:
        shown = seen(f"Asked {moved.url}", f"{moved.status}, {moved.header('location')}", world)
        return failed("form-lost", evidence=(*evidence, shown), action=moved.url,
                      status=str(moved.status))  # fmt: skip
    found = _sessions((*_answers(walk), *_answers(landing)), lands_on, start, project)
    evidence += tuple(_shown(cookie, world) for cookie in found[:SHOWN])
    if not found:
        return unknown("no-session", evidence=evidence, lands_on=lands_on)
    worst = fault(
        found,
        lands_on,
        external=said.identity_provider == "external",
        is_public_suffix=is_public_suffix,
    )
    if worst is None:
        return passed(evidence=evidence, cookie=found[0].name, lands_on=lands_on)
    cookie, name = worst
    if name == "wrong-host" and (kept := _unseen_landing(landing, evidence)):
        return kept
    facts = {"cookie": cookie.name, "lands_on": lands_on, "set_by": cookie.host}
    facts["for"] = cookie.domain or cookie.host
    tell = failed if name in LOSSES else warned
    return tell(name, evidence=evidence, **facts)


def _unseen_landing(landing: Chain, evidence: tuple[Evidence, ...]) -> Outcome | None:
    """The "can't tell" of a landing page that may set a cookie too; None when we saw it."""
    if isinstance(landing.end, Response):
        return unseen(landing.end, evidence)
    return no_answer(landing.end, evidence)


def _landing(said: Login, walk: Chain) -> str:
    """The host where people land; without a declared one, that of the sign-in page itself."""
    declared = said.lands_on.strip()
    named = web_url(declared) if "://" in declared else None
    return (host_of(named) if named else ascii_host(declared)) or host_of(_first(walk).url)


def _first(walk: Chain) -> Response:
    first = walk.hops[0] if walk.hops else walk.end
    assert isinstance(first, Response)
    return first


def _answers(walk: Chain) -> tuple[Response, ...]:
    return (*walk.hops, walk.end) if isinstance(walk.end, Response) else walk.hops


def _sessions(
    answers: Iterable[Response], lands_on: str, start: str, project: Project
) -> list[Cookie]:
    """The session cookies of the product's own hosts; an identity provider keeps its own."""
    ours = {lands_on, host_of(start)}
    found = {
        (cookie.host, cookie.domain, cookie.name): cookie
        for answer in answers
        for cookie in cookies(answer)
        if cookie.host in ours or f".{cookie.host}".endswith(f".{project.domain}")
        if is_session(cookie.name) and not cookie.removes
    }
    return list(found.values())


async def _lost_form(page: Response, project: Project, world: World) -> Response | None:
    """The redirect that a sign-in form would meet and lose; a GET shows it, nothing is posted."""
    own = host_of(page.url)
    actions = [
        url
        for url in posts_to(page)
        if host_of(url) == own or f".{host_of(url)}".endswith(f".{project.domain}")
    ]
    replies = await gather(
        *(world.web.get(url, declared=False) for url in actions[:FORMS] if url != page.url)
    )
    return next(
        (each for each in replies if isinstance(each, Response) and loses_what_was_typed(each)),
        None,
    )


def _shown(cookie: Cookie, world: World) -> Evidence:
    """A cookie without its value: that is a secret, even when it is nobody's yet."""
    parts = [
        f"for {cookie.domain} and all below" if cookie.domain else f"for {cookie.host} alone",
        "Secure" if cookie.secure else "not Secure",
        "HttpOnly" if cookie.http_only else "not HttpOnly",
        f"SameSite={cookie.same_site.title()}" if cookie.same_site else "no SameSite",
    ]
    return seen(f"Cookie {cookie.name}", ", ".join(parts), world)
