"""Folders, kinds and placement of test messages."""

from __future__ import annotations

from datetime import timedelta

import pytest

from launchready_tui.rules.mail.arrivals import Role, is_tag, judge, kind_of, role_of, tagged
from launchready_tui.rules.mail.message import read

FOLDERS = {
    ("INBOX", ()): "inbox",
    ("Inbox", ()): "inbox",
    ("Bulk Mail", ()): "spam",
    ("[Gmail]/Spam", ("\\Junk",)): "spam",
    ("Unerwünscht", ("\\HasNoChildren", "\\Junk")): "spam",
    ("Promotions", ()): "promotions",
    ("Friends", ()): "other",
    ("[Gmail]/All Mail", ("\\All",)): None,
    ("Sent", ("\\Sent",)): None,
    ("Papers", ("\\Noselect",)): None,
}


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_a_folder_is_for(folder: tuple[str, tuple[str, ...]]) -> None:
    name, flags = folder
    assert role_of(flags, name) == FOLDERS[folder]


SUBJECTS = {
    "Confirm your email address": "verify",
    "Welcome to Harbor Market": "verify",
    "Reset your password": "reset",
    "Maya invited you to join the team": "invite",
    "Your receipt from Harbor Market": "receipt",
    "Your order #1042 is confirmed": "receipt",
    "Hello": None,
}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_which_message_it_is(subject: str) -> None:
    assert kind_of(read(f"Subject: {subject}\r\n\r\n".encode())) == SUBJECTS[subject]


def test_links_tell_where_the_subject_does_not() -> None:
    raw = b"Subject: Hello\r\n\r\nhttps://app.harbor.example/reset?t=1"
    assert kind_of(read(raw)) == "reset"


PLACED: dict[tuple[Role | None, int], str] = {
    ("inbox", 5): "ok",
    ("inbox", 60): "ok",
    ("inbox", 61): "late",
    ("promotions", 5): "promotions",
    ("other", 5): "elsewhere",
    ("spam", 5): "spam",
    (None, 601): "never",
}


@pytest.mark.parametrize("case", PLACED)
def test_placement(case: tuple[Role | None, int]) -> None:
    role, seconds = case
    found = judge(role, timedelta(seconds=seconds))
    assert found is not None
    assert found.name == PLACED[case]
    assert found.good == (found.name == "ok")


def test_a_message_may_still_come_within_ten_minutes() -> None:
    assert judge(None, timedelta(seconds=600)) is None


def test_a_tag_goes_into_the_address_in_place_of_another() -> None:
    assert tagged("me+old@inbox.example", "lr7f3a") == "me+lr7f3a@inbox.example"
    assert is_tag("lr7f3a")
    assert not is_tag('x" OR ALL')
