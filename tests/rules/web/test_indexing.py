"""Who keeps out of search engines, and which names are copies for their makers."""

from __future__ import annotations

import pytest

from launchready_tui.rules.web.indexing import is_staging, leads_to_sign_in, says_noindex
from tests.rules.web.pages import answer


def page(body: str = "", *headers: str) -> bool:
    fields = (("X-Robots-Tag", value) for value in headers)
    return says_noindex(answer("https://a.example/", 200, *fields, body=body))


@pytest.mark.parametrize("header", [
    "noindex", "NOINDEX, nofollow", "none", "nofollow, noindex", "max-snippet: 5, noindex",
    "unavailable_after: 25 Jun 2030 15:00:00 PST, noindex",
])  # fmt: skip
def test_headers_that_keep_a_page_out(header: str) -> None:
    assert page("", header)


@pytest.mark.parametrize("header", [
    "", "nofollow", "all", "index", "googlebot: noindex", "nofollow, otherbot: noindex, nofollow",
    "noindexing",
])  # fmt: skip
def test_headers_that_do_not(header: str) -> None:
    assert not page("", header)


def test_the_second_header_counts_too() -> None:
    assert page("", "nofollow", "noindex")


@pytest.mark.parametrize(("body", "said"), [
    ('<meta name="robots" content="noindex">', True),
    ("<META NAME=ROBOTS CONTENT='NoIndex, follow'>", True),
    ('<meta content="none" name="robots">', True),
    ('<meta name="googlebot" content="noindex">', False),
    ('<meta name="robots" content="index">', False),
    ('<!-- <meta name="robots" content="noindex"> -->', False),
    ('<script>"<meta name=robots content=noindex>"</script>', False),
    ("", False),
])  # fmt: skip
def test_meta_tags(body: str, said: bool) -> None:
    assert page(body) is said


@pytest.mark.parametrize("host", [
    "staging.harbor.example", "stage2.harbor.example", "app-staging.harbor.example",
    "dev.harbor.example", "test.app.harbor.example", "qa.harbor.example", "preview-7.host.example",
])  # fmt: skip
def test_names_of_copies(host: str) -> None:
    assert is_staging(host, "harbor.example")


@pytest.mark.parametrize("host", [
    "harbor.example", "www.harbor.example", "developer.harbor.example", "latest.harbor.example",
    "dev.example", "beta.harbor.example", "contest.harbor.example", "stagecoach.harbor.example",
])  # fmt: skip
def test_names_of_hosts_for_customers(host: str) -> None:
    assert not is_staging(host, "harbor.example")


def test_a_product_that_lives_below_such_a_name_is_itself_no_copy() -> None:
    assert not is_staging("test.harbor.example", "test.harbor.example")
    assert not is_staging("app.test.harbor.example", "test.harbor.example")
    assert is_staging("dev.test.harbor.example", "test.harbor.example")
    assert is_staging("staging.harbor.example", "")


@pytest.mark.parametrize(("url", "said"), [
    ("https://vercel.com/sso-api?url=x", True),
    ("https://vercel.com/login", True),
    ("https://team.cloudflareaccess.com/cdn-cgi/access/login/a", True),
    ("https://id.example/oauth2/authorize?client=1", True),
    ("https://id.example/sign-in", True),
    ("https://design.example/", False),
    ("https://a.example/authors", False),
    ("https://a.example/", False),
])  # fmt: skip
def test_where_strangers_are_sent(url: str, said: bool) -> None:
    assert leads_to_sign_in(url) is said
