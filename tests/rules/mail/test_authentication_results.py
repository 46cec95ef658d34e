"""RFC 8601: reading what a receiver wrote, and believing only the inbox's own provider."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.mail.authentication_results import Result, border_address, parse, trusted
from launchready_tui.rules.mail.message import read

# Shapes of RFC 8601's appendix B in names of our own, and those of real providers.
HEADERS = {
    "none": ("mx.inbox.example 1; none", "mx.inbox.example", ()),
    "spf": (
        "mx.inbox.example; spf=pass smtp.mailfrom=sender.example",
        "mx.inbox.example",
        (Result("spf", "pass", {"smtp.mailfrom": "sender.example"}),),
    ),
    "outlook leaves its name out": (
        "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=a.example; dkim=pass header.d=a.example",
        "",
        (
            Result("spf", "pass", {"smtp.mailfrom": "a.example"}),
            Result("dkim", "pass", {"header.d": "a.example"}),
        ),
    ),
    "upper case and a quoted address": (
        'MX.Inbox.Example; SPF=Pass smtp.mailfrom="a b"@c.example',
        "mx.inbox.example",
        (Result("spf", "pass", {"smtp.mailfrom": "a b"}),),
    ),
}


@pytest.mark.parametrize("what", HEADERS)
def test_headers_are_read(what: str) -> None:
    text, server, results = HEADERS[what]
    found = parse(text)
    assert (found.server, found.results) == (server, results)


def test_comments_and_quoted_reasons_do_not_confuse() -> None:
    assert [each.result for each in parse("mx.inbox.example (a (b) c); dkim (x)=pass").results] == [
        "pass"
    ]
    methods = [each.method for each in parse("a; dkim=pass (spf=pass; dmarc=pass) x.y=z").results]
    assert methods == ["dkim"]


GMAIL = (
    b"Received: by 2002:a05:6402 with SMTP id b5\r\n"
    b"Authentication-Results: mx.google.com; spf=fail smtp.mailfrom=a.example\r\n"
    b"Received: from a (a. [192.0.2.1]) by mx.google.com with ESMTPS id x\r\n"
    b"Authentication-Results: mx.google.com; spf=pass smtp.mailfrom=a.example\r\n"
    b"Received: from evil (evil [198.51.100.1]) by mx.google.com with ESMTPS id forged\r\n"
    b"From: a@a.example\r\n\r\n"
)


def test_what_came_with_the_message_is_not_believed() -> None:
    """Not even what a stranger wrote in the provider's own name, right below its line."""
    relayed = GMAIL.replace(b"Received: from evil", b"Received: by relay.example\r\nX: y")
    for raw in (GMAIL, relayed):
        found = read(raw)
        assert [each.result for each in trusted(found, "gmail")] == ["fail"]
        assert border_address(found, "gmail") == "192.0.2.1"


# Real orders of lines, in names of our own; the last one in each came with the message.
BORDERS = {
    "outlook": (
        "from A1.eurprd01.prod.outlook.com (2603:10a6::1) by B1.PROD.OUTLOOK.COM with HTTPS",
        "from C1.eop-EUR01.prod.protection.outlook.com (2603:10a6::2) by D1.outlook.office365.com"
        " (2603:10a6::3) with Microsoft SMTP Server via Frontend Transport",
        "from mta.sender.example (192.0.2.1) by C1.mail.protection.outlook.com (10.1.1.1) with x",
        "from E1.prod.outlook.com (198.51.100.1) by C1.mail.protection.outlook.com (10.1.1.1)",
    ),
    "outlook, from another of its customers": (
        "from C1.namprd02.prod.outlook.com (2603:10b6::2) by D1.outlook.office365.com with x",
        "from E1.outbound.protection.outlook.com (192.0.2.1) by C1.mail.protection.outlook.com",
        "from F1.eurprd01.prod.outlook.com (2603:10a6::9) by G1.eurprd01.prod.outlook.com with x",
    ),
    "icloud": (
        "from p00-icloudmta-smtpin-x-9 by p12-mailgateway-smtp-y (mailgateway 1) with SMTP id a",
        "from mta.sender.example (mta.x.example [192.0.2.1]) by p00-icloudmta-smtpin-x-9 (Postfix)",
        "from p00-icloudmta-smtpin-x-9 (b [198.51.100.1]) by p00-icloudmta-smtpin-x-9 (Postfix)",
    ),
    "icloud, older": (
        "from st11p00mm-smtpin007.mac.com ([17.172.1.1]) by ms06561.mac.com (Oracle) with ESMTP",
        "from mta.sender.example ([192.0.2.1]) by st11p00mm-smtpin007.mac.com (Oracle) with ESMTP",
        "from a ([198.51.100.1]) by st11p00mm-smtpin007.mac.com (Oracle) with ESMTP",
    ),
    "gmail, from another of its customers": (
        "by 2002:a05:6402:1f05 with SMTP id b5csp1",
        "from mail-sor-f41.google.com (mail-sor-f41.google.com. [192.0.2.1]) by mx.google.com",
        "from a (a. [198.51.100.1]) by mx.google.com with ESMTPS id forged",
    ),
    "other": (
        "from mx.inbox.example ([127.0.0.1]) by vm with LMTP id k (envelope-from <b@a.example>)",
        "from mta.sender.example (mta.sender.example [192.0.2.1]) by mx.inbox.example (Postfix)",
        "from a ([198.51.100.1]) by mx.inbox.example with LMTP id forged",
    ),
    "other, called like one of ours": (
        "from mx.inbox.example (unknown [192.0.2.1]) by mx.inbox.example (Postfix) with ESMTP",
        "from a ([198.51.100.1]) by mx.inbox.example (Postfix) with ESMTP",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BORDERS)
def test_the_border_is_where_a_stranger_handed_the_message_over(what: str) -> None:
    lines = "".join(f"Received: {line}; now\r\n" for line in BORDERS[what])
    found = read(f"{lines}From: a@a.example\r\n\r\n".encode())
    own = ("imap.inbox.example", "inbox.example")
    assert border_address(found, what.split(",")[0], own) == "192.0.2.1"


def test_only_strangers_lines_have_no_border() -> None:
    """A message that somebody saved before it was sent, or another provider's."""
    for line in (
        "from a ([192.0.2.1]) by mx.else.example with ESMTP",
        "by localhost with LMTP id 1",
    ):
        assert border_address(read(f"Received: {line}\r\n\r\n".encode()), "gmail") == ""


def test_another_provider_s_word_is_not_believed() -> None:
    assert trusted(read(GMAIL), "outlook") == ()
    assert trusted(read(GMAIL), "other") == ()
    assert border_address(read(b"From: a@b.example\r\n\r\n"), "gmail") == ""


def test_an_inbox_of_one_s_own_speaks_under_its_own_name() -> None:
    raw = (
        b"Authentication-Results: mail.inbox.example; dkim=pass header.d=a.example\r\n"
        b"Received: from a ([192.0.2.1]) by mail.inbox.example (Postfix)\r\n"
        b"Authentication-Results: mail.inbox.example; dkim=pass header.d=b.example\r\n\r\n"
    )
    [result] = trusted(read(raw), "other", ("mail.inbox.example",))
    assert result.properties == {"header.d": "a.example"}
    assert trusted(read(raw), "other", ("inbox.invalid",)) == ()


@given(st.text(max_size=500))
def test_any_text_can_be_read(text: str) -> None:
    assert len(parse(text).results) <= 50
