"""The app's ground floor: the state, how it changes, and how it is saved.

`Lookout` adds what looks outside, and `LaunchReadyApp` the stack of screens.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from textual.app import App
from textual.screen import ModalScreen
from textual.worker import Worker, WorkerState

from launchready_tui.content import items
from launchready_tui.content.checklist import Checklist
from launchready_tui.project.model import Project, Proof
from launchready_tui.tui import messages
from launchready_tui.tui.screens.base import Frame
from launchready_tui.tui.session.saving import Failed, Saved, Saver
from launchready_tui.tui.state import Save, State
from launchready_tui.vocabulary.safe_text import clean

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel

    from launchready_tui.lab import Lab
    from launchready_tui.project.errors import Conflict, ProjectError
    from launchready_tui.project.file import Loaded
    from launchready_tui.project.history import History
    from launchready_tui.project.nodes import Keep
    from launchready_tui.world import World

OpenWorld = Callable[[], AbstractAsyncContextManager["World"]]

_LOCKED_AGAIN = 2.0  # seconds until we try again while another LaunchReady saves


class Workbench(App[None]):
    """Owns one project at a time: its state, its file, and what can be taken back."""

    state: State

    def __init__(
        self,
        loaded: Loaded | None,
        checklist: Checklist,
        open_world: OpenWorld,
        clock: Callable[[], datetime],
        user: str,
        lab: Lab | None,
        faults: tuple[str, ...],
    ) -> None:
        super().__init__()
        self.clock, self.open_world = clock, open_world
        self.lab, self.faults = lab, faults
        self.state = State.start(loaded, checklist, clock(), user, lab is not None)
        self.saver = Saver(loaded, self._save_told) if loaded else None
        self._history: History | None = None

    # The state

    def show(self, state: State) -> None:
        """Make this the state, and let the screens that can be seen draw it."""
        self.state = state
        covered = False
        for screen in reversed(self.screen_stack):
            if isinstance(screen, Frame):
                screen.update_state(state, seen=not covered)
                covered = True
            elif not isinstance(screen, ModalScreen):
                covered = True

    def change(self, project: Project) -> None:
        """A change by a person: can be taken back, and is saved at once."""
        from launchready_tui.project.history import History

        self._history = (self._history or History()).push(self.state.project, project)
        self._put(project)

    def _put(self, project: Project) -> None:
        can_undo = bool(self._history)
        self.show(replace(self.state.with_project(project), now=self.clock(), can_undo=can_undo))
        self.save()

    def open_project(self, loaded: Loaded) -> None:
        """Begin with another project; the one before is saved already or has no file."""
        state = self.state
        self.saver, self._history = Saver(loaded, self._save_told), None
        self.show(
            State.start(loaded, state.checklist, self.clock(), state.user, self.lab is not None)
        )

    def work(self, job: Coroutine[Any, Any, None], group: str) -> Worker[None]:
        return self.run_worker(job, group=group, exit_on_error=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR:
            kind = type(event.worker.error).__name__
            self.tell(f"Something of ours broke ({kind}). Your answers are safe.", "error")

    def tell(
        self, says: str, severity: SeverityLevel = "information", *, seconds: float = 6
    ) -> None:
        """A short note in the corner. Never markup: the words may come from outside."""
        self.notify(clean(says), severity=severity, markup=False, timeout=seconds)

    # Saving

    def save(self, keep: Keep = "ask") -> None:
        saver = self.saver
        if saver is None:
            return
        saver.want(self.state.project)
        if not saver.clean:
            self.show(replace(self.state, save=Save("waiting")))
            self.work(saver.run(keep), "save")

    def _save_told(self, result: Saved | Failed) -> None:
        if isinstance(result, Failed):
            self._save_failed(result.error)
            return
        state = self.state
        if result.merged is not state.project:
            state = state.with_project(result.merged)
        step = Save("saved" if self.saver and self.saver.clean else "waiting", self.clock())
        self.show(replace(state, loaded=result.loaded, save=step))

    def _save_failed(self, error: ProjectError) -> None:
        from launchready_tui.project.errors import Conflict, Locked

        reason = error.message.partition(". ")[0].removesuffix(".")
        self.show(replace(self.state, save=Save("failed", self.clock(), reason, error.message)))
        if isinstance(error, Locked):
            self.set_timer(_LOCKED_AGAIN, self.save)
        elif isinstance(error, Conflict):
            self.ask_whose(error)
        else:
            self.tell(f"Not saved. {error.message}", "error")

    def ask_whose(self, conflict: Conflict) -> None:
        """Somebody changed the same thing: show both, and let the founder choose."""
        from launchready_tui.tui.screens.choose import Choose

        mask = self.state.mask
        lines = [
            f"{clash.what}. Yours: {mask.note(clash.mine)}. Theirs: {mask.note(clash.theirs)}."
            for clash in conflict.clashes[:5]
        ]
        choose = Choose(
            conflict.title,
            "\n".join(lines),
            (("mine", "Keep mine"), ("theirs", "Take theirs"), ("later", "Decide later")),
        )
        self.push_screen(choose, self._whose_chosen)

    def _whose_chosen(self, keep: str | None) -> None:
        if keep == "mine":
            self.save("mine")
        elif keep == "theirs":
            self.save("theirs")

    def on_save_wanted(self) -> None:
        self.save()

    # Answers, accounts, drills

    def on_answered(self, message: messages.Answered) -> None:
        from launchready_tui.project import change

        state = self.state
        self.change(
            change.answer(
                state.project,
                message.item,
                message.value,
                at=self.clock(),
                by=state.user,
                note=message.note,
                owner=message.owner,
            )
        )

    async def on_proof_given(self, message: messages.ProofGiven) -> None:
        self.work(self._prove(message.item, message.text), "proof")

    async def _prove(self, item: str, text: str) -> None:
        """A file is read for its fingerprint in a thread: it may be large."""
        from launchready_tui.tui.session.errands import read_proof

        loaded = self.state.loaded
        if loaded is not None:
            proof = await asyncio.to_thread(read_proof, text, loaded.path.parent, self.clock())
            self._add_proof(item, proof)

    def _add_proof(self, item: str, proof: Proof) -> None:
        from launchready_tui.project import change

        state = self.state
        self.change(change.add_proof(state.project, item, proof, at=self.clock(), by=state.user))

    def on_proof_removed(self, message: messages.ProofRemoved) -> None:
        from launchready_tui.project import change

        answer = self.state.project.answers.get(message.item)
        if answer is not None:
            left = [each for at, each in enumerate(answer.evidence) if at != message.place]
            self.change(
                change.answer(
                    self.state.project,
                    message.item,
                    None,
                    at=self.clock(),
                    by=self.state.user,
                    evidence=left,
                )
            )
            self.tell("Removed. Press u to take that back.")

    def on_drill_done(self, message: messages.DrillDone) -> None:
        proof = Proof(kind="drill", where=str(message.seconds), at=self.clock())
        self._add_proof(items.ROLLBACK, proof)

    def on_account_saved(self, message: messages.AccountSaved) -> None:
        from launchready_tui.project import change

        project, place = self.state.project, message.place
        if place is None:
            self.change(change.add_account(project, message.account))
        else:
            self.change(change.replace_account(project, place, message.account))

    def on_account_removed(self, message: messages.AccountRemoved) -> None:
        from launchready_tui.project import change

        self.change(change.remove_account(self.state.project, message.place))
        self.tell("Removed. Press u to take that back.")

    def on_undo_wanted(self) -> None:
        history = self._history
        if not history:
            self.tell("There is nothing to take back.")
            return
        what = history.what
        self._history, project = history.undo(self.state.project)
        self._put(project)
        self.tell(f"Taken back: the {what}.")
