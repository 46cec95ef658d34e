"""Copies of a site: which names say so, and whether they are kept out of search engines.

robots.txt is no such wish: it keeps a robot from reading a page, and a page that others link to
is listed all the same, unread (RFC 9309 1: rules "are not a form of access authorization").
"""

from __future__ import annotations

import re

from launchready_tui.rules.web.html import decode, tags
from launchready_tui.vocabulary.facts import Response

# Labels that founders give to copies for themselves. "beta" and "demo" are often for customers.
_STAGING = re.compile(
    r"(^|-)(staging|stage|stg|preview|previews|test|testing|dev|develop|qa|uat|sandbox|preprod)"
    r"(-|\d*$)"
)
# Where platforms send strangers: vercel.com/sso-api, team.cloudflareaccess.com/.../login.
_SIGN_IN = re.compile(
    r"[/.?&=_-](log-?in|sign-?in|sso|auth|authorize|oauth2?|cloudflareaccess)([/.?&=_-]|$)"
)
_KEEPS_OUT = frozenset({"noindex", "none"})
# Rules that hold a colon; any other word before one is the name of a robot.
_WITH_VALUE = re.compile(r"unavailable_after|max-(snippet|image-preview|video-preview)")


def is_staging(host: str, domain: str) -> bool:
    """Whether the name of a host says that it is a copy for its makers, not for customers.

    Below the product's own domain only what stands in front of it counts.
    """
    below = f".{host}".endswith(f".{domain}") and bool(domain)
    labels = host.removesuffix(domain).split(".") if below else host.split(".")[:-2]
    return any(_STAGING.search(label) for label in labels)


def leads_to_sign_in(url: str) -> bool:
    """Whether an address is one where people sign in, by its words."""
    return bool(_SIGN_IN.search(url.lower()))


def says_noindex(response: Response) -> bool:
    """Whether the page tells every search engine to leave it out, by header or by meta tag.

    A wish to one robot by name ("googlebot: noindex") is not one to all, and does not count.
    """
    values = [value for key, value in response.headers if key.lower() == "x-robots-tag"]
    text = decode(response)
    values += [
        tag.attributes.get("content", "")
        for tag in (tags(text) if "robots" in text.lower() else ())
        if tag.name == "meta" and tag.attributes.get("name", "").strip().lower() == "robots"
    ]
    return any(_KEEPS_OUT & _rules(value) for value in values)


def _rules(value: str) -> frozenset[str]:
    """The rules for all robots in one value: those before the first robot's name."""
    found = set()
    for part in value.lower().split(","):
        name, colon, _ = part.partition(":")
        if colon and not _WITH_VALUE.fullmatch(name.strip()):
            break
        found.add(part.strip())
    return frozenset(found)
