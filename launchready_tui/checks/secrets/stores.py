"""Where secrets are kept: `secrets.kept`. Only names of stores and places are told, no value."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from launchready_tui.checks import check, passed, unknown
from launchready_tui.checks.code.folder import repositories
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.rules.secrets import stores
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.vocabulary.findings import Outcome
from launchready_tui.vocabulary.safe_text import clean_line

if TYPE_CHECKING:
    from launchready_tui.world import World


@check(
    "secrets.kept",
    each=repositories,
    asks="the files of your repository, on this computer, for the stores that they read from",
    whom=Whom.CODE,
)
async def kept(subject: str, project: Project, world: World) -> Outcome:
    """Do the project's own files read secrets from a manager, or from a platform's vault?

    A store that is set up elsewhere shows in no file, so nothing found is no verdict. That keys
    live in chat or in documents is told by people: the question of the stage asks for it.
    """
    tree = await world.repository.tree(subject)
    if isinstance(tree, Unreachable):
        return unknown(tree.reason, detail=tree.detail)
    found = await asyncio.to_thread(stores.uses, tree)  # it reads files
    if not found:
        return unknown("not-known")
    evidence = tuple(
        seen(f"Secrets come from {use.store}", f"{use.path}, line {use.line}", world)
        for use in found
    )
    first = found[0]
    path = clean_line(first.path, 120)
    return passed(evidence=evidence, store=first.store, path=path, line=str(first.line))
