"""The files that let a build service run the guards which exist so far, or hold back a release.

Pure text. Four rules hold in both forms. Nothing of a pull request is put into a command, only
into the environment of one. No value of a secret is in the file. A job may read, and no more. And
"could not tell" (exit code 3) stops where a person waits for the answer, on a change and on main,
but only warns in the daily run: nobody should be woken by a name server that did not answer.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from launchready_tui.content.checklist import AlwaysOn, Guard

Platform = Literal["github", "gitlab"]

MINUTES = 20
_PYTHON = "3.12"
# What may stand in a file that a build service fills in before it runs it: no `$`, quote or brace.
_PLAIN = re.compile(r"[\w./@+][\w./@+ -]{0,199}", re.ASCII)
_NAME = re.compile(r"[A-Za-z_]\w{0,99}", re.ASCII)


NOT_PLAIN = "can't stand in a file for CI. Use letters, numbers, dots, dashes and slashes."


class NotPlain(ValueError):
    """A path or a branch has a name that is not safe to put into such a file."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What the file must know of a repository. Paths are relative to its top, with slashes."""

    version: str
    made_by: str
    branch: str
    project: str = ""  # of the project file, where it stands elsewhere than at the top
    plan: str = ""  # of the planned DNS zone
    names: tuple[str, ...] = ()  # settings that production needs
    code: bool = False  # the project file names the folder of the code
    documents: bool = False  # the documents are written and kept here
    without: tuple[str, ...] = ()  # ids of guards that are not wanted


def left_out(always_on: AlwaysOn, setting: Setting) -> tuple[tuple[Guard, str], ...]:
    """The guards that exist and are not in the file, each with the reason."""
    reasons = {
        "dns-change": "" if setting.plan else "Name the file of your planned zone with --plan.",
        "required-env": "" if setting.names else "We found no setting that your code needs.",
        "handover": ""
        if setting.documents
        else "Write the documents first, with launchready handover.",
    }
    return tuple(
        (guard, "You asked to leave it out." if guard.id in setting.without else reason)
        for guard in always_on.guards
        if guard.command
        for reason in (reasons.get(guard.id, ""),)
        if reason or guard.id in setting.without
    )


def included(always_on: AlwaysOn, setting: Setting) -> tuple[Guard, ...]:
    """The guards that the file runs."""
    out = {guard.id for guard, _ in left_out(always_on, setting)}
    return tuple(each for each in always_on.guards if each.command and each.id not in out)


def workflow(platform: Platform, always_on: AlwaysOn, setting: Setting) -> str:
    """The whole file. Raises `NotPlain` for a path or branch that could act in it."""
    _only_plain(setting)
    guards = included(always_on, setting)
    head, job = (_github_head, _github_job) if platform == "github" else (_gitlab_head, _gitlab_job)
    lines = [*head(setting), *(line for each in guards for line in job(each, setting))]
    return "\n".join([*lines, ""])


def _only_plain(setting: Setting) -> None:
    for text in (setting.branch, setting.project, setting.plan):
        if text and not _PLAIN.fullmatch(text):
            raise NotPlain(text)


def _install(setting: Setting) -> str:
    return f"pip install launchready-tui=={setting.version}"


def _ours(setting: Setting, *words: str) -> str:
    """A command of ours, with the place of the project file where it is not the usual one."""
    more = ("--project", setting.project) if setting.project else ()
    return shlex.join(("launchready", *words, *more))


def _audit(setting: Setting, guard: Guard, *words: str) -> str:
    only = [part for check in guard.looks for part in ("--only", check)]
    return _ours(setting, "audit", "--yes", *words, *only)


def _needed(names: Iterable[str]) -> tuple[str, ...]:
    """Names that may be secrets there: GitHub keeps GITHUB_ for itself."""
    return tuple(n for n in names if _NAME.fullmatch(n) and not n.upper().startswith("GITHUB_"))


# GitHub Actions


def _github_head(setting: Setting) -> list[str]:
    return [
        f"# Written by: {setting.made_by}",
        "# It runs the checks that may stay on. Red on a change or on main: stop, and look. In the",
        "# daily run, red is news, and a warning means that something gave no answer.",
        "name: launchready",
        "on:",
        "  pull_request:",
        "  push:",
        f"    branches: [{json.dumps(setting.branch)}]",
        "  schedule:",
        '    - cron: "17 6 * * *"',
        "  workflow_dispatch:",
        "permissions:",
        "  contents: read",
        "concurrency:",
        "  group: launchready-${{ github.event_name }}-${{ github.ref }}",
        "  cancel-in-progress: ${{ github.event_name == 'pull_request' }}",
        "jobs:",
    ]


_DAILY = "github.event_name == 'schedule' || github.event_name == 'workflow_dispatch'"
_MAIN = "github.event_name == 'push'"
_CHANGE = "github.event_name == 'pull_request'"


def _github_job(guard: Guard, setting: Setting) -> list[str]:
    """The job of one guard: when, on what, and its steps."""
    when, steps = _GITHUB[guard.id](guard, setting)
    production = guard.id == "required-env"
    return [
        f"  {guard.id}:",
        f"    name: {json.dumps(guard.title)}",
        f"    if: {when}",
        "    runs-on: ubuntu-latest",
        f"    timeout-minutes: {MINUTES}",
        *(["    environment: production"] if production else []),
        *_github_start(setting, whole_history=guard.id == "secrets"),
        *steps,
    ]


def _github_start(setting: Setting, *, whole_history: bool = False) -> list[str]:
    """The steps that each job begins with: the code, Python, and this program."""
    return [
        "    steps:",
        "      - uses: actions/checkout@v4",
        "        with:",
        *(["          fetch-depth: 0"] if whole_history else []),
        "          persist-credentials: false",
        "      - uses: actions/setup-python@v5",
        "        with:",
        f'          python-version: "{_PYTHON}"',
        f"      - run: {_install(setting)}",
    ]


Job = tuple[str, list[str]]


def _step(
    title: str, *lines: str, when: str = "", env: Iterable[tuple[str, str]] = ()
) -> list[str]:
    """One step. Its lines are a block of text, so that nothing in them means anything to YAML."""
    given = [f"          {name}: {value}" for name, value in env]
    return [
        f"      - name: {title}",
        *([f"        if: {when}"] if when else []),
        *(["        env:", *given] if given else []),
        "        run: |",
        *(f"          {line}" for line in lines),
    ]


def _daily(guard: Guard, setting: Setting) -> Job:
    return _DAILY, _step(
        "Look from outside",
        "code=0",
        f"{_audit(setting, guard, '--new', '--details')} || code=$?",
        'if [ "$code" = 3 ]; then',
        '  echo "::warning::Something gave no answer, so a part could not be told."',
        "  code=0",
        "fi",
        'exit "$code"',
    )


def _secrets(guard: Guard, setting: Setting) -> Job:
    ends = (
        ("BASE", "${{ github.event.pull_request.base.sha }}"),
        ("HEAD", "${{ github.event.pull_request.head.sha }}"),
    )
    scan = _ours(setting, "guard", "secrets")
    steps = _step("What this change brings", f'{scan} --range "$BASE..$HEAD"', when=_CHANGE,
                  env=ends)  # fmt: skip
    # What was there before is for main to fix: it must not stop each change until then.
    rest = "github.event_name != 'pull_request'"
    steps += _step("The whole history", scan, when=rest)
    if setting.code:
        steps += _step("Files that git should not keep", _audit(setting, guard), when=rest)
    return "github.event_name != 'schedule'", steps


def _required(guard: Guard, setting: Setting) -> Job:
    return _MAIN, _production_settings(setting, _ours(setting, "guard", "env", "--here"))


def _production_settings(setting: Setting, line: str) -> list[str]:
    """The step that looks at what production has: the only one that is handed its secrets."""
    names = [(name, f"${{{{ secrets.{name} }}}}") for name in _needed(setting.names)]
    return _step("Settings that production needs", line, env=names)


def _dns(guard: Guard, setting: Setting) -> Job:
    line = _ours(setting, "guard", "dns", setting.plan)
    return _CHANGE, _step("All DNS records as they will be", line)


def _handover(guard: Guard, setting: Setting) -> Job:
    return _MAIN, _step("Documents", _ours(setting, "handover", "--check"))


_GITHUB: dict[str, Callable[[Guard, Setting], Job]] = {
    "surface": _daily,
    "email": _daily,
    "dns-change": _dns,
    "secrets": _secrets,
    "required-env": _required,
    "handover": _handover,
}


# GitLab CI

_ON_CHANGE = '$CI_PIPELINE_SOURCE == "merge_request_event"'
_ON_TIMER = '$CI_PIPELINE_SOURCE == "schedule"'


# The job is handed production's variables, and counts as no release.
_GITLAB_PRODUCTION = ["  environment:", "    name: production", "    action: verify"]


def _gitlab_head(setting: Setting) -> list[str]:
    return [
        f"# Written by: {setting.made_by}",
        "# Use it as .gitlab-ci.yml, or name it there under `include: local`. Daily checks need a",
        "# schedule: open Build, Pipeline schedules, and make one for each day.",
        ".launchready:",
        f"  image: python:{_PYTHON}",
        f"  timeout: {MINUTES} minutes",
        "  interruptible: true",
        "  before_script:",
        f"    - {_install(setting)}",
    ]


def _gitlab_job(guard: Guard, setting: Setting) -> list[str]:
    main = f'$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == {json.dumps(setting.branch)}'
    whens = {"change": _ON_CHANGE, "main": main, "day": _ON_TIMER}
    lines = [
        f"launchready-{guard.id}:",
        "  extends: .launchready",
        "  rules:",
        *(f"    - if: {whens[when]}" for when in guard.runs),
    ]
    match guard.id:
        case "surface" | "email":
            lines += ["  allow_failure:", "    exit_codes: 3"]
            script = [_audit(setting, guard, "--new", "--details")]
        case "secrets":
            lines += ["  variables:", '    GIT_DEPTH: "0"']
            scan = _ours(setting, "guard", "secrets")
            script = [
                'if [ -n "$CI_MERGE_REQUEST_DIFF_BASE_SHA" ]; then',
                f'  {scan} --range "$CI_MERGE_REQUEST_DIFF_BASE_SHA..$CI_COMMIT_SHA"',
                "else",
                f"  {scan}",
                *([f"  {_audit(setting, guard)}"] if setting.code else []),
                "fi",
            ]
        case "required-env":
            lines += _GITLAB_PRODUCTION
            script = [_ours(setting, "guard", "env", "--here")]
        case "dns-change":
            script = [_ours(setting, "guard", "dns", setting.plan)]
        case _:
            script = [_ours(setting, "handover", "--check")]
    return [*lines, "  script:", "    - |", *(f"      {line}" for line in script)]


# A job that a release waits for


def release_gate(platform: Platform, setting: Setting) -> str:
    """A file with one job, which stops a release while a setting has no value in production.

    Each name is handed on from what the environment called production keeps. Raises `NotPlain`
    for a branch that could act in it.
    """
    _only_plain(setting)
    lines = _github_gate(setting) if platform == "github" else _gitlab_gate(setting)
    return "\n".join([*lines, ""])


_GATE = "launchready guard env --path . --here"


def _github_gate(setting: Setting) -> list[str]:
    return [
        f"# .github/workflows/settings.yml, written by: {setting.made_by}",
        "# It stops when production has no value for a setting. In the file that releases, add a",
        "# job and let the release wait for it with `needs: settings`:",
        "#   settings:",
        "#     uses: ./.github/workflows/settings.yml",
        "#     secrets: inherit",
        "# Settings that are no secrets may stand under Variables: then write vars.NAME.",
        "name: settings",
        "on:",
        "  push:",
        f"    branches: [{json.dumps(setting.branch)}]",
        "  workflow_call:",
        "permissions:",
        "  contents: read",
        "jobs:",
        "  settings:",
        "    runs-on: ubuntu-latest",
        f"    timeout-minutes: {MINUTES}",
        "    environment: production",
        *_github_start(setting),
        *_production_settings(setting, _GATE),
    ]


def _gitlab_gate(setting: Setting) -> list[str]:
    return [
        f"# For .gitlab-ci.yml, written by: {setting.made_by}",
        "# It stops when production has no value for a setting. GitLab hands over the variables",
        "# that belong to the environment called production. Let your release job wait for it:",
        '#   needs: ["settings"]',
        "settings:",
        f"  image: python:{_PYTHON}-slim",
        f"  timeout: {MINUTES} minutes",
        *_GITLAB_PRODUCTION,
        "  script:",
        f"    - {_install(setting)}",
        f"    - {_GATE}",
    ]
