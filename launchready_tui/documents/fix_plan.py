"""02: what to do today, before launch and after it: steps, minutes, and how to see it worked."""

from __future__ import annotations

from launchready_tui.documents.blocks import (
    Block,
    Boxes,
    Code,
    Heading,
    Inline,
    Line,
    Missing,
    Paragraph,
    Steps,
    Strong,
    Table,
)
from launchready_tui.documents.gate import value
from launchready_tui.documents.source import NOBODY, Source, mark, prose
from launchready_tui.documents.tables import STATE_OF_IMPACT, join, or_nobody
from launchready_tui.verdict.readiness import Problem
from launchready_tui.vocabulary.dates import say_minutes
from launchready_tui.vocabulary.findings import Impact

ID = "02-fix-plan"
PURPOSE = "This plan says what to fix today, what to fix before launch, and what can wait."

_PARTS = (
    (Impact.BLOCKER, "Today", "Customers would hit these on day one."),
    (
        Impact.SOON,
        "Before launch",
        "These work today, or hurt only some. Fix them before you open.",
    ),
    (Impact.LATER, "After launch", "These can wait. Do them when the first week is behind you."),
)


def write(source: Source) -> tuple[Block, ...]:
    """The whole plan at a glance, then every fix with its steps."""
    if not source.readiness.problems and not source.findings:
        return (
            Heading("At a glance"),
            Missing(
                "We have not looked at anything yet, so there is nothing to plan.",
                "Run the checks of stage 1.",
            ),
        )
    blocks: list[Block] = [Heading("At a glance"), _glance(source), *_by_owner(source)]
    number = 1
    for impact, title, says in _PARTS:
        problems = source.readiness.of_impact(impact)
        blocks.append(Heading(title))
        if not problems:
            blocks.append(Paragraph(("Nothing here that we know of.",)))
            continue
        blocks.append(Paragraph((says,)))
        for problem in problems:
            blocks.extend(_fix(source, number, problem))
            number += 1
    return tuple(blocks)


def _glance(source: Source) -> Table:
    rows = []
    for impact, title, _ in _PARTS:
        problems = source.readiness.of_impact(impact)
        minutes = sum(problem.minutes for problem in problems)
        rows.append(
            (
                (Strong(title),),
                (str(len(problems)),),
                (_minutes(minutes) if problems else "none",),
            )
        )
    return Table(("When", "Things to fix", "Time in all"), (2, 1, 2), tuple(rows))


def _by_owner(source: Source) -> tuple[Block, ...]:
    counts: dict[str, tuple[int, int]] = {}
    for problem in source.readiness.problems:
        owner = or_nobody(problem.owner)
        many, minutes = counts.get(owner, (0, 0))
        counts[owner] = (many + 1, minutes + problem.minutes)
    if not counts:
        return ()
    blocks: list[Block] = [
        Heading("Who does what"),
        Table(
            ("Owner", "Things to fix", "Time in all"),
            (2, 1, 2),
            tuple(
                ((owner,), (str(many),), (_minutes(minutes),))
                for owner, (many, minutes) in counts.items()
            ),
        ),
    ]
    if NOBODY in counts:
        blocks.append(
            Missing(
                "Some fixes have no owner yet.",
                "Name one at each item, in the field “Who looks after this?”.",
            )
        )
    return tuple(blocks)


def _fix(source: Source, number: int, problem: Problem) -> tuple[Block, ...]:
    steps = tuple(prose(step) for step in problem.fix)
    return (
        Heading(f"{number}. {value(problem.title, 160)}", 3),
        Paragraph(_facts(source, problem)),
        Paragraph(prose(problem.why)),
        Steps(steps) if steps else Missing("No steps are recorded for this.", ""),
        Boxes((join(Strong("Proof:"), prose(problem.verify or "Check again.")),)),
    )


def _facts(source: Source, problem: Problem) -> Line:
    parts: list[Inline | Line] = [mark(STATE_OF_IMPACT[problem.impact])]
    if problem.finding is not None:
        parts += ["at", Code(value(problem.subject, 120))]
    parts.append(f"· {_minutes(problem.minutes)} · owner: {or_nobody(problem.owner)} ·")
    if problem.finding is not None:
        parts.append(source.checked(problem.finding.at))
    elif problem.told is not None:
        parts.append(source.told(problem.told))
    return join(*parts)


def _minutes(minutes: int) -> str:
    return f"about {say_minutes(minutes)}" if minutes else "time not known"
