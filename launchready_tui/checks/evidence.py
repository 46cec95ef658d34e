"""Evidence that is safe to keep: no secret, no control character, one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from launchready_tui.vocabulary.findings import Evidence
from launchready_tui.vocabulary.safe_text import clean_line, redact

if TYPE_CHECKING:
    from launchready_tui.world import World


def seen(label: str, value: str, world: World) -> Evidence:
    """One thing that we saw. A link may carry a token: it is hidden before the line is cut."""
    return Evidence(clean_line(redact(label[:4000])), clean_line(redact(value[:4000])), world.now)
