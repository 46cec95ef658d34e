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

from launchready_tui.facts import Response
from launchready_tui.rules.html import READ, Tag, decode, tags
from launchready_tui.rules.urls import origin_of, web_url

MOST = 2000  # addresses that are taken from one file
_END = 4096  # bytes at the end of a script where its map is named
_WEBPACK = 65_536  # bytes of the function that names webpack's chunks
_PATH = rb"[^\"'`\s\\<>{}()]{1,300}?\.[mc]?js(?:\?[^\"'`\s\\<>]{0,100})?"
_LOADED = (
    rb"(?:\bimport\s{0,4}\(\s{0,4}(?:/\*[^*]{0,200}\*/\s{0,4})?|\bfrom\s{0,4}|\bimport\s{0,4}"
    rb"|\bnew URL\(\s{0,4}|\bimportScripts\(\s{0,4}|\bnew (?:Shared)?Worker\(\s{0,4})"
    rb"[\"'`](" + _PATH + rb")[\"'`]"
)
_VITE = rb"m\.f\|\|\(m\.f=\[([^\]]*)\]"
_QUOTED = rb"[\"'`](" + _PATH + rb")[\"'`]"
_NEXT = rb"(?:_next/)?static/chunks/[\w./%@()\[\]~$+-]{1,300}?\.js"
_BUILD = rb"\\?\"(?:b|buildId)\\?\":\\?\"([\w-]{6,64})\\?\""
_MAP = re.compile(rb"[#@]\s?sourceMappingURL=([^\s'\"*]{1,2000})")
_NAMES = re.compile(rb"\.u=(?:function\((\w{1,3})\)\{\s?return\s?|\(?(\w{1,3})\)?=>)")
_CALLED = rb"\.e\((\d{1,9}|\"[\w./~-]{1,100}\")\)"
_PUBLIC = re.compile(rb"\.p=\"([^\"]{0,200})\"")
_TEXT = re.compile(rb"\"([^\"\\]{0,300})\"|'([^'\\]{0,300})'")
_TABLE = re.compile(rb"\(?\{([^{}]{0,60000})\}\)?\[\w{1,3}\](\|\|\w{1,3})?\)?")
_ENTRY = re.compile(rb"(?:\"([^\"]{1,100})\"|(\w{1,40})):\"([^\"]{1,200})\"")
_CHOICE = re.compile(rb"[\w\"]{1,40}===?[\w\"]{1,40}\?\"[^\"]{0,300}\":")


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


@dataclass(frozen=True, slots=True)
class Chunks:
    """How a webpack runtime names its chunks: texts, tables by number, and None for the number.

    A table's second half tells whether a number that it lacks stands for itself.
    """

    url: str
    public: str
    parts: tuple[str | tuple[dict[str, str], bool] | None, ...]

    def urls(self, called: Iterable[str]) -> tuple[str, ...]:
        """The addresses of the chunks in its tables, and of those that scripts call by number."""
        known = {id for part in self.parts if isinstance(part, tuple) for id in part[0]}
        names = (self._name(id) for id in islice(dict.fromkeys((*sorted(known), *called)), MOST))
        found = (url for name in names if name for url in self._place(name))
        return tuple(dict.fromkeys(found))

    def _place(self, name: str) -> Iterator[str]:
        if self.public.startswith(("/", "http://", "https://")):
            return _absolute(self.public + name, self.url)
        return _below(name, self.url)

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
        return made if made.partition("?")[0].endswith(".js") else ""


def chunks(url: str, script: bytes) -> Chunks | None:
    """The names of a webpack runtime's chunks; None where this script holds none that we can
    read."""
    head = _NAMES.search(script)
    if head is None:
        return None
    variable = head[1] or head[2]
    text, at = script[head.end() : head.end() + _WEBPACK], 0
    parts: list[str | tuple[dict[str, str], bool] | None] = []
    while True:
        while text[at : at + 1] in (b"+", b" ", b"(") and not _TABLE.match(text, at):
            at += 1
        if choice := _CHOICE.match(text, at):  # one chunk with a name of its own, read elsewhere
            at = choice.end()
        elif table := _TABLE.match(text, at):
            entries = _ENTRY.finditer(table[1])
            named = {
                (one[1] or one[2]).decode("latin-1"): one[3].decode("latin-1") for one in entries
            }
            if named or table[2]:
                parts.append((named, table[2] is not None))
            at = table.end()
        elif said := _TEXT.match(text, at):
            parts.append((said[1] if said[1] is not None else said[2]).decode("latin-1"))
            at = said.end()
        elif text.startswith(variable, at):
            parts.append(None)
            at += len(variable)
        else:
            break
        if text[at : at + 2] == b"||":  # `table[e] || "..." + ...`: the first names no script
            parts, at = [], at + 2
        at += text[at : at + 1] == b")"
    if len(parts) < 2:
        return None
    public = _PUBLIC.search(script)
    return Chunks(url, public[1].decode("latin-1") if public else "", tuple(parts))


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
