"""What a page that came over https loads over http (W3C Mixed Content, level 2).

Browsers refuse what can change the page ("blockable": scripts, styles, frames, the choices of a
`srcset`) and try https for pictures, sound and video ("upgradable"). Links are no loads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from itertools import islice
from typing import Literal

from launchready_tui.rules.web.html import Tag, decode, tags
from launchready_tui.rules.web.urls import host_of, scheme_of, web_url
from launchready_tui.vocabulary.facts import Response

Kind = Literal["blockable", "form", "upgradable"]

LIMIT = 200  # loads of one page that are kept: one is enough to judge it
_LOOKED_AT = 10_000  # addresses of one page that are read
# Element to the attributes that load something, and what browsers do with it.
_LOADS: dict[str, tuple[tuple[str, Kind], ...]] = {
    "script": (("src", "blockable"),),
    "iframe": (("src", "blockable"),),
    "frame": (("src", "blockable"),),
    "object": (("data", "blockable"),),
    "embed": (("src", "blockable"),),
    "track": (("src", "blockable"),),
    "img": (("src", "upgradable"),),
    "audio": (("src", "upgradable"),),
    "video": (("src", "upgradable"), ("poster", "upgradable")),
    "source": (("src", "upgradable"),),
    "input": (("src", "upgradable"), ("formaction", "form")),
    "form": (("action", "form"),),
    "button": (("formaction", "form"),),
}
_LINKS: dict[str, Kind] = {
    "stylesheet": "blockable",
    "modulepreload": "blockable",
    "preload": "blockable",
    "manifest": "blockable",
    "icon": "upgradable",
    "apple-touch-icon": "upgradable",
}
_URL = re.compile(
    r"url\(\s{0,20}[\"']?([^\"')\s]{1,2000})|@import\s{1,20}[\"']([^\"']{1,2000})", re.I
)
_UPGRADE = "upgrade-insecure-requests"
_HTTP = re.compile(r"\s{0,20}http:", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?(\*/|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Load:
    """One address over http that the page at `page` uses; `what` is the element that names it."""

    kind: Kind
    what: str
    url: str
    page: str


def loads(page: Response) -> tuple[Load, ...]:
    """What this page loads over http, in its order; at most `LIMIT`, each address once."""
    found: dict[tuple[Kind, str], Load] = {}
    for tag, kind, url in islice(_named(page), _LOOKED_AT):
        if url is not None and _unsafe(url):
            found.setdefault((kind, url), Load(kind, tag, url, page.url))
            if len(found) == LIMIT:
                break
    return tuple(found.values())


def _named(page: Response) -> Iterator[tuple[str, Kind, str | None]]:
    """Element, kind and absolute address of what may be over http; others are left unread."""
    text = decode(page)
    if not _HTTP.search(text):
        return
    base = page.url
    for tag in tags(text):
        if tag.name == "base" and base == page.url and tag.attributes.get("href"):
            base = web_url(tag.attributes["href"], page.url) or base
            yield "base", "blockable", base
        for kind, named in _of(tag):
            if named and (_HTTP.match(named) or scheme_of(base) == "http"):
                yield tag.name, kind, web_url(named, base)


def upgrades(page: Response) -> bool:
    """Whether the page tells browsers to take https for all that it loads (`upgrade-insecure-
    requests`, by header or by meta tag; a policy that only reports does nothing)."""
    policies = [value for key, value in page.headers if key.lower() == "content-security-policy"]
    text = decode(page)
    for tag in tags(text) if _UPGRADE in text.lower() else ():
        named = tag.attributes.get("http-equiv", "").strip().lower()
        if tag.name == "meta" and named == "content-security-policy":
            policies.append(tag.attributes.get("content", ""))
    parts = (part for policy in policies for part in re.split("[;,]", policy))
    return any(part.strip().lower() == _UPGRADE for part in parts)


def _of(tag: Tag) -> Iterator[tuple[Kind, str]]:
    """Each thing that a tag loads, as the page writes it."""
    for name, kind in _LOADS.get(tag.name, ()):
        yield kind, tag.attributes.get(name, "").strip()
    if tag.name in ("img", "source"):
        for candidate in _candidates(tag.attributes.get("srcset", "")):
            yield "blockable", candidate
    if tag.name == "link":
        yield from _of_link(tag)
    for text in _in_style(tag.attributes.get("style", "")):
        yield "blockable", text
    if tag.name == "style":
        for text in _in_style(tag.inside):
            yield "blockable", text


def _of_link(tag: Tag) -> Iterator[tuple[Kind, str]]:
    kinds = [_LINKS[rel] for rel in tag.attributes.get("rel", "").lower().split() if rel in _LINKS]
    if kinds:
        image = tag.attributes.get("as", "").strip().lower() in ("image", "audio", "video")
        kind: Kind = "upgradable" if image or "blockable" not in kinds else "blockable"
        yield kind, tag.attributes.get("href", "").strip()


def _candidates(srcset: str) -> Iterable[str]:
    """The addresses of a `srcset`: what stands first between its commas (HTML 4.8.4.2.1)."""
    return (part.split()[0] for part in re.split(r",\s", srcset) if part.strip(" ,\t\n"))


def _in_style(text: str) -> Iterator[str]:
    """The addresses that CSS names in `url()` and `@import`, comments left out."""
    if "url(" not in text.lower() and "@import" not in text.lower():
        return
    for found in _URL.finditer(_COMMENT.sub(" ", text)):
        yield found[1] or found[2]


def _unsafe(url: str) -> bool:
    """Whether browsers hold this address to be unsafe: http, and not this very machine (3.1)."""
    if scheme_of(url) != "http":
        return False
    host = host_of(url)
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host != "localhost" and not host.endswith(".localhost")
