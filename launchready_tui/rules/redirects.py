"""Where an address leads: chains of redirects and what kind each hop is (RFC 9110 15.4)."""

from __future__ import annotations

from dataclasses import dataclass

from launchready_tui.facts import Response, Unreachable
from launchready_tui.rules.urls import web_url


@dataclass(frozen=True, slots=True)
class Chain:
    """A walk from one address: the redirects in order, then where it ended.

    `loop` is true when an address came back, or when ten redirects were not enough; `end` is
    then the last redirect that we saw.
    """

    hops: tuple[Response, ...]
    end: Response | Unreachable
    loop: bool = False


def redirect_target(response: Response) -> str | None:
    """The absolute web address that this response sends visitors to; None when it sends nowhere."""
    if response.status not in (301, 302, 303, 307, 308):
        return None
    location = response.header("location")
    return web_url(location, response.url) if location else None
