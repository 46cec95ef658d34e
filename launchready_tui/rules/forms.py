"""Where the forms of a page send what people typed, and whether a redirect would lose it.

After 301 and 302 browsers ask again with GET and leave the typed text behind; after 307 and 308
they send it on (RFC 9110 15.4.2, 15.4.3, 15.4.8, 15.4.9).
"""

from __future__ import annotations

from urllib.parse import urlsplit

from launchready_tui.facts import Response
from launchready_tui.rules.html import decode, tags
from launchready_tui.rules.redirects import redirect_target
from launchready_tui.rules.urls import origin_of, web_url


def posts_to(page: Response) -> tuple[str, ...]:
    """The addresses that the page's forms post to, each once, in its order."""
    base, found = page.url, dict[str, None]()
    for tag in tags(decode(page)):
        if tag.name == "base" and tag.attributes.get("href"):
            base = web_url(tag.attributes["href"], page.url) or base
        if tag.name == "form" and tag.attributes.get("method", "").strip().lower() == "post":
            action = tag.attributes.get("action", "").strip()
            url = web_url(action, base) if action else page.url
            if url is not None:
                found[url] = None
    return tuple(found)


def loses_what_was_typed(reply: Response) -> bool:
    """Whether this answer to a GET shows that a POST to the same address would be lost.

    It shows that only where the same path is meant at another place: with https, at another host
    or with a slash at its end. Servers do so whatever the method. A redirect to another page is
    most often for those who come without a form.
    """
    onward = redirect_target(reply)
    if onward is None or reply.status not in (301, 302):
        return False
    here, there = urlsplit(reply.url).path, urlsplit(onward).path
    moved = origin_of(onward) != origin_of(reply.url) or there != here
    return moved and there.rstrip("/") == here.rstrip("/")
