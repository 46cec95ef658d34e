"""How long an answer may be used again, by browsers and by caches on the way (RFC 9111).

A browser's cache is private: one person's. One that serves several people (an edge, a proxy) is
shared. The same headers mean different things to the two, so each question names its cache.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

from launchready_tui.vocabulary.facts import Response

Cache = Literal["private", "shared"]
Source = Literal["s-maxage", "max-age", "expires", "heuristic", "none"]

DAY = 24 * 60 * 60
FOREVER = 2**31  # seconds: what a number counts as that is too large to hold (1.2.2)
_DIRECTIVES = 100  # of one answer that are read
_DATE = 100  # characters of a date that are read
# What may be kept on a guess, when nothing says for how long (RFC 9110 15.1).
_GUESSED = frozenset({200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501})
_PART = re.compile(r'(?:[^",]|"(?:[^"\\]|\\.)*"?)+', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_NUMBER = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class CacheControl:
    """The directives of an answer in order, names in lower case (5.2).

    An argument has lost its quotes; it is None where there was none. Unknown directives are kept:
    a cache ignores them, and so does every question here.
    """

    directives: tuple[tuple[str, str | None], ...] = ()

    def has(self, name: str) -> bool:
        """Whether the directive stands there, with or without an argument."""
        return any(key == name for key, _ in self.directives)

    def whole(self, name: str) -> bool:
        """Whether it holds for the whole answer, and not only for the header fields it lists.

        `private="set-cookie"` and `no-cache="set-cookie"` leave the rest of the answer alone
        (5.2.2.4, 5.2.2.7).
        """
        return any(key == name and not argument for key, argument in self.directives)

    def seconds(self, name: str) -> int | None:
        """The seconds that a directive gives; None when it is not there.

        The first one counts. One that is no whole number makes the answer stale: 0 (4.2.1).
        """
        for key, argument in self.directives:
            if key == name:
                return _seconds(argument or "") or 0
        return None


@dataclass(frozen=True, slots=True)
class Lifetime:
    """For how many seconds an answer is fresh, counted from when its origin made it (4.2.1)."""

    seconds: int
    source: Source


def cache_control(headers: Iterable[tuple[str, str]]) -> CacheControl:
    """Every Cache-Control line of an answer, as one list (RFC 9110 5.3)."""
    return CacheControl(tuple(_directives(headers)))


def may_store(response: Response, cache: Cache) -> bool:
    """Whether this cache may keep the answer at all (3)."""
    control = cache_control(response.headers)
    if control.has("no-store"):
        return False
    if cache == "shared" and control.whole("private"):
        return False
    return (
        control.has("public")
        or control.has("private")
        or lifetime(response, cache).source != "none"
        or response.status in _GUESSED
    )


def lifetime(response: Response, cache: Cache) -> Lifetime:
    """How long the answer is fresh: what it says, else what a cache may guess (4.2.1, 4.2.2).

    A guess is a tenth of the time since the last change, as the RFC proposes and browsers do.
    """
    said = explicit(response, cache)
    if said is not None:
        return said
    changed = http_date(response.header("last-modified"))
    if changed is None or response.status not in _GUESSED:
        return Lifetime(0, "none")
    idle = (_made(response) - changed).total_seconds()
    return Lifetime(max(0, int(idle / 10)), "heuristic")


def explicit(response: Response, cache: Cache) -> Lifetime | None:
    """The lifetime that the answer states; None when it states none (4.2.1).

    `s-maxage` is for shared caches and comes first there, then `max-age`, then `Expires`. An
    `Expires` that is no date ("0", "-1") lies in the past (5.3).
    """
    control = cache_control(response.headers)
    shared = control.seconds("s-maxage") if cache == "shared" else None
    if shared is not None:
        return Lifetime(shared, "s-maxage")
    most = control.seconds("max-age")
    if most is not None:
        return Lifetime(most, "max-age")
    expires = [value for key, value in response.headers if key.lower() == "expires"]
    if not expires:
        return None
    end = http_date(expires[0])
    seconds = 0 if end is None else int((end - _made(response)).total_seconds())
    return Lifetime(min(max(0, seconds), FOREVER), "expires")


def age(response: Response) -> int:
    """How many seconds ago the origin made or confirmed the answer (4.2.3), at least.

    An `Age` that is no number counts as none (5.1).
    """
    stated = _seconds(response.header("age").partition(",")[0].strip())
    apparent = int((response.at - _made(response)).total_seconds())
    return max(0, apparent, stated or 0)


def held(response: Response, cache: Cache) -> int:
    """For how many seconds this cache may show the answer again without asking.

    0 when it may not keep the answer, or must ask each time (`no-cache`, 5.2.2.4). Counted from
    when the origin made it: what is left of that on the way is the caller's to take off.
    """
    if not may_store(response, cache) or cache_control(response.headers).whole("no-cache"):
        return 0
    return lifetime(response, cache).seconds


def http_date(text: str) -> datetime | None:
    """A date in any of the three forms of RFC 9110 5.6.7, in UTC; None when it is none."""
    if not text or len(text) > _DATE:
        return None
    try:
        found = parsedate_to_datetime(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _made(response: Response) -> datetime:
    """When the origin made the answer: its Date, or when we got it (RFC 9110 6.6.1)."""
    return http_date(response.header("date")) or response.at


def _directives(headers: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str | None]]:
    text = ",".join(value for key, value in headers if key.lower() == "cache-control")
    for count, part in enumerate(_PART.finditer(text)):
        if count >= _DIRECTIVES:
            return
        name, equals, argument = part[0].partition("=")
        name = name.strip().lower()
        if name:
            yield name, _unquoted(argument.strip()) if equals else None


def _unquoted(text: str) -> str:
    """Both forms of an argument must be taken (5.2): `max-age=60` and `max-age="60"`."""
    if not text.startswith('"'):
        return text
    return _ESCAPED.sub(r"\1", text[1:].removesuffix('"'))


def _seconds(text: str) -> int | None:
    """A number of seconds (1.2.2); None when it is none."""
    if not _NUMBER.fullmatch(text):
        return None
    return min(int(text), FOREVER) if len(text) <= 10 else FOREVER
