"""Whether receivers can trust the product's mail: `email.spf`, `email.dkim`, `email.dmarc`."""

from __future__ import annotations

from asyncio import gather
from datetime import date, datetime
from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, skipped, unknown, warned
from launchready_tui.checks.mail import dkim_keys as keys
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.recognise.senders import (
    Sender,
    from_domain,
    from_domains,
    return_path,
    senders,
    sends_no_mail,
)
from launchready_tui.rules.mail import dkim as dkim_rules
from launchready_tui.rules.mail import dmarc as dmarc_rules
from launchready_tui.rules.mail import spf as spf_rules
from launchready_tui.rules.mail.policy_ladder import WATCHING
from launchready_tui.rules.mail.spf_grammar import included, repaired
from launchready_tui.vocabulary.dates import say_day
from launchready_tui.vocabulary.findings import Evidence, Outcome

if TYPE_CHECKING:
    from launchready_tui.world import World

# Since when this project has known the record: `none_since` a day, `policy_since` with its policy.
_DATES = ("none_since", "policy_since")


def _spf_domains(project: Project) -> tuple[str, ...]:
    bounces = return_path(project)
    return tuple(dict.fromkeys((*from_domains(project), *((bounces,) if bounces else ()))))


@check(
    "email.spf",
    each=_spf_domains,
    asks="DNS for the SPF record of the domain and every record that it leads to",
    whom=Whom.NAME_SERVERS,
    passes=("ok", "spare-part"),
    warns=("many-lookups", "neutral-end", "no-end", "ptr", "none-at-apex", "sender-missing"),
    fails=spf_rules.FAULTS,
    skips=("no-mail",),
)
async def spf(subject: str, project: Project, world: World) -> Outcome:
    """Can receivers tell who may send for this domain? RFC 7208."""
    quiet, found, known = await gather(
        sends_no_mail(project, world),
        spf_rules.evaluate(subject, world.dns.ask),
        senders(project, world),
    )
    if quiet:
        return skipped("no-mail")
    needing = _needing(known, subject, project)
    seen = _spf_seen(found, world.now)
    facts = {"spf_record": _suggestion(found, needing), **_named((*needing, *known))}
    for fault in found.faults:
        if fault.name == "missing" and _needs_none(known, subject, project):
            names = ", ".join(sender.name for sender in known)
            return warned("none-at-apex", evidence=seen, **facts, providers=names)
        return failed(fault.name, evidence=seen, **{**facts, **fault.facts})
    for name, silence in found.unanswered:
        return unknown(silence.reason, evidence=seen, detail=name)
    if found.macros:
        return unknown("not-known", evidence=seen, detail=found.macros[0])
    for sender in needing:
        if not set(sender.provider.spf) & {subject, *found.includes}:
            facts |= {**_named((sender,)), "include": sender.provider.spf[0]}
            return warned("sender-missing", evidence=seen, **facts)
    for warning in found.warnings():
        return warned(warning.name, evidence=seen, **{**facts, **warning.facts})
    for sender, include in _spare(known, subject, project, found):
        named = {**_named((sender,)), "include": include}
        return passed("spare-part", evidence=seen, count=str(found.lookups), **named)
    return passed(evidence=seen, count=str(found.lookups))


def _needing(known: tuple[Sender, ...], subject: str, project: Project) -> tuple[Sender, ...]:
    """The senders that need an include at this name."""
    found = [
        sender
        for sender in known
        if sender.provider.spf_at == "from" and subject == from_domain(project)
    ]
    own = [sender for sender in known if sender.provider.spf_at == "return-path"]
    if subject == return_path(project) and len(own) == 1:  # of several we can't tell whose it is
        found += own
    return tuple(sender for sender in found if sender.provider.spf)


def _needs_none(known: tuple[Sender, ...], subject: str, project: Project) -> bool:
    """Whether every sender has a return path of its own, so that this name may go without."""
    own = all(sender.provider.spf_at != "from" and sender.id != "other" for sender in known)
    return bool(known) and own and subject != return_path(project)


def _spare(
    known: tuple[Sender, ...], subject: str, project: Project, found: spf_rules.Evaluation
) -> list[tuple[Sender, str]]:
    """Includes that a sender's set-up page may ask for, though mail servers never read them here.

    SPF is judged at the return path (RFC 7208 2.4), and such a sender always has one of its own.
    """
    own = included(found.texts, redirects=False)
    return [
        (sender, include)
        for sender in known
        if sender.provider.spf_at == "return-path" and subject != return_path(project)
        for include in own
        if include in sender.provider.spf_known
    ]


def _suggestion(found: spf_rules.Evaluation, needing: tuple[Sender, ...]) -> str:
    """One record to publish: the founder's own parts that work, and what the senders need."""
    texts = found.texts or ((repaired(found.near),) if found.near else ())
    present = {*found.includes, *included(texts)}
    needed = [
        sender.provider.spf[0] for sender in needing if not present & set(sender.provider.spf)
    ]
    without = [
        fault.facts.get("include") or fault.facts.get("part", "").partition("include:")[2]
        for fault in found.faults
    ]
    return spf_rules.suggest(texts, needed, filter(None, without))


def _named(known: tuple[Sender, ...]) -> dict[str, str]:
    return {"provider": known[0].name, "provider_id": known[0].id} if known else {}


def _spf_seen(found: spf_rules.Evaluation, now: datetime) -> tuple[Evidence, ...]:
    """The record, what did not answer, what leads nowhere, and the count."""
    texts = found.texts or ((found.near,) if found.near else ())
    if not texts and not found.unanswered:
        texts = ("none",)
    lines = [(f"SPF record of {found.domain}", text) for text in texts[:4]]
    lines += [("No answer about", name) for name, _ in found.unanswered[:4]]
    lines += [("Leads nowhere", name) for name in found.voids]
    lines += [("DNS lookups", str(found.lookups))] if found.record else []
    return tuple(Evidence(label, text, now) for label, text in lines)


@check(
    "email.dkim",
    each=from_domains,
    asks="DNS for the DKIM keys of your mail senders, and for one that can't exist",
    whom=Whom.NAME_SERVERS,
    warns=keys.WARNS,
    fails=(
        "missing",
        "revoked",
        "dead-cname",
        "weak-key",
        "doubled-name",
        "broken-key",
        "several-keys",
    ),
    skips=("no-mail",),
)
async def dkim(subject: str, project: Project, world: World) -> list[Outcome]:
    """Is the key that checks our signature published? RFC 6376 3.6, one outcome a selector."""
    quiet, known = await gather(sends_no_mail(project, world), senders(project, world))
    if quiet:
        return [skipped("no-mail")]
    declared = (keys.selector_of(text, subject) for text in project.email.selectors)
    groups = keys.group(known, filter(None, declared))
    names = tuple(dict.fromkeys(name for group in groups for name in group.selectors))
    made_up = keys.made_up(subject, world.now)
    found = await dkim_rules.look(names, subject, made_up, world.dns.ask) if names else ()
    answers = {published.selector: published for published in found}
    return keys.judge(groups, answers, subject, world.now)


@check(
    "email.dmarc",
    each=from_domains,
    asks="DNS for the DMARC record, from the domain upward, and the hosts that get its reports",
    whom=Whom.NAME_SERVERS,
    passes=("ok", "first-month"),
    warns=(
        "none-policy",
        "weaker-subdomains",
        "policy-missing",
        "no-reports",
        "reports-not-authorised",
        "testing",
        "old-tags",
    ),
    fails=("missing", "two-records", "syntax"),
    skips=("no-mail",),
)
async def dmarc(subject: str, project: Project, world: World) -> Outcome:
    """Do receivers know what to do with fakes, and whom to tell? RFC 9989, RFC 9990."""
    quiet, walk = await gather(
        sends_no_mail(project, world), dmarc_rules.discover(subject, world.dns.ask)
    )
    if quiet:
        return skipped("no-mail")
    record, seen = walk.record, _dmarc_seen(walk, world.now)
    if record is None or walk.place != subject:
        if subject in walk.several:
            return failed("two-records", evidence=seen, count=str(walk.several[subject]))
        if walk.near:
            return failed("syntax", evidence=seen, part=walk.near.partition(";")[0].strip())
    if walk.doubt:
        name, silence = walk.doubt
        return unknown(silence.reason, evidence=seen, detail=name, **_since(subject, project))
    if record is None and walk.several:
        return failed("two-records", evidence=seen, count=str(max(walk.several.values())))
    if record is None:
        return failed("missing", evidence=seen)
    if not walk.policy:
        return failed("syntax", evidence=seen, part=record.broken or record.text)
    reports = await dmarc_rules.unauthorised(walk, world.dns.ask)
    return _dmarc_policy(walk, record, reports, _since(subject, project), world.now)


def _dmarc_policy(
    walk: dmarc_rules.Walk,
    record: dmarc_rules.Record,
    reports: dmarc_rules.Reports,
    before: dict[str, str],
    now: datetime,
) -> Outcome:
    """What a record that counts is worth: the most harmful doubt first."""
    facts, seen = {"policy": walk.policy}, list(_dmarc_seen(walk, now))
    watches = walk.policy == "none"
    since = _day(before, now)
    if watches:
        facts |= {"none_since": since.isoformat(), "since": say_day(since, now.date())}
    else:
        facts["policy_since"] = _policy_since(walk.policy, before, now)
    for host, silence in reports.unanswered:
        seen.append(Evidence("Not checked: may reports go to", f"{host} ({silence.reason})", now))
    doubts = {
        "policy-missing": bool(record.broken) or "p" not in record.tags,
        "no-reports": not record.rua,
        "reports-not-authorised": bool(reports.denied),
        "none-policy": watches and now.date() - since > WATCHING,
        "testing": record.testing,
        "weaker-subdomains": bool(record.weaker()) and walk.place == walk.organisation,
        "old-tags": bool(record.old_tags),
    }
    facts |= {
        "to": ", ".join(reports.denied),
        "sub": " and ".join(record.weaker()),
        "tags": "; ".join(record.old_tags),
        "not_checked": ", ".join(host for host, _ in reports.unanswered),
    }
    facts = {name: value for name, value in facts.items() if value}
    for name, there in doubts.items():
        if there:
            return warned(name, evidence=seen, **facts)
    return passed("first-month" if watches else "ok", evidence=seen, **facts)


def _since(subject: str, project: Project) -> dict[str, str]:
    """Since when this project has seen the record so, that no audit may forget."""
    recorded = project.findings.get("email.dmarc", {}).get(subject)
    kept = ((name, recorded.facts.get(name, "")) for name in _DATES) if recorded else ()
    return {name: day for name, day in kept if day}


def _day(before: dict[str, str], now: datetime) -> date:
    try:
        return min(date.fromisoformat(before.get("none_since", "")), now.date())
    except ValueError:  # nothing recorded yet, or somebody edited the file
        return now.date()


def _policy_since(policy: str, before: dict[str, str], now: datetime) -> str:
    """ "quarantine 2026-11-20": the day since which this project has known that policy."""
    known, _, day = before.get("policy_since", "").partition(" ")
    try:
        since = min(date.fromisoformat(day), now.date()) if known == policy else now.date()
    except ValueError:  # somebody edited the file
        since = now.date()
    return f"{policy} {since.isoformat()}"


def _dmarc_seen(walk: dmarc_rules.Walk, now: datetime) -> tuple[Evidence, ...]:
    lines = [(f"DMARC record of {name}", record.text) for name, record in walk.records]
    lines += [(f"TXT record of _dmarc.{walk.domain}", walk.near)] if walk.near else []
    lines += [(f"DMARC records of {name}", str(count)) for name, count in walk.several.items()]
    lines += [("No answer about", f"_dmarc.{name}") for name, _ in walk.unanswered]
    lines = lines or [(f"DMARC record of {walk.domain} and the names above", "none")]
    return tuple(Evidence(label, text, now) for label, text in lines)
