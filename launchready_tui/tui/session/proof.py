"""Reads what a founder gives as proof: a link, a file or text."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from launchready_tui.project.model import Proof


def read_proof(text: str, folder: Path, at: datetime) -> Proof:
    """What was typed as proof: a link, a file (with its SHA-256), or plain text.

    A path is taken from `folder`, the one that holds the project file, and recorded as typed.
    """
    if text.lower().startswith(("https://", "http://")) and not any(map(str.isspace, text)):
        return Proof(kind="link", where=text, at=at)
    if "\n" not in text and len(text) < 1000:
        path = folder / Path(text).expanduser()
        try:
            if path.is_file():
                with path.open("rb") as content:
                    digest = hashlib.file_digest(content, "sha256").hexdigest()
                return Proof(kind="file", where=text, sha256=digest, at=at)
        except (OSError, ValueError):
            pass
    return Proof(kind="text", where=text, at=at)
