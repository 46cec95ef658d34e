"""Pull requests of a code host, fetched into a repository of our own.

The commits that only pull requests have are missing in a clone. They come over https or ssh alone,
when somebody asked for it, and into a private mirror: the founder's repository is neither changed
nor are its settings obeyed. The mirror borrows its objects: little is fetched, nothing copied.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import threading
import time
from pathlib import Path

from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world.repository import git

SECONDS = 900.0  # of one fetch
LARGEST = 4 << 30  # bytes of a mirror; beyond it we stop
_TURN = 0.2  # seconds between two looks at a fetch
# GitHub and Forgejo; GitLab; Bitbucket's own server.
_SPECS = (
    "+refs/pull/*/head:refs/pull/*/head",
    "+refs/merge-requests/*/head:refs/merge-requests/*/head",
    "+refs/pull-requests/*/from:refs/pull-requests/*/from",
)
_HTTPS = re.compile(r"https://(?:[^/@\s]*@)?(?P<host>[A-Za-z0-9][A-Za-z0-9.-]*)(?::\d{1,5})?/\S+")
_SSH = re.compile(
    r"(?:ssh://(?:[A-Za-z0-9._~-]+@)?(?P<host>[A-Za-z0-9][A-Za-z0-9.-]*)(?::\d{1,5})?/\S+"
    r"|(?:[A-Za-z0-9._~-]+@)?(?P<short>[A-Za-z0-9][A-Za-z0-9.-]*):(?!:|//)[^\s:]\S*)"
)


def address(place: git.Place) -> tuple[str, str] | None:
    """The address that the repository is fetched from and its host; None where it has none that
    is https or ssh."""
    for words in (("remote.origin.url",), ("--get-regexp", r"^remote\..*\.url$")):
        reply = git.ask(place, "config", *(words if len(words) > 1 else ("--get", *words)))
        if isinstance(reply, Unreachable):
            continue
        url = reply.decode("utf-8", "replace").partition("\n")[0].rpartition(" ")[2]
        if found := _HTTPS.fullmatch(url) or _SSH.fullmatch(url):
            groups = found.groupdict()
            return url, groups["host"] or groups.get("short") or ""
    return None


def mirror(place: git.Place, folder: Path, stop: threading.Event) -> git.Place | Unreachable:
    """A repository with all that `place` has, and every pull request besides.

    "no-remote" where there is no address to ask, "history-cut" where a part is missing in the clone
    itself, "not-fetched" where the code host did not hand them over, "stopped" when `stop` is set.
    """
    known = address(place)
    if known is None:
        return Unreachable("no-remote")
    if gaps := git.gaps(place):
        return Unreachable("history-cut", ", ".join(gaps))
    name = hashlib.sha256(os.fsencode(place.folder.resolve())).hexdigest()[:32]
    own = git.Place(None, folder / f"{name}.git")
    failed = _prepare(place, own, known[0])
    return failed or _fetch(own, known[1], stop) or own


def _prepare(place: git.Place, own: git.Place, url: str) -> Unreachable | None:
    """An empty repository that borrows the objects of `place` and has its references."""
    objects = git.ask(place, "rev-parse", "--git-path", "objects")
    refs = git.ask(place, "for-each-ref", "--format=%(objectname) %(refname)")
    head = git.ask(place, "rev-parse", "--verify", "--quiet", "HEAD")
    for reply in (objects, refs):
        if isinstance(reply, Unreachable):
            return reply
    assert isinstance(objects, bytes)
    assert isinstance(refs, bytes)
    base = place.top or place.folder
    borrowed = os.fsencode((base / os.fsdecode(objects.rstrip(b"\n"))).resolve())
    if b"\n" in borrowed or borrowed.startswith((b"#", b'"')):
        return Unreachable("no-remote", "the folder's name")
    shutil.rmtree(own.folder / "refs", ignore_errors=True)
    for name in ("objects/info", "refs"):
        (own.folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    width = 40 if isinstance(head, Unreachable) else len(head.strip())
    files = {
        "config": _config(url, width),
        "objects/info/alternates": borrowed + b"\n",
        "packed-refs": b"# pack-refs with:\n" + b"".join(sorted(refs.splitlines(keepends=True))),
        "HEAD": b"ref: refs/heads/none\n" if isinstance(head, Unreachable) else head,
    }
    for path, data in files.items():
        with open(own.folder / path, "wb", opener=_private) as opened:
            opened.write(data)
    return None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)  # an address may hold a password


def _config(url: str, width: int) -> bytes:
    quoted = url.replace("\\", "\\\\").replace('"', '\\"')
    sha256 = width == 64
    lines = [
        "[core]",
        f"repositoryformatversion = {int(sha256)}",
        "bare = true",
        *(["[extensions]", "objectformat = sha256"] if sha256 else []),
        '[remote "pulls"]',
        f'url = "{quoted}"',
        *(f"fetch = {spec}" for spec in _SPECS),
    ]
    return "\n".join((*lines, "")).encode()


def _fetch(own: git.Place, host: str, stop: threading.Event) -> Unreachable | None:
    words = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules",
             "pulls")  # fmt: skip
    started = time.monotonic()
    # Our own words in a repository of our own; no shell reads them.
    process = subprocess.Popen(  # noqa: S603 - our own words, and no shell
        git.command(own, *words, reach=True),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,  # it may say the address, and that may hold a password
        env=git.environment(reach=True),
        cwd=own.folder,
    )
    try:
        while process.poll() is None:
            if stop.wait(_TURN):
                return Unreachable("stopped", "fetch")
            if time.monotonic() - started > SECONDS:
                return Unreachable("timeout", "fetch")
            if _size(own.folder) > LARGEST:
                return Unreachable("too-large", "fetch")
    finally:
        process.terminate()  # git takes its half-made files away
        process.wait()
    return Unreachable("not-fetched", host) if process.returncode else None


def _size(folder: Path) -> int:
    """Bytes of all files of the mirror's own."""
    total = 0
    for path in (folder / "objects" / "pack").glob("*"):
        try:
            total += path.stat().st_size
        except OSError:  # git has just renamed it
            continue
    return total


def folder() -> Path:
    """Where mirrors are kept on this computer."""
    from platformdirs import user_cache_path

    return user_cache_path("launchready") / "pulls"
