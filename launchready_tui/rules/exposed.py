"""Files that a site must not give away, known by their marker. Nothing of them is kept."""

from __future__ import annotations

import re
from typing import Literal

from launchready_tui.facts import Response

Secret = Literal["settings", "source-history"]

# What each address would hold. Few, because each is one more request to somebody's site.
PATHS: tuple[tuple[str, Secret], ...] = (
    ("/.env", "settings"),
    ("/.git/HEAD", "source-history"),
    ("/.git/config", "source-history"),
    ("/.env.production", "settings"),
)

_READ = 4096  # bytes that are looked at
_PAGE = re.compile(rb"<(?:!doctype|html|head|body|\?xml)\b", re.IGNORECASE)
_SETTING = re.compile(r"(?:export\s+)?[A-Za-z_][A-Za-z0-9_.]{1,63}\s*=")
_NAME = re.compile(r"(?:export\s+)?[A-Z][A-Z0-9_]{1,63}\s*=")
_HEAD = re.compile(rb"ref: refs/[^\s]{1,200}\s*\Z|[0-9a-f]{40}(?:[0-9a-f]{24})?\s*\Z")
_SECTION = re.compile(rb"^\s*\[core\]\s*$", re.MULTILINE)


def gives_away(response: Response, kind: Secret) -> bool:
    """Whether the answer is the file itself, and not a page that the site shows for every path.

    It must be a 200 without any HTML. Settings are lines of `KEY=value`, with a name in capitals
    among them; the history of the source says `ref: refs/...` or has a `[core]` section.
    """
    body = response.body[:_READ]
    if response.status != 200 or not body or _PAGE.search(body):
        return False
    if kind == "source-history":
        return bool(_HEAD.match(body) or _SECTION.search(body))
    return _is_settings(body.decode("utf-8", "replace"))


def _is_settings(text: str) -> bool:
    """Half of the lines at least, comments aside: a value may span some, a story has few."""
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    settings = sum(bool(_SETTING.match(line)) for line in lines)
    return any(_NAME.match(line) for line in lines) and settings * 2 >= len(lines)
