"""Which hosts kept an audit out, said once and plainly, so that nobody reads silence as health.

A robot test, a firewall's block page or a limit answers in the site's place. Each finding says so
of its own page; this says it of the audit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from launchready_tui.rules.web.urls import host_of, web_url
from launchready_tui.vocabulary.findings import Finding, Verdict
from launchready_tui.vocabulary.safe_text import show_host

REASONS = frozenset({"challenge", "blocked", "rate-limited"})
PAGES = "http."  # the checks that read pages
NAMED = 3


def kept_out(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The hosts of which at least half of what we wanted to read was kept from us, in order."""
    asked: defaultdict[str, list[bool]] = defaultdict(list)
    for finding in findings:
        if finding.check.startswith(PAGES) and finding.verdict is not Verdict.SKIPPED:
            silent = finding.verdict is Verdict.UNKNOWN and finding.outcome in REASONS
            asked[host_in(finding.subject)].append(silent)
    return tuple(sorted(host for host, silent in asked.items() if sum(silent) * 2 >= len(silent)))


def notice(hosts: tuple[str, ...]) -> str:
    """What is said of them beside the verdict; empty when no host kept us out."""
    if not hosts:
        return ""
    named = ", ".join(map(show_host, hosts[:NAMED]))
    more = f" and {len(hosts) - NAMED} more" if len(hosts) > NAMED else ""
    if len(hosts) == 1:
        return f"{named} blocked our audit, so we couldn't check it."
    return (
        f"{len(hosts)} of your hosts blocked our audit, so we couldn't check them: {named}{more}."
    )


def host_in(subject: str) -> str:
    """The host that a subject is about: a route's or a preview's is its whole address."""
    url = web_url(subject) if "://" in subject else None
    return host_of(url) if url else subject
