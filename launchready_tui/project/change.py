"""Changes to a project: each takes one and returns another. Text is cleaned on its way in.

No clock is read here: `at` is passed in, and kept in UTC to the second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from launchready_tui.project.model import (
    Account,
    Answer,
    AuditRecord,
    Counts,
    Host,
    Inbox,
    Project,
    Proof,
    RecordedFinding,
    Saw,
)
from launchready_tui.vocabulary.findings import Finding, Verdict
from launchready_tui.vocabulary.safe_text import clean, clean_line, redact, secret_kind

R = TypeVar("R", bound=msgspec.Struct)

NOTE_LIMIT = 20_000  # characters of a note or of pasted evidence
FACT_LIMIT = 1_000  # characters of one fact, or of one piece of raw proof
AUDITS_KEPT = 200
MAIL_CHECKS = ("email.inbox", "email.alignment", "email.sender", "email.links")


def answer(
    project: Project,
    id: str,
    value: str | None,
    *,
    at: datetime,
    by: str = "",
    note: str | None = None,
    owner: str | None = None,
    evidence: Iterable[Proof] | None = None,
) -> Project:
    """What a person says about item `id`. None keeps what the answer held before in that part."""
    before = project.answers.get(id, Answer(value=""))
    proofs = before.evidence if evidence is None else tuple(_proof(proof) for proof in evidence)
    said = Answer(
        value=before.value if value is None else clean_line(value),
        by=clean_line(by),
        at=_second(at),
        note=before.note if note is None else clean(note.strip(), NOTE_LIMIT),
        owner=before.owner if owner is None else clean_line(owner),
        evidence=proofs,
    )
    return replace(project, answers={**project.answers, clean_line(id): said})


def own(project: Project, id: str, owner: str) -> Project:
    """Who looks after what item `id` asks about. What was said of it, by whom and when, stays."""
    said = replace(project.answers.get(id, Answer(value="")), owner=clean_line(owner))
    if said == Answer(value=""):
        return clear_answer(project, id)
    return replace(project, answers={**project.answers, clean_line(id): said})


def add_proof(project: Project, id: str, proof: Proof, *, at: datetime, by: str = "") -> Project:
    """One more piece of evidence for an answer; an answer that is not there yet is begun."""
    before = project.answers.get(id, Answer(value=""))
    return answer(project, id, None, at=at, by=by, evidence=(*before.evidence, proof))


def clear_answer(project: Project, id: str) -> Project:
    """The project without the answer to this item."""
    answers = {key: given for key, given in project.answers.items() if key != id}
    return replace(project, answers=answers)


def with_findings(project: Project, findings: Iterable[Finding]) -> Project:
    """The project with these findings as the last seen. Its list of audits stays as it is.

    Answers stay too: what a person said never becomes something that we checked. Secrets in facts
    and proof are hidden, the rest is cut to `FACT_LIMIT`.
    """
    recorded = {check: dict(subjects) for check, subjects in project.findings.items()}
    for finding in findings:
        subjects = recorded.setdefault(finding.check, {})
        subjects[clean_line(finding.subject)] = _recorded(finding)
        # What is known of a part ("reset at me@inbox.example") takes the place of what was said
        # of the whole while nothing was known.
        _, part, whole = finding.subject.rpartition(" at ")
        if part:
            subjects.pop(clean_line(whole), None)
    return replace(project, findings=recorded)


def record(
    project: Project,
    findings: Iterable[Finding],
    *,
    at: datetime,
    by: str = "",
    partial: bool = False,
) -> Project:
    """The project after an audit: its findings, and one more audit in the list.

    `partial` says that only some checks ran.
    """
    found = tuple(findings)
    audit = AuditRecord(
        at=_second(at),
        by=clean_line(by),
        counts=_counts(found),
        open=tuple(
            f"{finding.check} {clean_line(finding.subject)}"
            for finding in found
            if finding.verdict in (Verdict.WARN, Verdict.FAIL)
        ),
        partial=partial,
    )
    return replace(with_findings(project, found), audits=(*project.audits, audit)[-AUDITS_KEPT:])


def _recorded(finding: Finding) -> RecordedFinding:
    return RecordedFinding(
        verdict=finding.verdict,
        outcome=finding.outcome,
        at=_second(finding.at),
        facts={key: _fact(key, fact) for key, fact in finding.facts.items()},
        evidence=tuple(
            Saw(
                label=clean_line(saw.label),
                value=clean(redact(saw.value), FACT_LIMIT),
                at=_second(saw.at),
            )
            for saw in finding.evidence
        ),
    )


def _fact(key: str, fact: str) -> str:
    """A fact to keep. Its name may give a secret away that has no shape of its own."""
    hidden = redact(fact)
    kind = secret_kind(f"{key}: {hidden}")
    return f"[hidden: {kind}]" if kind else clean(hidden, FACT_LIMIT)


def _counts(findings: tuple[Finding, ...]) -> Counts:
    def count(verdict: Verdict) -> int:
        return sum(finding.verdict is verdict for finding in findings)

    return Counts(
        passed=count(Verdict.PASS),
        warn=count(Verdict.WARN),
        fail=count(Verdict.FAIL),
        unknown=count(Verdict.UNKNOWN),
        skipped=count(Verdict.SKIPPED),
    )


# One section each. What is not given, or None, stays as it is. -------------------------------


def with_dns(
    project: Project, *, provider: str | None = None, wildcard: bool | None = None
) -> Project:
    """The project with what is known of its DNS. None leaves that part as it is."""
    return replace(project, dns=_with(project.dns, provider=provider, wildcard=wildcard))


def with_email(
    project: Project,
    *,
    from_: str | None = None,
    reply_to: str | None = None,
    providers: Iterable[str] | None = None,
    selectors: Iterable[str] | None = None,
    return_path: str | None = None,
    sends: bool | None = None,
) -> Project:
    """The project with what is known of its mail. None leaves that part as it is."""
    email = _with(
        project.email,
        from_=from_,
        reply_to=reply_to,
        providers=providers,
        selectors=selectors,
        return_path=return_path,
        sends=sends,
    )
    return replace(project, email=email)


def begin_inbox_test(project: Project, tag: str, at: datetime) -> Project:
    """A new inbox test: its tag, its start, and no task done yet. What was seen before stays."""
    email = replace(project.email, test_tag=tag, test_started=_second(at), test_tasks={})
    return replace(project, email=email)


def inbox_task_done(project: Project, task: str, at: datetime) -> Project:
    """A task of the inbox test was done now ("verify at me@inbox.example")."""
    tasks = {**project.email.test_tasks, clean_line(task): _second(at)}
    return replace(project, email=replace(project.email, test_tasks=tasks))


def inbox_task_undone(project: Project, task: str) -> Project:
    """The task was not done: its message is not waited for."""
    tasks = {key: at for key, at in project.email.test_tasks.items() if key != task}
    return replace(project, email=replace(project.email, test_tasks=tasks))


def without_inbox(project: Project, address: str) -> Project:
    """The project without this test inbox, its tasks, and what was seen in it."""
    tasks = project.email.test_tasks
    kept = {key: at for key, at in tasks.items() if not key.endswith(f" at {address}")}
    inboxes = tuple(each for each in project.inboxes if each.address != address)
    left = replace(project, inboxes=inboxes, email=replace(project.email, test_tasks=kept))
    return _without_mail(
        left, lambda subject: subject == address or subject.endswith(f" at {address}")
    )


def without_message(project: Project, name: str) -> Project:
    """The project without what a message told that was given as a file or pasted."""
    return _without_mail(project, lambda subject: subject == name)


def _without_mail(project: Project, goes: Callable[[str], bool]) -> Project:
    """Without the findings of received messages whose subject `goes`."""
    findings = {
        check: {subject: found for subject, found in subjects.items() if not goes(subject)}
        if check in MAIL_CHECKS
        else subjects
        for check, subjects in project.findings.items()
    }
    return replace(project, findings={key: each for key, each in findings.items() if each})


def with_inbox(project: Project, inbox: Inbox) -> Project:
    """The project with this test inbox, in the place of one with the same address."""
    others = tuple(each for each in project.inboxes if each.address != inbox.address)
    return replace(project, inboxes=(*others, inbox))


def with_hosts(project: Project, hosts: Iterable[Host]) -> Project:
    """The project with exactly these hosts."""
    return replace(project, hosts=tuple(_cleaned(host) for host in hosts))


# Rows. `place` counts from 0; one that is not there changes nothing. --------------------------


def add_account(project: Project, account: Account) -> Project:
    """The project with one more account, at the end of the list."""
    return replace(project, accounts=(*project.accounts, _cleaned(account)))


def replace_account(project: Project, place: int, account: Account) -> Project:
    """The project with this account at that place of the list (from 0)."""
    return replace(project, accounts=_put(project.accounts, place, account))


def remove_account(project: Project, place: int) -> Project:
    """The project without the account at that place of the list (from 0)."""
    return replace(project, accounts=_drop(project.accounts, place))


def _put(rows: tuple[R, ...], place: int, row: R) -> tuple[R, ...]:
    return tuple(_cleaned(row) if at == place else old for at, old in enumerate(rows))


def _drop(rows: tuple[R, ...], place: int) -> tuple[R, ...]:
    return tuple(row for at, row in enumerate(rows) if at != place)


def _with(record: R, **fields: Any) -> R:
    """The record with the fields that are given. Any: each caller above types its own fields."""
    given = {key: value for key, value in fields.items() if value is not None}
    return replace(record, **{key: _cleaned_value(value) for key, value in given.items()})


def _cleaned(record: R) -> R:
    """The record with every text cleaned."""
    fields = {name: _cleaned_value(getattr(record, name)) for name in record.__struct_fields__}
    return replace(record, **fields)


def _cleaned_value(value: Any) -> Any:
    match value:
        case str():
            return clean(value.strip(), NOTE_LIMIT)
        case msgspec.Struct():
            return _cleaned(value)
        case bool() | date() | None | int():
            return value
        case _:
            return tuple(_cleaned_value(inner) for inner in value)


def _proof(proof: Proof) -> Proof:
    where = clean(proof.where.strip(), NOTE_LIMIT)
    return replace(proof, where=where, at=_second(proof.at) if proof.at else None)


def _second(at: datetime) -> datetime:
    """UTC to the second; a time without a zone is taken as UTC."""
    aware = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return aware.replace(microsecond=0)
