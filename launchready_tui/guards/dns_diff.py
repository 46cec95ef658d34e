"""What DNS says of a zone's names today, beside what it would say once a plan is applied.

A zone can't be listed from outside. So we compare the names of the plan, those of the project,
and those that mail needs. Where today's answer did not come, that is a doubt and no change.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from launchready_tui.checks.mail.dkim_keys import selector_of
from launchready_tui.project.model import Project
from launchready_tui.recognise.senders import from_domain, return_path
from launchready_tui.rules.dns.zone import ADDRESSES, ALIAS, Contents
from launchready_tui.rules.mail import spf_grammar
from launchready_tui.vocabulary.facts import Answer, DnsReply, Unreachable
from launchready_tui.world import World

NAMES_AT_MOST = 200  # that we ask the live DNS about: the plan may hold thousands

_PLACES = (*ADDRESSES, "CNAME", ALIAS)
# The DNS host makes these by itself, and they differ from day to day.
_HOSTS_OWN = frozenset({"SOA", "DNSKEY", "RRSIG", "NSEC", "NSEC3", "NSEC3PARAM", "CDS", "CDNSKEY"})


@dataclass(frozen=True, slots=True)
class Leads:
    """Where a name leads: the aliases in order, and the addresses at their end."""

    chain: tuple[str, ...] = ()
    addresses: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.chain or self.addresses)

    def as_far_as(self, other: Leads) -> bool:
        """Whether both end in the same place. Aliases instead of addresses change nothing."""
        same = self.addresses == other.addresses
        return same and bool(self.addresses or self.chain == other.chain)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same: the records of `kind` at a name, before and after.

    Kinds: "leads" (with `was` and `will`), "edge" (Cloudflare will choose the address), "mx",
    "spf", "dkim", "dmarc", "caa", "ns", "txt", "other".
    """

    name: str
    kind: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    was: Leads = Leads()
    will: Leads = Leads()
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Diff:
    """All differences, the questions that stayed without answer, and how many names we left."""

    differences: tuple[Difference, ...]
    doubts: tuple[tuple[str, Unreachable], ...]
    not_compared: int = 0

    @property
    def moved(self) -> frozenset[str]:
        """The names that would lead elsewhere, or nowhere."""
        return frozenset(each.name for each in self.differences if each.kind in ("leads", "edge"))


@dataclass(frozen=True, slots=True)
class _Pair:
    """What is said about one name and type, today and after the change."""

    name: str
    rtype: str
    before: DnsReply
    after: DnsReply

    @property
    def known(self) -> bool:
        return not isinstance(self.before, Unreachable) and not isinstance(self.after, Unreachable)


async def compare(contents: Contents, project: Project, live: World, planned: World) -> Diff:
    """Ask both worlds about every name that counts, all at once."""
    names = names_that_count(contents, project)
    asked = names[:NAMES_AT_MOST]
    questions = [(name, rtype) for name in asked for rtype in _types(name, contents, project)]
    pairs = await asyncio.gather(*(_ask(*question, live, planned) for question in questions))
    by_name: dict[str, list[_Pair]] = {}
    for pair in pairs:
        by_name.setdefault(pair.name, []).append(pair)
    return Diff(
        tuple(each for rows in by_name.values() for each in _differences(rows)),
        tuple((p.name, p.before) for p in pairs if isinstance(p.before, Unreachable)),
        len(names) - len(asked),
    )


async def _ask(name: str, rtype: str, live: World, planned: World) -> _Pair:
    before, after = await asyncio.gather(live.dns.ask(name, rtype), planned.dns.ask(name, rtype))
    return _Pair(name, rtype, before, after)


def names_that_count(contents: Contents, project: Project) -> tuple[str, ...]:
    """The zone's own name, the project's, those of mail, then those of the plan; each once."""
    zone = contents.zone
    sender = from_domain(project) or zone.name
    selectors = (selector_of(text, sender) for text in project.email.selectors)
    wanted = (
        zone.name,
        *(host.name for host in project.hosts),
        sender,
        f"_dmarc.{sender}",
        *(f"{selector}._domainkey.{sender}" for selector in selectors),
        return_path(project),
        *contents.names,
    )
    return tuple(dict.fromkeys(name for name in wanted if name and zone.holds(name)))


def _types(name: str, contents: Contents, project: Project) -> tuple[str, ...]:
    """The types to compare at a name: those of the plan, and those that could be lost there."""
    planned = (rtype for rtype in contents.at(name) if rtype not in (*_PLACES, *_HOSTS_OWN))
    lost: tuple[str, ...] = ()
    if name in (contents.zone.name, from_domain(project), return_path(project)):
        lost = ("MX", "TXT", "CAA")
    elif _for_text(name):
        lost = ("TXT",)
    places = () if _for_text(name) else ADDRESSES
    return tuple(dict.fromkeys((*places, *planned, *lost)))


def _for_text(name: str) -> bool:
    """Whether this is a name for records about others: `_dmarc`, a DKIM key, a service."""
    return name.startswith("_") or "._" in name


def _differences(rows: list[_Pair]) -> Iterator[Difference]:
    """What is not the same at one name."""
    places = [pair for pair in rows if pair.rtype in ADDRESSES]
    yield from _places(places)
    for pair in rows:
        if pair.rtype in ADDRESSES or not pair.known:
            continue
        old, new = _records(pair.before), _records(pair.after)
        for kind in _kinds(pair, (*old, *new)):
            mine = tuple(each for each in old if _kind(pair, each) == kind)
            its = tuple(each for each in new if _kind(pair, each) == kind)
            if set(mine) != set(its):
                yield Difference(pair.name, kind, mine, its, types=(pair.rtype,))


def _places(places: list[_Pair]) -> Iterator[Difference]:
    if not places or any(isinstance(pair.before, Unreachable) for pair in places):
        return
    was, name = _leads([pair.before for pair in places]), places[0].name
    if any(isinstance(pair.after, Unreachable) for pair in places):
        if all(_by_edge(pair.after) for pair in places):
            yield Difference(name, "edge", was=was, types=_PLACES)
        return
    will = _leads([pair.after for pair in places])
    if (was or will) and not was.as_far_as(will):
        yield Difference(name, "leads", was=was, will=will, types=_PLACES)


def _by_edge(reply: DnsReply) -> bool:
    return isinstance(reply, Unreachable) and reply.by_edge


def _leads(replies: list[DnsReply]) -> Leads:
    chains = (reply.chain for reply in replies if not isinstance(reply, Unreachable))
    addresses = (each for reply in replies for each in _records(reply))
    return Leads(next((chain for chain in chains if chain), ()), frozenset(addresses))


def _records(reply: DnsReply) -> tuple[str, ...]:
    return reply.records if isinstance(reply, Answer) else ()


def _kinds(pair: _Pair, texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_kind(pair, text) for text in texts))


def _kind(pair: _Pair, text: str) -> str:
    """What a record is for: TXT serves many purposes."""
    if pair.rtype != "TXT":
        return {"MX": "mx", "CAA": "caa", "NS": "ns"}.get(pair.rtype, "other")
    if spf_grammar.is_spf(text):
        return "spf"
    if pair.name.startswith("_dmarc."):
        return "dmarc"
    return "dkim" if "._domainkey." in pair.name else "txt"
