"""The five targets, always together: each with its figure, its samples, or what is lacking."""

from __future__ import annotations

from dataclasses import dataclass

from launchready_tui.checklist import Checklist
from launchready_tui.findings import Verdict
from launchready_tui.project.model import Project
from launchready_tui.rules.proportions import proves_at_least, proves_at_most

T4_SHARE = 0.95
T5_LIMIT_SECONDS = 15 * 60


@dataclass(frozen=True, slots=True)
class TargetState:
    """One of the five targets: its figure, how many samples it rests on, or what is lacking."""

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
            verdict = Verdict.PASS if seconds < T5_LIMIT_SECONDS else Verdict.FAIL
            note = "One timed drill." if runs == 1 else f"The last of {runs} timed drills."
        placed, tested = _placed(project)
        if target.id == "T4" and tested:
            measured, samples = f"{placed} of {tested} in the inbox", tested
            verdict, note = _judge_placed(placed, tested)
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


def _last_drill(project: Project) -> tuple[int, int] | None:
    answer = project.answers.get("S4.C5")
    seconds = [
        int(proof.where)
        for proof in (answer.evidence if answer else ())
        if proof.kind == "drill" and proof.where.isdecimal()
    ]
    return (seconds[-1], len(seconds)) if seconds else None


def duration(seconds: int) -> str:
    """Seconds as a person says them: "6 min 40 s"."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
