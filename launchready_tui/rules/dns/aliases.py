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
class AliasAnswer:
    """What one of a zone's own servers answers about a name.

    `target` is where its CNAME leads; empty without one. `beside` are other types that it has
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


def judge(answers: Iterable[AliasAnswer], followed: Walk, *, apex: bool) -> Flaw | None:
    """The worst that is wrong with a name's aliases; None when nothing is.

    At the top of a zone (`apex`) there are always other records (SOA, NS), so no CNAME may stand
    there. A DNS host may keep an alias and answer with its target's addresses. Only a server
    that shows both proves that: "flattened".
    """
    aliases = [answer for answer in answers if answer.target]
    for alias in aliases:
        if apex and (alias.hidden or not alias.beside):
            return Flaw("apex", alias.target, alias.beside)
    for alias in aliases:
        if alias.beside and not apex:
            return Flaw("beside", alias.target, alias.beside)
    if followed.ending in ("loop", "long"):
        return Flaw("loop" if followed.ending == "loop" else "long", followed.chain[-1])
    if aliases and apex:
        return Flaw("flattened", aliases[0].target, aliases[0].beside)
    return None
