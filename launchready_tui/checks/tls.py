"""Whether browsers and machines trust the certificates: `tls.valid`, `tls.chain`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, skipped, unknown, warned
from launchready_tui.checks.seen import seen
from launchready_tui.facts import Unreachable
from launchready_tui.findings import Evidence, Outcome
from launchready_tui.project.model import Project
from launchready_tui.rules.certificates import (
    Accepted,
    Handshake,
    Refused,
    days_left,
    ends_first,
    in_last_days,
    in_last_quarter,
    starts_last,
)
from launchready_tui.rules.dates import say_day
from launchready_tui.rules.silence import in_words

if TYPE_CHECKING:
    from launchready_tui.world import World


@check(
    "tls.valid",
    each=Project.web_hosts,
    asks="a TLS handshake with every address of the host",
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
    asks="a TLS handshake, and the issuer's certificate where the served chain lacks it",
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
