"""What to fix today: at most ten rows at a time, each with its minutes and its owner."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from textual.binding import BindingType

from launchready_tui.tui.messages import AuditWanted, Go
from launchready_tui.tui.screens.base import text_keys
from launchready_tui.tui.screens.one_page import OnePage
from launchready_tui.tui.state import State
from launchready_tui.tui.widgets.bars import Key
from launchready_tui.tui.widgets.look import STATE_TONE, glyph, minutes
from launchready_tui.tui.widgets.mask import Mask
from launchready_tui.tui.widgets.page import Page
from launchready_tui.tui.widgets.typeset import QUIET, Row, joined, styled, text_row
from launchready_tui.verdict.readiness import GLYPHS, Problem
from launchready_tui.verdict.readiness import State as Standing
from launchready_tui.vocabulary.findings import Impact
from launchready_tui.vocabulary.safe_text import show_host

AT_ONCE = 10
Columns = Literal["all", "owner", "minutes"]
_SUBJECT, _OWNER = 26, 12  # cells


class FixTodayScreen(OnePage):
    """The blockers in risk order. Enter opens one where it can be fixed and checked."""

    BINDINGS: ClassVar[list[BindingType]] = text_keys(
        ("n,right", "turn(1)", "The next ten"),
        ("left", "turn(-1)", "The ten before"),
        ("j", "check_page", "How we judge the one under the cursor"),
    )

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.first = 0

    def rows(self) -> Iterator[Row]:
        today = self.state.readiness.today()
        if self.first >= len(today):
            self.first = max((len(today) - 1) // AT_ONCE, 0) * AT_ONCE
        return self._rows(today)

    def _rows(self, today: tuple[Problem, ...]) -> Iterator[Row]:
        yield text_row("Fix today", "bold")
        if not today:
            yield Row(styled("Nothing to fix today."), gap=1)
        else:
            total = self.state.readiness.minutes_today()
            yield text_row(f"{_things(len(today))}, about {minutes(total)}.", QUIET)
        shown = today[self.first : self.first + AT_ONCE]
        show = columns(self.size.width)
        for place, problem in enumerate(shown):
            yield problem_row(problem, self.first + place, self.state.mask, show=show, gap=1)
        if len(today) > AT_ONCE:
            last = self.first + len(shown)
            yield Row(
                styled(f"{self.first + 1} to {last} of {len(today)}. Show the next ones."),
                key="turn",
                mark=styled("n", "bold $accent"),
                gap=1,
            )
        yield from rest_rows(self.state)

    def keys(self) -> tuple[Key, ...]:
        return (
            Key("enter", "open", "screen.open"),
            Key("r", "check again", "screen.check"),
            Key("j", "how we judge", "screen.check_page"),
            Key("esc", "back", "screen.back"),
            Key("?", "help", "screen.go('help')"),
        )

    def on_page_chosen(self, event: Page.Chosen) -> None:
        kind, _, value = event.key.partition(":")
        if kind == "turn":
            self.action_turn(1)
        elif kind == "problem":
            self.post_message(Go("stage", item_of(self.state.readiness.today()[int(value)])))
        elif kind == "place":
            self.post_message(Go(value))

    def action_check_page(self) -> None:
        kind, _, value = self.query_one(Page).cursor.partition(":")
        problem = self.state.readiness.today()[int(value)] if kind == "problem" else None
        if problem is not None and problem.finding is not None:
            self.post_message(Go("check-page", problem.finding.check))
        else:
            self.app.notify("You told us about this one. No check looks at it.", markup=False)

    def action_turn(self, step: int) -> None:
        count = len(self.state.readiness.today())
        pages = (count + AT_ONCE - 1) // AT_ONCE
        if pages > 1:
            self.first = (self.first // AT_ONCE + step) % pages * AT_ONCE
            self.refresh_body()
            page = self.query_one(Page)
            page.point_at(page.selectable[0])

    def action_check(self) -> None:
        """Run again only what these problems came from."""
        checks = {each.finding.check for each in self.state.readiness.today() if each.finding}
        if checks:
            self.post_message(AuditWanted(only=sorted(checks)))
        else:
            self.post_message(AuditWanted())


def columns(width: int) -> Columns:
    """What there is room for beside the titles, in a window this wide."""
    return "all" if width >= 116 else "owner" if width >= 76 else "minutes"


def _things(count: int) -> str:
    return "1 thing" if count == 1 else f"{count} things"


def item_of(problem: Problem) -> str:
    """The item where a problem is shown in full; empty when no stage shows it."""
    return problem.items[0] if problem.items else ""


def problem_row(problem: Problem, place: int, mask: Mask, *, show: Columns, gap: int = 0) -> Row:
    """One problem: its title, then what `show` has room for."""
    standing = {
        Impact.BLOCKER: Standing.TODAY,
        Impact.SOON: Standing.SOON,
        Impact.LATER: Standing.LATER,
    }[problem.impact]
    answered = problem.finding is None
    subject = "you told us" if answered else mask.text(show_host(problem.subject))
    owner = mask.person(problem.owner) or "nobody yet"
    spent = f"{problem.minutes:>3} min"
    tone = QUIET if problem.owner else "$soon"
    parts = [styled(spent, QUIET)]
    if show != "minutes":
        parts.append(styled(_fit(owner, _OWNER), tone))
    if show == "all":
        parts.insert(0, styled(_fit(subject, _SUBJECT), QUIET))
    trail = styled("   ").join(parts)
    return Row(
        styled(mask.text(problem.title)),
        key=f"problem:{place}",
        mark=glyph(standing),
        trail=trail,
        gap=gap if place % AT_ONCE == 0 else 0,
    )


def _fit(text: str, width: int) -> str:
    return text.ljust(width) if len(text) <= width else f"{text[: width - 1]}…"


def rest_rows(state: State) -> Iterator[Row]:
    """How much is left for later, and what we could not tell, in one quiet line each."""
    readiness = state.readiness
    counts = (
        (Standing.SOON, len(readiness.of_impact(Impact.SOON)), "to fix before launch"),
        (Standing.LATER, len(readiness.of_impact(Impact.LATER)), "can wait"),
        (Standing.UNKNOWN, len(readiness.unknowns), "we couldn't tell"),
    )
    parts = [
        joined((GLYPHS[standing][0], STATE_TONE[standing]), "  ", (f"{count} {says}", QUIET))
        for standing, count, says in counts
        if count
    ]
    if parts:
        yield Row(styled("      ").join(parts), gap=1)
