"""The five targets, always together: each with its figure, its samples, or what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeGuard

from launchready_tui.content import items
from launchready_tui.content.checklist import Checklist
from launchready_tui.project.model import Project, RecordedFinding
from launchready_tui.rules.running.proportions import proves_at_least, proves_at_most
from launchready_tui.rules.running.rollback import MOST_SECONDS
from launchready_tui.vocabulary.findings import Verdict
from launchready_tui.vocabulary.safe_text import clean_line

T4_SHARE = 0.95
# A warning of `secrets.bundle` that is about no secret.
NO_SECRET = frozenset({"source-maps"})


@dataclass(frozen=True, slots=True)
class TargetState:
    """One of the five targets: its figure, how many samples it rests on, or what is missing."""

    id: str
    title: str
    goal: str
    measured: str | None
    samples: int
    verdict: Verdict
    note: str


def targets(project: Project, checklist: Checklist) -> tuple[TargetState, ...]:
    """The five targets together. A figure stands only where something was measured."""
    drill = _last_drill(project)
    states = []
    for target in checklist.targets:
        measured, samples, verdict, note = None, 0, Verdict.UNKNOWN, target.needs
        if target.id == "T5" and drill is not None:
            seconds, runs = drill
            measured, samples = duration(seconds), runs
            verdict = Verdict.PASS if seconds < MOST_SECONDS else Verdict.FAIL
            note = "One timed drill." if runs == 1 else f"The last of {runs} timed drills."
        placed, tested = _placed(project)
        if target.id == "T4" and tested:
            measured, samples = f"{placed} of {tested} in the inbox", tested
            verdict, note = _judge_placed(placed, tested)
        if target.id == "T3" and (looked := _in_the_open(project)) is not None:
            measured, samples, verdict, note = looked
        states.append(
            TargetState(target.id, target.title, target.goal, measured, samples, verdict, note)
        )
    return tuple(states)


def _placed(project: Project) -> tuple[int, int]:
    """How many test messages reached the inbox, of how many that were sent."""
    found = project.findings.get("email.inbox", {}).values()
    known = [one for one in found if one.verdict in (Verdict.PASS, Verdict.WARN, Verdict.FAIL)]
    return sum(one.outcome in ("ok", "late") for one in known), len(known)


def _judge_placed(placed: int, tested: int) -> tuple[Verdict, str]:
    """What the count proves about the share that reaches the inbox, with 95 % confidence."""
    least, most = proves_at_least(placed, tested), proves_at_most(placed, tested)
    if least >= T4_SHARE - 0.0005:  # 59 of 59 prove 95.05 %
        return Verdict.PASS, f"It proves at least {least * 100:.0f} %."
    if most < T4_SHARE:
        return Verdict.FAIL, f"It proves that no more than {most * 100:.0f} % arrive."
    return Verdict.UNKNOWN, (f"It proves at least {least * 100:.0f} %. 59 of 59 would prove 95 %.")


def _in_the_open(project: Project) -> tuple[str, int, Verdict, str] | None:
    """Secrets in the history, the code and the pages of every host; None before any look.

    The same value may be in several places, so places are never added up.
    """
    path = project.repository.path
    history = _recorded(project, "secrets.history", (path,) if path else ())
    tree = _recorded(project, "secrets.tree", (path,) if path else ())
    pages = _recorded(project, "secrets.bundle", project.web_hosts())
    looked = [one for one in (*history, *tree, *pages) if _saw(one)]
    if not looked:
        return None
    samples = len(looked)
    bad = [one for one in looked if one.verdict is Verdict.FAIL]
    if bad:
        most = max(_count(one) for one in bad)
        figure = f"{most} found" if len(bad) == 1 else f"{most} or more found"
        return figure, samples, Verdict.FAIL, "Replace each one first, then take it out."
    clean = bool(history) and all(_is_clean(one) for one in history)
    shown = any(_is_clean(one) for one in pages) and all(
        _is_clean(one) or _does_not_apply(one) for one in pages
    )
    if _told_open(project):
        note = "We found none, but you told us of one."
    elif any(one.verdict is Verdict.WARN and not _is_clean(one) for one in looked):
        note = "Some values may be secrets. Look at them first."
    elif not clean:
        note = "We still need to look through the history of your code."
    elif not shown:
        note = "We still need to look through every public page."
    else:
        return "0 found", samples, Verdict.PASS, "In your code, its history and your public site."
    return "0 found so far", samples, Verdict.UNKNOWN, note


def _recorded(
    project: Project, check: str, subjects: tuple[str, ...]
) -> tuple[RecordedFinding | None, ...]:
    found = project.findings.get(check, {})
    return tuple(found.get(clean_line(subject)) for subject in subjects)


def _saw(one: RecordedFinding | None) -> TypeGuard[RecordedFinding]:
    return one is not None and one.verdict in (Verdict.PASS, Verdict.WARN, Verdict.FAIL)


def _does_not_apply(one: RecordedFinding | None) -> bool:
    return one is not None and one.verdict is Verdict.SKIPPED


def _is_clean(one: RecordedFinding | None) -> bool:
    return one is not None and (
        one.verdict is Verdict.PASS or (one.verdict is Verdict.WARN and one.outcome in NO_SECRET)
    )


def _count(one: RecordedFinding) -> int:
    count = one.facts.get("count", "")
    return int(count[:6]) if count.isdecimal() and count.isascii() else 1


def _told_open(project: Project) -> bool:
    told = {id: answer.value for id, answer in project.answers.items()}
    return told.get(items.EXPOSED_SECRETS) == "found" or told.get(items.SECRET_STORE) == "code"


def _last_drill(project: Project) -> tuple[int, int] | None:
    answer = project.answers.get(items.ROLLBACK)
    drills = answer.drills() if answer else ()
    return (drills[-1][0], len(drills)) if drills else None


def duration(seconds: int) -> str:
    """Seconds as a person says them: "6 min 40 s"."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
