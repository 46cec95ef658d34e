"""Which DKIM selectors to ask for, and what the answers say together: the thinking of `email.dkim`.

A sender's fixed names that must all work, names of which one is enough, and names that are only
likely weigh differently, so answers are judged sender by sender.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from launchready_tui.checks import failed, passed, unknown, warned
from launchready_tui.recognise.senders import Sender
from launchready_tui.rules.mail.dkim import Published
from launchready_tui.vocabulary.findings import Evidence, Outcome

WARNS = ("short-key", "testing", "wildcard")
_OLD = ("missing", "dead-cname", "revoked", "doubled-name")  # no harm beside a key that works


@dataclass(frozen=True, slots=True)
class Group:
    """The selectors of one sender. `declared` ones stand in the file, so they have to exist.

    `certain` means that everybody who uses the sender has these names; `every` that all of them
    have to work, and not one.
    """

    sender: Sender | None
    selectors: tuple[str, ...]
    declared: frozenset[str] = frozenset()
    certain: bool = False
    every: bool = False


def selector_of(text: str, domain: str) -> str:
    """The selector in what a person wrote: it may be the whole name of the record."""
    name = text.strip().rstrip(".").lower().removesuffix(f".{domain}")
    return name.removesuffix("._domainkey")


def made_up(domain: str, now: datetime) -> str:
    """A selector that nobody can have, the same for one audit and another for the next."""
    return hashlib.sha256(f"{domain} {now.isoformat()}".encode()).hexdigest()[:24]


def group(senders: Iterable[Sender], declared: Iterable[str]) -> tuple[Group, ...]:
    """Sort declared and known selectors by sender.

    A declared one belongs to the sender that has this name, or else to the only sender whose
    names differ from customer to customer; what is left is a group of its own.
    """
    senders = tuple(senders)
    free = [sender for sender in senders if not sender.provider.selectors]
    owners: dict[str, str] = {}
    for selector in dict.fromkeys(declared):
        named = [sender.id for sender in senders if selector in sender.provider.selectors]
        owners[selector] = (named or [free[0].id if len(free) == 1 else ""])[0]
    groups = []
    for sender in senders:
        own = [selector for selector, owner in owners.items() if owner == sender.id]
        provider = sender.provider
        groups.append(
            Group(
                sender,
                tuple(dict.fromkeys((*provider.selectors, *own))),
                frozenset(own),
                provider.selectors_certain,
                provider.selectors_needed == "all",
            )
        )
    rest = tuple(selector for selector, owner in owners.items() if not owner)
    return (*groups, Group(None, rest, frozenset(rest))) if rest else tuple(groups)


def judge(
    groups: Iterable[Group], found: Mapping[str, Published], domain: str, now: datetime
) -> list[Outcome]:
    """One outcome a selector that tells something, and one for the domain where none is known."""
    groups = tuple(groups)
    outcomes: dict[str, Outcome] = {}
    in_doubt: list[Sender] = []
    silences: list[Published] = []
    for each in groups:
        answers = [found[selector] for selector in each.selectors]
        telling = _telling(each, answers)
        for answer in telling:
            outcomes.setdefault(answer.name, _outcome(each, answer, now))
        if each.sender and not telling:
            in_doubt.append(each.sender)
            silences += [answer for answer in answers if answer.silence]
    # A declared selector of nobody's may be the one of a sender that we know no selector of.
    unexplained = any(each.sender is None for each in groups)
    if not groups or (in_doubt and not unexplained):
        return [*outcomes.values(), _not_known(in_doubt, silences, domain, now)]
    return list(outcomes.values())


def _telling(group: Group, answers: list[Published]) -> list[Published]:
    """The answers that a finding can rest on; none where only likely names were not there."""
    works = any(answer.works for answer in answers)
    telling: list[Published] = []
    spare: list[Published] = []
    for answer in answers:
        old = works and not group.every and answer.outcome in _OLD
        if answer.selector in group.declared or (group.certain and group.every):
            # Of two names that take turns, the idle one may lead to nothing.
            if not (old and answer.outcome == "dead-cname"):
                telling.append(answer)
        elif answer.outcome in ("missing", "unanswered", "wildcard"):
            spare.append(answer)
        elif not old:
            telling.append(answer)
    if telling:
        return telling
    for outcome in ("wildcard", *(("unanswered", "missing") if group.certain else ())):
        for answer in spare:
            if answer.outcome == outcome:
                return [answer]
    return []


def _outcome(group: Group, answer: Published, now: datetime) -> Outcome:
    facts = {**answer.facts, "selector": answer.selector, **_provider(group.sender)}
    if answer.silence:
        asked = Evidence("No answer about", answer.name, now)
        reason = answer.silence.reason
        return unknown(reason, subject=answer.name, evidence=(asked,), detail=answer.name, **facts)
    verdict: Callable[..., Outcome] = failed
    if answer.outcome in WARNS:
        verdict = warned
    elif answer.outcome == "ok":
        verdict = passed
    place = answer.facts.get("wrong", answer.name)
    seen = [Evidence(f"TXT record of {place}", text, now) for text in answer.texts[:4]]
    seen = seen or [Evidence(f"TXT records of {place}", "none", now)]
    return verdict(answer.outcome, subject=answer.name, evidence=seen, **facts)


def _not_known(
    in_doubt: list[Sender], silences: list[Published], domain: str, now: datetime
) -> Outcome:
    names = ", ".join(sender.name for sender in in_doubt)
    facts = _provider(in_doubt[0] if in_doubt else None) | ({"provider": names} if names else {})
    for answer in silences:
        if answer.silence:
            asked = Evidence("No answer about", answer.name, now)
            reason = answer.silence.reason
            return unknown(reason, subject=domain, evidence=(asked,), detail=answer.name, **facts)
    return unknown("not-known", subject=domain, evidence=(), **facts)


def _provider(sender: Sender | None) -> dict[str, str]:
    return {"provider": sender.name, "provider_id": sender.id} if sender else {}
