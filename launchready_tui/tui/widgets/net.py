"""The last net below everything that is drawn: no control character reaches the terminal.

Text is cleaned where it comes in (`safe_text`). This filter is for what somebody forgot.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_FORBIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))


@lru_cache(4096)
def _safe(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(sign for sign in text if unicodedata.category(sign) not in _FORBIDDEN)


class Net(LineFilter):
    """Deletes control and format characters from the text of every line."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        if all(segment.control or _safe(segment.text) == segment.text for segment in segments):
            return segments
        return [
            segment if segment.control else Segment(_safe(segment.text), segment.style)
            for segment in segments
        ]
