"""`launch.coming-soon`: does the front page still say that the product is not there yet?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, unknown
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.vocabulary.findings import Evidence, Outcome

if TYPE_CHECKING:
    from launchready_tui.world import World

SIGNS = (b"coming soon", b"launching soon", b"join the waiting list")


@check(
    "launch.coming-soon",
    each=Project.web_hosts,
    asks="the front page of the host, for a sign that says “coming soon”",
    whom=Whom.HOSTS,
    fails=("sign-left",),
)
async def coming_soon(subject: str, project: Project, world: World) -> Outcome:
    """No answer is "could not tell", never "no sign"."""
    page = await world.web.get(f"https://{subject}/")
    if isinstance(page, Unreachable):
        return unknown(page.reason, detail=page.detail)
    text = page.body.lower()
    for sign in SIGNS:
        if sign in text:
            found = Evidence("On the front page", sign.decode(), world.now)
            return failed("sign-left", evidence=(found,), sign=sign.decode())
    return passed()
