"""Whether a private page may reach, or has reached, somebody else through a cache (RFC 9111).

What a missing Set-Cookie says is nothing, and `Vary: Cookie` protects nothing at Cloudflare, which
does not look at it. The numbers R1 to R4 are those of the tests that `edge.private-cache` makes.
"""

from __future__ import annotations

from hashlib import sha256
from urllib.parse import urlsplit

from launchready_tui.rules.web.caching import cache_control, explicit
from launchready_tui.rules.web.html import decode
from launchready_tui.vocabulary.facts import Response

# `cf-cache-status` of answers that came out of Cloudflare's store, fresh or not:
# https://developers.cloudflare.com/cache/concepts/cache-responses/
_FROM_STORE = frozenset({"HIT", "STALE", "UPDATING", "REVALIDATED", "EXPIRED"})
# Orders to the edge alone, which come before Cache-Control there (RFC 9213).
_FOR_THE_EDGE = ("cloudflare-cdn-cache-control", "cdn-cache-control")


def invites_sharing(page: Response) -> bool:
    """R1: whether the headers of a signed-in page let a shared cache keep it for the next visitor.

    `private` or `no-store` forbid it. Without them, `public` or any lifetime allows it.
    """
    for name in _FOR_THE_EDGE:
        if order := page.header(name):
            return _invites(_as_cache_control(page, order))
    return _invites(page)


def _invites(page: Response) -> bool:
    control = cache_control(page.headers)
    if control.has("no-store") or control.whole("private"):
        return False
    stated = explicit(page, "shared")
    return control.has("public") or (stated is not None and stated.seconds > 0)


def _as_cache_control(page: Response, order: str) -> Response:
    headers = (("Cache-Control", order), ("Date", page.header("date")))
    return Response(page.url, page.status, headers, b"", page.address, page.at)


def came_from_store(page: Response) -> bool:
    """R2: whether a cache gave this page out of what it keeps."""
    status = page.header("cf-cache-status").strip().upper()
    age = page.header("age").strip()
    return status in _FROM_STORE or (age.isascii() and age.isdigit() and bool(age.strip("0")))


def says_nothing(page: Response) -> bool:
    """Whether the page leaves it to every cache what to do with it."""
    return not any(page.header(name) for name in ("cache-control", *_FOR_THE_EDGE))


def holds(page: Response, canary: str) -> bool:
    """R3: whether the text that only the test account sees stands in this page."""
    return bool(canary) and canary in decode(page)


def is_page(response: Response) -> bool:
    """Whether this is HTML with something in it, and not a file or an error."""
    kind = response.header("content-type").lower()
    return response.status == 200 and "html" in kind and bool(response.body.strip())


def unasked(url: str, salt: str) -> str:
    """The same page under an address that nobody else will ask for, so that no visitor is hurt."""
    return f"{url}{'&' if '?' in url else '?'}launchready={_nonce(url, salt)}"


def as_file(url: str, salt: str) -> str:
    """R4: an address below the page that looks like a style sheet, as web cache deception does."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/{_nonce(url, salt)}.css"


def _nonce(url: str, salt: str) -> str:
    """The same in one audit, another in the next. Nothing depends on its being hard to guess."""
    return sha256(f"{salt} {url}".encode()).hexdigest()[:16]
