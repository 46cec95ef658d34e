"""Whether text travels packed (RFC 9110 8.4)."""

from __future__ import annotations

from launchready_tui.facts import Response

ENCODINGS = "br, zstd, gzip"  # what we accept, as today's browsers do
PACKED = frozenset({"br", "zstd", "gzip", "x-gzip", "deflate"})
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
