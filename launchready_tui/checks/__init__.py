"""The checks: one async function a check id, registered here. Facts in, outcomes out, no prose.

A check is called once a subject with `(subject, project, world)`. Its outcomes must be among
those that its decorator declares; `checklists/findings/` holds words for each of them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from launchready_tui.project.model import Project
from launchready_tui.vocabulary.findings import Evidence, Outcome, Verdict

if TYPE_CHECKING:
    from launchready_tui.world import World

CheckFunction = Callable[[str, Project, "World"], Awaitable["Outcome | list[Outcome]"]]
Subjects = Callable[[Project], Iterable[str]]

# Modules that hold checks, in the order in which checks are listed.
TOPICS = (
    "dns.hosts",
    "dns.zone",
    "mail.mx",
    "dns.registration",
    "dns.caa",
    "dns.ipv6",
    "dns.dangling",
    "tls.certificates",
    "web.addresses",
    "web.redirects",
    "web.login",
    "web.mixed",
    "web.previews",
    "web.hsts",
    "edge.settings",
    "edge.private_cache",
    "web.caching",
    "web.speed",
    "secrets.files",
    "secrets.bundle",
    "secrets.repository",
    "secrets.stores",
    "mail.records",
    "mail.inbox",
    "mail.alignment",
    "mail.received",
    "mail.replies",
    "mail.transport",
    "code.environment",
    "code.delivery",
)

# Why a question got no answer. Each has words in checklists/findings/unknown.toml; a check may
# have words of its own for one of them (`[spf.timeout]`), which then come first.
UNKNOWN_REASONS = (
    "timeout",
    "servfail",
    "refused",
    "reset",
    "unreachable",
    "challenge",
    "blocked",
    "rate-limited",
    "garbled",
    "too-large",
    "no-ipv6",
    "no-address",
    "untrusted",
    "no-permission",
    "no-token",
    "no-registry",
    "token-dead",
    "token-writes",
    "token-unclear",
    "locked-store",
    "no-session",
    "no-message",
    "not-sent",
    "still-coming",
    "no-imap",
    "no-password",
    "wrong-password",
    "not-opened",
    "not-allowed",
    "no-git",
    "no-repository",
    "damaged",
    "history-cut",
    "unread",
    "not-known",
    "our-fault",
)


@dataclass(frozen=True, slots=True)
class Check:
    """One registered check: its id, what it asks of whom, its subjects and its outcomes."""

    id: str
    run: CheckFunction
    subjects: Subjects
    asks: str
    passes: tuple[str, ...] = ("ok",)
    warns: tuple[str, ...] = ()
    fails: tuple[str, ...] = ()
    skips: tuple[str, ...] = ()

    def allows(self, outcome: Outcome) -> bool:
        """Whether this outcome is one that the check declares; reasons of "unknown" always are."""
        names = {
            Verdict.PASS: self.passes,
            Verdict.WARN: self.warns,
            Verdict.FAIL: self.fails,
            Verdict.SKIPPED: self.skips,
            Verdict.UNKNOWN: UNKNOWN_REASONS,
        }
        return outcome.name in names[outcome.verdict]

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The names of all outcomes that the check declares, "unknown" left out."""
        return self.passes + self.warns + self.fails + self.skips


_registry: dict[str, Check] = {}


def check(
    id: str,
    *,
    each: Subjects,
    asks: str,
    passes: tuple[str, ...] = ("ok",),
    warns: tuple[str, ...] = (),
    fails: tuple[str, ...] = (),
    skips: tuple[str, ...] = (),
) -> Callable[[CheckFunction], CheckFunction]:
    """Register a check. `each` gives the subjects; `asks` says in words what is asked of whom."""

    def register(run: CheckFunction) -> CheckFunction:
        if id in _registry:
            raise ValueError(f"two checks share the id {id}")
        _registry[id] = Check(id, run, each, asks, passes, warns, fails, skips)
        return run

    return register


def registered() -> Mapping[str, Check]:
    """Every check by id, ours first, then those of other packages (`launchready.checks`)."""
    for topic in TOPICS:
        import_module(f"launchready_tui.checks.{topic}")
    for entry in entry_points(group="launchready.checks"):
        entry.load()
    return dict(_registry)


def passed(
    name: str = "ok", *, subject: str = "", evidence: Iterable[Evidence] = (), **facts: str
) -> Outcome:
    """All is right. `facts` fill the words."""
    return Outcome(Verdict.PASS, name, facts, tuple(evidence), subject)


def warned(
    name: str, *, subject: str = "", evidence: Iterable[Evidence] = (), **facts: str
) -> Outcome:
    """Works today, but should be looked at. `facts` fill the words."""
    return Outcome(Verdict.WARN, name, facts, tuple(evidence), subject)


def failed(
    name: str, *, subject: str = "", evidence: Iterable[Evidence] = (), **facts: str
) -> Outcome:
    """Something is wrong, and an answer says so. `facts` fill the words."""
    return Outcome(Verdict.FAIL, name, facts, tuple(evidence), subject)


def unknown(
    reason: str, *, subject: str = "", evidence: Iterable[Evidence] = (), **facts: str
) -> Outcome:
    """No answer, so no verdict. `reason` is one of `UNKNOWN_REASONS`."""
    return Outcome(Verdict.UNKNOWN, reason, facts, tuple(evidence), subject)


def skipped(
    reason: str, *, subject: str = "", evidence: Iterable[Evidence] = (), **facts: str
) -> Outcome:
    """The question does not apply to this subject; `reason` says why."""
    return Outcome(Verdict.SKIPPED, reason, facts, tuple(evidence), subject)
