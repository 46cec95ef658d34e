"""Whether text travels packed (RFC 9110 8.4)."""

from __future__ import annotations

import zlib

from launchready_tui.vocabulary.facts import Response

ENCODINGS = "br, zstd, gzip"  # what we accept, as today's browsers do
PACKED = frozenset({"br", "zstd", "gzip", "x-gzip", "deflate"})
_MEMBERS = 100  # of one gzip body: real ones have one
ONE_PACKET = 1400  # bytes: smaller text travels in one packet either way

_TEXT = frozenset(
    {"application/javascript", "application/x-javascript", "application/json",
     "application/ld+json", "application/manifest+json", "application/xml",
     "application/xhtml+xml", "application/rss+xml", "application/atom+xml", "image/svg+xml"}
)  # fmt: skip


def is_text(response: Response) -> bool:
    """Whether the body is text, by its Content-Type."""
    kind = response.header("content-type").partition(";")[0].strip().lower()
    return kind.startswith("text/") or kind in _TEXT


def encoding(response: Response) -> str:
    """How the body is packed: "br", "zstd", "gzip", "deflate"; empty when it is plain."""
    used = [part.strip().lower() for part in response.header("content-encoding").split(",")]
    return next((name for name in used if name in PACKED), "")


def sent_plain(response: Response) -> bool:
    """Whether text that is worth packing came without it, though we accept three encodings."""
    return is_text(response) and response.size > ONE_PACKET and not encoding(response)


def unpacked(response: Response, most: int) -> tuple[bytes, bool] | None:
    """The plain body, at most so many bytes, and whether that is all; None when we can't unpack it.

    Python's own library knows gzip and deflate, so a body packed in another way, or twice, stays
    closed. A body that was cut off gives what can be unpacked of its start.
    """
    used = [part.strip().lower() for part in response.header("content-encoding").split(",")]
    used = [name for name in used if name not in ("", "identity")]
    if not used:
        return response.body[:most], not response.truncated and len(response.body) <= most
    if len(used) > 1 or used[0] not in ("gzip", "x-gzip", "deflate"):
        return None
    raw = used[0] == "deflate" and not _has_zlib_header(response.body)
    plain, left = bytearray(), response.body
    try:
        for _ in range(_MEMBERS):  # of gzip, one may follow another (RFC 1952 2.2)
            if not left or len(plain) > most:
                break
            stream = zlib.decompressobj(-zlib.MAX_WBITS if raw else zlib.MAX_WBITS + 32)
            plain += stream.decompress(left, most + 1 - len(plain))
            if not stream.eof:
                return bytes(plain[:most]), False
            left = stream.unused_data
    except zlib.error:
        return None if not plain else (bytes(plain[:most]), False)
    return bytes(plain[:most]), len(plain) <= most and not left and not response.truncated


def _has_zlib_header(body: bytes) -> bool:
    """RFC 1950 2.2. Some servers call a bare stream "deflate"; browsers take both."""
    return len(body) > 1 and body[0] & 15 == 8 and int.from_bytes(body[:2], "big") % 31 == 0
