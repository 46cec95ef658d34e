"""The documents as files: their bytes, writing them whole or not at all, and telling old ones."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from launchready_tui.content.checklist import Checklist
from launchready_tui.documents import html, markdown
from launchready_tui.documents.assemble import PAGES, build_from
from launchready_tui.documents.gate import value
from launchready_tui.documents.source import Source
from launchready_tui.project.model import Project
from launchready_tui.vocabulary.errors import UserError
from launchready_tui.vocabulary.safe_text import show_host

INDEX = "index.html"

# The names that are ours: nothing else in the folder is ever touched.
OURS = (*(f"{page.id}.md" for page in PAGES), INDEX)


class DocumentsNotWritten(UserError):
    """The documents could not be written. Says which file, why, and what to do, in plain words."""

    def __init__(self, title: str, message: str, path: Path) -> None:
        super().__init__(f"{title}. {message}")
        self.title = title
        self.message = message
        self.path = path


def files(project: Project, checklist: Checklist) -> Mapping[str, bytes]:
    """The fourteen files by name: one Markdown file a document, and one page of all to print."""
    source = Source.of(project, checklist)
    documents = build_from(source)
    product = project.product
    about = " · ".join(filter(None, (value(product.name, 100), show_host(product.domain))))
    made = {
        f"{document.id}.md": markdown.write(document, about or "Your product").encode("utf-8")
        for document in documents
    }
    page = html.write(documents, project, f"{source.readiness.headline}.", source.age())
    return {**made, INDEX: page.encode("utf-8")}


def write_all(folder: Path, project: Project, checklist: Checklist) -> list[Path]:
    """Write all fourteen into `folder`, which is made when it is not there; their paths in order.

    Each file is replaced in one step, so that nobody ever reads half of one. Other files in the
    folder stay as they are. Raises `DocumentsNotWritten`.
    """
    made = files(project, checklist)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _not_written(folder, error) from error
    return [_replace(folder / name, content) for name, content in made.items()]


def stale(folder: Path, project: Project, checklist: Checklist) -> tuple[str, ...]:
    """The names of our files in `folder` that are missing or do not say what the file says.

    Documents that an older version wrote under other names are named too: they are never true
    again.
    """
    made = files(project, checklist)
    changed = [name for name, content in made.items() if _read(folder / name) != content]
    return (*changed, *_left_over(folder))


def _left_over(folder: Path) -> list[str]:
    footer = f"{markdown.FOOTER}\n".encode()
    return sorted(
        path.name
        for path in folder.glob("[0-9][0-9]-*.md")
        if path.name not in OURS and (_read(path) or b"").endswith(footer)
    )


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _replace(path: Path, content: bytes) -> Path:
    """Write beside the target, then put it in its place in one step."""
    temporary = ""
    try:
        if path.is_dir():
            raise IsADirectoryError(path)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        with os.fdopen(handle, "wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise _not_written(path, error) from error
    return path


def _not_written(path: Path, error: OSError) -> DocumentsNotWritten:
    import errno

    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            message = "The disk is full. Make some room, then write the documents again."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            message = "We may not write there. Choose another folder, or change its rights."
        case errno.EEXIST | errno.ENOTDIR | errno.EISDIR:
            message = "Something else stands at that place. Move it away, or choose another folder."
        case _ if isinstance(error, IsADirectoryError):
            message = "A folder stands at that place. Move it away, or choose another folder."
        case _:
            message = f"The system says: {error.strerror or 'no reason'}. Try another folder."
    return DocumentsNotWritten(f"Could not write {path.name or path}", message, path)
