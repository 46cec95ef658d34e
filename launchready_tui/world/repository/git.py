"""Asking git about a repository that a stranger may have made: nothing in it is ever run.

Every call goes through `command` and `environment`: no hooks, no file-system monitor, no pager,
editor, signature program, filter, credential helper or transport; no fetch of what a partial
clone does not have; no system or user configuration. Only plumbing is called that reads objects,
names and the index. Calls that would run filters or text converters (`status`, `diff`,
`checkout`) are none of ours.
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

from launchready_tui.vocabulary.facts import Unreachable

# How the founder's own git finds its way to a code host.
_OWN = ("GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_CONFIG_GLOBAL",
        "GIT_ASKPASS")  # fmt: skip
SECONDS = 30.0  # of one short question
BYTES = 64 * 1024 * 1024  # of one short answer
PIPE = 1024 * 1024
_SET_PIPE_SIZE = 1031  # F_SETPIPE_SZ of Linux, missing in Python 3.11 on some systems

_SAFE = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.pager=cat",
    "core.editor=false",
    "core.attributesFile=/dev/null",
    "core.untrackedCache=false",
    "core.preloadIndex=false",
    "log.showSignature=false",
    "log.mailmap=false",
    "gpg.program=false",
    "gpg.ssh.program=false",
    "gpg.x509.program=false",
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
_ALONE = ("core.askPass=false", "core.sshCommand=false", "credential.helper=")
# For a repository of our own, which asks a code host as the founder's own git would.
_REACHING = ("protocol.https.allow=always", "protocol.ssh.allow=always")


@dataclass(frozen=True, slots=True)
class Place:
    """A repository: the folder of its working tree ("" for a bare one), and of its objects."""

    top: Path | None
    folder: Path


def command(place: Place, *words: str, reach: bool = False) -> list[str]:
    """The words that run git on a repository, with everything in it that could act switched off.

    Only in a repository that we made may it `reach` out, over https and ssh.
    """
    git = shutil.which("git") or "git"
    settings = [part for one in (*_SAFE, *(_REACHING if reach else _ALONE)) for part in ("-c", one)]
    where = [f"--git-dir={place.folder}"]
    if place.top is not None:
        where.append(f"--work-tree={place.top}")
    return [git, "--no-pager", "--no-optional-locks", "--no-replace-objects", *where, *settings,
            *words]  # fmt: skip


def environment(*, reach: bool = False) -> dict[str, str]:
    """The few variables that git needs. Nothing of the caller's own that git would obey, but where
    it reaches out: then the founder's own keys and settings count, and nobody is asked."""
    if reach:
        own = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("GIT_") or name in _OWN
        }
        return own | {"GIT_ALLOW_PROTOCOL": "https:ssh", "GIT_TERMINAL_PROMPT": "0"}
    passed = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")
    return {name: os.environ[name] for name in passed if name in os.environ} | {
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


def tracked(place: Place) -> tuple[str, ...] | Unreachable:
    """The paths that git keeps, as the index has them."""
    listed = ask(place, "ls-files", "-z")
    if isinstance(listed, Unreachable):
        return listed
    return tuple(path.decode("utf-8", "surrogateescape") for path in listed.split(b"\0") if path)


def gaps(place: Place) -> tuple[str, ...]:
    """Why the history here is not all of it: "shallow", "partial"."""
    found = []
    answer = ask(place, "rev-parse", "--is-shallow-repository")
    if answer == b"true\n":
        found.append("shallow")
    partial = ask(place, "config", "--local", "--get-regexp", r"^remote\..*\.promisor$")
    if not isinstance(partial, Unreachable) and b"true" in partial.lower():
        found.append("partial")
    return tuple(found)


@contextmanager
def running(place: Place, *words: str, feed: bool = False) -> Iterator[subprocess.Popen[bytes]]:
    """A git process whose output is read as it comes; it ends with the block, whatever happens."""
    # Our own words and a path that was resolved; no shell reads them.
    process = subprocess.Popen(  # noqa: S603 - our own words, and no shell
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
