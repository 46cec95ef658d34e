"""Asking git about a repository that a stranger may have made: nothing in it is ever run.

Every call goes through `command` and `environment`: no hooks, no file-system monitor, no pager,
editor, signature program, filter, credential helper or transport; no fetch of what a partial
clone lacks; no system or user configuration. Only plumbing is called that reads objects, names
and the index. Calls that would run filters or text converters (`status`, `diff`, `checkout`) are
none of ours.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from launchready_tui.facts import Unreachable

SECONDS = 30.0  # of one short question
BYTES = 64 * 1024 * 1024  # of one short answer
PIPE = 1024 * 1024
_SET_PIPE_SIZE = 1031  # F_SETPIPE_SZ of Linux, which Python 3.11 lacks on some systems

_SAFE = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.pager=cat",
    "core.editor=false",
    "core.askPass=false",
    "core.sshCommand=false",
    "core.attributesFile=/dev/null",
    "core.untrackedCache=false",
    "core.preloadIndex=false",
    "log.showSignature=false",
    "log.mailmap=false",
    "gpg.program=false",
    "gpg.ssh.program=false",
    "gpg.x509.program=false",
    "credential.helper=",
    "protocol.allow=never",
    "protocol.ext.allow=never",
    "uploadpack.packObjectsHook=",
    "diff.external=",
    "maintenance.auto=false",
    "gc.auto=0",
    # The owner of the folder does not matter, since nothing of the repository is run.
    "safe.directory=*",
    "safe.bareRepository=all",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A repository: the folder of its working tree ("" for a bare one), and of its objects."""

    top: Path | None
    folder: Path


def command(place: Place, *words: str) -> list[str]:
    """The words that run git on a repository, with everything in it that could act switched off."""
    git = shutil.which("git") or "git"
    settings = [part for one in _SAFE for part in ("-c", one)]
    where = [f"--git-dir={place.folder}"]
    if place.top is not None:
        where.append(f"--work-tree={place.top}")
    return [git, "--no-pager", "--no-optional-locks", "--no-replace-objects", *where, *settings,
            *words]  # fmt: skip


def environment() -> dict[str, str]:
    """The few variables that git needs. Nothing of the caller's own that git would obey."""
    kept = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "LC_ALL": "C",
        "HOME": os.devnull,
        "XDG_CONFIG_HOME": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ALLOW_PROTOCOL": "",
        "GIT_PAGER": "cat",
        "GIT_EDITOR": "false",
        "GIT_ASKPASS": "false",
        "GIT_SSH_COMMAND": "false",
        "GIT_OPTIONAL_LOCKS": "0",
    }


def find(path: Path) -> Place | Unreachable:
    """The repository at a folder: "no-git", "no-repository", or "untrusted" where it points away.

    Where `.git` is a file, it must lead to a folder that leads back here: a working tree of the
    same repository, or a submodule. Anything else would have us read somebody else's files.
    """
    if shutil.which("git") is None:
        return Unreachable("no-git")
    try:
        top = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return Unreachable("no-repository", path.name)
    dot = top / ".git"
    if dot.is_symlink():
        return Unreachable("untrusted", ".git")
    if dot.is_dir():
        return Place(top, dot)
    if dot.is_file():
        return _linked(top, dot)
    if (top / "HEAD").is_file() and (top / "objects").is_dir() and (top / "refs").is_dir():
        return Place(None, top)
    return Unreachable("no-repository", path.name)


def _linked(top: Path, dot: Path) -> Place | Unreachable:
    try:
        with dot.open("r", encoding="utf-8") as opened:
            text = opened.read(4096)
    except (OSError, UnicodeDecodeError):
        return Unreachable("untrusted", ".git")
    head, _, target = text.strip().partition("gitdir:")
    folder = (top / target.strip()).resolve()
    if head or not target.strip() or not folder.is_dir():
        return Unreachable("untrusted", ".git")
    back = folder / "gitdir"  # what a linked working tree leaves (gitrepository-layout)
    try:
        if back.is_file() and Path(back.read_text("utf-8")[:4096].strip()).resolve() == dot:
            return Place(top, folder)
        settings = (folder / "config").read_text("utf-8")[:65536] if not back.is_file() else ""
    except (OSError, UnicodeDecodeError):
        return Unreachable("untrusted", ".git")
    for line in settings.splitlines():  # a submodule's: `worktree = ../../../here`
        name, _, value = line.strip().partition("=")
        if name.strip().lower() == "worktree" and (folder / value.strip()).resolve() == top:
            return Place(top, folder)
    return Unreachable("untrusted", ".git")


def ask(place: Place, *words: str, seconds: float = SECONDS) -> bytes | Unreachable:
    """The whole answer to a short question; "damaged" where git could not, "timeout" for long."""
    with running(place, *words) as process:
        assert process.stdout is not None
        timer = threading.Timer(seconds, process.kill)
        timer.start()
        try:
            out = bytearray()
            while chunk := process.stdout.read(PIPE):
                out += chunk
                if len(out) > BYTES:
                    return Unreachable("too-large", words[0])
            code = process.wait()
        finally:
            timed_out = not timer.is_alive()
            timer.cancel()
    if code != 0:
        return Unreachable("timeout" if timed_out else "damaged", words[0])
    return bytes(out)


@contextmanager
def running(place: Place, *words: str, feed: bool = False) -> Iterator[subprocess.Popen[bytes]]:
    """A git process whose output is read as it comes; it ends with the block, whatever happens."""
    # Our own words and a path that was resolved; no shell reads them.
    process = subprocess.Popen(  # noqa: S603 - as the line above says
        command(place, *words),
        stdin=subprocess.PIPE if feed else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
        cwd=place.top or place.folder,
        bufsize=0,
    )
    try:
        _widen(process.stdout)
        yield process
    finally:
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                _quietly(stream.close)
        process.wait()


def _quietly(close: Callable[[], None]) -> None:
    try:
        close()
    except OSError:  # what was still to be written has nobody to read it
        return


def _widen(stream: IO[bytes] | None) -> None:
    """A pipe of 1 MB where the system has them: fewer turns between git and us."""
    try:
        import fcntl

        if stream is not None:
            fcntl.fcntl(stream.fileno(), _SET_PIPE_SIZE, PIPE)
    except (ImportError, OSError):
        return
