"""Cookies as browsers read them, and which of them keep somebody signed in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.recognise.registrable import is_public_suffix
from launchready_tui.rules.web.cookies import Cookie, carry, cookie_header, cookies
from launchready_tui.rules.web.sessions import fault, is_session
from tests.every import every
from tests.rules.web.pages import answer

APP, APEX = "app.harbor.example", "harbor.example"
GOOD = "Path=/; Secure; HttpOnly; SameSite=Lax"


def read(header: str, host: str = APP) -> Cookie:
    (cookie,) = cookies(answer(f"https://{host}/", 200, ("Set-Cookie", header)))
    return cookie


def test_attributes_are_read_whatever_their_case_and_order() -> None:
    cookie = read("id=7; samesite=STRICT; DOMAIN=.Harbor.Example;secure ; HTTPONLY=x; path=/a")
    assert cookie == Cookie(
        "id", "7", APP, "harbor.example", "/a", secure=True, http_only=True, same_site="strict"
    )


@pytest.mark.parametrize(("header", "removed"), [
    ("s=; Max-Age=0", True),
    ("s=; Max-Age=-1", True),
    ("s=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", True),
    ("s=; Expires=Thu, 01-Jan-70 00:00:01 GMT", True),
    ("s=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", False),
    ("s=1; Expires=Fri, 01 Jan 2100 00:00:00 GMT", False),
    ("s=1; Max-Age=x", False),
])  # fmt: skip
def test_a_cookie_that_ends_at_once_is_taken_back(header: str, removed: bool) -> None:
    assert read(header).removes is removed


def test_a_walk_forgets_a_cookie_that_is_taken_back() -> None:
    page = f"https://{APP}/"
    jar = carry({}, answer(page, 200, ("Set-Cookie", "s=1"), ("Set-Cookie", "t=2")), 20)
    jar = carry(jar, answer(page, 200, ("Set-Cookie", "s=; Max-Age=0")), 20)
    assert cookie_header(jar, page) == "t=2"


def test_what_no_browser_reads_is_left_out() -> None:
    page = answer("https://a.example/", 200, ("Set-Cookie", "=x"), ("Set-Cookie", "a b=c"),
                  ("Set-Cookie", ""), ("set-cookie", "ok=1"))  # fmt: skip
    assert [cookie.name for cookie in cookies(page)] == ["ok"]


@given(st.text(max_size=200))
def test_reading_any_header_ends(text: str) -> None:
    cookies(answer("https://a.example/", 200, ("Set-Cookie", text)))


@every("name", [
    "harbor_session", "session", "sessionid", "PHPSESSID", "JSESSIONID", "connect.sid",
    "laravel_session", "__Host-session", "__Secure-next-auth.session-token", "ASP.NET_SessionId",
    ".AspNetCore.Identity.Application", "sb-abcdefgh-auth-token", "sb-abcdefgh-auth-token.0",
    "__session", "appSession", "auth_token", "jwt", "sid", "wordpress_logged_in_0a1b",
    "better-auth.session_token", "remember_token", "_harbor_session",
])  # fmt: skip
def test_names_of_session_cookies(name: str) -> None:
    assert is_session(name)


@every("name", [
    "csrftoken", "XSRF-TOKEN", "__Host-next-auth.csrf-token", "next-auth.callback-url",
    "oauth_state", "auth.pkce.code_verifier", "_ga", "_hjSession_123", "ai_session", "theme",
    "__cf_bm", "cf_clearance", "AWSALB", "lang", "consent", "author", "inside", "tokens-left",
    "ph_phc_x_posthog", "device_token_state", "AUTH_SESSION_ID", "KEYCLOAK_SESSION", "auth0",
    "auth0_compat", "ory_kratos_login_flow",
])  # fmt: skip
def test_names_of_other_cookies(name: str) -> None:
    assert not is_session(name)


@every(("header", "host", "expected"), [
    (f"s=1; {GOOD}", APP, None),
    (f"s=1; Domain={APEX}; {GOOD}", APEX, None),
    (f"__Host-s=1; {GOOD}", APP, None),
    (f"s=1; {GOOD}", APEX, "wrong-host"),
    (f"s=1; Domain=admin.{APEX}; {GOOD}", APP, "wrong-host"),
    (f"s=1; Domain=other.example; {GOOD}", APP, "wrong-host"),
    (f"s=1; Domain=example; {GOOD}", APP, "public-suffix"),
    (f"s=1; Domain=co.uk; {GOOD}", "harbor.co.uk", "public-suffix"),
    ("s=1; HttpOnly; SameSite=None", APP, "none-without-secure"),
    ("__Host-s=1; Path=/; HttpOnly; SameSite=Lax", APP, "broken-prefix"),
    (f"__Host-s=1; Domain={APP}; {GOOD}", APP, "broken-prefix"),
    ("__Secure-s=1; HttpOnly; SameSite=Lax", APP, "broken-prefix"),
    ("s=1; Secure; HttpOnly", APP, "no-same-site"),
    ("s=1; Secure; HttpOnly; SameSite=Maybe", APP, "no-same-site"),
    ("s=1; HttpOnly; SameSite=Lax", APP, "not-secure"),
    ("s=1; Secure; SameSite=Lax", APP, "readable"),
    ("s=1; Secure; HttpOnly; SameSite=Strict", APP, None),
    ("s=1; Secure; HttpOnly; SameSite=None", APP, None),
])  # fmt: skip
def test_what_is_wrong_with_a_session_cookie(header: str, host: str, expected: str | None) -> None:
    lands_on = host if host.endswith("co.uk") else APP
    found = fault([read(header, host)], lands_on, external=False, is_public_suffix=is_public_suffix)
    assert (found and found[1]) == expected


def test_strict_is_wrong_only_where_another_service_signs_people_in() -> None:
    strict = read("s=1; Secure; HttpOnly; SameSite=Strict")
    found = fault([strict], APP, external=True, is_public_suffix=is_public_suffix)
    assert found is not None
    assert found[1] == "strict"


def test_one_cookie_of_a_name_that_arrives_is_enough() -> None:
    """A sign-in host may keep a session of its own beside the app's."""
    mine, theirs = read(f"s=1; {GOOD}"), read(f"s=1; {GOOD}", "auth.harbor.example")
    assert fault([theirs, mine], APP, external=False, is_public_suffix=is_public_suffix) is None
    assert fault([theirs], APP, external=False, is_public_suffix=is_public_suffix) == (
        theirs,
        "wrong-host",
    )
