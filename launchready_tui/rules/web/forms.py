"""Where the forms of a page send what people typed, and whether a redirect would lose it.

After 301 and 302 browsers ask again with GET and leave the typed text behind; after 307 and 308
they send it on (RFC 9110 15.4.2, 15.4.3, 15.4.8, 15.4.9).
"""

from __future__ import annotations

from urllib.parse import urlsplit

from launchready_tui.rules.web.html import decode, tags
from launchready_tui.rules.web.redirects import redirect_target
from launchready_tui.rules.web.urls import origin_of, web_url
from launchready_tui.vocabulary.facts import Response

LIMIT = 20  # forms of one page


def posts_to(page: Response) -> tuple[str, ...]:
    """The addresses that the page's first forms post to, each once, in its order."""
    base, actions = page.url, dict[str, None]()
    text = decode(page)
    for tag in tags(text) if "<form" in text.lower() else ():
        if tag.name == "base" and base == page.url and tag.attributes.get("href"):
            base = web_url(tag.attributes["href"], page.url) or base
        if tag.name == "form" and tag.attributes.get("method", "").strip().lower() == "post":
            actions[tag.attributes.get("action", "").strip()] = None
            if len(actions) == LIMIT:
                break
    urls = (web_url(action, base) if action else page.url for action in actions)
    return tuple(dict.fromkeys(url for url in urls if url is not None))


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
