"""Migrations of a database: which tool keeps them, what runs them at a release, what they lose.

Read from the files of the repository. Nothing of the customer's is executed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from launchready_tui.rules.code.called_commands import commanded, package_scripts, shown
from launchready_tui.rules.code.config_text import aside, base_of, depth, line_of
from launchready_tui.rules.code.delivery import Delivery, delivery
from launchready_tui.rules.code.destructive import losses
from launchready_tui.rules.code.migration_tools import PUSH, TOOLS, WIPE, Kept, counted_in, kept_in
from launchready_tui.rules.code.platforms import SHARED_BUILDS
from launchready_tui.rules.code.releases import Runs, released
from launchready_tui.rules.code.sql_losses import Loss

Tree = Mapping[str, str]

NEWEST = 10
MOST_FOLDERS = 20


@dataclass(frozen=True, slots=True)
class Lost:
    """A statement that loses something, with its file."""

    path: str
    loss: Loss


@dataclass(frozen=True, slots=True)
class Migrations:
    """All that the files say about changes of the database."""

    kept: tuple[Kept, ...] = ()
    runs: tuple[Runs, ...] = ()  # by the release, of a tool that is there
    pushes: tuple[Runs, ...] = ()  # changes without a file: db push, migrate dev
    wipes: tuple[Runs, ...] = ()  # the database is emptied at a release
    by_hand: tuple[Runs, ...] = ()  # in scripts that no release runs
    lost: tuple[Lost, ...] = ()
    unread: tuple[str, ...] = ()


def migrations(tree: Tree, found: Delivery | None = None, hosted: Iterable[str] = ()) -> Migrations:
    """Everything about changes of the database. `hosted`: platforms that answered for the site."""
    found = found or delivery(tree)
    kept = tuple(kept_in(tree))
    platforms = {deploy_path.platform for deploy_path in found.deploy_paths} | set(hosted)
    held = {one.tool.id for one in kept}
    applies = [tool.applies for tool in TOOLS if tool.id in held]
    applying: list[Runs] = []
    pushes: list[Runs] = []
    wipes: list[Runs] = []
    for one in released(tree, found.jobs, platforms):
        # Both are a fail: only what surely runs counts for it.
        if commanded(WIPE, one.command):
            wipes += [] if one.maybe else [_cut(one, WIPE)]
        elif commanded(PUSH, one.command):
            pushes += [] if one.maybe else [_cut(one, PUSH)]
        else:
            applying += [_cut(one, pattern) for pattern in applies if pattern.search(one.command)][
                :1
            ]
    applying += _at_start(tree, held)
    lost, unread = _lost(tree, kept)
    return Migrations(
        kept=kept,
        runs=_once(applying),
        pushes=_once(pushes),
        wipes=_once(wipes),
        by_hand=_once(_by_hand(tree, held)),
        lost=lost,
        unread=unread,
    )


def _cut(one: Runs, pattern: re.Pattern[str]) -> Runs:
    """The same, with the one command of its line that changes the database."""
    return replace(one, command=shown(one.command, pattern))


def _once(found: Iterable[Runs]) -> tuple[Runs, ...]:
    return tuple({(one.path, one.line, one.command): one for one in found}.values())[:20]


def in_shared_build(found: Migrations, platforms: Iterable[str]) -> Runs | None:
    """The command that changes the live database from a build that previews share, if one does."""
    if not set(platforms) & SHARED_BUILDS:
        return None
    return next((one for one in found.runs if one.moment == "build" and not one.only_live), None)


def _lost(tree: Tree, kept: Iterable[Kept]) -> tuple[tuple[Lost, ...], tuple[str, ...]]:
    """What the newest migrations lose, and those that could not be read."""
    found: list[Lost] = []
    unread: list[str] = []
    for each in kept:
        folders: dict[str, list[str]] = {}
        for path in each.files:
            folders.setdefault(counted_in(path), []).append(path)
        for files in list(folders.values())[:MOST_FOLDERS]:
            for path in files[-NEWEST:]:
                lost = losses(path, tree[path])
                if lost is None:
                    unread.append(path)
                else:
                    found += [Lost(path, one) for one in lost]
    return tuple(found), tuple(unread)


_TYPEORM = re.compile(r"migrationsRun['\"]?\s*:\s*true")
_SPRING = {
    "flyway": re.compile(r"flyway-core|flyway-database|org\.flywaydb"),
    "liquibase": re.compile(r"liquibase-core"),
}


def _at_start(tree: Tree, held: set[str]) -> Iterator[Runs]:
    """Tools that the product itself starts: Spring Boot with Flyway, TypeORM with migrationsRun."""
    for path in sorted(tree):
        base = base_of(path)
        if aside(path) or depth(path) > 3:
            continue
        if base in ("pom.xml", "build.gradle", "build.gradle.kts"):
            for id, wanted in _SPRING.items():
                if id in held and (found := wanted.search(tree[path])):
                    line = tree[path].count("\n", 0, found.start()) + 1
                    yield Runs("start", found[0], path, line, f"{path}, at the start")
        elif (
            "typeorm" in held
            and base.endswith((".ts", ".js", ".json"))
            and (found := _TYPEORM.search(tree[path][:100_000]))
        ):
            line = tree[path].count("\n", 0, found.start()) + 1
            yield Runs("start", "migrationsRun: true", path, line, f"{path}, at the start")


def _by_hand(tree: Tree, held: set[str]) -> Iterator[Runs]:
    """Scripts of package.json that change the database and that nothing starts by itself."""
    for path in sorted(tree):
        if base_of(path) != "package.json" or aside(path) or depth(path) > 3:
            continue
        for name, text in package_scripts(tree, path).items():
            short = text[:4000]
            patterns = [PUSH, *(tool.applies for tool in TOOLS if tool.id in held)]
            if pattern := next((one for one in patterns if one.search(short)), None):
                line = line_of(tree[path], f'"{name}"')
                command = shown(short, pattern)
                yield Runs("start", command, path, line, f"{path}, script {name}")


# ------------------------------------------------------------------ the verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """What the migrations come to: the name of an outcome, and the command that it speaks of."""

    name: str
    run: Runs | None = None


def judge(found: Migrations, platforms: Iterable[str]) -> Judged:
    """The worst that can be said: a release that empties, then one that changes without files."""
    if found.wipes:
        return Judged("wipes", found.wipes[0])
    if found.pushes:
        return Judged("pushes", found.pushes[0])
    if not found.kept:
        return Judged("none")
    if not found.runs:
        return Judged("by-hand")
    shared = in_shared_build(found, platforms)
    kinds = ("release", "workflow", "start", "build")
    first = min(found.runs, key=lambda one: kinds.index(one.moment))
    if shared is not None:
        return Judged("in-build", shared)
    if found.lost:
        return Judged("destructive", first)
    return Judged("ok", first)
