"""The demo: a made-up marketplace whose faults can be fixed one by one."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from textual.app import App

from launchready_tui.tui.parts.audits import Audits
from launchready_tui.tui.parts.current_project import CurrentProject
from launchready_tui.tui.parts.notes import tell
from launchready_tui.tui.parts.projects import Projects
from launchready_tui.tui.parts.workers import work
from launchready_tui.tui.session.audit_run import Scope
from launchready_tui.vocabulary.findings import Finding

if TYPE_CHECKING:
    from launchready_tui.lab import Lab


class Demo:
    """`faults` are what the lab plays. The lab is None until the demo has begun."""

    def __init__(
        self,
        app: App[None],
        current: CurrentProject,
        audits: Audits,
        projects: Projects,
        lab: Lab | None,
        faults: tuple[str, ...],
    ) -> None:
        self._app, self._current = app, current
        self._audits, self._projects = audits, projects
        self._lab, self._faults = lab, faults
        self._until_end = AsyncExitStack()  # the lab, when the demo began on the welcome screen

    def begin(self) -> None:
        """Open the demo from the welcome screen."""
        tell(self._app, "Starting the demo.")
        work(self._app, self._begin(), "demo")

    async def _begin(self) -> None:
        from launchready_tui.tui.session.demo import open_demo

        demo = await self._until_end.enter_async_context(open_demo(self._current.clock))
        self._lab, self._faults = demo.lab, demo.faults
        self._current.open_world = demo.open_world
        self._projects.begin(demo.loaded, playing=True)
        self._audits.want()

    async def end(self) -> None:
        await self._until_end.aclose()

    def fix(self, finding: Finding) -> None:
        """Play the world without the fault behind this finding, look again, say what changed."""
        from launchready_tui.lab.faults import broken
        from launchready_tui.tui.session.demo import fault_behind

        if self._lab is None or self._current.state.checking.running:
            return
        fault = fault_behind(finding, self._faults)
        if fault is None:
            tell(self._app, "This one is not ours to fix: it is part of the demo's story.")
            return
        self._faults = tuple(id for id in self._faults if id != fault.id)
        self._lab.play(broken(self._faults))
        tell(self._app, f"Fixed: {fault.fixed}", seconds=15)
        checks = dict.fromkeys((finding.check, fault.check, *fault.also))
        self._audits.start(Scope(only=tuple(checks)))
