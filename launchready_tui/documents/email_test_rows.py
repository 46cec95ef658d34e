"""One row of the test log: a message at an inbox, with all that the checks said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from launchready_tui.documents.blocks import Checked, Code, Inline, Line
from launchready_tui.documents.gate import value
from launchready_tui.documents.source import Source, mark_of
from launchready_tui.documents.tables import join
from launchready_tui.vocabulary.findings import Finding, Verdict

MESSAGES = (
    ("verify", "Confirm the sign-up"),
    ("reset", "Reset the password"),
    ("invite", "Invitation"),
    ("receipt", "Receipt"),
)
_TITLES = dict(MESSAGES)
_IN_INBOX = ("ok", "late")  # as target T4 counts them
_PROOFS = (("spf", "SPF"), ("dkim", "DKIM"), ("dmarc", "DMARC"))
_OPEN = {"not-sent": "not sent yet", "still-coming": "may still come"}
_LINKS = {
    "ok": "works",
    "no-link": "no link in it",
    "expired": "no longer works",
    "not-secure": "not safe (http)",
    "other-host": "leads elsewhere",
    "rewritten": "goes through another host",
    "broken": "leads to an error",
    "not-opened": "not opened",
}


@dataclass(frozen=True, slots=True)
class Test:
    """What is recorded of one message at one inbox. `placed` is the finding of `email.inbox`;
    the others speak of the same message, and are None where nothing is recorded."""

    kind: str
    address: str
    placed: Finding
    aligned: Finding | None = None
    sender: Finding | None = None
    link: Finding | None = None

    @property
    def provider(self) -> str:
        """The provider of the inbox, "other" where the finding does not name it."""
        return self.placed.facts.get("inbox", "") or "other"

    @property
    def decided(self) -> bool:
        """Whether it came or is lost; not while it may still come."""
        return self.placed.verdict in (Verdict.PASS, Verdict.WARN, Verdict.FAIL)

    @property
    def in_inbox(self) -> bool:
        """Whether the message was put where people read it."""
        return self.placed.outcome in _IN_INBOX

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings about this message."""
        every = (self.placed, self.aligned, self.sender, self.link)
        return tuple(each for each in every if each is not None)


def read(source: Source) -> dict[tuple[str, str], Test]:
    """The tests in the file by (message, address), in the order of their times.

    A finding of the inbox as a whole is none.
    """
    beside = {
        check: {each.subject: each for each in source.about(check)}
        for check in ("email.alignment", "email.sender", "email.links")
    }
    found = [
        Test(
            _kind(each),
            _address(each.subject),
            each,
            *(beside[check].get(each.subject) for check in beside),
        )
        for each in source.about("email.inbox")
        if is_test(each.subject)
    ]
    found.sort(key=lambda test: (_arrived(test), test.address, list(_TITLES).index(test.kind)))
    return {(test.kind, test.address): test for test in found}


def is_test(subject: str) -> bool:
    """Whether a finding is about one of the four messages, and not about an inbox as a whole."""
    kind, at, address = subject.partition(" at ")
    return bool(at and address) and kind in _TITLES


def _kind(finding: Finding) -> str:
    return finding.subject.partition(" at ")[0]


def _address(subject: str) -> str:
    return subject.partition(" at ")[2]


def title(kind: str) -> str:
    """The name of a kind of test message."""
    return _TITLES[kind]


def _arrived(test: Test) -> datetime:
    """When the inbox took it in (UTC); where that is not recorded, when we saw so."""
    try:
        at = datetime.fromisoformat(test.placed.facts.get("arrived", ""))
    except ValueError:  # lost, or somebody edited the file
        at = test.placed.at
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def when(source: Source, test: Test) -> Line:
    """The time at the inbox, and the day on which we looked."""
    seen = Checked(source.day(test.placed.at))
    if "arrived" not in test.placed.facts:
        return (seen,)
    at = _arrived(test)
    return join(f"{source.day(at)}, {at.hour:02}:{at.minute:02} UTC", seen)


def cell(source: Source, test: Test | None) -> Line:
    """One place of the grid."""
    if test is None:
        return ("not tested yet",)
    if not test.decided:
        return (_OPEN.get(test.placed.outcome, "we could not tell"),)
    return join(placed(test), source.checked(test.placed.at))


def placed(test: Test) -> Line:
    """ "spam, 40 s", or for how long it did not come."""
    facts = test.placed.facts
    if test.placed.outcome == "never":
        minutes = value(facts.get("minutes", ""), 10)
        return join(mark_of(test.placed), f"not there after {minutes} min" if minutes else "lost")
    folder = value(facts.get("folder", ""), 40) or value(test.placed.outcome, 40)
    folder = "inbox" if folder == "INBOX" else folder  # its name in IMAP, in capitals
    seconds = value(facts.get("seconds", ""), 10)
    return join(mark_of(test.placed), f"{folder}, {seconds} s" if seconds else folder)


def results(test: Test) -> Line:
    """What the inbox's own provider found; where it told nothing, our own look at the message."""
    told = test.placed.facts
    ours = test.aligned.facts if test.aligned else {}
    parts: list[Inline | Line] = []
    for facts, whose in ((told, "by the inbox"), (ours, "by our own look")):
        shown = [f"{name} {value(facts[id], 20)}" for id, name in _PROOFS if facts.get(id)]
        if shown:
            parts.append(f"{', '.join(shown)} ({whose})")
            break
    if test.aligned is not None and test.aligned.impact is not None:
        parts.append(mark_of(test.aligned))
    through = value(ours.get("provider", ""), 80)
    if through:
        parts.append(f"through {through}")
    return join(*parts) if parts else ("not recorded",)


def sender(test: Test) -> Line:
    """The name and address that people see, and where their answers go."""
    facts = test.placed.facts
    name, address = value(facts.get("from_name", ""), 80), facts.get("from_address", "")
    replies = facts.get("reply_to", "")
    parts: list[Inline | Line] = []
    if test.sender is not None and test.sender.impact is not None:
        parts.append(mark_of(test.sender))
    if name:
        parts.append(name)
    if address:
        parts.append(Code(value(address, 80)))
    if replies and replies == address:
        parts.append("(replies go there too)")
    elif replies:
        parts += ["replies to", Code(value(replies, 80))]
    return join(*parts) if parts else ("not recorded",)


def link(test: Test) -> Line:
    """What came of opening the link of this message, once."""
    found = test.link
    if found is None:
        return ("not recorded",)
    says = _LINKS.get(found.outcome, "we could not tell")
    return join(mark_of(found), says)
