"""The checks: one async function a check id, registered here. Facts in, outcomes out, no prose.

A check is called once a subject with `(subject, project, world)`. Its outcomes must be among
those that its decorator declares; `checklists/findings/` holds words for each of them.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING

from launchready_tui.project.model import Project
from launchready_tui.vocabulary.extension import Fault
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
    "broken-extension",
    "fault-in-extension",
)


class BadCheck(ValueError):
    """A check is declared in a way that can't work; the message says what to write."""


@dataclass(frozen=True, slots=True)
class Check:
    """One registered check: its id, what it asks of whom, its subjects and its outcomes.

    `whom` is one of `Whom`, or a few words. `package` is empty for our own checks.
    """

    id: str
    run: CheckFunction
    subjects: Subjects
    asks: str
    whom: str
    passes: tuple[str, ...] = ("ok",)
    warns: tuple[str, ...] = ()
    fails: tuple[str, ...] = ()
    skips: tuple[str, ...] = ()
    package: str = ""

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


_ID = re.compile(r"(?!unknown\.|extension\.)[a-z0-9-]+\.[a-z0-9-]+")
_registry: dict[str, Check] = {}
_faults: list[Fault] = []
_loading = threading.RLock()
_loaded = False


def check(
    id: str,
    *,
    each: Subjects,
    asks: str,
    whom: str,
    passes: tuple[str, ...] = ("ok",),
    warns: tuple[str, ...] = (),
    fails: tuple[str, ...] = (),
    skips: tuple[str, ...] = (),
) -> Callable[[CheckFunction], CheckFunction]:
    """Register a check. `each` gives the subjects; `asks` says in words what is asked, `whom` of
    whom: one of `Whom`, or a few words. Raises `BadCheck` for what can't work."""

    def register(run: CheckFunction) -> CheckFunction:
        declared = Check(id, run, each, asks, whom, passes, warns, fails, skips)
        _refuse_mistakes(declared)
        if id in _registry:
            raise BadCheck(f"Two checks share the id {id}.")
        _registry[id] = declared
        return run

    return register


def _refuse_mistakes(check: Check) -> None:
    """A stranger's declaration may hold anything, whatever the types say."""
    if not isinstance(check.id, str) or not _ID.fullmatch(check.id):
        raise BadCheck(f"A check's id is like “topic.name”, in small letters, not {check.id!r}.")
    if not callable(check.run) or not callable(check.subjects):
        raise BadCheck(f"The function and each= of {check.id} must be callable.")
    for key, words in (("asks", check.asks), ("whom", check.whom)):
        if not isinstance(words, str) or not words.strip():
            raise BadCheck(f"{key}= of {check.id} needs a few words.")
    for group in (check.passes, check.warns, check.fails, check.skips):
        if not isinstance(group, tuple) or not all(isinstance(name, str) for name in group):
            raise BadCheck(f'The outcomes of {check.id} are written as tuples, like ("ok",).')
    if len(set(check.outcomes)) < len(check.outcomes):
        raise BadCheck(f"An outcome of {check.id} stands there twice.")


def registered() -> Mapping[str, Check]:
    """Every check by id, ours first, then those of other packages (`launchready.checks`).

    Packages are loaded once in a process. One that fails takes nothing with it: see `faults`.
    """
    global _loaded
    for topic in TOPICS:
        import_module(f"launchready_tui.checks.{topic}")
    with _loading:
        if not _loaded:
            from launchready_tui.checks import packages

            _faults.extend(packages.load(_registry, lambda one, name: replace(one, package=name)))
            _loaded = True
        return dict(_registry)


def faults() -> tuple[Fault, ...]:
    """What is wrong with packages whose checks could not be loaded."""
    registered()
    return tuple(_faults)


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
