"""RFC 8601: reading what a receiver wrote, and believing only the inbox's own provider."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.authentication_results import (
    Result,
    border_address,
    parse,
    trusted,
)
from launchready_tui.rules.message import read

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
    found = read(GMAIL.replace(b"Received: from evil", b"Received: by relay.example\r\nX: y"))
    assert [each.result for each in trusted(found, "gmail")] == ["fail"]
    assert border_address(found, "gmail") == "192.0.2.1"


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
