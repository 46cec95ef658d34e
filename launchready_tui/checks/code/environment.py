"""The settings that the code reads: `deploy.required-env`, `deploy.env-separation` and
`deploy.fails-fast`. Names and places only: a value is hashed with a key that dies with the look.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, unknown, warned
from launchready_tui.checks.code.folder import repositories
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.vocabulary.findings import Evidence, Outcome
from launchready_tui.vocabulary.safe_text import clean_line

if TYPE_CHECKING:
    from launchready_tui.rules.code.environment import Survey
    from launchready_tui.world import World
    from launchready_tui.world.repository.settings import Surveyed

NAMED = 5  # names in a sentence
SHOWN = 20  # lines of evidence


async def _look(subject: str, project: Project, world: World) -> Surveyed | Outcome:
    """What the files tell of the variables. The three checks share one look."""
    told = project.repository
    found = await world.repository.survey(subject, told.env_files, told.required_env)
    if isinstance(found, Unreachable):
        return unknown(found.reason, detail=found.detail)
    return found


@check(
    "deploy.required-env",
    each=repositories,
    asks="the code and the settings files in your repository, on this machine",
    whom=Whom.CODE,
    passes=("ok", "none-needed"),
    warns=("not-seen", "only-in-example"),
    fails=("on-your-list", "lacking"),
)
async def required_env(subject: str, project: Project, world: World) -> Outcome:
    """Does each name that the code can't do without stand in a file that production gets?

    What stands in no file may live in the host's settings: only the project's own word, or
    production's files that it names, make that a fail.
    """
    from launchready_tui.rules.code.environment import needs

    looked = await _look(subject, project, world)
    if isinstance(looked, Outcome):
        return looked
    found, unread = looked.survey, looked.unread
    wanted = needs(found)
    evidence = _evidence_of_needs(found, wanted.unseen, world)
    if not wanted.required:
        if not found.languages:
            return unknown("not-known", evidence=evidence)
        return passed("none-needed", evidence=evidence)
    count = str(len(wanted.required))
    if not wanted.unseen:
        return passed(evidence=evidence, count=count)
    if unread is not None:
        return unknown(unread.reason, evidence=evidence, detail=unread.detail)
    if found.unreadable:
        broken = found.unreadable[0]
        path = clean_line(broken.path, 120)
        return unknown("garbled", evidence=evidence, path=path, detail=broken.why)
    files = said(found.told)
    if wanted.on_list:
        return failed("on-your-list", evidence=evidence, names=said(wanted.on_list))
    if wanted.lacking:
        return failed("lacking", evidence=evidence, names=said(wanted.lacking), files=files)
    if wanted.nowhere:
        return warned("not-seen", evidence=evidence, names=said(wanted.nowhere), count=count)
    return warned("only-in-example", evidence=evidence, names=said(wanted.in_example), count=count)


@check(
    "deploy.env-separation",
    each=repositories,
    asks="the settings files of staging and production in your repository, on this machine",
    whom=Whom.CODE,
    warns=("same-server", "real-example"),
    fails=("same-secret", "same-database"),
)
async def env_separation(subject: str, project: Project, world: World) -> Outcome:
    """Do staging and production share a secret or a database? Told by keyed digests, in memory."""
    from launchready_tui.rules.code.environment import real_examples, shared

    looked = await _look(subject, project, world)
    if isinstance(looked, Outcome):
        return looked
    found, unread = looked.survey, looked.unread
    staging, production = found.files_of("staging"), found.files_of("production")
    evidence = [seen("Settings of staging in", said(staging) or "no file that we saw", world)]
    evidence += [
        seen("Settings of production in", said(production) or "no file that we saw", world)
    ]
    evidence += _unread(found, world)
    common = shared(found)
    evidence += [
        seen(
            f"The same {_KINDS[each.kind]} in both",
            f"{each.name} ({each.staging}) and {each.other} ({each.production})",
            world,
        )
        for each in common[:SHOWN]
    ]
    for kind, outcome in (("secret", "same-secret"), ("database", "same-database")):
        names = [each.name for each in common if each.kind == kind]
        if names:
            files = said(_paths(each.staging for each in common if each.kind == kind))
            return failed(outcome, evidence=evidence, names=said(names), files=files)
    real = real_examples(found)
    if real:
        files = said(_paths(each.path for each in real))
        names = [each.name for each in real]
        return warned("real-example", evidence=evidence, names=said(names), files=files)
    if common:
        names = [each.name for each in common]
        return warned("same-server", evidence=evidence, names=said(names))
    if unread is not None:
        return unknown(unread.reason, evidence=evidence, detail=unread.detail)
    if not (_comparable(found, "staging") and _comparable(found, "production")):
        return unknown("not-known", evidence=evidence)
    return passed(evidence=evidence)


@check(
    "deploy.fails-fast",
    each=repositories,
    asks="the files of your repository that run at a start or in a build, on this machine",
    whom=Whom.CODE,
    passes=("ok", "none-needed"),
    warns=("none-found",),
)
async def fails_fast(subject: str, project: Project, world: World) -> Outcome:
    """Does something on the start or build path stop when a setting is missing?

    That it starts without one is told by people: the question of the stage asks for it.
    """
    from launchready_tui.rules.code.environment import guarded

    looked = await _look(subject, project, world)
    if isinstance(looked, Outcome):
        return looked
    found = looked.survey
    evidence = [
        seen("Stops without its settings", f"{each.kind}, at {each.path}, line {each.line}", world)
        for each in found.guards[:SHOWN]
    ]
    if found.guards:
        first, covered = found.guards[0], guarded(found)
        told = f"{len(covered)} of {len(found.required)} required names"
        evidence.append(seen("Seen in such a check", told, world))
        path = clean_line(first.path, 120)
        return passed(evidence=evidence, what=first.kind, path=path)
    if not found.languages:
        return unknown("not-known")
    if not found.required:
        return passed("none-needed")
    count = str(len(found.required))
    return warned("none-found", evidence=evidence, count=count, snippet="${NAME:?NAME is not set}")


_KINDS = {"secret": "value", "database": "database", "server": "database server"}


def said(names: Iterable[str]) -> str:
    """The first names as a person would list them."""
    every = list(dict.fromkeys(clean_line(name, 120) for name in names))
    if len(every) > NAMED:
        return f"{', '.join(every[: NAMED - 1])} and {len(every) - NAMED + 1} more"
    return " and ".join(filter(None, (", ".join(every[:-1]), *every[-1:])))


def _paths(paths: Iterable[str]) -> list[str]:
    return sorted(set(paths))


def _comparable(found: Survey, place: str) -> bool:
    return any(
        each.place == place and (each.digest or each.database or each.server)
        for each in found.given
    )


def _evidence_of_needs(found: Survey, unseen: Iterable[str], world: World) -> list[Evidence]:
    """Which names no file of production gives, where the code reads them, and where we looked."""
    from launchready_tui.rules.code.environment import table

    evidence = [seen("Names that the code can't do without", str(len(found.required)), world)]
    rows = {row.name: row for row in table(found)}
    for name in list(unseen)[:SHOWN]:
        row = rows[name]
        where = ", ".join(f"{path} line {line}" for path, line in row.places[:3])
        told = f"read at {where}" if where else "in your project file's list"
        told += "; named in your example file" if row.example else ""
        evidence.append(seen(f"{name}: seen in no file of production", told, world))
    files = said(found.files_of("production", "any"))
    evidence.append(seen("Files that give production its settings", files or "none seen", world))
    evidence += [seen("Named by your project file, and not read", p, world) for p in found.untold]
    return evidence + _unread(found, world)


def _unread(found: Survey, world: World) -> list[Evidence]:
    return [
        seen("Could not be read", f"{each.path}: {each.why}", world)
        for each in found.unreadable[:SHOWN]
    ]
