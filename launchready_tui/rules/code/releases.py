"""What a release runs: in a step of its own, at the start, in a build, in a workflow.

Read from the files of the platforms, of the package and of the workflows. Nothing is executed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from launchready_tui.rules.code.called_commands import Ran, package_scripts, runs
from launchready_tui.rules.code.config_text import (
    aside,
    at,
    base_of,
    depth,
    folder_of,
    line_of,
    lines,
    mapping,
    read_json,
    read_toml,
    read_yaml,
    texts,
    within,
)
from launchready_tui.rules.code.deploy_paths import for_review, publishing
from launchready_tui.rules.code.platforms import SHARED_BUILDS
from launchready_tui.rules.code.workflows import Job

Tree = Mapping[str, str]
Moment = Literal["release", "start", "build", "workflow"]


@dataclass(frozen=True, slots=True)
class Runs:
    """A command that changes the database, the moment at which it runs, and where it stands."""

    moment: Moment
    command: str
    path: str
    line: int
    source: str = ""  # the place that starts it: "package.json build"
    only_live: bool = False  # a condition keeps it from previews
    maybe: bool = False  # a condition, or a person, decides whether it runs at all


def released(tree: Tree, jobs: Iterable[Job], platforms: set[str]) -> Iterator[Runs]:
    """Every line that a release runs: in a step of its own, at the start, in a build, in a job."""
    for moment, source, command, path, folder, line, live in _entries(tree, platforms):
        for ran in runs(tree, command, path, folder, line):
            yield _runs(tree, moment, source, ran, live)
    for job in jobs:
        if for_review(job) or job.services:
            continue
        if _TRIES.search(job.name) and not _any_publishes(tree, job):
            continue  # a database of its own
        publishes = _any_publishes(tree, job)
        by_hand = job.triggers <= {"person"} and not publishes
        named = re.search(
            r"migrat|deploy|release|publish", f"{job.path} {job.name} {job.title}", re.I
        )
        production = re.search(r"prod|live", job.environment, re.I)
        if not (publishes or production or named):
            continue
        for step in job.steps:
            if step.command and not step.request:
                for ran in runs(tree, step.command, job.path, step.folder, step.line):
                    run = _runs(tree, "workflow", f"{job.path}, job {job.name}", ran, True)
                    yield replace(run, maybe=run.maybe or by_hand)


_TRIES = re.compile(
    r"(?:^|[^a-z])(?:tests?|lint|checks?|ci|e2e|unit|integration|spec|verify)(?:$|[^a-z])", re.I
)


def _any_publishes(tree: Tree, job: Job) -> bool:
    return next(publishing(tree, job), None) is not None


_LIVE_ONLY = re.compile(
    r"(?:VERCEL_ENV|VERCEL_TARGET_ENV|CONTEXT|CF_PAGES_BRANCH|AWS_BRANCH|BRANCH|RAILWAY_ENVIRONMENT_NAME|"
    r"VERCEL_GIT_COMMIT_REF|NODE_ENV_TARGET)\b[^\n]{0,40}?(?:production|prod|main|master)\b"
)


def _runs(tree: Tree, moment: Moment, source: str, ran: Ran, live: bool) -> Runs:
    guarded = live or bool(_LIVE_ONLY.search(ran.text[:4000]))
    for step in ran.via:  # a script that asks first which build it is in
        path = step.rpartition(" in ")[2]
        if base_of(path) != "package.json" and _LIVE_ONLY.search(tree.get(path, "")[:20_000]):
            guarded = True
    return Runs(moment, ran.text[:4000], ran.path, ran.line, source, guarded, ran.maybe)


_Entry = tuple[Moment, str, str, str, str, int, bool]


def _entries(tree: Tree, platforms: set[str]) -> Iterator[_Entry]:
    """What a platform is told to run: moment, source, command, file, folder, line, live only."""
    starts = not platforms or bool(platforms - SHARED_BUILDS)
    for path in sorted(tree):
        if depth(path) > 3 or aside(path):
            continue
        base, folder = base_of(path), folder_of(path)
        if base == "package.json":
            yield from _package(tree, path, folder, starts, platforms)
        elif base == "Dockerfile" or base.startswith("Dockerfile."):
            if not re.search(r"dev|test", base, re.I) and starts:
                yield from _dockerfile(tree[path], path, folder)
        else:
            yield from _by_platform(tree, path, base, folder)


def _by_platform(tree: Tree, path: str, base: str, folder: str) -> Iterator[_Entry]:
    """What one platform's own file of settings tells it to run."""
    if base == "Procfile":
        yield from _procfile(tree[path], path, folder)
    elif base.startswith("fly.") and base.endswith(".toml"):
        yield from _fly(tree[path], path, folder)
    elif base in ("render.yaml", "render.yml"):
        yield from _render(tree[path], path)
    elif base in ("railway.json", "railway.toml"):
        yield from _railway(tree[path], path, folder)
    elif base == "netlify.toml":
        yield from _netlify(tree[path], path, folder)
    elif base == "amplify.yml":
        yield from _amplify(tree[path], path, folder)
    else:
        for moment, command in _listed(tree[path], path, base):
            yield _entry(moment, path, command, tree, "" if path == ".do/app.yaml" else folder)


def _listed(text: str, path: str, base: str) -> Iterator[tuple[Moment, str]]:
    """The moments and commands of files that just list them."""
    if base == "heroku.yml":
        root = read_yaml(text)
        yield from (("release", command) for command in texts(at(root, "release", "command")))
        commands = mapping(at(root, "run")).values()
        yield from (("start", command) for command in commands if isinstance(command, str))
    elif base == "vercel.json":
        root = read_json(text)
        for key in ("buildCommand", "installCommand"):
            yield from (("build", command) for command in texts(at(root, key)))
    elif base == "nixpacks.toml":
        command = at(read_toml(text), "start", "cmd")
        if isinstance(command, str):
            yield "start", command
    elif re.fullmatch(r"(?:docker-)?compose[.-]prod\w*\.ya?ml", base):
        for service in mapping(at(read_yaml(text), "services")).values():
            yield from (("start", command) for command in _command_of(at(service, "command")))
    elif path == ".do/app.yaml":
        for job in _rows(at(read_yaml(text), "jobs")):
            yield from (("release", command) for command in texts(at(job, "run_command")))


def _entry(
    moment: Moment, path: str, command: str, tree: Tree, folder: str, source: str = "",
    live: bool = False,
) -> _Entry:  # fmt: skip
    line = line_of(tree[path], command)
    return (moment, source or path, command[:4000], path, folder, line, live)


def _package(
    tree: Tree, path: str, folder: str, starts: bool, platforms: set[str]
) -> Iterator[_Entry]:
    scripts = package_scripts(tree, path)
    builds = ["build", "postinstall", "prepare"]
    if "vercel-build" in scripts and "vercel" in platforms:
        builds[0] = "vercel-build"  # Vercel runs this one in its place
    elif "vercel-build" in scripts and not platforms:
        builds.append("vercel-build")
    if "heroku" in platforms or not platforms:
        builds += ["heroku-postbuild"]
    moments: list[tuple[Moment, str]] = [("build", name) for name in builds]
    if starts:
        moments += [("start", name) for name in ("start", "start:prod", "start:production")]
    for moment, name in moments:
        for one in (f"pre{name}", name, f"post{name}"):
            if one in scripts and (one == name or name != "postinstall"):
                line = line_of(tree[path], f'"{one}"')
                yield (
                    moment,
                    f"{path}, script {one}",
                    scripts[one][:4000],
                    path,
                    folder,
                    line,
                    False,
                )


def _procfile(text: str, path: str, folder: str) -> Iterator[_Entry]:
    for number, line in enumerate(lines(text[:100_000]), start=1):
        name, colon, command = line.partition(":")
        if colon and name.strip() in ("release", "web"):
            moment: Moment = "release" if name.strip() == "release" else "start"
            yield (moment, f"{path}, {name.strip()}", command.strip(), path, folder, number, False)


def _fly(text: str, path: str, folder: str) -> Iterator[_Entry]:
    root = read_toml(text)
    for command in _command_of(at(root, "deploy", "release_command")):
        yield (
            "release",
            f"{path}, release_command",
            command,
            path,
            folder,
            line_of(text, "release_command"),
            True,
        )
    for command in mapping(at(root, "processes")).values():
        if isinstance(command, str):
            yield (
                "start",
                f"{path}, processes",
                command,
                path,
                folder,
                line_of(text, command),
                False,
            )


def _rows(value: Any) -> list[Any]:
    return value[:60] if isinstance(value, list) else []


def _render(text: str, path: str) -> Iterator[_Entry]:
    for service in _rows(at(read_yaml(text), "services")):
        folder = next(iter(texts(at(service, "rootDir"))), "")
        moments: tuple[tuple[str, Moment], ...] = (
            ("preDeployCommand", "release"),
            ("startCommand", "start"),
            ("dockerCommand", "start"),
            ("buildCommand", "build"),
        )
        for key, moment in moments:
            for command in texts(at(service, key)):
                line = line_of(text, command)
                yield (moment, f"{path}, {key}", command, path, within("", folder), line, False)


def _railway(text: str, path: str, folder: str) -> Iterator[_Entry]:
    root = read_toml(text) if path.endswith(".toml") else read_json(text)
    moments: tuple[tuple[tuple[str, str], Moment], ...] = (
        (("deploy", "preDeployCommand"), "release"),
        (("deploy", "startCommand"), "start"),
        (("build", "buildCommand"), "build"),
    )
    for keys, moment in moments:
        for command in texts(at(root, *keys)):
            line = line_of(text, keys[1])
            yield (moment, f"{path}, {keys[1]}", command, path, folder, line, False)


def _netlify(text: str, path: str, folder: str) -> Iterator[_Entry]:
    root = read_toml(text)
    base = at(root, "build", "base")
    inside = within(folder, base) if isinstance(base, str) else folder
    for command in texts(at(root, "build", "command")):
        previews = {"deploy-preview", "branch-deploy"}
        others = {
            name
            for name, given in mapping(at(root, "context")).items()
            if isinstance(at(given, "command"), str)
        }
        live = previews <= others  # previews have a command of their own
        yield ("build", f"{path}, build", command, path, inside, line_of(text, command), live)
    for command in texts(at(root, "context", "production", "command")):
        yield ("build", f"{path}, production", command, path, inside, line_of(text, command), True)


def _amplify(text: str, path: str, folder: str) -> Iterator[_Entry]:
    root = read_yaml(text)
    applications = _rows(at(root, "applications")) or [root]
    for application in applications:
        inside = within(folder, next(iter(texts(at(application, "appRoot"))), ""))
        for part in ("frontend", "backend"):
            for phase in mapping(at(application, part, "phases")).values():
                for command in texts(at(phase, "commands"))[:60]:
                    line = line_of(text, command)
                    yield ("build", f"{path}, {part}", command, path, inside, line, False)


def _command_of(value: Any) -> tuple[str, ...]:
    """A command that is written as a text, or as a list of its words."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return (" ".join(value[:60]),)
    return (value,) if isinstance(value, str) else ()


_LAST = re.compile(r"^\s*(CMD|ENTRYPOINT)\s+(.*)$", re.IGNORECASE)


def _dockerfile(text: str, path: str, folder: str) -> Iterator[_Entry]:
    """CMD and ENTRYPOINT of the last stage, which is the one that runs."""
    last: dict[str, tuple[str, int]] = {}
    for number, line in enumerate(lines(text[:200_000].replace("\\\n", "  ")), start=1):
        if re.match(r"\s*FROM\s", line, re.IGNORECASE):
            last.clear()
        elif found := _LAST.match(line):
            given = found[2].strip()
            words = read_json(given) if given.startswith("[") else None
            command = " ".join(texts(words)) if isinstance(words, list) else given
            last[found[1].upper()] = (command, line_of(text, given) or number)
    for kind, (command, number) in last.items():
        inside = command
        for prefix in (
            "/app/",
            "/usr/src/app/",
            "/rails/",
            "/code/",
            "/srv/",
            "/usr/local/bin/",
            "/",
        ):
            inside = re.sub(rf"(?<![\w.]){re.escape(prefix)}(?=[\w.])", "./", inside)
        yield ("start", f"{path}, {kind}", _with_scripts(inside), path, folder, number, False)


def _with_scripts(command: str) -> str:
    """The command, and the same script where a Dockerfile most often copies it from."""
    names = re.findall(r"\./([\w.-]{1,60}\.sh|[\w-]{1,60}entrypoint[\w-]{0,20})\b", command)
    extra = [f"./{folder}/{name}" for name in names[:4] for folder in ("docker", "scripts", "bin")]
    return "\n".join([command, *extra])
