"""Bytes and times as a founder reads them."""

from __future__ import annotations

_SPANS = ((365 * 86_400, "year"), (86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def say_bytes(size: int) -> str:
    """ "412 bytes", "31 KB", "2.4 MB"; a KB is 1024 bytes, as browsers show it."""
    if size < 1024:
        return f"{size} bytes"
    if size < 1024 * 1024:
        return f"{round(size / 1024)} KB"
    return f"{size / 1024 / 1024:.1f} MB"


def say_seconds(seconds: int) -> str:
    """The largest unit that fits at least once, rounded down: "3 days", "1 hour", "no time"."""
    for length, name in _SPANS:
        count = seconds // length
        if count:
            return f"{count} {name}{'' if count == 1 else 's'}"
    return "no time"
