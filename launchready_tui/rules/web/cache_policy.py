"""The caching policy: what browsers and the edge may keep, for each kind of route.

One table for the check that holds a route to it and for the document that a founder reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from launchready_tui.rules.web.caching import DAY, cache_control, explicit, held
from launchready_tui.rules.web.fingerprints import is_fingerprinted
from launchready_tui.vocabulary.facts import Response

Kind = Literal["page", "private", "api", "upload"]
Fit = Literal["fits", "silent", "shared", "too-long"]

YEAR = 365 * DAY


@dataclass(frozen=True, slots=True)
class Policy:
    """One kind of route.

    `header` is the Cache-Control that we advise (RFC 9111 5.2). `browser` and `edge` are the most
    seconds for which either may show a copy without asking; beyond them a route contradicts it.
    """

    header: str
    browser: int
    edge: int


POLICIES: Mapping[Kind, Policy] = {
    "page": Policy("public, max-age=0, s-maxage=600, must-revalidate", 600, DAY),
    "private": Policy("private, no-store", 0, 0),
    "api": Policy("private, no-cache", 60, 60),
    "upload": Policy("public, max-age=31536000, immutable", YEAR, YEAR),
}

# Webhooks are not here: nobody reads them, and asking one might set something off.
KIND_OF: Mapping[str, Kind] = {
    "marketing": "page",
    "signup": "private",
    "login": "private",
    "app": "private",
    "checkout": "private",
    "api-read": "api",
    "health": "api",
    "webhook": "api",
    "upload": "upload",
}


def judge(response: Response, kind: Kind) -> Fit:
    """Whether the headers of a page fit the policy of its kind.

    "silent": nothing is said, so each cache may guess (RFC 9111 4.2.2). "shared": a cache for
    several people may keep a page that is one person's. "too-long": longer than the policy. An
    uploaded file whose name does not change with its content may be kept for a day at most.
    """
    policy = POLICIES[kind]
    if not cache_control(response.headers).directives and explicit(response, "private") is None:
        return "silent"
    browser, edge = policy.browser, policy.edge
    if kind == "upload" and not is_fingerprinted(response.url):
        browser = edge = DAY
    if held(response, "shared") > edge:
        return "shared" if kind == "private" else "too-long"
    return "too-long" if held(response, "private") > browser else "fits"


def keeps_page(response: Response) -> bool:
    """Whether browsers keep this page for a day or more, on its own word.

    What a browser may guess does not count, nor what the edge keeps: the owner can purge that.
    """
    said = explicit(response, "private")
    if held(response, "private") == 0:
        return False
    immutable = cache_control(response.headers).has("immutable")
    return immutable or (said is not None and said.seconds >= DAY)
