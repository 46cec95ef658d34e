"""What the app sends out for: proof, documents, discovery. Plain data in, plain data out."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from launchready_tui.content.checklist import Checklist
from launchready_tui.project.model import Project, Proof

if TYPE_CHECKING:
    from launchready_tui.world import World

FOLDER = "handover"


def read_proof(text: str, folder: Path, at: datetime) -> Proof:
    """What was typed as proof: a link, a file (with its SHA-256), or plain text.

    A path is taken from `folder`, the one that holds the project file, and kept as typed.
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


async def write_documents(path: Path, project: Project, checklist: Checklist) -> tuple[Path, int]:
    """Write all documents beside the project file; the folder, and how many files.

    Raises `DocumentsNotWritten`.
    """
    from launchready_tui.documents import write_all

    folder = path.parent / FOLDER
    files = await asyncio.to_thread(write_all, folder, project, checklist)
    return folder, len(files)


async def discover(
    project: Project,
    checklist: Checklist,
    open_world: Callable[[], AbstractAsyncContextManager[World]],
    asked: Callable[[int], None],
) -> tuple[Project, tuple[str, ...]]:
    """The project with what its domain shows from outside, and notes for the founder.

    `asked` is told every now and then how many questions went out.
    """
    from launchready_tui import discovery
    from launchready_tui.project import change

    async with open_world() as world:
        search = asyncio.create_task(
            discovery.discover(project.domain, world, checklist, label=secrets.token_hex(6))
        )
        try:
            while not search.done():
                await asyncio.wait((search,), timeout=0.2)
                asked(world.asked.dns + world.asked.http + world.asked.tls)
        finally:
            search.cancel()
        found = await search
    project = change.with_hosts(project, found.hosts)
    project = change.with_dns(project, provider=found.dns_provider)
    project = change.with_email(project, providers=found.senders, selectors=found.selectors)
    return project, tuple(found.notes)
