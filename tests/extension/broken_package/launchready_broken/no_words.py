"""A check for whose outcomes no words are written."""

from launchready_tui.checks import check, failed
from launchready_tui.project.model import Project
from launchready_tui.vocabulary.findings import Outcome
from launchready_tui.world import World


@check("broken.silent", each=Project.web_hosts, asks="nobody", whom="Nobody at all", fails=("bad",))
async def silent(subject: str, project: Project, world: World) -> Outcome:
    return failed("bad")
