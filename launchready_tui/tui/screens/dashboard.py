"""Dashboard: five numbers and the few checks that stay on, each with its owner and its action."""

from __future__ import annotations

from collections.abc import Iterator

from launchready_tui.content.checklist import Guard
from launchready_tui.documents.dashboard import TILES, Tile
from launchready_tui.tui.messages import Go
from launchready_tui.tui.screens.one_page import OnePage
from launchready_tui.tui.screens.rail import target_figure, target_glyph
from launchready_tui.tui.state import State
from launchready_tui.tui.widgets.bars import Key
from launchready_tui.tui.widgets.look import glyph, short_day
from launchready_tui.tui.widgets.page import Page
from launchready_tui.tui.widgets.typeset import QUIET, Row, heading, joined, styled, text_row
from launchready_tui.verdict.readiness import ItemState
from launchready_tui.verdict.readiness import State as Standing

TITLE = 30  # cells that the names of tiles and checks take, so that what they show lines up


class DashboardScreen(OnePage):
    """One page. Enter on a row opens the item behind it, where its owner is named."""

    def rows(self) -> Iterator[Row]:
        return dashboard_rows(self.state)

    def keys(self) -> tuple[Key, ...]:
        return (
            Key("enter", "open", "screen.open"),
            Key("r", "check again", "screen.check"),
            Key("s", "stages", "screen.go('stage')"),
            Key("d", "documents", "screen.go('documents')"),
            Key("?", "help", "screen.go('help')"),
        )

    def on_page_chosen(self, event: Page.Chosen) -> None:
        _, _, item = event.key.partition(":")
        self.post_message(Go("stage", item))


def dashboard_rows(state: State) -> Iterator[Row]:
    """The whole page: the tiles, then the checks that stay on."""
    yield text_row("Dashboard", "bold")
    yield text_row("Look here once a day. Each line names who acts, and on what.", QUIET)
    yield heading("Five tiles", gap=1)
    for tile in TILES:
        yield from _tile(tile, state)
    yield heading("The checks that stay on", gap=1)
    yield text_row(
        "Fewer than ten, and one person understands each. More of them would tire everybody.",
        QUIET,
    )
    for guard in state.checklist.always_on.guards:
        yield from _guard(guard, state)


def _tile(tile: Tile, state: State) -> Iterator[Row]:
    target = next((each for each in state.readiness.targets if each.id == tile.target), None)
    behind = state.readiness.item(tile.item)
    if target is not None and target.measured is not None:
        sign, now = target_glyph(target), f"{target_figure(target)}, {target.samples} measured"
    elif target is not None:
        sign, now = Standing.OPEN, f"not enough data: {target.note}"
    else:
        sign, now = _answer(behind)
    yield _line(tile.name, now, sign, tile.item, behind, state)
    yield Row(styled(tile.action, QUIET), indent=3)


def _guard(guard: Guard, state: State) -> Iterator[Row]:
    behind = state.readiness.item(guard.item)
    found = state.project.findings
    days = [each.at for check in guard.shown_by for each in found.get(check, {}).values()]
    if days:
        sign, now = Standing.OK, f"last run {short_day(max(days).astimezone())}"
    else:
        sign, now = _answer(behind)
    yield _line(guard.title, now, sign, guard.item, behind, state)
    yield Row(styled(guard.catches, QUIET), indent=3)


def _answer(behind: ItemState | None) -> tuple[Standing, str]:
    if behind is None or behind.choice is None:
        return Standing.OPEN, "no data yet"
    return behind.state, f"told: {behind.choice.label}"


def _line(
    name: str, now: str, sign: Standing, item: str, behind: ItemState | None, state: State
) -> Row:
    owner = behind.owner if behind is not None else ""
    who = styled(state.mask.person(owner)) if owner else styled("nobody yet", "$soon")
    title = styled(name)
    return Row(
        joined(title.pad_right(max(TITLE - title.cell_length, 1)), styled(now, QUIET)),
        key=f"item:{item}",
        mark=glyph(sign),
        trail=who,
        hang=TITLE,
    )
