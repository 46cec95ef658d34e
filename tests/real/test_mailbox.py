"""The test inbox against Dovecot: folders, IDLE, and what a wrong password or a bad server say."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world.mail.mailbox import Arrived, Login, Mailbox, open_mailbox
from tests.real.mail_servers import HOST, PASSWORD, USER, Inbox, dovecot

pytestmark = pytest.mark.real

TAG = "lr7f3a"
TODAY = datetime.now(UTC) - timedelta(hours=1)


@pytest.fixture
async def inbox(tmp_path: Path) -> AsyncIterator[Inbox]:
    async with dovecot(tmp_path) as server:
        yield server


def message(subject: str = "Confirm your account", tag: str = TAG) -> bytes:
    return (
        f"From: Harbor <hello@harbor.example>\r\nTo: probe+{tag}@inbox.example\r\n"
        f"Subject: {subject}\r\n\r\nhttps://app.harbor.example/verify?t=1\r\n"
    ).encode()


async def opened(inbox: Inbox, password: str = PASSWORD) -> Mailbox | Unreachable:
    return await open_mailbox(inbox.imap, HOST, inbox.context, Login(USER, password))


async def test_messages_are_found_where_they_landed(inbox: Inbox) -> None:
    await inbox.deliver(message())
    await inbox.deliver(message("Reset your password"), "Junk")
    await inbox.deliver(message("Your receipt"), "Promotions")
    await inbox.deliver(message("Somebody else's", "other9"))
    box = await opened(inbox)
    assert isinstance(box, Mailbox)
    found = await box.look(TAG, TODAY)
    again = await box.look(TAG, TODAY)
    await box.close()
    assert isinstance(found, tuple)
    assert {(each.folder, each.role) for each in found} == {
        ("INBOX", "inbox"),
        ("Junk", "spam"),
        ("Promotions", "promotions"),
    }
    assert all(abs((each.at - datetime.now(UTC)).total_seconds()) < 60 for each in found)
    assert b"verify?t=1" in found[0].raw
    assert again == found


async def test_looking_leaves_messages_unread(inbox: Inbox) -> None:
    await inbox.deliver(message())
    box = await opened(inbox)
    assert isinstance(box, Mailbox)
    await box.look(TAG, TODAY)
    await box.close()
    kept = [path.name for path in inbox.mail.rglob("*") if ",S=" in path.name]
    assert len(kept) == 1
    assert not kept[0].endswith("S")  # the flag that Maildir gives to what was read


async def test_what_came_just_before_the_wait_ends_it(inbox: Inbox) -> None:
    box = await opened(inbox)
    assert isinstance(box, Mailbox)
    assert await box.look(TAG, TODAY) == ()
    await inbox.deliver(message())
    async with asyncio.timeout(5):
        assert await box.wait(30) is None
    found = await box.look(TAG, TODAY)
    assert isinstance(found, tuple)
    assert len(found) == 1
    await box.close()


async def test_a_new_message_ends_the_wait(inbox: Inbox) -> None:
    box = await opened(inbox)
    assert isinstance(box, Mailbox)
    assert await box.look(TAG, TODAY) == ()
    clock = asyncio.get_running_loop().time
    started = clock()
    waiting = asyncio.create_task(box.wait(30))
    await asyncio.sleep(0.5)
    await inbox.deliver(message())
    assert await waiting is None
    assert clock() - started < 10
    letters = await box.look(TAG, TODAY)
    assert not isinstance(letters, Unreachable)
    [found] = letters
    assert isinstance(found, Arrived)
    await box.close()


async def test_a_wrong_password_is_told_apart(inbox: Inbox) -> None:
    found = await opened(inbox, "not the password")
    assert found == Unreachable("wrong-password", "mailbox")
    assert "not the password" not in repr(found)


async def test_a_certificate_for_another_name_gets_no_password(inbox: Inbox) -> None:
    login = Login(USER, PASSWORD)
    found = await open_mailbox(inbox.imap, "imap.other.example", inbox.context, login)
    assert found == Unreachable("untrusted", "mailbox")
