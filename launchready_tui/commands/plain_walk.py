"""The walk as plain prompts, one question at a time: for screen readers and simple terminals.

It asks what the Walk screen asks, in the same order, and saves every answer at once. `ask` reads
one line and `say` writes one, so that any pair of streams will do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from launchready_tui.content.checklist import Checklist, Item, Stage
from launchready_tui.project import change, file
from launchready_tui.project.model import Answer
from launchready_tui.verdict.readiness import GLYPHS, SKIPPED_FOR_NOW, ItemState, State, assess
from launchready_tui.vocabulary.safe_text import clean_line

Ask = Callable[[str], str]
Say = Callable[[str], None]

_KEYS = "Type a number. Or: b back, s skip, f how to fix it, q stop."


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a plain walk stands: the file as last saved, and the place in the list of items."""

    loaded: file.Loaded
    checklist: Checklist
    place: int

    @property
    def items(self) -> tuple[tuple[Stage, Item], ...]:
        """All items in order, each with its stage."""
        return self.checklist.items()


def start(loaded: file.Loaded, checklist: Checklist, stage: int | None = None) -> Walk:
    """Begin at the first open question, or at the first one of a stage."""
    states = assess(loaded.project, checklist).items
    for place, state in enumerate(states):
        if stage is None and state.state is State.OPEN and state.answer is None:
            return Walk(loaded, checklist, place)
        if stage is not None and state.stage.number == stage:
            return Walk(loaded, checklist, place)
    return Walk(loaded, checklist, 0 if stage is not None else len(states))


def run(walk: Walk, ask: Ask, say: Say, clock: Callable[[], datetime], user: str) -> Walk:
    """Ask until the list or the input ends. Every answer is saved before the next question."""
    try:
        while walk.place < len(walk.items):
            step = _ask_item(walk, ask, say, clock, user)
            if step is None:
                break
            walk = step
        else:
            say("That was the last question. Write your documents with: launchready handover")
    except EOFError:
        pass
    say(f"Your answers are saved in {walk.loaded.path.name}. Stop and come back whenever you like.")
    return walk


def _ask_item(
    walk: Walk, ask: Ask, say: Say, clock: Callable[[], datetime], user: str
) -> Walk | None:
    stage, item = walk.items[walk.place]
    state = assess(walk.loaded.project, walk.checklist).items[walk.place]
    _show(walk, stage, state, say)
    while True:
        typed = ask(_KEYS + " ").strip().lower()
        if typed == "q":
            return None
        if typed == "b":
            return replace(walk, place=max(0, walk.place - 1))
        if typed == "f":
            for number, line in enumerate(_fix(state), 1):
                say(f"{number}. {line}")
            say(f"To check: {item.verify}")
        elif typed == "s":
            reason = ask("Why do you skip it for now? ").strip()
            saved = _save(walk, item, SKIPPED_FOR_NOW, None, reason or None, clock(), user, say)
            if saved is not None:
                return saved
        elif typed.isdecimal() and 1 <= int(typed) <= len(item.choices):
            given = state.answer or Answer(value="")
            owner = _ask_part(ask, "Who looks after this?", given.owner)
            hint = f" Name {item.asks_for}." if item.asks_for else ""
            note = _ask_part(ask, f"A note?{hint}", given.note)
            value = item.choices[int(typed) - 1].value
            saved = _save(walk, item, value, owner, note, clock(), user, say)
            if saved is not None:
                return saved
        elif not typed and state.answer is not None:
            return replace(walk, place=walk.place + 1)
        else:
            say(f"Please type a number from 1 to {len(item.choices)}, or b, s, f or q.")


def _ask_part(ask: Ask, question: str, given: str) -> str | None:
    """A part of an answer as typed; None leaves what is on file."""
    short = clean_line(given, 40)
    enter = f"Enter keeps {short}" if short else "Enter leaves it empty"
    return ask(f"{question} ({enter}) ").strip() or None


def _show(walk: Walk, stage: Stage, state: ItemState, say: Say) -> None:
    item = state.item
    number = 1 + [each.id for each in stage.items].index(item.id)
    stages = len(walk.checklist.stages)
    say("")
    say(f"Stage {stage.number} of {stages}. {stage.title}. {number} of {len(stage.items)}.")
    say(item.question or item.title)
    say(item.why)
    for finding in state.findings:
        say(f"We looked: {finding.says}")
    if state.choice is not None and state.answer is not None:
        say(f"So far: {state.choice.label}. {clean_line(state.answer.note)}".rstrip())
        say("Press Enter to keep it.")
    elif state.findings:
        say(f"State: {GLYPHS[state.state][1]}.")
    for number, choice in enumerate(item.choices, 1):
        say(f"  {number}. {choice.label}")


def _fix(state: ItemState) -> tuple[str, ...]:
    broken = [finding for finding in state.findings if finding.impact is not None]
    return broken[0].fix if broken else state.item.fix


def _save(
    walk: Walk,
    item: Item,
    value: str,
    owner: str | None,
    note: str | None,
    at: datetime,
    user: str,
    say: Say,
) -> Walk | None:
    """Save one answer and go on; on an error say what is wrong and stay at the question."""
    before = walk.loaded
    project = change.answer(before.project, item.id, value, by=user, at=at, note=note, owner=owner)
    try:
        return replace(walk, loaded=file.save(before, project), place=walk.place + 1)
    except file.ProjectError as error:
        say(str(error))
        return None
