"""What a placed message leaves in the file for the log: bounded and clean, in the inbox's words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from launchready_tui.checks import registered
from launchready_tui.lab import Lab, healthy
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.project.model import Inbox, Product, Project
from launchready_tui.rules.mail.message import read
from launchready_tui.vocabulary.findings import Outcome, Verdict
from launchready_tui.world import open_world
from launchready_tui.world.mail.messages import Mail as Mailbox
from launchready_tui.world.mail.messages import Received
from tests.received import Mail

AT = datetime(2026, 11, 24, 16, 0, 12, tzinfo=UTC)
INBOX = "tester@outlook.com"


async def placed(mail: Mail, folder: str = "Inbox") -> Outcome:
    received = Received(INBOX, read(mail.raw()), "outlook", role="inbox", folder=folder, at=AT)
    project = Project(
        product=Product(domain=DOMAIN), inboxes=(Inbox(provider="outlook", address=INBOX),)
    )
    async with Lab(healthy()) as lab, open_world(lab.options, datetime.now(UTC)) as world:
        there = replace(world, mail=Mailbox(files=(received,)))
        found = await registered()["email.inbox"].run(INBOX, project, there)
    assert isinstance(found, list)
    return next(each for each in found if each.subject == f"verify at {INBOX}")


async def test_the_log_gets_who_where_when_and_the_inboxs_own_word() -> None:
    word = "spf=pass smtp.mailfrom=a.example; dkim=fail header.d=a.example; dmarc=pass action=none"
    found = await placed(Mail("outlook", word=word, headers=("Reply-To: Desk <desk@h.example>",)))
    assert (found.verdict, found.name) == (Verdict.PASS, "ok")
    assert found.facts == {
        "message": "verify",
        "inbox": "outlook",
        "folder": "Inbox",
        "seconds": "12",
        "arrived": "2026-11-24T16:00:12+00:00",
        "from_name": "Harbor Market",
        "from_address": f"hello@{DOMAIN}",
        "reply_to": "desk@h.example",
        "spf": "pass",
        "dkim": "fail",
        "dmarc": "pass",
    }


async def test_what_a_stranger_wrote_is_clean_short_and_no_secret() -> None:
    key = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"
    name = "=?utf-8?b?G1szMW1SZWQbWzBt4oCu?= " + "x" * 5000
    mail = Mail(
        "outlook", sender=f'"{name}" <hello@{DOMAIN}>', headers=(f"Reply-To: {key}@a.example",)
    )
    found = await placed(mail, folder="\x1b[31m" + "y" * 5000)
    assert all(len(value) <= 200 for value in found.facts.values())
    assert "\x1b" not in str(found.facts)
    assert "\u202e" not in str(found.facts)
    assert key not in str(found.facts)


async def test_a_sender_that_is_not_there_is_no_empty_fact() -> None:
    found = await placed(Mail("outlook", sender="", signed=False))
    assert {"from_name", "from_address", "reply_to"} & set(found.facts) == set()
