"""Reading pages: what browsers forgive, and that no page takes long."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.web.html import READ, canonical, decode, same_content, tags, title, words
from launchready_tui.vocabulary.facts import Response
from tests.every import every

NOW = datetime(2026, 11, 3, tzinfo=UTC)


def page(text: str, *headers: tuple[str, str], url: str = "https://harbor.example/") -> Response:
    return Response(url, 200, headers, text.encode(), "192.0.2.1", NOW)


TAGS = {
    '<link rel="canonical" href="https://www.harbor.example/">': "https://www.harbor.example/",
    "<LINK HREF=/x REL=Canonical>": "https://harbor.example/x",
    "<link\n rel = 'alternate canonical'\n href = '/a&amp;b' />": "https://harbor.example/a&b",
    '<base href="https://b.example/c/"><link rel=canonical href=d>': "https://b.example/c/d",
    '<!-- <link rel=canonical href="/no"> --><link rel=canonical href="/yes">':
        "https://harbor.example/yes",
    '<script>"<link rel=canonical href=/no>"</script><link rel=canonical href=/yes>':
        "https://harbor.example/yes",
    '<link data-x=">" rel=canonical href=/yes>': "https://harbor.example/yes",
    "<body><link rel=canonical href=/late>": None,
    '<link rel="canonical">': None,
    '<link rel=canonical href="javascript:1">': None,
    "<link rel=alternate href=/x>": None,
    "<!-- <link rel=canonical href=/x>": None,
    "<link rel=canonical href='/x": None,
}  # fmt: skip


@pytest.mark.parametrize("text", TAGS)
def test_the_address_that_a_page_names_as_its_own(text: str) -> None:
    assert canonical(page(text)) == TAGS[text]


def test_a_header_names_it_too() -> None:
    link = '<https://www.harbor.example/>; rel="canonical"'
    assert canonical(page("", ("Link", link))) == "https://www.harbor.example/"
    assert canonical(page("", ("Link", '</s.css>; rel=preload, </p>; rel="canonical"'))) == (
        "https://harbor.example/p"
    )


def test_title_and_words() -> None:
    text = "<title> Harbor\n &amp; Market </title><p>Boats<br>and <b>more</b></p><script>x</script>"
    assert title(text) == "Harbor & Market"
    assert words(text) == ["Boats", "and", "more"]
    assert title("<p>none") == ""


def test_the_charset_is_the_pages_own() -> None:
    response = Response(
        "https://a.example/", 200, (("Content-Type", "text/html; charset=iso-8859-1"),),
        "caf\xe9".encode("latin-1"), "", NOW,
    )  # fmt: skip
    assert decode(response) == "café"
    assert decode(page('<meta charset="punycode">ü')) == '<meta charset="punycode">ü'
    assert decode(page('<meta charset="iso-8859-99">ü')).endswith("ü")


LONG = " ".join(f"word{number}" for number in range(200))


@pytest.mark.parametrize(("one", "other", "same"), [
    ("", "", True),
    (f"<p>{LONG}", f"<p>{LONG}", True),
    (f"<p>{LONG}<input value=1>", f"<p>{LONG}<input value=2>", True),
    (f"<p>{LONG} Tuesday", f"<p>{LONG} Friday", True),
    (f"<p>{LONG}", "<p>Something else altogether stands here.", False),
    ("<script src=https://a.example/app.1.js></script>", "<script src=/app.1.js></script>", True),
    ("<script src=/app.1.js></script>", "<script src=/app.2.js></script>", False),
    ("<title>A</title>", "<title>B</title>", False),
])  # fmt: skip
def test_when_two_pages_show_the_same(one: str, other: str, same: bool) -> None:
    assert same_content(page(one), page(other)) is same


@every(
    "unit",
    ["<", "<!", "<!--", "<a", "<a b='", "<a b=", "<a b", "</", "<?", "&", "&#x", "<script>", '<a "',
     "<title>", "<title></titl", "<svg></svg>", "<link rel=canonical href='", "<a   =",
     "<base href=x>"],
)  # fmt: skip
def test_hostile_markup_takes_no_longer_than_its_length_deserves(unit: str) -> None:
    response = page((unit * READ)[:READ])
    began = time.process_time()
    canonical(response)
    title(decode(response))
    words(decode(response))
    assert time.process_time() - began < 5


@given(st.text(alphabet="<>/='\"!-abclinkrel \n&;", max_size=300))
def test_no_page_breaks_it(text: str) -> None:
    response = page(text)
    canonical(response)
    same_content(response, page(text + "x"))
    assert all(tag.name for tag in tags(text))
