"""The worst flaw of a delegation comes first, and silence alone proves nothing."""

from __future__ import annotations

from typing import Any

import pytest

from launchready_tui.rules.dns.delegation import Delegation, Flaw, Server, State, judge, say
from launchready_tui.vocabulary.facts import Unreachable

BOTH = frozenset({"ns1.d.example", "ns2.d.example"})


def server(number: int, state: State = "answers", reason: str = "", **more: Any) -> Server:
    names = more.pop("names", BOTH if state == "answers" else frozenset())
    serial = more.pop("serial", 1 if state == "answers" else None)
    return Server(f"ns{number}.d.example", f"192.0.2.{number}", state, reason, serial, names)


def delegation(*servers: Server, parent: frozenset[str] = BOTH) -> Delegation:
    return Delegation("d.example", "example", parent, servers)


def test_equal_sets_and_servers_that_all_answer_are_in_order() -> None:
    assert judge(delegation(server(1), server(2))) is None


@pytest.mark.parametrize("reason", ["refused", "servfail", "no-authority"])
def test_one_lame_server_is_a_flaw_and_so_are_all(reason: str) -> None:
    lame = server(2, "lame", reason)
    assert judge(delegation(server(1), lame)) == Flaw("lame", ("ns2.d.example",))
    both = judge(delegation(server(1, "lame", reason), lame))
    assert both == Flaw("lame", ("ns1.d.example", "ns2.d.example"))


def test_lame_comes_before_silent_and_silent_before_sets_that_differ() -> None:
    lame, silent = server(1, "lame", "refused"), server(2, "silent", "timeout")
    assert judge(delegation(lame, silent)) == Flaw("lame", ("ns1.d.example",))
    odd = delegation(server(1, names=frozenset({"x.example"})), silent)
    assert judge(odd) == Flaw("silent-server", ("ns2.d.example",))


@pytest.mark.parametrize("reason", ["timeout", "refused", "reset", "unreachable", "garbled"])
def test_silence_of_all_is_no_flaw(reason: str) -> None:
    found = judge(delegation(server(1, "silent", reason), server(2, "silent", reason)))
    assert found == Unreachable(reason, "ns1.d.example, ns2.d.example")


def test_a_name_without_an_address_is_silent() -> None:
    gone = Server("ns2.d.example", "", "silent", "no-address")
    assert judge(delegation(server(1), gone)) == Flaw("silent-server", ("ns2.d.example",))


def test_one_silent_address_of_a_server_counts() -> None:
    silent = Server("ns1.d.example", "2001:db8::1", "silent", "timeout")
    found = judge(delegation(server(1), silent, server(2)))
    assert found == Flaw("silent-server", ("ns1.d.example",))


@pytest.mark.parametrize("own", [
    frozenset({"ns1.d.example"}),
    frozenset({"ns1.d.example", "ns2.d.example", "ns3.d.example"}),
    frozenset({"ns1.d.example", "ns3.d.example"}),
])  # fmt: skip
def test_sets_that_differ_name_what_only_one_side_holds(own: frozenset[str]) -> None:
    found = judge(delegation(server(1, names=own), server(2, names=own)))
    assert found == Flaw("sets-differ", tuple(sorted(own ^ BOTH)))


def test_servers_that_do_not_tell_their_set_are_not_compared() -> None:
    nothing: frozenset[str] = frozenset()
    assert judge(delegation(server(1, names=nothing), server(2, names=nothing))) is None


def test_a_single_server_is_one_name_even_with_two_addresses() -> None:
    alone = frozenset({"ns1.d.example"})
    two = Server("ns1.d.example", "2001:db8::1", "answers", "", 1, alone)
    found = judge(delegation(server(1, names=alone), two, parent=alone))
    assert found == Flaw("single", ("ns1.d.example",))


def test_serials_that_differ_are_the_least_of_flaws() -> None:
    found = judge(delegation(server(1, serial=7), server(2, serial=8)))
    assert found == Flaw("serials-differ", ("ns1.d.example", "ns2.d.example"))
    assert judge(delegation(server(1, serial=7), server(2, serial=None))) is None


def test_each_answer_has_words() -> None:
    assert say(server(1)) == "answers, serial 1"
    assert "REFUSED" in say(server(1, "lame", "refused"))
    assert "no AA" in say(server(1, "lame", "no-authority"))
    assert say(server(1, "silent", "timeout")) == "no answer in time"
