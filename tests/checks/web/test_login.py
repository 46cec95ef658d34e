"""`http.login`: each outcome on a world that shows it. Nobody signs in, nothing is posted."""

from __future__ import annotations

from dataclasses import replace as changed
from typing import Any

import pytest
from msgspec.structs import replace

from launchready_tui.lab import healthy
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.lab.scenario import Reply, Scenario
from launchready_tui.project.model import Login
from launchready_tui.vocabulary.findings import Outcome, Verdict
from tests.checks.looking import harbor, look, moved, serving

APP = f"app.{DOMAIN}"
SIGN_IN = f"https://{APP}/sign-in"
FORM = b"<form method=post action=/session><input name=email></form>"
GOOD = "Path=/; Secure; HttpOnly; SameSite=Lax"


def page(*cookies: str, body: bytes = b"<title>Sign in</title>", status: int = 200) -> Reply:
    fields = tuple(("Set-Cookie", cookie) for cookie in cookies)
    return Reply(status, (("Content-Type", "text/html"), *fields), body)


async def seen(world: Scenario, **said: Any) -> Outcome:
    words: dict[str, Any] = {"url": SIGN_IN, "lands_on": APP, **said}
    login = Login(**words)
    return await look("http.login", login.url, world, replace(harbor(), login=login))


COOKIES = {
    "good": (f"sid=1; {GOOD}", "ok"),
    "for the whole domain": (f"sid=1; Domain={DOMAIN}; {GOOD}", "ok"),
    "for another host": (f"sid=1; Domain=admin.{DOMAIN}; {GOOD}", "wrong-host"),
    "for everybody": (f"sid=1; Domain=example; {GOOD}", "public-suffix"),
    "none without secure": ("sid=1; HttpOnly; SameSite=None", "none-without-secure"),
    "a broken prefix": ("__Host-sid=1; HttpOnly; SameSite=Lax", "broken-prefix"),
    "no SameSite": ("sid=1; Secure; HttpOnly", "no-same-site"),
    "not secure": ("sid=1; HttpOnly; SameSite=Lax", "not-secure"),
    "readable": ("sid=1; Secure; SameSite=Lax", "readable"),
    "of another kind": (f"csrf_token=1; {GOOD}", "no-session"),
    "taken back": ("sid=; Max-Age=0", "no-session"),
}


@pytest.mark.parametrize("name", COOKIES)
async def test_what_the_cookie_says(name: str) -> None:
    cookie, expected = COOKIES[name]
    outcome = await seen(serving(healthy(), APP, page(cookie)))
    assert outcome.name == expected


async def test_a_strict_cookie_stays_at_home_when_another_service_signs_people_in() -> None:
    world = serving(healthy(), APP, page("sid=1; Secure; HttpOnly; SameSite=Strict"))
    assert (await seen(world)).name == "ok"
    assert (await seen(world, identity_provider="external")).name == "strict"


async def test_a_cookie_of_the_wrong_host_never_reaches_the_app() -> None:
    world = serving(healthy(), DOMAIN, page(f"sid=1; {GOOD}"))
    outcome = await seen(world, url=f"https://{DOMAIN}/sign-in")
    assert (outcome.verdict, outcome.name) == (Verdict.FAIL, "wrong-host")
    assert outcome.facts["set_by"] == DOMAIN


async def test_a_place_to_land_that_kept_us_out_may_set_a_cookie_of_its_own() -> None:
    world = serving(healthy(), DOMAIN, page(f"sid=1; {GOOD}"))
    world = serving(world, APP, Reply(429))
    outcome = await seen(world, url=f"https://{DOMAIN}/sign-in")
    assert (outcome.verdict, outcome.name) == (Verdict.UNKNOWN, "rate-limited")


async def test_a_cookie_that_the_app_sets_for_itself_counts() -> None:
    """A sign-in host of its own, and an app that keeps its own session."""
    world = serving(healthy(), DOMAIN, page(f"sid=1; {GOOD}"))
    world = serving(world, APP, page(f"sid=2; {GOOD}"))
    assert (await seen(world, url=f"https://{DOMAIN}/sign-in")).name == "ok"


async def test_cookies_of_another_service_are_its_own() -> None:
    world = serving(healthy(), APP, moved("https://ca.harbor-ca.example/authorize", 302))
    issuer = world.site("ca.harbor-ca.example")
    there = changed(
        issuer, certificate=world.site(APP).certificate, https_default=page("sid=1; Path=/")
    )
    outcome = await seen(world.with_site(there), identity_provider="external")
    assert (outcome.verdict, outcome.name) == (Verdict.UNKNOWN, "no-session")


FORMS = {
    "to another host": (moved(f"https://{DOMAIN}/session"), "form-lost"),
    "with a slash": (moved("/session/", 302), "form-lost"),
    "kept by 308": (moved(f"https://{DOMAIN}/session", 308), "ok"),
    "for visitors without a form": (moved("/sign-in", 302), "ok"),
    "no page for a plain read": (page(status=405), "ok"),
}


@pytest.mark.parametrize("name", FORMS)
async def test_what_a_form_would_meet(name: str) -> None:
    reply, expected = FORMS[name]
    world = serving(healthy(), APP, page(f"sid=1; {GOOD}", body=FORM))
    world = world.with_site(world.site(APP).with_page("/session", reply))
    outcome = await seen(world)
    assert outcome.name == expected


async def test_a_sign_in_page_that_is_no_page() -> None:
    assert (await seen(serving(healthy(), APP, page(status=404)))).name == "no-page"
    assert (await seen(serving(healthy(), APP, moved(SIGN_IN)))).name == "loop"


async def test_the_value_of_a_cookie_is_never_shown() -> None:
    outcome = await seen(serving(healthy(), APP, page(f"sid=hush-hush; {GOOD}")))
    assert "hush-hush" not in repr(outcome)
    assert any("for app.harbor.example alone" in line.value for line in outcome.evidence)


async def test_without_a_place_to_land_the_sign_in_host_counts() -> None:
    outcome = await seen(healthy(), lands_on="")
    assert (outcome.verdict, outcome.facts["lands_on"]) == (Verdict.PASS, APP)
