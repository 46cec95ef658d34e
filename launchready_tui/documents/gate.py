"""The last gate before a page: everything a writer prints goes through here, whoever wrote it."""

from __future__ import annotations

from functools import lru_cache

from launchready_tui.vocabulary.safe_text import clean_line, redact

# No sentence of ours is longer. A value that somebody else chose is cut much earlier.
LONGEST_LINE = 2000
LONGEST_VALUE = 240


@lru_cache(maxsize=8192)  # the same lines go into both formats
def shown(text: str) -> str:
    """One line, safe to print: no control or direction characters, no secret, bounded."""
    return clean_line(redact(text), LONGEST_LINE)


@lru_cache(maxsize=8192)
def value(text: str, limit: int = LONGEST_VALUE) -> str:
    """Something that others chose (a name, a record, a note), cut to a length that fits a cell."""
    return clean_line(redact(text), limit)
