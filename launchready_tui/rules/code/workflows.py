"""The jobs that a build service runs for a repository, and what starts each of them.

Reads GitHub Actions, GitLab CI, Bitbucket Pipelines and CircleCI into one shape. A file that
cannot be read is named, never guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from typing import Any, Literal

from launchready_tui.rules.code.config_text import at, line_of, mapping, read_yaml, texts, within

Tree = Mapping[str, str]
Trigger = Literal["push", "tag", "person", "timer", "request", "called", "other"]

MOST_FILES = 60
MOST_JOBS = 400
MOST_STEPS = 400
DEEPEST = 2  # of workflows that call workflows, and of jobs that take over others


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a command, or a ready-made action with its settings."""

    command: str = ""
    uses: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    line: int = 0
    folder: str = ""
    title: str = ""
    only: tuple[str, ...] = ()  # branches that a condition of its own names
    request: bool = False  # a condition lets it run for a change under review only


@dataclass(frozen=True, slots=True)
class Job:
    """One job. `branches` is empty where every branch starts it."""

    path: str
    name: str
    title: str
    steps: tuple[Step, ...]
    triggers: frozenset[Trigger]
    branches: tuple[str, ...] = ()
    environment: str = ""
    paths: tuple[str, ...] = ()
    services: bool = False
    request: bool = False


@dataclass(frozen=True, slots=True)
class Workflows:
    """Every job of every file, and the files that could not be read."""

    jobs: tuple[Job, ...] = ()
    files: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


_GITHUB = re.compile(r"\.github/workflows/[^/]+\.ya?ml")
_OTHERS = {
    ".gitlab-ci.yml": "gitlab",
    ".gitlab-ci.yaml": "gitlab",
    "bitbucket-pipelines.yml": "bitbucket",
    ".circleci/config.yml": "circle",
    ".circleci/config.yaml": "circle",
}


def workflows(tree: Tree) -> Workflows:
    """All jobs of the build services whose files stand in this tree."""
    files = [path for path in sorted(tree) if _GITHUB.fullmatch(path) or path in _OTHERS]
    files = files[:MOST_FILES]
    read: dict[str, Mapping[str, Any]] = {}
    unread = []
    for path in files:
        root = read_yaml(tree[path])
        if isinstance(root, dict):
            read[path] = root
        elif tree[path].strip():
            unread.append(path)
    jobs: list[Job] = []
    for path, root in read.items():
        match _OTHERS.get(path, "github"):
            case "gitlab":
                jobs += islice(_gitlab(path, root, tree[path]), MOST_JOBS)
            case "bitbucket":
                jobs += islice(_bitbucket(path, root, tree[path]), MOST_JOBS)
            case "circle":
                jobs += islice(_circle(path, root, tree[path]), MOST_JOBS)
            case _:
                jobs += islice(_github(path, read, tree, _on(root), DEEPEST), MOST_JOBS)
    return Workflows(tuple(jobs[:MOST_JOBS]), tuple(files), tuple(unread))


# GitHub Actions


@dataclass(frozen=True, slots=True)
class _On:
    """What starts a workflow."""

    triggers: frozenset[Trigger]
    branches: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    request: bool = False


_EVENTS: Mapping[str, Trigger] = {
    "push": "push",
    "release": "tag",
    "create": "tag",
    "workflow_dispatch": "person",
    "repository_dispatch": "person",
    "schedule": "timer",
    "pull_request": "request",
    "pull_request_target": "request",
    "merge_group": "request",
    "workflow_call": "called",
    "workflow_run": "push",
    "deployment": "other",
    "deployment_status": "other",
}


def _on(root: Mapping[str, Any]) -> _On:
    on = root.get("on", root.get("true"))
    events = on if isinstance(on, dict) else dict.fromkeys(texts(on))
    triggers: set[Trigger] = set()
    branches: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    for event, given in list(events.items())[:40]:
        trigger = _EVENTS.get(event, "other")
        if event == "push":
            paths = texts(at(given, "paths"))[:20]
            named = texts(at(given, "branches"))
            tags = texts(at(given, "tags"))
            if tags:
                triggers.add("tag")
                if not named and at(given, "branches-ignore") is None:
                    continue
            branches = tuple(one for one in named if not one.startswith("!"))[:20]
        elif event == "workflow_run":
            branches = branches or texts(at(given, "branches"))[:20]
        triggers.add(trigger)
    return _On(frozenset(triggers), branches, paths)


def _github(
    path: str, read: Mapping[str, Mapping[str, Any]], tree: Tree, on: _On, deep: int
) -> Iterator[Job]:
    root, text = read[path], tree[path]
    title = _text(root.get("name"))
    base = _text(at(root, "defaults", "run", "working-directory"))
    for name, job in list(mapping(root.get("jobs")).items())[:100]:
        condition = _text(at(job, "if"))
        only, request = _condition(condition)
        started = replace(on, branches=_narrowed(on.branches, only), request=on.request or request)
        if not only and _TAG.search(condition[:2000]) and "||" not in condition:
            started = replace(started, triggers=frozenset({"tag"}), branches=())
        called = _text(at(job, "uses"))
        if called.startswith("./") and deep > 0:
            target = within("", called)
            if target in read:
                yield from _github(target, read, tree, started, deep - 1)
            continue
        folder = _text(at(job, "defaults", "run", "working-directory")) or base
        found = _github_steps(at(job, "steps"), folder, tree, text, 1)
        steps = tuple(islice(found, MOST_STEPS))
        if called:
            steps = (Step(uses=called, settings=_settings(at(job, "with"))),)
        yield Job(
            path=path,
            name=name,
            title=f"{title} {_text(at(job, 'name'))}".strip(),
            steps=steps,
            triggers=started.triggers,
            branches=started.branches,
            environment=_text(at(job, "environment", "name")) or _text(at(job, "environment")),
            paths=started.paths,
            services=bool(mapping(at(job, "services"))),
            request=started.request,
        )


def _github_steps(steps: Any, folder: str, tree: Tree, text: str, deep: int) -> Iterator[Step]:
    for step in (steps if isinstance(steps, list) else [])[:200]:
        where = _text(at(step, "working-directory")) or folder
        only, request = _condition(_text(at(step, "if")))
        title = _text(at(step, "name"))
        command, uses = _text(at(step, "run")), _text(at(step, "uses"))
        if uses.startswith("./") and deep > 0:
            inner = within("", uses)
            action = tree.get(f"{inner}/action.yml", tree.get(f"{inner}/action.yaml", ""))
            root = _action(action)
            yield from _github_steps(at(root, "runs", "steps"), where, tree, text, deep - 1)
        elif command or uses:
            yield Step(
                command=command,
                uses=uses,
                settings=_settings(at(step, "with")),
                line=line_of(text, command or uses),
                folder=within("", where),
                title=title,
                only=only,
                request=request,
            )


@lru_cache(maxsize=32)  # one action is used by many steps
def _action(text: str) -> Any:
    return read_yaml(text)


_REF = re.compile(
    r"(?P<no>!=\s*['\"])?refs/heads/(?P<ref>[\w./-]{1,100})|"
    r"(?:github\.ref_name|head_branch)\s*==\s*['\"](?P<name>[\w./-]{1,100})"
)
_DEFAULT = re.compile(r"==[^&|]{0,60}\bdefault_branch\b|default_branch\s*==")
_TAG = re.compile(r"startsWith\(\s*github\.ref\s*,\s*'refs/tags|ref_type\s*==\s*['\"]tag")
_REQUEST = re.compile(r"github\.event_name\s*==\s*['\"]pull_request")


def _condition(condition: str) -> tuple[tuple[str, ...], bool]:
    """The branches that a condition names, and whether it asks for a change under review."""
    short = condition[:2000]
    if "!=" in short and "==" not in short:
        return (), False
    named = [found["ref"] or found["name"] for found in _REF.finditer(short) if not found["no"]]
    named += ["$DEFAULT_BRANCH"] if _DEFAULT.search(short) else []
    only = tuple(dict.fromkeys(named))
    return only, bool(_REQUEST.search(short)) and "||" not in short


def _narrowed(branches: tuple[str, ...], only: tuple[str, ...]) -> tuple[str, ...]:
    return only or branches


def _settings(value: Any) -> Mapping[str, str]:
    return {key: one for key, one in mapping(value).items() if isinstance(one, str)}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


# GitLab CI

_NO_JOBS = frozenset(
    {"stages", "variables", "default", "include", "workflow", "image", "services", "cache",
     "before_script", "after_script", "spec"}
)  # fmt: skip
_GITLAB_BRANCH = re.compile(
    r"\$CI_COMMIT_(?:BRANCH|REF_NAME|REF_SLUG)\s*==\s*(?:['\"]([\w./-]{1,100})['\"]|"
    r"(\$CI_DEFAULT_BRANCH))|\$CI_COMMIT_(?:BRANCH|REF_NAME)\s*=~\s*(/[^/\n]{1,100}/)"
)


def _gitlab(path: str, root: Mapping[str, Any], text: str) -> Iterator[Job]:
    for name, raw in list(root.items())[:200]:
        if name in _NO_JOBS or name.startswith(".") or not isinstance(raw, dict):
            continue
        job = _inherited(root, raw, DEEPEST)
        if not {"rules", "only"} & job.keys():  # what starts any of them
            job = {**job, "rules": at(root, "workflow", "rules")}
        triggers, branches = _gitlab_when(job)
        steps = tuple(
            Step(command=line, line=line_of(text, line))
            for part in ("before_script", "script")
            for line in _flat(job.get(part))
        )
        yield Job(
            path=path,
            name=name,
            title=_text(job.get("stage")),
            steps=steps,
            triggers=triggers,
            branches=branches,
            environment=_text(at(job, "environment", "name")) or _text(job.get("environment")),
            services=bool(job.get("services")),
        )


def _inherited(root: Mapping[str, Any], job: Mapping[str, Any], deep: int) -> Mapping[str, Any]:
    """A job with what it takes over by `extends`."""
    whole: dict[str, Any] = {}
    if deep > 0:
        for parent in texts(job.get("extends"))[:8]:
            whole.update(_inherited(root, mapping(root.get(parent)), deep - 1))
    whole.update(job)
    return whole


# What GitLab's `only` may list beside branches.
_GITLAB_ONLY: Mapping[str, Trigger] = {
    "tags": "tag",
    "merge_requests": "request",
    "schedules": "timer",
    "branches": "push",
    "pushes": "push",
    "web": "person",
}


def _gitlab_when(job: Mapping[str, Any]) -> tuple[frozenset[Trigger], tuple[str, ...]]:
    person = _text(job.get("when")) == "manual"
    branches: list[str] = []
    triggers: set[Trigger] = set()
    rules = job.get("rules")
    for rule in (rules if isinstance(rules, list) else [])[:40]:
        if _text(at(rule, "when")) == "never":
            continue
        person = person or _text(at(rule, "when")) == "manual"
        condition = _text(at(rule, "if"))
        found = [a or b or c for a, b, c in _GITLAB_BRANCH.findall(condition)]
        branches += found
        if "$CI_COMMIT_TAG" in condition:
            triggers.add("tag")
        elif "merge_request" in condition:
            triggers.add("request")
        elif not found:
            triggers.add("push")
    only = job.get("only")
    for one in (*texts(only), *texts(at(only, "refs"))):
        if one in _GITLAB_ONLY:
            triggers.add(_GITLAB_ONLY[one])
        else:
            branches.append(one)
    if branches or not triggers:
        triggers.add("push")
    if person:
        triggers = {*(triggers - {"push"}), "person"}
    return frozenset(triggers), tuple(dict.fromkeys(branches))[:20]


def _flat(value: Any, deep: int = 3) -> tuple[str, ...]:
    """A list of lines that may hold lists of lines."""
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list) or deep == 0:
        return ()
    return tuple(line for each in value[:200] for line in _flat(each, deep - 1))[:400]


# Bitbucket Pipelines


def _bitbucket(path: str, root: Mapping[str, Any], text: str) -> Iterator[Job]:
    for kind, given in mapping(root.get("pipelines")).items():
        if kind == "default":
            yield from _bitbucket_steps(path, text, kind, given, frozenset({"push"}), ())
            continue
        for name, steps in list(mapping(given).items())[:60]:
            triggers: frozenset[Trigger]
            branches: tuple[str, ...] = ()
            match kind:
                case "branches":
                    triggers, branches = frozenset({"push"}), (name,)
                case "tags":
                    triggers = frozenset({"tag"})
                case "custom":
                    triggers = frozenset({"person"})
                case "pull-requests":
                    triggers = frozenset({"request"})
                case _:
                    continue
            yield from _bitbucket_steps(path, text, name, steps, triggers, branches)


def _bitbucket_steps(
    path: str,
    text: str,
    name: str,
    given: Any,
    triggers: frozenset[Trigger],
    branches: tuple[str, ...],
    deep: int = 3,
) -> Iterator[Job]:
    for each in (given if isinstance(given, list) else [])[:60]:
        for key in ("parallel", "stage"):
            inner = at(each, key)
            if inner is not None and deep:
                inner = at(inner, "steps") if isinstance(inner, dict) else inner
                yield from _bitbucket_steps(path, text, name, inner, triggers, branches, deep - 1)
        step = mapping(at(each, "step"))
        if not step:
            continue
        steps = []
        script = step.get("script")
        for line in (script if isinstance(script, list) else [])[:200]:
            if isinstance(line, str):
                steps.append(Step(command=line, line=line_of(text, line)))
            else:
                pipe = _text(at(line, "pipe"))
                settings = _settings(at(line, "variables"))
                steps.append(Step(uses=pipe, settings=settings, line=line_of(text, pipe)))
        pressed = _text(step.get("trigger")) == "manual"
        yield Job(
            path=path,
            name=name,
            title=_text(step.get("name")),
            steps=tuple(steps),
            triggers=frozenset({"person"}) if pressed else triggers,
            branches=branches,
            environment=_text(step.get("deployment")),
            services=bool(step.get("services")),
        )


# CircleCI


def _circle(path: str, root: Mapping[str, Any], text: str) -> Iterator[Job]:
    jobs = mapping(root.get("jobs"))
    asked: list[tuple[str, frozenset[Trigger], tuple[str, ...]]] = []
    for flow in list(mapping(root.get("workflows")).values())[:40]:
        listed = at(flow, "jobs")
        for each in (listed if isinstance(listed, list) else [])[:60]:
            if isinstance(each, str):
                asked.append((each, frozenset({"push"}), ()))
                continue
            for name, given in mapping(each).items():
                only = at(given, "filters", "branches", "only")
                tags = at(given, "filters", "tags", "only")
                ignored = at(given, "filters", "branches", "ignore")
                just_tags = tags is not None and not texts(only) and texts(ignored) == ("/.*/",)
                trigger: Trigger = "tag" if just_tags else "push"
                asked.append((name, frozenset({trigger}), texts(only)[:20]))
    if not asked:
        asked = [(name, frozenset({"push"}), ()) for name in jobs]
    for name, triggers, branches in asked[:MOST_JOBS]:
        job = mapping(jobs.get(name))
        steps = tuple(islice(_circle_steps(root, at(job, "steps"), text, 1), MOST_STEPS))
        images = at(job, "docker")
        if not job:
            steps = (Step(uses=name),)  # a job of an orb, such as heroku/deploy-via-git
        yield Job(
            path=path,
            name=name,
            title="",
            steps=steps,
            triggers=triggers,
            branches=branches,
            services=isinstance(images, list) and len(images) > 1,
        )


def _circle_steps(root: Mapping[str, Any], steps: Any, text: str, deep: int) -> Iterator[Step]:
    for step in (steps if isinstance(steps, list) else [])[:200]:
        if isinstance(step, str):
            inner = at(root, "commands", step, "steps")
            if inner is not None and deep:
                yield from _circle_steps(root, inner, text, deep - 1)
            else:
                yield Step(uses=step, line=line_of(text, step))
            continue
        for name, given in mapping(step).items():
            if name == "run":
                command = _text(at(given, "command")) or _text(given)
                folder = _text(at(given, "working_directory"))
                yield Step(
                    command=command, line=line_of(text, command), folder=within("", folder),
                    title=_text(at(given, "name")),
                )  # fmt: skip
            elif name in ("when", "unless") and deep:
                yield from _circle_steps(root, at(given, "steps"), text, deep - 1)
            elif (inner := at(root, "commands", name, "steps")) is not None and deep:
                yield from _circle_steps(root, inner, text, deep - 1)
            else:
                yield Step(uses=name, settings=_settings(given), line=line_of(text, name))
