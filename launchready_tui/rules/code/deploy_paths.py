"""The paths to production that the files of a repository show, nothing of them executed.

Three kinds: a workflow publishes, the platform builds from git by itself, or a person runs a
command. No service is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from launchready_tui.rules.code.called_commands import package_scripts, recipes, runs
from launchready_tui.rules.code.config_text import (
    aside,
    at,
    base_of,
    depth,
    folder_of,
    line_of,
    read_yaml,
    within,
)
from launchready_tui.rules.code.platforms import BY_COMMAND, NEAR, PLATFORMS, PlatformFile
from launchready_tui.rules.code.publishing import (
    PRODUCTION_WORD,
    acts,
    is_test,
    meant,
    publishes,
    short,
)
from launchready_tui.rules.code.workflows import Job, Step, Workflows

Tree = Mapping[str, str]
By = Literal["workflow", "platform", "person"]
Started = Literal["push", "tag", "person", "timer", "git"]


@dataclass(frozen=True, slots=True)
class DeployPath:
    """One path to production: how a version gets to the live site.

    `branches` is empty where any branch, a tag or a person starts it.
    """

    by: By
    platform: str
    path: str
    line: int = 0
    command: str = ""
    branches: tuple[str, ...] = ()
    started: Started = "git"
    part: str = ""

    @property
    def name(self) -> str:
        """The platform's name as people write it."""
        return PLATFORMS[self.platform]


def by_platform(platforms: tuple[PlatformFile, ...]) -> Iterator[DeployPath]:
    """A platform whose file stands there and that no workflow feeds: it builds from git."""
    seen: set[tuple[str, str]] = set()
    for each in platforms:
        part = folder_of(each.path).removesuffix(".vercel").strip("/").removesuffix(".do")
        if each.platform == "compose" or (each.platform, part) in seen:
            continue
        seen.add((each.platform, part))
        command = BY_COMMAND.get(each.platform, "")
        yield DeployPath(
            by="person" if command else "platform",
            platform=each.platform,
            path=each.path,
            command=command,
            started="person" if command else "git",
            part=part.strip("/"),
        )


# ------------------------------------------------------------------ by a workflow


def for_review(job: Job) -> bool:
    """Whether a job runs for changes under review only, or for a copy that is for tests."""
    if job.request or not job.triggers - {"request", "called"}:
        return True
    if PRODUCTION_WORD.search(job.environment):
        return False
    if job.environment and "{" not in job.environment and "$" not in job.environment:
        return is_test(job.environment)
    names = (base_of(job.path).rpartition(".")[0], job.name, job.title)
    if any(PRODUCTION_WORD.search(name) for name in names):
        return False
    if any((is_test(name) and "deploy" in name.lower()) or _is_review(name) for name in names):
        return True
    return bool(job.branches) and all(is_test(branch) for branch in job.branches)


_REVIEW = re.compile(r"(?:^|[^a-z])(?:preview|review|staging|pr)(?:$|[^a-z])", re.IGNORECASE)


def _is_review(name: str) -> bool:
    return bool(_REVIEW.search(name)) and not PRODUCTION_WORD.search(name)


def publishing(tree: Tree, job: Job) -> Iterator[tuple[str, Step, str, int]]:
    """Each step of a job that publishes: the platform, the step, the command, and its line."""
    for step in job.steps:
        if step.request or _is_review(step.title):
            continue
        if step.uses:
            platform = acts(step)
            if platform:
                yield platform, step, step.uses, step.line
            continue
        for ran in runs(tree, step.command, job.path, step.folder, step.line):
            platform = publishes(ran.text)
            names = (job.path, job.name, job.title, job.environment, step.title, *ran.via)
            if platform and meant(ran.text, *names):
                named = ran.text if not ran.via else f"{step.command.strip().splitlines()[0]}"
                yield platform, step, named, step.line if ran.via else ran.line


def by_workflow(
    tree: Tree, built: Workflows, platforms: tuple[PlatformFile, ...]
) -> Iterator[DeployPath]:
    """The paths by way of CI jobs; those that build reviews or tests only are left out."""
    for job in built.jobs:
        if for_review(job):
            continue
        for platform, step, command, line in publishing(tree, job):
            branches = step.only or job.branches
            production = step.settings.get("production-branch", "")
            if production and not step.only:
                branches = (production,)
            if (
                branches
                and all(is_test(one) for one in branches)
                and not (PRODUCTION_WORD.search(job.environment))
            ):
                continue
            yield DeployPath(
                by="workflow",
                platform=platform,
                path=job.path,
                line=line,
                command=short(command),
                branches=branches,
                started=_started(job),
                part=_part(platform, step, job, platforms),
            )


def _started(job: Job) -> Started:
    order: tuple[Literal["push", "tag", "person", "timer"], ...] = (
        "push",
        "tag",
        "person",
        "timer",
    )
    for one in order:
        if one in job.triggers:
            return one
    return "person"  # a comment, a label, a deployment that somebody asked for


def _part(platform: str, step: Step, job: Job, platforms: tuple[PlatformFile, ...]) -> str:
    """The folder of the product that a step publishes; empty for the whole of it."""
    for key in ("working-directory", "workingDirectory", "package_json_file", "appdir"):
        if step.settings.get(key):
            return within("", step.settings[key])
    if step.folder:
        return step.folder
    paths = [path.partition("*")[0].strip("/") for path in job.paths if not path.startswith("!")]
    folders = [path for path in paths if path and not path.startswith(".github")]
    if folders:
        return folders[0]
    own = {folder_of(each.path) for each in platforms if each.platform == platform}
    return next(iter(own)) if len(own) == 1 else ""


# ------------------------------------------------------------------ by a person

_SCRIPT_NAME = re.compile(
    r"(?:^|[-_.])(?:deploy|publish|release|ship|rollout)(?:[-_.]|$)", re.IGNORECASE
)


def called_by(tree: Tree, built: Workflows) -> Iterator[str]:
    """Every script that a workflow leads to, as "name in file" or as its path."""
    for job in built.jobs:
        for step in job.steps:
            for ran in runs(tree, step.command, job.path, step.folder) if step.command else ():
                yield from ran.via


def by_person(tree: Tree, used: set[str]) -> Iterator[DeployPath]:
    """Scripts that publish and that no workflow runs."""
    reached = set(used)
    for path, name, command, line in _scripts(tree):
        label = f"{name} in {path}" if name else path
        if label in reached or is_test(name) or (not name and is_test(base_of(path))):
            continue
        for ran in runs(tree, command, path, folder_of(path), line):
            platform = publishes(ran.text)
            fits = meant(ran.text, name, base_of(path), *ran.via)
            if platform and fits and not any(is_test(step) for step in ran.via):
                reached.update(ran.via)
                yield DeployPath(
                    by="person",
                    platform=platform,
                    path=path,
                    line=line if name else ran.line,
                    command=short(_called(path, name) or ran.text),
                    started="person",
                    part=_home(path),
                )
                break


def _called(path: str, name: str) -> str:
    base = base_of(path)
    if not name:
        return f"./{path}" if base.endswith((".sh", ".bash")) else ""
    if base == "package.json":
        return f"npm run {name}"
    return f"{'just' if 'justfile' in base.lower() else 'make'} {name}"


def _home(path: str) -> str:
    """The part of the product that a script publishes: folders for scripts count as none."""
    folder = folder_of(path)
    while base_of(folder) in ("scripts", "script", "bin", "ops", "deploy", "tools", "config", "ci"):
        folder = folder_of(folder)
    return folder


def _scripts(tree: Tree) -> Iterator[tuple[str, str, str, int]]:
    """Each script that a person may start: file, name, text and line."""
    near = [path for path in sorted(tree) if depth(path) <= NEAR + 1 and not aside(path)]
    for path in near[:4000]:
        base = base_of(path)
        if base == "package.json":
            for name, command in package_scripts(tree, path).items():
                yield path, name, command, line_of(tree[path], f'"{name}"')
        elif base in ("Makefile", "makefile", "GNUmakefile", "justfile", "Justfile", ".justfile"):
            for name, (body, line) in recipes(tree[path]).items():
                yield path, name, body, line
        elif base.endswith((".sh", ".bash")) or (
            "." not in base and _SCRIPT_NAME.search(base) and tree[path].startswith("#!")
        ):
            yield path, "", tree[path][:100_000], 1
        elif base == "fabfile.py" and "deploy" in tree[path]:
            yield path, "", "fab deploy", 1
        elif path in ("config/deploy.rb", "Capfile"):
            yield path, "", "cap production deploy", 1
        elif path == "config/deploy.yml" and at(read_yaml(tree[path]), "servers") is not None:
            yield path, "", "kamal deploy", 1
        elif base == "deploy.php" and depth(path) == 0 and "deployer" in tree[path].lower():
            yield path, "", "dep deploy", 1
