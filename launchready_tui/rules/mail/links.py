"""The link in a message: which one it is, where it really leads, and what answered."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from urllib.parse import parse_qs, unquote, urlsplit

from launchready_tui.rules.web.html import decode, words
from launchready_tui.rules.web.urls import host_of
from launchready_tui.vocabulary.facts import Response

# Filters of the people who receive mail: they rewrite links, and carry the real one inside.
# Microsoft Defender Safe Links, Proofpoint URL Defense (v2), Google, Barracuda.
_WRAPPERS = (
    (re.compile(r"(?:^|\.)safelinks\.protection\.outlook\.com\Z"), "url"),
    (re.compile(r"(?:^|\.)safelinks\.protection\.office365\.us\Z"), "url"),
    (re.compile(r"\Aurldefense\.proofpoint\.com\Z"), "u"),
    (re.compile(r"\Awww\.google\.[a-z.]{2,6}\Z"), "q"),
    (re.compile(r"\Alinkprotect\.cudasvc\.com\Z"), "a"),
)
_PROOFPOINT = re.compile(r"\Ahttps://urldefense\.com/v3/__(https?:/.*?)__;", re.IGNORECASE)
_TASK = re.compile(
    r"verif|confirm|activat|reset|password|invit|accept|token|magic|login|sign-?in|receipt|order",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"unsubscribe|preferences|privacy|terms|help|support|facebook|twitter|instagram|linkedin",
    re.IGNORECASE,
)
_OVER = re.compile(
    r"\b(?:expired|no longer (?:valid|works|available)|invalid (?:link|token|code)|already used"
    r"|link (?:is|has) (?:invalid|not valid))\b",
    re.IGNORECASE,
)
_WRAPS = 3  # filters around filters
_WORDS = 200  # of a page that are read for "expired"


def unwrap(url: str) -> str:
    """The address that a receiver's own filter hid inside this one; itself where there is none."""
    for _ in range(_WRAPS):
        inner = _inner(url)
        if not inner.lower().startswith(("http://", "https://")):
            return url
        url = inner
    return url


def main_link(links: Iterable[str]) -> str:
    """The link that the message is about: the first that looks like a task; "" without any."""
    real = [url for url in map(unwrap, links) if not _ASIDE.search(url)]
    return next((url for url in real if _TASK.search(_behind_host(url))), next(iter(real), ""))


def is_ours(url: str, domains: Collection[str]) -> bool:
    """Whether the host is one of these domains or below one."""
    host = host_of(url)
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def is_over(page: Response) -> bool:
    """Whether a page that answers says that its link counts no more."""
    text = " ".join(words(decode(page))[:_WORDS])
    return page.status in (404, 410) or bool(_OVER.search(text))


def _inner(url: str) -> str:
    proofpoint = _PROOFPOINT.match(url)
    if proofpoint:
        return re.sub(r"\A(https?:/)(?!/)", r"\1/", proofpoint[1])
    parts = urlsplit(url) if len(url) <= 4000 else urlsplit("")
    for host, name in _WRAPPERS:
        if host.search((parts.hostname or "").lower()):
            found = parse_qs(parts.query, max_num_fields=20).get(name, [""])[0]
            if name == "u":  # Proofpoint's own code for %: RFC 3986 letters as -XX, / as _
                found = unquote(found.replace("-", "%").replace("_", "/"))
            return found
    return ""


def _behind_host(url: str) -> str:
    return url.partition("://")[2].partition("/")[2]
