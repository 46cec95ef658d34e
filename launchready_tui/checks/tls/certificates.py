"""Whether certificates and handshakes can be trusted: `tls.valid`, `chain`, `versions`, `key`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, skipped, unknown, warned
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.rules.tls.certificates import (
    Accepted,
    Handshake,
    Refused,
    days_left,
    ends_first,
    in_last_days,
    in_last_quarter,
    starts_last,
    strengths,
)
from launchready_tui.rules.tls.client_hello import Alert, ServerHello, Version
from launchready_tui.rules.tls.key_strength import unread, weakest
from launchready_tui.rules.tls.versions import OLD, VERSIONS, Said, Spoken, judge, why_not
from launchready_tui.vocabulary.dates import say_day
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.vocabulary.findings import Evidence, Outcome
from launchready_tui.vocabulary.silence import in_words

if TYPE_CHECKING:
    from launchready_tui.world import World


@check(
    "tls.valid",
    each=Project.web_hosts,
    asks="a TLS handshake with every address of the host",
    whom=Whom.HOSTS,
    warns=("ends-soon",),
    fails=(
        "expired",
        "not-yet-valid",
        "wrong-name",
        "self-signed",
        "unknown-ca",
        "last-days",
    ),
)
async def valid(subject: str, project: Project, world: World) -> Outcome:
    """Does the platform's verifier accept chain and name? RFC 5280 6, RFC 9525. Worst counts."""
    handshakes = await world.tls.handshakes(subject)
    evidence = _evidence(handshakes, world)
    for handshake in handshakes:
        if isinstance(handshake.result, Refused):
            return _refused(handshake.result, evidence, world)
    good = [each.result.leaf for each in handshakes if isinstance(each.result, Accepted)]
    if not good:
        return _unknown(handshakes, evidence)
    leaf, today = ends_first(tuple(good)), world.now
    facts = {
        "until": say_day(leaf.not_after.date(), today.date()),
        "days": str(days_left(leaf, today)),
        "issuer": leaf.issuer,
    }
    if in_last_days(leaf, today):
        return failed("last-days", evidence=evidence, **facts)
    if in_last_quarter(leaf, today):
        return warned("ends-soon", evidence=evidence, **facts)
    return passed(evidence=evidence, **facts)


@check(
    "tls.chain",
    each=Project.web_hosts,
    asks="a TLS handshake, and the issuer's certificate where it is missing in the served chain",
    whom=Whom.HOSTS,
    fails=("missing-intermediate",),
    skips=("not-judged",),
)
async def chain(subject: str, project: Project, world: World) -> Outcome:
    """Does the host serve its intermediates? RFC 8446 4.4.2: browsers may hide that it does not."""
    handshakes = await world.tls.handshakes(subject)
    evidence = _evidence(handshakes, world)
    for handshake in handshakes:
        if handshake.incomplete and isinstance(handshake.result, Accepted | Refused):
            last = handshake.result.chain[-1]
            return failed("missing-intermediate", evidence=evidence, issuer=last.signed_by)
    for handshake in handshakes:
        if handshake.fetch is not None:
            reason, detail = handshake.fetch.reason, handshake.fetch.detail
            return unknown(reason, evidence=evidence, detail=detail)
    if any(isinstance(each.result, Refused) for each in handshakes):
        return skipped("not-judged", evidence=evidence)
    if any(isinstance(each.result, Accepted) for each in handshakes):
        return passed(evidence=evidence)
    return _unknown(handshakes, evidence)


@check(
    "tls.versions",
    each=Project.web_hosts,
    asks="the start of a TLS handshake in each version, with every address of the host",
    whom=Whom.HOSTS,
    warns=("old",),
    fails=("none",),
)
async def versions(subject: str, project: Project, world: World) -> Outcome:
    """Which TLS versions does the host offer? RFC 8996 retires 1.0 and 1.1. Worst counts."""
    spoken = await world.tls.versions(subject)
    evidence = tuple(seen(*line, world) for each in spoken for line in _spoken_lines(each))
    judged = {judge(each): each for each in reversed(spoken)}
    if "none" in judged:
        found = ", ".join(f"TLS {each}" for each in judged["none"].offered)
        return failed("none", evidence=evidence, versions=found or "none that we know")
    if "old" in judged:
        found = " and ".join(each for each in judged["old"].offered if each in OLD)
        return warned("old", evidence=evidence, versions=found)
    if "unclear" in judged or "good" not in judged:
        reason = why_not(spoken)
        return unknown(reason.reason, evidence=evidence, detail=reason.detail)
    found = " and ".join(judged["good"].offered)
    return passed(evidence=evidence, versions=found)


@check(
    "tls.key",
    each=Project.web_hosts,
    asks="a TLS handshake with every address of the host",
    whom=Whom.HOSTS,
    fails=("short-key", "old-signature"),
)
async def key(subject: str, project: Project, world: World) -> Outcome:
    """Do the keys and signatures that are served hold? CA/B Baseline Requirements 6.1.5, 7.1.3."""
    handshakes = await world.tls.handshakes(subject)
    served = [
        strengths(each.result.chain)
        for each in handshakes
        if isinstance(each.result, Accepted | Refused)
    ]
    certificates = tuple(dict.fromkeys(one for chain in served for one in chain))
    evidence = tuple(
        seen(f"Certificate of {one.owner}", one.in_words(), world) for one in certificates
    )
    if not served:
        return _unknown(handshakes, _evidence(handshakes, world))
    weak = weakest(certificates)
    if weak is not None and weak.key.weak:
        return failed("short-key", evidence=evidence, key=str(weak.key), owner=weak.owner)
    if weak is not None:
        return failed("old-signature", evidence=evidence, hash=weak.forgeable, owner=weak.owner)
    if unread(certificates) is not None:
        return unknown("not-known", evidence=evidence, detail="a key of a kind that we can't judge")
    return passed(evidence=evidence, key=str(certificates[0].key))


def _refused(result: Refused, evidence: tuple[Evidence, ...], world: World) -> Outcome:
    first, last = ends_first(result.chain), starts_last(result.chain)
    today = world.now.date()
    return failed(
        result.cause,
        evidence=evidence,
        until=say_day(first.not_after.date(), today),
        names=", ".join(result.leaf.names[:5]) or "no name at all",
        issuer=result.leaf.issuer,
        **{"from": say_day(last.not_before.date(), today)},
    )


def _unknown(handshakes: tuple[Handshake, ...], evidence: tuple[Evidence, ...]) -> Outcome:
    """No handshake anywhere: the first reason that is not about this machine's own IPv6."""
    silent = [each.result for each in handshakes if isinstance(each.result, Unreachable)]
    silent.sort(key=lambda result: result.reason == "no-ipv6")
    return unknown(silent[0].reason, evidence=evidence, detail=silent[0].detail)


def _evidence(handshakes: tuple[Handshake, ...], world: World) -> tuple[Evidence, ...]:
    lines = [line for handshake in handshakes for line in _lines(handshake)]
    return tuple(seen(label, value, world) for label, value in lines)


def _spoken_lines(spoken: Spoken) -> list[tuple[str, str]]:
    place = f"at {spoken.address}" if spoken.address else ""
    if spoken.failure is not None:
        return [(f"No handshake {place}".strip(), in_words(spoken.failure.reason))]
    answers = (f"{each}: {_answer(each, spoken.said[each])}" for each in VERSIONS)
    return [(f"Asked for TLS {place}", "; ".join(answers))]


def _answer(asked: Version, said: Said) -> str:
    match said:
        case ServerHello(version):
            return "yes" if version == asked else f"{version} instead"
        case Alert(code):
            return f"no (alert {code})"
        case Unreachable(reason):
            return in_words(reason)


def _lines(handshake: Handshake) -> list[tuple[str, str]]:
    place = f"at {handshake.address}" if handshake.address else ""
    match handshake.result:
        case Unreachable(reason):
            return [(f"No handshake {place}".strip(), in_words(reason))]
        case Accepted(leaf, chain) | Refused(_, leaf, chain):
            dates = f"{leaf.not_before:%Y-%m-%d} to {leaf.not_after:%Y-%m-%d}"
            lines = [
                (f"Certificate {place}", f"for {', '.join(leaf.names[:10]) or leaf.subject}"),
                ("Issued by", f"{leaf.issuer}, {dates}"),
                ("Certificates sent", str(len(chain))),
            ]
            if isinstance(handshake.result, Refused):
                lines.append(("Verdict of OpenSSL", handshake.result.says))
            return lines
