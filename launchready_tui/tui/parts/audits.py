"""Audits on the screens: a yes before the first one, findings as they arrive, the record."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from contextlib import aclosing

from msgspec.structs import replace
from textual.app import App
from textual.worker import Worker

from launchready_tui.tui.parts import workers
from launchready_tui.tui.parts.current_project import CurrentProject
from launchready_tui.tui.parts.notes import tell
from launchready_tui.tui.session.audit_run import Progress, Scope, latest, questions, run
from launchready_tui.tui.state import Checking

_REPAINT = 0.2  # seconds between two looks at findings that came in


class Audits:
    """Runs one audit at a time."""

    def __init__(self, app: App[None], current: CurrentProject) -> None:
        self._app, self._current = app, current
        self._worker: Worker[None] | None = None
        self._progress = Progress()
        self._painted = 0  # findings of the running audit that are on the screen

    def want(self, stages: Sequence[int] = (), only: Sequence[str] = ()) -> None:
        """Audit some stages, or checks by id; everything when both are empty."""
        state = self._current.state
        if state.loaded is None:
            return
        if state.checking.running:
            tell(self._app, "Checks are running. Press esc to stop them.")
            return
        scope = Scope(tuple(stages), tuple(only))
        if state.project.audits or state.playing:
            self.start(scope)
        else:
            workers.work(self._app, self._ask_first(scope), "consent", exclusive=True)

    async def _ask_first(self, scope: Scope) -> None:
        """Before the first audit of a domain: the list of all that will be asked, and a yes."""
        from launchready_tui.tui.screens.consent import Consent

        groups = await questions(scope, self._current.project, self._current.state.checklist)

        def decided(agreed: bool | None) -> None:
            if agreed and not self._current.state.checking.running:
                self.start(scope)

        if groups and not isinstance(self._app.screen, Consent):
            self._app.push_screen(Consent(self._current.project.domain, groups), decided)
        elif not groups:
            self.start(scope)

    def start(self, scope: Scope) -> None:
        self._progress, self._painted = Progress(), 0
        self._current.show(replace(self._current.state, checking=Checking(0, 1)))
        self._worker = workers.work(self._app, self._run(scope), "audit")

    def stop(self) -> None:
        """Cancel what is still open; `_run` records what came in."""
        workers.stop(self._worker)

    async def end(self) -> None:
        """Cancel, and wait until what came in is recorded."""
        await workers.end(self._worker)

    async def _run(self, scope: Scope) -> None:
        """Show findings as they arrive; record them at the end, also when stopped half-way."""
        from launchready_tui.world import BadOption, open_below

        timer = self._app.set_interval(_REPAINT, self._show_progress)
        partial = True
        try:
            state = self._current.state
            folder = state.loaded.path.parent if state.loaded else None
            opens = functools.partial(open_below, self._current.open_world, folder)
            async with aclosing(run(scope, state.project, state.checklist, opens)) as steps:
                async for self._progress in steps:
                    pass
            partial = scope.partial
        except BadOption as error:
            tell(self._app, str(error), "error")
        finally:
            timer.stop()
            self._record(partial)
        if not self._progress.planned:
            tell(self._app, "There is nothing to look at here: only you know.")

    def _show_progress(self) -> None:
        """Put what came in on the screen. The audit joins the file's list only at its end."""
        from launchready_tui.project import change

        progress, state = self._progress, self._current.state
        fresh = progress.findings[self._painted :]
        checking = Checking(progress.checked, max(progress.planned, 1))
        if not fresh and checking == state.checking:
            return
        self._painted = len(progress.findings)
        project = change.with_findings(state.project, latest(fresh))
        self._current.show(replace(state.with_project(project), checking=checking))

    def _record(self, partial: bool) -> None:
        from launchready_tui.project import change

        findings, now = self._progress.findings, self._current.clock()
        state = replace(self._current.state, checking=Checking(), now=now)
        if not findings:
            self._current.show(state)
            return
        project = change.record(
            state.project, latest(findings), at=now, by=state.user, partial=partial
        )
        self._current.store(state.with_project(project))
