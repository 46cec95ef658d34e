"""How a change gets from a branch to the live site, and whether that way is a good one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from launchready_tui.rules.code.deploy_paths import (
    Way,
    by_person,
    by_platform,
    by_workflow,
    called_by,
)
from launchready_tui.rules.code.platforms import NEVER_BUILDS, PlatformFile, platform_files
from launchready_tui.rules.code.workflows import Job, workflows

Tree = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Remotes:
    """Where git sends this repository: names and hosts only, never an address with a password."""

    names: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    default_branch: str = ""
    current_branch: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """All that the files say about the way to production."""

    platforms: tuple[PlatformFile, ...] = ()
    ways: tuple[Way, ...] = ()
    spare: tuple[Way, ...] = ()  # what a person could run beside a way of the same platform
    jobs: tuple[Job, ...] = ()  # of every build service
    files: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """What the ways come to: the name of an outcome, and the way that it speaks of."""

    name: str
    way: Way | None = None
    branch: str = ""
    wanted: str = ""


# ------------------------------------------------------------------ what is found


def delivery(tree: Tree) -> Delivery:
    """Every platform's file and every way to production in this tree."""
    built = workflows(tree)
    platforms, odd = platform_files(tree)
    ways = _one_a_file(by_workflow(tree, built, platforms))
    used = set(called_by(tree, built))
    scripts = _one_a_file(by_person(tree, used))
    done = {way.platform for way in ways}
    told = [way for way in scripts if way.platform not in done]
    spare = [way for way in scripts if way.platform in done]
    by_hand = {way.platform for way in told}
    by_git = [
        way
        for way in by_platform(platforms)
        if way.platform not in done and way.platform not in by_hand
    ]
    all_ways = [*ways, *by_git, *told]
    real = [way for way in all_ways if way.platform != "github-pages"]
    return Delivery(
        platforms=platforms,
        ways=tuple(real or all_ways),
        spare=tuple(spare),
        jobs=built.jobs,
        files=built.files,
        unread=tuple(dict.fromkeys((*built.unread, *odd))),
    )


def _one_a_file(ways: Iterable[Way]) -> list[Way]:
    """One way for each file and platform: three steps of one workflow are one way."""
    found: dict[tuple[str, str, str], Way] = {}
    for way in ways:
        known = found.setdefault((way.path, way.platform, way.part), way)
        if known.started == "person" and way.started != "person":
            found[(way.path, way.platform, way.part)] = way
    return list(found.values())


# ------------------------------------------------------------------ the verdict

BY_HAND, SEVERAL = "by-hand", "several"
THROUGH_GIT = ("branch", "button")


def judge(
    found: Delivery,
    remotes: Remotes,
    *,
    told: str = "",
    wanted: str = "",
) -> Judged:
    """What it all comes to. `told` is the answer of S1.C3; `wanted` the branch in the file."""
    if not remotes.names:
        return Judged("no-remote")
    if told == BY_HAND:
        return Judged(BY_HAND)
    ways = found.ways
    usual = wanted or remotes.default_branch
    if not ways and (sent := _git_push(remotes)):
        ways = (sent,)
    if several(ways):
        return Judged(SEVERAL, ways[0], usual, wanted)
    judged = [_judge_one(way, remotes, told, wanted, usual) for way in ways]
    if not judged:
        return Judged("told" if told in THROUGH_GIT else "not-known", branch=usual)
    return min(judged, key=lambda one: _WORST.index(one.name))


_WORST = ("one-machine", "any-branch", "other-branch", "ok", "button", "platform", "told")


def _judge_one(way: Way, remotes: Remotes, told: str, wanted: str, usual: str) -> Judged:
    if way.by == "person":
        may_build = way.platform not in NEVER_BUILDS and told in THROUGH_GIT
        return Judged("told" if may_build else "one-machine", way, usual)
    if way.by == "platform":
        return Judged("platform", way, usual)
    branches = tuple(dict.fromkeys(_plain_branch(one, remotes) for one in way.branches))
    if way.started == "push" and (not branches or {"*", "**"} & set(branches)):
        return Judged("any-branch", way, usual)
    if wanted and branches and not any(_fits(wanted, one) for one in branches):
        return Judged("other-branch", way, ", ".join(branches[:4]), wanted)
    branch = wanted if wanted and branches else ", ".join(branches[:4])
    return Judged("ok" if way.started in ("push", "timer") else "button", way, branch or usual)


def several(ways: Iterable[Way]) -> bool:
    """Whether two ways lead to the same part of the product. Two parts may have one each."""
    parts: dict[str, set[tuple[str, str]]] = {}
    for way in ways:
        parts.setdefault(way.part, set()).add((way.platform, way.path))
    return any(len(each) > 1 for each in parts.values())


def say(way: Way) -> str:
    """A way in a few words, for lists: what starts it, where it leads, and the file."""
    where = f"{way.path}, line {way.line}" if way.line else way.path
    match way.by:
        case "platform":
            return f"{way.name} builds from git ({where})"
        case "person":
            return f"a person runs {way.command} ({where}), for {way.name}"
        case _:
            branches = ", ".join(way.branches[:4])
            started = {
                "push": f"a push to {branches or 'any branch'}",
                "tag": "a tag or a release",
                "person": "a person presses a button",
                "timer": "a timer",
                "git": "git",
            }[way.started]
            return f"{started} publishes to {way.name} ({where})"


def _plain_branch(name: str, remotes: Remotes) -> str:
    is_default = name in ("$CI_DEFAULT_BRANCH", "$default-branch", "$DEFAULT_BRANCH")
    return remotes.default_branch or "main" if is_default else name


def _fits(branch: str, pattern: str) -> bool:
    """Whether a branch is one of those that a pattern such as `release/**` names.

    A regular expression of a stranger is not run: it may name the branch.
    """
    if pattern.startswith("/"):
        return True
    parts = [re.escape(part) for part in re.split(r"\*{1,2}", pattern[:100])]
    return bool(re.fullmatch(".*".join(parts[:6]), branch[:200])) or "EXPRESSION" in pattern


def _git_push(remotes: Remotes) -> Way | None:
    """A platform that is itself a remote: `git push heroku main` from somebody's machine."""
    for host in remotes.hosts:
        if host == "heroku.com" or host.endswith(".heroku.com"):
            return Way(
                by="person",
                platform="heroku",
                path=".git/config",
                command=f"git push heroku {remotes.default_branch or 'main'}",
                started="person",
            )
    return None
