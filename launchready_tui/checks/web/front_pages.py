"""A host's front page as a visitor sees it, and the files that it loads."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from launchready_tui.checks import skipped
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.web.redirect_walks import no_answer, unseen, walked
from launchready_tui.project.model import Project
from launchready_tui.recognise.registrable import registrable
from launchready_tui.rules.web.assets import Asset, Kind, assets, is_own
from launchready_tui.rules.web.compression import ENCODINGS
from launchready_tui.rules.web.html import decode, tags
from launchready_tui.rules.web.placeholders import placeholder
from launchready_tui.rules.web.urls import host_of
from launchready_tui.vocabulary.facts import Response, Unreachable
from launchready_tui.vocabulary.findings import Evidence, Outcome
from launchready_tui.vocabulary.silence import in_words
from launchready_tui.world.web.pages import IMAGES, PAGES

if TYPE_CHECKING:
    from launchready_tui.world import World

# Of one host, the first of the page: each is one more request to somebody's small site.
AT_MOST: dict[Kind, int] = {"script": 5, "style": 3, "image": 6}
SHOWN = 8  # lines of evidence

Answered = tuple[Asset, Response | Unreachable]


@dataclass(frozen=True, slots=True)
class Front:
    """The front page, with the founder's own assets and other people's apart."""

    page: Response
    own: tuple[Asset, ...]
    theirs: tuple[Asset, ...]
    evidence: tuple[Evidence, ...]


async def front(subject: str, project: Project, world: World) -> Front | Outcome:
    """The host's own front page; else why there is none to look at ("no-page" or "can't tell").

    A host that leads on to another one, asks for a sign-in or shows an error has none.
    """
    walk = await world.web.follow(f"https://{subject}/")
    evidence = walked(walk, world)
    if isinstance(walk.end, Unreachable):
        return no_answer(walk.end, evidence)
    page = walk.end
    if kept := unseen(page, evidence):
        return kept
    away = walk.loop or host_of(page.url) != subject
    if away or page.status != 200 or placeholder(page):
        return skipped("no-page", evidence=evidence)
    domain = registrable(project.domain) if project.domain else ""
    hosts = {subject, *(host.name for host in project.hosts)}
    found = assets(page) if is_html(page) else ()
    own = tuple(one for one in found if is_own(one.url, domain, hosts))
    return Front(page, own, tuple(one for one in found if one not in own), evidence)


def is_html(page: Response) -> bool:
    """Whether this is a page for people, by its header, else by what stands in it."""
    kind = page.header("content-type").lower()
    return "html" in kind if kind else any(tag.name == "html" for tag in tags(decode(page)))


async def files(found: Iterable[Asset], world: World, *kinds: Kind) -> list[Answered]:
    """The first files of these kinds, asked for as a browser does."""
    chosen = [
        asset
        for kind in kinds
        for asset in islice((one for one in found if one.kind == kind), AT_MOST[kind])
    ]
    replies = await gather(*(_file(asset, world) for asset in chosen))
    return list(zip(chosen, replies, strict=True))


async def _file(asset: Asset, world: World) -> Response | Unreachable:
    accept = IMAGES if asset.kind == "image" else PAGES
    return await world.web.get(asset.url, encodings=ENCODINGS, accept=accept, take="start")


def there(answered: Iterable[Answered]) -> list[Response]:
    """The files that came."""
    return [reply for _, reply in answered if isinstance(reply, Response) and reply.status == 200]


def withheld(answered: Iterable[Answered], evidence: tuple[Evidence, ...]) -> Outcome | None:
    """The "can't tell" of the first file that we could not see; None when we saw all."""
    for _, reply in answered:
        if isinstance(reply, Unreachable):
            return no_answer(reply, evidence)
        if kept := unseen(reply, evidence):
            return kept
    return None


def silent(answered: Iterable[Answered], world: World) -> list[Evidence]:
    """A line for each file that did not come."""
    return [
        seen(
            f"Asked {asset.url}",
            in_words(reply.reason) if isinstance(reply, Unreachable) else str(reply.status),
            world,
        )
        for asset, reply in answered
        if isinstance(reply, Unreachable) or reply.status != 200
    ][:SHOWN]
