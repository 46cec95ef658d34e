"""Whether an old address still leads people to the right page, and how directly.

A declared address may be written as people say it: `shop.example/boats` or `/boats`. Without a
scheme it is asked over https and over http, since old links and cards hold either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from launchready_tui.rules.web.challenge import kept_out
from launchready_tui.rules.web.redirects import Chain, is_permanent, redirect_target, steps
from launchready_tui.rules.web.urls import host_of, scheme_of, web_url
from launchready_tui.vocabulary.facts import Response, Unreachable

Kind = Literal["ok", "warn", "fail", "unknown"]
# The worst of two walks from one address counts; "we could not ask" is worse than "fine".
_WORST: tuple[Kind, ...] = ("fail", "unknown", "warn", "ok")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a walk says: a kind, the outcome's name (or the reason), and its facts."""

    kind: Kind
    name: str
    facts: Mapping[str, str] = field(default_factory=dict)


def starts(declared: str, domain: str) -> tuple[str, ...]:
    """Where to begin: the address itself, or https and http where it names no scheme.

    A path alone belongs to the product's domain. Empty when it is no web address at all.
    """
    text = declared.strip()
    if "://" in text:
        found = [web_url(text)]
    else:
        place = f"{domain}{text}" if text.startswith("/") and not text.startswith("//") else text
        place = place.removeprefix("//")
        found = [web_url(f"{scheme}://{place}") for scheme in ("https", "http")]
    return tuple(url for url in found if url is not None)


def worst(judgements: tuple[Judgement, ...]) -> Judgement:
    """The one that counts where an address was asked in two ways.

    A way that did not answer is left out where the other did: nothing may listen there.
    """
    answered = tuple(each for each in judgements if not _silent(each)) or judgements
    return min(answered, key=lambda each: _WORST.index(each.kind))


def judge(walk: Chain, to: str, sign_in: str = "") -> Judgement:
    """Judge the walk from an old address; `to` and `sign_in` are absolute addresses.

    A page behind a sign-in ends at the sign-in page; the steps from the page to there are its
    own and are not counted.
    """
    first = walk.hops[0] if walk.hops else walk.end
    status = str(first.status) if isinstance(first, Response) else ""
    passed = steps(walk)
    facts = {"status": status, "hops": str(len(walk.hops)), "to": passed[-1] if passed else ""}
    if walk.loop:
        return Judgement("fail", "loop", facts)
    if isinstance(walk.end, Unreachable):
        return _no_end(walk, walk.end, facts)
    if kept := kept_out(walk.end):
        return Judgement("unknown", kept, facts)
    if walk.end.status == 403 or (walk.end.status == 401 and not same_place(walk.end.url, to)):
        return Judgement("unknown", "blocked", facts)
    if walk.end.status >= 400 and walk.end.status != 401:
        return Judgement("fail", "dead-end", {**facts, "answer": str(walk.end.status)})
    hops = walk.hops
    if sign_in and same_place(walk.end.url, sign_in) and not same_place(to, sign_in):
        reached = [same_place(url, to) for url in passed]
        hops = hops[: reached.index(True)] if True in reached else hops
    elif not same_place(walk.end.url, to):
        return Judgement("fail", "elsewhere" if hops else "stays", facts)
    facts["hops"] = str(len(hops))
    return _way(hops, facts)


def same_place(one: str, other: str) -> bool:
    """Whether two addresses mean one page: scheme, `www` and a slash at the end aside.

    A query counts only where `other`, the declared one, has one.
    """
    first, second = urlsplit(one), urlsplit(other)
    return (
        host_of(one).removeprefix("www.") == host_of(other).removeprefix("www.")
        and first.port == second.port
        and first.path.rstrip("/") == second.path.rstrip("/")
        and second.query in ("", first.query)
    )


def _way(hops: tuple[Response, ...], facts: Mapping[str, str]) -> Judgement:
    """Is the way short, and for good? One step; two where the first only adds the "s"."""
    if len(hops) > (2 if hops and _only_upgrades(hops[0]) else 1):
        return Judgement("fail", "chain", facts)
    if any(not is_permanent(hop.status) for hop in hops):
        return Judgement("warn", "temporary", facts)
    return Judgement("ok", "ok", facts)


def _only_upgrades(hop: Response) -> bool:
    onward = redirect_target(hop) or ""
    return (
        scheme_of(hop.url) == "http"
        and scheme_of(onward) == "https"
        and host_of(hop.url) == host_of(onward)
    )


def _no_end(walk: Chain, end: Unreachable, facts: Mapping[str, str]) -> Judgement:
    """No answer. Only a name that is gone, or a refusal after other answers, proves a dead end."""
    if end.reason == "no-address":
        return Judgement("fail", "dead-end", {**facts, "answer": "no such host"})
    if end.reason == "refused" and walk.hops:
        return Judgement("fail", "dead-end", {**facts, "answer": "connection refused"})
    return Judgement("unknown", end.reason, {**facts, "detail": end.detail})


def _silent(judgement: Judgement) -> bool:
    return judgement.kind == "unknown" and not judgement.facts.get("status")
