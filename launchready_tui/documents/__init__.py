"""The thirteen documents: pure from the project file and the content, then written as files."""

from __future__ import annotations

from launchready_tui.documents.assemble import build
from launchready_tui.documents.blocks import Document
from launchready_tui.documents.files import DocumentsNotWritten, files, stale, write_all

__all__ = ["Document", "DocumentsNotWritten", "build", "files", "stale", "write_all"]
