"""Tables and lines that several documents share: answers, targets, people, accounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from launchready_tui.content import items
from launchready_tui.documents.blocks import (
    Block,
    Bullets,
    Code,
    Inline,
    Line,
    Mark,
    Missing,
    Strong,
    Table,
    Told,
    web_link,
)
from launchready_tui.documents.gate import value
from launchready_tui.documents.source import NOBODY, Source, mark, mark_of, prose
from launchready_tui.project.model import Answer
from launchready_tui.verdict.readiness import ItemState, State
from launchready_tui.verdict.targets import TargetState
from launchready_tui.vocabulary.findings import Finding, Impact, Verdict

STATE_OF_IMPACT: Mapping[Impact, State] = {
    Impact.BLOCKER: State.TODAY,
    Impact.SOON: State.SOON,
    Impact.LATER: State.LATER,
}


def join(*parts: Inline | Line) -> Line:
    """One line out of parts and lines, with a space between them."""
    joined: list[Inline] = []
    for part in parts:
        if joined:
            joined.append(" ")
        joined.extend(part if isinstance(part, tuple) else (part,))
    return tuple(joined)


def looked(source: Source, finding: Finding) -> Inline:
    """The day of a finding. What we could not tell was asked, not checked."""
    if finding.verdict is Verdict.UNKNOWN:
        return f"We asked on {source.day(finding.at)}."
    return source.checked(finding.at)


def seen(source: Source, finding: Finding) -> Line:
    """What we saw, with its state and its day."""
    return join(mark_of(finding), prose(finding.says), looked(source, finding))


def evidence(finding: Finding, limit: int = 160) -> tuple[Line, ...]:
    """Each raw thing that was seen, as "label: value"."""
    return tuple(
        (f"{value(proof.label, 60)}: ", Code(value(proof.value, limit)))
        for proof in finding.evidence
    )


def said(source: Source, state: ItemState) -> Line:
    """What a person said about an item: the answer, the note, and who said it when."""
    if state.answer is None:
        return (f"No answer yet. It is in stage {state.stage.number}.",)
    if state.choice is None:
        reason = f"“{value(state.answer.note)}”" if state.answer.note else "No reason is noted."
        return join("Put off for now.", reason, source.told(state.answer))
    parts: list[Inline | Line] = []
    if state.choice.means in ("bad", "unsure"):
        parts.append(mark(_told_state(state)))
    parts.append(f"{state.choice.label}.")
    if state.answer.note:
        parts.append(f"“{value(state.answer.note)}”")
    parts.extend(proofs(state.answer))
    parts.append(source.told(state.answer))
    return join(*parts)


def proofs(answer: Answer) -> tuple[Line, ...]:
    """What somebody gave as proof of an answer. A link opens only where that is safe."""
    lines: list[Line] = []
    for proof in answer.evidence[:3]:
        match proof.kind:
            case "link":
                shown = value(proof.where)
                whole = shown == proof.where  # a link that was cut would lead elsewhere
                lines.append(("See ", web_link(shown) if whole else Code(shown), "."))
            case "file":
                print_of_file = f" ({value(proof.sha256, 12)})" if proof.sha256 else ""
                lines.append(("See the file ", Code(value(proof.where)), f"{print_of_file}."))
            case "text":
                lines.append((f"“{value(proof.where)}”",))
            case "drill":
                pass  # its time stands beside the way back, not here
    return tuple(lines)


def answers(source: Source, rows: Iterable[str], *, seen_above: bool = False) -> Table:
    """One row an item: what was said or seen, and who looks after it. Gaps say where to go.

    `seen_above`: the page shows what we saw already, so that only answers are added here.
    """
    return Table(
        ("Topic", "What we know", "Who looks after it"),
        (3, 7, 2),
        tuple(
            ((state.item.title,), _answer_cell(source, state, seen_above), (source.owner(row),))
            for row in rows
            if (state := source.item(row)) is not None
        ),
    )


def _told_state(state: ItemState) -> State:
    """How bad the answer alone is; what we saw ourselves has a mark of its own."""
    if state.choice is not None and state.choice.means == "bad":
        return STATE_OF_IMPACT[state.item.impact]
    return State.UNKNOWN


def _answer_cell(source: Source, state: ItemState, seen_above: bool) -> Line:
    if seen_above and state.findings:
        return said(source, state) if state.answer else ("We looked ourselves: see above.",)
    parts: list[Inline | Line] = []
    if state.answer is not None or not state.findings:
        parts.append(said(source, state))
    if state.findings:
        worst = [found for found in state.findings if found.impact is not None]
        if worst:
            parts.extend(seen(source, found) for found in worst[:3])
        else:
            parts.append(_summary(source, state.findings))
    return join(*parts)


def _summary(source: Source, findings: tuple[Finding, ...]) -> Line:
    good = sum(found.verdict is Verdict.PASS for found in findings)
    newest = max(found.at for found in findings)
    says = (
        "All that we checked is fine."
        if good == len(findings)
        else f"{good} of {len(findings)} checks were fine. The rest gave no answer or do not apply."
    )
    return join(says, source.checked(newest))


def told_or_missing(source: Source, row: str, what: str) -> Block:
    """The answer to one question, or what is missing and where to answer it."""
    state = source.item(row)
    if state is None or state.choice is None:
        return Missing(what, source.where(row))
    return Bullets((join(Strong(f"{state.item.title}:"), said(source, state)),))


def target_table(source: Source, ids: Iterable[str] = ()) -> Table:
    """The targets together: goal, figure, samples, and what is missing where nothing was
    measured."""
    wanted = tuple(ids)
    return Table(
        ("Target", "Goal", "Measured", "Samples", "State"),
        (5, 3, 3, 2, 7),
        tuple(
            (
                (f"{target.id}: {target.title}",),
                (target.goal,),
                (target.measured,) if target.measured else ("not enough data",),
                (str(target.samples),),
                target_state(target),
            )
            for target in source.readiness.targets
            if not wanted or target.id in wanted
        ),
    )


def target_state(target: TargetState) -> Line:
    """Where a target stands: its mark and its note. Not measured is "could not tell"."""
    marks = {
        Verdict.PASS: mark(State.OK),
        Verdict.FAIL: Mark("✗", "missed", "today"),
        Verdict.WARN: Mark("!", "close", "soon"),
    }
    return join(marks.get(target.verdict, mark(State.UNKNOWN)), target.note)


def people(source: Source) -> Block:
    """Whom to call, as the file names them."""
    if not source.project.people:
        return Missing(
            "Nobody is named yet.",
            source.where(items.ACCOUNTS, "Name them") or "Name them in the file, under people.",
        )
    return Table(
        ("Name", "Role", "How to reach them"),
        (3, 3, 4),
        tuple(
            (
                (value(person.name, 80),),
                (value(person.role, 80) or "not recorded",),
                (Code(value(person.contact, 120)),) if person.contact else ("not recorded",),
            )
            for person in source.project.people
        ),
    )


def or_nobody(name: str) -> str:
    """A name, cleaned, or `NOBODY` for an empty one."""
    return value(name, 80) or NOBODY


def tested(source: Source, at: date | None) -> Line:
    """When somebody last tried an account: a person's word, so never drawn as checked."""
    return (Told("", source.day(at)),) if at else ("not recorded",)
