"""IMAP servers that lie, hang up or know little: bounded, told apart, and no password anywhere."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world import limits
from launchready_tui.world.mail.mailbox import Login, Mailbox, open_mailbox
from tests.ports import free_port
from tests.world.certificates import Authority, pem
from tests.world.servers import LOOPBACK, Talk, talking

HOST, SECRET = "imap.inbox.example", "s3cret-of-the-inbox"
NOW = datetime.now(UTC)
ROOT = Authority()

LIST = b'* LIST (\\HasNoChildren) "/" INBOX\r\n'
SELECTED = b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n"
Answer = bytes | None


def scripted(fetch: Answer, *, idle: bool = True, login: bytes = b"OK") -> Talk:
    """A server that answers each command in a fixed way; None hangs up in the middle."""
    answers: dict[bytes, Answer] = {
        b"CAPABILITY": b"* CAPABILITY IMAP4rev1" + (b" IDLE" if idle else b"") + b"\r\n",
        b"LIST": LIST,
        b"EXAMINE": SELECTED,
        b"UID SEARCH": b"* SEARCH 1\r\n",
        b"UID FETCH": fetch,
    }

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK ready\r\n")
        while line := await reader.readline():
            tag, _, command = line.strip().partition(b" ")
            name = next((key for key in answers if command.upper().startswith(key)), b"")
            answer = answers.get(name, b"")
            if answer is None:
                writer.write(b"* 1 FETCH (UID 1 BODY[]<0> {900}\r\nhalf")
                await writer.drain()
                return
            status = login if command.upper().startswith(b"LOGIN") else b"OK"
            writer.write(answer + tag + b" " + status + b" done\r\n")
            await writer.drain()

    return talk


@asynccontextmanager
async def the_inbox(talk: Talk, folder: Path) -> AsyncIterator[Mailbox | Unreachable]:
    served = ROOT.leaf(HOST).context(folder)
    trusting = ssl.create_default_context(cadata=pem(ROOT.certificate).decode())
    async with talking(talk, served) as port:
        box = await open_mailbox((LOOPBACK, port), HOST, trusting, Login("probe", SECRET))
        yield box
        if isinstance(box, Mailbox):
            await box.close()


def fetched(size: int, body: bytes) -> bytes:
    head = b'* 1 FETCH (UID 1 INTERNALDATE "24-Nov-2026 16:00:00 +0000" BODY[]<0> {%d}\r\n' % size
    return head + body + b")\r\n"


async def test_a_plain_server_is_enough(tmp_path: Path) -> None:
    async with the_inbox(scripted(fetched(4, b"a: b")), tmp_path) as box:
        assert isinstance(box, Mailbox)
        letters = await box.look("lr7f3a", NOW)
        assert not isinstance(letters, Unreachable)
        [found] = letters
        assert (found.raw, found.role) == (b"a: b", "inbox")
        assert found.at == datetime(2026, 11, 24, 16, tzinfo=UTC)


@pytest.mark.parametrize("size", [5_000_000_000, 10**30])
async def test_a_size_that_nobody_would_keep_is_refused(size: int, tmp_path: Path) -> None:
    async with the_inbox(scripted(fetched(size, b"x")), tmp_path) as box:
        assert isinstance(box, Mailbox)
        assert await box.look("lr7f3a", NOW) == Unreachable("reset", "mailbox")


async def test_hanging_up_inside_a_message_is_no_empty_inbox(tmp_path: Path) -> None:
    async with the_inbox(scripted(None), tmp_path) as box:
        assert isinstance(box, Mailbox)
        assert await box.look("lr7f3a", NOW) == Unreachable("reset", "mailbox")


async def test_an_answer_without_a_body_is_no_message(tmp_path: Path) -> None:
    async with the_inbox(scripted(b"* 1 FETCH (UID 1 FLAGS ())\r\n"), tmp_path) as box:
        assert isinstance(box, Mailbox)
        assert await box.look("lr7f3a", NOW) == ()


async def test_without_idle_we_come_back_in_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAIL_POLL", 0.1)
    async with the_inbox(scripted(b"", idle=False), tmp_path) as box:
        assert isinstance(box, Mailbox)
        assert await box.wait(5) is None


async def test_a_refused_sign_in_and_what_is_no_imap(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with the_inbox(scripted(b"", login=b"NO"), tmp_path) as box:
        assert box == Unreachable("wrong-password", "mailbox")

    async def no_imap(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()

    async with the_inbox(no_imap, tmp_path) as box:
        assert isinstance(box, Unreachable)
        assert box.reason in ("reset", "garbled")
    assert SECRET not in caplog.text


async def test_silence_and_a_closed_door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAIL_STEP", 0.5)

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with the_inbox(silent, tmp_path) as box:
        assert box == Unreachable("timeout", "mailbox")
    trusting = ssl.create_default_context()
    place = (LOOPBACK, free_port())
    found = await open_mailbox(place, HOST, trusting, Login("probe", SECRET))
    assert found == Unreachable("refused", "mailbox")
    assert SECRET not in repr(Login("probe", SECRET))
