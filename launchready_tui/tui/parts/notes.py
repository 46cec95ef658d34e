"""Short notes in the corner of the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App

from launchready_tui.vocabulary.safe_text import clean

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel


def tell(
    app: App[None], says: str, severity: SeverityLevel = "information", *, seconds: float = 6
) -> None:
    """Show a note. Never markup: the words may come from outside."""
    app.notify(clean(says), severity=severity, markup=False, timeout=seconds)
