"""What a page loads: scripts, styles, images, preloads; the founder's own and other people's.

Bounded by what `rules.html` reads of a page. Images of style sheets and what scripts load later
are not seen: this reads no CSS and runs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Literal

from launchready_tui.rules.web.html import Tag, decode, tags
from launchready_tui.rules.web.urls import host_of, web_url
from launchready_tui.vocabulary.facts import Response

Kind = Literal["script", "style", "image", "icon", "preload"]

MOST = 500  # assets of one page
_NAMED = 2000  # places in a page that name an asset, the same one again included
WIDE = 1280  # CSS pixels: the image that a laptop would choose of several
_CANDIDATES = 50  # of one srcset
# HTML: a script runs as it comes only with one of these types, or with none.
_CLASSIC = frozenset(
    {"", "text/javascript", "application/javascript", "text/ecmascript",
     "application/ecmascript", "application/x-javascript", "module"}
)  # fmt: skip
_MODERN = ("image/avif", "image/webp")
# What may stand in a head. Anything else ends it, as browsers read it.
_HEAD = frozenset({"html", "head", "title", "meta", "link", "script", "style", "base", "noscript",
                   "template"})  # fmt: skip
_ICONS = frozenset({"icon", "apple-touch-icon", "apple-touch-icon-precomposed", "mask-icon"})
_SPACE = re.compile(r"[\s,]*")
_WORD = re.compile(r"\S+")
_DESCRIPTOR = re.compile(r"\s*(?P<size>[0-9.]{1,12})(?P<unit>[wx])")


@dataclass(frozen=True, slots=True)
class Asset:
    """One thing that a page loads. `blocking`: nothing shows before this script has run."""

    url: str
    kind: Kind
    blocking: bool = False


@lru_cache(maxsize=8)  # several checks look at the same page
def assets(page: Response) -> tuple[Asset, ...]:
    """What this page loads, each address once, in the order of the page."""
    found: dict[str, Asset] = {}
    for text, base, kind, blocking in islice(_named(page), _NAMED):
        url = web_url(text, base)
        if url is not None:
            found.setdefault(url, Asset(url, kind, blocking))
    return tuple(islice(found.values(), MOST))


def _named(page: Response) -> Iterator[tuple[str, str, Kind, bool]]:
    """Each place that names an asset: its text, what it stands on, its kind, whether it blocks."""
    base = page.url
    for tag, in_head in _tags(page):
        if tag.name == "base" and base == page.url:
            base = web_url(tag.attributes.get("href", ""), page.url) or base
        for text, kind, blocking in _loads(tag, in_head=in_head):
            if text.strip():
                yield text, base, kind, blocking


def is_own(url: str, domain: str, hosts: Collection[str]) -> bool:
    """Whether an asset comes from the founder: from a declared host, or below their domain.

    `domain` is the one that somebody registered, where it is known: "" counts for nothing.
    """
    host = host_of(url)
    return host in hosts or (bool(domain) and f".{host}".endswith(f".{domain}"))


def _tags(page: Response) -> Iterator[tuple[Tag, bool]]:
    """The tags of a page, each with whether it stands in the head; a picture as its best image."""
    in_head = True
    sources: list[Tag] = []
    picture = False
    for tag in tags(decode(page)):
        in_head = in_head and tag.name in _HEAD
        if tag.name == "picture":
            picture, sources = True, []
        elif tag.name == "source" and picture:
            sources.append(tag)
        elif tag.name == "img" and picture:
            picture = False
            yield _chosen(sources, tag), in_head
        else:
            yield tag, in_head


def _chosen(sources: Iterable[Tag], fallback: Tag) -> Tag:
    """What today's browsers show of a picture: its first modern source, else the plain image."""
    for source in sources:
        if source.attributes.get("type", "").strip().lower() in _MODERN:
            return Tag("img", source.attributes)
    return fallback


def _loads(tag: Tag, *, in_head: bool) -> Iterator[tuple[str, Kind, bool]]:
    given = tag.attributes
    match tag.name:
        case "script" if "src" in given:
            type_ = given.get("type", "").partition(";")[0].strip().lower()
            if type_ in _CLASSIC and "nomodule" not in given:
                waits = {"async", "defer"} & set(given) or type_ == "module"
                yield given["src"], "script", in_head and not waits
        case "img":
            yield _best(given.get("srcset", "")) or given.get("src", ""), "image", False
        case "link":
            yield from _linked(given.get("rel", "").lower().split(), given.get("href", ""))
        case _:
            return


def _linked(rel: Collection[str], href: str) -> Iterator[tuple[str, Kind, bool]]:
    if "stylesheet" in rel:
        if "alternate" not in rel:
            yield href, "style", False
    elif _ICONS & set(rel):
        yield href, "icon", False
    elif {"preload", "modulepreload"} & set(rel):
        yield href, "preload", False


def _best(srcset: str) -> str:
    """The image of a srcset that a laptop would load (HTML 4.8.4.2); empty when it has none.

    With widths the smallest of at least 1280 pixels, else the largest; with densities the one
    nearest to twice.
    """
    found = list(_candidates(srcset))
    widths = sorted((size, url) for url, size, unit in found if unit == "w")
    if widths:
        return next((url for size, url in widths if size >= WIDE), widths[-1][1])
    return min(found, key=lambda one: abs(one[1] - 2))[0] if found else ""


def _candidates(srcset: str) -> Iterator[tuple[str, float, str]]:
    """Each address of a srcset with its number and unit; one without either counts as 1x."""
    at = 0
    for _ in range(_CANDIDATES):
        start = _SPACE.match(srcset, at)
        word = _WORD.match(srcset, start.end()) if start else None
        if word is None:
            return
        url, at = word[0], word.end()
        size, unit = 1.0, "x"
        if url.endswith(","):
            url = url.rstrip(",")
        else:
            end = srcset.find(",", at)
            end = len(srcset) if end < 0 else end
            said = _DESCRIPTOR.match(srcset, at, end)
            if said is not None:
                size, unit = _number(said["size"]), said["unit"]
            at = end
        yield url, size, unit


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 1.0
