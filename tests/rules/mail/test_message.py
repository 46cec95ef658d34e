"""Reading a message that a stranger wrote: addresses, links, dates; bounded whatever it holds."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.mail import message
from launchready_tui.rules.mail.message import (
    Mailbox,
    handed_over_by,
    mailboxes,
    read,
    received_from,
)

ADDRESSES = {
    "a@b.example": [("", "a@b.example")],
    "Ann <a@b.example>": [("Ann", "a@b.example")],
    '"Ann, of Harbor" <a@b.example>, c@d.example': [
        ("Ann, of Harbor", "a@b.example"),
        ("", "c@d.example"),
    ],
    "a@b.example (Ann (of) Harbor)": [("Ann (of) Harbor", "a@b.example")],
    "=?utf-8?q?H=C3=A4fen?= <a@b.example>": [("Häfen", "a@b.example")],
    '"bank@bank.example" <x@evil.example>': [("bank@bank.example", "x@evil.example")],
    "Crew: a@b.example;": [("", "a@b.example")],
    "": [],
}


@pytest.mark.parametrize("text", ADDRESSES)
def test_mailboxes(text: str) -> None:
    assert [(box.name, box.address) for box in mailboxes(text)] == ADDRESSES[text]


def test_a_domain_is_lower_case_and_an_a_label() -> None:
    assert Mailbox("", "A@Bücher.Example").domain == "xn--bcher-kva.example"
    assert Mailbox("", "a@[192.0.2.1]").domain == ""
    assert Mailbox("", "no address").domain == ""


def test_control_characters_do_not_get_through_an_encoded_word() -> None:
    raw = b"From: =?utf-8?b?G1szMW1SZWQbWzBtCg==?= <a@b.example>\r\n\r\n"
    [box] = read(raw).mailboxes("from")
    assert "\x1b" not in box.name
    assert "\n" not in box.name


def test_headers_are_unfolded_and_names_have_no_case() -> None:
    found = read(b"SUBJECT: one\r\n two\r\nReceived: b\r\nreceived: a\r\n\r\nFrom: x@y.example")
    assert found.text("subject") == "one two"
    assert found.values("Received") == ("b", "a")
    assert found.values("from") == ()


def test_links_of_the_html_come_first_and_text_is_read_too() -> None:
    raw = (
        b"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: text/plain\r\n\r\nGo to https://a.example/t?x=1.\r\n--b\r\n"
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        b"PGEgaHJlZj0iaHR0cHM6Ly9hLmV4YW1wbGUvaD94PTEmYW1wO3k9MiI+eDwvYT4=\r\n--b--\r\n"
    )
    assert read(raw).links == ("https://a.example/h?x=1&y=2", "https://a.example/t?x=1")


DATES = {
    "Tue, 24 Nov 2026 08:00:00 -0800": datetime(2026, 11, 24, 16, tzinfo=UTC),
    "Tue, 24 Nov 2026 08:00:00": datetime(2026, 11, 24, 8, tzinfo=UTC),
    "32 Foo 99999 99:99": None,
    "": None,
}


@pytest.mark.parametrize("text", DATES)
def test_dates(text: str) -> None:
    assert read(f"Date: {text}\r\n\r\n".encode()).date == DATES[text]


RECEIVED = {
    "from a (a. [192.0.2.1]) by mx.google.com with ESMTPS": ("192.0.2.1", "mx.google.com"),
    "from a (192.0.2.1) by X.outlook.com (2603::1) with": ("192.0.2.1", "x.outlook.com"),
    "from a ([IPv6:2001:db8::1]) by b.example": ("2001:db8::1", "b.example"),
    "by 2002:a05:6402:1f05 with SMTP id b5": ("", "2002"),
    "(qmail 1 invoked by uid 0)": ("", "uid"),
}


@pytest.mark.parametrize("text", RECEIVED)
def test_received_lines(text: str) -> None:
    assert received_from(text) == RECEIVED[text]


SERVERS = {
    "from a.example (b.example. [192.0.2.1]) by mx.google.com with ESMTPS": "b.example",
    "from a.example (unknown [192.0.2.1]) by mx.me.com": "a.example",
    "from A.Example (192.0.2.1) by x.outlook.com (2603::1) with": "a.example",
    "from [192.0.2.1] (b.example [192.0.2.1]) by x": "",
    "from 192.0.2.1 ([192.0.2.1]) by x": "",
    "from localhost by x": "",
    "by 2002:a05:6402:1f05 with SMTP id b5": "",
    "from " + "a." * 5000 + "b by x": "",
}


@pytest.mark.parametrize("text", SERVERS)
def test_the_server_that_handed_a_message_over(text: str) -> None:
    assert handed_over_by(text) == SERVERS[text]


HOSTILE = {
    "ten thousand headers": b"".join(b"X-%d: y\r\n" % n for n in range(10_000)) + b"\r\nx",
    "one endless header": b"Subject: " + b"a" * 5_000_000,
    "nested a thousand deep": b"From: a@b.example\r\n"
    + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(1000)
    ),
    "fifty megabytes": b"From: a@b.example\r\n\r\n" + b"https://x.example/a " * 2_500_000,
    "an unknown charset": b"Content-Type: text/html; charset=punycode\r\n\r\n" + b"a" * 500_000,
    "commas": b"From: " + b"," * 200_000 + b"\r\n\r\n",
    "brackets": b"From: " + b"(" * 200_000 + b"\r\n\r\n",
    "broken words": b"Subject: =?utf-8?b?" + b"!" * 10_000 + b"?=\r\n\r\n",
    "nothing": b"",
    "no text at all": bytes(range(256)) * 100,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_messages_are_read_in_bounded_time(what: str) -> None:
    started = time.process_time()
    found = read(HOSTILE[what])
    boxes, text = found.mailboxes("from"), found.text("subject")
    assert len(boxes) <= message.MAILBOXES
    assert len(found.fields) <= message.FIELDS
    assert len(found.links) <= message.LINKS
    assert len(text) <= 500
    assert time.process_time() - started < 5  # a bound against runaways, not a benchmark


@given(st.binary(max_size=3000))
def test_any_bytes_can_be_read(raw: bytes) -> None:
    found = read(raw)
    assert found.mailboxes("from") is not None
    assert found.date is None or found.date.tzinfo is UTC
