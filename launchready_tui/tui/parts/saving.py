"""Saving: says where it stands, tries again by itself, and asks whose change stays.

There is one question at a time, about the latest conflict, and one timer for the next try.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual.app import App
from textual.timer import Timer

from launchready_tui.tui.parts.current_project import CurrentProject
from launchready_tui.tui.parts.notes import tell
from launchready_tui.tui.parts.workers import work
from launchready_tui.tui.session.saving import Failed, Saved, Saver
from launchready_tui.tui.state import Save

if TYPE_CHECKING:
    from launchready_tui.project.errors import Clash, Conflict, ProjectError
    from launchready_tui.project.file import Loaded
    from launchready_tui.project.nodes import Keep
    from launchready_tui.tui.screens.choose import Choose

LOCKED_AGAIN = 2.0  # seconds to the next try while another LaunchReady saves
FAILED_AGAIN = 10.0  # the same after any other failure: the disk is full, its folder is gone


class Saving:
    """Brings every change of the project in hand to its file."""

    def __init__(self, app: App[None], current: CurrentProject) -> None:
        self._app, self._current = app, current
        self._saver: Saver | None = None
        self._next_try: Timer | None = None
        self._noted = ""  # the failure that the last note was about
        self._question: Choose | None = None
        self._clashes: tuple[Clash, ...] = ()  # what the question is about
        self._postponed: tuple[Clash, ...] = ()  # what somebody wants to decide later
        self._when_settled: Callable[[bool], None] | None = None

    def begin(self, loaded: Loaded) -> None:
        """Save into this file from now on."""
        self._saver = Saver(loaded, lambda: self._current.project, self._report)

    @property
    def clean(self) -> bool:
        """Whether everything is on the disk, or there is no file yet."""
        return self._saver is None or self._saver.clean

    def save(self, keep: Keep = "ask") -> None:
        if self._saver is None or self._saver.clean:
            return
        self._saver.request(keep)
        state = self._current.state
        if state.save.step != "failed":  # that stays to be read until a save goes through
            self._current.show(replace(state, save=Save("waiting")))
        work(self._app, self._saver.run(), "save")

    def save_again(self) -> None:
        """Somebody asks for it: what was noted or put off before is said and asked once more."""
        self._noted, self._postponed = "", ()
        self.save()

    async def finish(self) -> None:
        """Try to bring everything to the disk now."""
        if self._saver is not None and not self._saver.clean:
            self._noted, self._postponed = "", ()
            self._saver.request()
            await self._saver.run()

    # What came of a try

    def _report(self, result: Saved | Failed) -> None:
        if self._next_try is not None:
            self._next_try.stop()
            self._next_try = None
        if isinstance(result, Failed):
            self._failed(result.error)
        else:
            self._saved(result)

    def _saved(self, result: Saved) -> None:
        state = self._current.state
        if result.merged is not state.project:
            state = state.with_project(result.merged)
        self._noted, self._postponed = "", ()
        save = Save("saved", self._current.clock())
        self._current.show(replace(state, loaded=result.loaded, save=save))
        if self._question is not None and self._app.screen is self._question:
            self._question.dismiss("saved")

    def _failed(self, error: ProjectError) -> None:
        from launchready_tui.project.errors import Conflict, Locked

        reason = error.message.partition(". ")[0].removesuffix(".")
        save = Save("failed", self._current.clock(), reason, error.message)
        self._current.show(replace(self._current.state, save=save))
        if isinstance(error, Conflict):
            self._ask_whose(error)
            return
        seconds = LOCKED_AGAIN if isinstance(error, Locked) else FAILED_AGAIN
        self._next_try = self._app.set_timer(seconds, self.save)
        if error.message != self._noted and not isinstance(error, Locked):
            self._noted = error.message
            tell(self._app, f"Not saved. {error.message}", "error")

    # A conflict

    @property
    def asking(self) -> bool:
        """Whether the question about a conflict is open."""
        return self._question is not None and self._question in self._app.screen_stack

    def when_settled(self, do: Callable[[bool], None]) -> None:
        """Call this once the open question is over, with whether it was decided."""
        self._when_settled = do

    def _ask_whose(self, conflict: Conflict) -> None:
        """Somebody changed the same thing: show both, and let the founder choose."""
        from launchready_tui.tui.screens.choose import Choose

        if conflict.clashes == self._postponed:
            return
        self._clashes = conflict.clashes
        mask = self._current.state.mask
        says = "\n".join(
            f"{clash.what}. Yours: {mask.note(clash.mine)}. Theirs: {mask.note(clash.theirs)}."
            for clash in conflict.clashes[:5]
        )
        if self._question is not None and self.asking:
            self._question.say(says)
            return
        options = (("mine", "Keep mine"), ("theirs", "Take theirs"), ("later", "Decide later"))
        self._question = question = Choose(conflict.title, says, options)
        self._app.push_screen(question, lambda choice: self._decided(question, choice))

    def _decided(self, question: Choose, choice: str | None) -> None:
        if self._question is question:
            self._question = None
        if choice == "mine":
            self.save("mine")
        elif choice == "theirs":
            self.save("theirs")
        elif choice != "saved":
            self._postponed = self._clashes
        do, self._when_settled = self._when_settled, None
        if do is not None:
            do(choice in ("mine", "theirs", "saved"))
