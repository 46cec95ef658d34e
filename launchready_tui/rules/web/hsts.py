"""Whether a host tells browsers to come by https alone, and for how long (RFC 6797)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from launchready_tui.vocabulary.facts import Response

LONG_ENOUGH = 180  # days
_DAY = 86_400  # seconds
_LONGEST = 100 * 365 * _DAY  # more than that is as good as for ever
_AGE = re.compile(r'"?([0-9]{1,30})"?')

Kind = Literal["ok", "missing", "short", "off", "unreadable", "conflicting"]


@dataclass(frozen=True, slots=True)
class Hsts:
    """What the headers of one response say together; `days` is rounded down."""

    kind: Kind
    days: int = 0
    values: tuple[str, ...] = ()


def judge(response: Response) -> Hsts:
    """Read Strict-Transport-Security of an https response (6797 6.1).

    A browser heeds only the first header (8.1), so two that differ say what nobody meant.
    """
    found = [value.strip() for key, value in response.headers
             if key.lower() == "strict-transport-security"]  # fmt: skip
    values = tuple(dict.fromkeys(found))
    if not values:
        return Hsts("missing")
    if len({_directives(value) for value in values}) > 1:
        return Hsts("conflicting", values=values)
    seconds = max_age(values[0])
    if seconds is None:
        return Hsts("unreadable", values=values)
    days = seconds // _DAY
    if not seconds:
        return Hsts("off", values=values)
    return Hsts("ok" if days >= LONG_ENOUGH else "short", days, values)


def max_age(value: str) -> int | None:
    """The seconds of `max-age`; None when the header has none, has two, or spells it wrongly."""
    ages = [text for name, text in _directives(value) if name == "max-age"]
    age = _AGE.fullmatch(ages[0]) if len(ages) == 1 else None
    return min(int(age[1]), _LONGEST) if age else None


def _directives(value: str) -> tuple[tuple[str, str], ...]:
    parts = (part.partition("=") for part in value.split(";") if part.strip())
    return tuple(sorted((name.strip().lower(), text.strip()) for name, _, text in parts))
