"""The checks that may stay on: who owns each, and which of them a build service runs already.

Pure: a project, the content and the texts of a repository in, rows out.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import pairwise

from launchready_tui.content.checklist import Checklist, Guard
from launchready_tui.project.model import Project
from launchready_tui.rules.code.workflows import workflows

_BY_ITSELF = frozenset({"push", "request", "timer", "tag"})
_PROGRAMS = frozenset({"launchready", "launchready_tui", "launchready-tui"})
_ENDS = frozenset({"&&", "||", ";", "|"})
_COMMANDS = {
    "dns-change": ("guard", "dns"),
    "secrets": ("guard", "secrets"),
    "required-env": ("guard", "env"),
    "handover": ("handover", "--check"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One guard, its owner ("" for nobody yet), and the files of a build service that name it."""

    guard: Guard
    owner: str
    places: tuple[str, ...]

    @property
    def built(self) -> bool:
        """Whether a command of ours does what the guard asks."""
        return bool(self.guard.command)


def rows(project: Project, checklist: Checklist, tree: Mapping[str, str]) -> tuple[Row, ...]:
    """All guards in order. The owner is that of the question which each guard stands for."""
    lines = tuple(_lines(tree))
    return tuple(
        Row(
            guard,
            answer.owner if (answer := project.answers.get(guard.item)) else "",
            tuple(dict.fromkeys(p for p, words in lines if _runs(guard, words, checklist))),
        )
        for guard in checklist.always_on.guards
    )


def _lines(tree: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The words after `launchready` in each line that runs by itself, with the file."""
    for job in workflows(tree).jobs:
        if not job.triggers & _BY_ITSELF:
            continue
        for step in job.steps:
            for line in step.command.splitlines()[:200]:
                words = _words(line)
                if words:
                    yield job.path, words


def _words(line: str) -> tuple[str, ...]:
    try:
        parts = shlex.split(line[:2000], comments=True)
    except ValueError:
        return ()
    start = next((at for at, word in enumerate(parts) if word in _PROGRAMS), None)
    if start is None or (start and not _leads_to_a_program(parts[:start])):
        return ()
    found: list[str] = []
    for word in parts[start + 1 :]:
        if word in _ENDS:
            break
        name, equals, value = word.partition("=")
        found += [name, value] if equals and name.startswith("--") else [word]
    return tuple(found)


def _leads_to_a_program(before: Sequence[str]) -> bool:
    """`python -m`, `uvx`, `NAME=value` and the like; not `pip install` or `echo`."""
    last = before[-1]
    return last in _ENDS or last in ("-m", "uvx", "run", "if", "time", "then") or "=" in last


def _runs(guard: Guard, words: tuple[str, ...], checklist: Checklist) -> bool:
    if "--help" in words or "--plan" in words:
        return False
    wanted = _COMMANDS.get(guard.id)
    if wanted is not None:
        first, second = wanted
        at = words[1:] if second.startswith("--") else words[1:2]
        return words[:1] == (first,) and second in at and "--ci" not in words
    if not guard.looks or words[:1] != ("audit",):
        return False
    only = _values(words, "--only")
    stages = {int(number) for number in _values(words, "--stage") if number.isdecimal()}
    return all(
        (not only or any(fnmatchcase(check, one) for one in only))
        and (not stages or stages & set(checklist.stages_of(check)))
        for check in guard.shown_by
    )


def _values(words: Sequence[str], option: str) -> tuple[str, ...]:
    return tuple(value for name, value in pairwise(words) if name == option)


def as_json(found: Sequence[Row], checklist: Checklist) -> dict[str, object]:
    """The same for programs (format 1)."""
    checks = checklist.always_on
    return {
        "format": 1,
        "guards": [
            {
                "id": row.guard.id,
                "title": row.guard.title,
                "catches": row.guard.catches,
                "runs": list(row.guard.runs),
                "command": row.guard.command or None,
                "owner": row.owner or None,
                "built": row.built,
                "workflows": list(row.places),
                "when_red": list(row.guard.red),
            }
            for row in found
        ],
        "faults": {
            "known": checks.faults,
            "planned": sum(guard.faults for guard in checks.guards),
            "seen_today": sum(guard.seen for guard in checks.guards),
        },
    }
