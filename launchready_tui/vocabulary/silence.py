"""Why there was no answer, in a few words for a line of evidence."""

from __future__ import annotations

_WORDS = {
    "timeout": "no answer in time",
    "servfail": "the name server reports a fault of its own (SERVFAIL)",
    "refused": "refused",
    "reset": "the connection was cut",
    "unreachable": "no way to it from here",
    "garbled": "an answer that makes no sense",
    "too-large": "more than we read",
    "no-ipv6": "not tried: this machine has no IPv6",
    "no-address": "it has no public address",
    "not-allowed": "not asked: its robots.txt keeps tools out",
    "opaque": "the names of what it loads later can't be read from outside",
    "other-host": "not asked: this host is not in your project file",
    "challenge": "a test for visitors stands in front",
    "blocked": "it keeps us out",
    "rate-limited": "it asked us to come back later",
}


def in_words(reason: str) -> str:
    """The words for a reason of `facts.Unreachable`; the reason itself where we have none."""
    return _WORDS.get(reason, reason)
