"""Tag lists, `name=value; name=value`, as DKIM keys and DMARC records write them: RFC 6376 3.2."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
_SPACE = " \t\r\n"


@dataclass(frozen=True, slots=True)
class TagList:
    """Tags in order, names in lower case; the first of a doubled name counts.

    `broken` holds parts that are no `name=value`, `doubled` the names that stand twice. What
    that means (ignore it, or ignore the record) is for DKIM and DMARC to say.
    """

    tags: Mapping[str, str]
    broken: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()

    def get(self, name: str, default: str = "") -> str:
        """The value of a tag, or `default` where it is not there."""
        return self.tags.get(name, default)


def parse(text: str) -> TagList:
    """Read a tag list. Never raises. Spaces around names and values do not count."""
    tags: dict[str, str] = {}
    broken: list[str] = []
    doubled: list[str] = []
    for part in text.split(";"):
        name, sign, value = part.partition("=")
        name = name.strip(_SPACE).lower()
        if not part.strip(_SPACE):
            continue
        if not sign or not _NAME.match(name):
            broken.append(part.strip(_SPACE))
        elif name in tags:
            doubled.append(name)
        else:
            tags[name] = value.strip(_SPACE)
    return TagList(tags, tuple(broken), tuple(doubled))
