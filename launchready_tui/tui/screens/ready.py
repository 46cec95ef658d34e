"""Ready to launch? The verdict, the five targets together, what changed, and what can wait."""

from __future__ import annotations

from collections.abc import Iterator

from launchready_tui.tui.messages import Go
from launchready_tui.tui.screens.fix_today import AT_ONCE, columns, item_of, problem_row, rest_rows
from launchready_tui.tui.screens.one_page import OnePage
from launchready_tui.tui.screens.rail import target_figure, target_glyph
from launchready_tui.tui.state import State
from launchready_tui.tui.widgets.bars import Key
from launchready_tui.tui.widgets.look import LAUNCH_TONE, glyph, long_day, minutes, word
from launchready_tui.tui.widgets.page import Page
from launchready_tui.tui.widgets.typeset import QUIET, Row, heading, joined, styled, text_row
from launchready_tui.verdict.readiness import State as Standing


class ReadyScreen(OnePage):
    """One page from the verdict down to what is safe to leave for later."""

    def rows(self) -> Iterator[Row]:
        return ready_rows(self.state, self.size.width)

    def keys(self) -> tuple[Key, ...]:
        return (
            Key("enter", "open", "screen.open"),
            Key("r", "check again", "screen.check"),
            Key("t", "drill", "screen.go('drill')"),
            Key("d", "documents", "screen.go('documents')"),
            Key("?", "help", "screen.go('help')"),
        )

    def on_page_chosen(self, event: Page.Chosen) -> None:
        kind, _, value = event.key.partition(":")
        if kind == "problem":
            self.post_message(Go("stage", item_of(self.state.readiness.today()[int(value)])))
        elif kind == "item":
            self.post_message(Go("stage", value))
        elif kind == "place":
            self.post_message(Go(value))


def ready_rows(state: State, width: int) -> Iterator[Row]:
    """The whole page, for a window this wide."""
    yield text_row("Ready to launch?", "bold")
    yield from _verdict(state, width)
    yield from _targets(state, wide=width >= 92)
    yield from _changes(state)
    yield from _not_now(state)


def _verdict(state: State, width: int) -> Iterator[Row]:
    readiness = state.readiness
    head, colon, rest = readiness.headline.partition(":")
    tone = LAUNCH_TONE[readiness.verdict]
    today = readiness.today()
    if today:
        spent = f", about {minutes(readiness.minutes_today())}" if readiness.minutes_today() else ""
        rest = f"{rest}{spent}."
    elif colon:
        rest = f"{rest}."
    else:
        rest = " Nothing stands in the way of your first customers."
    yield Row(joined((f"{head}.", f"bold {tone}"), styled(rest)), gap=1)
    if readiness.notice:
        yield Row(styled(readiness.notice), gap=1)
    for place, problem in enumerate(today[:AT_ONCE]):
        yield problem_row(problem, place, state.mask, show=columns(width), gap=1)
    if len(today) > AT_ONCE:
        yield Row(
            styled(f"All {len(today)} of them"),
            key="place:fix-today",
            mark=styled("b", "bold $accent"),
        )
    yield from rest_rows(state)


def _targets(state: State, *, wide: bool) -> Iterator[Row]:
    yield heading("Five targets")
    for target in state.readiness.targets:
        figure = target_figure(target)
        settled = target.measured is not None
        samples = f"{target.samples} measured. " if target.samples > 1 else ""
        note = styled(f"{samples}{target.note}", QUIET)
        title = styled(target.title)
        sign = glyph(target_glyph(target)).pad_right(1)  # in line with the rows above
        shown = styled(figure, "bold" if settled else QUIET)
        if wide:
            line = joined(title.pad_right(max(32 - title.cell_length, 1)), shown, "  ", note)
            yield Row(line, mark=sign, hang=32)
        else:
            line = joined(title.pad_right(max(32 - title.cell_length, 1)), shown)
            yield Row(line, mark=sign)
            yield Row(note, indent=3)


def _changes(state: State) -> Iterator[Row]:
    changed = state.readiness.changes
    if changed.since is None:
        yield heading("Since the last audit")
        yield text_row("Nothing to compare with yet: this needs two whole audits.", QUIET)
        return
    yield heading(f"Since the audit of {long_day(changed.since.astimezone())}")
    yield Row(
        joined(
            (f"{len(changed.fixed)} fixed", "$good"),
            "   ",
            (f"{len(changed.new)} new", "$today" if changed.new else QUIET),
            "   ",
            f"{len(changed.open)} still open",
        )
    )
    for glyph_text, tone, keys in (("✓", "$good", changed.fixed), ("✗", "$today", changed.new)):
        for key in keys[:5]:
            yield Row(styled(key.replace(" ", "  "), QUIET), mark=styled(glyph_text, tone))


def _not_now(state: State) -> Iterator[Row]:
    waiting = [
        each for each in state.readiness.items if each.item.kind in ("restraint", "principle")
    ]
    if waiting:
        yield heading("Safe to leave for later")
    for shown in waiting:
        trail = "" if shown.state is Standing.OPEN else word(shown.state)
        yield Row(
            styled(shown.item.title),
            key=f"item:{shown.item.id}",
            mark=glyph(shown.state),
            trail=styled(trail, QUIET),
        )
