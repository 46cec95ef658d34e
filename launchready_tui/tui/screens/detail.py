"""One item as rows: what we saw, why it matters, how to fix it, how to check it, the answer.

Pure: the state of an item in, rows out. Keys of rows: `choice:VALUE`, `owner`, `note`, `proof`,
`unproof:N`, `copy:N`, `link:N`, `look`, `check-page:CHECK`, `place:NAME`. `Copyable` lists what
`copy:N` stands for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from textual.content import Content

from launchready_tui.project.model import Answer, Proof
from launchready_tui.tui.screens.rail import PLACES
from launchready_tui.tui.state import State
from launchready_tui.tui.widgets.look import STATE_TONE, glyph, minutes, moment, short_day, word
from launchready_tui.tui.widgets.mask import Mask
from launchready_tui.tui.widgets.typeset import (
    QUIET,
    Row,
    coded,
    heading,
    joined,
    styled,
    text_row,
    values_in,
)
from launchready_tui.verdict.composing import providers_for
from launchready_tui.verdict.readiness import (
    SKIPPED_FOR_NOW,
    ItemState,
    risk_order,
    state_of_finding,
)
from launchready_tui.verdict.readiness import State as Standing
from launchready_tui.verdict.targets import duration
from launchready_tui.vocabulary.findings import Evidence, Finding, Verdict
from launchready_tui.vocabulary.safe_text import show_host

ONLY_YOU_KNOW = "There is nothing to look at here: only you know."
MOST_EVIDENCE = 6  # raw lines shown of one finding; the file keeps them all


class Detail(Struct, frozen=True):
    """The rows of an item, and the values that can be copied from them."""

    rows: tuple[Row, ...]
    copyable: tuple[str, ...]


def detail(shown: ItemState, state: State) -> Detail:
    """Everything about one item, worst finding first."""
    copyable: list[str] = []
    explained: list[str] = []
    rows = [_title(shown)]
    findings = risk_order(shown.findings)
    broken = [each for each in findings if each.verdict not in (Verdict.PASS, Verdict.SKIPPED)]
    fine = [each for each in findings if each.verdict in (Verdict.PASS, Verdict.SKIPPED)]
    for place, finding in enumerate(broken):
        alone = len(broken) == 1
        rows.extend(_finding(finding, state, copyable, explained, alone=alone, first=place == 0))
    if shown.item.checks and not findings:
        rows.append(text_row("We haven't looked yet.", gap=1))
        rows.append(_button("look", "Look now", "r"))
    if not broken:
        rows.extend(_item_words(shown, copyable))
    rows.extend(_place(shown))
    rows.extend(answer_rows(shown, state))
    rows.extend(_fine(fine, state.mask))
    rows.extend(_judged(shown, state, explained))
    rows.extend(_words_explained(shown, state))
    rows.extend(_links(shown))
    return Detail(tuple(rows), tuple(copyable))


def _title(shown: ItemState) -> Row:
    state = shown.state
    name = word(state).capitalize()
    return Row(
        joined((name, f"bold {STATE_TONE[state]}"), "   ", styled(shown.item.title, "bold")),
        mark=glyph(state),
    )


def _finding(
    finding: Finding,
    state: State,
    copyable: list[str],
    explained: list[str],
    *,
    alone: bool,
    first: bool,
) -> Iterator[Row]:
    """The four parts of one finding. The line to its check's page stands at the first of them."""
    mask = state.mask
    standing = state_of_finding(finding)
    if not alone:
        yield Row(
            joined(
                (word(standing).capitalize(), STATE_TONE[standing]),
                "  ",
                styled(show_host(finding.subject), QUIET),
            ),
            mark=glyph(standing),
            gap=1 if first else 2,
        )
    yield Row(coded(mask.text(finding.says)), gap=1 if alone else 0)
    yield heading("What we saw", moment(finding.at), gap=1)
    yield from _evidence(finding.evidence, mask)
    if finding.check not in explained:
        explained.append(finding.check)
        yield _button(f"check-page:{finding.check}", "How we judge this", "j")
    yield heading("Why it matters", gap=1)
    yield Row(coded(mask.text(finding.why)))
    if finding.fix:
        trail = minutes(finding.minutes) if finding.minutes else ""
        yield heading(_fix_heading(finding, state), trail, gap=1)
        yield from steps(finding.fix, copyable)
    if finding.verify:
        yield heading("How to check it", gap=1)
        yield Row(coded(finding.verify))


def _fix_heading(finding: Finding, state: State) -> str:
    if finding.verdict is Verdict.UNKNOWN:
        return "What to do"
    places = fix_places(finding, state)
    return f"How to fix it, at {' and '.join(places)}" if places else "How to fix it"


def fix_places(finding: Finding, state: State) -> tuple[str, ...]:
    """The names of the providers whose own steps the fix holds, in order."""
    words = state.checklist.words_for(finding.check, finding.outcome)
    project = state.project
    chosen = providers_for(finding.subject, finding.facts, project)
    kinds = (line[1:].partition(".")[0] for line in words.fix if line.startswith("@"))
    names = []
    for kind in dict.fromkeys(kinds):
        known = state.checklist.providers.get(kind, {})
        if chosen.get(kind) in known:
            names.append(known[chosen[kind]].name)
    return tuple(names)


def _evidence(evidence: Sequence[Evidence], mask: Mask) -> Iterator[Row]:
    """Raw proof behind a hairline. A long list is cut and says so."""
    if not evidence:
        yield Row(styled("Nothing more than the sentence above.", QUIET), bar=True)
    for seen in evidence[:MOST_EVIDENCE]:
        for place, line in enumerate(mask.text(seen.value).splitlines() or [""]):
            label = styled(f"{seen.label}  " if place == 0 else "", QUIET)
            yield Row(joined(label, styled(line)), bar=True, hang=2)
    if len(evidence) > MOST_EVIDENCE:
        rest = len(evidence) - MOST_EVIDENCE
        yield Row(styled(f"and {rest} more in the file", QUIET), bar=True)


def steps(lines: Sequence[str], copyable: list[str] | None = None) -> Iterator[Row]:
    """Numbered steps. A step that holds a value can be chosen: that copies the value.

    Without `copyable` they are only to be read.
    """
    for number, line in enumerate(lines, 1):
        values = _worth_copying(line) if copyable is not None else ()
        key = ""
        if values and copyable is not None:
            key = f"copy:{len(copyable)}"
            copyable.append(max(values, key=len))
        yield Row(
            coded(line),
            key=key,
            mark=styled(f"{number}." if key else f"{number}. ", QUIET),
            trail=joined(("c", "bold $accent"), (" copy", QUIET)) if key else Content(""),
        )


def _worth_copying(line: str) -> tuple[str, ...]:
    """Values that are long enough to get wrong when typed; PASS or pk_ are only named."""
    return tuple(value for value in values_in(line) if len(value) > 5 and not value.isupper())


def _item_words(shown: ItemState, copyable: list[str]) -> Iterator[Row]:
    item = shown.item
    yield heading("Why it matters", gap=1)
    yield Row(coded(item.why))
    settled = shown.state in (Standing.OK, Standing.TOLD, Standing.SKIPPED)
    if not settled or not shown.findings:
        yield heading("How to keep it right" if settled else "How to get there", gap=1)
        yield from steps(item.fix, copyable)
        yield heading("How to check it", minutes(item.minutes), gap=1)
        yield Row(coded(item.verify))


def answer_rows(shown: ItemState, state: State) -> Iterator[Row]:
    """The question, its choices, who looks after it, the note and the proof."""
    item, answer, mask = shown.item, shown.answer, state.mask
    if item.question:
        yield heading("Your answer", _told(answer, mask), gap=1)
        yield Row(styled(item.question, "bold"))
        yield from choice_rows(shown)
    yield Row(
        styled(mask.person(shown.owner)) if shown.owner else styled("nobody yet", QUIET),
        key="owner",
        mark=styled("Who looks after it ", QUIET),
        gap=1,
    )
    note = mask.note(answer.note) if answer else ""
    hint = f"add {item.asks_for}" if item.asks_for else "add a note"
    yield Row(
        styled(note) if note else styled(hint, QUIET),
        key="note",
        mark=styled("Note               ", QUIET),
    )
    yield from _proofs(answer.evidence if answer else (), mask)


def _told(answer: Answer | None, mask: Mask) -> str:
    if answer is None or not answer.value:
        return ""
    by = f" by {mask.person(answer.by)}" if answer.by else ""
    at = f", {short_day(answer.at)}" if answer.at else ""
    return f"told{by}{at}"


def choice_rows(shown: ItemState) -> Iterator[Row]:
    """The answers to choose from, numbered as the keys that choose them."""
    chosen = shown.choice.value if shown.choice else ""
    for number, choice in enumerate(shown.item.choices, 1):
        here = choice.value == chosen
        yield Row(
            styled(choice.label, "bold" if here else ""),
            key=f"choice:{choice.value}",
            mark=joined(
                (str(number), "bold $accent"),
                " ",
                ("●" if here else "○", "$accent" if here else QUIET),
            ),
            indent=1,
        )
    if shown.answer is not None and shown.answer.value == SKIPPED_FOR_NOW:
        yield Row(styled("Skipped for now. Choose an answer when you can.", QUIET), indent=1)


def _proofs(evidence: Sequence[Proof], mask: Mask) -> Iterator[Row]:
    label = "Proof              "
    for place, proof in enumerate(evidence):
        yield Row(
            styled(proof_line(proof, mask)),
            key=f"unproof:{place}",
            mark=styled(label, QUIET),
            trail=styled("remove", QUIET),
        )
        label = " " * len(label)
    yield Row(styled("add a link, a file or text", QUIET), key="proof", mark=styled(label, QUIET))


def proof_line(proof: Proof, mask: Mask) -> str:
    """One piece of evidence in a line: a file with the start of its fingerprint."""
    day = f", {short_day(proof.at)}" if proof.at else ""
    if proof.seconds is not None:
        return f"Drill: back in {duration(proof.seconds)}{day}"
    if proof.kind == "file":
        return f"{mask.text(proof.where)} (SHA-256 {proof.sha256[:12]}…){day}"
    if proof.kind == "text" and mask.on:
        return f"{mask.note(proof.where)}{day}"
    return f"{mask.text(proof.where)}{day}"


def _fine(findings: Sequence[Finding], mask: Mask) -> Iterator[Row]:
    if not findings:
        return
    newest = max(finding.at for finding in findings)
    yield heading("What is right", moment(newest), gap=1)
    for finding in findings:
        yield Row(coded(mask.text(finding.says)), mark=glyph(state_of_finding(finding)))
        for seen in finding.evidence[:2]:
            first = (mask.text(seen.value).splitlines() or [""])[0]
            yield Row(styled(f"{seen.label}  {first}", QUIET), indent=2, bar=True, hang=2)


def _judged(shown: ItemState, state: State, explained: Sequence[str]) -> Iterator[Row]:
    """The checks of the item that have no line of their own above: how each of them judges."""
    rest = [check for check in shown.item.checks if check not in explained]
    if rest:
        yield heading("How we judge", "j", gap=1)
    for check in rest:
        title = state.checklist.titles.get(check, check)
        yield Row(styled(title, "underline"), key=f"check-page:{check}")


def check_to_explain(shown: ItemState, key: str) -> str:
    """The check whose page is wanted: the one of that row, else of the worst finding, else of the
    item's first check. Empty when only a person can answer."""
    kind, _, check = key.partition(":")
    if kind == "check-page":
        return check
    worst = next((each.check for each in risk_order(shown.findings)), "")
    return worst or next(iter(shown.item.checks), "")


def _words_explained(shown: ItemState, state: State) -> Iterator[Row]:
    terms = [(name, state.checklist.glossary.get(name)) for name in shown.item.glossary]
    known = [(name, term) for name, term in terms if term is not None]
    if known:
        yield heading("Words", gap=1)
    for name, term in known:
        yield Row(joined(styled(name, "bold"), "  ", coded(term.short, QUIET, "$accent")), hang=2)


def _place(shown: ItemState) -> Iterator[Row]:
    """A way to the screen that helps with this item."""
    for name, says, letter in PLACES:
        if name == shown.item.place:
            yield _button(f"place:{name}", says, letter, gap=1)


def _links(shown: ItemState) -> Iterator[Row]:
    links = shown.item.links
    if links:
        yield heading("Read more", gap=1)
    for place, link in enumerate(links):
        yield Row(styled(link.title, "underline"), key=f"link:{place}")


def _button(key: str, says: str, letter: str, *, gap: int = 0) -> Row:
    return Row(joined((says, "bold $accent"), ("  " + letter, QUIET)), key=key, gap=gap)
