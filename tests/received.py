"""Messages as inboxes hold them: signed with a key of the test's own, under a provider's lines."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from functools import cache

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from launchready_tui.lab import Scenario, healthy
from launchready_tui.lab.healthy import DOMAIN

SELECTOR, SENDER_IP, RETURN_PATH = "sent26", "203.0.113.40", f"pm-bounces.{DOMAIN}"
LINK = f"https://app.{DOMAIN}/verify?token=3f9c1a77d0b24"


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def public_key() -> str:
    der = (
        _key()
        .public_key()
        .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return base64.b64encode(der).decode()


def with_key(world: Scenario | None = None, domain: str = DOMAIN) -> Scenario:
    """The world where the key that signs these messages is published."""
    record = f"v=DKIM1; k=rsa; p={public_key()}"
    return (world or healthy()).with_records(f"{SELECTOR}._domainkey.{domain}", "TXT", [record])


# What each provider writes above a message, in its own order, as seen in real ones on public lists.
LINES = {
    "gmail": (
        "Received: by 2002:a05:6402:1f05 with SMTP id b5csp1; Tue, 24 Nov 2026 08:00:02 -0800\r\n"
        "Return-Path: <bounce@{path}>\r\n"
        "Received: from {server} ({server}. [{ip}])\r\n"
        "        by mx.google.com with ESMTPS id t79si10384376oit.266.2026;\r\n"
        "        Tue, 24 Nov 2026 08:00:01 -0800 (PST)\r\n"
    ),
    "outlook": (
        "Received: from AM0PR01MB1.eurprd01.prod.outlook.com (2603:10a6::1) by\r\n"
        " VI1PR01MB2.eurprd01.prod.outlook.com with HTTPS; Tue, 24 Nov 2026 16:00:02 +0000\r\n"
        "Received: from VE1EUR01FT1.eop-EUR01.prod.protection.outlook.com\r\n"
        " (2603:10a6::2) by AM0PR01CA3.outlook.office365.com (2603:10a6::3) with\r\n"
        " Microsoft SMTP Server via Frontend Transport; Tue, 24 Nov 2026 16:00:02 +0000\r\n"
        "Authentication-Results: {word}\r\n"
        "Received: from {server} ({ip}) by\r\n"
        " VE1EUR01FT1.mail.protection.outlook.com (10.152.4.1) with Microsoft SMTP Server;\r\n"
        " Tue, 24 Nov 2026 16:00:01 +0000\r\n"
        "Return-Path: bounce@{path}\r\n"
    ),
    "icloud": (
        "Return-Path: <bounce@{path}>\r\n"
        "Received: from p00-icloudmta-smtpin-test-1 by p101-mailgateway-smtp-test-2\r\n"
        "        (mailgateway 1) with SMTP id a1; Tue, 24 Nov 2026 16:00:02 GMT\r\n"
        "Received: from {server} ({server} [{ip}])\r\n"
        "        by p00-icloudmta-smtpin-test-1 (Postfix) with ESMTPS id AC1;\r\n"
        "        Tue, 24 Nov 2026 16:00:01 +0000 (UTC)\r\n"
        "X-ICL-Info: made up\r\n"
        "Authentication-Results: dmarc.icloud.com; dmarc=pass header.from=harbor.example\r\n"
        "Authentication-Results: dkim-verifier.icloud.com; dkim=pass header.d=harbor.example\r\n"
        "Authentication-Results: spf.icloud.com; spf=pass smtp.mailfrom=bounce@{path}\r\n"
    ),
    "": "",
}


@dataclass(frozen=True)
class Mail:
    """One message to be made. `forged` are lines that its sender wrote itself."""

    provider: str = "gmail"
    sender: str = f"Harbor Market <hello@{DOMAIN}>"
    signer: str = DOMAIN
    signed: bool = True
    path: str = RETURN_PATH
    ip: str = SENDER_IP
    server: str = "mta.sender.example"
    link: str = LINK
    word: str = "spf=none smtp.mailfrom=nobody.example; dkim=none; dmarc=none"
    headers: tuple[str, ...] = field(default=())
    forged: str = ""
    length: bool = False

    def raw(self) -> bytes:
        head = "".join(f"{line}\r\n" for line in (f"From: {self.sender}", *self.headers))
        text = (
            f"{head}To: tester@inbox.example\r\nSubject: Confirm your account\r\n"
            "Date: Tue, 24 Nov 2026 16:00:00 +0000\r\nMIME-Version: 1.0\r\n"
            "Content-Type: text/html; charset=utf-8\r\n\r\n"
            f'<p>Welcome aboard.</p><p><a href="{self.link}">Confirm</a></p>\r\n'
        ).encode()
        if self.signed:
            pem = _key().private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.TraditionalOpenSSL,
                serialization.NoEncryption(),
            )
            text = (
                dkim.sign(text, SELECTOR.encode(), self.signer.encode(), pem, length=self.length)
                + text
            )
        lines = LINES[self.provider].format(
            ip=self.ip, path=self.path, word=self.word, server=self.server
        )
        return (lines + self.forged).encode() + text
