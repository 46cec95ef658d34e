"""Where an old address leads: each kind of walk, and how addresses may be written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.web.old_addresses import Judgement, judge, same_place, starts, worst
from launchready_tui.rules.web.redirects import Chain
from launchready_tui.rules.web.urls import web_url
from tests.every import every
from tests.rules.web.pages import answer, walk

OLD, NEW = "https://old.example/boats", "https://harbor.example/sell"
PLAIN = "http://old.example/boats"
HOME = "https://harbor.example/"

JUDGED = {
    "one step": (walk((OLD, 301), (NEW, 200)), "ok"),
    "308": (walk((OLD, 308), (NEW, 200)), "ok"),
    "none, and it is the page": (walk((NEW, 200)), "ok"),
    "http, one step": (walk((PLAIN, 301), (NEW, 200)), "ok"),
    "http, upgraded first": (walk((PLAIN, 301), (OLD, 301), (NEW, 200)), "ok"),
    "with www": (walk((OLD, 301), ("https://www.harbor.example/sell/", 200)), "ok"),
    "with a query": (walk((OLD, 301), (NEW + "?from=old", 200)), "ok"),
    "302": (walk((OLD, 302), (NEW, 200)), "temporary"),
    "307 on the way": (walk((PLAIN, 301), (OLD, 307), (NEW, 200)), "temporary"),
    "two steps": (walk((OLD, 301), (HOME + "a", 301), (NEW, 200)), "chain"),
    "http to another host first": (walk((PLAIN, 301), (HOME, 301), (NEW, 200)), "chain"),
    "three from http": (
        walk((PLAIN, 301), (OLD, 301), (HOME + "a", 301), (NEW, 200)), "chain"),
    "404": (walk((OLD, 301), (NEW, 404)), "dead-end"),
    "410 at once": (walk((OLD, 410)), "dead-end"),
    "500": (walk((OLD, 301), (NEW, 503)), "dead-end"),
    "no such host": (walk((OLD, 301), (NEW, 0), end="no-address"), "dead-end"),
    "no such old host": (walk((OLD, 0), end="no-address"), "dead-end"),
    "refused after a step": (walk((OLD, 301), (NEW, 0), end="refused"), "dead-end"),
    "the home page": (walk((OLD, 301), (HOME, 200)), "elsewhere"),
    "a page of its own": (walk((OLD, 200)), "stays"),
    "refused": (walk((OLD, 0), end="refused"), "refused"),
    "timeout": (walk((OLD, 0), end="timeout"), "timeout"),
    "timeout after a step": (walk((OLD, 301), (NEW, 0), end="timeout"), "timeout"),
    "reset": (walk((OLD, 0), end="reset"), "reset"),
    "403": (walk((OLD, 301), (NEW, 403)), "blocked"),
    "401 elsewhere": (walk((OLD, 301), (HOME, 401)), "blocked"),
    "401 there": (walk((OLD, 301), (NEW, 401)), "ok"),
    "429": (walk((OLD, 429)), "rate-limited"),
}  # fmt: skip


@every("name", JUDGED)
def test_where_a_walk_ends(name: str) -> None:
    taken, expected = JUDGED[name]
    assert judge(taken, NEW).name == expected


def test_a_loop_comes_first() -> None:
    round_trip = walk((OLD, 301), (OLD, 301))
    assert judge(Chain(round_trip.hops, round_trip.end, loop=True), NEW).name == "loop"


def test_a_challenge_on_the_way_is_no_dead_end() -> None:
    kept = answer(NEW, 503, ("cf-mitigated", "challenge"))
    found = judge(Chain((answer(OLD, 301, ("Location", NEW)),), kept), NEW)
    assert (found.kind, found.name) == ("unknown", "challenge")


def test_steps_beyond_a_page_that_asks_for_a_sign_in_are_its_own() -> None:
    sign_in = "https://app.harbor.example/sign-in"
    taken = walk((OLD, 301), (NEW, 302), (sign_in + "?next=/sell", 200))
    found = judge(taken, NEW, sign_in)
    assert (found.name, found.facts["hops"]) == ("ok", "1")
    assert judge(taken, NEW).name == "elsewhere"


def test_the_facts_of_a_walk() -> None:
    found = judge(walk((OLD, 302), (HOME + "a", 301), (NEW, 200)), NEW)
    assert found.facts == {"status": "302", "hops": "2", "to": NEW}


@pytest.mark.parametrize(("declared", "asked"), [
    ("https://Old.example/a", ("https://old.example/a",)),
    ("http://old.example", ("http://old.example/",)),
    ("old.example/a", ("https://old.example/a", "http://old.example/a")),
    ("//old.example/a", ("https://old.example/a", "http://old.example/a")),
    ("/a", ("https://harbor.example/a", "http://harbor.example/a")),
    ("ftp://old.example/", ()),
    ("https://", ()),
    ("", ()),
])  # fmt: skip
def test_how_addresses_may_be_written(declared: str, asked: tuple[str, ...]) -> None:
    assert starts(declared, "harbor.example") == asked


def test_the_worse_of_two_ways_counts_and_a_silent_one_is_left_out() -> None:
    fine = Judgement("ok", "ok", {"status": "301"})
    silent = Judgement("unknown", "refused", {"status": ""})
    stuck = Judgement("unknown", "timeout", {"status": "301"})
    bad = Judgement("fail", "chain", {"status": "301"})
    assert worst((fine, bad)) is bad
    assert worst((silent, fine)) is fine
    assert worst((silent, silent)) is silent
    assert worst((fine, stuck)) is stuck


@pytest.mark.parametrize(("one", "other", "same"), [
    (NEW, NEW + "/", True),
    (NEW + "?a=1", NEW, True),
    (NEW, NEW + "?a=1", False),
    (NEW, "http://www.harbor.example/sell", True),
    (NEW, "https://app.harbor.example/sell", False),
    (NEW, "https://harbor.example/Sell", False),
    (NEW, "https://harbor.example:8443/sell", False),
])  # fmt: skip
def test_which_addresses_mean_one_page(one: str, other: str, same: bool) -> None:
    assert same_place(one, other) is same


@given(st.text(max_size=80))
def test_whatever_is_declared_is_asked_as_an_address_or_not_at_all(declared: str) -> None:
    for url in starts(declared, "harbor.example"):
        assert url == web_url(url)
        assert same_place(url, url)
