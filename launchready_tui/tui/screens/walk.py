"""The walk: one item at a time, for a founder who should not have to navigate.

Numbers choose, enter goes on, back never blocks, skip asks for a reason. Every answer is saved
at once, so that leaving loses nothing and the next walk goes on at the first open item.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input, Static

from launchready_tui.tui.messages import Answered, AuditStopped, AuditWanted, Go
from launchready_tui.tui.screens.base import Frame, text_keys
from launchready_tui.tui.screens.detail import ONLY_YOU_KNOW, check_to_explain, choice_rows, steps
from launchready_tui.tui.screens.prompt import Prompt
from launchready_tui.tui.screens.rail import first_open
from launchready_tui.tui.state import State
from launchready_tui.tui.widgets.bars import Key
from launchready_tui.tui.widgets.look import glyph, minutes, word
from launchready_tui.tui.widgets.page import Page
from launchready_tui.tui.widgets.typeset import QUIET, Row, coded, heading, joined, styled, text_row
from launchready_tui.verdict.readiness import (
    SKIPPED_FOR_NOW,
    ItemState,
    risk_order,
    state_of_finding,
)
from launchready_tui.vocabulary.findings import Verdict
from launchready_tui.vocabulary.safe_text import secret_kind

COMFORT = "Stop whenever you like. You'll come back to this question."


class Progress(Widget):
    """ "Stage 3 of 7 · Email trust · 4 of 9" over a thin line that fills up."""

    says = ""
    done = 0
    planned = 1

    def show(self, says: str, done: int, planned: int) -> None:
        self.says, self.done, self.planned = says, done, planned
        self.refresh()

    def render(self) -> Content:
        width = self.content_size.width
        filled = width * self.done // max(self.planned, 1)
        return joined(
            styled(self.says, QUIET),
            "\n",
            ("━" * filled, "$accent"),
            ("━" * (width - filled), "$line"),
        )


class WalkScreen(Frame):
    """Shows one item of the whole list. After the last one it says where to go next."""

    CSS_PATH = "../styles/walk.tcss"

    BINDINGS: ClassVar[list[BindingType]] = text_keys(
        ("b,left", "previous", "Back to the question before"),
        ("s", "skip", "Skip for now, with a reason"),
        ("n,right", "next", "On to the next question"),
        ("h", "how", "How to fix it"),
        ("j", "check_page", "How we judge this"),
        *((str(digit), f"digit({digit})", "") for digit in range(1, 10)),
    )

    def __init__(self, state: State, item: str = "", stage: int | None = None) -> None:
        super().__init__(state)
        items = state.readiness.items
        begin = state.readiness.item(item) if item else first_open(state, stage)
        self.place = items.index(begin) if begin in items else len(items)
        self._how = False
        self._filled = -1

    def body(self) -> ComposeResult:
        with VerticalScroll(id="walk", can_focus=False), Vertical(id="walk-column"):
            yield Progress(id="progress")
            yield Page(id="question")
            yield Page(id="choices")
            with Horizontal(id="fields"):
                with Horizontal(classes="field"):
                    yield Static("Who looks after this?", markup=False)
                    yield Input(id="owner", select_on_focus=False)
                with Horizontal(classes="field"):
                    yield Static("Note", markup=False)
                    yield Input(id="note", max_length=1000, select_on_focus=False)
            yield Static("", id="problem", markup=False)
            yield Static(COMFORT, id="comfort", markup=False)

    def on_mount(self) -> None:
        self.query_one("#question", Page).can_focus = False
        super().on_mount()
        self._focus_choices()

    @property
    def shown(self) -> ItemState | None:
        items = self.state.readiness.items
        return items[self.place] if self.place < len(items) else None

    @property
    def choices(self) -> Page:
        return self.query_one("#choices", Page)

    # Showing

    def refresh_body(self) -> None:
        shown = self.shown
        at_end = shown is None
        self.set_class(at_end, "-at-end")
        self.set_class(self.state.mask.on, "-present")
        progress = self.query_one(Progress)
        if shown is None:
            total = len(self.state.readiness.items)
            progress.show("All seven stages", total, total)
            self.query_one("#question", Page).show(_end_rows())
            self.choices.show(_end_choices())
            return
        stage = shown.stage
        place = 1 + [each.id for each in stage.items].index(shown.item.id)
        progress.show(
            f"Stage {stage.number} of {len(self.state.checklist.stages)} · {stage.title} · "
            f"{place} of {len(stage.items)}",
            place,
            len(stage.items),
        )
        self.query_one("#question", Page).show(self._question(shown))
        self.choices.show(choice_rows(shown))
        self._fill_fields(shown)

    def _question(self, shown: ItemState) -> Iterator[Row]:
        mask = self.state.mask
        yield Row(styled(shown.item.question or shown.item.title, "bold"))
        broken = [
            each
            for each in risk_order(shown.findings)
            if each.verdict not in (Verdict.PASS, Verdict.SKIPPED)
        ]
        for place, finding in enumerate(broken[:3]):
            yield Row(
                coded(mask.text(finding.says)),
                mark=glyph(state_of_finding(finding)),
                trail=styled(word(state_of_finding(finding)), QUIET),
                gap=0 if place else 1,
            )
        if len(broken) > 3:
            yield text_row(f"and {len(broken) - 3} more on the stage's page", QUIET, indent=2)
        if shown.findings and not broken:
            yield Row(styled("We looked, and it is right."), mark=glyph(shown.state), gap=1)
        if shown.findings:
            yield Row(joined(("How we judge this", "$accent"), ("  j", QUIET)), key="check-page")
        why = broken[0].why if broken else shown.item.why
        yield Row(coded(mask.text(why)), gap=1)
        if self._how:
            fix = broken[0].fix if broken and broken[0].fix else shown.item.fix
            check = (broken[0].verify if broken else "") or shown.item.verify
            yield heading("How to fix it", minutes(shown.item.minutes), gap=1)
            yield from steps(fix)
            yield heading("How to check it", gap=1)
            yield Row(coded(check))

    def _fill_fields(self, shown: ItemState) -> None:
        """Put what is on file into the fields when another item comes up, and only then."""
        owner, note = self.query_one("#owner", Input), self.query_one("#note", Input)
        if self._filled != self.place:
            self._filled = self.place
            owner.value = shown.owner
            note.value = shown.answer.note if shown.answer else ""
            self._say("")
        owner.placeholder = "a name"
        note.placeholder = shown.item.asks_for or "anything worth knowing later"
        owner.suggester = SuggestFromList(self.state.people(), case_sensitive=False)

    def _say(self, problem: str) -> None:
        self.query_one("#problem", Static).update(styled(problem, "bold $today"))

    def _focus_choices(self) -> None:
        shown = self.shown
        self.choices.point_at(f"choice:{shown.choice.value}" if shown and shown.choice else "")
        self.choices.focus()
        self.query_one("#walk", VerticalScroll).scroll_home(animate=False)

    def keys(self) -> tuple[Key, ...]:
        back = Key("b", "back", "screen.previous")
        help_key = Key("?", "help", "screen.go('help')")
        if self.shown is None:
            return (back, Key("esc", "stages", "screen.back"), help_key)
        return (
            Key("enter", "next", "screen.next"),
            back,
            Key("s", "skip", "screen.skip"),
            Key("h", "how to fix it", "screen.how"),
            help_key,
        )

    # Answering

    def on_page_chosen(self, event: Page.Chosen) -> None:
        kind, _, value = event.key.partition(":")
        if kind == "place":
            self.post_message(Go(value))
        elif kind == "check-page":
            event.page.point_at("")  # nobody can come to this row with the keyboard
            self.action_check_page()
        elif kind == "choice":
            self._choose(value)
            if not event.clicked:
                self.action_next()

    def action_digit(self, digit: int) -> None:
        shown = self.shown
        if shown is not None and digit <= len(shown.item.choices):
            value = shown.item.choices[digit - 1].value
            self.choices.point_at(f"choice:{value}")
            self._choose(value)

    def _choose(self, value: str) -> None:
        shown = self.shown
        if shown is not None and (shown.choice is None or shown.choice.value != value):
            self._keep(value)

    def _keep(self, value: str | None = None) -> bool:
        """Hand over what was chosen and typed. False when a field holds what looks like a key."""
        shown = self.shown
        if shown is None:
            return True
        owner = self.query_one("#owner", Input).value.strip()
        note = self.query_one("#note", Input).value.strip()
        kind = secret_kind(owner) or secret_kind(note)
        if kind is not None:
            self._say(f"This looks like {kind}. Name the place where it lives instead.")
            owner, note = shown.owner, shown.answer.note if shown.answer else ""
        changed_owner = owner if owner != shown.owner else None
        changed_note = note if note != (shown.answer.note if shown.answer else "") else None
        if value is not None or changed_owner is not None or changed_note is not None:
            self.post_message(Answered(shown.item.id, value, changed_owner, changed_note))
        return kind is None

    def finish_typing(self) -> None:
        self._keep()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input.id == "owner":
            self.query_one("#note", Input).focus()
        else:
            self.action_next()

    def on_input_blurred(self, event: Input.Blurred) -> None:
        self._keep()

    # Moving

    def _turn_to(self, place: int) -> None:
        self.place = max(0, min(place, len(self.state.readiness.items)))
        self._how = False
        self.refresh_body()
        self._focus_choices()
        self.show_keys()

    def action_next(self) -> None:
        if self._keep():
            self._turn_to(self.place + 1)

    def action_previous(self) -> None:
        """Back never blocks: text that may not be kept is dropped rather than trapping anyone."""
        self._keep()
        self._turn_to(self.place - 1)

    def action_skip(self) -> None:
        shown = self.shown
        if shown is None:
            return
        prompt = Prompt(
            "Skip for now",
            "Why? A few words will do. The question stays open.",
            needed="A few words are enough, such as: I have to ask Sam.",
        )
        item = shown.item.id
        self.app.push_screen(prompt, lambda reason: self._skipped(item, reason))

    def _skipped(self, item: str, reason: str | None) -> None:
        if reason is None:
            self._focus_choices()
            return
        shown = self.shown
        if shown is not None and shown.item.id == item:
            self.post_message(Answered(item, SKIPPED_FOR_NOW, None, reason))
            self._turn_to(self.place + 1)

    def action_how(self) -> None:
        self._how = not self._how
        self.refresh_body()

    def action_check(self) -> None:
        shown = self.shown
        if shown is not None and shown.item.checks:
            self.post_message(AuditWanted(only=shown.item.checks))
        else:
            self.app.notify(ONLY_YOU_KNOW, markup=False)

    def action_check_page(self) -> None:
        shown = self.shown
        if shown is not None and (check := check_to_explain(shown, "")):
            self.post_message(Go("check-page", check))
        else:
            self.app.notify(ONLY_YOU_KNOW, markup=False)

    def action_back(self) -> None:
        if self.state.checking.running:
            self.post_message(AuditStopped())
        elif self.typing:
            self._focus_choices()
        else:
            self._keep()
            self.post_message(Go("back"))


def _end_rows() -> Iterator[Row]:
    yield text_row("That was the last question.", "bold")
    yield text_row("Your answers are saved. Come back to any of them whenever you like.", gap=1)


def _end_choices() -> Iterator[Row]:
    for key, says, place in (
        ("g", "See whether you are ready to launch", "ready"),
        ("d", "Read and write your documents", "documents"),
        ("b", "Back to the last question", "walk"),
    ):
        if place != "walk":
            yield Row(styled(says), key=f"place:{place}", mark=styled(key, "bold $accent"))
