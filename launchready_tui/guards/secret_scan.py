"""`guard secrets`: what a scan found, sorted by what it means, as data for every output."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from launchready_tui.rules.secrets.leaks import SEVERITIES, Leak, Spot
from launchready_tui.vocabulary.safe_text import clean_line
from launchready_tui.world.repository.reviewed_list import LookedAt
from launchready_tui.world.repository.secret_scan import Scan

State = Literal["open", "rotated", "ignored"]
READY, FOUND, CANNOT_TELL = 0, 1, 3
SHOWN = 50  # places of one value in JSON
# Why a scan is not of all, in words.
GAPS = {
    "shallow": "This copy has only the newest commits. Fetch the rest: git fetch --unshallow",
    "partial": "Old file contents are missing here. Make a full copy: git clone without --filter",
    "cut": "Some files are very large. We read only the start of each.",
    "many": "There are more findings than we list. Fix these first, then scan again.",
    "closed": "Some archives could not be opened.",
    "stopped": "The scan was stopped before its end.",
}


@dataclass(frozen=True, slots=True)
class Card:
    """One value: what was found, and what somebody said of it."""

    leak: Leak
    state: State
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All values, the worst first. `why` says in words why the scan is not of all; of the
    `objects`, an earlier scan has read the `known` ones."""

    cards: tuple[Card, ...]
    why: tuple[str, ...] = ()
    lasting: bool = True
    objects: int = 0
    bytes: int = 0
    known: int = 0

    @property
    def exit_code(self) -> int:
        """1 for an open secret that is sure; 3 when none was found but not all was read."""
        if any(card.state == "open" and card.leak.blocks for card in self.cards):
            return FOUND
        return CANNOT_TELL if self.why else READY


def report(scan: Scan, looked_at: LookedAt | None, today: date, *, lasting: bool) -> Report:
    """Sort what was found. Public values that need no advice are left out."""
    cards = [_card(leak, looked_at, today) for leak in scan.leaks if leak.rule.kind != "public"]
    order = {"open": 0, "rotated": 1, "ignored": 2}
    cards.sort(
        key=lambda card: (
            order[card.state],
            card.leak.rule.confidence != "sure",
            SEVERITIES.index(card.leak.severity),
            card.leak.rule.id,
            card.leak.spots,
        )
    )
    why = tuple(GAPS.get(each, each) for each in scan.gaps)
    return Report(tuple(cards), why, lasting, scan.objects, scan.bytes, scan.known)


def _card(leak: Leak, looked_at: LookedAt | None, today: date) -> Card:
    entry = looked_at.about(leak.mark, today) if looked_at is not None else None
    if entry is None or entry.rule != leak.rule.id:
        return Card(leak, "open")
    return Card(leak, "rotated" if entry.state == "rotated" else "ignored", entry.reason)


def find(report: Report, start: str) -> Card | None:
    """The one card whose fingerprint begins so; None for none, or for more than one."""
    found = [card for card in report.cards if start and card.leak.fingerprint.startswith(start)]
    return found[0] if len(found) == 1 else None


def as_json(report: Report) -> dict[str, Any]:
    """The JSON of `guard secrets --json`, format 1."""
    return {
        "format": 1,
        "complete": not report.why,
        "why_incomplete": " ".join(report.why) or None,
        "comparable": report.lasting,
        "findings": [_finding(card) for card in report.cards],
    }


def _finding(card: Card) -> dict[str, Any]:
    rule = card.leak.rule
    return {
        "rule": rule.id,
        "title": rule.title,
        "class": rule.kind,
        "confidence": rule.confidence,
        "severity": card.leak.severity,
        "state": card.state,
        "fingerprint": card.leak.fingerprint,
        "preview": card.leak.preview,
        "places": [_place(spot) for spot in card.leak.spots[:SHOWN]],
        "rotate": rule.rotate,
        "steps": list(rule.steps),
    }


def _place(spot: Spot) -> dict[str, Any]:
    return {
        "path": clean_line(spot.path, 500),
        "line": spot.line or None,
        "commit": spot.commit or None,
        "object": spot.object or None,
        "where": spot.where,
        "date": spot.date,
    }


def counted(cards: Iterable[Card]) -> dict[State, int]:
    """How many values are in each state."""
    found: dict[State, int] = {"open": 0, "rotated": 0, "ignored": 0}
    for card in cards:
        found[card.state] += 1
    return found


def blocking(cards: Sequence[Card]) -> tuple[Card, ...]:
    """Those for which the guard stops a change."""
    return tuple(card for card in cards if card.state == "open" and card.leak.blocks)
