"""`secrets.bundle` on sites that the lab serves, and on hostile ones."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from launchready_tui.checks import registered
from launchready_tui.lab import Lab, Scenario, healthy
from launchready_tui.lab.faults import broken
from launchready_tui.lab.faults.secrets import KEY
from launchready_tui.lab.healthy import DOMAIN, HTML
from launchready_tui.lab.pages import CHALLENGE_PAGE
from launchready_tui.lab.scenario import Reply
from launchready_tui.vocabulary.findings import Outcome, Verdict
from launchready_tui.world import limits, open_world
from tests.checks.looking import harbor, look
from tests.hostile.servers import DIRT, endless_chunks
from tests.world.certificates import Authority
from tests.world.servers import Talk, talking

PASS, WARN, FAIL, UNKNOWN, SKIPPED = Verdict
JS = ("Content-Type", "text/javascript")
MAP = {"version": 3, "sources": ["src/pay.ts"], "mappings": ""}
PUBLIC_MAP = json.dumps({**MAP, "sourcesContent": ["let a = 1;\n"]}).encode()
LEAKING_MAP = json.dumps({**MAP, "sourcesContent": [f'let a;\nlet key = "{KEY}";\n']}).encode()
TEST_KEY = "sk_test_" + "51Hx8QmTz4Vn2Kd7Rw9Lb3Yp"
GOOGLE = "AIza" + "RRmc8ucD6ddqqC0j1PXbPTbGMuh1ZBR8oBr"


def jwt(role: str) -> str:
    parts = (b'{"alg":"HS256","typ":"JWT"}',
             json.dumps({"iss": "supabase", "ref": "abcdwxyzharbor", "role": role,
                         "iat": 1700000000, "exp": 2015000000}).encode(),
             bytes(range(7, 245, 8)) + b"42")  # fmt: skip
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def site(page: str, files: Mapping[str, bytes | Reply] | None = None) -> Scenario:
    """Harbor Market with this front page, and these files beside it."""
    world = healthy()
    made = world.site(DOMAIN).with_page("/", Reply(200, (HTML,), page.encode()))
    for path, body in (files or {}).items():
        made = made.with_page(path, body if isinstance(body, Reply) else Reply(200, (JS,), body))
    return world.with_site(made)


def script(body: str, **more: bytes | Reply) -> Scenario:
    files = {f"/{name.replace('__', '.')}": reply for name, reply in more.items()}
    return site("<script src=/a.js></script>", {"/a.js": body.encode(), **files})


async def said(world: Scenario) -> tuple[Verdict, str]:
    found = await look("secrets.bundle", DOMAIN, world)
    return found.verdict, found.name


RUNTIME = "r.e=e=>Promise.all(Object.keys(r.f).reduce(((t,n)=>t),[])),r.e(1);"
LEAKS = {
    "in the page": site(f"<p>{KEY}</p>"),
    "in an inline script": site(f"<script>pay('{KEY}')</script>"),
    "in the data of the page": site(
        '<script id="__NEXT_DATA__" type="application/json">{"k": "'
        + KEY.replace("_", "\\u005f") + '"}</script>'),
    "in a script": script(f"pay('{KEY}')"),
    "in a packed script": script("", a__js=Reply(
        200, (JS, ("Content-Encoding", "gzip")), gzip.compress(f"pay('{KEY}')".encode()))),
    "two imports away": script('import("./b.js")', b__js=b'import"./c.js"',
                               c__js=f"x='{KEY}'".encode()),
    "in the script that a redirect leads to": script(
        "", a__js=Reply(302, (("Location", "/b.js"),)), b__js=f"x='{KEY}'".encode()),
    "in a named map": script("a()\n//# sourceMappingURL=m.map", m__map=LEAKING_MAP),
    "in a map beside it": script("a()", a__js__map=LEAKING_MAP),
    "in a map written into it": script(
        "a()\n//# sourceMappingURL=data:application/json;base64,"
        + base64.b64encode(LEAKING_MAP).decode()),
    "a service role": script(f"db('{jwt('service_role')}')"),
    "in a map beside a script with a query": site(
        "<script src='/a.js?v=2'></script>", {"/a.js": b"a()", "/a.js.map": LEAKING_MAP}),
    "in a chunk beside the script": script(
        RUNTIME + 'r.u=e=>"c/"+e+".js";r.p=t', c__js=b"", **{"c/1__js": f"x='{KEY}'".encode()}),
    "in a chunk of webpack 4": script(
        'u.src=function(e){return o.p+"j/"+({}[e]||e)+"."+{3:"aa"}[e]+".js"}(t);o.p="/"',
        **{"j/3__aa__js": f"x='{KEY}'".encode()}),
    "in a chunk with a name of its own": script(
        RUNTIME + 'r.u=e=>7===e?"c/own.js":"c/"+e+".js",r.p="/"',
        **{"c/own__js": f"x='{KEY}'".encode()}),
    "in a service worker": script(
        'navigator.serviceWorker.register("/sw.js")', sw__js=f"x='{KEY}'".encode()),
    "behind many names that are made up": script(
        "".join(f"import('./{n}.js');" for n in range(9)),
        **{f"{n}__js": b"import(`./${x}.js`)" for n in range(8)},
        **{"8__js": f"x='{KEY}'".encode()}),
    "beside what we could not read": script(f'pay("{KEY}");import("./b.js")', b__js=Reply(429)),
}  # fmt: skip


@pytest.mark.parametrize("name", LEAKS)
async def test_a_secret_in_what_the_page_leads_to_is_told(name: str) -> None:
    assert await said(LEAKS[name]) == (FAIL, "leak")


OTHERS = {
    "keys for browsers": (script(f"a('{GOOGLE}');b('{jwt('anon')}')"), (PASS, "public-keys")),
    "nothing": (script("a()"), (PASS, "ok")),
    "a public key under a secret's name": (
        script(f"VITE_SUPABASE_SECRET='{jwt('anon')}'"), (PASS, "public-keys")),
    "a key for tests": (script(f"pay('{TEST_KEY}')"), (WARN, "unsure")),
    "a secret's name": (script('NEXT_PUBLIC_API_SECRET:"v9Qm27xTzL4dRw8K"'), (WARN, "unsure")),
    "a map": (script("a()", a__js__map=PUBLIC_MAP), (WARN, "source-maps")),
    "a map without the source": (script("a()", a__js__map=json.dumps(MAP).encode()), (PASS, "ok")),
    "the index in a map's place": (
        script("a()", a__js__map=Reply(200, (HTML,), b"<!doctype html>")), (PASS, "ok")),
    "a script that is gone": (script('import("./b.js")', b__js=Reply(404)), (PASS, "ok")),
    "a script of another site": (site("<script src=https://o.example/x.js></script>"),
                                 (PASS, "ok")),
    "chunks whose names we can't read": (
        script(RUNTIME + 'r.u=e=>"c/"+name(e)+".js"'), (UNKNOWN, "unread")),
    "chunks of which none came": (
        script(RUNTIME + 'r.u=e=>"c/"+{1:"a",2:"b"}[e]+".js",r.p="/gone/"'), (UNKNOWN, "unread")),
    "chunks of which one came": (
        script(RUNTIME + 'r.u=e=>"c/"+{1:"a",2:"b"}[e]+".js",r.p="/"', **{"c/a__js": b"a()"}),
        (PASS, "ok")),
    "chunks on a host that we don't know": (
        script(RUNTIME + 'r.u=e=>"c/"+e+".js",r.p="https://cdn.example/"'), (UNKNOWN, "unread")),
    "a build of Next.js on a host that we don't know": (
        site("<script src=https://cdn.example/_next/static/chunks/1.js></script>"),
        (UNKNOWN, "unread")),
    "a script's name that is made up": (script("import(`./${name}.js`)"), (UNKNOWN, "unread")),
    "a map that is kept from all": (
        script("a()\n//# sourceMappingURL=m.map", m__map=Reply(403)), (PASS, "ok")),
    "a script that nobody gets": (script("", a__js=Reply(404)), (PASS, "ok")),
    "an odd answer": (script("", a__js=Reply(400)), (UNKNOWN, "unread")),
    "very many values": (
        script(";".join(f"a='AIza{n:06}RRmc8ucD6ddqqC0j1PXbPTbGMuh1Z'" for n in range(2500))),
        (UNKNOWN, "unread")),
    "a limit": (script("", a__js=Reply(429)), (UNKNOWN, "unread")),
    "a refusal": (script("", a__js=Reply(403)), (UNKNOWN, "unread")),
    "an error": (script("", a__js=Reply(500)), (UNKNOWN, "unread")),
    "a challenge": (
        script("", a__js=Reply(403, (HTML, ("cf-mitigated", "challenge")), CHALLENGE_PAGE)),
        (UNKNOWN, "unread")),
    "a page in a script's place": (
        script("", a__js=Reply(200, (HTML,), b"<!doctype html>")), (UNKNOWN, "unread")),
    "a packing that we don't know": (
        script("", a__js=Reply(200, (JS, ("Content-Encoding", "br")), b"\x0b\x02\x80")),
        (UNKNOWN, "unread")),
    "a page that is cut": (site("<p>" + "x" * (3 << 20)), (UNKNOWN, "unread")),
    "a script of 11 MB": (script("a" * (11 << 20)), (UNKNOWN, "unread")),
    "10,000 scripts": (site("".join(f"<script src=/{n}.js></script>" for n in range(10_000))),
                       (UNKNOWN, "unread")),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
async def test_what_is_no_leak(name: str) -> None:
    world, expected = OTHERS[name]
    assert await said(world) == expected


async def test_the_place_is_told_and_the_value_is_not(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    found = await look("secrets.bundle", DOMAIN, broken(["secret-in-bundle"]))
    assert "harbor.8d1f02c4.js, line" in found.facts["where"]
    assert "sk_live_... (32)" in str(found)
    assert KEY not in f"{found} {caplog.text}"
    assert KEY[8:] not in f"{found} {caplog.text}"
    world = script("a()\n//# sourceMappingURL=m.map", m__map=LEAKING_MAP)
    place = (await look("secrets.bundle", DOMAIN, world)).facts["where"]
    assert place == f"https://{DOMAIN}/m.map (src/pay.ts), line 2"


async def test_an_address_that_holds_a_value_is_shown_without_it() -> None:
    leaking = json.dumps({**MAP, "sources": ["x" * 9000], "sourcesContent": [f"k='{KEY}'"]})
    world = site(f"<script src='/a.js?key={KEY}'></script>", {"/a.js": Reply(500)})
    found = await look("secrets.bundle", DOMAIN, world)
    assert found.verdict is FAIL
    assert KEY not in str(found)
    found = await look("secrets.bundle", DOMAIN, script(
        "a()\n//# sourceMappingURL=m.map", m__map=leaking.encode()))  # fmt: skip
    assert found.verdict is FAIL
    assert len(found.facts["where"]) < 400
    cut = site(f"<script src='/a.js?key={TEST_KEY}'></script>", {"/a.js": Reply(500)})
    found = await look("secrets.bundle", DOMAIN, cut)
    assert found.verdict is UNKNOWN
    assert TEST_KEY not in str(found)


async def test_other_hosts_are_not_asked() -> None:
    """Whatever a page or a script names: only the founder's own hosts are."""
    names = ("https://evil.example/x.js", "//other.example/y.js", "javascript:z.js",
             "http://127.0.0.1/a.js", "../../../../b.js", "file:///etc/c.js")  # fmt: skip
    text = ";".join(f'import("{name}")' for name in names)
    tags = "".join(f"<script src='{name}'></script>" for name in names)
    world = site(tags + "<script src=/a.js></script>", {"/a.js": text.encode()})
    async with Lab(world) as lab, open_world(lab.options) as opened:
        found = await registered()["secrets.bundle"].run(DOMAIN, harbor(), opened)
        assert set(opened.asked.hosts) == {DOMAIN}
        assert opened.asked.hosts[DOMAIN] <= 6
    assert isinstance(found, Outcome)
    assert found.verdict is PASS


async def test_names_full_of_dirt_are_shown_clean() -> None:
    leaking = json.dumps({**MAP, "sources": [DIRT], "sourcesContent": [f"let k = '{KEY}'"]})
    world = script("a()\n//# sourceMappingURL=m.map", m__map=leaking.encode())
    found = await look("secrets.bundle", DOMAIN, world)
    assert found.verdict is FAIL
    shown = " ".join(f"{each.label} {each.value}" for each in found.evidence)
    assert not set(shown) & set("\x1b\x07\x9b\u202e\u2066\n")


MANY = b";".join(b'import("./%d.js")' % number for number in range(300))


async def test_at_most_200_files_are_asked_for() -> None:
    files = {f"/{number}.js": b"a()" for number in range(300)}
    world = site("<script src=/a.js></script>", {"/a.js": MANY, **files})
    async with Lab(world) as lab, open_world(lab.options) as opened:
        found = await registered()["secrets.bundle"].run(DOMAIN, harbor(), opened)
        assert opened.asked.hosts[DOMAIN] <= limits.FRONT_FILES + 1
    assert isinstance(found, Outcome)
    assert (found.verdict, found.name) == (UNKNOWN, "unread")


async def _against(talk: Talk, folder: Path) -> Outcome:
    """The check of a host where this server answers for all but the front page."""
    front = b"<script src=/a.js></script><script src=/b.js></script>"

    async def first(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = await reader.readline()
        if line.startswith(b"GET / "):
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n"
                         % len(front) + front)  # fmt: skip
            await writer.drain()
            writer.close()
        else:
            await talk(reader, writer)

    async with (
        Lab() as lab,
        talking(first, Authority().leaf(DOMAIN).context(folder)) as port,
    ):
        options = lab.options
        led = (f"{DOMAIN}:443=127.0.0.1:{port}", *options.connect)
        async with open_world(replace(options, connect=led), datetime.now(UTC)) as world:
            found = await registered()["secrets.bundle"].run(DOMAIN, harbor(), world)
    assert isinstance(found, Outcome)
    return found


def _answer(body: bytes, *headers: bytes) -> Talk:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\n"

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head + b"".join(each + b"\r\n" for each in headers))
        writer.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()

    return talk


BOMB = gzip.compress(bytes(1 << 20), 9) * 1900
MAP_BOMB = b'{"version":3,"sources":' + b"[" * 2_000_000
HOSTILE = {
    "60 MB": (_answer(b"a" * 60_000_000), UNKNOWN),
    "a body without an end": (endless_chunks, UNKNOWN),
    "a gzip bomb": (_answer(BOMB, b"Content-Encoding: gzip"), UNKNOWN),
    "a map of brackets": (_answer(MAP_BOMB), PASS),
    "a map that is a bomb": (_answer(b"a()//# sourceMappingURL=/a.js\n" + MAP_BOMB), PASS),
    "invalid UTF-8": (_answer(bytes(range(128, 256)) * 4000), PASS),
    "control characters in names": (_answer(b'import("./' + DIRT.encode() + b'.js")'), PASS),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_scripts(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RESPONSE", 3.0)
    talk, expected = HOSTILE[name]
    began = time.monotonic()
    found = await _against(talk, tmp_path)
    assert found.verdict is expected, found
    assert time.monotonic() - began < 30.0
