"""What a person answers, proves, lists and measures; each can be taken back."""

from __future__ import annotations

import asyncio

from textual.app import App

from launchready_tui.content import items
from launchready_tui.project.model import Account, Proof
from launchready_tui.tui.parts.current_project import CurrentProject
from launchready_tui.tui.parts.notes import tell
from launchready_tui.tui.parts.workers import work


class Answers:
    """Changes the project as a person answers."""

    def __init__(self, app: App[None], current: CurrentProject) -> None:
        self._app, self._current = app, current

    def answer(self, item: str, value: str | None, owner: str | None, note: str | None) -> None:
        """An answer to an item. None leaves that part as it is."""
        from launchready_tui.project import change

        current = self._current
        at, by = current.clock(), current.state.user
        current.change(
            change.answer(current.project, item, value, at=at, by=by, note=note, owner=owner)
        )

    def prove(self, item: str, text: str) -> None:
        work(self._app, self._prove(item, text), "proof")

    async def _prove(self, item: str, text: str) -> None:
        """A file is read for its fingerprint in a thread: it may be large."""
        from launchready_tui.tui.session.proof import read_proof

        loaded, at = self._current.state.loaded, self._current.clock()
        if loaded is not None:
            self._add_proof(item, await asyncio.to_thread(read_proof, text, loaded.path.parent, at))

    def _add_proof(self, item: str, proof: Proof) -> None:
        from launchready_tui.project import change

        current = self._current
        at, by = current.clock(), current.state.user
        current.change(change.add_proof(current.project, item, proof, at=at, by=by))

    def remove_proof(self, item: str, place: int) -> None:
        from launchready_tui.project import change

        current = self._current
        answer = current.project.answers.get(item)
        if answer is None:
            return
        left = [proof for at, proof in enumerate(answer.evidence) if at != place]
        at, by = current.clock(), current.state.user
        current.change(change.answer(current.project, item, None, at=at, by=by, evidence=left))
        tell(self._app, "Removed. Press u to take that back.")

    def record_drill(self, seconds: int) -> None:
        """A rehearsed rollback took this many seconds."""
        proof = Proof(kind="drill", where=str(seconds), at=self._current.clock())
        self._add_proof(items.ROLLBACK, proof)

    def save_account(self, account: Account, place: int | None) -> None:
        """A new account (`place` None), or another content for the one at `place`."""
        from launchready_tui.project import change

        project = self._current.project
        if place is None:
            self._current.change(change.add_account(project, account))
        else:
            self._current.change(change.replace_account(project, place, account))

    def remove_account(self, place: int) -> None:
        from launchready_tui.project import change

        self._current.change(change.remove_account(self._current.project, place))
        tell(self._app, "Removed. Press u to take that back.")
