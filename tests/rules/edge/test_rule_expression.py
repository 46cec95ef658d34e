"""Cloudflare's rule expressions: what we can tell of them, and what we must leave open."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.edge.rule_expression import LENGTH, matches, wildcard
from tests.every import every

URL = "https://app.harbor.example/dashboard/orders.html?page=2"
PATH = "http.request.uri.path"


@every(
    ("expression", "expected"),
    [
        ("true", True),
        ("false", False),
        ("ssl", True),
        ('http.host eq "app.harbor.example"', True),
        ('(http.host eq "app.harbor.example")', True),
        ('http.host == "harbor.example"', False),
        ('http.host ne "harbor.example"', True),
        ('http.host in {"harbor.example" "app.harbor.example"}', True),
        ('not http.host in {"harbor.example"}', True),
        ('http.host contains "harbor"', True),
        (f'starts_with({PATH}, "/dashboard")', True),
        (f'starts_with({PATH}, "/admin")', False),
        (f'ends_with({PATH}, ".css")', False),
        (f'starts_with(lower({PATH}), "/dashboard")', True),
        (f'{PATH} eq "/dashboard"', False),
        (f'{PATH} wildcard "/DASHBOARD/*"', True),
        (f'{PATH} strict wildcard "/DASHBOARD/*"', False),
        (f'{PATH} wildcard r"/dash*/or*.html"', True),
        ('http.request.full_uri wildcard "https://*.harbor.example/*"', True),
        ('http.request.uri.query contains "page"', True),
        ('http.request.uri.path.extension in {"css" "js"}', False),
        ('http.request.method eq "POST"', False),
        (f'http.host eq "x" and {PATH} eq "/" or ssl', True),
        (f'http.host eq "x" and ({PATH} eq "/" or ssl)', False),
        ("true xor true", False),
        ("!false && true", True),
        # What an address alone does not tell stays open...
        ('http.cookie contains "session"', None),
        ('not http.cookie contains "session"', None),
        (f'{PATH} matches "^/dash"', None),
        ("ip.src in {203.0.113.0/24}", None),
        ("ip.src in $office", None),
        ('any(http.request.headers["x-app"][*] eq "1")', None),
        ('http.request.cookies["a"][0] eq "b"', None),
        ("cf.client.bot", None),
        ("cf.threat_score lt 10", None),
        # ...unless the rest decides.
        ('http.cookie contains "s" and http.host eq "x"', False),
        ('http.cookie contains "s" or ssl', True),
        ('(not cf.client.bot) and starts_with(http.request.uri.path, "/admin")', False),
        # And so does what we cannot read.
        ("", None),
        ("http.host eq", None),
        ("(true", None),
        ("true)", None),
        ('http.host eq "unfinished', None),
        ("true true", None),
        ("§", None),
        ("(" * 200 + "true" + ")" * 200, None),
        ("not " * 200 + "true", None),
        ("true or " * LENGTH + "true", None),
    ],
)
def test_what_an_expression_says_of_one_visit(expression: str, expected: bool | None) -> None:
    assert matches(expression, URL) is expected


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("/a/*", "/a/", True),
        ("/a/*", "/ab/", False),
        ("*.html", "x.html", True),
        ("a*a", "a", False),
        ("a*b*c", "a-b-c", True),
        ("a*b*c", "a-c-b", False),
        ("a\\*b", "a*b", True),
        ("a\\*b", "axb", False),
        ("", "", True),
    ],
)
def test_wildcards(pattern: str, text: str, expected: bool) -> None:
    assert wildcard(pattern, text) is expected


@given(st.text(alphabet='()!"{}*\\andorxt rue,lowe[]http.s_wich', max_size=300))
def test_any_text_is_judged_or_left_open(expression: str) -> None:
    assert matches(expression, URL) in (True, False, None)


def test_an_expression_is_judged_in_a_moment() -> None:
    started = time.perf_counter()
    for expression in ('"' * LENGTH, "r" * LENGTH, 'r"' * (LENGTH // 2), "(" * LENGTH):
        matches(expression, URL)
    assert not wildcard("*a" * 2000 + "b", "a" * 5000)
    assert time.perf_counter() - started < 1
