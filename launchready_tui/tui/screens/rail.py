"""The rail and the list of a stage as rows: where each stage stands, and what it asks."""

from __future__ import annotations

from collections.abc import Iterator

from launchready_tui.content.checklist import Kind
from launchready_tui.tui.state import State
from launchready_tui.tui.widgets.look import STATE_TONE, VERDICT_STATE, glyph, long_day, word
from launchready_tui.tui.widgets.typeset import QUIET, Row, heading, joined, styled
from launchready_tui.verdict.readiness import ItemState
from launchready_tui.verdict.readiness import State as Standing
from launchready_tui.verdict.targets import TargetState
from launchready_tui.vocabulary.findings import Verdict

PLACES = (
    ("walk", "Walk through it", "w"),
    ("fix-today", "Fix today", "b"),
    ("ready", "Ready to launch?", "g"),
    ("documents", "Documents", "d"),
    ("ownership", "Accounts", "o"),
    ("drill", "Rollback drill", "t"),
    ("dashboard", "Dashboard", "m"),
    ("inboxes", "Inbox test", "e"),
    ("dns-change", "Check a DNS change", "v"),
    ("help", "Help", "?"),
)

_COUNTED = (
    Standing.TODAY,
    Standing.SOON,
    Standing.UNKNOWN,
    Standing.LATER,
    Standing.OPEN,
    Standing.TOLD,
    Standing.OK,
)


def rail_rows(state: State) -> tuple[Row, ...]:
    """Seven stages, counts by state, the five targets, what changed, and the other places."""
    return (
        *_stages(state),
        *_counts(state),
        *_targets(state),
        *_changes(state),
        *_places(),
    )


def _stages(state: State) -> Iterator[Row]:
    yield heading("Stages", "done")
    for stage in state.checklist.stages:
        done, all_items = state.readiness.done(stage.number)
        standing = state.readiness.stage_state(stage.number)
        quiet = done == 0
        yield Row(
            joined((f"{stage.number}  ", QUIET), styled(stage.title, QUIET if quiet else "")),
            key=f"stage:{stage.number}",
            mark=glyph(standing),
            trail=styled(f"{done} of {all_items}", QUIET),
            hang=3,
        )


def _counts(state: State) -> Iterator[Row]:
    counts = state.readiness.counts()
    parts = [
        joined(glyph(each), " ", styled(f"{counts[each]} {word(each)}", STATE_TONE[each]))
        for each in _COUNTED
        if counts[each]
    ]
    for place in range(0, len(parts), 2):
        left = parts[place]
        right = parts[place + 1] if place + 1 < len(parts) else styled("")
        yield Row(
            joined(left.pad_right(max(17 - left.cell_length, 1)), right), gap=0 if place else 1
        )


def _targets(state: State) -> Iterator[Row]:
    """All five together. "No data yet" stands once when it is true of every one."""
    targets = state.readiness.targets
    nothing = all(target.measured is None for target in targets)
    yield heading("Five targets", "no data yet" if nothing else "", gap=1)
    for target in targets:
        yield Row(
            styled(target.title, QUIET if target.measured is None else ""),
            key=f"target:{target.id}",
            mark=glyph(target_glyph(target)),
            trail=styled("" if nothing else target_figure(target), QUIET),
        )


def target_figure(target: TargetState) -> str:
    """The measured figure, or that there is not enough data. Never an empty place."""
    if target.measured is None:
        return "no data"
    return target.measured


def target_glyph(target: TargetState) -> Standing:
    """The sign of a target: not measured is open, and no fault."""
    return Standing.OPEN if target.verdict is Verdict.UNKNOWN else VERDICT_STATE[target.verdict]


def _changes(state: State) -> Iterator[Row]:
    changed = state.readiness.changes
    if changed.since is None:
        return
    yield heading(f"Since {long_day(changed.since.astimezone())}", gap=1)
    yield Row(
        joined(
            (f"{len(changed.fixed)} fixed", "$good"),
            " · ",
            (f"{len(changed.new)} new", "$today" if changed.new else QUIET),
            " · ",
            f"{len(changed.open)} still open",
        ),
        key="place:ready",
    )


def _places() -> Iterator[Row]:
    yield heading("Go to", gap=1)
    for name, says, key in PLACES:
        yield Row(
            styled(says),
            key=f"place:{name}",
            mark=styled(key, "bold $accent"),
        )


def list_rows(number: int, state: State, *, compact: bool) -> tuple[Row, ...]:
    """The items of one stage in groups. `compact` puts "3 of 7" on top in place of the rail."""
    stage = state.checklist.stage(number)
    shown = state.readiness.stage(number)
    checks = [each for each in shown if each.item.kind == "check"]
    rows = list(_stage_head(number, state, compact))
    groups = (
        ("We looked", [each for each in checks if each.item.checks]),
        ("You tell us", [each for each in checks if not each.item.checks]),
        ("Have you seen any of these?", _of_kind(shown, "signal")),
        ("Not now", _of_kind(shown, "restraint", "principle")),
    )
    for title, members in groups:
        if members:
            rows.append(heading(title, gap=1 if compact else 2))
            rows.extend(_item(each) for each in members)
    if stage.documents:
        rows.append(heading("Documents", gap=1 if compact else 2))
        rows.extend(
            Row(styled(document.title), key=f"document:{document.id}", mark=styled("≡", QUIET))
            for document in stage.documents
        )
    return tuple(rows)


def _stage_head(number: int, state: State, compact: bool) -> Iterator[Row]:
    stage = state.checklist.stage(number)
    if compact:
        count = len(state.checklist.stages)
        yield Row(
            joined((f"{number} of {count}", QUIET), "  ", styled(stage.title, "bold")),
            key="rail",
            mark=styled("‹", "bold $accent"),
        )
    else:
        yield Row(styled(f"{number}  {stage.title}", "bold"))
    yield Row(styled(stage.goal, QUIET))


def _of_kind(shown: tuple[ItemState, ...], *kinds: Kind) -> list[ItemState]:
    return [each for each in shown if each.item.kind in kinds]


_TRAIL = {
    Standing.TODAY: "today",
    Standing.SOON: "soon",
    Standing.LATER: "later",
    Standing.UNKNOWN: "can't tell",
}


def _item(shown: ItemState) -> Row:
    standing = shown.state
    trail = styled(_TRAIL.get(standing, ""), STATE_TONE[standing])
    if standing is Standing.TOLD:
        trail = styled("told", QUIET)
    elif standing is Standing.SKIPPED:
        trail = styled("n/a", QUIET)
    quiet = standing in (Standing.UNKNOWN, Standing.SKIPPED, Standing.LATER)
    return Row(
        styled(shown.item.title, QUIET if quiet else ""),
        key=f"item:{shown.item.id}",
        mark=glyph(standing),
        trail=trail,
    )


def first_open(state: State, stage: int | None = None) -> ItemState | None:
    """The first item that nobody has answered and no check has settled, from a stage on."""
    items = state.readiness.items
    late = [each for each in items if stage is None or each.stage.number >= stage]
    candidates = [*late, *(each for each in items if each not in late)]
    return next((each for each in candidates if is_open(each)), None)


def is_open(shown: ItemState) -> bool:
    """Whether an item still waits for its answer."""
    return shown.state is Standing.OPEN and shown.answer is None


def next_open(state: State, item: str) -> ItemState | None:
    """The next open item after this one, going round at the end."""
    items = state.readiness.items
    here = next((place for place, each in enumerate(items) if each.item.id == item), -1)
    return next((each for each in (*items[here + 1 :], *items[: here + 1]) if is_open(each)), None)
