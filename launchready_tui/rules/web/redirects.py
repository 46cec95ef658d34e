"""Where an address leads: chains of redirects and what kind each hop is (RFC 9110 15.4)."""

from __future__ import annotations

from dataclasses import dataclass

from launchready_tui.rules.web.urls import host_of, origin_of, scheme_of, web_url
from launchready_tui.vocabulary.facts import Response, Unreachable


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


def is_permanent(status: int) -> bool:
    """Whether a redirect says "for good" (301, 308), as browsers and search engines read it."""
    return status in (301, 308)


def steps(chain: Chain) -> tuple[str, ...]:
    """Every address of the walk in order, the first one included."""
    ends = (chain.end.url,) if isinstance(chain.end, Response) else ()
    onward = redirect_target(chain.hops[-1]) if chain.hops else None
    last = ends or ((onward,) if onward else ())
    return (*(hop.url for hop in chain.hops), *last)


def hops_to(origin: str, chain: Chain) -> int:
    """How many redirects the walk takes until it first stands on this origin."""
    places = [origin_of(url) for url in steps(chain)]
    return places.index(origin) if origin in places else len(places) - 1


def hops_due(start: str, origin: str) -> int:
    """How many redirects from an address to the one right origin are in order.

    None from there, one from another https address or from http on the same host, and two from
    http on another host: the first may only add the "s", so that the browser learns that it may.
    """
    if origin_of(start) == origin:
        return 0
    other_host = host_of(start) != host_of(origin)
    return 2 if other_host and scheme_of(start) == "http" else 1
