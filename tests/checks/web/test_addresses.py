"""`http.reachable`, `http.https`, `http.canonical`: each outcome on a world that shows it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from launchready_tui.lab import healthy
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.lab.scenario import Reply, Scenario
from launchready_tui.project.model import Host, Product, Project, Route
from launchready_tui.vocabulary.findings import Verdict
from tests.checks.looking import harbor, look, moved, serving
from tests.ports import free_port
from tests.world.servers import talking

APP, API, ADMIN = f"app.{DOMAIN}", f"api.{DOMAIN}", f"admin.{DOMAIN}"
WWW = f"www.{DOMAIN}"


def html(body: str, status: int = 200, *headers: tuple[str, str]) -> Reply:
    return Reply(status, (("Content-Type", "text/html"), *headers), body.encode())


CLOUDFLARE = ("Server", "cloudflare")
PAGES = {
    "a page": (APP, html("<title>Hi</title>"), "ok"),
    "nothing, but fine": (APP, Reply(204), "ok"),
    "moved on": (APP, moved("https://elsewhere.example/"), "ok"),
    "the way to a sign-in": (APP, moved(f"https://{DOMAIN}/"), "ok"),
    "404": (APP, html("no", 404), "not-found"),
    "410": (APP, html("gone", 410), "not-found"),
    "400": (APP, html("bad", 400), "client-error"),
    "418": (APP, html("tea", 418), "client-error"),
    "500": (APP, html("oops", 500), "server-error"),
    "503": (APP, html("later", 503), "server-error"),
    "522": (APP, html("no origin", 522, CLOUDFLARE), "server-error"),
    "525": (APP, html("no TLS", 525, CLOUDFLARE), "origin-certificate"),
    "526": (APP, html("bad TLS", 526, CLOUDFLARE), "origin-certificate"),
    "401": (APP, html("who?", 401), "protected"),
    "401 admin": (ADMIN, html("who?", 401), "needs-sign-in"),
    "403": (APP, html("Forbidden", 403), "protected"),
    "403 admin": (ADMIN, html("Forbidden", 403), "protected"),
    "404 api": (API, html("{}", 404), "api-no-page"),
    "429": (APP, html("slow", 429), "rate-limited"),
    "challenge": (APP, html("<p>", 403, ("CF-Mitigated", "challenge")), "challenge"),
    "aws": (APP, html("", 202, ("x-amzn-waf-action", "challenge")), "challenge"),
    "sucuri": (APP, html("no", 403, ("X-Sucuri-ID", "15")), "blocked"),
    "akamai": (APP, html("Access Denied", 403, ("Server", "AkamaiGHost")), "blocked"),
    "imperva": (APP, html("<p>Incapsula incident ID: 1"), "blocked"),
    "nginx": (APP, html("<title>Welcome to nginx!</title>"), "placeholder"),
    "netlify": (APP, html("Not Found - Request ID: 01J", 404), "placeholder"),
    "loop": (APP, moved(f"https://{APP}/"), "loop"),
}


@pytest.mark.parametrize("name", PAGES)
async def test_what_a_front_page_says(name: str) -> None:
    host, reply, expected = PAGES[name]
    outcome = await look("http.reachable", host, serving(healthy(), host, reply))
    assert outcome.name == expected
    assert outcome.evidence


async def test_an_api_is_asked_where_its_owner_says() -> None:
    world = serving(healthy(), API, html("{}", 404))
    site = world.site(API)
    world = world.with_site(replace(site, https={"/up": html("fine")}))
    for path, name in (("/up", "ok"), ("/other", "not-found")):
        route = Route(url=f"https://{API}{path}", kind="health")
        outcome = await look("http.reachable", API, world, harbor(routes=(route,)))
        assert outcome.name == name


async def test_a_page_at_a_host_that_nobody_declared_is_judged_where_it_is_met() -> None:
    world = serving(serving(healthy(), DOMAIN, moved(f"https://{WWW}/")), WWW, html("oops", 500))
    alone = Project(product=Product(domain=DOMAIN), hosts=(Host(name=DOMAIN),))
    assert (await look("http.reachable", DOMAIN, world)).name == "ok"
    assert (await look("http.reachable", DOMAIN, world, alone)).name == "server-error"


async def test_a_refusal_is_a_fault_only_where_another_host_answers() -> None:
    closed = f"127.0.0.1:{free_port()}"
    one = await look("http.reachable", APP, healthy(), more=(f"{APP}:443={closed}",))
    names = [f"{name}:443={closed}" for name in (DOMAIN, WWW, APP, API, ADMIN, f"docs.{DOMAIN}")]
    every = await look("http.reachable", APP, healthy(), more=tuple(names))
    assert (one.verdict, one.name) == (Verdict.FAIL, "refused")
    assert (every.verdict, every.name) == (Verdict.UNKNOWN, "refused")


async def test_a_reset_stays_unknown_whoever_else_answers() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)

    async with talking(hang_up) as port:
        outcome = await look(
            "http.reachable", APP, healthy(), more=(f"{APP}:443=127.0.0.1:{port}",)
        )
    assert (outcome.verdict, outcome.name) == (Verdict.UNKNOWN, "reset")


async def test_a_name_without_an_address_waits_for_its_dns() -> None:
    for check in ("http.reachable", "http.https"):
        outcome = await look(check, APP, healthy().without(APP))
        assert (outcome.verdict, outcome.name) == (Verdict.UNKNOWN, "no-address")


PLAIN = {
    "moved": (moved(f"https://{APP}/"), "ok"),
    "moved for good": (moved(f"https://{APP}/", 308), "ok"),
    "found": (moved(f"https://{APP}/", 302), "temporary"),
    "temporary": (moved(f"https://{APP}/", 307), "temporary"),
    "another host": (moved(f"https://{DOMAIN}/"), "detour"),
    "another host first": (moved(f"http://{DOMAIN}/"), "detour"),
    "a page": (html("hello"), "plain"),
    "stays": (moved(f"http://{APP}/"), "plain-redirect"),
    "404": (html("no", 404), "http-error"),
    "500": (html("no", 500), "http-error"),
    "challenge": (html("<p>", 403, ("cf-mitigated", "challenge")), "challenge"),
}


@pytest.mark.parametrize("name", PLAIN)
async def test_what_plain_http_says(name: str) -> None:
    reply, expected = PLAIN[name]
    outcome = await look("http.https", APP, serving(healthy(), APP, reply, secure=False))
    assert outcome.name == expected


async def test_a_closed_door_for_plain_http_counts_where_https_is_open() -> None:
    closed = f"127.0.0.1:{free_port()}"
    alone = await look("http.https", APP, healthy(), more=(f"{APP}:80={closed}",))
    both = await look(
        "http.https", APP, healthy(), more=(f"{APP}:80={closed}", f"{APP}:443={closed}")
    )
    assert (alone.verdict, alone.name) == (Verdict.WARN, "no-http")
    assert (both.verdict, both.name) == (Verdict.UNKNOWN, "refused")


def site(text: str, head: str = "") -> Reply:
    return html(f"<html><head><title>Harbor</title>{head}</head><body>{text}</body></html>")


WORDS = "A quiet market for boats and all that belongs to them, open to everyone who sails."


def both(apex: Reply, www: Reply) -> Scenario:
    return serving(serving(healthy(), DOMAIN, apex), WWW, www)


CANONICAL = {
    "one leads to the other": (both(site(WORDS), moved(f"https://{DOMAIN}/")), "ok"),
    "the same page twice": (both(site(WORDS), site(WORDS)), "two-hosts"),
    "nearly the same page": (
        both(site(WORDS), site(WORDS, f'<link rel="canonical" href="https://{DOMAIN}/">')),
        "two-hosts",
    ),
    "two pages": (both(site(WORDS), site("Old shop, closed since spring.")), "two-sites"),
    "round and round": (both(moved(f"https://{WWW}/"), moved(f"https://{DOMAIN}/")), "loop"),
    "a page that is gone": (both(site(WORDS), html("gone", 404)), "dead-end"),
    "to a host that is gone": (both(site(WORDS), moved("https://no.harbor.example/")), "dead-end"),
    "the tag names the other": (
        both(site(WORDS, f'<link rel=canonical href="https://{WWW}/">'), moved(f"https://{DOMAIN}/")),
        "canonical-tag",
    ),
    "the tag agrees": (
        both(site(WORDS, '<link rel=canonical href="/">'), moved(f"https://{DOMAIN}/")),
        "ok",
    ),
    "challenged": (
        both(html("<p>", 403, ("cf-mitigated", "challenge")), moved(f"https://{DOMAIN}/")),
        "challenge",
    ),
    "broken alike": (both(html("oops", 500), moved(f"https://{DOMAIN}/")), "ok"),
    "two doors with locks": (both(html("?", 401), html("?", 401)), "blocked"),
    "no www": (healthy().without(WWW), "one-host"),
}  # fmt: skip


@pytest.mark.parametrize("name", CANONICAL)
async def test_where_the_ways_to_a_site_end(name: str) -> None:
    world, expected = CANONICAL[name]
    outcome = await look("http.canonical", DOMAIN, world)
    assert outcome.name == expected


async def test_one_step_too_many_is_counted() -> None:
    world = both(site(WORDS), moved(f"https://{DOMAIN}/"))
    world = serving(world, WWW, moved(f"http://{DOMAIN}/"), secure=False)
    assert (await look("http.canonical", DOMAIN, world)).name == "ok"
    detour = serving(healthy(), WWW, moved(f"http://{DOMAIN}/"))
    outcome = await look("http.canonical", DOMAIN, detour)
    assert (outcome.verdict, outcome.name) == (Verdict.WARN, "extra-hop")
    assert outcome.facts == {"from": f"https://{WWW}/", "hops": "2"}


async def test_below_a_larger_domain_there_is_one_host() -> None:
    project = Project(product=Product(domain=APP), hosts=(Host(name=APP),))
    outcome = await look("http.canonical", APP, healthy(), project)
    assert (outcome.verdict, outcome.name) == (Verdict.SKIPPED, "one-host")
