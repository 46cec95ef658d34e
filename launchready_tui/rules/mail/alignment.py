"""Does what was proved of a message fit the name that people see? DMARC alignment (RFC 9989 4.4).

Proofs come from the inbox's own provider, where its word can be trusted, and from our own look at
the signatures and the sending server.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from launchready_tui.rules.mail.authentication_results import Result
from launchready_tui.rules.mail.dmarc import Walk, discover
from launchready_tui.vocabulary.facts import Lookup, Unreachable


@dataclass(frozen=True, slots=True)
class Proof:
    """A domain that one method proved: `method` is "dkim" or "spf"; `domain` in lower case."""

    method: str
    domain: str


@dataclass(frozen=True, slots=True)
class Alignment:
    """What fits the From domain: the aligned proof of each method, None where there is none.

    `doubt` is the silence that kept us from telling for a proof that is not the domain itself.
    """

    dkim: Proof | None = None
    spf: Proof | None = None
    doubt: Unreachable | None = None


def claimed(results: Iterable[Result]) -> tuple[Proof, ...]:
    """The proofs in a provider's own results (RFC 8601 2.7.1, 2.7.2): passes alone count."""
    found = []
    for each in results:
        if each.result != "pass":
            continue
        if each.method == "dkim":
            name = each.properties.get("header.d") or each.properties.get("header.i", "")
        elif each.method == "spf":
            name = each.properties.get("smtp.mailfrom") or each.properties.get("smtp.helo", "")
        else:
            continue
        domain = name.rpartition("@")[2].strip().rstrip(".").lower()
        if domain:
            found.append(Proof(each.method, domain))
    return tuple(dict.fromkeys(found))


async def align(domain: str, proofs: Iterable[Proof], lookup: Lookup) -> Alignment:
    """Which proofs fit the From domain, strictly or by organisation as its record asks.

    A proof of the very domain needs no question. For others the organisational domains decide
    (RFC 9989 4.10.2). Where no record names one, a name below the other must do.
    """
    known = tuple(dict.fromkeys(proofs))
    found = {proof.method: proof for proof in reversed(known) if proof.domain == domain}
    others = [proof for proof in known if proof.method not in found]
    if not others:
        return Alignment(found.get("dkim"), found.get("spf"))
    walk = await discover(domain, lookup)
    doubt: Unreachable | None = None
    for proof in others:
        if _mode(walk, proof.method) == "s" or proof.method in found:
            continue
        if not _alike(domain, proof.domain):
            continue
        other = await discover(proof.domain, lookup)
        silence = walk.doubt or other.doubt
        if silence is not None:
            doubt = silence[1]
        elif walk.records or other.records:
            if walk.organisation == other.organisation:
                found[proof.method] = proof
        elif _below(domain, proof.domain):
            found[proof.method] = proof
    return Alignment(found.get("dkim"), found.get("spf"), doubt)


def _mode(walk: Walk, method: str) -> str:
    """ "s" for strict, else relaxed: the tags `adkim` and `aspf` (RFC 9989 4.7)."""
    tag = "adkim" if method == "dkim" else "aspf"
    return walk.record.value(tag) if walk.record else ""


def _alike(one: str, other: str) -> bool:
    """Whether two names can share an organisation at all: they end alike in two labels."""
    return one.split(".")[-2:] == other.split(".")[-2:]


def _below(one: str, other: str) -> bool:
    """Whether one of two names is below the other, and neither is a mere top-level domain."""
    shorter = min(one, other, key=len)
    return "." in shorter and f".{max(one, other, key=len)}".endswith(f".{shorter}")
