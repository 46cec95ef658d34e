"""How a change gets from a branch to the live site, and whether that way is a good one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from launchready_tui.rules.code.deploy_paths import (
    DeployPath,
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
    deploy_paths: tuple[DeployPath, ...] = ()
    spare: tuple[DeployPath, ...] = ()  # what a person could run beside a way of the same platform
    jobs: tuple[Job, ...] = ()  # of every build service
    files: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """What the ways come to: the name of an outcome, and the way that it speaks of."""

    name: str
    deploy_path: DeployPath | None = None
    branch: str = ""
    wanted: str = ""


# ------------------------------------------------------------------ what is found


def delivery(tree: Tree) -> Delivery:
    """Every platform's file and every way to production in this tree."""
    built = workflows(tree)
    platforms, odd = platform_files(tree)
    deploy_paths = _one_a_file(by_workflow(tree, built, platforms))
    used = set(called_by(tree, built))
    scripts = _one_a_file(by_person(tree, used))
    done = {deploy_path.platform for deploy_path in deploy_paths}
    told = [deploy_path for deploy_path in scripts if deploy_path.platform not in done]
    spare = [deploy_path for deploy_path in scripts if deploy_path.platform in done]
    by_hand = {deploy_path.platform for deploy_path in told}
    by_git = [
        deploy_path
        for deploy_path in by_platform(platforms)
        if deploy_path.platform not in done and deploy_path.platform not in by_hand
    ]
    all_paths = [*deploy_paths, *by_git, *told]
    real = [deploy_path for deploy_path in all_paths if deploy_path.platform != "github-pages"]
    return Delivery(
        platforms=platforms,
        deploy_paths=tuple(real or all_paths),
        spare=tuple(spare),
        jobs=built.jobs,
        files=built.files,
        unread=tuple(dict.fromkeys((*built.unread, *odd))),
    )


def _one_a_file(deploy_paths: Iterable[DeployPath]) -> list[DeployPath]:
    """One way for each file and platform: three steps of one workflow are one way."""
    found: dict[tuple[str, str, str], DeployPath] = {}
    for deploy_path in deploy_paths:
        known = found.setdefault(
            (deploy_path.path, deploy_path.platform, deploy_path.part), deploy_path
        )
        if known.started == "person" and deploy_path.started != "person":
            found[(deploy_path.path, deploy_path.platform, deploy_path.part)] = deploy_path
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
    deploy_paths = found.deploy_paths
    usual = wanted or remotes.default_branch
    if not deploy_paths and (sent := _git_push(remotes)):
        deploy_paths = (sent,)
    if several(deploy_paths):
        return Judged(SEVERAL, deploy_paths[0], usual, wanted)
    judged = [_judge_one(deploy_path, remotes, told, wanted, usual) for deploy_path in deploy_paths]
    if not judged:
        return Judged("told" if told in THROUGH_GIT else "not-known", branch=usual)
    return min(judged, key=lambda one: _WORST.index(one.name))


_WORST = ("one-machine", "any-branch", "other-branch", "ok", "button", "platform", "told")


def _judge_one(
    deploy_path: DeployPath, remotes: Remotes, told: str, wanted: str, usual: str
) -> Judged:
    if deploy_path.by == "person":
        may_build = deploy_path.platform not in NEVER_BUILDS and told in THROUGH_GIT
        return Judged("told" if may_build else "one-machine", deploy_path, usual)
    if deploy_path.by == "platform":
        return Judged("platform", deploy_path, usual)
    branches = tuple(dict.fromkeys(_plain_branch(one, remotes) for one in deploy_path.branches))
    if deploy_path.started == "push" and (not branches or {"*", "**"} & set(branches)):
        return Judged("any-branch", deploy_path, usual)
    if wanted and branches and not any(_fits(wanted, one) for one in branches):
        return Judged("other-branch", deploy_path, ", ".join(branches[:4]), wanted)
    branch = wanted if wanted and branches else ", ".join(branches[:4])
    return Judged(
        "ok" if deploy_path.started in ("push", "timer") else "button", deploy_path, branch or usual
    )


def several(deploy_paths: Iterable[DeployPath]) -> bool:
    """Whether two ways lead to the same part of the product. Two parts may have one each."""
    parts: dict[str, set[tuple[str, str]]] = {}
    for deploy_path in deploy_paths:
        parts.setdefault(deploy_path.part, set()).add((deploy_path.platform, deploy_path.path))
    return any(len(each) > 1 for each in parts.values())


def say(deploy_path: DeployPath) -> str:
    """A way in a few words, for lists: what starts it, where it leads, and the file."""
    where = f"{deploy_path.path}, line {deploy_path.line}" if deploy_path.line else deploy_path.path
    match deploy_path.by:
        case "platform":
            return f"{deploy_path.name} builds from git ({where})"
        case "person":
            return f"a person runs {deploy_path.command} ({where}), for {deploy_path.name}"
        case _:
            branches = ", ".join(deploy_path.branches[:4])
            started = {
                "push": f"a push to {branches or 'any branch'}",
                "tag": "a tag or a release",
                "person": "a person presses a button",
                "timer": "a timer",
                "git": "git",
            }[deploy_path.started]
            return f"{started} publishes to {deploy_path.name} ({where})"


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


def _git_push(remotes: Remotes) -> DeployPath | None:
    """A platform that is itself a remote: `git push heroku main` from somebody's machine."""
    for host in remotes.hosts:
        if host == "heroku.com" or host.endswith(".heroku.com"):
            return DeployPath(
                by="person",
                platform="heroku",
                path=".git/config",
                command=f"git push heroku {remotes.default_branch or 'main'}",
                started="person",
            )
    return None
