"""The app's middle: everything that looks outside or writes beside the file, as workers.

Workers live on the app, because a screen's own are cancelled when the screen goes. They return
data or change the state; widgets are none of their business.
"""

from __future__ import annotations

import functools
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual.worker import Worker, WorkerCancelled, WorkerFailed

from launchready_tui.project.model import AuditRecord
from launchready_tui.tui import messages
from launchready_tui.tui.inbox_watch import InboxWatch
from launchready_tui.tui.session.looking import Glimpse, Wanted, latest, look
from launchready_tui.tui.state import Checking, Written
from launchready_tui.tui.widgets.look import clock_time
from launchready_tui.vocabulary.findings import Finding

if TYPE_CHECKING:
    from launchready_tui.tui.screens.dns_change import DnsChangeScreen

_REPAINT = 0.2  # seconds between two looks at findings that came in


class Lookout(InboxWatch):
    """Runs audits, mends the demo, writes the documents."""

    _looking: Worker[None] | None = None
    _glimpse: Glimpse = Glimpse((), 0, 0)
    _judging: Worker[None] | None = None
    _painted = 0  # findings of the running audit that are on the screen

    # Audits

    def on_check_wanted(self, message: messages.CheckWanted) -> None:
        if self.state.loaded is None:
            return
        if self.state.checking.running:
            self.tell("Checks are running. Press esc to stop them.")
            return
        wanted = Wanted(tuple(message.stages), tuple(message.only))
        if self.state.project.audits or self.lab is not None:
            self.start_look(wanted)
        else:
            self.run_worker(self._ask_first(wanted), group="asking", exclusive=True)

    async def _ask_first(self, wanted: Wanted) -> None:
        """Before the first audit of a domain: the list of all that will be asked, and a yes."""
        from launchready_tui.tui.screens.consent import Consent
        from launchready_tui.tui.session.looking import asked

        groups = await asked(wanted, self.state.project, self.state.checklist)

        def decided(agreed: bool | None) -> None:
            if agreed and not self.state.checking.running:
                self.start_look(wanted)

        if groups and not isinstance(self.screen, Consent):
            self.push_screen(Consent(self.state.project.domain, groups), decided)
        elif not groups:
            self.start_look(wanted)

    def start_look(self, wanted: Wanted) -> None:
        self._glimpse, self._painted = Glimpse((), 0, 0), 0
        self.show(replace(self.state, checking=Checking(0, 1)))
        self._looking = self.work(self._look(wanted), "look")

    def on_check_stopped(self) -> None:
        """Cancel what is still open; `_look` keeps what came in."""
        if self._looking is not None:
            self._looking.cancel()

    async def stop_looking(self) -> None:
        """Cancel, and wait until what came in is recorded."""
        looking = self._looking
        if looking is not None and not looking.is_finished:
            looking.cancel()
            with suppress(WorkerCancelled, WorkerFailed):
                await looking.wait()

    async def _look(self, wanted: Wanted) -> None:
        """Show findings as they arrive; record them at the end, also when stopped half-way."""
        from launchready_tui.world import BadOption, open_below

        before = self.state.project.audits
        timer = self.set_interval(_REPAINT, lambda: self._show_glimpse(before))
        partial = True
        try:
            project, checklist = self.state.project, self.state.checklist
            folder = self.state.loaded.path.parent if self.state.loaded else None
            opens = functools.partial(open_below, self.open_world, folder)
            async with aclosing(look(wanted, project, checklist, opens)) as glimpses:
                async for self._glimpse in glimpses:
                    pass
            partial = wanted.partial
        except BadOption as error:
            self.tell(str(error), "error")
        finally:
            timer.stop()
            self._record(before, partial)
        if not self._glimpse.planned:
            self.tell("There is nothing to look at here: only you know.")

    def _show_glimpse(self, before: tuple[AuditRecord, ...]) -> None:
        """Put what came in on the screen. The audit stands in the file's list only at its end."""
        from launchready_tui.project import change

        glimpse = self._glimpse
        fresh = glimpse.findings[self._painted :]
        checking = Checking(glimpse.checked, max(glimpse.planned, 1))
        if not fresh and checking == self.state.checking:
            return
        self._painted = len(glimpse.findings)
        project = change.record(self.state.project, latest(fresh), at=self.clock(), partial=True)
        state = self.state.with_project(replace(project, audits=before))
        self.show(replace(state, checking=checking))

    def _record(self, before: tuple[AuditRecord, ...], partial: bool) -> None:
        from launchready_tui.project import change

        glimpse, state = self._glimpse, replace(self.state, checking=Checking(), now=self.clock())
        if not glimpse.findings:
            self.show(state)
            return
        project = change.record(
            replace(state.project, audits=before),
            latest(glimpse.findings),
            at=self.clock(),
            by=state.user,
            partial=partial,
        )
        self.show(state.with_project(project))
        self.save()

    # The demo

    async def on_fix_wanted(self, message: messages.FixWanted) -> None:
        if self.lab is None or self.state.checking.running:
            return
        self.fix(message.finding)

    def fix(self, finding: Finding) -> None:
        """Play the world without the fault behind this finding, look again, say what changed."""
        from launchready_tui.lab.faults import broken
        from launchready_tui.tui.session.demo import fault_behind

        fault = fault_behind(finding, self.faults)
        if fault is None or self.lab is None:
            self.tell("This one is not ours to fix: it is part of the demo's story.")
            return
        self.faults = tuple(id for id in self.faults if id != fault.id)
        self.lab.play(broken(self.faults))
        self.tell(f"Fixed: {fault.mended}", seconds=15)
        self.start_look(
            Wanted(only=tuple(dict.fromkeys((finding.check, fault.check, *fault.also))))
        )

    # A planned DNS change

    def on_plan_wanted(self, message: messages.PlanWanted) -> None:
        from launchready_tui.tui.screens.dns_change import DnsChangeScreen

        if isinstance(self.screen, DnsChangeScreen) and self.state.loaded is not None:
            self._judging = self.run_worker(
                self._judge(self.screen, message.path),
                group="plan",
                exclusive=True,
                exit_on_error=False,
            )

    def on_plan_stopped(self) -> None:
        if self._judging is not None:
            self._judging.cancel()

    async def _judge(self, screen: DnsChangeScreen, typed: str) -> None:
        """Hand the judgement, or why there is none, to the screen that asked, if it is there."""
        from launchready_tui.guards.errors import PlanError
        from launchready_tui.tui.session.planning import judge_plan
        from launchready_tui.world import BadOption

        loaded, project, checklist = self.state.loaded, self.state.project, self.state.checklist
        if loaded is None:
            return
        try:
            judgement = await judge_plan(
                typed, loaded.path.parent, project, checklist, self.open_world
            )
            if screen.is_attached:
                screen.show_judgement(judgement)
        except (PlanError, BadOption) as error:
            if screen.is_attached:
                screen.show_refusal(str(error))
        finally:
            if screen.is_attached:
                screen.show_stopped()

    # Documents

    def on_write_wanted(self) -> None:
        if self.state.loaded is not None:
            self.work(self._write(), "write")

    async def _write(self) -> None:
        from launchready_tui.documents import DocumentsNotWritten
        from launchready_tui.tui.session.errands import write_documents

        state = self.state
        if state.loaded is None:
            return
        try:
            folder, count = await write_documents(state.loaded.path, state.project, state.checklist)
        except DocumentsNotWritten as error:
            self.tell(str(error), "error")
            return
        written = Written(clock_time(self.clock()), count, str(folder))
        self.show(replace(self.state, written=written))
        self.tell(f"{count} files written, in {folder}")
