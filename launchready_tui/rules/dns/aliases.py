"""Where CNAME records may stand, and where their chains end: RFC 1034 3.6.2, RFC 2181 10.1."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from launchready_tui.vocabulary.facts import Answer, Lookup, Unreachable

LONGEST = 16  # aliases in a row; resolvers give up between 8 and 16

Ending = Literal["end", "loop", "long"]
Fault = Literal["apex", "beside", "loop", "long", "flattened"]


@dataclass(frozen=True, slots=True)
class Holding:
    """What one of a zone's own servers holds at a name.

    `target` is where its CNAME leads; empty without one. `beside` are other types that it holds
    at this very name, `hidden` those that it answers with the CNAME instead.
    """

    server: str
    target: str = ""
    beside: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Walk:
    """A chain of aliases, followed: the names on the way, and how it ended."""

    chain: tuple[str, ...]
    ending: Ending | Unreachable = "end"


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with an alias; `target` is where it leads, `beside` what stands with it."""

    kind: Fault
    target: str
    beside: tuple[str, ...] = ()


async def walk(name: str, lookup: Lookup) -> Walk:
    """Follow the aliases from a name to their end, a loop, or one step more than we allow.

    A resolver follows them in one question. Only where it gave up do we go step by step.
    """
    whole = await lookup(name, "A")
    if not isinstance(whole, Unreachable):
        return Walk(whole.chain)
    chain: tuple[str, ...] = ()
    while len(chain) <= LONGEST:
        reply = await lookup((name, *chain)[-1], "CNAME")
        if isinstance(reply, Unreachable):
            return Walk(chain, reply)
        if not isinstance(reply, Answer):
            return Walk(chain, whole)  # an alias that ends: it is the end that does not answer
        target = reply.records[0].rstrip(".")
        if target in (name, *chain):
            return Walk((*chain, target), "loop")
        chain = (*chain, target)
    return Walk(chain, "long")


def judge(holdings: Iterable[Holding], way: Walk, *, apex: bool) -> Flaw | None:
    """The worst that is wrong with a name's aliases; None when nothing is.

    At the top of a zone (`apex`) there are always other records (SOA, NS), so no CNAME may stand
    there. A DNS host may keep an alias and answer with its target's addresses. Only a server
    that shows both proves that: "flattened".
    """
    held = [holding for holding in holdings if holding.target]
    for holding in held:
        if apex and (holding.hidden or not holding.beside):
            return Flaw("apex", holding.target, holding.beside)
    for holding in held:
        if holding.beside and not apex:
            return Flaw("beside", holding.target, holding.beside)
    if way.ending in ("loop", "long"):
        return Flaw("loop" if way.ending == "loop" else "long", way.chain[-1])
    if held and apex:
        return Flaw("flattened", held[0].target, held[0].beside)
    return None
