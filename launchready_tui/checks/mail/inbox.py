"""Whether test messages reach the inbox, and how fast: `email.inbox`."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, unknown, warned
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.mail.received import inboxes, messages
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Inbox, Project
from launchready_tui.rules.mail.arrivals import KINDS, Kind, judge, kind_of, took
from launchready_tui.rules.mail.authentication_results import trusted
from launchready_tui.rules.mail.message import Mailbox
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.vocabulary.findings import Outcome
from launchready_tui.vocabulary.safe_text import clean_line, redact

if TYPE_CHECKING:
    from launchready_tui.world import World
    from launchready_tui.world.mail.messages import Received


@check(
    "email.inbox",
    each=inboxes,
    asks="each test inbox for the four test messages, while a test is under way",
    whom=Whom.INBOXES,
    warns=("late", "promotions", "elsewhere"),
    fails=("spam", "never"),
)
async def inbox(subject: str, project: Project, world: World) -> list[Outcome]:
    """Did each of the four messages reach this inbox within a minute? One outcome a message."""
    place = next(each for each in project.inboxes if each.address == subject)
    found = await messages(subject, project, world)
    if isinstance(found, Unreachable) and found.reason != "no-message":
        return [unknown(found.reason, detail=found.detail)]
    if isinstance(found, Unreachable) and not project.email.test_tasks:
        return [unknown(found.reason, detail=found.detail)]
    arrived = () if isinstance(found, Unreachable) else found
    newest: dict[Kind, Received] = {}
    for each in arrived:
        kind = kind_of(each.message)
        if kind is not None and each.role is not None:
            newest[kind] = each
    return [
        _landed(newest[kind], kind, place, world)
        if kind in newest
        else _missing(kind, place, project, world)
        for kind in KINDS
    ]


def filed(kind: Kind, place: Inbox) -> str:
    """What one message at one inbox is filed under, in findings and among the tasks."""
    return f"{kind} at {place.address}"


def _landed(each: Received, kind: Kind, place: Inbox, world: World) -> Outcome:
    """Where it landed, and how long it took from when it was written (its Date header)."""
    at = each.at or world.now
    way = took(each.message.date or at, at)
    placed = judge(each.role, way)
    assert placed is not None, "a message that has a folder has a placement"
    results = trusted(each.message, each.provider, each.own)
    said = {one.method: one.result for one in results if one.method in ("spf", "dkim", "dmarc")}
    facts = {
        "message": kind,
        "inbox": place.provider,
        "folder": clean_line(each.folder, 100),
        "seconds": str(int(way.total_seconds())),
        "arrived": at.astimezone(UTC).isoformat(timespec="seconds"),
        **_sender(each),
        **said,
    }
    evidence = (
        seen("Subject", each.message.text("subject"), world),
        seen("Folder", each.folder, world),
        seen("On its way for", f"{facts['seconds']} seconds", world),
    )
    subject = filed(kind, place)
    if placed.good:
        return passed(subject=subject, evidence=evidence, **facts)
    verdict = failed if placed.name == "spam" else warned
    return verdict(placed.name, subject=subject, evidence=evidence, **facts)


def _sender(each: Received) -> dict[str, str]:
    """Who the inbox shows as the sender, and where an answer goes; what is not there is left out.

    Whoever wrote the message chose these.
    """
    nobody = Mailbox("", "")
    box = next(iter(each.message.mailboxes("from")), nobody)
    reply = next(iter(each.message.mailboxes("reply-to")), box)
    facts = {"from_name": box.name, "from_address": box.address, "reply_to": reply.address}
    return {name: clean_line(redact(value), 200) for name, value in facts.items() if value}


def _missing(kind: Kind, place: Inbox, project: Project, world: World) -> Outcome:
    """A message that is not there: lost only when it was asked for, and ten minutes have gone.

    One that was seen since it was asked for did arrive, though it is deleted by now.
    """
    subject = filed(kind, place)
    asked = project.email.test_tasks.get(subject)
    if asked is None:
        return unknown("not-sent", subject=subject)
    before = project.findings.get("email.inbox", {}).get(subject)
    if before is not None and before.at >= asked and "folder" in before.facts:
        evidence = (seen("Seen in the test", before.facts["folder"], world),)
        return Outcome(before.verdict, before.outcome, before.facts, evidence, subject)
    waited = took(asked, world.now)
    if judge(None, waited) is None:
        return unknown("still-coming", subject=subject)
    minutes = str(int(waited.total_seconds() // 60))
    evidence = (seen("Waited", f"{minutes} minutes", world),)
    facts = {"message": kind, "inbox": place.provider, "minutes": minutes}
    return failed("never", subject=subject, evidence=evidence, **facts)
