"""What a site gives away: `secrets.files`. Nothing of what such a file holds is kept or shown."""

from __future__ import annotations

from asyncio import gather
from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, unknown
from launchready_tui.checks.seen import seen
from launchready_tui.checks.walks import no_answer, unseen
from launchready_tui.facts import Response, Unreachable
from launchready_tui.findings import Evidence, Outcome
from launchready_tui.project.model import Project
from launchready_tui.rules.challenge import kept_out
from launchready_tui.rules.exposed import PATHS, Secret, gives_away
from launchready_tui.rules.silence import in_words
from launchready_tui.rules.sizes import say_bytes

if TYPE_CHECKING:
    from launchready_tui.world import World

Answered = tuple[str, Secret, Response | Unreachable]


@check(
    "secrets.files",
    each=Project.web_hosts,
    asks="four addresses where files with secrets are often left lying, if robots.txt allows it",
    fails=("settings", "source-history"),
)
async def files(subject: str, project: Project, world: World) -> Outcome:
    """Does the site hand out its settings or the history of its source?

    The front page is asked first: who keeps us out there says nothing about other addresses.
    """
    front = await world.web.get(f"https://{subject}/")
    asked = (seen(f"Asked https://{subject}/", _status(front), world),)
    if isinstance(front, Unreachable):
        return no_answer(front, asked)
    if kept := unseen(front, asked):
        return kept
    replies = await gather(*(_ask(subject, path, world) for path, _ in PATHS))
    found: list[Answered] = [
        (path, kind, reply) for (path, kind), reply in zip(PATHS, replies, strict=True)
    ]
    evidence = tuple(_seen(subject, *each, world) for each in found)
    for path, kind, reply in found:
        if isinstance(reply, Response) and gives_away(reply, kind):
            return failed(kind, evidence=evidence, path=path, size=say_bytes(reply.size))
    for _, _, reply in found:
        if isinstance(reply, Unreachable):
            return no_answer(reply, evidence)
        # A plain 403 for such a path is how it should be; a test or a limit hides the answer.
        why = kept_out(reply)
        if why is not None and why != "blocked":
            return unknown(why, evidence=evidence)
    return passed(evidence=evidence)


async def _ask(host: str, path: str, world: World) -> Response | Unreachable:
    return await world.web.get(f"https://{host}{path}", declared=False, take="start")


def _seen(
    host: str, path: str, kind: Secret, reply: Response | Unreachable, world: World
) -> Evidence:
    """Kind and size of what came, never what stands in it."""
    says = _status(reply)
    if isinstance(reply, Response) and reply.status == 200:
        what = f"the file itself [hidden: {kind}]" if gives_away(reply, kind) else "some other page"
        says = f"200, {what}, {say_bytes(reply.size)}"
    return seen(f"Asked https://{host}{path}", says, world)


def _status(reply: Response | Unreachable) -> str:
    return in_words(reply.reason) if isinstance(reply, Unreachable) else str(reply.status)
