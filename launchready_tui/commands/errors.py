"""Errors that a person can act on, as one block of words. Others are bugs and show as bugs."""

from __future__ import annotations


def explain(error: Exception) -> str | None:
    """The words for an error that we raise on purpose, or None for one that we do not know."""
    from launchready_tui.audit import UnknownCheck
    from launchready_tui.content.checklist import ContentError
    from launchready_tui.documents import DocumentsNotWritten
    from launchready_tui.guards.errors import PlanError
    from launchready_tui.project.file import ProjectError
    from launchready_tui.vocabulary.safe_text import BadHost, clean
    from launchready_tui.world import BadOption
    from launchready_tui.world.credentials import CredentialError
    from launchready_tui.world.repository.reviewed_list import BadList

    ours = (
        ProjectError,
        BadHost,
        BadOption,
        UnknownCheck,
        ContentError,
        DocumentsNotWritten,
        PlanError,
        CredentialError,
        BadList,
    )
    return clean(str(error)) if isinstance(error, ours) else None
