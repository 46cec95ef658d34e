"""What a page waits for before it shows anything: `speed.blocking`."""

from __future__ import annotations

from asyncio import gather
from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, skipped, warned
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.web.front_pages import front, is_html
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.rules.web.assets import Asset
from launchready_tui.rules.web.compression import ENCODINGS
from launchready_tui.rules.web.urls import host_of
from launchready_tui.vocabulary.facts import Response, Unreachable
from launchready_tui.vocabulary.findings import Evidence, Outcome
from launchready_tui.vocabulary.silence import in_words

if TYPE_CHECKING:
    from launchready_tui.world import World

SLOW = 1.0  # seconds for one script, once, from here
MEASURED = 4  # scripts of other companies that are fetched


@check(
    "speed.blocking",
    each=Project.web_hosts,
    asks="the front page, and the scripts of other companies that it waits for",
    whom=Whom.COMPANIES,
    warns=("one",),
    fails=("several", "slow"),
    skips=("no-page",),
)
async def blocking(subject: str, project: Project, world: World) -> Outcome:
    """Does the page wait for scripts of other companies before it shows? HTML 4.12.1.

    A script that nobody lets us fetch is not called slow: how long it takes is not known then.
    """
    found = await front(subject, project, world)
    if isinstance(found, Outcome):
        return found
    if not is_html(found.page):
        return skipped("no-page", evidence=found.evidence)
    theirs = [asset for asset in found.theirs if asset.blocking]
    yours = [asset for asset in found.own if asset.blocking]
    fetched = await gather(
        *(
            world.web.get(asset.url, encodings=ENCODINGS, declared=False, take="weight")
            for asset in theirs[:MEASURED]
        )
    )
    evidence = _waits(theirs, fetched, yours, world)
    facts = {"who": ", ".join(dict.fromkeys(host_of(each.url) for each in theirs[:MEASURED]))}
    if not theirs:
        return passed(evidence=evidence)
    if len(theirs) > 1:
        return failed("several", evidence=evidence, count=str(len(theirs)), **facts)
    if _is_slow(fetched[0], found.page):
        return failed("slow", evidence=evidence, seconds=_time(fetched[0]), **facts)
    return warned("one", evidence=evidence, **facts)


def _is_slow(reply: Response | Unreachable, page: Response) -> bool:
    """Over a second, and over twice the time of the page itself: our own line may be slow."""
    return isinstance(reply, Response) and reply.seconds > max(SLOW, 2 * page.seconds)


def _waits(
    theirs: list[Asset], fetched: list[Response | Unreachable], yours: list[Asset], world: World
) -> list[Evidence]:
    lines = [("Waits for theirs", asset.url, _time(reply)) for asset, reply in
             zip(theirs, fetched, strict=False)]  # fmt: skip
    lines += [("Waits for theirs", asset.url, "not fetched") for asset in theirs[MEASURED:]]
    lines += [("Waits for yours", asset.url, "not counted") for asset in yours]
    return [seen(f"{whose}: {url}", took, world) for whose, url, took in lines[:12]]


def _time(reply: Response | Unreachable) -> str:
    if isinstance(reply, Unreachable):
        return in_words(reply.reason)
    return f"{reply.seconds:.1f} seconds"
