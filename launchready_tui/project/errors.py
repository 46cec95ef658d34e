"""What can go wrong with the founder's file, each as a type with a title and a message.

    ProjectError
    ├── Unreadable      the file is broken, empty, too large, not ours, not there
    │   └── SecretInText    text that looks like a key or a password: not read, not saved
    ├── NewerFormat     made by a newer LaunchReady
    └── NotSaved        nothing was written; the file is as it was
        ├── Conflict    somebody else changed the same thing meanwhile
        └── Locked      another LaunchReady is saving right now

`str(error)` is the whole message: what is wrong, where, and what to do. It holds no secret and
no control character, so it can be shown as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from launchready_tui.vocabulary.errors import UserError
from launchready_tui.vocabulary.safe_text import clean


class ProjectError(UserError):
    """The project file can't be used as asked. `line` and `column` count from 1.

    `field` is the place in the file's own words, such as `hosts[2].purpose` (the second host).
    """

    title = "Something is wrong with the project file"

    def __init__(
        self,
        message: str,
        *,
        path: Path | None = None,
        line: int | None = None,
        column: int | None = None,
        field: str | None = None,
    ) -> None:
        self.message = clean(message)
        self.path = path
        self.line = line
        self.column = column
        self.field = field
        super().__init__(self.message)


class Unreadable(ProjectError):
    """The file can't be read. It is never overwritten while that is so."""

    title = "Your project file can't be read"


class NewerFormat(ProjectError):
    """The file's `format` is above ours: we would lose what we do not know."""

    title = "This file was made by a newer LaunchReady"


class NotSaved(ProjectError):
    """The change is in memory, but not in the file."""

    title = "Your last change is not saved"


class Locked(NotSaved):
    """Another process holds the lock of the file."""

    title = "Another LaunchReady is saving"


class SecretInText(Unreadable, NotSaved):
    """A key or a password in the text; `field` and `line` say where. The value is never told."""

    title = "This looks like a password or a key"


@dataclass(frozen=True, slots=True)
class Clash:
    """One thing that two people changed: what it is, our value and theirs, ready to show."""

    what: str
    mine: str
    theirs: str


class Conflict(NotSaved):
    """Somebody changed the same thing meanwhile. Save again with `keep="mine"` or "theirs"."""

    title = "Somebody else changed the same thing"

    def __init__(
        self, message: str, clashes: tuple[Clash, ...], *, path: Path | None = None
    ) -> None:
        super().__init__(message, path=path, field=clashes[0].what)
        self.clashes = clashes
