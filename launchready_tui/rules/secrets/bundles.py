"""What a built site hands to every visitor, taken apart so that nothing hides in its wrapping."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

SOURCES = 5000  # of one source map
STRINGS = 20_000  # of one JSON text
ATTRIBUTES = 1000  # bytes of a script's opening tag
MAPS = 200  # of an indexed source map
_OPENS = re.compile(rb"<script\b", re.IGNORECASE)
_CLOSES = re.compile(rb"</script", re.IGNORECASE)
_IS_JSON = re.compile(rb"\btype\s{0,9}=\s{0,9}[\"']?application/(?:ld\+)?json\b", re.IGNORECASE)


def parts(path: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """The bytes themselves under "", and what stands in them under a name of its own.

    A source map (ECMA-426) holds whole files of the source in `sourcesContent`, where quotes and
    line ends are escaped. A page may hold its data as JSON, such as `__NEXT_DATA__`.
    """
    yield "", data
    named = path.partition("?")[0].endswith(".map")
    if named or data[:64].lstrip().startswith(b'{"version":3'):
        yield from _sources(data)
    elif b"application/" in data and b"<script" in data[:65536].lower():
        for text in _data(data):
            yield from _strings(text)


def is_source_map(data: bytes) -> bool:
    """Whether this is a source map with the source in it."""
    return any(isinstance(text, str) and text for _, text in _texts(_json(data)))


def _data(page: bytes) -> Iterator[bytes]:
    """The JSON texts of a page, found by searching forward only."""
    at = 0
    while opening := _OPENS.search(page, at):
        end = page.find(b">", opening.end())
        if end < 0:
            return
        closing = _CLOSES.search(page, end)
        if closing is None:
            return
        if _IS_JSON.search(page[opening.end() : min(end, opening.end() + ATTRIBUTES)]):
            yield page[end + 1 : closing.start()]
        at = closing.end()


def _sources(data: bytes) -> Iterator[tuple[str, bytes]]:
    for number, (name, text) in enumerate(_texts(_json(data)), 1):
        if number > SOURCES:
            return
        if isinstance(text, str):
            shown = name if isinstance(name, str) else f"source {number}"
            yield shown, text.encode("utf-8", "replace")


def _texts(found: Any, *, nested: bool = False) -> Iterator[tuple[Any, Any]]:
    """Name and text of each source of a map. An indexed map holds maps for its parts (ECMA-426
    10)."""
    if not isinstance(found, dict):
        return
    names, texts = found.get("sources"), found.get("sourcesContent")
    if isinstance(texts, list):
        names = names if isinstance(names, list) else []
        yield from zip_longest(names[: len(texts)], texts)
    parts = found.get("sections")
    if isinstance(parts, list) and not nested:
        for part in parts[:MAPS]:
            if isinstance(part, dict):
                yield from _texts(part.get("map"), nested=True)


def _strings(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Keys and values of a JSON text as lines, so that no escape is left."""
    left: list[Any] = [_json(data)]
    lines: list[str] = []
    while left and len(lines) < STRINGS:
        value = left.pop()
        if isinstance(value, dict):
            for key, inner in value.items():
                if isinstance(inner, str):
                    lines.append(f'{key} = "{inner}"')
                else:
                    left.append(inner)
        elif isinstance(value, list):
            left += value
        elif isinstance(value, str):
            lines.append(value)
    if lines:
        yield "data of the page", "\n".join(lines).encode("utf-8", "replace")


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None
