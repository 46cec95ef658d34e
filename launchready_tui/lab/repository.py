"""The founder's repository in the lab: made by git itself, once for each history that is played.

It takes a tenth of a second, so a process keeps what it made until it ends. Without git there is
none, and the checks say that they could not look.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

NAME = "harbor-market"  # the folder, and so the path in the project file
_DAY = "2026-10-0{day}T09:00:00Z"


@dataclass(frozen=True, slots=True)
class Commit:
    """Files that a commit writes, path and text; None takes a file away."""

    message: str
    files: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A history, the files that lie beside it untracked, and the address it is sent to."""

    commits: tuple[Commit, ...] = ()
    beside: tuple[tuple[str, str], ...] = ()
    remote: str = ""


_made: dict[Source, Path] = {}
_lock = threading.Lock()


def folder_of(source: Source) -> Path:
    """The folder in which the repository lies under `NAME`."""
    with _lock:
        known = _made.get(source)
        if known is None:
            if not _made:
                atexit.register(_forget)
            known = Path(tempfile.mkdtemp(prefix="launchready-source-"))
            try:
                _make(source, known / NAME)
            except BaseException:
                shutil.rmtree(known, ignore_errors=True)
                raise
            _made[source] = known
        return known


def _forget() -> None:
    for folder in _made.values():
        shutil.rmtree(folder, ignore_errors=True)


def _make(source: Source, root: Path) -> None:
    root.mkdir()
    git = shutil.which("git")
    if git is not None:
        _git(git, root, "init", "--quiet", "--initial-branch=main")
    for day, commit in enumerate(source.commits, 1):
        for path, text in commit.files:
            _write(root / path, text)
        if git is not None:
            _git(git, root, "add", "--all", "--force")
            _git(git, root, "commit", "--quiet", "--allow-empty", "--message", commit.message,
                 day=day)  # fmt: skip
    for path, text in source.beside:
        _write(root / path, text)
    if git is not None and source.remote:
        _git(git, root, "remote", "add", "origin", source.remote)


def _write(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _git(git: str, root: Path, *words: str, day: int = 1) -> None:
    who = {"NAME": "Tomás Reyes", "EMAIL": "tomas@harbor.example", "DATE": _DAY.format(day=day)}
    env = {
        f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in who.items()
    }
    env |= {"PATH": os.environ.get("PATH", ""), "HOME": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"}  # fmt: skip
    subprocess.run([git, *words], cwd=root, env=env, check=True, capture_output=True)  # noqa: S603 - our own words
