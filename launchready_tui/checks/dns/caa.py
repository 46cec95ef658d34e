"""Whether the company behind a certificate may renew it: `dns.caa`."""

from __future__ import annotations

from asyncio import gather
from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, unknown, warned
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.rules.dns import caa
from launchready_tui.rules.tls.certificates import Handshake, Leaf
from launchready_tui.vocabulary.facts import Answer, DnsReply, Unreachable, ask_all
from launchready_tui.vocabulary.findings import Evidence, Outcome, Verdict

if TYPE_CHECKING:
    from launchready_tui.world import World

SHOWN = 6  # records in the evidence
_WORSE = (Verdict.PASS, Verdict.UNKNOWN, Verdict.WARN, Verdict.FAIL)


@check(
    "dns.caa",
    each=Project.web_hosts,
    asks="DNS for the CAA records of the host and of each name above it, and a TLS handshake",
    whom=Whom.NAME_SERVERS,
    passes=("ok", "none"),
    warns=("issuer-not-known", "rare-tag"),
    fails=("excluded", "nobody", "unknown-tag"),
)
async def allowed(subject: str, project: Project, world: World) -> Outcome:
    """May the CA that made the host's certificate make the next one? RFC 8659."""
    names = caa.levels(subject)
    handshakes, replies = await gather(
        world.tls.handshakes(subject), ask_all(world.dns.ask, ((name, "CAA") for name in names))
    )
    asked = dict(zip(names, replies, strict=True))
    leaves = [each.result.leaf for each in handshakes if not isinstance(each.result, Unreachable)]
    if not leaves:
        return _without_handshake(subject, asked, handshakes, world)
    outcomes = [_judge(subject, leaf, asked, world) for leaf in leaves]
    return max(outcomes, key=lambda outcome: _WORSE.index(outcome.verdict))


def _judge(subject: str, leaf: Leaf, asked: dict[str, DnsReply], world: World) -> Outcome:
    name, wildcard = caa.covered_by(leaf.names, subject)
    found = caa.climb(asked, name)
    if isinstance(found, Unreachable):
        return unknown(found.reason, detail=found.detail)
    evidence = (*_evidence(found, asked, world), seen("Certificate made by", leaf.issuer, world))
    outcome, tag = caa.must_understand(found)
    facts = {"at": found.at, "issuer": leaf.issuer}
    if outcome == "unknown-tag":
        return failed(outcome, evidence=evidence, tag=tag, **facts)
    may = caa.issuers(found, wildcard=wildcard)
    if may is None:
        return passed("none" if not found.at else "ok", evidence=evidence, **facts)
    facts["allowed"] = ", ".join(sorted(may))
    if not may:
        return failed("nobody", evidence=evidence, **facts)
    domains = caa.domains_of(leaf.issuer)
    if not domains:
        return warned("issuer-not-known", evidence=evidence, **facts)
    if not may.intersection(domains):
        return failed("excluded", evidence=evidence, needed=domains[0], **facts)
    if outcome:
        return warned(outcome, evidence=evidence, tag=tag, **facts)
    return passed(evidence=evidence, **facts)


def _without_handshake(
    subject: str, asked: dict[str, DnsReply], handshakes: tuple[Handshake, ...], world: World
) -> Outcome:
    """No certificate to be seen: only "no CAA at all" can be said, whoever issues."""
    found = caa.climb(asked, subject)
    if isinstance(found, Unreachable):
        return unknown(found.reason, detail=found.detail)
    evidence = _evidence(found, asked, world)
    if not found.at:
        return passed("none", evidence=evidence)
    silent = [each.result for each in handshakes if isinstance(each.result, Unreachable)]
    silent.sort(key=lambda each: each.reason == "no-ipv6")
    return unknown(silent[0].reason, evidence=evidence, detail=silent[0].detail)


def _evidence(found: caa.Found, asked: dict[str, DnsReply], world: World) -> tuple[Evidence, ...]:
    if not found.at:
        return (seen("CAA records", f"none at {', '.join(asked)}", world),)
    reply = asked[found.at]
    records = reply.records[:SHOWN] if isinstance(reply, Answer) else ()
    return tuple(seen(f"CAA of {found.at}", record, world) for record in records)
