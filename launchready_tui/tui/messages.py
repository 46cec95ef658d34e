"""What screens ask of the app. Screens change nothing themselves: they post one of these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.message import Message

from launchready_tui.project.model import Account, Project
from launchready_tui.vocabulary.findings import Finding


@dataclass(eq=False, repr=False)
class Go(Message):
    """Open another screen; `item` is what to show there: the id of an item, document or check."""

    place: str
    item: str = ""


@dataclass(eq=False, repr=False)
class Answered(Message):
    """An answer to an item. None leaves that part as it is."""

    item: str
    value: str | None = None
    owner: str | None = None
    note: str | None = None


@dataclass(eq=False, repr=False)
class ProofGiven(Message):
    """Evidence for an answer, as typed: a link, the path of a file, or text."""

    item: str
    text: str


@dataclass(eq=False, repr=False)
class ProofRemoved(Message):
    """Take back one piece of evidence, by its place in the list (from 0)."""

    item: str
    place: int


class UndoWanted(Message):
    """Take back the last answer."""


@dataclass(eq=False, repr=False)
class AuditWanted(Message):
    """Run checks: of some stages, or by id; all of them when both are empty."""

    stages: Sequence[int] = ()
    only: Sequence[str] = ()


class AuditStopped(Message):
    """Cancel what is still open and keep what has come in."""


@dataclass(eq=False, repr=False)
class FixWanted(Message):
    """Demo only: fix the fault behind this finding, then look again."""

    finding: Finding


@dataclass(eq=False, repr=False)
class AccountSaved(Message):
    """A new account (`place` None), or another content for the one at `place`."""

    account: Account
    place: int | None = None


@dataclass(eq=False, repr=False)
class AccountRemoved(Message):
    """Take an account out, by its place in the list (from 0)."""

    place: int


@dataclass(eq=False, repr=False)
class DrillDone(Message):
    """A rehearsed rollback took this many seconds."""

    seconds: int


@dataclass(eq=False, repr=False)
class PlanWanted(Message):
    """Judge the planned zone in this file; an empty path is the demo's own prepared plan."""

    path: str


class PlanStopped(Message):
    """Cancel the judging of a planned zone."""


class InboxTestBegun(Message):
    """Begin a new inbox test, with an address that nobody has used."""


class InboxTestStopped(Message):
    """Stop watching the test inboxes; what came in stays."""


class InboxWatchWanted(Message):
    """Look into the test inboxes again, and go on until all is known."""


@dataclass(eq=False, repr=False)
class InboxTaskDone(Message):
    """The founder did a task of the inbox test just now ("verify at me@inbox.example")."""

    task: str


@dataclass(eq=False, repr=False)
class InboxTaskUndone(Message):
    """The task was not done after all: it was pressed by mistake."""

    task: str


@dataclass(eq=False, repr=False)
class InboxAdded(Message):
    """A test inbox, by its address as typed; `imap` is the server that reads it, where needed."""

    address: str
    imap: str = ""


@dataclass(eq=False, repr=False)
class InboxRemoved(Message):
    """Take a test inbox out of the list, with what was seen in it."""

    address: str


@dataclass(eq=False, repr=False)
class MailGiven(Message):
    """A whole message, pasted, or the names of `.eml` files; `landed` is where it was seen."""

    text: str
    landed: str


@dataclass(eq=False, repr=False)
class MailForgotten(Message):
    """Take what a message that was given says out of the file."""

    name: str


@dataclass(eq=False, repr=False)
class InboxPasswordGiven(Message):
    """The app password of a test inbox. It goes to the password store, and no further."""

    address: str
    password: str


class WriteWanted(Message):
    """Write all documents into the folder beside the project file."""


class SaveWanted(Message):
    """Try again to save what is not saved yet."""


class ThemeToggled(Message):
    """From dark to light, or back."""


class PresentToggled(Message):
    """Hide what is private, or show it again."""


@dataclass(eq=False, repr=False)
class DiscoveryWanted(Message):
    """Look at the domain of a new project from outside: hosts, DNS host, mail senders."""

    project: Project


class DiscoveryStopped(Message):
    """Stop looking around; what came in is offered."""


@dataclass(eq=False, repr=False)
class ProjectMade(Message):
    """The founder is content with what was found: write the file and begin."""

    project: Project


@dataclass(eq=False, repr=False)
class ProjectOpened(Message):
    """Open the project in this file."""

    path: str


class DemoWanted(Message):
    """Open the made-up marketplace that is broken on purpose."""


@dataclass(eq=False, repr=False)
class LinkOpened(Message):
    """Open a web page of ours or of the checklist in the browser."""

    url: str


@dataclass(eq=False, repr=False)
class Copied(Message):
    """Put a value on the clipboard. The terminal may ignore that, so we never claim success."""

    value: str


@dataclass(eq=False, repr=False)
class Filed(Message):
    """Write a value to a file, for a terminal that has no clipboard."""

    value: str


class QuitWanted(Message):
    """Leave, once everything is saved."""
