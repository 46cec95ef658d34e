"""The files that a built front end leads to: its scripts, what they load later, their maps.

Nothing is run. A bundler writes what its code loads later in a few known ways, and those are read:
`import()` and `from` with a path (ECMA-262 16.2), Vite's list of dependencies, the chunk names of
Next.js, and the function by which webpack makes the name of a chunk from its number.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from urllib.parse import unquote_to_bytes, urlsplit

import re2

from launchready_tui.rules.web.html import READ, Tag, decode, tags
from launchready_tui.rules.web.urls import origin_of, web_url
from launchready_tui.vocabulary.facts import Response

MOST = 2000  # addresses that are taken from one file
_END = 4096  # bytes at the end of a script where its map is named
_WEBPACK = 65_536  # bytes of the function that names webpack's chunks
_PARTS = 64  # of a name that it makes
_RUNTIMES = 20  # places of one script that look like that function
_PATH = rb"[^\"'`\s\\<>{}()]{1,300}?\.[mc]?js(?:\?[^\"'`\s\\<>]{0,100})?"
_LOADED = (
    rb"(?:\bimport\s{0,4}\(\s{0,4}(?:/\*[^*]{0,200}\*/\s{0,4})?|\bfrom\s{0,4}|\bimport\s{0,4}"
    rb"|\bserviceWorker\.register\(\s{0,4}|\bnew URL\(\s{0,4}|\bimportScripts\(\s{0,4}"
    rb"|\bnew (?:Shared)?Worker\(\s{0,4})"
    rb"[\"'`](" + _PATH + rb")[\"'`]"
)
_MADE_UP = rb"\bimport\s{0,4}\(\s{0,4}`(?:\.{0,2}/)[^`\s]{0,200}\$\{"
_VITE = rb"m\.f\|\|\(m\.f=\[([^\]]*)\]"
_QUOTED = rb"[\"'`](" + _PATH + rb")[\"'`]"
_NEXT = rb"(?:_next/)?static/chunks/[\w./%@()\[\]~$+-]{1,300}?\.js"
_BUILD = rb"\\?\"(?:b|buildId)\\?\":\\?\"([\w-]{6,64})\\?\""
_MAP = re.compile(rb"[#@]\s?sourceMappingURL=([^\s'\"*]{1,2000})")
_NAMES = re.compile(
    rb"\.u ?= ?(?:function ?\((\w{1,20})\) ?\{\s?return |\(?(\w{1,20})\)? ?=> ?(?:\{\s?return )?)"
)
_NAMES_4 = re.compile(rb"\.src ?= ?function ?\((\w{1,20})\) ?\{\s?return (\w{1,20})\.p ?\+")
_OWNER = re.compile(rb"[\w$]{1,30}\Z")
_LAZY = re.compile(rb"Object\.keys\(([\w$]{1,30})\.f\)")
_CALLED = rb"\.e\((\d{1,9}|\"[\w./~-]{1,100}\")\)"
_PUBLIC = rb"\.p ?= ?(?:\"([^\"]{0,200})\"|\w{1,20}(?:\+\"((?:\.\./){1,9})\")?(?:[,;}\n]|\Z))"
_TEXT = re.compile(rb"\"([^\"\\]{0,300})\"|'([^'\\]{0,300})'")
_TABLE = re.compile(rb"\(?\{([^{}]{0,60000})\}\)?\[\w{1,20}\](\|\|\w{1,20})?\)?")
_ENTRY = re.compile(rb"(?:\"([^\"]{1,100})\"|(\w{1,40})):\"([^\"]{1,200})\"")
_CHOICE = re.compile(rb"[\w\"]{1,40}===?[\w\"]{1,40}\?\"([^\"]{0,300})\":")


@cache
def _compiled(pattern: bytes) -> re2._Regexp:
    """RE2: these run over megabytes that strangers wrote."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    return re2.compile(pattern, options)


# ------------------------------------------------------------------ the page


def page_scripts(page: Response) -> tuple[tuple[str, ...], bool]:
    """The scripts that a page names, absolute, in its order; and whether those are all.

    Modules to preload, import maps and scripts for old browsers count too.
    """
    text = decode(page)
    found: dict[str, None] = {}
    base = page.url
    for tag in tags(text):
        if tag.name == "base" and base == page.url:
            base = web_url(tag.attributes.get("href", ""), page.url) or base
        for name in _named(tag):
            url = web_url(name, base) if name.strip() else None
            if url is not None:
                found[url] = None
        if len(found) > MOST:
            return tuple(islice(found, MOST)), False
    return tuple(found), len(text) < READ


def _named(tag: Tag) -> Iterator[str]:
    given = tag.attributes
    if tag.name == "script":
        kind = given.get("type", "").partition(";")[0].strip().lower()
        if "src" in given and "json" not in kind:
            yield given["src"]
        elif kind == "importmap":
            yield from _mapped(tag.inside)
    elif tag.name == "link":
        rel = given.get("rel", "").lower().split()
        as_script = given.get("as", "").lower() == "script"
        if "modulepreload" in rel or ({"preload", "prefetch"} & set(rel) and as_script):
            yield given.get("href", "")


def _mapped(text: str) -> Iterator[str]:
    """The scripts of an import map (HTML 8.1.6.2)."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return
    imports = found.get("imports") if isinstance(found, dict) else None
    for url in islice(imports.values(), MOST) if isinstance(imports, dict) else ():
        if isinstance(url, str) and url.partition("?")[0].endswith((".js", ".mjs")):
            yield url


def next_files(page_url: str, body: bytes, scripts: Iterable[str]) -> tuple[str, ...]:
    """The manifest of a Next.js build, where a page names its build but not that file."""
    base = next((_before(one, "/_next/static/") for one in scripts if "/_next/static/" in one), "")
    if not base:
        return ()
    ids = {match[1].decode() for match in islice(_compiled(_BUILD).finditer(body), 20)}
    names = (f"{base}/_next/static/{id}/_buildManifest.js" for id in sorted(ids))
    return tuple(url for name in names if (url := web_url(name, page_url)))


# ------------------------------------------------------------------ a script


def loaded(url: str, script: bytes) -> tuple[str, ...]:
    """The scripts that this text names for later, absolute, each once."""
    found = dict.fromkeys(islice(_paths(url, script), MOST))
    found.pop(url, None)
    return tuple(found)


def makes_names(script: bytes) -> bool:
    """Whether a script puts together the address of another one below its own: what comes then
    can't be told without running it."""
    return _compiled(_MADE_UP).search(script) is not None


def _paths(url: str, script: bytes) -> Iterator[str]:
    for match in _compiled(_LOADED).finditer(script):
        name = match[1].decode("utf-8", "replace")
        if name.startswith(("./", "../", "/", "https://", "http://")):
            yield from _absolute(name, url)
    for listed in _compiled(_VITE).finditer(script):
        for match in _compiled(_QUOTED).finditer(listed[1]):
            yield from _below(match[1].decode("utf-8", "replace"), url)
    if "/_next/" in url or b"_next/static/" in script:
        for match in _compiled(_NEXT).finditer(script):
            name = match[0].decode("latin-1").removeprefix("_next/")
            if "/.." in name:
                continue
            yield from _below(name, url if "/_next/" in url else f"{origin_of(url)}/_next/static/")


def _absolute(name: str, base: str) -> Iterator[str]:
    url = web_url(name, base)
    if url is not None:
        yield url


def _below(name: str, url: str) -> Iterator[str]:
    """An address from a name that counts from the folder where the site is mounted.

    That folder is told by the file which holds the name: `assets/lazy.js` in
    `/shop/assets/index.js` is `/shop/assets/lazy.js`.
    """
    if name.startswith(("/", "./", "../", "http://", "https://")) or "/" not in name:
        yield from _absolute(name, url)
        return
    path = urlsplit(url).path
    at = path.find(f"/{name.partition('/')[0]}/")
    yield from _absolute(f"{origin_of(url)}{path[: at + 1] if at >= 0 else '/'}{name}", url)


def _before(text: str, mark: str) -> str:
    return text[: text.index(mark)]


# ------------------------------------------------------------------ webpack


Part = str | tuple[dict[str, str], bool] | None


@dataclass(frozen=True, slots=True)
class Chunks:
    """How a webpack runtime names its chunks: texts, tables by number, and None for the number.

    A table's second half tells whether a number that is not in it stands for itself. `named` are
    chunks with a name of their own. `base` is where names count from: a path or an address as
    it is written there, or None for the folder of the script. Without `whole` there are chunks
    whose names we can't read.
    """

    url: str
    base: str | None = ""
    parts: tuple[Part, ...] = ()
    named: tuple[str, ...] = ()
    whole: bool = True

    def urls(self, called: Iterable[str]) -> tuple[str, ...]:
        """The addresses of the chunks in its tables, and of those that scripts call by number."""
        known = {id for part in self.parts if isinstance(part, tuple) for id in part[0]}
        ids = islice(dict.fromkeys((*sorted(known), *called)), MOST)
        names = (*self.named, *map(self._name, ids))
        found = (url for name in names if _is_script(name) for url in self._place(name))
        return tuple(dict.fromkeys(found))

    def _place(self, name: str) -> Iterator[str]:
        if self.base is None:
            return _absolute(name, self.url)
        if self.base.startswith(("/", "http://", "https://")):
            return _absolute(self.base + name, self.url)
        return _below((self.base + name).removeprefix("./"), self.url)

    def _name(self, id: str) -> str:
        made = ""
        for part in self.parts:
            if isinstance(part, str):
                made += part
            elif part is None:
                made += id
            else:
                table, itself = part
                if id not in table and not itself:
                    return ""
                made += table.get(id, id)
        return made


def _is_script(name: str) -> bool:
    return name.partition("?")[0].endswith((".js", ".mjs", ".cjs"))


def chunks(url: str, script: bytes) -> Chunks | None:
    """The names of a webpack runtime's chunks; None where this script is no such runtime.

    Webpack 5 writes `r.u=e=>...` and loads by `Object.keys(r.f)`; webpack 4 names the file where
    it sets the address of a new tag.
    """
    lazy = _LAZY.search(script)
    for head in islice(_NAMES.finditer(script), _RUNTIMES):
        owner = _OWNER.search(script, max(head.start() - 30, 0), head.start())
        if owner is None or (lazy is not None and lazy[1] != owner[0]):
            continue
        found = _read(url, script, head.end(), head[1] or head[2], owner[0])
        if found is not None:
            return found
    for head in islice(_NAMES_4.finditer(script), _RUNTIMES):
        return _read(url, script, head.end(), head[1], head[2]) or Chunks(url, whole=False)
    if lazy is not None and re.search(rb"(?<![\w$])" + re.escape(lazy[1]) + rb"\.u ?=[^=]", script):
        return Chunks(url, whole=False)
    return None


def _read(url: str, script: bytes, start: int, variable: bytes, owner: bytes) -> Chunks | None:
    """What the function that begins there makes of a number; None where we can't read all of it."""
    text, at = script[start : start + _WEBPACK], 0
    parts: list[Part] = []
    named: list[str] = []
    while len(parts) <= _PARTS:
        while text[at : at + 1] in (b"+", b" ", b"(") and not _TABLE.match(text, at):
            at += 1
        if not parts and (choice := _CHOICE.match(text, at)):  # one with a name of its own
            named.append(choice[1].decode("latin-1"))
            at = choice.end()
        elif listed := _TABLE.match(text, at):
            entries = {
                (one[1] or one[2]).decode("latin-1"): one[3].decode("latin-1")
                for one in _ENTRY.finditer(listed[1])
            }
            if entries or listed[2]:
                parts.append((entries, listed[2] is not None))
            at = listed.end()
        elif said := _TEXT.match(text, at):
            parts.append((said[1] if said[1] is not None else said[2]).decode("latin-1"))
            at = said.end()
        elif text.startswith(variable, at):
            parts.append(None)
            at += len(variable)
        else:
            break
        if text[at : at + 2] == b"||":  # `table[e] || "..." + ...`: its names are whole ones
            tables = [part[0] for part in parts if isinstance(part, tuple)]
            named += [name for table in tables for name in table.values()]
            parts, at = [], at + 2
        at += text[at : at + 1] == b")"
    ends = text[at : at + 1] in (b"", b",", b";", b"}", b")", b"\n")
    last = parts[-1] if len(parts) > 1 else None
    if not ends or not (isinstance(last, tuple) or (isinstance(last, str) and _is_script(last))):
        return None
    return Chunks(url, _base(script, owner), tuple(parts), tuple(named))


def _base(script: bytes, owner: bytes) -> str | None:
    """Where the names count from: `r.p="/"`, or `r.p=e+"../"` for a way up from the script."""
    found = re.search(rb"(?<![\w$])" + re.escape(owner) + _PUBLIC, script)
    if found is None:
        return ""
    if found[1] is not None:
        return found[1].decode("latin-1")
    return found[2].decode("latin-1") if found[2] else None


def called(script: bytes) -> tuple[str, ...]:
    """The chunks that a script calls by number: `r.e(456)`."""
    found = islice(_compiled(_CALLED).finditer(script), MOST)
    return tuple(dict.fromkeys(match[1].decode("latin-1").strip('"') for match in found))


# ------------------------------------------------------------------ maps


def map_of(url: str, script: bytes, header: str) -> str | bytes | None:
    """The source map that a script names (ECMA-426): its address, or the map itself where it is
    written into the script; None where it names none. The header comes after the script's own
    line, as in browsers."""
    named = [match[1] for match in _MAP.finditer(script[-_END:])]
    if not named and b"sourceMappingURL=data:" in script:
        named = [script[script.rindex(b"sourceMappingURL=data:") + 17 :].split(None, 1)[0]]
    text = named[-1].decode("utf-8", "replace") if named else header.strip()
    if not text:
        return None
    if text.startswith("data:"):
        _, _, data = text.partition(",")
        try:
            return base64.b64decode(unquote_to_bytes(data), validate=True)
        except (binascii.Error, ValueError):
            return None
    return web_url(text, url)
