"""The way to the live site, what changes the database, and the way back: `deploy.*`.

The first two are read from the files of the founder's repository, on this machine. Nothing in
it is run. The way back cannot be seen in files: it is judged by what was told and timed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, unknown, warned
from launchready_tui.checks.code.folder import repositories
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.whom import Whom
from launchready_tui.content import items
from launchready_tui.project.model import Project
from launchready_tui.rules.code import delivery, migrations
from launchready_tui.rules.code.deploy_paths import DeployPath
from launchready_tui.rules.code.destructive import SAYS
from launchready_tui.rules.code.platforms import PLATFORMS
from launchready_tui.rules.code.sql_locks import Lock, is_postgres, locks, to_look_at
from launchready_tui.rules.running.rollback import MOST_SECONDS
from launchready_tui.vocabulary.dates import say_day
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.vocabulary.findings import Evidence, Outcome
from launchready_tui.vocabulary.safe_text import redact

if TYPE_CHECKING:
    from launchready_tui.world import World

FRESH = timedelta(days=90)
MOST_SHOWN = 12

_PATH_WARNS = ("several", "one-machine", "any-branch", "other-branch")
_PATH_FAILS = ("no-remote", "by-hand")
_PATH_PASSES = ("ok", "button", "platform", "told")


def _told(project: Project, item: str) -> str:
    answer = project.answers.get(item)
    return answer.value if answer else ""


def _kept(facts: Mapping[str, str]) -> dict[str, str]:
    """The facts that say something, with every secret taken out: the file keeps them."""
    return {name: redact(value) for name, value in facts.items() if value}


def _hosted(project: Project) -> tuple[str, ...]:
    """The platforms that answered for the declared hosts."""
    return tuple(dict.fromkeys(host.provider for host in project.hosts if host.provider))


@check(
    "deploy.path",
    each=repositories,
    asks="your repository on this machine: its remotes, branches, workflows and platform files",
    whom=Whom.CODE,
    passes=_PATH_PASSES,
    warns=_PATH_WARNS,
    fails=_PATH_FAILS,
)
async def path(subject: str, project: Project, world: World) -> Outcome:
    """Is there one way from a branch to production, and does it go through source control?"""
    remotes = await world.repository.remotes(subject)
    if isinstance(remotes, Unreachable):
        return unknown(remotes.reason, detail=remotes.detail)
    found = await world.repository.delivery(subject)
    if isinstance(found, Unreachable):
        return unknown(found.reason, detail=found.detail)
    judged = delivery.judge(
        found,
        remotes,
        told=_told(project, items.DEPLOY_PATH),
        wanted=project.repository.production_branch,
    )
    deploy_paths = found.deploy_paths or ((judged.deploy_path,) if judged.deploy_path else ())
    facts = _path_facts(judged, deploy_paths, remotes)
    evidence = tuple(_path_evidence(found, deploy_paths, remotes, world))
    if judged.name in _PATH_PASSES:
        return passed(judged.name, evidence=evidence, **facts)
    if judged.name in _PATH_WARNS:
        return warned(judged.name, evidence=evidence, **facts)
    if judged.name in _PATH_FAILS:
        return failed(judged.name, evidence=evidence, **facts)
    return unknown(judged.name, evidence=evidence, **facts)


def _path_facts(
    judged: delivery.Judged, deploy_paths: tuple[DeployPath, ...], remotes: delivery.Remotes
) -> dict[str, str]:
    """The facts that the words and the deployment document need."""
    deploy_path = judged.deploy_path
    facts = {
        "branch": judged.branch or remotes.default_branch or "main",
        "wanted": judged.wanted,
        "remote": next(iter(remotes.hosts), ""),
        "ways": "; ".join(delivery.say(one) for one in deploy_paths[:4]),
        "count": str(len(deploy_paths)),
        "platforms": " ".join(dict.fromkeys(one.platform for one in deploy_paths)),
    }
    if deploy_path is not None:
        facts |= {
            "platform": deploy_path.name,
            "platform_id": deploy_path.platform,
            "file": deploy_path.path,
            "command": deploy_path.command,
            "by": deploy_path.by,
            "started": deploy_path.started,
        }
    return _kept(facts)


def _path_evidence(
    found: delivery.Delivery,
    deploy_paths: tuple[DeployPath, ...],
    remotes: delivery.Remotes,
    world: World,
) -> Iterable[Evidence]:
    yield seen("Remotes", ", ".join(remotes.hosts or remotes.names) or "no remote is set", world)
    for deploy_path in deploy_paths[:MOST_SHOWN]:
        yield seen("Way to the live site", delivery.say(deploy_path), world)
    for deploy_path in found.spare[:4]:
        yield seen("Also there, for a person", delivery.say(deploy_path), world)
    for file in found.platforms[:MOST_SHOWN]:
        yield seen(f"File of {PLATFORMS[file.platform]}", file.path, world)
    for name in found.unread[:4]:
        yield seen("We could not read", name, world)


@check(
    "deploy.migrations",
    each=repositories,
    asks="your repository on this machine: migration files, and what a release runs",
    whom=Whom.CODE,
    passes=("ok", "none"),
    warns=("by-hand", "in-build", "destructive", "locks"),
    fails=("pushes", "wipes"),
)
async def migrations_(subject: str, project: Project, world: World) -> Outcome:
    """Does the release itself change the database, from files, and does a change lose data?"""
    tree = await world.repository.tree(subject)
    if isinstance(tree, Unreachable):
        return unknown(tree.reason, detail=tree.detail)
    delivered = await world.repository.delivery(subject)
    if isinstance(delivered, Unreachable):
        return unknown(delivered.reason, detail=delivered.detail)
    hosted = _hosted(project)
    # It reads files.
    found = await asyncio.to_thread(migrations.migrations, tree, delivered, hosted)
    judged = migrations.judge(found, (*(one.platform for one in delivered.deploy_paths), *hosted))
    blocking = await _locks(tree, found)
    facts = _migration_facts(found, judged)
    evidence = (*_migration_evidence(found, world), *_lock_evidence(blocking, world))
    match judged.name:
        case "ok" if blocking:
            first = f"{blocking[0].path}, line {blocking[0].line}"
            facts |= _kept({"locks": str(len(blocking)), "first": first, "what": blocking[0].says})
            return warned("locks", evidence=evidence, **facts)
        case "ok" | "none":
            return passed(judged.name, evidence=evidence, **facts)
        case "pushes" | "wipes":
            return failed(judged.name, evidence=evidence, **facts)
        case _:
            return warned(judged.name, evidence=evidence, **facts)


async def _locks(tree: Mapping[str, str], found: migrations.Migrations) -> tuple[Lock, ...]:
    """What the newest migrations hold up, where the extra `sql` is there to tell."""
    from launchready_tui.world.repository import (
        squawk,  # most have none, and it is asked once an audit
    )

    if squawk.program() is None or not await asyncio.to_thread(is_postgres, tree):
        return ()
    said = await squawk.lint(await asyncio.to_thread(to_look_at, tree, found))
    return tuple(lock for path, text in said.items() for lock in locks(path, text))


def _lock_evidence(held: Iterable[Lock], world: World) -> Iterable[Evidence]:
    for lock in tuple(held)[:MOST_SHOWN]:
        yield seen(f"Holds customers up: {lock.path}:{lock.line}", lock.says, world)


def _migration_facts(found: migrations.Migrations, judged: migrations.Judged) -> dict[str, str]:
    facts = {
        "tool": " and ".join(kept.tool.name for kept in found.kept[:3]),
        "wanted": found.kept[0].tool.command if found.kept else "",
        "count": str(sum(len(kept.files) for kept in found.kept)),
        "lost": str(len(found.lost)),
    }
    if judged.run is not None:
        facts |= {
            "command": judged.run.command,
            "where": judged.run.source,
            "file": judged.run.path,
            "moment": judged.run.moment,
        }
    if found.lost:
        first = found.lost[0]
        facts |= {
            "first": f"{first.path}, line {first.loss.line}",
            "what": SAYS[first.loss.kind],
        }
    return _kept(facts)


def _migration_evidence(found: migrations.Migrations, world: World) -> Iterable[Evidence]:
    for kept in found.kept[:4]:
        newest = kept.files[-1] if kept.files else "no file yet"
        yield seen(f"Newest migration of {kept.tool.name}", newest, world)
    shown = (*found.wipes, *found.pushes, *found.runs)
    for run in shown[:4]:
        yield seen(f"Runs with a release: {run.source}", run.command, world)
    if not found.runs:
        for run in found.by_hand[:4]:
            yield seen(f"Only for a person: {run.source}", run.command, world)
    for lost in found.lost[:MOST_SHOWN]:
        label = f"{lost.path}, line {lost.loss.line}"
        yield seen(label, f"{lost.loss.text}: it {SAYS[lost.loss.kind]}", world)
    for name in found.unread[:4]:
        yield seen("We could not read", name, world)


def _once_told(project: Project) -> tuple[str, ...]:
    """The domain, once somebody said something about the way back: before, there is a question."""
    return (project.domain,) if project.domain and items.ROLLBACK in project.answers else ()


@check(
    "deploy.rollback",
    each=_once_told,
    asks="nobody: it reads your answer about the way back, and the times of your drills",
    whom=Whom.CODE,
    warns=("slow", "old", "untimed", "untried"),
    fails=("no-way",),
)
async def rollback(subject: str, project: Project, world: World) -> Outcome:
    """Was the way back rehearsed, in under 15 minutes, within the last 90 days?"""
    answer = project.answers.get(items.ROLLBACK)
    if answer is None:
        return unknown("not-known")
    if answer.value == "no":
        return failed("no-way")
    drills = answer.drills()
    if not drills:
        match answer.value:
            case "tried":
                return warned("untimed")
            case "untried":
                return warned("untried")
            case _:
                return unknown("not-known")
    seconds, drilled = drills[-1]
    minutes = -(-seconds // 60)  # never rounded to the better side
    at = _utc(drilled or answer.at)
    day = say_day(at.date(), world.now.date()) if at else "a day that nobody noted"
    facts = {"minutes": str(minutes), "day": day, "runs": str(len(drills))}
    evidence = (seen("Last timed drill", f"{seconds} seconds, on {day}", world),)
    if seconds >= MOST_SECONDS:
        return warned("slow", evidence=evidence, **facts)
    if at is None or world.now - at > FRESH:
        return warned("old", evidence=evidence, **facts)
    return passed(evidence=evidence, **facts)


def _utc(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at
