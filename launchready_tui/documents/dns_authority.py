"""The part of document 03 about the domain itself: who answers for it, who may vouch for it, and
until when it is yours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from launchready_tui.content import items
from launchready_tui.documents.blocks import Block, Callout, Inline, Line, Strong, Table
from launchready_tui.documents.gate import value
from launchready_tui.documents.source import Source
from launchready_tui.documents.tables import evidence, join, seen
from launchready_tui.facts_of.people import registrar
from launchready_tui.vocabulary.findings import Finding, Verdict

MOST_PROOFS = 2  # raw lines beside what we saw; the file keeps them all
MOST_NAMED = 4  # findings of one topic that are told one by one


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that holds the whole domain up: the check that looks at it, and its own item."""

    name: str
    needed: str
    check: str
    item: str


TOPICS = (
    Topic(
        "Name servers",
        "The registry and your DNS host name the same servers, and each of them answers.",
        "dns.delegation",
        items.ADDRESSES,
    ),
    Topic(
        "Signed answers (DNSSEC)",
        "Off, or signed without a gap. A broken signature takes the whole domain away.",
        "dns.dnssec",
        items.ADDRESSES,
    ),
    Topic(
        "Who may make certificates (CAA)",
        "No limit, or a list that names the maker of yours.",
        "dns.caa",
        items.CERTIFICATES,
    ),
    Topic(
        "Registration",
        "More than 90 days left, and locked, so that nobody can move the domain away.",
        "dns.registration",
        items.ADDRESSES,
    ),
    Topic(
        "One answer a name",
        "No CNAME at the bare domain, or beside other records.",
        "dns.cname",
        items.ADDRESSES,
    ),
    Topic(
        "Names that lead to nobody",
        "None. A stranger could take over the place that such a name points to.",
        "dns.dangling",
        items.SUBDOMAINS,
    ),
    Topic(
        "Every other name",
        "Leads nowhere, unless you want that.",
        "dns.wildcard",
        items.SUBDOMAINS,
    ),
    Topic(
        "The newer kind of address (IPv6)",
        "None, or the same site.",
        "dns.ipv6",
        items.ADDRESSES,
    ),
)


def write(source: Source) -> tuple[Block, ...]:
    """Each topic with what must hold and what we saw; then who holds the registration."""
    table = Table(
        ("Topic", "What it must be", "What we saw"),
        (3, 4, 7),
        tuple(((topic.name,), (topic.needed,), _observed(source, topic)) for topic in TOPICS),
    )
    return (table, *_registrar(source))


def _observed(source: Source, topic: Topic) -> Line:
    found = source.about(topic.check)
    if not found:
        return (f"Not looked at yet. {source.where(topic.item, 'It belongs')}",)
    return sum_up(source, found)


def sum_up(source: Source, found: Sequence[Finding]) -> Line:
    """One finding in full with its proof; of several, those that are not fine, and a count."""
    if len(found) == 1:
        return join(seen(source, found[0]), *evidence(found[0])[:MOST_PROOFS])
    other = [each for each in found if each.verdict not in (Verdict.PASS, Verdict.SKIPPED)]
    parts: list[Inline | Line] = [seen(source, each) for each in other[:MOST_NAMED]]
    if len(other) > MOST_NAMED:
        parts.append(f"{len(other) - MOST_NAMED} more are like that.")
    parts += _count(source, found)
    return join(*parts)


def _count(source: Source, found: Sequence[Finding]) -> list[Inline | Line]:
    """How many of several are right; those that do not apply are not counted against them."""
    asked = [each for each in found if each.verdict is not Verdict.SKIPPED]
    right = [each for each in asked if each.verdict is Verdict.PASS]
    if not asked:
        return [seen(source, found[0])]
    newest = max(each.at for each in asked)
    if not right:
        return []
    return [f"{len(right)} of {len(asked)} are right.", source.checked(newest)]


def _registrar(source: Source) -> tuple[Block, ...]:
    """Who to write to about the registration, and what a person noted about its renewal."""
    found = source.about("dns.registration")
    names = (value(each.facts.get("registrar", ""), 80).rstrip(".") for each in found)
    name = next(filter(None, names), "")
    account = registrar(source.project)
    parts: list[Inline | Line] = []
    if name:
        parts.append(("The registry says that the domain is registered at ", Strong(name), "."))
    if account is not None:
        parts.append(
            ("Your list of accounts names ", Strong(value(account.service, 80)), " for it.")
        )
        if account.renews is not None:
            parts.append(f"It says that the domain renews on {source.day(account.renews)}.")
    return (Callout(join(*parts)),) if parts else ()
