"""Whether a message's signatures hold: DKIM verification (RFC 6376 6, RFC 8301, RFC 8463).

dkimpy does the cryptography. What it would take for "no" is kept apart here: a key that nobody
could be asked for is no broken signature, and SHA-1 counts for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from launchready_tui.rules.mail.dkim import SHORTEST, key_name, looks_like_key, read_key
from launchready_tui.rules.mail.message import Message
from launchready_tui.rules.mail.tag_list import parse
from launchready_tui.vocabulary.facts import Answer, DnsReply, Lookup, Unreachable, ask_all

SIGNATURES = 8  # of one message that are checked: RFC 6376 6.1 lets a receiver stop
_SAFE = "abcdefghijklmnopqrstuvwxyz0123456789-_."

Verdict = Literal[
    "holds",  # the key's owner signed what we have
    "changed",  # the message is not what was signed, or the signature is not the key's
    "no-key",  # the domain publishes no such key
    "bad-key",  # the key is revoked, too short or unreadable
    "sha1",  # signed with an algorithm that counts for nothing: RFC 8301 3.1
    "expired",  # its time is over, as it may be for an old message
    "unreadable",  # the header breaks the grammar
    "unanswered",  # nobody could be asked for the key
    "cut",  # there is more of the message than we read
]


@dataclass(frozen=True, slots=True)
class Signature:
    """One DKIM-Signature: who signed (`domain`, lower case), with which key, and what it is worth.

    `length_tag` is true for an `l=` tag: text may have been added after what was signed (8.2).
    """

    domain: str
    selector: str
    verdict: Verdict
    length_tag: bool = False
    silence: Unreachable | None = None

    @property
    def doubtful(self) -> bool:
        """Whether we cannot tell: not the signature's fault."""
        return self.verdict in ("unanswered", "expired", "cut")


async def verify(message: Message, lookup: Lookup, now: datetime) -> tuple[Signature, ...]:
    """Check every signature of a message, in order. All keys are asked for at once."""
    headers = message.values("dkim-signature")[:SIGNATURES]
    wanted = [_wanted(value) for value in headers]
    names = [key_name(selector, domain) for domain, selector in wanted]
    known = [name for name in names if _askable(name)]
    replies = await ask_all(lookup, [(name, "TXT") for name in known])
    found = dict(zip(known, replies, strict=True))
    return tuple(
        _judge(message, at, headers[at], *wanted[at], found.get(names[at]), now)
        for at in range(len(headers))
    )


def _wanted(value: str) -> tuple[str, str]:
    """The domain and the selector that a signature names."""
    tags = parse(value)
    return tags.get("d").lower().rstrip("."), tags.get("s").lower().rstrip(".")


def _askable(name: str) -> bool:
    labels = name.split(".")
    return (
        len(name) <= 253
        and all(0 < len(label) <= 63 for label in labels)
        and all(letter in _SAFE for letter in name)
    )


def _judge(
    message: Message,
    at: int,
    value: str,
    domain: str,
    selector: str,
    reply: DnsReply | None,
    now: datetime,
) -> Signature:
    tags = parse(value)

    def is_(verdict: Verdict, silence: Unreachable | None = None) -> Signature:
        return Signature(domain, selector, verdict, "l" in tags.tags, silence)

    if reply is None or tags.broken or tags.doubled:
        return is_("unreadable")
    if tags.get("a").lower() == "rsa-sha1":
        return is_("sha1")
    if isinstance(reply, Unreachable):
        return is_("unanswered", reply)
    keys = [text for text in _texts(reply) if looks_like_key(text)]
    if len(keys) != 1:
        return is_("bad-key" if keys else "no-key")
    if read_key(keys[0]).fault:
        return is_("bad-key")
    end = tags.get("x")
    if end.isascii() and end.isdigit() and len(end) < 12 and int(end) < now.timestamp():
        return is_("expired")
    if message.cut:
        return is_("cut")
    return is_(_verified(message, at, keys[0]))


def _texts(reply: DnsReply) -> Sequence[str]:
    return reply.records if isinstance(reply, Answer) else ()


def _verified(message: Message, at: int, key: str) -> Verdict:
    """What dkimpy says, given the key. Its own lookups are never used."""
    import dkim

    record = key.encode("ascii", "ignore")
    checked = dkim.DKIM(message.raw, minkey=SHORTEST)
    try:
        holds = checked.verify(at, dnsfunc=lambda _name, timeout=0: record)  # noqa: ARG005 - dkimpy passes it by name
    except dkim.ValidationError:
        return "changed"
    except (dkim.DKIMException, ValueError, TypeError, KeyError):
        return "unreadable"
    return "holds" if holds else "changed"
