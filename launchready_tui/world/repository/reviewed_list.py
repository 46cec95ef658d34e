"""The list of secrets that somebody looked at: replaced ones, and false alarms.

It is kept beside the code, so everybody has the same. A line is about a value, never about a
place: a new secret on the same line of a file is new. The values are named by HMAC-SHA256 under
a salt that stands in the list itself, so that all who hold the list find the same names. Keys are
random, and nobody can guess one from its name. A password that can be guessed gains little.
"""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from launchready_tui.vocabulary.errors import UserError
from launchready_tui.vocabulary.safe_text import clean, clean_line

NAME = ".launchready-secrets"
State = Literal["rotated", "false-alarm"]
STATES: tuple[State, ...] = ("rotated", "false-alarm")
LINES = 5000
REASON = 200  # characters
_SALT = re.compile(r"# salt: ([0-9a-f]{32})\s*")
_LINE = re.compile(
    r"(?P<mark>[0-9a-f]{24}) (?P<rule>[a-z0-9-]{1,80}) (?P<state>[a-z-]{1,20})"
    r" until (?P<until>\d{4}-\d\d-\d\d): (?P<reason>\S.{0,199})"
)
_HEAD = """\
# LaunchReady: secrets that somebody looked at. Keep this file beside the code.
# "rotated": the value was replaced, so the old one opens nothing. "false-alarm": it is no secret.
# Each line is about one value and ends on its day; then it is asked about again.
# No value stands here, only its name under the salt below. A password that is easy to guess
# gains little from that, so do not list one: replace it.
"""


class BadList(UserError, ValueError):
    """The list cannot be used: file, line from 1 (0 for none), and what to do."""

    def __init__(self, file: str, message: str, line: int = 0) -> None:
        place = f", line {line}" if line else ""
        super().__init__(f"{clean_line(file, 120)}{place}: {clean(message, 600)}")


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody said of one value, by its mark, and until when that holds."""

    mark: str
    rule: str
    state: State
    until: date
    reason: str

    def line(self) -> str:
        """The entry as it stands in the file."""
        return f"{self.mark} {self.rule} {self.state} until {self.until}: {self.reason}"


@dataclass(frozen=True, slots=True)
class LookedAt:
    """The list; `salt` is made when the first entry is written."""

    salt: str
    entries: Mapping[str, Entry] = field(default_factory=dict)

    def about(self, mark: str, today: date) -> Entry | None:
        """What still holds about a value."""
        entry = self.entries.get(mark)
        return entry if entry is not None and entry.until >= today else None

    def settled(self, today: date) -> frozenset[tuple[str, str]]:
        """Marks and rules of all values about which something still holds."""
        return frozenset(
            (entry.mark, entry.rule) for entry in self.entries.values() if entry.until >= today
        )

    def with_entry(self, entry: Entry) -> LookedAt:
        """The list with this entry, in place of one with the same mark."""
        return LookedAt(self.salt, {**self.entries, entry.mark: entry})

    def text(self) -> str:
        """The whole file: its head, its salt, and the entries sorted."""
        lines = sorted(entry.line() for entry in self.entries.values())
        return "\n".join((f"{_HEAD}# salt: {self.salt}", *lines, ""))


def empty() -> LookedAt:
    """A list with a salt of its own."""
    return LookedAt(secrets.token_hex(16))


def read(path: Path) -> LookedAt | None:
    """The list in a file; None where there is no file. Raises BadList with the line."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise BadList(path.name, "This file cannot be read as text.") from error
    salt = ""
    entries: dict[str, Entry] = {}
    for number, line in enumerate(text.splitlines()[: LINES + 1], 1):
        if found := _SALT.fullmatch(line):
            salt = found[1]
        if not line.strip() or line.startswith("#"):
            continue
        entry = _entry(path.name, number, line)
        entries[entry.mark] = entry
    if entries and not salt:
        raise BadList(path.name, "The line with the salt is gone. Take the file back from git.")
    return LookedAt(salt or secrets.token_hex(16), entries)


def write(path: Path, looked_at: LookedAt) -> None:
    """Put the whole list in place of the old one, or leave the old one as it was."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".launchready-", suffix=".new")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as opened:
            opened.write(looked_at.text())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise BadList(path.name, f"This file cannot be written: {error.strerror}.") from error


def reason_of(text: str) -> str:
    """A reason as it may stand in the list: one clean line. Raises ValueError for an empty one."""
    reason = clean_line(text, REASON).strip()
    if not reason:
        raise ValueError("a reason is needed")
    return reason


def _entry(file: str, number: int, line: str) -> Entry:
    found = _LINE.fullmatch(line.rstrip())
    if found is None:
        raise BadList(
            file,
            "This line is none of ours. Take it out, or take the file back from git.",
            number,
        )
    state = next((known for known in STATES if known == found["state"]), None)
    if state is None:
        written = clean_line(found["state"], 20)
        raise BadList(file, f"Write rotated or false-alarm, not {written}.", number)
    try:
        until = date.fromisoformat(found["until"])
    except ValueError as error:
        raise BadList(file, f"There is no day {found['until']}.", number) from error
    return Entry(found["mark"], found["rule"], state, until, found["reason"])
