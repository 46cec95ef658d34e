"""What a page loads, whose it is, what it weighs."""

from __future__ import annotations

from datetime import UTC, datetime
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.secrets.exposed_files import ADDRESSES, gives_away
from launchready_tui.rules.web.assets import MOST, Asset, assets, is_own
from launchready_tui.rules.web.images import format_of
from launchready_tui.vocabulary.facts import Response
from launchready_tui.vocabulary.sizes import say_bytes, say_seconds
from tests.every import every

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
HOME = "https://harbor.example/"


def page(html: str, *headers: tuple[str, str], url: str = HOME) -> Response:
    return Response(url, 200, headers, html.encode(), "192.0.2.1", NOW)


def loaded(html: str) -> list[tuple[str, str]]:
    return [(one.kind, one.url.removeprefix(HOME)) for one in assets(page(html))]


@every(("html", "found"), [
    ("<link rel=stylesheet href=a.css>", [("style", "a.css")]),
    ("<link rel='alternate stylesheet' href=a.css>", []),
    ("<link rel=icon href=a.ico><link rel='apple-touch-icon' href=b.png>",
     [("icon", "a.ico"), ("icon", "b.png")]),
    ("<link rel=preload as=font href=a.woff2>", [("preload", "a.woff2")]),
    ("<link rel=canonical href=/x>", []),
    ("<script src=a.js></script><script>inline()</script>", [("script", "a.js")]),
    ("<script type='application/ld+json' src=a.json></script>", []),
    ("<img src=a.png><img src=a.png>", [("image", "a.png")]),
    ("<img src='data:image/png;base64,AAAA'>", []),
    ("<img alt=nothing>", []),
    ("<base href=/static/><img src=a.png>", [("image", "static/a.png")]),
    ("<!-- <img src=a.png> -->", []),
    ("<noscript><img src=a.png></noscript>", []),
    ("<img src=s.png srcset='a.png 640w, b.png 1280w, c.png 3840w'>", [("image", "b.png")]),
    ("<img src=s.png srcset='a.png 320w, b.png 640w'>", [("image", "b.png")]),
    ("<img src=s.png srcset='a.png, b.png 2x, c.png 3x'>", [("image", "b.png")]),
    ("<img src=s.png srcset='  ,, '>", [("image", "s.png")]),
    ("<img srcset='/i?w=1,h=2 1x'>", [("image", "i?w=1,h=2")]),
    ("<picture><source type=image/avif srcset=a.avif><source type=image/webp srcset=a.webp>"
     "<img src=a.jpg></picture><img src=b.jpg>", [("image", "a.avif"), ("image", "b.jpg")]),
    ("<picture><source media='(min-width: 9px)' srcset=big.jpg><img src=a.jpg></picture>",
     [("image", "a.jpg")]),
    ("<video><source src=a.mp4></video>", []),
])  # fmt: skip
def test_what_a_page_loads(html: str, found: list[tuple[str, str]]) -> None:
    assert loaded(html) == found


@pytest.mark.parametrize(("html", "blocks"), [
    ("<html><head><title>x</title><script src=a.js></script></head>", True),
    ("<script src=a.js></script>", True),
    ("<script src=a.js type='text/javascript; charset=utf-8'></script>", True),
    ("<script async src=a.js></script>", False),
    ("<script defer src=a.js></script>", False),
    ("<script type=module src=a.js></script>", False),
    ("<body><script src=a.js></script>", False),
    ("<p>Boats<script src=a.js></script>", False),
])  # fmt: skip
def test_which_scripts_a_page_waits_for(html: str, blocks: bool) -> None:
    (script,) = assets(page(html))
    assert script == Asset(HOME + "a.js", "script", blocks)


@pytest.mark.parametrize(("url", "own"), [
    ("https://harbor.example/a.js", True),
    ("https://cdn.harbor.example/a.js", True),
    ("https://harbor-files.host.example/a.js", True),  # declared
    ("https://notharbor.example/a.js", False),
    ("https://cdn.example/a.js", False),
])  # fmt: skip
def test_whose_an_asset_is(url: str, own: bool) -> None:
    hosts = {"harbor.example", "harbor-files.host.example"}
    assert is_own(url, "harbor.example", hosts) is own
    assert not is_own("https://elsewhere.example/a.js", "", hosts)


@given(st.lists(st.sampled_from(
    ["<", ">", "<img srcset='", "'", ",", " 2x", " 9w", "<picture>", "<source srcset=a", "</head>",
     "<script src=a", " async", "<base href=", "//", "\x00", "é", "<link rel=stylesheet href=b"]
)))  # fmt: skip
def test_any_page_gets_an_answer(parts: list[str]) -> None:
    assert len(assets(page("".join(parts)))) <= MOST


@pytest.mark.parametrize("html", [
    "<img src=a>" * 40_000,
    "<img srcset='" + "a 1x," * 100_000,
    "<picture>" + "<source srcset=a>" * 30_000 + "<img>",
    "<script src=" * 40_000,
    "".join(f"<img src={n}.png>" for n in range(30_000)),
], ids=["one", "srcset", "sources", "open", "many"])  # fmt: skip
def test_hostile_pages_take_bounded_time(html: str) -> None:
    began = perf_counter()
    assert len(assets(page(html))) <= MOST
    assert perf_counter() - began < 3


@pytest.mark.parametrize(("body", "kind", "found"), [
    (b"\xff\xd8\xff\xe0", "image/webp", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "", "png"),
    (b"\0\0\0\x1cftypavif", "", "avif"),
    (b"RIFF\0\0\0\0WEBP", "", "webp"),
    (b"RIFF\0\0\0\0WAVE", "", None),
    (b"<svg xmlns=''>", "", "svg"),
    (b"<?xml version='1.0'?><svg>", "image/svg+xml", "svg"),
    (b"<!doctype html><p>no", "text/html", None),
    (b"<!-- a page --><html>", "text/html", None),
    (b"", "image/gif", "gif"),
    (b"", "", None),
])  # fmt: skip
def test_the_format_of_an_image(body: bytes, kind: str, found: str | None) -> None:
    headers = (("Content-Type", kind),) if kind else ()
    assert format_of(Response(HOME, 200, headers, body, "192.0.2.1", NOW)) == found


@given(st.binary(max_size=300))
def test_any_body_is_judged_without_a_fault(body: bytes) -> None:
    reply = Response(HOME, 200, (), body, "192.0.2.1", NOW)
    format_of(reply)
    settings, *others = ADDRESSES
    assert not (gives_away(reply, settings) and b"=" not in body)
    for address in others:
        gives_away(reply, address)


@pytest.mark.parametrize("body", [b"A" * 4096, b"A=" * 3000, b"\n" * 4096, b"[core" * 999,
                                  b"ref: refs/" + b"a" * 4096, b"services:\n" * 400,
                                  b"services:" + b"\n" * 4000, b" PASSWORD" * 400,
                                  b"<title>" * 600, b"//" * 2000])  # fmt: skip
def test_hostile_files_take_no_time(body: bytes) -> None:
    began = perf_counter()
    for address in ADDRESSES:
        gives_away(Response(HOME, 200, (), body, "192.0.2.1", NOW), address)
    assert perf_counter() - began < 0.2


@pytest.mark.parametrize(("size", "said"), [
    (0, "0 bytes"), (1023, "1023 bytes"), (1024, "1 KB"), (204_800, "200 KB"),
    (2_500_000, "2.4 MB"),
])  # fmt: skip
def test_bytes_as_people_read_them(size: int, said: str) -> None:
    assert say_bytes(size) == said


@pytest.mark.parametrize(("seconds", "said"), [
    (0, "no time"), (1, "1 second"), (59, "59 seconds"), (60, "1 minute"), (3600, "1 hour"),
    (86_400, "1 day"), (31_536_000, "1 year"), (2_592_000, "30 days"),
])  # fmt: skip
def test_times_as_people_read_them(seconds: int, said: str) -> None:
    assert say_seconds(seconds) == said
