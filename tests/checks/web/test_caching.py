"""`cache.*` and `speed.blocking` on pages that the lab serves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from launchready_tui.lab import Scenario, healthy
from launchready_tui.lab.healthy import ASSETS, DOMAIN, HTML, asset, home, moved
from launchready_tui.lab.pages import CHALLENGE_PAGE, IMAGE_PATH, SCRIPT_PATH
from launchready_tui.lab.scenario import Certificate, Reply, Site
from launchready_tui.project.model import Route
from launchready_tui.vocabulary.findings import Outcome, Verdict
from launchready_tui.world import limits
from tests.checks.looking import harbor, look, serving
from tests.ports import free_port
from tests.world.servers import talking
from tests.world.test_web import stall

PASS, WARN, FAIL, UNKNOWN, SKIPPED = Verdict
OF_A_HOST = ("cache.static", "cache.compression", "cache.images", "speed.blocking")
ROUTE = f"https://{DOMAIN}/pricing"
HEADER = "Cache-Control"


def said(outcome: Outcome) -> tuple[Verdict, str]:
    return outcome.verdict, outcome.name


def page(reply: Reply, path: str = "/") -> Scenario:
    world = healthy()
    return world.with_site(world.site(DOMAIN).with_page(path, reply))


def with_head(html: str) -> Scenario:
    front = home()
    assert isinstance(front.body, bytes)
    return page(replace(front, body=front.body.replace(b"</head>", html.encode() + b"</head>")))


# Nobody is told that something is wrong with a page that we did not see.

KEPT_OUT = {
    "challenge": (
        Reply(403, (HTML, ("cf-mitigated", "challenge")), CHALLENGE_PAGE), "challenge",
    ),
    "a bare 403": (Reply(403, (HTML,), b"no"), "blocked"),
    "429": (Reply(429, (HTML,), b"slow down"), "rate-limited"),
}  # fmt: skip


@pytest.mark.parametrize("check", OF_A_HOST)
@pytest.mark.parametrize(("reply", "reason"), KEPT_OUT.values(), ids=KEPT_OUT)
async def test_a_page_that_is_kept_from_us_is_not_judged(
    check: str, reply: Reply, reason: str
) -> None:
    assert said(await look(check, DOMAIN, serving(healthy(), DOMAIN, reply))) == (UNKNOWN, reason)


@pytest.mark.parametrize(("reply", "reason"), KEPT_OUT.values(), ids=KEPT_OUT)
async def test_a_route_that_is_kept_from_us_is_not_judged(reply: Reply, reason: str) -> None:
    project = harbor(routes=(Route(url=ROUTE, kind="marketing"),))
    found = await look("cache.routes", ROUTE, page(reply, "/pricing"), project)
    assert said(found) == (UNKNOWN, reason)


@pytest.mark.parametrize("check", [*OF_A_HOST, "cache.routes", "secrets.files"])
async def test_silence_is_not_judged(check: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RESPONSE", 1.5)
    project = harbor(routes=(Route(url=ROUTE, kind="marketing"),))
    subject = ROUTE if check == "cache.routes" else DOMAIN

    async def at(port: int) -> tuple[Verdict, str]:
        more = (f"{DOMAIN}:443=127.0.0.1:{port}",)
        return said(await look(check, subject, healthy(), project, more=more))

    async with talking(stall) as port:
        assert await at(port) == (UNKNOWN, "timeout")
    async with talking(hang_up_at_once) as port:
        assert await at(port) == (UNKNOWN, "reset")
    assert await at(free_port()) == (UNKNOWN, "refused")
    servfail = healthy().with_trouble("", "servfail")
    assert said(await look(check, subject, servfail, project)) == (UNKNOWN, "servfail")


async def hang_up_at_once(reader: object, writer: object) -> None:
    """The connection is cut before the handshake is over."""


@pytest.mark.parametrize("check", OF_A_HOST)
@pytest.mark.parametrize("reply", [
    Reply(404, (HTML,), b"<html>nothing</html>"),
    Reply(500, (HTML,), b"<html>broken</html>"),
    Reply(401, (HTML,), b"<html>sign in</html>"),
    moved("https://elsewhere.example/"),
    moved(f"https://{DOMAIN}/"),
], ids=["404", "500", "401", "leads away", "loop"])  # fmt: skip
async def test_a_host_without_a_page_of_its_own_is_skipped(check: str, reply: Reply) -> None:
    found = await look(check, DOMAIN, serving(healthy(), DOMAIN, reply))
    assert found.verdict is SKIPPED or found.verdict is UNKNOWN  # elsewhere has no address here
    assert found.name in ("no-page", "no-address", "servfail")


# Kept for long


@pytest.mark.parametrize(("header", "expected"), [
    ("public, max-age=31536000, immutable", (PASS, "ok")),
    ("max-age=2592000", (PASS, "ok")),
    ("max-age=2591999", (WARN, "short")),
    ("public, max-age=0, s-maxage=31536000", (WARN, "short")),
    ("no-store", (WARN, "short")),
    ("no-cache, max-age=31536000", (WARN, "short")),
])  # fmt: skip
async def test_files_with_a_fingerprint_are_kept_for_a_month(
    header: str, expected: tuple[Verdict, str]
) -> None:
    script = ASSETS[SCRIPT_PATH].with_headers((HEADER, header))
    assert said(await look("cache.static", DOMAIN, page(script, SCRIPT_PATH))) == expected


@pytest.mark.parametrize(("header", "expected"), [
    ("no-cache", PASS),
    ("max-age=86399", PASS),
    ("max-age=86400", FAIL),
    ("max-age=60, immutable", FAIL),
    ("no-store, max-age=31536000, immutable", PASS),
    ("public, max-age=0, s-maxage=31536000", PASS),
])  # fmt: skip
async def test_the_page_itself_is_not_kept_for_a_day(header: str, expected: Verdict) -> None:
    found = await look("cache.static", DOMAIN, page(home().with_headers((HEADER, header))))
    assert found.verdict is expected
    assert expected is PASS or found.name == "page-kept"


async def test_files_without_a_fingerprint_are_not_judged() -> None:
    bare = b"<html><head><link rel=stylesheet href=/site.css></head><body>Boats</body></html>"
    found = await look("cache.static", DOMAIN, page(replace(home(), body=bare)))
    assert said(found) == (PASS, "page-only")


async def test_a_file_that_stays_silent_is_no_pass() -> None:
    limit = Reply(429, (), b"slow down")
    found = await look("cache.static", DOMAIN, page(limit, SCRIPT_PATH))
    assert said(found) == (UNKNOWN, "rate-limited")
    found = await look("cache.compression", DOMAIN, page(limit, SCRIPT_PATH))
    assert said(found) == (UNKNOWN, "rate-limited")


async def test_files_of_other_companies_are_not_the_founders() -> None:
    other = "cdn.chat-widget.example"
    script = asset("text/javascript", b"//" * 5000).without("cache-control")
    world = with_head(f'<script async src="https://{other}/a.3f9c1a7e.js"></script>')
    world = world.with_site(Site(other, Certificate((other,)), {"/a.3f9c1a7e.js": script}))
    world = world.with_records(other, "A", ["203.0.113.90"])
    assert said(await look("cache.static", DOMAIN, world)) == (PASS, "ok")
    assert said(await look("cache.compression", DOMAIN, world)) == (PASS, "ok")


# Routes


@pytest.mark.covers("S5.C4", "live")
@pytest.mark.parametrize(("kind", "header", "expected"), [
    ("marketing", "public, max-age=0, s-maxage=600", (PASS, "ok")),
    ("marketing", "no-cache", (PASS, "ok")),
    ("marketing", "max-age=600", (PASS, "ok")),
    ("marketing", "max-age=601", (FAIL, "too-long")),
    ("marketing", "s-maxage=86401", (FAIL, "too-long")),
    ("marketing", None, (WARN, "silent")),
    ("login", "private, no-store", (PASS, "ok")),
    ("app", "no-cache", (PASS, "ok")),
    ("app", "public, max-age=0, must-revalidate", (PASS, "ok")),
    ("checkout", "public, max-age=60", (FAIL, "shared")),
    ("app", "s-maxage=5", (FAIL, "shared")),
    ("app", "private, max-age=60", (FAIL, "too-long")),
    ("signup", None, (WARN, "silent")),
    ("api-read", "public, s-maxage=60", (PASS, "ok")),
    ("api-read", "max-age=61", (FAIL, "too-long")),
    ("upload", "max-age=86400", (PASS, "ok")),
    ("upload", "max-age=31536000", (FAIL, "too-long")),  # its name does not change
    ("webhook", "max-age=31536000", (SKIPPED, "not-asked")),
])  # fmt: skip
async def test_each_kind_of_route_has_its_own_policy(
    kind: Any, header: str | None, expected: tuple[Verdict, str]
) -> None:
    project = harbor(routes=(Route(url=ROUTE, kind=kind),))
    reply = home().without("cache-control")
    reply = reply if header is None else reply.with_headers((HEADER, header))
    found = await look("cache.routes", ROUTE, page(reply, "/pricing"), project)
    assert said(found) == expected
    if header and expected[0] is not SKIPPED:
        assert found.facts["header"] == header  # the caching policy shows it


@pytest.mark.parametrize(("reply", "name"), [
    (moved(f"https://{DOMAIN}/prices"), "moved"),
    (Reply(404, (HTML,), b"nothing"), "no-page"),
    (Reply(500, (HTML,), b"broken"), "no-page"),
])  # fmt: skip
async def test_a_route_without_a_page_is_skipped(reply: Reply, name: str) -> None:
    project = harbor(routes=(Route(url=ROUTE, kind="marketing"),))
    found = await look("cache.routes", ROUTE, page(reply, "/pricing"), project)
    assert said(found) == (SKIPPED, name)


# Packed


@pytest.mark.parametrize("used", ["br", "zstd", "gzip", "GZIP", "x-gzip", "deflate"])
async def test_every_packing_of_today_is_recognised(used: str) -> None:
    script = ASSETS[SCRIPT_PATH].with_headers(("Content-Encoding", used))
    script = replace(script, body=b"packed" * 1000, packed=False)
    found = await look("cache.compression", DOMAIN, page(script, SCRIPT_PATH))
    assert said(found) == (PASS, "ok")


@pytest.mark.parametrize(("size", "kind", "expected"), [
    (1400, "text/javascript", PASS),
    (1401, "text/javascript", FAIL),
    (1401, "application/json; charset=utf-8", FAIL),
    (1401, "font/woff2", PASS),
])  # fmt: skip
async def test_plain_text_over_one_packet_is_told(size: int, kind: str, expected: Verdict) -> None:
    found = await look("cache.compression", DOMAIN, page(asset(kind, b"x" * size), SCRIPT_PATH))
    assert found.verdict is expected


async def test_a_plain_page_is_told() -> None:
    front = home()
    assert isinstance(front.body, bytes)
    found = await look("cache.compression", DOMAIN, page(replace(front, body=front.body * 2)))
    assert said(found) == (FAIL, "plain")


# Images

PNG, JPEG, GIF = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a"
WEBP, AVIF = b"RIFF\0\0\0\0WEBPVP8 ", b"\0\0\0\x1cftypavif"


@pytest.mark.parametrize(("start", "size", "expected"), [
    (PNG, 15_700, (PASS, "ok")),
    (PNG, 15_800, (WARN, "old-format")),
    (JPEG, 16_380, (PASS, "ok")),
    (JPEG, 16_400, (WARN, "old-format")),
    (GIF, 21_000, (PASS, "ok")),
    (GIF, 22_000, (WARN, "old-format")),
    (WEBP, 500 * 1024, (PASS, "ok")),
    (WEBP, 500 * 1024 + 1, (FAIL, "heavy")),
    (AVIF, 100_000, (PASS, "ok")),
    (JPEG, 600_000, (FAIL, "heavy")),
    (b"<svg xmlns='http://www.w3.org/2000/svg'>", 20_000, (PASS, "ok")),
])  # fmt: skip
async def test_images_are_weighed(start: bytes, size: int, expected: tuple[Verdict, str]) -> None:
    kind = "image/svg+xml" if start.startswith(b"<svg") else "image/png"  # the bytes decide
    image = asset(kind, start.ljust(size, b"\0"))
    found = await look("cache.images", DOMAIN, page(image, IMAGE_PATH))
    assert said(found) == expected


async def test_an_error_page_is_no_image() -> None:
    found = await look("cache.images", DOMAIN, page(replace(home(), status=404), IMAGE_PATH))
    assert said(found) == (SKIPPED, "no-images")


# Scripts of other companies

OTHER = "tags.ads.example"


def theirs(tag: str, delay: float = 0.0) -> Scenario:
    script = Reply(200, (("Content-Type", "text/javascript"),), b"//", delay=delay)
    world = with_head(tag).with_records(OTHER, "A", ["203.0.113.90"])
    return world.with_site(Site(OTHER, Certificate((OTHER,)), {"/a.js": script, "/b.js": script}))


def tag(path: str = "a", how: str = "") -> str:
    return f'<script {how} src="https://{OTHER}/{path}.js"></script>'


@pytest.mark.parametrize(("html", "expected"), [
    ("", (PASS, "ok")),
    (tag(how="async"), (PASS, "ok")),
    (tag(how="defer"), (PASS, "ok")),
    (tag(how="type=module"), (PASS, "ok")),
    (tag(how="nomodule"), (PASS, "ok")),
    (tag(how="type=application/json"), (PASS, "ok")),
    ("<!--" + tag() + "-->", (PASS, "ok")),
    ("</head><body><p>Boats</p>" + tag(), (PASS, "ok")),
    ('<script src="https://cdn.harbor.example/own.js"></script>', (PASS, "ok")),
    (tag(), (WARN, "one")),
    (tag() + tag(), (WARN, "one")),
    (tag() + tag("b"), (FAIL, "several")),
])  # fmt: skip
async def test_what_a_page_waits_for(html: str, expected: tuple[Verdict, str]) -> None:
    assert said(await look("speed.blocking", DOMAIN, theirs(html))) == expected


async def test_one_slow_script_is_enough() -> None:
    found = await look("speed.blocking", DOMAIN, theirs(tag(), delay=1.3))
    assert said(found) == (FAIL, "slow")
    assert found.facts["who"] == OTHER


async def test_a_script_that_does_not_answer_is_not_called_slow() -> None:
    gone = theirs(tag()).without(OTHER)
    found = await look("speed.blocking", DOMAIN, gone)
    assert said(found) == (WARN, "one")
    assert "no public address" in str(found.evidence) or "SERVFAIL" in str(found.evidence)


async def test_who_asks_robots_to_stay_away_is_not_fetched() -> None:
    world = theirs(tag(), delay=1.3)
    stay_away = Reply(200, (("Content-Type", "text/plain"),), b"User-agent: *\nDisallow: /\n")
    world = world.with_site(world.site(OTHER).with_page("/robots.txt", stay_away))
    found = await look("speed.blocking", DOMAIN, world)
    assert said(found) == (WARN, "one")
    assert "robots.txt" in str(found.evidence)
