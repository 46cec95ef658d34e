"""Begins with a project: one that is here, or a new one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App

from launchready_tui.project.model import Project
from launchready_tui.tui.parts.audits import Audits
from launchready_tui.tui.parts.current_project import CurrentProject
from launchready_tui.tui.parts.navigation import Navigation
from launchready_tui.tui.parts.notes import tell
from launchready_tui.tui.parts.saving import Saving

if TYPE_CHECKING:
    from launchready_tui.project.file import Loaded


class Projects:
    """`folder` is where a new project is written, `recent` the list of files opened lately."""

    def __init__(
        self,
        app: App[None],
        current: CurrentProject,
        saving: Saving,
        audits: Audits,
        navigation: Navigation,
        folder: Path,
        recent: Path | None,
    ) -> None:
        self._app, self._current, self._saving = app, current, saving
        self._audits, self._navigation = audits, navigation
        self._folder, self._recent = folder, recent

    def open(self, path: Path) -> None:
        from launchready_tui.verdict import project_file

        checklist = self._current.state.checklist
        self._begin_with(lambda: project_file.read(path, checklist))

    def make(self, project: Project) -> None:
        """The founder is content with what was found: write the file and begin."""
        from launchready_tui.project import file

        path = self._folder / file.NAME
        if self._begin_with(lambda: file.create(path, project)):
            self._audits.want()

    def _begin_with(self, load: Callable[[], Loaded]) -> bool:
        from launchready_tui.project.errors import ProjectError

        try:
            loaded = load()
        except ProjectError as error:
            tell(self._app, str(error), "error")
            return False
        self.begin(loaded)
        return True

    def begin(self, loaded: Loaded, *, playing: bool = False) -> None:
        from launchready_tui.tui.session.nearby import remember

        if self._recent is not None:
            remember(loaded.path, self._recent)
        self._saving.begin(loaded)
        self._current.open(loaded, playing=playing)
        self.tell_warnings(loaded)
        self._navigation.open_stage()

    def tell_warnings(self, loaded: Loaded) -> None:
        """What the file holds that we do not know, in one note."""
        if loaded.warnings:
            tell(self._app, "\n".join(loaded.warnings), "warning", seconds=20)
