"""Walks: where they lead, how many steps are in order, and which cookies go along."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.web.cookies import Jar, carry, cookie_header
from launchready_tui.rules.web.redirects import (
    Chain,
    hops_due,
    hops_to,
    is_permanent,
    redirect_target,
    steps,
)
from launchready_tui.vocabulary.facts import Response

NOW = datetime(2026, 11, 3, tzinfo=UTC)
APEX, WWW = "https://harbor.example", "https://www.harbor.example"


def answer(url: str, status: int = 200, *headers: tuple[str, str]) -> Response:
    return Response(url, status, headers, b"", "192.0.2.1", NOW)


def walk(*urls: str) -> Chain:
    pairs = pairwise(urls)
    return Chain(tuple(answer(a, 301, ("Location", b)) for a, b in pairs), answer(urls[-1]))


@pytest.mark.parametrize(("status", "location", "target"), [
    (301, "/x", f"{APEX}/x"),
    (302, WWW, f"{WWW}/"),
    (308, "//other.example/y", "https://other.example/y"),
    (300, "/x", None),
    (304, "/x", None),
    (200, "/x", None),
    (301, "", None),
    (301, "mailto:a@b.example", None),
])  # fmt: skip
def test_where_a_redirect_leads(status: int, location: str, target: str | None) -> None:
    assert redirect_target(answer(f"{APEX}/", status, ("location", location))) == target


@pytest.mark.parametrize(("start", "due"), [
    (f"{APEX}/", 0),
    ("http://harbor.example/", 1),
    (f"{WWW}/", 1),
    ("http://www.harbor.example/", 2),
])  # fmt: skip
def test_how_many_steps_are_in_order(start: str, due: int) -> None:
    assert hops_due(start, APEX) == due


def test_steps_are_counted_to_the_first_page_of_the_right_place() -> None:
    chain = walk("http://www.harbor.example/", f"{WWW}/", f"{APEX}/", f"{APEX}/en")
    assert steps(chain)[0] == "http://www.harbor.example/"
    assert hops_to(APEX, chain) == 2
    assert hops_to(APEX, walk(f"{APEX}/")) == 0
    assert hops_to("https://nowhere.example", chain) == 3


def test_for_good_is_301_and_308() -> None:
    assert [status for status in range(300, 309) if is_permanent(status)] == [301, 308]


COOKIES = {
    "a=1": ("a=1", "", "a=1"),
    'a="1"; Path=/; Secure': ("a=1", "", "a=1"),
    "a=1; Domain=harbor.example": ("a=1", "a=1", "a=1"),
    "a=1; Domain=.Harbor.Example": ("a=1", "a=1", "a=1"),
    "a=1; Domain=other.example": ("", "", ""),
    "a=1; Domain=example": ("", "", ""),
    "a=1\r\nX: y": ("", "", ""),
    "=1": ("", "", ""),
    "a": ("", "", ""),
    "a=" + "b" * 3000: ("", "", ""),
}


@pytest.mark.parametrize("cookie", COOKIES)
def test_cookies_go_where_browsers_send_them(cookie: str) -> None:
    jar = carry({}, answer(f"{APEX}/", 302, ("Set-Cookie", cookie)), 20)
    own, below, again = COOKIES[cookie]
    assert cookie_header(jar, f"{APEX}/") == own
    assert cookie_header(jar, f"{WWW}/") == below
    assert cookie_header(jar, f"{APEX}/other") == again
    assert cookie_header(jar, "https://other.example/") == ""


@given(st.lists(st.text(max_size=60), max_size=40))
def test_no_cookie_breaks_a_header(cookies: list[str]) -> None:
    jar: Jar = {}
    for cookie in cookies:
        jar = carry(jar, answer(f"{APEX}/", 302, ("set-cookie", cookie)), 20)
    header = cookie_header(jar, f"{APEX}/")
    assert len(jar) <= 20
    assert header == "" or (header.isascii() and header.isprintable())
