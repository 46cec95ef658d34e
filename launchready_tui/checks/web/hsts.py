"""Whether browsers are told to come by https alone: `http.hsts`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, warned
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.web.redirect_walks import no_answer, unseen
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.rules.web.hsts import judge
from launchready_tui.vocabulary.facts import Response
from launchready_tui.vocabulary.findings import Evidence, Outcome
from launchready_tui.vocabulary.silence import in_words

if TYPE_CHECKING:
    from launchready_tui.world import World


@check(
    "http.hsts",
    each=Project.web_hosts,
    asks="the front page of the host over https",
    whom=Whom.HOSTS,
    warns=("missing", "short", "off", "unreadable"),
    fails=("conflicting",),
)
async def hsts(subject: str, project: Project, world: World) -> Outcome:
    """Does the host's first answer over https say "https only" for half a year? RFC 6797."""
    reply = await world.web.get(f"https://{subject}/")
    if not isinstance(reply, Response):
        nothing = seen(f"Asked https://{subject}/", in_words(reply.reason), world)
        return no_answer(reply, (nothing,))
    found = judge(reply)
    evidence: tuple[Evidence, ...] = (
        seen(f"Asked https://{subject}/", str(reply.status), world),
        *(seen("Strict-Transport-Security", value, world) for value in found.values[:8]),
    )
    if kept := unseen(reply, evidence):
        return kept
    days = str(found.days)
    match found.kind:
        case "ok":
            return passed(evidence=evidence, days=days)
        case "conflicting":
            return failed("conflicting", evidence=evidence)
        case name:
            return warned(name, evidence=evidence, days=days)
