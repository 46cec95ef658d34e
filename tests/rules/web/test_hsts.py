"""Strict-Transport-Security as browsers read it (RFC 6797)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.web.hsts import judge, max_age
from tests.every import every
from tests.rules.web.pages import answer

NAME = "Strict-Transport-Security"
CASES = [
    ((), "missing", 0),
    (("max-age=300",), "short", 0),
    (("max-age=15551999",), "short", 179),
    (("max-age=15552000",), "ok", 180),
    (('MAX-AGE="31536000"; includeSubDomains',), "ok", 365),
    (("max-age = 31536000 ;; preload",), "ok", 365),
    (("max-age=99999999999999999999",), "ok", 36500),
    (("max-age=0",), "off", 0),
    (("includeSubDomains",), "unreadable", 0),
    (("max-age=31536000; max-age=0",), "unreadable", 0),
    (("max-age=1 year",), "unreadable", 0),
    (("max-age=-1",), "unreadable", 0),
    (("",), "unreadable", 0),
    (("max-age=31536000", "max-age=31536000"), "ok", 365),
    (("max-age=31536000", " MAX-AGE=31536000 "), "ok", 365),
    (("max-age=31536000", "max-age=0"), "conflicting", 0),
    (("max-age=31536000", "max-age=31536000; includeSubDomains"), "conflicting", 0),
]


@every(("values", "kind", "days"), CASES)
def test_what_the_headers_say(values: tuple[str, ...], kind: str, days: int) -> None:
    found = judge(answer("https://a.example/", 200, *((NAME, value) for value in values)))
    assert (found.kind, found.days) == (kind, days)


@given(st.text(max_size=300))
def test_reading_any_header_ends(text: str) -> None:
    age = max_age(text)
    assert age is None or age >= 0
