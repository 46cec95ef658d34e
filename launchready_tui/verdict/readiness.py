"""How ready the launch is, from the file alone: item states, risk order, targets, the verdict.

Pure from `Project` and `Checklist`: no clock, no network. The screens, the documents and the
audit all ask here, so that they can never disagree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from launchready_tui.content.checklist import SKIPPED_FOR_NOW as SKIPPED_FOR_NOW
from launchready_tui.content.checklist import Checklist, Choice, Item, Stage
from launchready_tui.project.model import Answer, Project
from launchready_tui.verdict.blocked_hosts import kept_out, notice
from launchready_tui.verdict.composing import recorded
from launchready_tui.verdict.targets import TargetState, targets
from launchready_tui.vocabulary.findings import Finding, Harm, Impact, Verdict, harm_weight

LaunchVerdict = Literal["ready", "not-yet", "cannot-tell", "partial"]


class State(StrEnum):
    """Where an item stands. `TOLD` is what a person said; `OK` is what we saw."""

    OK = "ok"
    TOLD = "told"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    UNKNOWN = "unknown"
    OPEN = "open"
    SKIPPED = "skipped"


GLYPHS: Mapping[State, tuple[str, str]] = {
    State.OK: ("✓", "ok"),
    State.TOLD: ("✓", "told"),
    State.TODAY: ("✗", "fix today"),
    State.SOON: ("!", "fix soon"),
    State.LATER: ("·", "later"),
    State.UNKNOWN: ("?", "can't tell"),
    State.OPEN: ("○", "open"),
    State.SKIPPED: ("–", "does not apply"),
}

# From worst to best: how a stage, or an item with several findings, is drawn.
_SEVERITY = (
    State.TODAY,
    State.SOON,
    State.UNKNOWN,
    State.LATER,
    State.OPEN,
    State.TOLD,
    State.OK,
    State.SKIPPED,
)

_IMPACT_STATE = {
    Impact.BLOCKER: State.TODAY,
    Impact.SOON: State.SOON,
    Impact.LATER: State.LATER,
}
_IMPACT_ORDER = {Impact.BLOCKER: 0, Impact.SOON: 1, Impact.LATER: 2}


@dataclass(frozen=True, slots=True)
class ItemState:
    """One item of a stage with what we saw and what we were told about it."""

    stage: Stage
    item: Item
    state: State
    findings: tuple[Finding, ...]
    answer: Answer | None
    choice: Choice | None

    @property
    def owner(self) -> str:
        """Who looks after it, as the answer says; "" for nobody."""
        return self.answer.owner if self.answer else ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One row of the risk list: something that a check saw, or that a person told us."""

    title: str
    says: str
    why: str
    fix: tuple[str, ...]
    verify: str
    subject: str
    impact: Impact
    harms: tuple[Harm, ...]
    minutes: int
    owner: str
    items: tuple[str, ...]
    finding: Finding | None = None
    told: Answer | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What the last whole audit found, against the one before it: keys are "check subject"."""

    since: datetime | None = None
    fixed: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    open: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Readiness:
    """Everything that can be said about a launch, from its file."""

    verdict: LaunchVerdict
    headline: str
    items: tuple[ItemState, ...]
    problems: tuple[Problem, ...]
    unknowns: tuple[Finding, ...]
    targets: tuple[TargetState, ...]
    changes: Changes
    notice: str = ""  # that hosts kept us out, where some did

    def stage(self, number: int) -> tuple[ItemState, ...]:
        """The states of the items of one stage, in order."""
        return tuple(state for state in self.items if state.stage.number == number)

    def item(self, id: str) -> ItemState | None:
        """The state of the item with this id, if there is one."""
        return next((state for state in self.items if state.item.id == id), None)

    def done(self, number: int) -> tuple[int, int]:
        """How many items of a stage are settled, and how many there are."""
        states = [state.state for state in self.stage(number)]
        return sum(s not in (State.OPEN, State.UNKNOWN) for s in states), len(states)

    def stage_state(self, number: int) -> State:
        """The worst state of a stage's items."""
        return worst(state.state for state in self.stage(number))

    def counts(self) -> Mapping[State, int]:
        """How many items are in each state, 0 included."""
        found = Counter(state.state for state in self.items)
        return {state: found[state] for state in State}

    def of_impact(self, impact: Impact) -> tuple[Problem, ...]:
        """The problems of this impact."""
        return tuple(problem for problem in self.problems if problem.impact is impact)

    def today(self) -> tuple[Problem, ...]:
        """The problems that stand in the way of the launch."""
        return self.of_impact(Impact.BLOCKER)

    def minutes_today(self) -> int:
        """How many minutes the problems of today take together."""
        return sum(problem.minutes for problem in self.today())


def worst(states: Iterable[State]) -> State:
    """The state that wants attention first; `OPEN` when there are none."""
    return min(states, key=_SEVERITY.index, default=State.OPEN)


def state_of_finding(finding: Finding) -> State:
    """The state that a finding puts its item in."""
    if finding.impact is not None:
        return _IMPACT_STATE[finding.impact]
    return {
        Verdict.PASS: State.OK,
        Verdict.SKIPPED: State.SKIPPED,
        Verdict.UNKNOWN: State.UNKNOWN,
    }.get(finding.verdict, State.UNKNOWN)


def _state_of_answer(item: Item, choice: Choice | None) -> State:
    if choice is None:
        return State.OPEN
    return {
        "good": State.TOLD,
        "bad": _IMPACT_STATE[item.impact],
        "unsure": State.UNKNOWN,
        "skip": State.SKIPPED,
    }[choice.means]


def _item_state(
    stage: Stage, item: Item, project: Project, findings: Sequence[Finding]
) -> ItemState:
    answer = project.answers.get(item.id)
    choice = item.choice(answer.value) if answer else None
    told = _state_of_answer(item, choice)
    if not findings:
        state = told
    else:
        saw = worst(state_of_finding(finding) for finding in findings)
        if item.sees_part and saw in (State.OK, State.SKIPPED):
            state = told
        elif told is State.TOLD and saw in (State.UNKNOWN, State.SKIPPED):
            state = State.TOLD  # drawn as told: a person's word is not our look
        elif told in (State.OPEN, State.SKIPPED, State.TOLD):
            state = saw
        else:
            state = worst((saw, told))
    return ItemState(stage, item, state, tuple(findings), answer, choice)


def _problems(
    project: Project, items: Sequence[ItemState], findings: Sequence[Finding]
) -> tuple[Problem, ...]:
    touched = Counter((finding.check, finding.outcome) for finding in findings)
    by_check: dict[str, list[ItemState]] = {}
    for state in items:
        for check in state.item.checks:
            by_check.setdefault(check, []).append(state)

    found: list[tuple[int, Problem]] = []
    for finding in findings:
        if finding.impact is None:
            continue
        places = by_check.get(finding.check, [])
        host = project.host(finding.subject)
        owners = [place.owner for place in places] + [host.owner if host else ""]
        found.append(
            (
                touched[finding.check, finding.outcome],
                Problem(
                    title=first_sentence(finding.says),
                    says=finding.says,
                    why=finding.why,
                    fix=finding.fix,
                    verify=finding.verify,
                    subject=finding.subject,
                    impact=finding.impact,
                    harms=finding.harms,
                    minutes=finding.minutes,
                    owner=next(filter(None, owners), ""),
                    items=tuple(place.item.id for place in places),
                    finding=finding,
                ),
            )
        )
    for state in items:
        if state.choice is None or state.choice.means != "bad" or state.answer is None:
            continue
        item = state.item
        found.append(
            (
                1,
                Problem(
                    # A signal's title says what was seen; "yes" would add nothing.
                    title=item.title
                    if item.kind == "signal"
                    else f"{item.title}: {state.choice.label}",
                    says=f"{item.question} The answer was: {state.choice.label}.",
                    why=item.why,
                    fix=item.fix,
                    verify=item.verify,
                    subject=item.id,
                    impact=item.impact,
                    harms=item.harms,
                    minutes=item.minutes,
                    owner=state.owner,
                    items=(item.id,),
                    told=state.answer,
                ),
            )
        )
    found.sort(key=lambda row: risk(row[1], row[0]))
    return tuple(problem for _, problem in found)


def risk(of: Problem | Finding, touches: int) -> tuple[object, ...]:
    """How much it does to the launch, as a key for sorting: the worst first (requirement P2).

    Impact first, then number and weight of harms, then how many hosts it touches, then minutes.
    """
    finding = of.finding if isinstance(of, Problem) else of
    return (
        _IMPACT_ORDER[of.impact] if of.impact else len(_IMPACT_ORDER),
        -len(of.harms),
        -harm_weight(of.harms),
        -touches,
        of.minutes,
        finding.check if finding else "",
        of.subject,
    )


def risk_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Fails and warns by what they do to the launch, then unknown, pass and skipped."""
    rows = tuple(findings)
    touched = Counter((finding.check, finding.outcome) for finding in rows)
    rest = {Verdict.PASS: 1, Verdict.SKIPPED: 2}

    def key(finding: Finding) -> tuple[object, ...]:
        group = 0 if finding.impact else rest.get(finding.verdict, 0)
        return (group, risk(finding, touched[finding.check, finding.outcome]))

    return tuple(sorted(rows, key=key))


def first_sentence(text: str) -> str:
    """The first sentence of a finding, as a row in a list. Dots inside host names do not count."""
    head, stop, _ = text.partition(". ")
    return head if stop else text.removesuffix(".")


def changes(project: Project) -> Changes:
    """The last whole audit against the whole one before it. Partial audits are no baseline."""
    whole = [audit for audit in project.audits if not audit.partial]
    if not whole:
        return Changes()
    last = whole[-1]
    if len(whole) == 1:
        return Changes(open=last.open)
    before = whole[-2]
    return Changes(
        since=before.at,
        fixed=tuple(key for key in before.open if key not in last.open),
        new=tuple(key for key in last.open if key not in before.open),
        open=tuple(key for key in last.open if key in before.open),
    )


def launch_verdict(
    today: int,
    doubts: int,
    nothing_checked: bool = False,
    part: str = "",
    stopped: bool = False,
) -> tuple[LaunchVerdict, str]:
    """The verdict in a word and as a headline. Never a percentage: one blocker is one blocker.

    `today` is the number of things to fix today. `part` says in words what was looked at where
    that was not all, and `stopped` that the look ended early: neither is ever "ready".
    """
    rest = " It was stopped early." if stopped else ""
    rest += f" We looked at {part} only." if part else ""
    rest = f".{rest.removesuffix('.')}" if rest else ""
    if today:
        return "not-yet", f"Not yet: {today} to fix today{rest}"
    if nothing_checked:
        return "cannot-tell", f"Can't tell yet: nothing is checked so far{rest}"
    if doubts or stopped:
        still = f"{doubts} still open" if doubts else "we did not see all"
        return "cannot-tell", f"Can't tell yet: {still}{rest}"
    if part:
        return "partial", f"Nothing to fix today{rest}"
    return "ready", "Ready"


def assess(project: Project, checklist: Checklist) -> Readiness:
    """Everything that the screens and the documents show, from the file and the content."""
    findings = recorded(project, checklist)
    by_check: dict[str, list[Finding]] = {}
    for finding in findings:
        by_check.setdefault(finding.check, []).append(finding)
    items = tuple(
        _item_state(
            stage, item, project, [f for check in item.checks for f in by_check.get(check, ())]
        )
        for stage, item in checklist.items()
    )
    problems = _problems(project, items, findings)
    doubtful = (f for f in findings if f.verdict is Verdict.UNKNOWN)
    unknowns = tuple(sorted(doubtful, key=lambda found: (found.check, found.subject)))
    open_blockers = sum(
        state.item.impact is Impact.BLOCKER and state.state in (State.OPEN, State.UNKNOWN)
        for state in items
        if not state.findings or state.item.sees_part
    )
    verdict, headline = launch_verdict(
        sum(problem.impact is Impact.BLOCKER for problem in problems),
        sum(finding.matters for finding in unknowns) + open_blockers,
        nothing_checked=not findings,
    )
    return Readiness(
        verdict=verdict,
        headline=headline,
        items=items,
        problems=problems,
        unknowns=unknowns,
        targets=targets(project, checklist),
        changes=changes(project),
        notice=notice(kept_out(findings)),
    )
