"""What a page says about itself: title, canonical address, text. In time linear in its length.

Python's own `html.parser` needs two minutes for 128 KiB of hostile markup (3.11), so this reads
tags by searching forward only. It forgives what browsers forgive, and knows no document tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape

from launchready_tui.rules.web.urls import web_url
from launchready_tui.vocabulary.facts import Response

READ = 512 * 1024  # characters of a page that are looked at
_VALUE = 4096  # characters of one attribute's value
_ATTRIBUTES = 60
_RAW = frozenset({"script", "style", "textarea", "title", "noscript", "template", "svg"})
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:-]{0,40})")
_ATTRIBUTE = re.compile(r"[\s/]*([^\s\"'<>/=]{1,64})(?:\s{0,20}=\s{0,20})?")
_BARE = re.compile(r"[^\s>]{0,4096}")
# Those that pages use. Python knows more, and some ("punycode") take for ever on hostile bytes.
_CHARSET = re.compile(
    r"charset=[\"']?(utf-8|utf-16(?:le|be)?|iso-8859-\d+|windows-125\d|us-ascii|latin1"
    r"|shift_jis|euc-jp|euc-kr|gbk|gb2312|gb18030|big5|koi8-r|koi8-u)\b",
    re.IGNORECASE,
)
_ORIGIN = re.compile(r"^(?:https?:)?//[^/]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Tag:
    """One opening tag: its name and attributes in lower case. `inside` is what raw tags hold."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    inside: str = ""


def decode(response: Response) -> str:
    """The body as text, by the charset of its header or its first kilobyte, else UTF-8."""
    head = response.body[:1024].decode("latin-1")
    for source in (response.header("content-type"), head):
        named = _CHARSET.search(source)
        if named:
            try:
                return response.body.decode(named[1], "replace")[:READ]
            except LookupError:  # iso-8859-99
                break
    return response.body.decode("utf-8", "replace")[:READ]


def tags(page: str) -> Iterator[Tag]:
    """The opening tags of a page in order, comments left out."""
    return (part for part in _parts(page) if isinstance(part, Tag))


def title(page: str) -> str:
    """The page's title on one line; empty when it has none."""
    found = next((tag.inside for tag in tags(page) if tag.name == "title"), "")
    return " ".join(unescape(found).split())


def canonical(response: Response) -> str | None:
    """The address that the page names as its own (RFC 6596), absolute; None when it names none.

    A `Link` header counts as well as a tag; the header comes first.
    """
    for key, value in response.headers:
        if key.lower() == "link":
            linked = re.search(r"<([^<>]{1,4096})>[^,<>]{0,200}?rel=\"?canonical\b", value, re.I)
            if linked:
                return web_url(linked[1], response.url)
    base = response.url
    for tag in tags(decode(response)):
        href = tag.attributes.get("href", "")
        if tag.name == "base" and href:
            base = web_url(href, response.url) or base
        if tag.name == "link" and "canonical" in tag.attributes.get("rel", "").lower().split():
            return web_url(href, base) if href else None
        if tag.name == "body":
            return None
    return None


def words(page: str) -> list[str]:
    """The words that a reader sees, in order."""
    text = " ".join(part for part in _parts(page) if isinstance(part, str))
    return unescape(text).split()


def same_content(one: Response, other: Response) -> bool:
    """Whether two pages show the same thing, small differences (a token, a date) aside.

    Compares title, words in groups of three, and the scripts and styles that the pages load: a
    single-page app is nothing but those. Nine tenths in common count as the same.
    """
    if one.body == other.body:
        return True
    first, second = _traits(one), _traits(other)
    together = len(first | second)
    return together > 0 and len(first & second) / together >= 0.9


def _traits(response: Response) -> frozenset[str]:
    page = decode(response)
    seen = words(page)[:20_000]
    groups = {" ".join(seen[at : at + 3]) for at in range(max(len(seen) - 2, 1))} - {""}
    loaded = set()
    for tag in tags(page):
        link = tag.attributes.get("src" if tag.name == "script" else "href", "")
        if link and tag.name in ("script", "link") and tag.attributes.get("rel") != "canonical":
            loaded.add("loads " + _ORIGIN.sub("", link).partition("?")[0])
    return frozenset(groups | loaded | {"title " + title(page)})


def _parts(page: str) -> Iterator[Tag | str]:
    """Tags, and the text between them."""
    at = 0
    while True:
        start = page.find("<", at)
        if start < 0:
            yield page[at:]
            return
        if start > at:
            yield page[at:start]
        if page.startswith("<!--", start):
            at = _after(page, "-->", start + 4)
            continue
        name = _TAG.match(page, start)
        if name is None:
            at = start + 1
            continue
        attributes, at = _attributes(page, name.end())
        if page[start + 1] == "/" or page[at - 1] != ">":
            continue  # a closing tag, or one that the end of the page cut off
        tag, inside = name[1].lower(), ""
        if tag in _RAW:
            inside, at = _inside(page, tag, at)
        yield Tag(tag, attributes, inside)


def _after(page: str, mark: str, start: int) -> int:
    found = page.find(mark, start)
    return len(page) if found < 0 else found + len(mark)


def _inside(page: str, tag: str, start: int) -> tuple[str, int]:
    """What stands up to the closing tag, and where to go on; all of the rest when none closes."""
    closing = re.compile(rf"</{tag}", re.IGNORECASE).search(page, start)
    if closing is None:
        return page[start:], len(page)
    return page[start : closing.start()], _after(page, ">", closing.end())


def _attributes(page: str, at: int) -> tuple[dict[str, str], int]:
    """A tag's attributes from just behind its name, and the place behind its `>`."""
    found: dict[str, str] = {}
    for _ in range(_ATTRIBUTES):
        name = _ATTRIBUTE.match(page, at)
        if name is None:
            break
        at, value = name.end(), ""
        if "=" in name[0]:
            value, at = _value(page, at)
        found.setdefault(name[1].lower(), unescape(value))
    return found, _after(page, ">", at)


def _value(page: str, at: int) -> tuple[str, int]:
    quote = page[at : at + 1]
    if quote in ('"', "'"):
        end = page.find(quote, at + 1)
        if end < 0:
            return "", len(page)  # the tag never ends
        return page[at + 1 : min(end, at + 1 + _VALUE)], end + 1
    bare = _BARE.match(page, at)
    return (bare[0], bare.end()) if bare else ("", at)
