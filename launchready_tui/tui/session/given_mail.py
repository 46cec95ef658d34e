"""Messages that were given instead of read from an inbox: pasted, or `.eml` files.

They are judged as any other. Where they landed, nobody saw but the founder: that is kept as told.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import msgspec

from launchready_tui.content import items
from launchready_tui.content.checklist import Checklist
from launchready_tui.project.change import MAIL_CHECKS
from launchready_tui.project.model import Inbox, Project, Proof
from launchready_tui.vocabulary.errors import UserError
from launchready_tui.vocabulary.findings import Finding

if TYPE_CHECKING:
    from launchready_tui.world import World
    from launchready_tui.world.mail.messages import Received

ITEM = items.TEST_EMAILS  # whose answer holds where a message landed, as told
CHECKS = ("email.alignment", "email.sender", "email.links")
PASTE_LIMIT = 1_000_000  # characters of a message that is pasted
FILES = 12  # that are read at once: four messages at three inboxes
LANDED = {
    "inbox": "in the inbox",
    "promotions": "under Promotions",
    "spam": "in spam",
}


class MailNotRead(UserError):
    """What was given is no message. Its text says what to do, for the founder."""


def read_given(text: str, folder: Path, now: datetime) -> tuple[Received, ...]:
    """The messages in what was pasted, or in the files that it names; paths start at `folder`.

    Raises `MailNotRead` for a file that cannot be read, and for what is no whole message.
    """
    if "\n" in text.strip() and ":" in text.strip().partition("\n")[0]:
        raw = text.strip().replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8", "replace")
        return (_received(f"pasted {now:%Y-%m-%d %H:%M:%S}", raw + b"\r\n"),)
    names = _names(text)
    if not names:
        raise MailNotRead("Paste a whole message, or type the name of its file.")
    return tuple(_from_file(name, folder) for name in names[:FILES])


def _names(text: str) -> tuple[str, ...]:
    """File names as terminals write them when a file is dropped: quoted, escaped, or a URL."""
    found: list[str] = []
    for line in text.strip().splitlines():
        try:
            found += shlex.split(line)
        except ValueError:  # a quote in a name
            found.append(line.strip())
    return tuple(
        unquote(name.removeprefix("file://")) if name.startswith("file://") else name
        for name in found
    )


def _from_file(name: str, folder: Path) -> Received:
    from launchready_tui.rules.mail.message import READ

    path = folder / Path(name).expanduser()
    try:
        with path.open("rb") as file:
            raw = file.read(READ + 1)
    except (OSError, ValueError):
        raise MailNotRead(f"We can't read {path.name}. Type the whole name of the file.") from None
    return _received(path.name, raw)


def _received(name: str, raw: bytes) -> Received:
    from launchready_tui.rules.mail.message import read
    from launchready_tui.vocabulary.safe_text import clean_line
    from launchready_tui.world.mail.messages import Received, provider_of

    message = read(raw)
    if not message.values("from") and not message.values("received"):
        raise MailNotRead(
            f"{clean_line(name)} is not a whole message. "
            "In Gmail, press the three dots of the message, then Download message."
        )
    return Received(clean_line(name), message, provider_of(message))


async def judge(
    given: tuple[Received, ...],
    project: Project,
    checklist: Checklist,
    open_world: Callable[[], AbstractAsyncContextManager[World]],
) -> tuple[Finding, ...]:
    """What the checks say of these messages. Their links are opened once, on own hosts only."""
    from launchready_tui import audit
    from launchready_tui.world.mail.messages import Mail

    inboxes = tuple(Inbox(address=each.source) for each in given)
    narrowed = msgspec.structs.replace(project, inboxes=inboxes)
    jobs = audit.plan(narrowed, checklist, CHECKS)
    async with open_world() as world:
        then = replace(world, mail=Mail(files=given, opens="once"))
        return tuple(await audit.collect(jobs, narrowed, then, checklist))


def landing_proof(name: str, landed: str, at: datetime) -> Proof:
    """Where a message landed, as evidence that somebody gave: never something that we checked."""
    return Proof(kind="text", where=f"{name}: {LANDED[landed]}, as told", at=at)


def given_messages(project: Project) -> dict[str, str]:
    """The messages that were given: name -> where each landed as it was told, or ""."""
    addresses = {inbox.address for inbox in project.inboxes}
    found: dict[str, str] = {}
    for check in MAIL_CHECKS:
        for subject in project.findings.get(check, {}):
            if subject not in addresses and " at " not in subject:
                found[subject] = ""
    answer = project.answers.get(ITEM)
    for proof in answer.evidence if answer else ():
        name, _, where = proof.where.rpartition(": ")
        if name in found:
            found[name] = where
    return found
