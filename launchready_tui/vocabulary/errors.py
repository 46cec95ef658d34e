"""Errors that a person can act on, and the nearest known word to a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST = 80  # characters of a mistyped word that are compared: the time grows by their square


class UserError(Exception):
    """Base of every error that a person can act on.

    `str(error)` is the whole message: what is wrong, where, and what to do. It holds no secret and
    no control character, so it can be shown as it is. An error of ours that derives from this one
    is never shown as a traceback, by no command and by no screen.
    """

    title = "This did not work"


def did_you_mean(typed: str, known: Iterable[str]) -> str:
    """A sentence that begins with a space, " Did you mean audit?", or "" where nothing is near."""
    from difflib import get_close_matches

    found = get_close_matches(typed[:_LONGEST], list(known), n=1)
    return f" Did you mean {found[0]}?" if found else ""
