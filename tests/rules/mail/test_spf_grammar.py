"""RFC 7208 4.5 and 12: which texts are SPF records, and which terms the grammar allows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchready_tui.rules.mail.spf_grammar import (
    RECORD_LIMIT,
    included,
    is_spf,
    nearly_spf,
    parse,
    repaired,
)
from tests.every import every


@pytest.mark.parametrize(
    ("text", "spf", "near"),
    [
        ("v=spf1", True, False),
        ("v=spf1 -all", True, False),
        ("V=SPF1 -all", True, False),
        ("v=spf10 -all", False, True),
        ("v=spf1;-all", False, True),
        (" v=spf1 -all", False, True),
        ('"v=spf1 -all', False, True),
        ("“v=spf1 -all”", False, True),
        ("v = spf1 -all", False, True),
        ("spf1 include:a.example -all", False, True),
        ("spf2.0/pra -all", False, False),
        ("google-site-verification=x", False, False),
        ("", False, False),
    ],
)
def test_a_record_starts_with_the_version_and_a_space(text: str, spf: bool, near: bool) -> None:
    assert is_spf(text) is spf
    assert nearly_spf(text) is near


@every(
    "term",
    [
        "all",
        "-ALL",
        "~all",
        "include:_spf.example.com",
        "?include:_spf.example.com.",
        "include:xn--bcher-kva.example",
        "include:%{i}._spf.example.com",
        "include:_spf.%{d2}",
        "include:%{d1r+-}.example",
        "a",
        "a/24",
        "a//64",
        "a/24//64",
        "a:host.example/32//128",
        "mx",
        "-mx:example.com/0",
        "ptr",
        "ptr:example.com",
        "exists:%{ir}.sbl.example.org",
        "exists:%{l1r-}.%%.%_.%-.example.org",
        "ip4:192.0.2.1",
        "ip4:192.0.2.0/24",
        "ip6:2001:db8::/32",
        "ip6:::ffff:192.0.2.1",
        "redirect=_spf.example.com",
        "exp=explain._spf.%{d}",
        "ra=postmaster",
        "unknown.modifier-1_x=%{d}anything",
        "include=a.mistake.that.the.grammar.allows",
        "include:so.is.this,include:b.example",
        "ip4=192.0.2.1",
    ],
)
def test_terms_that_the_grammar_allows(term: str) -> None:
    record = parse(f"v=spf1 {term}")
    assert record.broken == ()
    assert [parsed.text for parsed in record.terms] == [term]


@every(
    "term",
    [
        "all:example.com",
        "all/24",
        "all;",
        "include",
        "include:",
        "include:localhost",
        "include:example.123",
        "include:example.com/24",
        "include:example.-com",
        "include:%{x}.example",
        "include:%{c}.example",
        "include:%{d0}.example",
        "include:%d.example",
        "include:%{d.example",
        "includes:_spf.example.com",
        "a:",
        "a:/24",
        "a/33",
        "a/024",
        "a//129",
        "a/",
        "a//",
        "mx:localhost",
        "ptr:",
        "ptr/24",
        "exists",
        "ip4",
        "ip4:",
        "ip4:192.0.2",
        "ip4:192.0.2.256",
        "ip4:192.0.02.1",
        "ip4:192.0.2.0/33",
        "ip4:192.0.2.0/",
        "ip4:192.0.2.0/+8",
        "ip4:2001:db8::1",
        "ip6:192.0.2.1",
        "ip6:2001:db8::/129",
        "ip6:fe80::1%eth0",
        "redirect=",
        "-redirect=example.com",
        "redirect:example.com",
        "exp=localhost",
        "x=%",
        "-",
        "+-all",
        "ipv4:192.0.2.1",
        "192.0.2.1",
        "v=spf1\tmx",
        "mx\u00a0a",
        "-аll",  # a Cyrillic letter
    ],
)
def test_terms_that_the_grammar_does_not_allow(term: str) -> None:
    assert parse(f"v=spf1 {term}").broken == (term,)


def test_redirect_and_exp_stand_at_most_once() -> None:
    record = parse("v=spf1 redirect=a.example redirect=b.example exp=c.example EXP=d.example")
    assert record.broken == ("redirect=b.example", "EXP=d.example")


def test_an_unknown_modifier_may_stand_twice() -> None:
    assert parse("v=spf1 x=1 x=2 -all").broken == ()


def test_nothing_after_all_is_tested_and_redirect_is_ignored_beside_it() -> None:
    record = parse("v=spf1 a -all include:b.example redirect=c.example")
    assert [term.name for term in record.tested()] == ["a"]
    assert record.end == "-"
    assert record.redirect is None


def test_redirect_comes_last_wherever_it_stands() -> None:
    record = parse("v=spf1 redirect=c.example a")
    assert [term.name for term in record.tested()] == ["a", "redirect"]
    assert record.end == ""


@pytest.mark.parametrize(
    ("term", "everyone"),
    [
        ("ip4:0.0.0.0/0", True),
        ("ip6:::/0", True),
        ("ip4:10.0.0.0/8", False),
        ("ip4:0.0.0.0", False),
    ],
)
def test_a_network_of_all_addresses(term: str, everyone: bool) -> None:
    assert parse(f"v=spf1 {term}").terms[0].everyone is everyone


def test_the_domains_that_a_record_includes_or_redirects_to() -> None:
    texts = (
        "v=spf1 a include:One.example. -include:two.example redirect=three.example",
        "include:other.example is no SPF record",
        "v=spf1 mx include:one.example -all",
    )
    assert included(texts) == ("one.example", "two.example", "three.example", "one.example")
    assert "three.example" not in included(texts, redirects=False)
    assert included(()) == ()


def test_a_record_that_is_far_too_long_is_not_read() -> None:
    record = parse("v=spf1 " + "a " * RECORD_LIMIT)
    assert record.terms == ()
    assert record.broken


@settings(deadline=None)  # two busy cores are no fault of the rule
@given(st.text(max_size=300))
def test_hostile_text_never_raises(text: str) -> None:
    record = parse(f"v=spf1 {text}")
    for term in record.terms:
        assert term.text in text
    nearly_spf(text)


@settings(deadline=None)  # two busy cores are no fault of the rule
@given(
    st.lists(
        st.sampled_from(
            ["a", "mx/24", "include:a.example", "ip4:192.0.2.1", "x=y", "-exists:%{i}.b.example"]
        ),
        max_size=12,
    ),
    st.integers(1, 4),
)
def test_any_number_of_spaces_between_valid_terms(terms: list[str], spaces: int) -> None:
    record = parse("v=spf1" + "".join(" " * spaces + term for term in terms) + " " * spaces)
    assert [term.text for term in record.terms] == terms
    assert record.broken == ()


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("v=spf1;include:a.example;-all", ["include:a.example", "-all"]),
        ("“v=spf1 a, mx -all”", ["a", "mx", "-all"]),
        ("no record at all", []),
    ],
)
def test_a_text_that_was_meant_as_spf_keeps_its_parts(text: str, terms: list[str]) -> None:
    assert [term.text for term in parse(repaired(text)).terms] == terms
