"""Whether every way to a site ends at one host: http and https, with and without www."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from launchready_tui.rules.web.challenge import kept_out
from launchready_tui.rules.web.html import canonical, same_content
from launchready_tui.rules.web.redirects import Chain, hops_due, hops_to
from launchready_tui.rules.web.urls import host_of, origin_of, scheme_of
from launchready_tui.vocabulary.facts import Response, Unreachable

Kind = Literal["ok", "warn", "fail", "unknown"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the walks say together: a kind, the outcome's name (or the reason), and its facts."""

    kind: Kind
    name: str
    facts: Mapping[str, str] = field(default_factory=dict)


def judge(walks: Mapping[str, Chain]) -> Judgement:
    """Judge the walks by the address that each began at, https addresses included.

    An http address that does not answer is left out where https of the same host does: that is
    for `http.https` to say.
    """
    for start, walk in walks.items():
        if walk.loop:
            return Judgement("fail", "loop", {"from": start})
    ends: dict[str, Response] = {}
    for start, walk in walks.items():
        if isinstance(walk.end, Response):
            ends[start] = walk.end
        elif not _answers_over_https(start, walks):
            return _no_end(start, walk, walk.end)
    for end in ends.values():
        kept = kept_out(end)
        if kept is not None:
            return Judgement("unknown", kept)
    return _dead_end(ends) or _several(ends) or _one(walks, ends)


def _answers_over_https(start: str, walks: Mapping[str, Chain]) -> bool:
    twin = walks.get(start.replace("http://", "https://", 1))
    is_http = scheme_of(start) == "http"
    return is_http and twin is not None and isinstance(twin.end, Response)


def _no_end(start: str, walk: Chain, end: Unreachable) -> Judgement:
    if end.reason == "no-address" and walk.hops:
        return Judgement("fail", "dead-end", {"from": start, "status": "no such host"})
    return Judgement("unknown", end.reason, {"detail": end.detail})


def _is_dead(end: Response) -> bool:
    return end.status >= 400 and end.status not in (401, 403)


def _dead_end(ends: Mapping[str, Response]) -> Judgement | None:
    """An address that leads to an error while another leads to a page."""
    dead = [start for start, end in ends.items() if _is_dead(end)]
    if not dead or len(dead) == len(ends):
        return None
    status = str(ends[dead[0]].status)
    return Judgement("fail", "dead-end", {"from": dead[0], "status": status})


def _several(ends: Mapping[str, Response]) -> Judgement | None:
    """Two hosts that answer, each for itself."""
    hosts: dict[str, Response] = {}
    for end in ends.values():
        if scheme_of(end.url) == "https" or host_of(end.url) not in hosts:
            hosts[host_of(end.url)] = end
    if len(hosts) < 2:
        return None
    (a, first), (b, second) = list(hosts.items())[:2]
    if {first.status, second.status} & {401, 403}:
        return Judgement("unknown", "blocked")
    if same_content(first, second):
        return Judgement("fail", "two-hosts", {"a": a, "b": b})
    return Judgement("warn", "two-sites", {"a": a, "b": b})


def _one(walks: Mapping[str, Chain], ends: Mapping[str, Response]) -> Judgement:
    """All lead to one host: does the page agree, and is every way as short as it can be?"""
    end = next(
        (each for each in ends.values() if scheme_of(each.url) == "https"),
        next(iter(ends.values())),
    )
    origin = origin_of(end.url)
    tag = canonical(end)
    if tag is not None and origin_of(tag) != origin:
        return Judgement("warn", "canonical-tag", {"tag": tag, "to": end.url})
    counts = {start: hops_to(origin, walks[start]) for start in ends}
    for start, hops in counts.items():
        if hops > hops_due(start, origin):
            return Judgement("warn", "extra-hop", {"from": start, "hops": str(hops)})
    return Judgement("ok", "ok", {"to": end.url})
