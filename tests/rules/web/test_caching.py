"""Freshness by RFC 9111: what a browser and a shared cache may use again, and for how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.web.caching import (
    FOREVER,
    Cache,
    Lifetime,
    age,
    cache_control,
    explicit,
    held,
    http_date,
    lifetime,
    may_store,
)
from launchready_tui.vocabulary.facts import Response

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
YEAR = 31_536_000


def answer(*headers: tuple[str, str], status: int = 200) -> Response:
    return Response("https://harbor.example/", status, headers, b"", "192.0.2.1", NOW)


def cached(text: str, *headers: tuple[str, str], status: int = 200) -> Response:
    return answer(("Cache-Control", text), *headers, status=status)


def at(**ago: float) -> str:
    return format_datetime(NOW - timedelta(**ago), usegmt=True)


@pytest.mark.parametrize(("text", "directives"), [
    ("public, max-age=60", (("public", None), ("max-age", "60"))),
    ("Public,MAX-AGE=60", (("public", None), ("max-age", "60"))),
    (" , ,no-store,, ", (("no-store", None),)),
    ('max-age="60"', (("max-age", "60"),)),
    ('private="set-cookie, x-user", max-age=1',
     (("private", "set-cookie, x-user"), ("max-age", "1"))),
    (r'x="a\"b,c"', (("x", 'a"b,c'),)),
    ('no-cache="set-cookie', (("no-cache", "set-cookie"),)),
    ("max-age=1=2", (("max-age", "1=2"),)),
    ("public; max-age=60", (("public; max-age", "60"),)),
    ("=5", ()),
    ("", ()),
])  # fmt: skip
def test_directives_are_read(text: str, directives: tuple[tuple[str, str | None], ...]) -> None:
    assert cache_control((("cache-control", text),)).directives == directives


def test_several_lines_are_one_list() -> None:
    lines = (("Cache-Control", "public"), ("X", "y"), ("cache-control", "max-age=5"))
    assert cache_control(lines).directives == (("public", None), ("max-age", "5"))


@pytest.mark.parametrize(("text", "private", "shared"), [
    ("max-age=60", 60, 60),
    ("max-age=60, s-maxage=600", 60, 600),
    ("s-maxage=600", None, 600),
    ("max-age=60, max-age=3600", 60, 60),  # the first of two
    ("max-age=soon", 0, 0),
    ("max-age=-1", 0, 0),
    ("max-age=1.5", 0, 0),
    ("max-age", 0, 0),
    ("max-age=٣", 0, 0),  # digits of other scripts are none here
    ("max-age=99999999999999999999", FOREVER, FOREVER),
    ("s-maxage=x, max-age=60", 60, 0),
    ("public", None, None),
])  # fmt: skip
def test_the_stated_lifetime(text: str, private: int | None, shared: int | None) -> None:
    found = (explicit(cached(text), "private"), explicit(cached(text), "shared"))
    assert tuple(each and each.seconds for each in found) == (private, shared)


@pytest.mark.parametrize(("expires", "seconds"), [
    (at(hours=-1), 3600),
    (at(hours=1), 0),
    ("0", 0),
    ("-1", 0),
    ("never", 0),
    ("", 0),
    ("Tue Nov  3 13:00:00 2026", 3600),
    ("Tuesday, 03-Nov-26 13:00:00 GMT", 3600),
    ("x" * 60_000, 0),
])  # fmt: skip
def test_expires_counts_from_the_date_of_the_answer(expires: str, seconds: int) -> None:
    reply = answer(("Expires", expires), ("Date", at()))
    assert explicit(reply, "private") == Lifetime(seconds, "expires")


def test_max_age_comes_before_expires() -> None:
    reply = cached("max-age=60", ("Expires", at(days=-9)))
    assert lifetime(reply, "private") == Lifetime(60, "max-age")


def test_without_a_date_expires_counts_from_now() -> None:
    assert lifetime(answer(("Expires", at(hours=-2))), "shared").seconds == 7200


def test_a_cache_may_guess_a_tenth_of_the_time_since_the_last_change() -> None:
    reply = answer(("Last-Modified", at(days=100)), ("Date", at()))
    assert lifetime(reply, "private") == Lifetime(10 * 86_400, "heuristic")
    assert lifetime(answer(("Last-Modified", at(days=-1))), "private").seconds == 0
    assert lifetime(answer(("Last-Modified", at(days=9)), status=302), "private").source == "none"
    assert lifetime(answer(), "private") == Lifetime(0, "none")


@pytest.mark.parametrize(("text", "private", "shared"), [
    ("public, max-age=31536000, immutable", YEAR, YEAR),
    ("private, max-age=300", 300, 0),
    ("private, no-store", 0, 0),
    ("no-store, max-age=300", 0, 0),
    ("no-cache, max-age=300", 0, 0),
    ('no-cache="set-cookie", max-age=300', 300, 300),
    ('private="set-cookie", max-age=300', 300, 300),
    ("public, max-age=0, s-maxage=600, must-revalidate", 0, 600),
    ("max-age=300, must-revalidate", 300, 300),
    ("private, s-maxage=600", 0, 0),
    ("public", 0, 0),
])  # fmt: skip
def test_how_long_each_cache_may_show_it_without_asking(
    text: str, private: int, shared: int
) -> None:
    assert (held(cached(text), "private"), held(cached(text), "shared")) == (private, shared)


@pytest.mark.parametrize(("reply", "private", "shared"), [
    (answer(), True, True),
    (answer(status=302), False, False),
    (cached("max-age=60", status=302), True, True),
    (cached("s-maxage=60", status=302), False, True),
    (cached("public", status=302), True, True),
    (cached("private", status=302), True, False),
    (cached("no-store"), False, False),
    (cached("No-Store, public, max-age=60"), False, False),
    (answer(("Expires", "0"), status=302), True, True),
])  # fmt: skip
def test_what_may_be_kept_at_all(reply: Response, private: bool, shared: bool) -> None:
    assert (may_store(reply, "private"), may_store(reply, "shared")) == (private, shared)


@pytest.mark.parametrize(("headers", "seconds"), [
    ((("Age", "30"),), 30),
    ((("Age", "30, 40"),), 30),
    ((("Age", "long"),), 0),
    ((("Age", "-3"),), 0),
    ((("Date", at(minutes=1)),), 60),
    ((("Date", at(minutes=1)), ("Age", "90")), 90),
    ((("Date", at(minutes=-1)),), 0),
    ((("Date", "yesterday"),), 0),
    ((), 0),
])  # fmt: skip
def test_the_age_of_an_answer(headers: tuple[tuple[str, str], ...], seconds: int) -> None:
    assert age(answer(*headers)) == seconds


@pytest.mark.parametrize("text", ["", "0", "Thu, 01 Jan 99999 00:00:00 GMT", "31 Feb 2026"])
def test_what_is_no_date(text: str) -> None:
    assert http_date(text) is None


CACHES: tuple[Cache, ...] = ("private", "shared")
DIRECTIVE = st.one_of(
    st.sampled_from(["public", "private", "no-store", "no-cache", "immutable", "must-revalidate"]),
    st.builds("{}={}".format, st.sampled_from(["max-age", "s-maxage"]), st.integers(0, 10**12)),
    st.text(st.characters(exclude_characters=","), max_size=12),
)


@given(st.lists(DIRECTIVE, max_size=6), st.sampled_from(CACHES))
def test_no_store_always_wins(directives: list[str], cache: Cache) -> None:
    assert held(cached(", ".join(["no-store", *directives])), cache) == 0


@given(st.lists(DIRECTIVE, max_size=6), st.text(max_size=40), st.sampled_from(CACHES))
def test_whatever_the_headers_say_there_is_a_lifetime(
    directives: list[str], date: str, cache: Cache
) -> None:
    reply = cached(", ".join(directives), ("Expires", date), ("Date", date), ("Age", date))
    assert 0 <= held(reply, cache) <= FOREVER
    assert age(reply) >= 0


@given(st.lists(st.sampled_from(["public", "max-age=60", "no-cache", "s-maxage=9"]), max_size=5))
def test_private_keeps_every_shared_cache_out(directives: list[str]) -> None:
    assert held(cached(", ".join([*directives, "private"])), "shared") == 0


@given(st.text(st.characters(codec="ascii"), max_size=30))
def test_a_quoted_argument_reads_as_it_was_written(text: str) -> None:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    found = cache_control((("Cache-Control", f'x="{quoted}", max-age=1'),))
    assert found.directives == (("x", text), ("max-age", "1"))


@pytest.mark.parametrize("text", ['"' * 60_000, "," * 60_000, 'a="\\' * 15_000, "a" * 60_000,
                                  "a=" * 30_000, '"\\' * 30_000])  # fmt: skip
def test_hostile_headers_take_no_time(text: str) -> None:
    began = perf_counter()
    held(cached(text), "shared")
    assert perf_counter() - began < 0.5
