"""The four checks of the edge itself: each outcome on a world that shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from launchready_tui.checks import registered
from launchready_tui.lab import Lab, healthy
from launchready_tui.lab.cloudflare import (
    API_HOST,
    ORIGIN,
    READS,
    answer,
    cache_rules,
    record,
    refused,
    rule,
    with_cache_rules,
    with_records,
    with_setting,
    with_zones,
    zone,
)
from launchready_tui.lab.healthy import DASHBOARD, DOMAIN, EDGE, html
from launchready_tui.lab.pages import CHALLENGE_PAGE, page
from launchready_tui.lab.scenario import Endpoint, Reply, Scenario
from launchready_tui.project.model import Project, Route
from launchready_tui.vocabulary.findings import Outcome, Verdict
from launchready_tui.world import open_world
from launchready_tui.world.credentials import InMemory
from tests.checks.looking import harbor, look, moved, serving
from tests.ports import free_port

APP = f"app.{DOMAIN}"
MARKS = tuple(name for name, _ in EDGE)
SETTINGS = ("edge.ssl-mode", "edge.security", "edge.cache-rules")
ROUTES = (
    Route(url=DASHBOARD, kind="app"),
    Route(url=f"https://{APP}/sign-in", kind="login"),
)


def listed(outcome: Outcome) -> tuple[Verdict, str]:
    return outcome.verdict, outcome.name


async def without_token(
    check: str,
    subject: str,
    scenario: Scenario,
    project: Project | None = None,
    more: tuple[str, ...] = (),
    credentials: Mapping[tuple[str, str], str] | None = None,
) -> Outcome:
    """What is said when nothing, or only this, is in the password store."""
    async with Lab(scenario) as lab:
        options = replace(
            lab.options,
            credentials=InMemory(credentials or {}),
            connect=(*lab.options.connect, *more),
        )
        async with open_world(options, datetime.now(UTC)) as world:
            outcome = await registered()[check].run(subject, project or harbor(), world)
    assert isinstance(outcome, Outcome)
    return outcome


def bare(scenario: Scenario, *hosts: str) -> Scenario:
    """The same world where no edge shows in the answers of these hosts."""
    for host in hosts:
        site = scenario.site(host)
        pages = {path: reply.without(*MARKS) for path, reply in site.https.items()}
        shown = replace(site, https=pages, https_default=site.https_default.without(*MARKS))
        scenario = scenario.with_site(shown)
    return scenario


def nowhere(scenario: Scenario) -> Scenario:
    return bare(scenario, *harbor().web_hosts())


# ------------------------------------------------------------------ edge.proxied


async def test_an_edge_is_seen_from_outside_too() -> None:
    outcome = await without_token("edge.proxied", APP, healthy())
    assert listed(outcome) == (Verdict.PASS, "ok")
    assert outcome.facts["who"] == "Cloudflare"


async def test_another_edge_is_an_edge() -> None:
    world = bare(healthy(), APP)
    front = world.site(APP).https["/"].with_headers(("x-vercel-id", "fra1::abc"))
    world = world.with_site(world.site(APP).with_page("/", front))
    outcome = await without_token("edge.proxied", APP, world)
    assert listed(outcome) == (Verdict.PASS, "other")
    assert outcome.facts["who"] == "Vercel"


async def test_one_host_without_the_edge_that_others_have() -> None:
    outcome = await without_token("edge.proxied", APP, bare(healthy(), APP))
    assert listed(outcome) == (Verdict.WARN, "grey")


async def test_a_grey_cloud_in_cloudflares_own_records() -> None:
    records = [record(DOMAIN, "A", ORIGIN, proxied=True), record(APP, "A", ORIGIN, proxied=False)]
    world = with_records(bare(healthy(), APP), records)
    assert listed(await look("edge.proxied", APP, world)) == (Verdict.WARN, "grey")


async def test_a_wildcard_record_counts_for_the_hosts_below_it() -> None:
    records = [record(f"*.{DOMAIN}", "A", ORIGIN, proxied=True)]
    world = with_records(bare(healthy(), APP), records)
    assert listed(await look("edge.proxied", APP, world)) == (Verdict.PASS, "ok")


async def test_no_edge_anywhere() -> None:
    outcome = await without_token("edge.proxied", APP, nowhere(healthy()))
    assert listed(outcome) == (Verdict.WARN, "no-edge")


def behind(scenario: Scenario, address: str) -> Scenario:
    """The same world where this address shows the app without an edge."""
    return scenario.with_endpoint(Endpoint(address, (bare(scenario, APP).site(APP),)))


async def test_the_server_behind_it_is_found_in_cloudflares_records() -> None:
    outcome = await look("edge.proxied", APP, behind(healthy(), ORIGIN))
    assert listed(outcome) == (Verdict.FAIL, "origin-open")
    assert outcome.facts["address"] == ORIGIN


async def test_the_server_behind_it_is_found_by_a_mail_name_of_the_same_domain() -> None:
    mail = f"mail.{DOMAIN}"
    world = healthy().with_records(DOMAIN, "MX", [f"10 {mail}."])
    world = behind(world.with_records(mail, "A", ["198.51.100.44"]), "198.51.100.44")
    outcome = await without_token("edge.proxied", APP, world)
    assert listed(outcome) == (Verdict.FAIL, "origin-open")
    assert outcome.facts["address"] == "198.51.100.44"


async def test_another_site_at_that_address_is_no_way_past_the_edge() -> None:
    site = bare(healthy(), APP).site(APP)
    other = site.with_page("/", html(page("docs")).without(*MARKS))
    world = healthy().with_endpoint(Endpoint(ORIGIN, (other,)))
    assert listed(await look("edge.proxied", APP, world)) == (Verdict.PASS, "ok")


async def test_cloudflare_at_that_address_is_no_way_past_it() -> None:
    world = healthy().with_endpoint(Endpoint(ORIGIN, (healthy().site(APP),)))
    assert listed(await look("edge.proxied", APP, world)) == (Verdict.PASS, "ok")


async def test_a_detour_for_every_address_shows_no_open_server() -> None:
    mail = f"mail.{DOMAIN}"
    world = healthy().with_records(DOMAIN, "MX", [f"10 {mail}."])
    world = bare(world.with_records(mail, "A", ["198.51.100.44"]), APP)
    front = world.site(APP).https["/"].with_headers(("cf-ray", "9a1b"))
    world = world.with_site(world.site(APP).with_page("/", front))
    assert listed(await without_token("edge.proxied", APP, world)) == (Verdict.PASS, "ok")


# ------------------------------------------------------------------ edge.ssl-mode


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("strict", (Verdict.PASS, "ok")),
        ("full", (Verdict.WARN, "full")),
        ("flexible", (Verdict.FAIL, "flexible")),
        ("off", (Verdict.FAIL, "off")),
    ],
)
async def test_each_mode(mode: str, expected: tuple[Verdict, str]) -> None:
    outcome = await look("edge.ssl-mode", DOMAIN, with_setting(healthy(), "ssl", mode))
    assert listed(outcome) == expected
    assert outcome.facts["mode"] == mode


def looping(scenario: Scenario, *headers: tuple[str, str]) -> Scenario:
    reply = Reply(301, (("Location", f"https://{APP}/"), *headers))
    return scenario.with_site(scenario.site(APP).with_page("/", reply))


async def test_a_circle_through_cloudflare_is_a_symptom() -> None:
    outcome = await without_token("edge.ssl-mode", DOMAIN, looping(healthy(), *EDGE))
    assert listed(outcome) == (Verdict.FAIL, "loop")
    assert outcome.facts["where"] == APP


async def test_a_circle_without_cloudflare_is_none_of_its() -> None:
    outcome = await without_token("edge.ssl-mode", DOMAIN, looping(healthy()))
    assert listed(outcome) == (Verdict.UNKNOWN, "no-token")


async def test_a_circle_that_a_cookie_ends_is_none() -> None:
    cookie = ("Set-Cookie", "harbor_session=lab-test-account; Path=/; Secure")
    reply = Reply(302, (("Location", f"https://{APP}/"), cookie, *EDGE), signed_in=html(b"in"))
    world = healthy().with_site(healthy().site(APP).with_page("/", reply))
    assert (await without_token("edge.ssl-mode", DOMAIN, world)).name == "no-token"


@pytest.mark.parametrize("status", [525, 526])
async def test_cloudflares_errors_about_the_servers_certificate(status: int) -> None:
    world = serving(healthy(), APP, Reply(status, EDGE, b"SSL handshake failed"))
    outcome = await without_token("edge.ssl-mode", DOMAIN, world)
    assert listed(outcome) == (Verdict.FAIL, "origin-certificate")


# ------------------------------------------------------------------ edge.security


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"always_use_https": "off"}, (Verdict.WARN, "https-optional")),
        ({"min_tls_version": "1.0"}, (Verdict.WARN, "old-tls")),
        ({"min_tls_version": "1.3"}, (Verdict.PASS, "ok")),
        ({"security_level": "low"}, (Verdict.WARN, "low-level")),
        ({"security_level": "under_attack"}, (Verdict.PASS, "ok")),
        ({"security_level": "essentially_off"}, (Verdict.FAIL, "off")),
        ({"security_level": "off"}, (Verdict.FAIL, "off")),
        ({"always_use_https": "off", "min_tls_version": "1.1"}, (Verdict.WARN, "several")),
        ({"always_use_https": "off", "security_level": "off"}, (Verdict.FAIL, "off")),
    ],
)
async def test_basic_protection(settings: dict[str, str], expected: tuple[Verdict, str]) -> None:
    world = healthy()
    for name, value in settings.items():
        world = with_setting(world, name, value)
    outcome = await look("edge.security", DOMAIN, world)
    assert listed(outcome) == expected
    assert set(outcome.facts) == {"always_https", "min_tls", "level"}


# ------------------------------------------------------------------ edge.cache-rules

KEEP = {"cache": True, "edge_ttl": {"mode": "override_origin", "default": 7200}}
ALL = rule(f'http.host eq "{APP}"', **KEEP)
BYPASS = rule('starts_with(http.request.uri.path, "/dashboard")', cache=False)
BY_COOKIE = rule('http.cookie contains "harbor_session"', cache=False)
FILES = rule('ends_with(http.request.uri.path, ".css")', **KEEP)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ((), (Verdict.PASS, "none")),
        ((FILES,), (Verdict.PASS, "ok")),
        ((ALL,), (Verdict.FAIL, "private-kept")),
        ((ALL, rule(f'http.host eq "{APP}"', cache=False)), (Verdict.PASS, "ok")),
        ((ALL, BYPASS), (Verdict.FAIL, "private-kept")),  # the sign-in is left
        ((ALL, BY_COOKIE), (Verdict.UNKNOWN, "not-known")),
        ((rule('http.request.uri.path matches "^/d"', **KEEP),), (Verdict.UNKNOWN, "not-known")),
        ((rule(f'http.host eq "{APP}"', cache=True),), (Verdict.PASS, "ok")),
    ],
)
async def test_cache_rules(
    rules: tuple[dict[str, object], ...], expected: tuple[Verdict, str]
) -> None:
    world = with_cache_rules(healthy(), cache_rules(*rules))
    outcome = await look("edge.cache-rules", DOMAIN, world, harbor(routes=ROUTES))
    assert listed(outcome) == expected


async def test_no_rule_was_ever_made() -> None:
    missing = refused(10003, "could not find entrypoint ruleset", status=404)
    world = with_cache_rules(healthy(), missing)
    outcome = await look("edge.cache-rules", DOMAIN, world, harbor(routes=ROUTES))
    assert listed(outcome) == (Verdict.PASS, "none")


async def test_without_private_pages_there_is_nothing_to_compare() -> None:
    outcome = await look("edge.cache-rules", DOMAIN, healthy())
    assert listed(outcome) == (Verdict.SKIPPED, "no-private-pages")


# ------------------------------------------------------------------ what we cannot see


@pytest.mark.parametrize("check", SETTINGS)
async def test_behind_cloudflare_and_without_a_token_it_is_the_founders_to_tell(
    check: str,
) -> None:
    outcome = await without_token(check, DOMAIN, healthy(), harbor(routes=ROUTES))
    assert listed(outcome) == (Verdict.UNKNOWN, "no-token")


@pytest.mark.parametrize("check", SETTINGS)
async def test_not_behind_cloudflare_the_setting_does_not_matter(check: str) -> None:
    outcome = await without_token(check, DOMAIN, nowhere(healthy()), harbor(routes=ROUTES))
    assert listed(outcome) == (Verdict.SKIPPED, "not-cloudflare")


@pytest.mark.parametrize("check", SETTINGS)
async def test_a_token_that_can_write_is_not_used(check: str) -> None:
    writes = answer([zone(DOMAIN, (*READS, "#zone_settings:edit"))], pages=1)
    outcome = await look(check, DOMAIN, with_zones(healthy(), writes), harbor(routes=ROUTES))
    assert listed(outcome) == (Verdict.UNKNOWN, "token-writes")


CHALLENGE = Reply(403, (("cf-mitigated", "challenge"),), CHALLENGE_PAGE)
BLOCKED = Reply(403, (("Server", "AkamaiGHost"),), b"Access denied")
TOO_OFTEN = Reply(429, (("Retry-After", "60"),))


def everywhere(reply: Reply) -> Scenario:
    world = healthy()
    for host in harbor().web_hosts():
        world = serving(world, host, reply)
    return world


SILENCES = {
    "servfail": (healthy().with_trouble("", "servfail"), "servfail"),
    "timeout": (healthy().with_trouble("", "timeout"), "timeout"),
    "challenge": (everywhere(CHALLENGE), "challenge"),
    "blocked": (everywhere(BLOCKED), "blocked"),
    "rate-limited": (everywhere(TOO_OFTEN), "rate-limited"),
}


@pytest.mark.parametrize("silence", SILENCES)
@pytest.mark.parametrize("check", ["edge.proxied", *SETTINGS])
async def test_silence_is_never_a_verdict(check: str, silence: str) -> None:
    world, reason = SILENCES[silence]
    subject = APP if check == "edge.proxied" else DOMAIN
    outcome = await without_token(check, subject, world, harbor(routes=ROUTES))
    assert listed(outcome) == (Verdict.UNKNOWN, reason)


@pytest.mark.parametrize("check", ["edge.proxied", *SETTINGS])
async def test_a_refusal_is_never_a_verdict(check: str) -> None:
    more = (f":443=127.0.0.1:{free_port()}",)
    subject = APP if check == "edge.proxied" else DOMAIN
    outcome = await without_token(check, subject, healthy(), harbor(routes=ROUTES), more)
    assert listed(outcome) == (Verdict.UNKNOWN, "refused")


API_SILENCES = {
    "api-429": (refused(971, "Please wait", status=429), "rate-limited"),
    "api-forbidden": (refused(9109, "Unauthorized"), "no-permission"),
    "api-502": (Reply(502, (), b"Bad gateway"), "garbled"),
}


@pytest.mark.parametrize("silence", API_SILENCES)
@pytest.mark.parametrize("check", SETTINGS)
async def test_what_the_api_says_is_passed_on(check: str, silence: str) -> None:
    reply, reason = API_SILENCES[silence]
    world = with_zones(healthy(), reply)
    outcome = await look(check, DOMAIN, world, harbor(routes=ROUTES))
    assert listed(outcome) == (Verdict.UNKNOWN, reason)


async def test_an_api_behind_a_wrong_certificate_gets_no_token() -> None:
    site = healthy().site(API_HOST)
    assert site.certificate
    wrong = replace(site, certificate=replace(site.certificate, issuer="self"))
    outcome = await look("edge.ssl-mode", DOMAIN, healthy().with_site(wrong))
    assert listed(outcome) == (Verdict.UNKNOWN, "untrusted")


async def test_moving_elsewhere_is_no_circle() -> None:
    world = serving(healthy(), APP, moved("https://other.example/"))
    assert (await look("edge.ssl-mode", DOMAIN, world)).name == "ok"
