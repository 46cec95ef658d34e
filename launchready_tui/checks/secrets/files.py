"""What a site gives away: `secrets.files`. Nothing of what such a file holds is kept or shown."""

from __future__ import annotations

from asyncio import gather
from collections import Counter
from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, unknown, warned
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.web.redirect_walks import no_answer, unseen
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.rules.secrets.exposed_files import (
    ADDRESSES,
    FAILS,
    PATHS,
    Address,
    gives_away,
    plain_start,
    siblings,
)
from launchready_tui.rules.web.challenge import kept_out
from launchready_tui.rules.web.compression import unpacked
from launchready_tui.vocabulary.facts import Response, Unreachable
from launchready_tui.vocabulary.findings import Evidence, Outcome
from launchready_tui.vocabulary.silence import in_words
from launchready_tui.vocabulary.sizes import say_bytes

if TYPE_CHECKING:
    from launchready_tui.world import World
    from launchready_tui.world.web.pages import Take

AT_ONCE = 6  # after so many we look whether the host still wants to answer
SHOWN = 8  # lines of evidence
Reply = Response | Unreachable
_HEAD = frozenset(address.path for address in ADDRESSES if address.head)
_SCAN = frozenset(address.path for address in ADDRESSES if address.scan)


@check(
    "secrets.files",
    each=Project.web_hosts,
    asks="25 addresses where files with secrets are often left lying, if robots.txt allows it",
    whom=Whom.HOSTS,
    warns=("server-info",),
    fails=FAILS,
)
async def files(subject: str, project: Project, world: World) -> Outcome:
    """Does the site hand out its settings, the history of its source, or a copy of its data?

    The front page is asked first: who keeps us out there says nothing about other addresses.
    """
    front = await world.web.get(f"https://{subject}/")
    asked = (seen(f"Asked https://{subject}/", _status(front), world),)
    if isinstance(front, Unreachable):
        return no_answer(front, asked)
    if kept := unseen(front, asked):
        return kept
    replies = await _ask_all(subject, world)
    given, doubts = await _given(subject, replies, world)
    evidence = _evidence(subject, replies, given, world)
    hidden = next((out for reply in replies.values() if (out := _hidden(reply, evidence))), None)
    for address in given:
        if address.kind in FAILS:
            return failed(address.kind, evidence=evidence, **_facts(address, replies))
    if hidden or doubts:
        return hidden or no_answer(doubts[0], evidence)
    if given:
        return warned("server-info", evidence=evidence, **_facts(given[0], replies))
    return passed(evidence=evidence, count=str(len(PATHS)))


async def _ask_all(host: str, world: World) -> dict[str, Reply]:
    """The answers by path, as far as the host lets us ask: none after it asked us to stop."""
    replies: dict[str, Reply] = {}
    for start in range(0, len(PATHS), AT_ONCE):
        paths = PATHS[start : start + AT_ONCE]
        found = await gather(*(_ask(host, path, path, world) for path in paths))
        replies.update(zip(paths, found, strict=True))
        if any(_stops(reply) for reply in found):
            break
    return replies


async def _ask(host: str, path: str, like: str, world: World) -> Reply:
    """Ask for a path, as much of it as `like` needs."""
    take: Take = "head" if like in _HEAD else "whole" if like in _SCAN else "start"
    return await world.web.get(f"https://{host}{path}", declared=False, take=take)


def _stops(reply: Reply) -> bool:
    if isinstance(reply, Unreachable):
        return reply.reason != "not-allowed"
    return kept_out(reply) in ("challenge", "rate-limited")


def _hidden(reply: Reply, evidence: tuple[Evidence, ...]) -> Outcome | None:
    """The "can't tell" of an answer that hides the site's own. A plain 403 for such a path is how
    it should be."""
    if isinstance(reply, Unreachable):
        return no_answer(reply, evidence)
    why = kept_out(reply)
    return unknown(why, evidence=evidence) if why is not None and why != "blocked" else None


async def _given(
    host: str, replies: dict[str, Reply], world: World
) -> tuple[list[Address], list[Unreachable]]:
    """What is surely given away, one kind a path; and why we can't tell of what looks like it."""
    found: dict[str, Address] = {}
    doubts: list[Unreachable] = []
    for address in ADDRESSES:
        reply = replies.get(address.path)
        if address.path in found or not isinstance(reply, Response):
            continue
        if reply.status in (200, 206) and reply.body and unpacked(reply, 1) is None:
            doubts.append(Unreachable("garbled", address.path))  # packed, though we asked for plain
            continue
        if not gives_away(reply, address) or not await _holds_a_secret(reply, address, world):
            continue
        # A site may answer every path in the same way: nobody has these two.
        beside = siblings(address.path, host)
        probes = await gather(*(_ask(host, one, address.path, world) for one in beside))
        answered = [probe for probe in probes if isinstance(probe, Response)]
        if not answered:
            doubts += [probe for probe in probes if isinstance(probe, Unreachable)]
        elif not any(gives_away(probe, address) or _same(probe, reply) for probe in answered):
            found[address.path] = address
    return list(found.values()), doubts


def _same(probe: Response, reply: Response) -> bool:
    return probe.status in (200, 206) and plain_start(probe) == plain_start(reply)


async def _holds_a_secret(reply: Response, address: Address, world: World) -> bool:
    """Whether the secret scanner finds something in a file that is harmless without."""
    if not address.scan:
        return True
    from launchready_tui.world.web.front import holds_a_secret  # the scanner takes a while to load

    return await world.web.look(lambda: holds_a_secret(reply))


def _facts(address: Address, replies: dict[str, Reply]) -> dict[str, str]:
    reply = replies[address.path]
    assert isinstance(reply, Response)
    return {"path": address.path, "size": say_bytes(_size(reply))}


def _size(reply: Response) -> int:
    """The size of the whole file, also where only its start was asked for (RFC 9110 14.4)."""
    whole = reply.header("content-range").rpartition("/")[2]
    return int(whole) if whole.isascii() and whole.isdigit() and len(whole) < 16 else reply.size


def _evidence(
    host: str, replies: dict[str, Reply], given: list[Address], world: World
) -> tuple[Evidence, ...]:
    """Kind and size of what came, never what stands in it."""
    kinds = {address.path: address.kind for address in given}
    lines, quiet = [], Counter[str]()
    for path, reply in replies.items():
        if path in kinds and isinstance(reply, Response):
            says = f"{reply.status}, the file itself [hidden: {kinds[path]}], "
            lines.append((path, says + say_bytes(_size(reply))))
        elif isinstance(reply, Unreachable):
            lines.append((path, _status(reply)))
        else:
            some = ", some other page" if reply.status == 200 else ""
            quiet[f"{reply.status}{some}"] += 1
    shown = [seen(f"Asked https://{host}{path}", says, world) for path, says in lines[:SHOWN]]
    counted = [
        seen(f"Asked {count} addresses of {host}", says, world)
        for says, count in quiet.most_common(SHOWN)
    ]
    return (*shown, *counted)


def _status(reply: Reply) -> str:
    return in_words(reply.reason) if isinstance(reply, Unreachable) else str(reply.status)
