"""The inbox test: watches the test inboxes, and judges each message as it arrives."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from launchready_tui.content.checklist import Checklist
from launchready_tui.project.model import Inbox, Project
from launchready_tui.rules.mail.arrivals import KINDS
from launchready_tui.vocabulary import records
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.vocabulary.findings import Finding, Outcome, Verdict

if TYPE_CHECKING:
    from launchready_tui.world import World
    from launchready_tui.world.mail.mailbox import Mailbox
    from launchready_tui.world.mail.messages import Received

CHECKS = ("email.inbox", "email.alignment", "email.sender", "email.links")
BETWEEN = 15.0  # seconds from one look to the next, when nothing new is told before


def new_tag() -> str:
    """A tag for test addresses that nobody has used: letters and digits, easy to read aloud."""
    return f"lr{secrets.token_hex(2)}"


async def watch(
    current: Callable[[], Project],
    checklist: Checklist,
    open_world: Callable[[], AbstractAsyncContextManager[World]],
    clock: Callable[[], datetime],
) -> AsyncGenerator[tuple[Finding, ...], None]:
    """What is known so far, again whenever something new may be known; ends when all is.

    `current` gives the project as it is now: tasks may be done while we watch. Closing the
    generator signs out of every inbox.
    """
    async with open_world() as world:
        inboxes = tuple(each for each in current().inboxes if each.address)
        opened = await asyncio.gather(*(world.mail.open(inbox) for inbox in inboxes))
        boxes: dict[str, Mailbox] = {}
        closed: dict[str, Unreachable] = {}
        for inbox, box in zip(inboxes, opened, strict=True):
            if isinstance(box, Unreachable):
                closed[inbox.address] = box
            else:
                boxes[inbox.address] = box
        try:
            while True:
                findings = await _look(current(), boxes, closed, world, checklist, clock())
                yield findings
                if not boxes or _all_known(findings, len(boxes)):
                    return
                await _news(boxes)
        finally:
            await asyncio.gather(*(box.close() for box in boxes.values()))


async def _look(
    project: Project,
    boxes: dict[str, Mailbox],
    closed: dict[str, Unreachable],
    world: World,
    checklist: Checklist,
    now: datetime,
) -> tuple[Finding, ...]:
    """One look into every inbox, and what the checks say of what is there."""
    from launchready_tui import audit
    from launchready_tui.verdict.composing import compose
    from launchready_tui.world.mail.messages import Mail, taken_in

    tag, since = project.email.test_tag, project.email.test_started or now
    by_address = {inbox.address: inbox for inbox in project.inboxes}
    received: list[Received] = []
    lost = dict(closed)
    for address, box in boxes.items():
        if address not in by_address:  # taken out of the list by now
            continue
        found = await box.look(tag, since)
        if isinstance(found, Unreachable):
            lost[address] = found
        else:
            received += [taken_in(each, by_address[address]) for each in found]
    readable = tuple(by_address[each] for each in boxes if each not in lost and each in by_address)
    narrowed = msgspec.structs.replace(project, inboxes=readable)
    then = replace(world, now=now, mail=Mail(files=received, opens="once"))
    jobs = audit.plan(narrowed, checklist, CHECKS)
    findings = await audit.collect(jobs, narrowed, then, checklist)
    silent = (
        compose("email.inbox", address, _unknown(why), now, project, checklist)
        for address, why in lost.items()
        if address in by_address
    )
    return (*(each for each in findings if _says_something(each)), *silent)


def _unknown(why: Unreachable) -> Outcome:
    from launchready_tui.checks import unknown

    return unknown(why.reason, detail=why.detail)


def _says_something(finding: Finding) -> bool:
    """That nothing has come yet is what a test begins with, and needs no finding."""
    return finding.outcome != "no-message"


def _all_known(findings: tuple[Finding, ...], inboxes: int) -> bool:
    known = [
        each
        for each in findings
        if each.check == "email.inbox" and each.verdict is not Verdict.UNKNOWN
    ]
    return len(known) >= inboxes * len(KINDS)


async def _news(boxes: dict[str, Mailbox]) -> None:
    """Until one inbox tells of something new, or it is time to look anyway."""
    waits = [asyncio.create_task(box.wait(BETWEEN)) for box in boxes.values()]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for box in boxes.values():
            box.wake()
        await asyncio.gather(*waits, return_exceptions=True)


def provider_of_address(address: str) -> str:
    """Which of the three inboxes an address belongs to, by its domain; else "other"."""
    domain = address.rpartition("@")[2].lower()
    known = {
        "gmail": ("gmail.com", "googlemail.com"),
        "outlook": ("outlook.com", "hotmail.com", "live.com", "msn.com"),
        "icloud": ("icloud.com", "me.com", "mac.com"),
    }
    return next((name for name, domains in known.items() if domain in domains), "other")


def known_inbox(address: str, imap: str = "") -> Inbox:
    """An inbox for the project file, with its provider recognised."""
    return records.convert(
        {"provider": provider_of_address(address), "address": address, "imap": imap}, Inbox
    )
