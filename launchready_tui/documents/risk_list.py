"""01: what could hurt the launch, the worst first, with what it rests on."""

from __future__ import annotations

from collections.abc import Mapping

from launchready_tui.documents.blocks import (
    Block,
    Bullets,
    Callout,
    Code,
    Heading,
    Inline,
    Line,
    Missing,
    Paragraph,
    Strong,
    Table,
    Tone,
)
from launchready_tui.documents.gate import value
from launchready_tui.documents.source import Source, mark, prose
from launchready_tui.documents.tables import STATE_OF_IMPACT, evidence, join, or_nobody
from launchready_tui.verdict.readiness import Problem, State
from launchready_tui.vocabulary.dates import say_minutes
from launchready_tui.vocabulary.findings import Harm, Verdict

ID = "01-risk-list"
PURPOSE = "This list shows what could hurt your launch, with the worst first."

HARM_WORDS: Mapping[Harm, str] = {
    Harm.SECRETS: "exposed secrets",
    Harm.PAYMENTS: "double or failed payments",
    Harm.ONBOARDING: "failed sign-ups",
    Harm.EMAIL: "lost email",
    Harm.REDIRECTS: "broken links",
    Harm.SUPPORT: "more support work",
    Harm.ADS: "wasted ad money",
}
_VERDICT_TONE: Mapping[str, Tone] = {"ready": "good", "not-yet": "today", "cannot-tell": "soon"}


def write(source: Source) -> tuple[Block, ...]:
    """The verdict, the ranked risks, what we could not tell, and what changed."""
    return (
        Callout(_verdict(source), _VERDICT_TONE[source.readiness.verdict]),
        *_risks(source),
        *_unknowns(source),
        *_changes(source),
        *_not_looked_at(source),
        *_method(),
    )


def _verdict(source: Source) -> Line:
    readiness = source.readiness
    minutes = readiness.minutes_today()
    time = f" They take about {say_minutes(minutes)}." if minutes else ""
    kept_out = f" {readiness.notice}" if readiness.notice else ""
    return (Strong(f"{readiness.headline}."), time, kept_out)


def _method() -> tuple[Block, ...]:
    """What the order means. It names every harm that a risk can be ranked by."""
    return (
        Heading("How we rank"),
        Paragraph(
            (
                "The goal is plain: stay up, and be trusted by your first 20 customers. So a "
                "risk ranks high when it hurts them. First comes how soon it must be fixed. "
                "Then comes how much harm it can do, and how many addresses it touches.",
            )
        ),
        Paragraph(("We count seven kinds of harm:",)),
        Bullets(
            (
                ("Secrets: a stranger gets your keys or your customers' data.",),
                ("Payments: a customer pays twice, or can't pay.",),
                ("Sign-up: a new customer can't get started.",),
                ("Email: a message lands in spam or never comes.",),
                ("Links: an address leads nowhere, or in circles.",),
                ("Support: your team drowns in the same question.",),
                ("Ads: you pay for clicks that end on an error.",),
            )
        ),
    )


def _risks(source: Source) -> tuple[Block, ...]:
    problems = source.readiness.problems
    if not problems and not source.findings:
        return (
            Heading("Risks"),
            Missing(
                "We have not looked at anything yet, so we know of no risk.",
                "Run the checks of stage 1.",
            ),
        )
    if not problems:
        return (
            Heading("Risks"),
            Paragraph(("We found nothing broken in what we looked at.",)),
        )
    return (
        Heading("Risks"),
        Table(
            ("Rank", "What customers would see", "What we go by", "How likely", "Harms", "Owner"),
            (2, 9, 8, 5, 5, 3),
            tuple(_row(source, rank, problem) for rank, problem in enumerate(problems, 1)),
        ),
    )


def _row(source: Source, rank: int, problem: Problem) -> tuple[Line, ...]:
    harms = ", ".join(HARM_WORDS[harm] for harm in problem.harms)
    return (
        (str(rank),),
        join(Strong(f"{value(problem.title, 160)}."), prose(problem.why)),
        _proof(source, problem),
        join(mark(STATE_OF_IMPACT[problem.impact]), _likely(problem)),
        (harms or "none named",),
        (or_nobody(problem.owner),),
    )


def _likely(problem: Problem) -> str:
    if problem.finding is None:
        return "Told, not looked at by us."
    if problem.finding.verdict is Verdict.FAIL:
        return "It happens now."
    return "It works today, and will hurt later."


def _proof(source: Source, problem: Problem) -> Line:
    if problem.finding is not None:
        raw = evidence(problem.finding, 120)
        shown: tuple[Inline | Line, ...] = (Code(value(problem.subject, 120)), *raw[:2])
        return join(*shown, source.checked(problem.finding.at))
    if problem.told is not None:
        note = f"“{value(problem.told.note)}” " if problem.told.note else ""
        return (note, source.told(problem.told))
    return ("not recorded",)


def _unknowns(source: Source) -> tuple[Block, ...]:
    unknowns = source.readiness.unknowns
    if not unknowns:
        return ()
    return (
        Heading("What we could not tell"),
        Paragraph(("An unknown is no pass and no fail. It only says that we got no answer.",)),
        Table(
            ("Where", "What happened", "Try this"),
            (4, 6, 4),
            tuple(
                (
                    (Code(value(found.subject, 120)),),
                    join(prose(found.says), source.checked(found.at)),
                    prose(found.fix[0]) if found.fix else ("Check again later.",),
                )
                for found in unknowns
            ),
        ),
    )


def _changes(source: Source) -> tuple[Block, ...]:
    changes = source.readiness.changes
    if changes.since is None:
        return ()
    groups = (
        ("Fixed", changes.fixed),
        ("New", changes.new),
        ("Still open", changes.open),
    )
    return (
        Heading(f"Since the audit of {source.day(changes.since)}"),
        Table(
            ("", "How many", "Which"),
            (2, 1, 8),
            tuple(
                (
                    (Strong(name),),
                    (str(len(keys)),),
                    join(*(_named(source, key) for key in keys)) if keys else ("none",),
                )
                for name, keys in groups
            ),
        ),
    )


def _named(source: Source, key: str) -> Line:
    """A "check subject" key in words: the title of the check, and the subject."""
    check, _, subject = key.partition(" ")
    title = source.checklist.titles.get(check, check)
    return (f"{value(title, 80)}: ", Code(value(subject, 120)), ".")


def _not_looked_at(source: Source) -> tuple[Block, ...]:
    rows = []
    for stage in source.checklist.stages:
        states = source.readiness.stage(stage.number)
        left = sum(state.state is State.OPEN for state in states)
        if left:
            rows.append(
                (
                    (f"{stage.number}. {stage.title}",),
                    (f"{left} of {len(states)}",),
                )
            )
    if not rows:
        return ()
    return (
        Heading("What is still open"),
        Paragraph(("Nobody has answered or checked these yet. A risk may hide in them.",)),
        Table(("Stage", "Still open"), (3, 1), tuple(rows)),
    )
