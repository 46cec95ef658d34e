"""What a page and its scripts lead to: tables of what bundlers write, and of hostile ones."""

from __future__ import annotations

import base64
import json
import time
from datetime import UTC, datetime

import pytest

from launchready_tui.rules.secrets.bundles import is_source_map, parts
from launchready_tui.rules.web import front_files
from launchready_tui.rules.web.compression import unpacked
from launchready_tui.vocabulary.facts import Response
from tests.every import every

SITE = "https://harbor.example"
URL = f"{SITE}/shop/assets/index-1.js"


def response(body: bytes, *headers: tuple[str, str], url: str = f"{SITE}/shop/") -> Response:
    return Response(url, 200, headers, body, "192.0.2.1", datetime(2026, 11, 3, tzinfo=UTC))


PAGES = {
    '<script src="/a.js"></script>': ["/a.js"],
    "<script src=a.js></script><script src=a.js>": ["/shop/a.js"],
    "<script nomodule src=/old.js></script>": ["/old.js"],
    "<script type=module src=./m.js></script>": ["/shop/m.js"],
    '<script type="text/babel" src=/b.js></script>': ["/b.js"],
    "<script type=application/json src=/data.json></script>": [],
    "<link rel=modulepreload href=/c.js>": ["/c.js"],
    "<link rel=preload as=script href=/d.js><link rel=preload as=font href=/f.woff>": ["/d.js"],
    "<link rel=stylesheet href=/s.css><img src=/i.png>": [],
    "<base href=/app/><script src=x.js></script>": ["/app/x.js"],
    '<script type=importmap>{"imports": {"a": "/a-1.js", "b": "/b.css", "c": 7}}</script>': [
        "/a-1.js"
    ],
    "<script type=importmap>{not json</script>": [],
    "<script src='javascript:alert(1)'></script><script src=''></script>": [],
    "<!-- <script src=/gone.js></script> -->": [],
}


@pytest.mark.parametrize("page", PAGES)
def test_the_scripts_of_a_page(page: str) -> None:
    found, all_named = front_files.page_scripts(response(page.encode()))
    assert list(found) == [SITE + path for path in PAGES[page]]
    assert all_named


def test_of_very_many_scripts_the_first_are_named_and_it_is_said() -> None:
    page = "".join(f"<script src=/{n}.js></script>" for n in range(10_000)).encode()
    found, all_named = front_files.page_scripts(response(page))
    assert (len(found), all_named) == (front_files.MOST, False)
    long = b"<p>" + b"x" * 600_000 + b"<script src=/last.js></script>"
    assert front_files.page_scripts(response(long)) == ((), False)


SCRIPTS = {
    'import("./lazy.js")': ["/shop/assets/lazy.js"],
    "import(`./lazy.js`)": ["/shop/assets/lazy.js"],
    "import(/* webpackChunkName: 'x' */ '../x.mjs')": ["/shop/x.mjs"],
    'import{n as e}from"./index-2.js";import"./side.js"': [
        "/shop/assets/index-2.js",
        "/shop/assets/side.js",
    ],
    'export*from"/root.js?v=2"': ["/root.js?v=2"],
    'new URL("/w.js",import.meta.url)': ["/w.js"],
    'new Worker("/worker.js");importScripts("/sw.js")': ["/worker.js", "/sw.js"],
    '__vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["assets/deep.js","assets/a.css"])))=>': [
        "/shop/assets/deep.js"
    ],
    'import("react")': [],
    'import("./style.css")': [],
    "import(`./${name}.js`)": [],
    'import("javascript:x.js")': [],
    'import("./index-1.js")': [],  # itself
    'from"../../../../up.js"': ["/up.js"],
    'from"https://other.example/x.js"': ["https://other.example/x.js"],
    'from"//other.example/x.js"': ["https://other.example/x.js"],
    'x="static/chunks/1.js"': [],  # no site of Next.js
    'a="from \\"./quoted.js\\""': [],
}


@every("script", SCRIPTS)
def test_what_a_script_loads_later(script: str) -> None:
    expected = [path if path.startswith("http") else SITE + path for path in SCRIPTS[script]]
    assert list(front_files.loaded(URL, script.encode())) == expected


@pytest.mark.parametrize(("url", "script", "expected"), [
    (f"{SITE}/_next/static/B/_buildManifest.js",
     b'self.__BUILD_MANIFEST={"/old":["static/chunks/pages/old-1.js","static/css/a.css"]}',
     ["/_next/static/chunks/pages/old-1.js"]),
    (f"{SITE}/docs/_next/static/chunks/2.js", b'["static/chunks/app/[slug]/page-3.js"].map(t)',
     ["/docs/_next/static/chunks/app/[slug]/page-3.js"]),
    (f"{SITE}/", b'push([1,"7:\\"/_next/static/chunks/9.js\\""])', ["/_next/static/chunks/9.js"]),
    (f"{SITE}/_next/static/B/_buildManifest.js", b'["static/chunks/../../../etc/passwd.js"]',
     []),
])  # fmt: skip
def test_the_chunks_of_next(url: str, script: bytes, expected: list[str]) -> None:
    assert list(front_files.loaded(url, script)) == [SITE + path for path in expected]


def test_the_manifest_of_a_build_that_the_page_names_only_by_its_number() -> None:
    scripts = [f"{SITE}/docs/_next/static/chunks/1.js"]
    body = rb'self.__next_f.push([1,"0:{\"b\":\"DpA7uIXBcJwn8PDwy8A4J\"}"])'
    assert front_files.next_files(f"{SITE}/docs", body, scripts) == (
        f"{SITE}/docs/_next/static/DpA7uIXBcJwn8PDwy8A4J/_buildManifest.js",
    )
    assert front_files.next_files(SITE, body, [f"{SITE}/a.js"]) == ()


# As webpack 5 writes them: Create React App, Vue, Next.js.
RUNTIMES = {
    'r.u=e=>"static/js/"+e+"."+{230:"d1a2",7:"ff"}[e]+".chunk.js",r.p="/"': (
        ["/static/js/230.d1a2.chunk.js", "/static/js/7.ff.chunk.js"]),
    'r.u=function(e){return "js/"+({1:"about"}[e]||e)+"."+{1:"aa",2:"bb"}[e]+".js"}': (
        ["/js/about.aa.js", "/js/2.bb.js"]),
    's.u=e=>"static/chunks/"+e+".2003.js",s.p="/_next/"': ["/_next/static/chunks/456.2003.js"],
    'r.u=e=>74===e?"static/chunks/74-0.js":"static/chunks/"+({1:"x"}[e]||e)+"."+{1:"h"}[e]+".js"': (
        ["/static/chunks/x.h.js", "/static/chunks/74-0.js"]),
    'r.u=e=>e+".js",r.p="https://cdn.example/"': ["https://cdn.example/456.js"],
    'x.u=e=>e.y;r.u=e=>"c/"+e+".js",o.p="/other/",r.p="/at/"': ["/at/c/456.js"],
    'r.u=e=>"c/"+e+".js";t=t.replace(/x/,"/"),r.p=t': ["/shop/c/456.js"],
    'r.u=e=>"c/"+e+".js";r.p=t+"../"': ["/c/456.js"],
    'r.u = (e) => {return "c/" + e + ".js"}; r.p = "./"': ["/c/456.js"],
    'r.u=e=>({1:"js/about.js",2:"js/b.js"})[e]||"js/"+e+".js"': ["/js/about.js", "/js/b.js"],
    'u.src=function(e){return o.p+"js/"+({}[e]||e)+"."+{3:"aa"}[e]+".chunk.js"}(t);o.p="/"': [
        "/js/3.aa.chunk.js"],
    "r.u=e=>void 0": [],
    'r.u=e=>evil(e)+".js"': [],
    "r.u=e=>": [],
}  # fmt: skip


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_the_chunks_that_webpack_names_by_number(runtime: str) -> None:
    found = front_files.chunks(f"{SITE}/shop/main.js", runtime.encode())
    urls = found.urls(front_files.called(b"Promise.all([r.e(456)])")) if found else ()
    wanted = {url if url.startswith("http") else SITE + url for url in RUNTIMES[runtime]}
    assert {url for url in urls if not (len(wanted) > 1 and "456" in url)} == wanted
    assert front_files.called(b'r.e(4);r.e("about");r.e(4)') == ("4", "about")


LAZY = "r.f={},r.e=e=>Promise.all(Object.keys(r.f).reduce(((t,n)=>(r.f[n](e,t),t)),[])),"
UNREADABLE = {
    "a call": LAZY + 'r.u=e=>"js/"+e+"."+hash(e)+".js"',
    "a template": LAZY + "r.u=e=>`js/${e}.js`",
    "a long table": LAZY + 'r.u=e=>"js/"+{' + ",".join(f'{n}:"{n:040}"' for n in range(3000))
    + '}[e]+".js"',
    "a choice inside": LAZY + 'r.u=e=>"js/"+(1===e?"a":e)+".js"',
    "very many parts": LAZY + "r.u=e=>" + "e+" * 20_000 + '".js"',
    "webpack 4": 'a.src=function(e){return o.p+"js/"+hash(e)+".js"}(t)',
}  # fmt: skip


@pytest.mark.parametrize("name", UNREADABLE)
def test_names_of_chunks_that_we_cannot_read_are_told(name: str) -> None:
    found = front_files.chunks(f"{SITE}/main.js", UNREADABLE[name].encode())
    assert found is not None
    assert not found.whole


@pytest.mark.parametrize("script", ["Object.keys(r.f)", "r.u=e=>evil(e)", "x.src=function(e){}",
                                    LAZY + "o.u=e=>evil(e)", LAZY + "r.u==e"])  # fmt: skip
def test_other_scripts_are_no_runtime(script: str) -> None:
    assert front_files.chunks(f"{SITE}/main.js", script.encode()) is None


MAP = json.dumps({"version": 3, "sources": ["a.ts"], "sourcesContent": ["x"]}).encode()
INLINE = b"data:application/json;base64," + base64.b64encode(MAP)


@pytest.mark.parametrize(("script", "header", "expected"), [
    (b"a()\n//# sourceMappingURL=index-1.js.map", "", f"{URL}.map"),
    (b"a()\n//@ sourceMappingURL=/m.map\n", "", f"{SITE}/m.map"),
    (b"/*# sourceMappingURL=x.map */", "", f"{SITE}/shop/assets/x.map"),
    (b"a()", "/h.map", f"{SITE}/h.map"),
    (b"//# sourceMappingURL=/a.map\nb()\n//# sourceMappingURL=/b.map", "", f"{SITE}/b.map"),
    (b"a()\n//# sourceMappingURL=" + INLINE, "", MAP),
    (b"a()\n//# sourceMappingURL=data:x;base64,!", "", None),
    (b"a()\n//# sourceMappingURL=javascript:x", "", None),
    (b"a()", "", None),
], ids=str)  # fmt: skip
def test_where_a_script_says_that_its_map_is(script: bytes, header: str, expected: object) -> None:
    assert front_files.map_of(URL, script, header) == expected


SECTIONS = {"version": 3, "sections": [{"offset": {}, "map": json.loads(MAP)}]}


@pytest.mark.parametrize(("text", "real"), [
    (MAP, True),
    (json.dumps(SECTIONS).encode(), True),
    (b'{"version":3,"sources":["a.ts"],"mappings":"AAAA"}', False),
    (b'{"version":3,"sourcesContent":[null, ""]}', False),
    (b'{"sections":[{"map":{"sections":[{"map":' + MAP + b"}]}}]}", False),
    (b"<!doctype html>", False),
    (b"[" * 100_000, False),
])  # fmt: skip
def test_only_a_map_with_the_source_in_it_is_one(text: bytes, real: bool) -> None:
    assert is_source_map(text) is real


def test_the_parts_of_an_indexed_map_are_looked_at_under_their_own_names() -> None:
    found = list(parts("x.js.map?v=1", json.dumps(SECTIONS).encode()))
    assert found[1:] == [("a.ts", b"x")]


HOSTILE = {
    "scripts that never close": b"<script type=application/json>" * 200_000,
    "tags that never end": b"<script " * 500_000,
    "one list without an end": b"m.f||(m.f=[" * 300_000,
    "paths without an end": b'import("./' * 400_000,
    "half an import": b"import(/*" * 400_000,
    "chunks without an end": b"_next/static/chunks/" * 200_000,
    "webpack's tables": b".u=e=>" + b"{1:" * 20_000,
    "webpack's brackets": b".u=e=>" + b"(" * 60_000,
    "webpack's names": b".u=function(e){return " * 100_000,
    "quotes": b'from"' * 800_000,
    "map lines": b"sourceMappingURL=" * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_scripts_are_read_in_linear_time(name: str) -> None:
    body = HOSTILE[name]
    began = time.process_time()
    front_files.loaded(f"{SITE}/_next/x.js", body)
    found = front_files.chunks(URL, body)
    if found is not None:
        found.urls(front_files.called(body))
    front_files.map_of(URL, body, "")
    front_files.page_scripts(response(body))
    list(parts("x.js", body + b"application/"))
    assert time.process_time() - began < 6.0


def packed(body: bytes, *encodings: str) -> Response:
    return response(body, *(("Content-Encoding", one) for one in encodings))


def test_packed_bodies_are_unpacked_within_limits() -> None:
    import gzip
    import zlib

    text = b"const a = 1;\n" * 100
    raw = zlib.compressobj(wbits=-15)
    stream = raw.compress(text) + raw.flush()
    assert unpacked(packed(text), 5000) == (text, True)
    assert unpacked(packed(text, "identity"), 5000) == (text, True)
    assert unpacked(packed(gzip.compress(text), "gzip"), 5000) == (text, True)
    assert unpacked(packed(zlib.compress(text), "deflate"), 5000) == (text, True)
    assert unpacked(packed(stream, "deflate"), 5000) == (text, True)
    assert unpacked(packed(gzip.compress(text) * 2, "gzip"), 5000) == (text * 2, True)
    assert unpacked(packed(gzip.compress(text), "gzip"), 10) == (text[:10], False)
    cut = unpacked(packed(gzip.compress(bytes(range(256)) * 9)[:-30], "gzip"), 5000)
    assert cut is not None
    assert not cut[1]
    for unknown in ("br", "zstd", "gzip, gzip", "made-up"):
        assert unpacked(packed(text, unknown), 5000) is None
    assert unpacked(packed(b"no gzip", "gzip"), 5000) is None
    bomb = gzip.compress(bytes(1 << 20), 9) * 1900
    began = time.process_time()
    found = unpacked(packed(bomb, "gzip"), 10 << 20)
    assert found is not None
    assert (len(found[0]), found[1]) == (10 << 20, False)
    many = unpacked(packed(gzip.compress(b"") * 400_000, "gzip"), 10 << 20)
    assert many == (b"", False)
    assert time.process_time() - began < 3.0
