"""Findings with their words: what an outcome says to this founder, and how much it matters.

Pure from an outcome, `Project` and `Checklist`: no clock, no network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from launchready_tui.content import items
from launchready_tui.content.checklist import Checklist, fill
from launchready_tui.project.model import Project
from launchready_tui.verdict.blocked_hosts import host_in
from launchready_tui.vocabulary.extension import check_of
from launchready_tui.vocabulary.findings import Evidence, Finding, Impact, Outcome, Verdict
from launchready_tui.vocabulary.safe_text import clean, clean_line, show_host

# A host without an address cannot be asked anything else. Its DNS finding already says so; this
# reason adds no doubt of its own.
FOLLOWS_FROM_DNS = "no-address"

# What nobody sees from outside: without a token or a test account that we may use, the founder's
# own word is the next best thing, and "ready" can rest on it.
ONLY_TOLD = frozenset(
    {
        "no-token",
        "no-session",
        "no-registry",
        "token-dead",
        "token-writes",
        "token-unclear",
        "locked-store",
    }
)

# Where the question of another item settles it: who holds the registrar, and until when.
TOLD_ELSEWHERE = {"no-registry": items.ACCOUNTS}

# A value to copy, such as a whole SPF record, must come through in one piece.
FACT_LIMIT = 1000


def compose(
    check: str,
    subject: str,
    outcome: Outcome,
    at: datetime,
    project: Project,
    checklist: Checklist,
) -> Finding:
    """Give an outcome its words, its impact and the fix steps of the founder's own providers."""
    fault = outcome.verdict is not Verdict.UNKNOWN
    words = checklist.words_for(check, outcome.name, fault=fault)
    host = host_in(subject)
    facts = {
        "host": show_host(host),
        # For values to copy: no record holds the shown form.
        "host_ascii": clean_line(host, FACT_LIMIT),
        "subject": clean_line(subject, FACT_LIMIT),
        "domain": show_host(project.domain),
        **{name: clean_line(value, FACT_LIMIT) for name, value in outcome.facts.items()},
    }
    chosen = providers_for(host, outcome.facts, project)
    steps = (each for line in words.fix for each in checklist.steps(line, chosen))
    problem = outcome.verdict in (Verdict.FAIL, Verdict.WARN)
    return Finding(
        check=check,
        subject=subject,
        verdict=outcome.verdict,
        outcome=outcome.name,
        at=at,
        says=fill(words.says, facts),
        why=fill(words.why, facts),
        fix=tuple(fill(step, facts) for step in steps),
        verify=fill(words.verify, facts),
        impact=_impact(check, subject, outcome, words.impact, project) if problem else None,
        matters=_matters(check, outcome, project, checklist),
        minutes=words.minutes,
        harms=words.harms,
        covers=checklist.covers_of(check),
        stages=checklist.stages_of(check),
        facts=dict(outcome.facts),
        evidence=tuple(replace(seen, value=clean(seen.value)) for seen in outcome.evidence),
    )


def _matters(check: str, outcome: Outcome, project: Project, checklist: Checklist) -> bool:
    """Whether not knowing this keeps us from saying "ready".

    Nobody can tell what the checks of a package that fails would have found: that matters.
    """
    if check.startswith(check_of("")):
        return True
    if outcome.name == FOLLOWS_FROM_DNS or not checklist.may_block(check):
        return False
    return not (outcome.name in ONLY_TOLD and _told_well(check, outcome.name, project, checklist))


def _told_well(check: str, reason: str, project: Project, checklist: Checklist) -> bool:
    """Whether an answer to a question beside this check settles it, and no answer is against."""
    elsewhere = TOLD_ELSEWHERE.get(reason)
    told = {
        choice.means
        for _, item in checklist.items()
        if (item.id == elsewhere if elsewhere else check in item.checks)
        and (answer := project.answers.get(item.id)) is not None
        if (choice := item.choice(answer.value)) is not None
    }
    return bool(told) and told <= {"good", "skip"}


def providers_for(subject: str, facts: Mapping[str, str], project: Project) -> dict[str, str]:
    """Whose steps fit a finding: the ids of the founder's DNS host, hosting and mail sender."""
    host = project.host(subject) or project.host(project.domain)
    senders = project.email.providers
    return {
        "dns": project.dns.provider,
        "hosting": host.provider if host else "",
        "senders": facts.get("provider_id") or next(iter(senders), ""),
    }


def _impact(
    check: str, subject: str, outcome: Outcome, given: Impact | None, project: Project
) -> Impact:
    if outcome.verdict is Verdict.WARN:
        return given if given is Impact.LATER else Impact.SOON
    host = project.host(subject)
    if check == "dns.host" and host is not None and host.purpose not in ("site", "app", "api"):
        return Impact.SOON  # checks.md: only these three stop a launch
    return given or Impact.SOON


def recorded(project: Project, checklist: Checklist) -> tuple[Finding, ...]:
    """The findings that the file holds, with their words. Ids that nobody knows are left out."""
    known = {key.rsplit(".", 1)[0] for key in checklist.words}
    known |= {check for _, item in checklist.items() for check in item.checks}
    return tuple(
        compose(
            check,
            subject,
            Outcome(
                found.verdict,
                found.outcome,
                found.facts,
                tuple(Evidence(saw.label, saw.value, saw.at or found.at) for saw in found.evidence),
            ),
            found.at,
            project,
            checklist,
        )
        for check, subjects in project.findings.items()
        if check in known or check.startswith(check_of(""))
        for subject, found in subjects.items()
        if checklist.has_words(check, found.outcome)
    )
