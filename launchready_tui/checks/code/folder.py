"""The folder of the founder's code, as what is looked at by checks that read it."""

from __future__ import annotations

from launchready_tui.project.model import Project


def repositories(project: Project) -> tuple[str, ...]:
    """The folder of the code, as the project file has it; none where it names none."""
    return (project.repository.path,) if project.repository.path else ()
