"""Whether private pages reach somebody else through a cache: `edge.private-cache`.

Four tests, in an order that hurts nobody. The page as a stranger sees it comes first. Only when
that is clean, and only over a certificate that counts, does the test account look, and it looks
under addresses that nobody else will ask for: what a broken cache keeps there, no visitor meets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, unknown, warned
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.rules.edge.private_cache import (
    as_file,
    came_from_store,
    holds,
    invites_sharing,
    is_page,
    says_nothing,
    unasked,
)
from launchready_tui.rules.tls.certificates import Accepted
from launchready_tui.rules.web.challenge import kept_out
from launchready_tui.rules.web.urls import host_of, scheme_of, web_url
from launchready_tui.vocabulary.facts import Response, Unreachable
from launchready_tui.vocabulary.findings import Evidence, Outcome
from launchready_tui.vocabulary.silence import in_words
from launchready_tui.world.credentials import TEST_SESSION, fits

if TYPE_CHECKING:
    from launchready_tui.world import World

PRIVATE = ("app", "checkout")


def _private(project: Project) -> tuple[str, ...]:
    return tuple(route.url for route in project.routes if route.kind in PRIVATE)


@dataclass(frozen=True, slots=True)
class _Account:
    """The throw-away account, and the one address of the host that may see its cookie."""

    cookie: str = field(repr=False)
    address: str


@dataclass(slots=True)
class _Log:
    """What was asked and what came back, without cookies and without pages."""

    world: World
    lines: list[Evidence] = field(default_factory=list)

    def add(self, what: str, reply: Response | Unreachable) -> None:
        shown = in_words(reply.reason) if isinstance(reply, Unreachable) else _shown(reply)
        self.lines.append(seen(what, shown, self.world))


@check(
    "edge.private-cache",
    each=_private,
    asks="a private page as a stranger; with a test account of yours also as that account, at "
    "addresses made up for this",
    whom=Whom.HOSTS,
    passes=("ok", "headers-only"),
    warns=("no-header",),
    fails=("stored", "shareable", "leaks", "stored-as-file"),
)
async def private_cache(subject: str, project: Project, world: World) -> Outcome:
    """R1 to R4: is the page marked as private, and does no cache hand it to strangers?"""
    url, log = web_url(subject), _Log(world)
    if url is None or scheme_of(url) != "https":
        return unknown("not-known", detail="not a safe web address")
    stranger = await world.web.get(url)
    log.add("Asked as a stranger", stranger)
    if kept := _kept(stranger):
        return unknown(kept, evidence=log.lines)
    if _stored(stranger):
        return failed("stored", evidence=log.lines)
    account = await _account(url, project, world)
    if isinstance(account, Unreachable):
        return unknown(account.reason, evidence=log.lines, detail=account.detail)
    return await _as_account(url, account, project, log)


async def _as_account(url: str, account: _Account, project: Project, log: _Log) -> Outcome:
    """R1 and R2 on the page of the account, then R3 and R4."""
    page = await _visit(unasked(url, _salt(log.world, "1")), account, log)
    if kept := _kept(page):
        return unknown(kept, evidence=log.lines)
    assert isinstance(page, Response)
    if page.status != 200:
        return unknown("no-session", evidence=log.lines)
    if _stored(page):
        return failed("stored", evidence=log.lines)
    if invites_sharing(page):
        header = page.header("cache-control") or page.header("expires") or "none"
        return failed("shareable", evidence=log.lines, header=header)
    canary = project.login.canary if project.login else ""
    for test in (_shown_to_strangers, _stored_as_file):
        if outcome := await test(url, account, canary, log):
            return outcome
    if says_nothing(page):
        return warned("no-header", evidence=log.lines)
    return passed("ok" if holds(page, canary) else "headers-only", evidence=log.lines)


async def _shown_to_strangers(
    url: str, account: _Account, canary: str, log: _Log
) -> Outcome | None:
    """R3: a stranger, the account, and a stranger again, at one address that is new to all."""
    if not canary:
        return None
    new = unasked(url, _salt(log.world, "3"))
    before = await _visit(new, account, log, signed_in=False)
    inside = await _visit(new, account, log)
    after = await _visit(new, account, log, signed_in=False, again=True)
    if isinstance(after, Response) and holds(after, canary):
        return failed("leaks", evidence=log.lines)
    if _stored(inside) or _stored(after):
        return failed("stored", evidence=log.lines)
    return _unheard(log, before, inside, after)


async def _stored_as_file(url: str, account: _Account, canary: str, log: _Log) -> Outcome | None:
    """R4: is the page kept when its address ends like a style sheet's (web cache deception)?"""
    file = as_file(url, _salt(log.world, "4"))
    first = await _visit(file, account, log, "Asked as the account, as for a style sheet")
    if silent := _unheard(log, first):
        return silent
    if isinstance(first, Response) and not is_page(first):
        return None  # the app shows no page there, so there is nothing private to keep
    after = await _visit(file, account, log, signed_in=False, again=True)
    if silent := _unheard(log, after):
        return silent
    assert isinstance(after, Response)
    if is_page(after) and (_stored(after) or holds(after, canary)):
        return failed("stored-as-file", evidence=log.lines)
    return None


def _unheard(log: _Log, *replies: Response | Unreachable) -> Outcome | None:
    """A test with one of its answers missing proves nothing."""
    for reply in replies:
        if kept := _kept(reply):
            return unknown(kept, evidence=log.lines)
    return None


async def _account(url: str, project: Project, world: World) -> _Account | Unreachable:
    """The test account, where there is one and where its cookie is safe with this host."""
    kept = await world.vault.get(TEST_SESSION, project.domain)
    if isinstance(kept, Unreachable):
        return Unreachable("no-session") if kept.reason == "no-token" else kept
    if not fits(TEST_SESSION, kept.value):
        return Unreachable("no-session")
    host = host_of(url)
    handshakes = await world.tls.handshakes(host)
    for handshake in handshakes:
        if isinstance(handshake.result, Accepted) and handshake.address:
            return _Account(kept.value, handshake.address)
    silent = next((h.result for h in handshakes if isinstance(h.result, Unreachable)), None)
    return silent or Unreachable("untrusted", host)


async def _visit(
    url: str,
    account: _Account,
    log: _Log,
    what: str = "",
    *,
    signed_in: bool = True,
    again: bool = False,
) -> Response | Unreachable:
    """Ask at the account's own place of the edge, with its cookie or as a stranger.

    An answer is shared for the whole audit: a stranger who asks `again` must not get the old one.
    """
    reply = await log.world.web.get(
        url,
        address=account.address,
        cookies=account.cookie if signed_in else "",
        fresh=again,
    )
    who = "Asked as the test account" if signed_in else "Asked as a stranger"
    log.add(what or f"{who}, {'again' if again else 'at a new address'}", reply)
    return reply


def _stored(reply: Response | Unreachable) -> bool:
    """R2, of a page that somebody could read; a stored redirect to the sign-in shows nothing."""
    return isinstance(reply, Response) and reply.status == 200 and came_from_store(reply)


def _kept(reply: Response | Unreachable) -> str:
    return reply.reason if isinstance(reply, Unreachable) else kept_out(reply) or ""


def _salt(world: World, test: str) -> str:
    return f"{world.now.isoformat()} {test}"


def _shown(reply: Response) -> str:
    names = ("cache-control", "cf-cache-status", "age")
    said = [f"{name}: {reply.header(name)}" for name in names if reply.header(name)]
    return ", ".join((str(reply.status), *said))
