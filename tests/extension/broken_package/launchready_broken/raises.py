"""A check that stops with an error."""

from launchready_tui.checks import check
from launchready_tui.project.model import Project
from launchready_tui.vocabulary.findings import Outcome
from launchready_tui.world import World


@check("broken.raises", each=Project.web_hosts, asks="nobody", whom="Nobody at all")
async def raises(subject: str, project: Project, world: World) -> Outcome:
    raise RuntimeError(f"{subject} is too much for me")
