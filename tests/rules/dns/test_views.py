"""Whether name servers agree: the table of who says what."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.dns.views import State, View, differ, in_order, say, truth, view
from launchready_tui.vocabulary.facts import Answer, DnsReply, NoData, NoSuchName, Unreachable
from tests.every import every

NAME = "a.example"
A = Answer(NAME, "A", ("192.0.2.1",), 60)
AAAA = Answer(NAME, "AAAA", ("2001:db8::1",), 30, ("b.example",))
ALIAS = Answer(NAME, "CNAME", ("edge.example.",), 60, ("edge.example",))
NONE, GONE, SILENT = NoData(NAME, "A"), NoSuchName(NAME), Unreachable("timeout")


@pytest.mark.parametrize(("a", "aaaa", "state"), [
    (A, AAAA, "addresses"),
    (A, NONE, "addresses"),
    (A, SILENT, "addresses"),
    (SILENT, AAAA, "addresses"),
    (NONE, NONE, "none"),
    (GONE, GONE, "missing"),
    (GONE, SILENT, "missing"),
    (NONE, SILENT, "silent"),
    (SILENT, SILENT, "silent"),
    (ALIAS, ALIAS, "elsewhere"),
    (ALIAS, SILENT, "elsewhere"),
])  # fmt: skip
def test_two_replies_make_a_view(a: DnsReply, aaaa: DnsReply, state: State) -> None:
    found = view("ns", a, aaaa)
    assert found.state == state
    assert say(found)
    assert (found.silence is not None) == (state == "silent")


def test_the_shorter_memory_counts() -> None:
    assert view("ns", A, AAAA).ttl == 30


def has(*addresses: str) -> View:
    return View("", "addresses", frozenset(addresses))


ONE, TWO, BOTH = has("192.0.2.1"), has("192.0.2.2"), has("192.0.2.1", "192.0.2.2")
EMPTY, MISSING = View("", "none"), View("", "missing")
ELSEWHERE, QUIET = View("", "elsewhere", chain=("x",)), View("", "silent", silence=SILENT)


@every(("resolvers", "authority", "answer"), [
    ((ONE,), (ONE,), False),
    ((ONE, QUIET), (ONE, QUIET), False),
    ((ONE,), (BOTH,), False),
    ((ONE, TWO), (BOTH,), False),
    ((ONE,), (TWO,), True),
    ((ONE, TWO), (ONE,), True),
    ((ONE,), (ONE, TWO), True),
    ((ONE, TWO), (), False),
    ((ONE, TWO), (QUIET,), False),
    ((ONE, TWO), (ELSEWHERE,), False),
    ((ONE, MISSING), (), True),
    ((ONE, EMPTY), (ELSEWHERE,), True),
    ((MISSING,), (ONE,), True),
    ((ONE,), (MISSING,), True),
    ((MISSING,), (EMPTY,), False),
    ((QUIET,), (ONE,), False),
    ((), (), False),
])  # fmt: skip
def test_who_differs(
    resolvers: tuple[View, ...], authority: tuple[View, ...], answer: bool
) -> None:
    assert differ(resolvers, authority) is answer


VIEWS = st.lists(st.sampled_from([ONE, TWO, BOTH, EMPTY, MISSING, ELSEWHERE, QUIET]), max_size=4)


@given(VIEWS, VIEWS)
def test_silence_and_order_change_nothing(resolvers: list[View], authority: list[View]) -> None:
    answer = differ(resolvers, authority)
    assert differ([*resolvers, QUIET], [QUIET, *authority]) is answer
    for order in list(permutations(authority))[:6]:
        assert differ(resolvers[::-1], order) is answer


def test_addresses_in_order() -> None:
    assert in_order(truth([BOTH, has("2001:db8::1")])) == ["192.0.2.1", "192.0.2.2", "2001:db8::1"]
