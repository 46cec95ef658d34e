"""The inbox test while real mail arrives: Postfix, OpenDKIM, LMTP to Dovecot, and IMAP to us."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import dkim
import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from launchready_tui.content import checklist
from launchready_tui.lab import Lab
from launchready_tui.lab.healthy import DOMAIN, healthy
from launchready_tui.lab.post import SENDS_FROM
from launchready_tui.lab.scenario import Scenario, zone
from launchready_tui.project.model import Email, Host, Inbox, Product, Project
from launchready_tui.tui.session import inbox_watch
from launchready_tui.tui.session.inbox_watch import watch
from launchready_tui.vocabulary.findings import Finding, Verdict
from launchready_tui.world import Options, World, open_world
from launchready_tui.world.credentials import INBOX_PASSWORD, InMemory
from tests.real.mail_servers import HOST, PASSWORD, USER, dovecot
from tests.real.mail_servers import Inbox as Dovecot
from tests.real.post_office import post_office, send

pytestmark = pytest.mark.real

TAG = "lr7f3a"
TO = USER.replace("@", f"+{TAG}@")
PATH = f"pm-bounces.{DOMAIN}"
STRANGER = "198.51.100.66"
KINDS = {"verify": "Confirm your account", "reset": "Reset your password",
         "invite": "Maya invited you", "receipt": "Your receipt"}  # fmt: skip
FORGED = (
    "Authentication-Results: mx.inbox.example; dkim=pass header.d=harbor.example\r\n"
    f"Received: from a (a [{SENDS_FROM}]) by mx.inbox.example with LMTP id 1; now\r\n"
).encode()


@dataclass(frozen=True)
class Post:
    """The servers of one test, and what opens the founder's world on them."""

    smtp: int
    inbox: Dovecot
    key: bytes
    options: Options

    @asynccontextmanager
    async def world(self, password: str = PASSWORD) -> AsyncIterator[World]:
        credentials = InMemory({(INBOX_PASSWORD, USER): password})
        options = replace(self.options, credentials=credentials)
        async with open_world(options, now=datetime.now(UTC)) as world:
            yield world

    async def send(self, kind: str, *, signed: bool = True, ip: str = SENDS_FROM,
                   above: bytes = b"", spam: bool = False) -> None:  # fmt: skip
        sent = format_datetime(datetime.now(UTC))
        link = f"https://app.{DOMAIN}/{kind}?token=3f9c1a77d0b24e5"
        text = (
            f"From: Harbor Market <hello@{DOMAIN}>\r\nTo: {TO}\r\nSubject: {KINDS[kind]}\r\n"
            f"Date: {sent}\r\nMessage-ID: <{kind}.{sent[17:25]}@{DOMAIN}>\r\n"
            f"{'X-Spam-Flag: YES' if spam else 'X-Mailer: Harbor'}\r\n\r\nOpen {link}\r\n"
        ).encode()
        head = dkim.sign(text, b"real26", DOMAIN.encode(), self.key) if signed else b""
        await send(self.smtp, head + above + text, TO, PATH, ip, "mta.sender.example")


def keys() -> tuple[bytes, str]:
    """A key pair for one test: the private one as PEM, and the record that publishes the other."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    shown = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return pem, f"v=DKIM1; k=rsa; p={''.join(shown.decode().splitlines()[1:-1])}"


def names(record: str) -> Scenario:
    inbox = "@ 300 SOA a. b. 1 2 3 4 60\n@ 300 NS a.\nimap 300 A 192.0.2.99"
    world = healthy().with_zone(zone("inbox.example", inbox))
    return world.with_records(f"real26._domainkey.{DOMAIN}", "TXT", [record])


@pytest.fixture
async def post(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Post]:
    monkeypatch.setattr(inbox_watch, "BETWEEN", 2.0)  # nothing tells of what lands in Junk
    key, record = keys()
    async with Lab(names(record)) as lab, dovecot(tmp_path) as inbox:
        resolver = int(lab.options.resolvers[0].rpartition(":")[2])
        both = tmp_path / "both.pem"
        assert lab.options.ca is not None
        both.write_bytes(lab.options.ca.read_bytes() + inbox.root)
        options = Options(
            lab.options.resolvers,
            (f"{HOST}:993=127.0.0.1:{inbox.imap[1]}", *lab.options.connect),
            ca=both,
        )
        async with post_office(tmp_path, inbox.lmtp, resolver) as smtp:
            yield Post(smtp, inbox, key, options)


def project(*kinds: str, begun: timedelta = timedelta(seconds=2)) -> Project:
    at = datetime.now(UTC) - begun
    return Project(
        product=Product(name="Harbor Market", domain=DOMAIN),
        hosts=(Host(name=DOMAIN), Host(name=f"app.{DOMAIN}")),
        inboxes=(Inbox(provider="other", address=USER, imap=HOST),),
        email=Email(
            from_=f"hello@{DOMAIN}",
            providers=("postmark",),
            return_path=PATH,
            test_tag=TAG,
            test_started=at,
            test_tasks={f"{kind} at {USER}": at for kind in kinds},
        ),
    )


def said(findings: tuple[Finding, ...], check: str) -> dict[str, tuple[Verdict, str]]:
    return {f.subject: (f.verdict, f.outcome) for f in findings if f.check == check}


def proof(findings: tuple[Finding, ...], check: str, label: str) -> str:
    return next(e.value for f in findings if f.check == check
                for e in f.evidence if e.label.startswith(label))  # fmt: skip


async def test_each_message_is_judged_as_it_arrives(post: Post) -> None:
    """Three in the inbox and one in spam; the watch tells of each, and ends by itself."""
    told = project(*KINDS)
    looks: list[tuple[Finding, ...]] = []
    async with asyncio.timeout(40), aclosing(
        watch(lambda: told, checklist.builtin(), post.world, lambda: datetime.now(UTC))
    ) as watching:  # fmt: skip
        async for findings in watching:
            looks.append(findings)
            came = len([one for one in said(findings, "email.inbox").values()
                        if one[0] is not Verdict.UNKNOWN])  # fmt: skip
            if came < len(KINDS):
                await post.send(list(KINDS)[came], spam=came == 3)
    first, last = looks[0], looks[-1]
    assert set(said(first, "email.inbox").values()) == {(Verdict.UNKNOWN, "still-coming")}
    assert said(last, "email.inbox") == {
        f"{kind} at {USER}": (Verdict.PASS, "ok") if kind != "receipt" else (Verdict.FAIL, "spam")
        for kind in KINDS
    }
    assert set(said(last, "email.alignment").values()) == {(Verdict.PASS, "ok")}
    assert proof(last, "email.inbox", "On its way for").endswith("seconds")
    assert "3f9c1a77d0b24e5" not in str(last)  # the token may open an account


async def test_what_opendkim_wrote_is_believed_and_what_a_stranger_wrote_is_not(
    post: Post,
) -> None:
    told = project("verify", "reset")
    await post.send("verify")
    await post.send("reset", signed=False, ip=STRANGER, above=FORGED)
    findings: tuple[Finding, ...] = ()
    async with asyncio.timeout(40), aclosing(
        watch(lambda: told, checklist.builtin(), post.world, lambda: datetime.now(UTC))
    ) as watching:  # fmt: skip
        async for findings in watching:
            if len(said(findings, "email.alignment")) == 2:
                break
    assert said(findings, "email.alignment") == {
        f"verify at {USER}": (Verdict.PASS, "ok"),
        f"reset at {USER}": (Verdict.FAIL, "none"),
    }


async def test_a_task_done_while_we_watch_and_an_inbox_taken_out(post: Post) -> None:
    """What the founder does meanwhile counts: the project is read anew at each look."""
    now = project("verify")
    seen: list[dict[str, tuple[Verdict, str]]] = []
    async with asyncio.timeout(60), aclosing(
        watch(lambda: now, checklist.builtin(), post.world, lambda: datetime.now(UTC))
    ) as watching:  # fmt: skip
        async for findings in watching:
            seen.append(said(findings, "email.inbox"))
            if len(seen) == 1:
                now = project("verify", "reset")
                await post.send("verify")
            elif len(seen) == 2:
                now = msgspec.structs.replace(now, inboxes=())
                await post.send("reset")
            else:
                break
    assert seen[0][f"reset at {USER}"] == (Verdict.UNKNOWN, "not-sent")
    assert seen[1][f"verify at {USER}"] == (Verdict.PASS, "ok")
    assert seen[1][f"reset at {USER}"] == (Verdict.UNKNOWN, "still-coming")
    assert seen[2] == {}


async def test_a_wrong_password_ends_the_watch_with_its_reason(post: Post) -> None:
    told = project("verify")
    async with asyncio.timeout(20), aclosing(
        watch(lambda: told, checklist.builtin(), lambda: post.world("wrong"),
              lambda: datetime.now(UTC))
    ) as watching:  # fmt: skip
        looks = [findings async for findings in watching]
    [only] = looks
    assert said(only, "email.inbox") == {USER: (Verdict.UNKNOWN, "wrong-password")}
    assert "wrong" not in str([each.evidence for each in only])
