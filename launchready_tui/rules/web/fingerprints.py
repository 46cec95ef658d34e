"""Names of files that change with their content, as build tools make them.

A name that we do not recognise is not judged: missing one is better than a false reproach.
"""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import urlsplit

_HEX = re.compile(r"(?=[a-f0-9]*[0-9])(?=[a-f0-9]*[a-f])[a-f0-9]{8,64}|[a-f0-9]{16,64}")
_CODE = re.compile(r"[A-Z0-9]{8}")  # esbuild, for scripts and styles only: cameras name photos so
_MIXED = re.compile(r"[A-Za-z0-9_]{8,24}")
_QUERY = re.compile(r"(?:^|&)(?:v|ver|version|h|hash)=([A-Za-z0-9_-]{6,64})(?:&|$)")
_NAME = 200  # characters of a file's name that are looked at


def is_fingerprinted(url: str) -> bool:
    """Whether the name of a file changes with its content, so that it may be kept for ever.

    Counts: a part between dots, dashes or at either end that is 8 or more hexadecimal digits
    with both letters and digits among them (or 16 and more of any); one of 8 to 24 characters
    that mixes upper case, lower case and digits as chance does; for scripts and styles 8
    capitals and digits; and such a value of `?v=`. A release number is none of these.
    """
    parts = urlsplit(url)
    name = parts.path.rpartition("/")[2][-_NAME:]
    stem, _, ending = name.rpartition(".")
    code = ending in ("js", "mjs", "css")
    pieces = [piece for part in stem.split(".") for piece in _pieces(part)]
    if any(_is_hash(piece, code=code) for piece in pieces):
        return True
    asked = _QUERY.search(parts.query[:_NAME])
    return asked is not None and _is_hash(asked[1], code=code)


def _pieces(part: str) -> tuple[str, ...]:
    """A dash may stand before a hash or inside it: each piece, and all behind the first dash."""
    return (part, *part.split("-"), part.partition("-")[2])


def _is_hash(text: str, *, code: bool) -> bool:
    if _HEX.fullmatch(text):
        return True
    if code and _CODE.fullmatch(text):
        return any(c.isdigit() for c in text) and any(c.isalpha() for c in text)
    return bool(_MIXED.fullmatch(text)) and _looks_random(text)


def _looks_random(text: str) -> bool:
    """Whether the kind of character changes at half of the places or more, digits among them.

    In "LoginForm" or "iPhone14" it changes less often than by chance.
    """
    kinds = ["d" if c.isdigit() else "u" if c.isupper() else "l" if c.islower() else "-"
             for c in text]  # fmt: skip
    changes = sum(one != other for one, other in pairwise(kinds))
    return {"d", "u", "l"} <= set(kinds) and changes * 2 >= len(text)
