"""The page of the inbox test as rows: what to do next, each inbox with its four messages, and T4.

Keys of rows: `begin`, `watch`, `add`, `given`, `item`, `inbox:ADDRESS`, `host:ADDRESS`,
`password:ADDRESS`, `task:KIND at ADDRESS`, `message:NAME`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from textual.content import Content

from launchready_tui.project.change import MAIL_CHECKS
from launchready_tui.project.model import Inbox, Project, RecordedFinding
from launchready_tui.rules.mail.arrivals import KINDS, NEVER, Kind, tagged
from launchready_tui.tui.screens.rail import target_figure
from launchready_tui.tui.session.given_mail import given_messages
from launchready_tui.tui.state import State
from launchready_tui.tui.widgets.look import STATE_TONE, VERDICT_STATE, glyph
from launchready_tui.tui.widgets.typeset import QUIET, Row, heading, joined, styled, text_row
from launchready_tui.verdict.readiness import State as Standing
from launchready_tui.vocabulary.findings import Verdict

TASKS: dict[Kind, str] = {
    "verify": "Sign up with this address",
    "reset": "Ask for a password reset",
    "invite": "Let somebody invite this address",
    "receipt": "Buy something small",
}
NAMES = {"gmail": "Gmail", "outlook": "Outlook", "icloud": "iCloud", "other": "Another inbox"}
_COMING = ("not-sent", "still-coming")
_WORST = (Verdict.FAIL, Verdict.WARN, Verdict.UNKNOWN, Verdict.PASS, Verdict.SKIPPED)


def rows(state: State, now: datetime) -> Iterator[Row]:
    """The whole page."""
    project = state.project
    yield text_row("Inbox test", "bold")
    yield text_row(
        "Send your four most important emails to fresh inboxes, and see where they land.", QUIET
    )
    if not project.inboxes:
        yield from _first_steps()
    else:
        yield Row(styled(next_step(state), "bold"), gap=1)
        if not project.email.test_tag:
            yield Row(styled("Start the test", "bold"), key="begin", mark=_mark("n"))
    for inbox in project.inboxes:
        yield from _inbox(inbox, state, now)
    yield from _given(state)
    if project.inboxes:
        yield from _proves(state)
    yield from _more(state)


def next_step(state: State) -> str:
    """One sentence or two: what to do now."""
    project, email = state.project, state.project.email
    if not email.test_tag:
        return "Start the test. Each inbox then gets an address that nobody has used."
    subjects = [f"{kind} at {inbox.address}" for inbox in project.inboxes for kind in KINDS]
    known = [each for each in subjects if arrived(project, each)]
    undone = [each for each in subjects if each not in email.test_tasks and each not in known]
    if len(known) == len(subjects):
        good = sum(arrived_well(project, each) for each in subjects)
        if good == len(subjects):
            return "All messages are in the inbox. Test again before the launch."
        return "All is known. Fix what did not reach the inbox, then start a new test."
    if state.watching and state.playing:
        return "We are watching. In the demo, messages come by themselves."
    if undone and state.watching:
        return "Do a task with the address above it. Then press enter on the task."
    if undone:
        return "Do a task, then press enter on it: we look from then on."
    if state.watching:
        return "All tasks are done. We wait for what is on its way."
    return "We are not watching now. Press r to look again."


def first_task(project: Project) -> str:
    """The key of the row where the cursor begins: the first task that is not done yet."""
    if not project.email.test_tag:
        return "begin" if project.inboxes else "add"
    for inbox in project.inboxes:
        for kind in KINDS:
            subject = f"{kind} at {inbox.address}"
            if subject not in project.email.test_tasks and arrived(project, subject) is None:
                return f"task:{subject}"
    return f"inbox:{project.inboxes[0].address}" if project.inboxes else "add"


def seen_now(project: Project, subject: str) -> RecordedFinding | None:
    """What the test under way saw of one message, or of one inbox."""
    found = project.findings.get("email.inbox", {}).get(subject)
    started = project.email.test_started
    return found if found and (started is None or found.at >= started) else None


def arrived(project: Project, subject: str) -> RecordedFinding | None:
    """What came of a message, once something is known."""
    found = seen_now(project, subject)
    return None if found is None or found.outcome in _COMING else found


def arrived_well(project: Project, subject: str) -> bool:
    """Whether the message was seen, and put where it should be."""
    found = arrived(project, subject)
    return found is not None and found.verdict is Verdict.PASS


def _inbox(inbox: Inbox, state: State, now: datetime) -> Iterator[Row]:
    tag = state.project.email.test_tag
    address = tagged(inbox.address, tag) if tag else inbox.address
    yield heading(NAMES[inbox.provider], gap=1)
    yield Row(
        styled(state.mask.text(address), "bold"),
        key=f"inbox:{inbox.address}",
        trail=styled("copy, change", QUIET),
    )
    trouble = seen_now(state.project, inbox.address)
    if trouble is not None and trouble.verdict is Verdict.UNKNOWN:
        yield Row(styled(_words(trouble, inbox.address, state)), mark=glyph(Standing.UNKNOWN))
        if trouble.outcome in ("no-password", "wrong-password"):
            yield _button(f"password:{inbox.address}", "Give its app password")
        if trouble.outcome in ("no-imap", "no-address", "unreachable", "untrusted"):
            yield _button(f"host:{inbox.address}", "Say which server reads it")
    if tag:
        for kind in KINDS:
            yield _message(kind, inbox, state, now)


def _message(kind: Kind, inbox: Inbox, state: State, now: datetime) -> Row:
    """One message at one inbox: what to do, or what came of it."""
    subject = f"{kind} at {inbox.address}"
    key = f"task:{subject}"
    found = arrived(state.project, subject)
    if found is not None:
        standing = VERDICT_STATE[found.verdict]
        text = joined((TASKS[kind], ""), (f"  {arrival_words(found)}", STATE_TONE[standing]))
        return Row(text, key=key, mark=glyph(standing))
    done = state.project.email.test_tasks.get(subject)
    if done is None:
        trail = styled("I did it: enter", QUIET)
        return Row(styled(TASKS[kind]), key=key, mark=styled("○", QUIET), trail=trail)
    text = joined((TASKS[kind], ""), (f"  {_waiting(done, now, state.watching)}", "$accent"))
    return Row(text, key=key, mark=styled("…", "$accent"))


def _waiting(done: datetime, now: datetime, watching: bool) -> str:
    if not watching:
        return "done, but we are not watching"
    seconds, most = int((now - done).total_seconds()), int(NEVER.total_seconds()) // 60
    if seconds < 120:
        return f"waiting for {max(seconds, 0)} seconds"
    return f"waiting for {min(seconds // 60, most)} of {most} minutes"


def arrival_words(found: RecordedFinding) -> str:
    """Where a message landed, and when, in a few words."""
    seconds, folder = found.facts.get("seconds", ""), found.facts.get("folder", "")
    match found.outcome:
        case "ok":
            return f"in the inbox after {seconds} seconds"
        case "late":
            return f"in the inbox, but after {seconds} seconds"
        case "promotions":
            return "under Promotions"
        case "spam":
            return f"in spam ({folder})"
        case "elsewhere":
            return f"in the folder {folder}"
        case "never":
            return f"not there after {found.facts.get('minutes', '10')} minutes"
        case _:
            return "we can't tell yet"


def _given(state: State) -> Iterator[Row]:
    """Messages that were pasted or given as files: what is checked, and what was told."""
    given = given_messages(state.project)
    if given:
        yield heading("Messages that you gave us", gap=1)
    for name, landed in given.items():
        found = [
            subjects[name]
            for check in MAIL_CHECKS
            if name in (subjects := state.project.findings.get(check, {}))
        ]
        worst = min((each.verdict for each in found), key=_WORST.index)
        bad = sum(each.verdict in (Verdict.FAIL, Verdict.WARN) for each in found)
        says = "all is well" if worst is Verdict.PASS else f"{bad} to look at"
        if worst is Verdict.UNKNOWN:
            says = "we can't tell all of it"
        standing = VERDICT_STATE[worst]
        text = joined(styled(name), (f"  {says}", STATE_TONE[standing]))
        yield Row(text, key=f"message:{name}", mark=glyph(standing), trail=styled(landed, QUIET))


def _words(found: RecordedFinding, address: str, state: State) -> str:
    from launchready_tui.content.checklist import fill

    words = state.checklist.words.get(f"unknown.{found.outcome}")
    shown = state.mask.text(address)
    return fill(words.says, {"subject": shown, "host": shown}) if words else found.outcome


def _proves(state: State) -> Iterator[Row]:
    target = next((each for each in state.readiness.targets if each.id == "T4"), None)
    if target is not None:
        yield heading("What it proves", gap=1)
        yield text_row(target_figure(target))
        yield text_row("12 of 12 in the inbox proves 78 %. For 95 % it takes 59 of 59.", QUIET)


def _more(state: State) -> Iterator[Row]:
    yield heading("More", gap=1)
    if state.project.email.test_tag and state.project.inboxes:
        yield Row(styled("Start a new test, with new addresses"), key="begin", mark=_mark("n"))
        if not state.watching:
            yield Row(styled("Look into the inboxes again"), key="watch", mark=_mark("r"))
    if state.project.inboxes:
        yield Row(styled("Add a test inbox"), key="add", mark=_mark("a"))
    says = "Paste a message, or name its .eml file: for an inbox that we can't read"
    yield Row(styled(says), key="given", mark=_mark("i"))
    yield Row(styled("What to do when a message lands in spam"), key="item", mark=_mark("→"))


def _button(key: str, says: str) -> Row:
    return Row(styled(says), key=key, mark=_mark("→"))


def _mark(letter: str) -> Content:
    return styled(letter.ljust(2), "bold $accent")


def _first_steps() -> Iterator[Row]:
    yield heading("How to begin", gap=1)
    for number, line in enumerate(_STEPS, 1):
        yield Row(styled(line), mark=styled(f"{number}.", QUIET))
    yield Row(styled("Add a test inbox", "bold"), key="add", mark=_mark("a"), gap=1)


_STEPS = (
    "Open a fresh account at Gmail, at Outlook and at iCloud. One is enough to begin.",
    "Make an app password for it there. It is a password for one program only.",
    "Add the inbox here. We only read it, and change nothing in it.",
)
