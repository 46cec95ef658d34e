"""Where a test message landed, which message it is, and what that is worth."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from launchready_tui.rules.mail.message import Message

Role = Literal["inbox", "promotions", "spam", "other"]
Kind = Literal["verify", "reset", "invite", "receipt"]
KINDS: tuple[Kind, ...] = ("verify", "reset", "invite", "receipt")

PROMPT = timedelta(seconds=60)  # in the inbox by then
NEVER = timedelta(minutes=10)  # after that, a message counts as lost

_SPAM = re.compile(r"\b(?:junk|spam|bulk)\b", re.IGNORECASE)
_PROMOTIONS = re.compile(r"\b(?:promotions?|newsletters?|offers)\b", re.IGNORECASE)
_ASIDE = frozenset({"\\sent", "\\drafts", "\\trash", "\\all", "\\flagged", "\\important",
                    "\\noselect", "\\nonexistent", "\\archive"})  # fmt: skip
# What each message usually says, the surest first: a receipt may ask to sign in, a reset never
# thanks for a purchase.
_SAYS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("receipt", re.compile(r"\b(?:receipt|invoice|your order|order (?:confirm|#)|payment|purchase"
                           r"|thank you for buying)", re.IGNORECASE)),
    ("reset", re.compile(r"\b(?:reset|forgot|new password|change your password)", re.IGNORECASE)),
    ("invite", re.compile(r"\b(?:invit(?:e|es|ed|ation)|join (?:us|the team|your team))",
                          re.IGNORECASE)),
    ("verify", re.compile(r"\b(?:verif(?:y|ication)|confirm|activat|welcome|sign.?up)",
                          re.IGNORECASE)),
)  # fmt: skip


def role_of(flags: Iterable[str], name: str) -> Role | None:
    """What a folder is for, by its special use (RFC 6154), else by its name.

    None for one where no new mail lands: sent, drafts, trash, and what shows other folders' mail.
    """
    known = {flag.lower() for flag in flags}
    if name.upper() == "INBOX" or "\\inbox" in known:
        return "inbox"
    if "\\junk" in known or "\\spam" in known:
        return "spam"
    if known & _ASIDE:
        return None
    if _SPAM.search(name):
        return "spam"
    return "promotions" if _PROMOTIONS.search(name) else "other"


def kind_of(message: Message) -> Kind | None:
    """Which of the four messages this is, by its subject and then by its links; None if unclear."""
    for text in (message.text("subject"), " ".join(message.links[:20])):
        for kind, says in _SAYS:
            if says.search(text):
                return kind
    return None


@dataclass(frozen=True, slots=True)
class Placement:
    """What is said of one message at one inbox: an outcome of `email.inbox`."""

    good: bool
    name: Literal["ok", "late", "promotions", "spam", "never", "elsewhere"]


def judge(role: Role | None, took: timedelta) -> Placement | None:
    """What a message's folder and time come to. None: it may still come.

    `role` is None while it has not arrived; `took` is then how long we have waited.
    """
    if role is None:
        return Placement(False, "never") if took > NEVER else None
    if role == "spam":
        return Placement(False, "spam")
    if role in ("promotions", "other"):
        return Placement(False, "promotions" if role == "promotions" else "elsewhere")
    return Placement(True, "ok") if took <= PROMPT else Placement(False, "late")


def tagged(address: str, tag: str) -> str:
    """The address with a tag that mail systems ignore: `me+tag@inbox.example` (RFC 5233)."""
    local, at, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}+{tag}{at}{domain}"


_TAG = re.compile(r"[a-z0-9]{4,40}\Z")


def is_tag(text: str) -> bool:
    """Whether a text can be a tag: it goes into an address and into an IMAP search."""
    return bool(_TAG.match(text))


def took(sent: datetime, arrived: datetime) -> timedelta:
    """How long a message was on its way; never negative, since clocks differ."""
    return max(arrived - sent, timedelta())
