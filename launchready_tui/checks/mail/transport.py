"""Two things about mail that can wait or do not apply: `email.transport`, `email.parked`."""

from __future__ import annotations

from asyncio import gather
from typing import TYPE_CHECKING

from launchready_tui.checks import check, passed, skipped, unknown, warned
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.web.redirect_walks import no_answer, unseen
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.recognise.senders import from_domain, from_domains, sends_no_mail
from launchready_tui.rules.mail import dmarc, mx, spf_grammar
from launchready_tui.rules.mail.mta_sts import (
    Policy,
    announces,
    asks_for_reports,
    covers,
    read_policy,
)
from launchready_tui.rules.tls.certificates import Accepted
from launchready_tui.vocabulary.facts import Answer, DnsReply, Response, Unreachable
from launchready_tui.vocabulary.findings import Outcome

if TYPE_CHECKING:
    from launchready_tui.world import World


@check(
    "email.transport",
    each=from_domains,
    asks="DNS for two records about safe delivery, and the policy file that one announces",
    whom=Whom.NAME_SERVERS,
    passes=("ok", "testing"),
    warns=("none", "no-policy", "misses-server", "no-reports"),
    skips=("no-mail",),
)
async def transport(subject: str, project: Project, world: World) -> Outcome:
    """Must mail to this domain come encrypted, and who hears when it can't? RFC 8461, RFC 8460."""
    host = f"mta-sts.{subject}"
    # The file is asked for at once, though the record may not announce it: one round trip less.
    quiet, sts, reports, servers, page, shakes = await gather(
        sends_no_mail(project, world),
        world.dns.ask(f"_mta-sts.{subject}", "TXT"),
        world.dns.ask(f"_smtp._tls.{subject}", "TXT"),
        world.dns.ask(subject, "MX"),
        world.web.get(f"https://{host}/.well-known/mta-sts.txt"),
        world.tls.handshakes(host),
    )
    if quiet:
        return skipped("no-mail")
    for reply in (sts, reports, servers):
        if isinstance(reply, Unreachable):
            return unknown(reply.reason, detail=reply.detail)
    evidence = [seen("Policy record", "; ".join(_texts(sts)[:2]) or "none", world)]
    evidence.append(seen("Report record", "; ".join(_texts(reports)[:2]) or "none", world))
    if not announces(_texts(sts)):
        return warned("none", evidence=evidence)
    if isinstance(page, Unreachable):
        return no_answer(page, tuple(evidence))
    if kept := unseen(page, tuple(evidence)):
        return kept
    silent = [each.result for each in shakes if isinstance(each.result, Unreachable)]
    if silent and len(silent) == len(shakes):  # the page came, but its certificate was not seen
        return no_answer(silent[0], tuple(evidence))
    safe = any(isinstance(each.result, Accepted) for each in shakes)
    policy = _policy(page) if safe else None
    if policy is None:
        return warned("no-policy", evidence=evidence, policy_host=host)
    evidence.append(seen("Policy", f"{policy.mode}, for {', '.join(policy.mx[:8])}", world))
    hosts = mx.parse(servers.records) if isinstance(servers, Answer) else ()
    for each in hosts:
        if policy.mode != "none" and not covers(policy, each.host):
            return warned("misses-server", evidence=evidence, mx=each.host)
    if not asks_for_reports(_texts(reports)):
        return warned("no-reports", evidence=evidence)
    return passed("ok" if policy.mode == "enforce" else "testing", evidence=evidence)


def _policy(page: Response) -> Policy | None:
    return read_policy(page.body) if page.status == 200 else None


def _texts(reply: DnsReply) -> tuple[str, ...]:
    return reply.records if isinstance(reply, Answer) else ()


@check(
    "email.parked",
    each=from_domains,
    asks="DNS for the three records by which a domain says that it sends no mail",
    whom=Whom.NAME_SERVERS,
    warns=("not-said",),
    skips=("sends-mail",),
)
async def parked(subject: str, project: Project, world: World) -> Outcome:
    """Does a domain that sends no mail say so? RFC 7208 10.1.2, RFC 7505, RFC 9989."""
    if not await sends_no_mail(project, world):
        return skipped("sends-mail")
    domain = from_domain(project)
    texts, servers, walk = await gather(
        world.dns.ask(domain, "TXT"),
        world.dns.ask(domain, "MX"),
        dmarc.discover(domain, world.dns.ask),
    )
    for reply in (texts, servers, walk.doubt[1] if walk.doubt else None):
        if isinstance(reply, Unreachable):
            return unknown(reply.reason, detail=reply.detail)
    records = [text for text in _texts(texts) if spf_grammar.is_spf(text)]
    hosts = [each.host for each in mx.parse(_texts(servers))]
    said = {
        "SPF": records == ["v=spf1 -all"],
        "DMARC": walk.policy == "reject",
        "MX": hosts == [""],
    }
    evidence = (
        seen("SPF", "; ".join(records[:2]) or "none", world),
        seen("DMARC policy", walk.policy or "none", world),
        seen("MX", ", ".join(host or "." for host in hosts[:4]) or "none", world),
    )
    lacking = ", ".join(name for name, done in said.items() if not done)
    if lacking:
        return warned("not-said", evidence=evidence, lacking=lacking)
    return passed(evidence=evidence)
