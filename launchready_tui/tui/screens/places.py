"""Which screen a place is. Each is imported when it is first opened, so that start-up is quick."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from launchready_tui.tui.screens.base import Frame
from launchready_tui.tui.state import State


def open_place(
    place: str,
    state: State,
    clock: Callable[[], datetime],
    *,
    item: str = "",
    stage: int | None = None,
) -> Frame:
    """A new screen for a place; `item` and `stage` say where it begins, where that means a thing.

    Raises `KeyError` for a place that does not exist.
    """
    match place:
        case "stage":
            from launchready_tui.tui.screens.stage import StageScreen

            return StageScreen(state, item, stage)
        case "walk":
            from launchready_tui.tui.screens.walk import WalkScreen

            return WalkScreen(state, item, stage)
        case "fix-today":
            from launchready_tui.tui.screens.fix_today import FixTodayScreen

            return FixTodayScreen(state)
        case "ready":
            from launchready_tui.tui.screens.ready import ReadyScreen

            return ReadyScreen(state)
        case "documents":
            from launchready_tui.tui.screens.documents import DocumentsScreen

            return DocumentsScreen(state, item)
        case "ownership":
            from launchready_tui.tui.screens.ownership import OwnershipScreen

            return OwnershipScreen(state)
        case "dashboard":
            from launchready_tui.tui.screens.dashboard import DashboardScreen

            return DashboardScreen(state)
        case "drill":
            from launchready_tui.tui.screens.drill import DrillScreen

            return DrillScreen(state, clock)
        case "dns-change":
            from launchready_tui.tui.screens.dns_change import DnsChangeScreen
            from launchready_tui.tui.session.planning import plans_in

            loaded = state.loaded
            nearby = plans_in(loaded.path.parent, state.project.domain) if loaded else ()
            return DnsChangeScreen(state, nearby)
        case "inboxes":
            from launchready_tui.tui.screens.inboxes import InboxesScreen

            return InboxesScreen(state, clock)
        case _:
            raise KeyError(place)
