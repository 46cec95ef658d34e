"""What a page loads over http: blockable and upgradable apart (W3C Mixed Content)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.web.forms import loses_what_was_typed, posts_to
from launchready_tui.rules.web.mixed import LIMIT, loads, upgrades
from tests.every import every
from tests.rules.web.pages import answer

HERE = "https://harbor.example/boats/"
BAD = "http://cdn.example/x"


def found(body: str) -> list[tuple[str, str]]:
    return [(load.kind, load.url) for load in loads(answer(HERE, body=body))]


@every("body", [
    f"<script src='{BAD}'></script>",
    f'<SCRIPT async SRC = "{BAD}" >',
    f"<link rel=stylesheet href={BAD}>",
    f"<link rel='preload' as=font href={BAD}>",
    f"<link rel='icon stylesheet' href={BAD}>",
    f"<link rel=manifest href={BAD}>",
    f"<iframe src={BAD}></iframe>",
    f"<frame src={BAD}>",
    f"<object data={BAD}></object>",
    f"<embed src={BAD}>",
    f"<track src={BAD}>",
    f"<img srcset='/a.png 1x, {BAD} 2x'>",
    f"<source srcset='{BAD}'>",
    f"<p style='background: url({BAD})'>",
    f"<style>@import '{BAD}';</style>",
    f"<style>@import url(\"{BAD}\");</style>",
    f"<style>/* ok */ a {{ cursor: url( '{BAD}' ) }}</style>",
])  # fmt: skip
def test_what_browsers_refuse(body: str) -> None:
    assert found(body) == [("blockable", BAD)]


@pytest.mark.parametrize("body", [
    f"<img src={BAD}>",
    f"<img src={BAD} srcset='/a.png 2x'>",
    f"<audio src={BAD}>",
    f"<video src={BAD}>",
    f"<video poster={BAD}>",
    f"<source src={BAD}>",
    f"<input type=image src={BAD}>",
    f"<link rel=icon href={BAD}>",
    f"<link rel=preload as=image href={BAD}>",
])  # fmt: skip
def test_what_browsers_mend(body: str) -> None:
    assert found(body) == [("upgradable", BAD)]


@pytest.mark.parametrize("body", [
    f"<form action={BAD}>", f"<button formaction={BAD}>", f"<input formaction={BAD}>",
])  # fmt: skip
def test_forms_that_send_in_the_open(body: str) -> None:
    assert found(body) == [("form", BAD)]


@every("body", [
    "",
    f"<a href={BAD}>",
    f"<link rel=canonical href={BAD}>",
    f"<link rel=preconnect href={BAD}>",
    f"<link rel=dns-prefetch href={BAD}>",
    f"<link rel=alternate href={BAD}>",
    f"<!-- <script src={BAD}></script> -->",
    f"<script>load('{BAD}')</script>",
    f"<p>{BAD} url({BAD})",
    f"<style>/* url({BAD}) */</style>",
    "<script src=//cdn.example/x></script>",
    "<script src=/x></script>",
    "<script src=https://cdn.example/x></script>",
    "<img src='data:image/png;base64,http://'>",
    "<script src=http://localhost:3000/x></script>",
    "<script src=http://app.localhost/x></script>",
    "<script src=http://127.0.0.1/x></script>",
    "<script src=http://[::1]/x></script>",
    "<form action='/send'>",
    "<script src=''></script>",
    "<script src='http://'></script>",
])  # fmt: skip
def test_what_is_in_order(body: str) -> None:
    assert found(body) == []


def test_a_base_over_http_takes_all_that_follows_along() -> None:
    body = "<base href='http://harbor.example/'><base href='https://a.example/'><script src=x.js>"
    assert found(body) == [
        ("blockable", "http://harbor.example/"),
        ("blockable", "http://harbor.example/x.js"),
    ]


def test_each_address_once_and_no_more_than_a_page_needs() -> None:
    body = f"<script src={BAD}></script>" * 9
    body += "".join(f"<img src=http://cdn.example/{n}>" for n in range(2 * LIMIT))
    assert len(found(body)) == LIMIT
    assert found(body)[0] == ("blockable", BAD)


@pytest.mark.parametrize(("header", "body", "expected"), [
    ("upgrade-insecure-requests", "", True),
    ("default-src 'self'; Upgrade-Insecure-Requests;", "", True),
    ("default-src 'self', upgrade-insecure-requests", "", True),
    ("", "<meta http-equiv=Content-Security-Policy content='upgrade-insecure-requests'>", True),
    ("block-all-mixed-content", "", False),
    ("report-uri /upgrade-insecure-requests", "", False),
    ("", "<meta name=Content-Security-Policy content='upgrade-insecure-requests'>", False),
])  # fmt: skip
def test_policies_that_upgrade(header: str, body: str, expected: bool) -> None:
    page = answer(HERE, 200, ("Content-Security-Policy", header), body=body)
    assert upgrades(page) is expected


def test_a_policy_that_only_reports_does_nothing() -> None:
    named = ("Content-Security-Policy-Report-Only", "upgrade-insecure-requests")
    assert not upgrades(answer(HERE, 200, named))


@given(st.text(alphabet="<>='\" /ahtpsrcbel:url()@import*;,", max_size=400))
def test_any_markup_is_read_to_its_end(body: str) -> None:
    found(body)


def test_where_forms_send() -> None:
    body = (
        "<form method=POST action='/in'><form method=post><form action='/search'>"
        "<form method=post action='https://id.example/u'><form method=post action='/in'>"
    )
    expected = ("https://harbor.example/in", HERE, "https://id.example/u")
    assert posts_to(answer(HERE, body=body)) == expected


@pytest.mark.parametrize(("start", "status", "to", "lost"), [
    ("https://a.example/in", 301, "https://www.a.example/in", True),
    ("https://a.example/in", 302, "https://www.a.example/in/", True),
    ("http://a.example/in", 301, "https://a.example/in", True),
    ("https://a.example/in", 301, "/in/", True),
    ("https://a.example/in", 308, "https://www.a.example/in", False),
    ("https://a.example/in", 307, "https://www.a.example/in", False),
    ("https://a.example/in", 303, "https://www.a.example/in", False),
    ("https://a.example/in", 302, "/sign-in", False),
    ("https://a.example/in", 302, "https://app.a.example/sign-in", False),
    ("https://a.example/in", 302, "/in?next=1", False),
    ("https://a.example/in", 200, "https://www.a.example/in", False),
])  # fmt: skip
def test_redirects_that_lose_what_was_typed(start: str, status: int, to: str, lost: bool) -> None:
    assert loses_what_was_typed(answer(start, status, ("Location", to))) is lost
