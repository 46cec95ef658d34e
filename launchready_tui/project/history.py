"""The last changes of this sitting, so that a person can take them back."""

from __future__ import annotations

from dataclasses import dataclass

from launchready_tui.project.model import Project
from launchready_tui.project.nodes import changed, merge, words

LIMIT = 50


@dataclass(frozen=True, slots=True)
class Step:
    """One change: the project before and after it, and what it was ("answer to S4.C5")."""

    before: Project
    after: Project
    what: str


@dataclass(frozen=True, slots=True)
class History:
    """The last `LIMIT` changes, oldest first. Pushing and undoing make a new history."""

    steps: tuple[Step, ...] = ()

    @property
    def what(self) -> str:
        """What the next undo takes back, as it goes on after "the"; empty when nothing is left."""
        return self.steps[-1].what if self.steps else ""

    def __bool__(self) -> bool:
        return bool(self.steps)

    def push(self, before: Project, after: Project) -> History:
        """One more change. Two equal projects are no change."""
        what = describe(before, after)
        if not what:
            return self
        return History((*self.steps, Step(before, after, what))[-LIMIT:])

    def undo(self, project: Project) -> tuple[History, Project]:
        """The project without the last change, and the history before it.

        Only the nodes of that change go back: findings and other people's answers that came in
        since stay. Without anything to undo, both come back as they are.
        """
        if not self.steps:
            return self, project
        last = self.steps[-1]
        back, _ = merge(last.after, last.before, project, keep="mine")
        return History(self.steps[:-1]), back


def describe(before: Project, after: Project) -> str:
    """What changed, in words: "answer to S4.C5", "host app.example.com and 2 more"."""
    names = list(dict.fromkeys(words(node) for node in changed(before, after)))
    if len(names) <= 1:
        return "".join(names)
    return f"{names[0]} and {len(names) - 1} more"
