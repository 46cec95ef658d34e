"""What every screen shows: one frozen record, made anew by the app whenever something changes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

from launchready_tui.content.checklist import Checklist
from launchready_tui.project.model import Project
from launchready_tui.tui.widgets.mask import NO_MASK, Mask
from launchready_tui.verdict.readiness import Readiness, assess

if TYPE_CHECKING:
    from launchready_tui.project.file import Loaded


class Save(Struct, frozen=True):
    """Where saving stands. `reason` and `todo` say why it failed and what to do about it."""

    step: Literal["none", "waiting", "saved", "failed"] = "none"
    at: datetime | None = None
    reason: str = ""
    todo: str = ""


class Checking(Struct, frozen=True):
    """How far the running checks are. `planned` is 0 while none run."""

    checked: int = 0
    planned: int = 0

    @property
    def running(self) -> bool:
        return self.planned > 0


class Written(Struct, frozen=True):
    """The last time that the documents were written: when, how many files, and where."""

    when: str
    count: int
    folder: str


class State(Struct, frozen=True):
    """The whole state of the screens.

    `now` is the clock's time when the state was made. `playing` is true in the demo, where we
    can fix what is broken. `can_undo` says whether an answer can be taken back.
    """

    checklist: Checklist
    project: Project
    readiness: Readiness
    now: datetime
    loaded: Loaded | None = None
    save: Save = Save()
    checking: Checking = Checking()
    mask: Mask = NO_MASK
    user: str = ""
    playing: bool = False
    written: Written | None = None
    can_undo: bool = False
    watching: bool = False  # the test inboxes

    @classmethod
    def start(
        cls, loaded: Loaded | None, checklist: Checklist, now: datetime, user: str, playing: bool
    ) -> State:
        project = loaded.project if loaded else Project()
        return cls(
            checklist=checklist,
            project=project,
            readiness=assess(project, checklist),
            now=now,
            loaded=loaded,
            user=user,
            playing=playing,
        )

    def with_project(self, project: Project) -> State:
        """The same state around another project: everything derived is made anew."""
        return replace(
            self,
            project=project,
            readiness=assess(project, self.checklist),
            mask=Mask.of(project, self.mask.on),
        )

    def people(self) -> tuple[str, ...]:
        """Names to suggest where an owner is asked for, the person at the keyboard first."""
        names = [self.user, *(person.name for person in self.project.people)]
        names.extend(answer.owner for answer in self.project.answers.values())
        return tuple(dict.fromkeys(name for name in names if name))
