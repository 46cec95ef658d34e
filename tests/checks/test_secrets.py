"""`secrets.files` on sites that the lab serves: what is given away, and that we keep none of it."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from launchready_tui.findings import Outcome, Verdict
from launchready_tui.lab import Scenario, healthy
from launchready_tui.lab.faults import broken
from launchready_tui.lab.faults.secrets import SETTINGS
from launchready_tui.lab.healthy import DOMAIN, HTML, home, moved
from launchready_tui.lab.pages import CHALLENGE_PAGE
from launchready_tui.lab.scenario import Reply
from tests.checks.looking import look, serving

PASS, WARN, FAIL, UNKNOWN, SKIPPED = Verdict
TEXT = ("Content-Type", "text/plain")
GIT_CONFIG = b"[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n"


def said(outcome: Outcome) -> tuple[Verdict, str]:
    return outcome.verdict, outcome.name


def giving(path: str, body: bytes, status: int = 200) -> Scenario:
    world = healthy()
    return world.with_site(world.site(DOMAIN).with_page(path, Reply(status, (TEXT,), body)))


@pytest.mark.parametrize(("path", "body", "name"), [
    ("/.env", SETTINGS, "settings"),
    ("/.env", b"export API_KEY = 'x'\n", "settings"),
    ("/.env", b"\xef\xbb\xbfKEY=\nOTHER=1\n", "settings"),
    ("/.env.production", b"# live\r\nSTRIPE_KEY=x\r\n", "settings"),
    ("/.git/HEAD", b"ref: refs/heads/main\n", "source-history"),
    ("/.git/HEAD", b"0123456789abcdef0123456789abcdef01234567\n", "source-history"),
    ("/.git/config", GIT_CONFIG, "source-history"),
])  # fmt: skip
async def test_what_a_site_gives_away_is_told(path: str, body: bytes, name: str) -> None:
    found = await look("secrets.files", DOMAIN, giving(path, body))
    assert said(found) == (FAIL, name)
    assert found.facts["path"] == path


@pytest.mark.parametrize(("path", "body"), [
    ("/.env", b""),
    ("/.env", b"Nothing is served here.\n"),
    ("/.env", b"<!doctype html><html><body>\nKEY=value\n</body></html>"),
    ("/.env", b'{"error": "no such route", "KEY": "="}'),
    ("/.env", b"We write about settings.\nSuch as\nDEBUG=1\nand many others.\nRead on.\n"),
    ("/.env", b"let a = 1;\nvar b = 2;\n"),
    ("/.git/HEAD", b"refs are great\n"),
    ("/.git/HEAD", b"0123456789abcdef0123456789abcdef01234567 and more\n"),
    ("/.git/config", b"The [core] of our work\n"),
])  # fmt: skip
async def test_what_only_looks_like_it_is_not_told(path: str, body: bytes) -> None:
    assert said(await look("secrets.files", DOMAIN, giving(path, body))) == (PASS, "ok")


@pytest.mark.parametrize("status", [401, 403, 404, 410, 500, 503])
async def test_a_file_that_is_not_served_is_not_told(status: int) -> None:
    found = await look("secrets.files", DOMAIN, giving("/.env", SETTINGS, status))
    assert said(found) == (PASS, "ok")


async def test_an_app_that_answers_its_index_for_every_path_passes() -> None:
    world = healthy()
    app = replace(world.site(DOMAIN), https_default=home())
    assert said(await look("secrets.files", DOMAIN, world.with_site(app))) == (PASS, "ok")


async def test_a_host_that_leads_on_passes() -> None:
    away = serving(healthy(), DOMAIN, moved("https://www.harbor.example{uri}"))
    assert said(await look("secrets.files", DOMAIN, away)) == (PASS, "ok")


async def test_nothing_of_the_file_is_kept_or_said(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    found = await look("secrets.files", DOMAIN, broken(["dotenv-served"]))
    assert found.verdict is FAIL
    told = f"{found} {caplog.text}"
    for part in (b"made-up", b"DATABASE", b"db.harbor.example", b"MAIL_TOKEN"):
        assert part in SETTINGS
        assert part.decode() not in told


@pytest.mark.parametrize(("reply", "reason"), [
    (Reply(403, (HTML, ("cf-mitigated", "challenge")), CHALLENGE_PAGE), "challenge"),
    (Reply(403, (HTML,), b"no"), "blocked"),
    (Reply(429, (HTML,), b"slow down"), "rate-limited"),
], ids=["challenge", "403", "429"])  # fmt: skip
async def test_a_host_that_keeps_us_out_is_not_judged(reply: Reply, reason: str) -> None:
    found = await look("secrets.files", DOMAIN, serving(healthy(), DOMAIN, reply))
    assert said(found) == (UNKNOWN, reason)


@pytest.mark.parametrize(("reply", "reason"), [
    (Reply(403, (HTML, ("cf-mitigated", "challenge")), CHALLENGE_PAGE), "challenge"),
    (Reply(429, (HTML,), b"slow down"), "rate-limited"),
], ids=["challenge", "429"])  # fmt: skip
async def test_an_address_that_tests_us_first_is_not_judged(reply: Reply, reason: str) -> None:
    world = healthy()
    world = world.with_site(world.site(DOMAIN).with_page("/.env", reply))
    assert said(await look("secrets.files", DOMAIN, world)) == (UNKNOWN, reason)


async def test_robots_txt_decides_whether_we_look() -> None:
    world = broken(["dotenv-served"])
    rules = Reply(200, (TEXT,), b"User-agent: *\nDisallow: /.env\n")
    world = world.with_site(world.site(DOMAIN).with_page("/robots.txt", rules))
    found = await look("secrets.files", DOMAIN, world)
    assert said(found) == (UNKNOWN, "not-allowed")
    assert "made-up" not in str(found)


async def test_a_fault_that_we_saw_counts_whatever_else_was_kept_from_us() -> None:
    world = giving("/.git/HEAD", b"ref: refs/heads/main\n")
    rules = Reply(200, (TEXT,), b"User-agent: *\nDisallow: /.env\n")
    world = world.with_site(world.site(DOMAIN).with_page("/robots.txt", rules))
    assert said(await look("secrets.files", DOMAIN, world)) == (FAIL, "source-history")
