"""What the repository gives away: `secrets.history`, `secrets.tree`. No value is kept or shown."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, unknown, warned
from launchready_tui.checks.code.folder import repositories
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.rules.secrets.leaks import Leak, Spot
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.vocabulary.findings import Evidence, Outcome

if TYPE_CHECKING:
    from launchready_tui.world import World
    from launchready_tui.world.repository.secret_scan import Scan

SHOWN = 6  # values that stand in the evidence
_SETTINGS = re.compile(r"(?:.*/)?\.env(?:\.[^/]*)?")
_MODEL = re.compile(r"\.(?:example|sample|template|dist|defaults?|schema|test|ci)(?:\.|$)")


@check(
    "secrets.history",
    each=repositories,
    asks="every commit in your repository, on this computer; nothing is sent anywhere",
    whom=Whom.CODE,
    warns=("unsure",),
    fails=("leak",),
)
async def history(subject: str, project: Project, world: World) -> Outcome:
    """Was a secret ever committed? One that was deleted later still counts: copies have it."""
    scan = await world.repository.history(subject)
    if isinstance(scan, Unreachable):
        return unknown(scan.reason, detail=scan.detail)
    return _judge(scan, scan.open(), world)


@check(
    "secrets.tree",
    each=repositories,
    asks="the files in your repository's folder, on this computer; nothing is sent anywhere",
    whom=Whom.CODE,
    warns=("unsure",),
    fails=("env-tracked", "leak"),
)
async def tree(subject: str, project: Project, world: World) -> Outcome:
    """Is a secret in the files as they are now, or is a file of settings kept in git?

    A settings file that git ignores is where secrets belong on a computer, and counts for nothing.
    """
    tracked = await world.repository.tracked(subject)
    if isinstance(tracked, Unreachable):
        return unknown(tracked.reason, detail=tracked.detail)
    kept = [path for path in tracked if is_settings(path)]
    if kept:
        shown = tuple(seen("Kept in git", path, world) for path in kept[:SHOWN])
        # It stands in a command to copy, and whoever made the repository chose the name.
        path = shlex.quote(kept[0])
        return failed("env-tracked", evidence=shown, path=path, count=str(len(kept)))
    scan = await world.repository.working(subject)
    if isinstance(scan, Unreachable):
        return unknown(scan.reason, detail=scan.detail)
    return _judge(scan, tuple(_without_settings(scan.open())), world)


def is_settings(path: str) -> bool:
    """Whether a path is a file of settings with values, and not the model of one."""
    return bool(_SETTINGS.fullmatch(path)) and not _MODEL.search(path)


def _without_settings(leaks: Iterable[Leak]) -> Iterable[Leak]:
    """Values that also stand somewhere else than in a settings file beside the code."""
    for leak in leaks:
        spots = tuple(spot for spot in leak.spots if not is_settings(spot.path))
        if spots:
            yield replace(leak, spots=spots)


def _judge(scan: Scan, leaks: tuple[Leak, ...], world: World) -> Outcome:
    sure = [leak for leak in leaks if leak.blocks]
    rest = [leak for leak in leaks if not leak.blocks and leak.rule.kind in ("secret", "test")]
    if sure:
        facts = _facts(sure)
        return failed("leak", evidence=_seen(sure, world), **facts)
    if scan.gaps:
        return unknown("history-cut", evidence=_seen(rest, world), detail=", ".join(scan.gaps))
    read = seen("Read", f"{scan.objects} files and changes, {scan.bytes} bytes", world)
    if rest:
        return warned("unsure", evidence=_seen(rest, world), **_facts(rest))
    return passed(evidence=(read,))


def _facts(leaks: list[Leak]) -> dict[str, str]:
    first = leaks[0]
    return {"kind": first.rule.title, "where": _place(first.spots[0]), "count": str(len(leaks))}


def _seen(leaks: list[Leak], world: World) -> tuple[Evidence, ...]:
    """Kind, how it begins, and where: never the value."""
    return tuple(
        seen(leak.rule.title, f"{leak.preview}, {_place(leak.spots[0])}", world)
        for leak in leaks[:SHOWN]
    )


def _place(spot: Spot) -> str:
    line = f", line {spot.line}" if spot.line else ""
    commit = f", commit {spot.commit[:10]}" if spot.commit else ""
    return f"{spot.path or 'a message'}{line}{commit}"
