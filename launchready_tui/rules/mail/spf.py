"""Who may send for a domain: the tree of SPF records, walked and counted (RFC 7208).

`evaluate` walks it as a receiver would, without any one message in hand; `suggest` writes the
record that the founder may publish instead. `rules.spf_grammar` reads one record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from launchready_tui.rules.mail.spf_grammar import (
    MECHANISMS,
    Record,
    Term,
    is_spf,
    nearly_spf,
    parse,
    plain_name,
)
from launchready_tui.vocabulary.facts import Answer, DnsReply, Lookup, Unreachable, ask_all

LOOKUP_LIMIT = 10  # RFC 7208 4.6.4: terms that ask the DNS, in the record and all it includes
VOID_LIMIT = 2  # RFC 7208 4.6.4: how many of those may find nothing
MX_LIMIT = 10  # RFC 7208 4.6.4: mail servers of one "mx" term

# What makes a record useless or worse. The first of these names the finding.
FAULTS = (
    "two-records",
    "missing",
    "syntax",
    "open",
    "too-many-lookups",
    "loop",
    "include-without-spf",
    "void-lookups",
)

_ASKING = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})
_ASKABLE = re.compile(r"[a-z0-9_\-]{1,63}(?:\.[a-z0-9_\-]{1,63})+\Z")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong, by its outcome's name, with the facts that its words need."""

    name: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a receiver meets when it looks a domain up, whoever the message is from.

    `record` is None without exactly one SPF record, `texts` holds all of them, `near` a text
    that was meant as one. `lookups` counts terms that ask the DNS; over the limit it is a lower
    bound, as we stop there. `voids` are names that lead nowhere. `end` is the last word on
    strangers: "-", "~", "?", "+", "" for none, None where it is not known. `unanswered` pairs
    names that got no answer with the reason.
    """

    domain: str
    record: Record | None = None
    texts: tuple[str, ...] = ()
    near: str = ""
    lookups: int = 0
    voids: tuple[str, ...] = ()
    end: str | None = None
    ptr: bool = False
    includes: tuple[str, ...] = ()
    macros: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    unanswered: tuple[tuple[str, Unreachable], ...] = ()

    def warnings(self) -> tuple[Fault, ...]:
        """What works today and will hurt later, worst first."""
        found = {
            "many-lookups": self.lookups > LOOKUP_LIMIT - 2,
            "neutral-end": self.end == "?",
            "no-end": self.end == "",
            "ptr": self.ptr,
        }
        return tuple(
            Fault(name, {"count": str(self.lookups)} if name == "many-lookups" else {})
            for name, there in found.items()
            if there
        )


@dataclass(frozen=True, slots=True)
class _Branch:
    """A record that is still to be read, and the term that led there.

    `own` marks the domain's own record and what it redirects to; `admits` tells whether a match
    in it lets mail in for the domain itself.
    """

    domain: str
    path: tuple[str, ...]
    via: str = ""
    own: bool = True
    admits: bool = True

    @property
    def first(self) -> bool:
        return not self.via


@dataclass(frozen=True, slots=True)
class _Step:
    """What one reply told: changes to the evaluation so far, and where to look next."""

    found: Evaluation
    faults: tuple[Fault, ...] = ()
    below: tuple[_Branch, ...] = ()
    targets: tuple[Term, ...] = ()


async def evaluate(domain: str, lookup: Lookup) -> Evaluation:
    """Walk the tree of records of `domain` as a receiver would (RFC 7208 4 to 6).

    Records of one level are asked for at once. Nothing is asked below the level that goes over
    ten lookups, so that hostile records cost about thirty questions at most.
    """
    domain = plain_name(domain)
    found, faults = Evaluation(domain), list[Fault]()
    level: tuple[_Branch, ...] = (_Branch(domain, (domain,)),)
    targets: tuple[Term, ...] = ()
    while level or targets:
        questions = [(branch.domain, "TXT") for branch in level]
        questions += [(term.value, rtype) for term in targets for rtype in _types(term)]
        replies = iter(await _ask(lookup, questions))
        steps: list[_Step] = []
        for branch in level:
            steps.append(_read(found, branch, next(replies)))
            found = steps[-1].found
        for term in targets:
            steps.append(_target(found, term, [next(replies) for _ in _types(term)]))
            found = steps[-1].found
        faults += [fault for step in steps for fault in step.faults]
        level = tuple(branch for step in steps for branch in step.below)
        targets = tuple(term for step in steps for term in step.targets)
        if found.lookups > LOOKUP_LIMIT:
            faults.append(Fault("too-many-lookups", {"count": str(found.lookups)}))
            break
    if len(found.voids) > VOID_LIMIT:
        faults.append(Fault("void-lookups", {"count": str(len(found.voids))}))
    ordered = sorted(faults, key=lambda fault: FAULTS.index(fault.name))
    return replace(found, faults=tuple(ordered))


async def _ask(lookup: Lookup, questions: Sequence[tuple[str, str]]) -> list[DnsReply | None]:
    """Replies in order; None for what cannot be asked for, as it is no name (RFC 7208 4.3)."""
    asked = [len(name) <= 253 and bool(_ASKABLE.match(name)) for name, _ in questions]
    wanted = [question for question, ok in zip(questions, asked, strict=True) if ok]
    replies = iter(await ask_all(lookup, wanted))
    return [next(replies) if ok else None for ok in asked]


def _types(term: Term) -> tuple[str, ...]:
    # A receiver asks for the family of the sender's address: void when neither has any.
    return {"mx": ("MX",), "exists": ("A",)}.get(term.name, ("A", "AAAA"))


def _target(found: Evaluation, term: Term, replies: Sequence[DnsReply | None]) -> _Step:
    """What the target of `a`, `mx` or `exists` answered: void lookups, RFC 7208 4.6.4."""
    for reply in replies:
        if isinstance(reply, Answer):
            many = term.name == "mx" and len(reply.records) > MX_LIMIT
            facts = {"count": str(len(reply.records))}
            return _Step(found, (Fault("too-many-lookups", facts),) if many else ())
    for reply in replies:
        if isinstance(reply, Unreachable):
            return _Step(replace(found, unanswered=(*found.unanswered, (term.value, reply))))
    return _Step(replace(found, voids=(*found.voids, term.value)))


def _read(found: Evaluation, branch: _Branch, reply: DnsReply | None) -> _Step:
    """Take in what the TXT question for one record brought (RFC 7208 4.4 to 4.6)."""
    if isinstance(reply, Unreachable):
        return _Step(replace(found, unanswered=(*found.unanswered, (branch.domain, reply))))
    all_texts = reply.records if isinstance(reply, Answer) else ()
    texts = tuple(text for text in all_texts if is_spf(text))
    if branch.first:
        near = next((text for text in all_texts if nearly_spf(text)), "")
        found = replace(found, texts=texts, near=near)
    if len(texts) != 1:
        return _Step(found, (_not_one_record(found, branch, len(texts)),))
    record = parse(texts[0])
    if branch.first:
        found = replace(found, record=record)
    return _follow(found, branch, record)


def _not_one_record(found: Evaluation, branch: _Branch, count: int) -> Fault:
    if not branch.first and count:  # a permanent error for the whole tree: RFC 7208 5.2
        return Fault("syntax", {"part": branch.via})
    if not branch.first:
        return Fault("include-without-spf", {"include": branch.domain})
    if count:
        return Fault("two-records", {"count": str(count)})
    if found.near:
        return Fault("syntax", {"part": found.near.strip().split(" ")[0]})
    return Fault("missing")


def _follow(found: Evaluation, branch: _Branch, record: Record) -> _Step:
    """Count what a record asks for, and find the records and targets below it."""
    terms = record.tested()
    faults: list[Fault] = []
    below: list[_Branch] = []
    targets: list[Term] = []
    macros: list[str] = []
    if record.broken:
        part = record.broken[0] if branch.own else branch.via
        faults.append(Fault("syntax", {"part": part}))
    everyone = any(term.everyone and term.qualifier == "+" for term in terms)
    if branch.admits and (record.end == "+" or everyone):
        faults.append(Fault("open", {} if branch.own else {"include": branch.domain}))
    for term in terms:
        if term.leads_on:
            if term.macro:
                macros.append(term.text)
            elif term.value in branch.path:
                faults.append(Fault("loop", {"include": term.value}))
            else:
                below.append(_below(branch, term))
        elif term.name in ("a", "mx", "exists") and not term.macro:
            targets.append(replace(term, value=term.value or branch.domain))
        elif term.name == "ptr" and branch.own:
            found = replace(found, ptr=True)
    found = replace(
        found,
        lookups=found.lookups + sum(term.name in _ASKING for term in terms),
        includes=(*found.includes, *(next_branch.domain for next_branch in below)),
        macros=(*found.macros, *macros),
    )
    if branch.own:
        found = replace(found, end=None if record.redirect else record.end)
    return _Step(found, tuple(faults), tuple(below), tuple(targets))


def _below(branch: _Branch, term: Term) -> _Branch:
    path = (*branch.path, term.value)
    if term.name == "redirect":
        return replace(branch, domain=term.value, path=path, via=term.text)
    admits = branch.admits and term.qualifier == "+"
    return _Branch(term.value, path, term.text, own=False, admits=admits)


def suggest(texts: Iterable[str], needed: Iterable[str] = (), without: Iterable[str] = ()) -> str:
    """One record to publish instead of `texts`: what is valid in them, and the includes `needed`.

    Each part once, in the founder's order, ending in `~all`. A redirect becomes an include, as
    it would not count beside `all` (RFC 7208 6.1). `ptr` (5.5), networks of all addresses and
    the domains in `without` are left out.
    """
    parts: dict[str, str] = {}
    modifiers: dict[str, str] = {}
    gone = {plain_name(name) for name in without}
    for term in (term for text in texts for term in parse(text).terms):
        if term.name in ("all", "ptr") or term.everyone or (term.value and term.value in gone):
            continue
        if term.leads_on:
            sign = "" if term.qualifier == "+" else term.qualifier
            include = f"{sign}include:{term.value}"
            parts.setdefault(include, include)
        elif term.name in MECHANISMS:
            shown = term.text.removeprefix("+")
            parts.setdefault(shown.lower(), shown)
        else:
            modifiers.setdefault(term.name, term.text)
    for name in needed:
        include = f"include:{plain_name(name)}"
        parts.setdefault(include, include)
    return " ".join(("v=spf1", *parts.values(), "~all", *modifiers.values()))
