"""`edge.private-cache`: R1 to R4 on caches that break in one way each, and what never gets out."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from launchready_tui import audit
from launchready_tui.checks import registered
from launchready_tui.commands import audit_output
from launchready_tui.content.checklist import builtin
from launchready_tui.documents.assemble import build
from launchready_tui.lab import Lab, healthy
from launchready_tui.lab.cloudflare import TOKEN
from launchready_tui.lab.demo import demo_project
from launchready_tui.lab.faults import broken
from launchready_tui.lab.healthy import DASHBOARD, DOMAIN, EDGE, HTML, PRIVATE, html, moved
from launchready_tui.lab.pages import CANARY, CHALLENGE_PAGE, page
from launchready_tui.lab.scenario import SESSION, Certificate, Reply, Scenario
from launchready_tui.project import change
from launchready_tui.project.model import Login, Project, Route
from launchready_tui.vocabulary.findings import Outcome, Verdict
from launchready_tui.world import open_world
from launchready_tui.world.credentials import InMemory
from tests.checks.looking import harbor, look, serving
from tests.ports import free_port

APP = f"app.{DOMAIN}"
COOKIE = "=".join(SESSION)
CHECK = "edge.private-cache"
STORED = ("cf-cache-status", "HIT")


def project(canary: str = CANARY) -> Project:
    routes = (Route(url=DASHBOARD, kind="app"),)
    return replace_login(harbor(routes=routes), Login(canary=canary))


def replace_login(what: Project, login: Login) -> Project:
    import msgspec

    return msgspec.structs.replace(what, login=login)


def dashboard(*headers: tuple[str, str], path: str = "/dashboard") -> Scenario:
    """The same world where the signed-in dashboard has these headers beside the edge's."""
    inside = Reply(200, (HTML, *EDGE), page("dashboard")).with_headers(*headers)
    reply = replace(moved(f"https://{APP}/sign-in", 302), signed_in=inside)
    return healthy().with_site(healthy().site(APP).with_page(path, reply))


def said(outcome: Outcome) -> tuple[Verdict, str]:
    return outcome.verdict, outcome.name


async def with_session(
    scenario: Scenario, session: str | None, more: tuple[str, ...] = ()
) -> Outcome:
    held = {("test-session", DOMAIN): session} if session else {}
    async with Lab(scenario) as lab:
        options = replace(
            lab.options, credentials=InMemory(held), connect=(*lab.options.connect, *more)
        )
        async with open_world(options, datetime.now(UTC)) as world:
            outcome = await registered()[CHECK].run(DASHBOARD, project(), world)
    assert isinstance(outcome, Outcome)
    return outcome


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ((PRIVATE,), (Verdict.PASS, "ok")),
        ((("Cache-Control", "private"),), (Verdict.PASS, "ok")),
        ((), (Verdict.WARN, "no-header")),
        ((("Cache-Control", "public, max-age=60"),), (Verdict.FAIL, "shareable")),
        ((("Cache-Control", "s-maxage=60"), ("Vary", "Cookie")), (Verdict.FAIL, "shareable")),
        ((PRIVATE, STORED), (Verdict.FAIL, "stored")),
        ((PRIVATE, ("Age", "30")), (Verdict.FAIL, "stored")),
    ],
)
async def test_what_the_signed_in_page_says(
    headers: tuple[tuple[str, str], ...], expected: tuple[Verdict, str]
) -> None:
    assert said(await look(CHECK, DASHBOARD, dashboard(*headers), project())) == expected


async def test_r3_a_stranger_gets_the_accounts_page() -> None:
    world = dashboard(PRIVATE)
    world = world.with_site(replace(world.site(APP), stores=True))
    outcome = await look(CHECK, DASHBOARD, world, project())
    assert said(outcome) == (Verdict.FAIL, "leaks")


async def test_r4_a_page_that_is_kept_as_a_style_sheet() -> None:
    """The app shows the page below itself too, and the edge keeps what ends in .css."""
    inside = Reply(200, (HTML, PRIVATE, *EDGE), page("dashboard"))
    site = dashboard(PRIVATE).site(APP)
    kept = replace(inside.with_headers(STORED), signed_in=inside)
    world = dashboard(PRIVATE).with_site(site.with_page("/dashboard/*", kept))
    outcome = await look(CHECK, DASHBOARD, world, project())
    assert said(outcome) == (Verdict.FAIL, "stored-as-file")


async def test_without_a_canary_only_the_headers_are_judged() -> None:
    outcome = await look(CHECK, DASHBOARD, dashboard(PRIVATE), project(canary=""))
    assert said(outcome) == (Verdict.PASS, "headers-only")


@pytest.mark.parametrize("session", [None, "harbor_session=run-out", "not a cookie"])
async def test_without_a_session_that_counts_we_cannot_tell(session: str | None) -> None:
    assert said(await with_session(healthy(), session)) == (Verdict.UNKNOWN, "no-session")


async def test_a_stored_page_is_seen_without_a_session() -> None:
    world = serving(healthy(), APP, html(page("dashboard"), STORED))
    assert said(await with_session(world, None)) == (Verdict.FAIL, "stored")


async def test_a_stored_way_to_the_sign_in_is_no_private_page() -> None:
    reply = moved(f"https://{APP}/sign-in", 302).with_headers(STORED)
    outcome = await with_session(serving(healthy(), APP, reply), None)
    assert said(outcome) == (Verdict.UNKNOWN, "no-session")


@pytest.mark.parametrize(
    "certificate",
    [Certificate((APP,), issuer="self"), Certificate((f"staging.{DOMAIN}",))],
    ids=["self-signed", "wrong-name"],
)
async def test_the_cookie_goes_to_no_host_whose_certificate_does_not_count(
    certificate: Certificate,
) -> None:
    world = healthy()
    world = world.with_site(replace(world.site(APP), certificate=certificate))
    outcome = await look(CHECK, DASHBOARD, world, project())
    assert said(outcome) == (Verdict.UNKNOWN, "untrusted")
    assert not any("account" in each.label for each in outcome.evidence)


@pytest.mark.parametrize(
    ("scenario", "reason"),
    [
        (healthy().with_trouble("", "servfail"), "servfail"),
        (healthy().with_trouble("", "timeout"), "timeout"),
        (
            serving(healthy(), APP, Reply(403, (("cf-mitigated", "challenge"),), CHALLENGE_PAGE)),
            "challenge",
        ),
        (serving(healthy(), APP, Reply(403, (("Server", "AkamaiGHost"),), b"no")), "blocked"),
        (serving(healthy(), APP, Reply(429, ())), "rate-limited"),
    ],
    ids=["servfail", "timeout", "challenge", "blocked", "rate-limited"],
)
async def test_silence_is_never_a_verdict(scenario: Scenario, reason: str) -> None:
    assert said(await with_session(scenario, COOKIE)) == (Verdict.UNKNOWN, reason)


async def test_a_refusal_is_never_a_verdict() -> None:
    more = (f":443=127.0.0.1:{free_port()}",)
    assert said(await with_session(healthy(), COOKIE, more)) == (Verdict.UNKNOWN, "refused")


async def test_a_protection_that_stops_only_the_account_leaves_it_open() -> None:
    limit = Reply(429, (("Retry-After", "60"),))
    reply = replace(moved(f"https://{APP}/sign-in", 302), signed_in=limit)
    world = healthy().with_site(healthy().site(APP).with_page("/dashboard", reply))
    assert said(await with_session(world, COOKIE)) == (Verdict.UNKNOWN, "rate-limited")


async def test_a_plain_address_is_no_place_for_a_cookie() -> None:
    route = DASHBOARD.replace("https:", "http:")
    async with Lab() as lab, open_world(lab.options) as world:
        outcome = await registered()[CHECK].run(route, project(), world)
    assert isinstance(outcome, Outcome)
    assert said(outcome) == (Verdict.UNKNOWN, "not-known")


@pytest.mark.parametrize("faults", [(), ("dashboard-cached",), ("origin-exposed", "redirect-loop")])
def test_no_output_holds_token_cookie_or_canary(
    faults: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> None:
    """Everything that an audit can leave behind, read for what must stay inside."""
    caplog.set_level(logging.DEBUG)
    now = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
    started, checklist = demo_project(now), builtin()

    async def run() -> audit.Audit:
        async with Lab(broken(faults)) as lab, open_world(lab.options) as world:
            jobs = [job for job in audit.plan(started, checklist) if "edge" in job.check.id]
            found = await audit.collect(jobs, started, world, checklist)
            assert TOKEN not in repr(world) + repr(world.options)
        return audit.summarise(found, now, 1.0)

    result = asyncio.run(run())
    saved = change.record(started, result.findings, at=now, by="Maya", partial=False)
    from rich.console import Console

    screen = io.StringIO()
    audit_output.print_audit(Console(file=screen, width=200), result, started, True)
    said_of_it = [
        repr(result),
        audit_output.audit_json(result, started, checklist),
        screen.getvalue(),
        caplog.text,
        repr(saved.findings),
        *(repr(each) for each in build(saved, checklist)),
        json.dumps([f.evidence for f in result.findings], default=str),
    ]
    for text in said_of_it:
        assert TOKEN not in text
        assert COOKIE not in text
        assert SESSION[1] not in text
        assert CANARY not in text
