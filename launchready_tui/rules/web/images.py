"""What an image weighs, in which format, and what a modern one would save. Nothing is decoded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from launchready_tui.vocabulary.facts import Response

Format = Literal["avif", "webp", "jxl", "svg", "jpeg", "png", "gif", "bmp", "ico"]

HEAVY = 500 * 1024  # bytes: more than this is too much in any format
WORTH_IT = 4 * 1024  # bytes to gain below which nobody should bother
MODERN: frozenset[str] = frozenset({"avif", "webp", "jxl", "svg"})
# What WebP saves on average, by Google's own studies: 25 to 34 % of a JPEG, 26 % of a PNG without
# loss, 19 % of a GIF without loss. The least of each counts: some images are packed well already.
SAVES: Mapping[str, float] = {"jpeg": 0.25, "png": 0.26, "gif": 0.19, "bmp": 0.9}
_MAGIC: tuple[tuple[int, bytes, Format], ...] = (
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"GIF8", "gif"),
    (0, b"BM", "bmp"),
    (0, b"\x00\x00\x01\x00", "ico"),
    (0, b"\xff\x0a", "jxl"),
    (4, b"JXL \r\n", "jxl"),
    (8, b"WEBP", "webp"),
    (4, b"ftypavif", "avif"),
    (4, b"ftypavis", "avif"),
)
_SVG = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>|<!--|<!DOCTYPE svg|<svg)", re.I)
_TYPES: Mapping[str, Format] = {
    "image/avif": "avif",
    "image/webp": "webp",
    "image/jxl": "jxl",
    "image/svg+xml": "svg",
    "image/jpeg": "jpeg",
    "image/png": "png",
    "image/gif": "gif",
    "image/bmp": "bmp",
    "image/x-icon": "ico",
    "image/vnd.microsoft.icon": "ico",
}


def format_of(response: Response) -> Format | None:
    """The format of an image by its first bytes, else by its Content-Type; None for no image.

    A body that came packed can't be looked into, so there the header alone counts.
    """
    declared = _TYPES.get(response.header("content-type").partition(";")[0].strip().lower())
    if response.header("content-encoding").strip().lower() not in ("", "identity"):
        return declared
    for start, mark, found in _MAGIC:
        if response.body.startswith(mark, start):
            return found
    if _SVG.match(response.body[:1024]) and (declared in (None, "svg")):
        return "svg" if declared == "svg" or b"<svg" in response.body else None
    return declared


def gain(format: Format, size: int) -> int:
    """The bytes that a modern format would save at the least."""
    return int(size * SAVES.get(format, 0.0))
