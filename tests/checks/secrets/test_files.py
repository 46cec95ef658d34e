"""`secrets.files` on sites that the lab serves: what is given away, and that we keep none of it."""

from __future__ import annotations

import gzip
import io
import logging
import tarfile
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from launchready_tui.checks import registered
from launchready_tui.lab import Lab, Scenario, healthy
from launchready_tui.lab.faults import broken
from launchready_tui.lab.faults.secrets import KEY, SETTINGS
from launchready_tui.lab.healthy import DOMAIN, HTML, home, moved
from launchready_tui.lab.pages import CHALLENGE_PAGE
from launchready_tui.lab.scenario import Reply
from launchready_tui.rules.secrets.exposed_files import ADDRESSES, PATHS, gives_away
from launchready_tui.vocabulary.facts import Response
from launchready_tui.vocabulary.findings import Outcome, Verdict
from launchready_tui.world import open_world
from launchready_tui.world.web.front import holds_a_secret
from tests.checks.looking import harbor, look, serving

NOW = datetime(2026, 11, 3, tzinfo=UTC)
PASS, WARN, FAIL, UNKNOWN, SKIPPED = Verdict
TEXT = ("Content-Type", "text/plain")
COMPOSE = b"services:\n  db:\n    image: postgres:17\n"
AWS = b"[default]\naws_access_key_id = made-up\naws_secret_access_key = " + b"mAdE" * 10 + b"\n"
GIT_CONFIG = b"[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n"


def _tar_gz() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("shop/settings.py"))
    return gzip.compress(made.getvalue(), mtime=0)


TAR_GZ = _tar_gz()


def said(outcome: Outcome) -> tuple[Verdict, str]:
    return outcome.verdict, outcome.name


def giving(path: str, body: bytes, status: int = 200) -> Scenario:
    world = healthy()
    return world.with_site(world.site(DOMAIN).with_page(path, Reply(status, (TEXT,), body)))


@pytest.mark.parametrize(("path", "body", "name"), [
    ("/.env", SETTINGS, "settings"),
    ("/.env", b"export API_KEY = 'x'\nOTHER='y'\n", "settings"),
    ("/.env", b"\xef\xbb\xbfKEY=\nOTHER=1\n", "settings"),
    ("/.env.production", b"# live\r\nSTRIPE_KEY=x\r\nA_B=c\r\n", "settings"),
    ("/.git/HEAD", b"ref: refs/heads/main\n", "source-history"),
    ("/.git/HEAD", b"0123456789abcdef0123456789abcdef01234567\n", "source-history"),
    ("/.git/config", GIT_CONFIG, "source-history"),
    ("/.env.save", SETTINGS, "settings"),
    ("/api/.env", SETTINGS, "settings"),
    ("/.svn/wc.db", b"SQLite format 3\x00" + bytes(2000), "source-history"),
    ("/backup.zip", b"PK\x03\x04" + bytes(9000), "database-copy"),
    ("/backup.tar.gz", TAR_GZ, "database-copy"),
    ("/dump.sql", b"-- MySQL dump 10.13\n--\n" + b"-- " * 900, "database-copy"),
    ("/dump.sql", b"--\n-- PostgreSQL database dump\n--\n", "database-copy"),
    ("/dump.sql", b"PGDMP\x01\x0e", "database-copy"),
    ("/config.json", b'{"stripe": "' + KEY.encode() + b'"}', "access-keys"),
    ("/env.js", b"window.env = {key: '" + KEY.encode() + b"'}", "access-keys"),
    ("/.npmrc", b"//npm.harbor.example/:_authToken=made-up-for-this-test\n", "access-keys"),
    ("/.aws/credentials", AWS, "access-keys"),
    ("/docker-compose.yml", COMPOSE + b"    environment:\n      DB_PASSWORD: made-up\n",
     "settings"),
])  # fmt: skip
async def test_what_a_site_gives_away_is_told(path: str, body: bytes, name: str) -> None:
    found = await look("secrets.files", DOMAIN, giving(path, body))
    assert said(found) == (FAIL, name)
    assert found.facts["path"] == path


@pytest.mark.parametrize(("path", "body"), [
    ("/.env", b""),
    ("/.env", b"# one name alone is no file of settings\nKEY=value\n"),
    ("/.env", b"Nothing is served here.\n"),
    ("/.env", b"<!doctype html><html><body>\nKEY=value\n</body></html>"),
    ("/.env", b'{"error": "no such route", "KEY": "="}'),
    ("/.env", b"We write about settings.\nSuch as\nDEBUG=1\nand many others.\nRead on.\n"),
    ("/.env", b"let a = 1;\nvar b = 2;\n"),
    ("/.git/HEAD", b"refs are great\n"),
    ("/.git/HEAD", b"0123456789abcdef0123456789abcdef01234567 and more\n"),
    ("/.git/config", b"The [core] of our work\n"),
    ("/.git/config", b"[core-js] of our work\n"),
    ("/.svn/wc.db", b"SQLite format 3 is a format\n"),
    ("/backup.zip", b"PK is short for Phil Katz\n"),
    ("/backup.tar.gz", gzip.compress(b"<!doctype html><p>the index, packed</p>" * 20, mtime=0)),
    ("/backup.tar.gz", b"\x1f\x8b\x08 and then nothing that unpacks"),
    ("/dump.sql", b"We will dump our SQL here.\n"),
    ("/dump.sql", b"<!doctype html><pre>\nINSERT INTO boats VALUES (1);\n</pre>"),
    ("/config.json", b'{"api": "https://api.harbor.example", "stripe": "pk_live_x"}'),
    ("/config.json", b"<html><script>key = '" + KEY.encode() + b"'</script></html>"),
    ("/env.js", b"window.env = {mode: 'live'}"),
    ("/.npmrc", b"save-exact=true\n"),
    ("/.npmrc", b"//npm.harbor.example/:_authToken=${NPM_TOKEN}\n"),
    ("/.aws/credentials", b"[default]\naws_access_key_id = \n"),
    ("/docker-compose.yml", b"services: we offer three\n"),
    ("/debug/vars", b'{"vars": {}}'),
    ("/actuator/env", b'{"activeProfiles": []}'),
    ("/phpinfo.php", b"<html><title>Using phpinfo()</title><p>How to use it</p></html>"),
    ("/server-status", b"<html><title>Status</title><h1>All is well</h1></html>"),
    ("/.DS_Store", b"\x00\x00\x00\x02Bud1"),
])  # fmt: skip
def test_what_only_looks_like_it_is_not_told(path: str, body: bytes) -> None:
    reply = Response(f"https://{DOMAIN}{path}", 200, (TEXT,), body, "192.0.2.1", NOW)
    marked = [one for one in ADDRESSES if one.path == path and gives_away(reply, one)]
    assert path in PATHS
    # What the scanner has to look through counts only with a secret in it.
    assert not [one for one in marked if not one.scan or holds_a_secret(reply)]


@pytest.mark.parametrize(("path", "body"), [
    ("/server-status", b"<html><title>Apache Status</title><h1>Apache Server Status for a</h1>"),
    ("/phpinfo.php", b"<style></style><title>PHP 8.3.1 - phpinfo()</title><h1>PHP Version 8.3.1"),
    ("/actuator/env", b'{"activeProfiles":["prod"],"propertySources":[]}'),
    ("/debug/vars", b'{\n"cmdline": ["./boats"],\n"memstats": {"Alloc":1}}'),
    ("/.DS_Store", b"\x00\x00\x00\x01Bud1\x00"),
    ("/docker-compose.yml", COMPOSE + b"    environment:\n      DB_PASSWORD: ${DB_PASSWORD}\n"),
])  # fmt: skip
async def test_what_tells_of_the_server_alone_is_a_warning(path: str, body: bytes) -> None:
    found = await look("secrets.files", DOMAIN, giving(path, body))
    assert said(found) == (WARN, "server-info")
    assert found.facts["path"] == path


async def test_a_file_that_comes_packed_is_seen_all_the_same() -> None:
    packed = Reply(200, (TEXT, ("Content-Encoding", "gzip")), gzip.compress(SETTINGS))
    world = healthy().with_site(healthy().site(DOMAIN).with_page("/.env", packed))
    assert said(await look("secrets.files", DOMAIN, world)) == (FAIL, "settings")


async def test_a_file_that_we_cannot_unpack_is_not_judged() -> None:
    packed = Reply(200, (TEXT, ("Content-Encoding", "br")), b"\x0b\x02\x80")
    world = healthy().with_site(healthy().site(DOMAIN).with_page("/.env", packed))
    assert said(await look("secrets.files", DOMAIN, world)) == (UNKNOWN, "garbled")


async def test_an_index_that_comes_packed_is_no_backup() -> None:
    packed = Reply(200, (HTML, ("Content-Encoding", "gzip")), gzip.compress(b"<html>" * 900))
    app = replace(healthy().site(DOMAIN), https_default=packed)
    assert said(await look("secrets.files", DOMAIN, healthy().with_site(app))) == (PASS, "ok")


@pytest.mark.parametrize("body", [
    SETTINGS, GIT_CONFIG, b"PK\x03\x04" + bytes(600), TAR_GZ, b"-- MySQL dump\n",
    b'{"activeProfiles":["prod"],"propertySources":[]}', b'{"stripe": "' + KEY.encode() + b'"}',
], ids=["settings", "git", "zip", "tar", "dump", "actuator", "key"])  # fmt: skip
async def test_a_host_that_answers_every_path_with_it_gives_nothing_away(body: bytes) -> None:
    """Also where it answers so for a kind of path alone: two names beside it get the same."""
    world = healthy()
    every = replace(world.site(DOMAIN), https_default=Reply(200, (TEXT,), body))
    assert said(await look("secrets.files", DOMAIN, world.with_site(every))) == (PASS, "ok")
    dots = world.site(DOMAIN).with_page("/.*", Reply(200, (TEXT,), body))
    assert said(await look("secrets.files", DOMAIN, world.with_site(dots))) == (PASS, "ok")


async def test_a_doubt_that_nobody_cleared_is_not_judged() -> None:
    """The file looks like it, and the site keeps us from the names beside it."""
    world = broken(["dotenv-served"])
    rules = Reply(200, (TEXT,), b"User-agent: *\nDisallow: /.\nAllow: /.env\n")
    world = world.with_site(world.site(DOMAIN).with_page("/robots.txt", rules))
    assert said(await look("secrets.files", DOMAIN, world)) == (UNKNOWN, "not-allowed")


async def test_of_a_backup_only_the_first_bytes_are_asked_for() -> None:
    """And a host that asks us to stop is asked no further."""
    world = giving("/backup.zip", b"PK\x03\x04" + bytes(1 << 20))
    found = await look("secrets.files", DOMAIN, world)
    assert said(found) == (FAIL, "database-copy")
    limit = world.site(DOMAIN).with_page("/.env", Reply(429, (TEXT,), b"slow down"))
    async with Lab(world.with_site(limit)) as lab, open_world(lab.options) as asked:
        outcome = await registered()["secrets.files"].run(DOMAIN, harbor(), asked)
        assert asked.asked.hosts[DOMAIN] <= 8
    assert isinstance(outcome, Outcome)
    assert said(outcome) == (UNKNOWN, "rate-limited")


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
