"""What a built site hands to every visitor, taken apart so that nothing hides in its wrapping."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

SOURCES = 5000  # of one source map
STRINGS = 20_000  # of one JSON text
_DATA = re.compile(
    rb"<script\b[^>]{0,500}\btype\s*=\s*[\"']?application/(?:ld\+)?json[\"']?[^>]{0,500}>"
    rb"(?P<json>.*?)</script",
    re.IGNORECASE | re.DOTALL,
)


def parts(path: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """The bytes themselves under "", and what stands in them under a name of its own.

    A source map (ECMA-426) holds whole files of the source in `sourcesContent`, where quotes and
    line ends are escaped. A page may hold its data as JSON, such as `__NEXT_DATA__`.
    """
    yield "", data
    if path.endswith(".map") or data[:64].lstrip().startswith(b'{"version":3'):
        yield from _sources(data)
    elif b"application/" in data and b"<script" in data[:65536].lower():
        for match in _DATA.finditer(data):
            yield from _strings(match["json"])


def is_source_map(data: bytes) -> bool:
    """Whether this is a source map with the source in it."""
    found = _json(data)
    return isinstance(found, dict) and isinstance(found.get("sourcesContent"), list)


def _sources(data: bytes) -> Iterator[tuple[str, bytes]]:
    found = _json(data)
    if not isinstance(found, dict):
        return
    names, texts = found.get("sources"), found.get("sourcesContent")
    if not isinstance(texts, list):
        return
    for number, text in enumerate(texts[:SOURCES]):
        name = names[number] if isinstance(names, list) and number < len(names) else None
        if isinstance(text, str):
            shown = name if isinstance(name, str) else f"source {number + 1}"
            yield shown, text.encode("utf-8", "replace")


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
