"""`http.mixed`, `http.preview`, `http.indexing`, `http.hsts` on worlds that show each outcome."""

from __future__ import annotations

from dataclasses import replace as changed

import pytest
from msgspec.structs import replace

from launchready_tui.lab import healthy
from launchready_tui.lab.healthy import DOMAIN, NOT_INDEXED, PREVIEW, home
from launchready_tui.lab.scenario import Reply, Scenario
from launchready_tui.project.model import Host, Preview, Route
from launchready_tui.vocabulary.findings import Outcome, Verdict
from tests.checks.looking import harbor, look, moved, serving

APP, ADMIN = f"app.{DOMAIN}", f"admin.{DOMAIN}"
URL = f"https://{PREVIEW}/"
UPGRADE = ("Content-Security-Policy", "upgrade-insecure-requests")


def html(body: str, status: int = 200, *headers: tuple[str, str]) -> Reply:
    return Reply(status, (("Content-Type", "text/html"), *headers), body.encode())


MIXED = {
    "nothing": (html("<script src=/a.js></script>"), "ok"),
    "a script": (html("<script src=http://a.example/a.js></script>"), "blockable"),
    "a picture": (html("<img src=http://a.example/a.png>"), "upgradable"),
    "a form": (html("<img src=http://a.example/a><form action=http://a.example/>"), "form"),
    "covered": (html("<script src=http://a.example/a.js></script>", 200, UPGRADE), "covered"),
    "no page": (Reply(200, (("Content-Type", "application/json"),), b"{}"), "no-page"),
    "an error": (html("<script src=http://a.example/a.js></script>", 404), "no-page"),
    "elsewhere": (moved(f"https://{DOMAIN}/"), "no-page"),
}


@pytest.mark.parametrize("name", MIXED)
async def test_what_pages_load(name: str) -> None:
    reply, expected = MIXED[name]
    outcome = await look("http.mixed", APP, serving(healthy(), APP, reply))
    assert outcome.name == expected


async def test_declared_pages_are_read_too_and_a_redirect_on_the_host_is_followed() -> None:
    world = healthy()
    bad = html("".join(f"<script src=http://a.example/{n}.js></script>" for n in range(20)))
    site = world.site(APP).with_page("/", moved("/start")).with_page("/start", html("fine"))
    world = world.with_site(site.with_page("/pay", bad))
    project = harbor(routes=(Route(url=f"https://{APP}/pay", kind="checkout"),))
    assert (await look("http.mixed", APP, world)).facts["pages"] == "1"
    outcome = await look("http.mixed", APP, world, project)
    assert (outcome.name, outcome.facts["count"]) == ("blockable", "20")
    assert sum(line.label == "Loaded by script" for line in outcome.evidence) == 8
    assert outcome.facts["page"] == f"https://{APP}/pay"


async def test_a_page_that_kept_us_out_hides_no_fault_of_another() -> None:
    world = healthy()
    site = world.site(APP).with_page("/pay", Reply(429))
    project = harbor(routes=(Route(url=f"https://{APP}/pay", kind="checkout"),))
    clean = world.with_site(site)
    bad = world.with_site(site.with_page("/", html("<iframe src=http://a.example/>")))
    assert (await look("http.mixed", APP, clean, project)).name == "rate-limited"
    assert (await look("http.mixed", APP, bad, project)).name == "blockable"


async def beside(check: str, world: Scenario, subject: str = URL, *hosts: Host) -> Outcome:
    project = replace(harbor(*hosts), preview=Preview(url=URL))
    return await look(check, subject, world, project)


def live(reply: Reply) -> Scenario:
    return serving(healthy(), DOMAIN, reply)


def copy(reply: Reply) -> Scenario:
    return serving(healthy(), PREVIEW, reply)


SIGN_IN = "https://ca.harbor-ca.example/sso"
PREVIEWED = {
    "both work": (healthy(), "ok"),
    "another text, the same title": (
        copy(html("<title>Harbor Market: second-hand boats, checked by sailors</title>New")), "ok"),
    "another title": (copy(html("<title>Old shop</title>")), "titles-differ"),
    "live 404": (live(html("no", 404)), "production-fails"),
    "live 502": (live(html("no", 502)), "production-fails"),
    "live placeholder": (live(html("<title>Welcome to nginx!</title>")), "production-placeholder"),
    "live round": (live(moved(f"https://{DOMAIN}/")), "production-loops"),
    "live behind a password": (live(html("who?", 401)), "blocked"),
    "preview behind a password": (copy(html("who?", 401)), "needs-sign-in"),
    "preview gone": (copy(html("no", 404)), "preview-down"),
    "preview of nobody": (copy(html("<title>Welcome to nginx!</title>")), "preview-down"),
    "both gone": (serving(live(html("no", 404)), PREVIEW, html("no", 404)), "preview-down"),
}  # fmt: skip


@pytest.mark.parametrize("name", PREVIEWED)
async def test_preview_and_live_site(name: str) -> None:
    world, expected = PREVIEWED[name]
    outcome = await beside("http.preview", world)
    assert outcome.name == expected


async def test_a_preview_that_leads_to_a_sign_in_elsewhere() -> None:
    issuer = healthy().site("ca.harbor-ca.example")
    world = serving(healthy(), PREVIEW, moved("http://ca.harbor-ca.example/sso-api", 302))
    world = world.with_site(issuer.with_page("/sso-api", html("Sign in"), secure=False))
    assert (await beside("http.preview", world)).name == "needs-sign-in"
    assert (await beside("http.indexing", world)).name == "needs-sign-in"


FRONT = home()
assert isinstance(FRONT.body, bytes)
BARE = html(FRONT.body.decode().replace(f'<link rel="canonical" href="https://{DOMAIN}/">', ""))
INDEXED = {
    "header": (copy(FRONT.with_headers(NOT_INDEXED)), "ok"),
    "meta tag": (copy(html("<meta name=robots content=noindex>")), "ok"),
    "password": (copy(html("who?", 401)), "needs-sign-in"),
    "leads on": (copy(moved(f"https://{DOMAIN}/")), "leads-on"),
    "gone": (copy(html("no", 404)), "no-page"),
    "canonical alone": (copy(FRONT), "canonical-only"),
    "the same page": (copy(BARE), "duplicate"),
    "another page": (copy(html("<title>New shop</title>Soon")), "open"),
}


@pytest.mark.parametrize("name", INDEXED)
async def test_copies_and_search_engines(name: str) -> None:
    world, expected = INDEXED[name]
    outcome = await beside("http.indexing", world)
    assert outcome.name == expected


async def test_robots_txt_alone_keeps_no_page_out() -> None:
    rules = Reply(200, (("Content-Type", "text/plain"),), b"User-agent: *\nDisallow: /\n")
    world = copy(BARE)
    world = world.with_site(world.site(PREVIEW).with_page("/robots.txt", rules))
    assert (await beside("http.indexing", world)).name == "duplicate"


async def test_an_open_copy_is_not_judged_without_the_live_site() -> None:
    world = serving(copy(BARE), DOMAIN, Reply(429))
    outcome = await beside("http.indexing", world)
    assert (outcome.verdict, outcome.name) == (Verdict.UNKNOWN, "rate-limited")


async def test_declared_hosts_with_names_like_staging_are_looked_at() -> None:
    name = f"staging.{DOMAIN}"
    world = healthy().with_records(name, "A", ["192.0.2.60"])
    front = serving(world, DOMAIN, BARE).site(DOMAIN)
    world = serving(world, DOMAIN, BARE)
    world = world.with_site(changed(front, host=name, certificate=world.site(APP).certificate))
    outcome = await beside("http.indexing", world, name, Host(name=name))
    assert (outcome.verdict, outcome.name) == (Verdict.FAIL, "duplicate")


async def test_a_password_on_a_staging_host_is_as_it_should_be() -> None:
    name = f"staging.{DOMAIN}"
    world = healthy().with_records(name, "A", ["192.0.2.60"])
    world = world.with_site(changed(world.site(ADMIN), host=name))
    outcome = await look("http.reachable", name, world, harbor(Host(name=name)))
    assert (outcome.verdict, outcome.name) == (Verdict.PASS, "needs-sign-in")


def hsts(*values: str) -> Reply:
    return html("<p>", 200, *(("Strict-Transport-Security", value) for value in values))


HSTS = {
    "a year": (hsts("max-age=31536000"), "ok"),
    "on a redirect": (Reply(301, (("Location", "/x"),
                                  ("Strict-Transport-Security", "max-age=15552000"))), "ok"),
    "none": (hsts(), "missing"),
    "a day": (hsts("max-age=86400"), "short"),
    "off": (hsts("max-age=0"), "off"),
    "without a number": (hsts("preload"), "unreadable"),
    "twice the same": (hsts("max-age=31536000", "max-age=31536000"), "ok"),
    "twice": (hsts("max-age=31536000", "max-age=0"), "conflicting"),
}  # fmt: skip


@pytest.mark.parametrize("name", HSTS)
async def test_what_browsers_are_told(name: str) -> None:
    reply, expected = HSTS[name]
    outcome = await look("http.hsts", APP, serving(healthy(), APP, reply))
    assert outcome.name == expected


async def test_what_comes_over_plain_http_does_not_count() -> None:
    world = serving(healthy(), APP, hsts("max-age=31536000"), secure=False)
    world = serving(world, APP, hsts())
    assert (await look("http.hsts", APP, world)).name == "missing"
