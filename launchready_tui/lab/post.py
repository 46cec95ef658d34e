"""The post of Harbor Market: four messages at three test inboxes, signed and stamped for real.

The key is made from a fixed text, so it is no secret and opens nothing. Headers stand in the
order in which each provider writes them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256

from launchready_tui.lab.scenario import Letter, Scenario, zone
from launchready_tui.project.model import Inbox

DOMAIN = "harbor.example"
SELECTOR = "lab26"
PUBLIC_KEY = "VG4LBJnaZIcoHkVo0nEA91ZbnVnzK3H6dLkbvxIVqZo="
TAG = "harbor26"
STARTED = timedelta(minutes=25)  # before the lab's start: when the founder began the test
SENDER = "Harbor Market <hello@harbor.example>"
SENDS_FROM = "203.0.113.40"  # Postmark's server in the lab

INBOXES = (
    Inbox(provider="gmail", address="harbor.tester@gmail.com"),
    Inbox(provider="outlook", address="harbor.tester@outlook.com"),
    Inbox(provider="icloud", address="harbor.tester@icloud.com"),
)
HOSTS = ("imap.gmail.com", "outlook.office365.com", "imap.mail.me.com")
PASSWORD = "lab-inbox-password"

_SOA = "ns.root.example. admin.root.example. 2026110101 7200 3600 1209600 60"
ZONES = tuple(
    zone(name, f"@ 300 SOA {_SOA}\n@ 300 NS ns.root.example.\n{host} 300 A {address}")
    for name, host, address in (
        ("gmail.com", "imap", "192.0.2.91"),
        ("office365.com", "outlook", "192.0.2.92"),
        ("me.com", "imap.mail", "192.0.2.93"),
    )
)

# (kind, subject, path of the link): what a customer of Harbor Market gets.
MESSAGES = (
    ("verify", "Confirm your account", "/verify"),
    ("reset", "Reset your password", "/reset"),
    ("invite", "Maya invited you to Harbor Market", "/invite"),
    ("receipt", "Your receipt from Harbor Market", "/orders"),
)
LINKED = tuple(path for _, _, path in MESSAGES)


def letters() -> tuple[Letter, ...]:
    """All twelve messages as they should be: in the inbox within seconds, and proved twice."""
    return tuple(
        Letter(
            inbox=inbox.address,
            subject=subject,
            link=f"https://app.{DOMAIN}{path}?token=3f9c1a77d0b24e5",
            sender=SENDER,
            signer=DOMAIN,
            path=f"pm-bounces.{DOMAIN}",
            ip=SENDS_FROM,
            ago=STARTED - timedelta(minutes=1 + number),
            took=timedelta(seconds=3 + number),
        )
        for inbox in INBOXES
        for number, (_, subject, path) in enumerate(MESSAGES)
    )


def about(kind: str, inbox: str) -> Callable[[Letter], bool]:
    """Picks one message at one provider's inbox."""
    subject = next(subject for each, subject, _ in MESSAGES if each == kind)
    return lambda letter: letter.subject == subject and f"@{inbox}." in letter.inbox


def with_letters(
    world: Scenario,
    chosen: Callable[[Letter], bool],
    changed: Callable[[Letter], Letter] | None = None,
) -> Scenario:
    """The same world where the chosen letters are changed; without a change they never come."""
    kept = (one for one in world.letters if changed or not chosen(one))
    letters = (changed(one) if changed and chosen(one) else one for one in kept)
    return replace(world, letters=tuple(letters))


def written(letter: Letter, tag: str, at: datetime) -> bytes:
    """The whole message as its inbox holds it. `at` (UTC) is when it arrived."""
    sent = format_datetime((at - letter.took).astimezone(UTC))
    local, _, domain = letter.inbox.partition("@")
    text = (
        f"From: {letter.sender}\r\nTo: {local}+{tag}@{domain}\r\n"
        f"Subject: {letter.subject}\r\nDate: {sent}\r\n"
        f"Message-ID: <{sha256(f'{letter}{tag}'.encode()).hexdigest()[:20]}@{DOMAIN}>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        f'<p>Hello from the quay.</p><p><a href="{letter.link}">{letter.subject}</a></p>\r\n'
    ).encode()
    stamp = _LINES[domain].format(
        path=letter.path, ip=letter.ip, when=format_datetime(at.astimezone(UTC)), tag=tag
    )
    return stamp.encode() + (_signature(text, letter.signer) if letter.signer else b"") + text


def _signature(text: bytes, domain: str) -> bytes:
    import base64

    import dkim

    seed = sha256(b"Harbor Market's lab signs with this").digest()
    signed: bytes = dkim.sign(
        text,
        SELECTOR.encode(),
        domain.encode(),
        base64.b64encode(seed),
        signature_algorithm=b"ed25519-sha256",
    )
    return signed


_LINES: Mapping[str, str] = {
    "gmail.com": (
        "Delivered-To: harbor.tester+{tag}@gmail.com\r\n"
        "Received: by 2002:a05:6402:1f05 with SMTP id b5csp1; {when}\r\n"
        "Return-Path: <bounce@{path}>\r\n"
        "Received: from mta.sender.example (mta.sender.example. [{ip}])\r\n"
        "        by mx.google.com with ESMTPS id t79si10384376oit.266.2026; {when}\r\n"
    ),
    "outlook.com": (
        "Received: from AM0PR01MB1.eurprd01.prod.outlook.com (2603:10a6::1) by\r\n"
        " VI1PR01MB2.eurprd01.prod.outlook.com with HTTPS; {when}\r\n"
        "Received: from VE1EUR01FT1.eop-EUR01.prod.protection.outlook.com\r\n"
        " (2603:10a6::2) by AM0PR01CA3.outlook.office365.com (2603:10a6::3) with\r\n"
        " Microsoft SMTP Server via Frontend Transport; {when}\r\n"
        "Received: from mta.sender.example ({ip}) by\r\n"
        " VE1EUR01FT1.mail.protection.outlook.com with Microsoft SMTP Server; {when}\r\n"
        "Return-Path: bounce@{path}\r\n"
    ),
    "icloud.com": (
        "Return-Path: <bounce@{path}>\r\n"
        "Received: from p00-icloudmta-smtpin-lab-1 by p101-mailgateway-smtp-lab-2\r\n"
        "        (mailgateway 1) with SMTP id a1; {when}\r\n"
        "Received: from mta.sender.example (mta.sender.example [{ip}])\r\n"
        "        by p00-icloudmta-smtpin-lab-1 (Postfix) with ESMTPS id AC1; {when}\r\n"
    ),
}
