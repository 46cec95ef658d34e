"""Where an address leads: chains of redirects and what kind each hop is (RFC 9110 15.4)."""

from __future__ import annotations

from dataclasses import dataclass

from launchready_tui.facts import Response, Unreachable


@dataclass(frozen=True, slots=True)
class Chain:
    """A walk from one address: the redirects in order, then where it ended.

    `loop` is true when an address came back, or when ten redirects were not enough; `end` is
    then the last redirect that we saw.
    """

    hops: tuple[Response, ...]
    end: Response | Unreachable
    loop: bool = False
