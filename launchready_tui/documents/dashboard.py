"""10: five tiles that somebody looks at, each with its owner and what to do when it turns bad."""

from __future__ import annotations

from dataclasses import dataclass

from launchready_tui.content import items
from launchready_tui.documents.blocks import (
    Block,
    Callout,
    Code,
    Heading,
    Line,
    Missing,
    Paragraph,
    Strong,
    Table,
)
from launchready_tui.documents.gate import value
from launchready_tui.documents.source import Source
from launchready_tui.documents.tables import answers, join, target_state, target_table
from launchready_tui.verdict.targets import TargetState

ID = "10-dashboard"
PURPOSE = "This page is your dashboard on paper: five numbers, who owns each, and what to do."


@dataclass(frozen=True, slots=True)
class Tile:
    """One number. `target` measures it, where one does; `item` is the one whose owner has it."""

    name: str
    shows: str
    action: str
    item: str
    target: str = ""


TILES = (
    Tile(
        "Availability",
        "How much of the week people could reach you.",
        "Ten bad minutes in a week: stop new features and find the cause.",
        items.PAGES_WATCHED,
        "T1",
    ),
    Tile(
        "Latency (p50, p95)",
        "How long half of the requests take, and how long 95 of 100 take.",
        "Over 500 ms for an hour: look at the slowest route first.",
        items.SPEED,
        "T2",
    ),
    Tile(
        "Errors by route",
        "Which page fails, in which version.",
        "Three errors on one route in 15 minutes: roll back the last deploy.",
        items.TRACEABLE_ERRORS,
    ),
    Tile(
        "Last five deploys",
        "What went live when, and by whom.",
        "An error that starts right after one: roll that one back.",
        items.DEPLOY_PATH,
    ),
    Tile(
        "Alert history",
        "Which alerts came, and whether somebody acted.",
        "One that nobody acted on: make it quieter, or take it out.",
        items.FIRST_TO_HEAR,
    ),
)


def write(source: Source) -> tuple[Block, ...]:
    """The tiles, what is watched, who is told, and the arithmetic behind the goals."""
    return (
        Heading("Five tiles"),
        Table(
            ("Tile", "What it shows", "Now", "Owner", "When it turns bad"),
            (3, 4, 6, 2, 5),
            tuple(
                (
                    (Strong(tile.name),),
                    (tile.shows,),
                    _now(source, tile),
                    (source.owner(tile.item),),
                    (tile.action,),
                )
                for tile in TILES
            ),
        ),
        *_unowned(source),
        Heading("What is watched"),
        *_watched(source),
        Heading("What we know so far"),
        answers(
            source,
            (
                items.PAGES_WATCHED,
                items.TWO_REGIONS,
                items.TRACEABLE_ERRORS,
                items.FIRST_TO_HEAR,
                items.CUSTOMERS_KNEW_FIRST,
                items.IGNORED_ALARMS,
                items.DASHBOARDS,
            ),
        ),
        Heading("Targets behind the tiles"),
        target_table(source, ("T1", "T2")),
        Callout(
            (
                "99.9 % allows about 10 bad minutes in a week, or 43 in 30 days. To claim it you "
                "need 2,995 clean checks, one a minute. That takes a bit over two days.",
            )
        ),
    )


def _now(source: Source, tile: Tile) -> Line:
    target = _target(source, tile.target)
    if target is not None and target.measured:
        return join(f"{target.measured}, {target.samples} samples.", target_state(target))
    if target is not None:
        return (f"Not enough data. {target.note}",)
    state = source.item(tile.item)
    if state is not None and state.choice is not None and state.answer is not None:
        note = f" “{value(state.answer.note)}”" if state.answer.note else ""
        return (f"{state.choice.label}.{note} ", source.told(state.answer))
    return (f"No data yet. {source.where(tile.item)}".strip(),)


def _target(source: Source, id: str) -> TargetState | None:
    return next((target for target in source.readiness.targets if target.id == id), None)


def _unowned(source: Source) -> tuple[Block, ...]:
    unowned = [
        tile.name for tile in TILES if (state := source.item(tile.item)) is None or not state.owner
    ]
    if not unowned:
        return ()
    return (
        Missing(
            f"Nobody owns these yet: {', '.join(unowned)}.",
            "Name one person at each item. A tile that nobody owns should go.",
        ),
    )


def _watched(source: Source) -> tuple[Block, ...]:
    watched = [route for route in source.project.routes if route.monitor]
    if not watched:
        return (
            Missing(
                "The file names no page or route that is watched.",
                source.where(items.PAGES_WATCHED, "Say which ones"),
            ),
        )
    return (
        Paragraph(("These addresses are meant to be looked at every minute.",)),
        Table(
            ("Address", "Kind", "A good answer"),
            (5, 2, 4),
            tuple(
                (
                    (Code(value(route.url, 160)),),
                    (route.kind,),
                    (
                        f"Status {route.expect.status}"
                        + (f", with “{value(route.expect.text, 80)}”" if route.expect.text else ""),
                    ),
                )
                for route in watched
            ),
        ),
    )
