"""The founder's repository: what is in it, what it forgot to keep out, where it is sent to.

Everything blocks on disk, so it runs in threads; a caller that is cancelled stops them.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world.flight import Flight
from launchready_tui.world.repository import git

if TYPE_CHECKING:
    from launchready_tui.rules.code.delivery import Delivery, Remotes
    from launchready_tui.world.credentials import Vault
    from launchready_tui.world.repository.fingerprints import Fingerprints
    from launchready_tui.world.repository.reviewed_list import LookedAt
    from launchready_tui.world.repository.secret_scan import Scan
    from launchready_tui.world.repository.settings import Surveyed

T = TypeVar("T")
DECLARED = 100  # settings files that a project may name
_ENV = re.compile(r"(?:.*/)?\.env(?:\.[^/]*)?")
# `https://user:token@host/path`, `ssh://git@host/path`, `git@host:path`.
_REMOTE_HOST = re.compile(
    r"(?:[a-z+]{2,10}://)?(?:[^/@\s]*@)?(\[[0-9a-f:]+\]|[A-Za-z0-9.-]+)(?=[:/])"
)


class Repository:
    """Facts about repositories below one folder, each found once. `path` is as the file has it.

    Each may be an `Unreachable` instead: "no-git" without git, "no-repository" for a folder that
    is none or is not there, "untrusted" where `.git` leads out of it, "damaged", "too-large" or
    "timeout" for what git said. Nothing of the repository is run (see `git`).
    """

    def __init__(
        self, folder: Path, vault: Vault, today: date | None = None, keep: Path | None = None
    ) -> None:
        """`keep` is the folder in which scans of a history are remembered, None for nowhere."""
        self._folder = folder
        self._keep = keep
        self._vault = vault
        self._today = today or datetime.now(UTC).date()
        self._flight: Flight[tuple[Hashable, ...], Any] = Flight()

    async def tree(self, path: str) -> Mapping[str, str] | Unreachable:
        """The texts of all files that git keeps; of all files where the folder is no repository."""
        return await self._once("tree", path, self._tree)

    async def env_files(
        self, path: str, declared: tuple[str, ...] = ()
    ) -> Mapping[str, str] | Unreachable:
        """The texts of all `.env` files in the working tree, whether git keeps them or not.

        `declared` are files that the project names as settings: they are read too, whatever they
        are called, where they lie inside the folder.
        """
        return await self._once("env", path, lambda root: _env_files(root, declared), *declared)

    async def survey(
        self, path: str, declared: tuple[str, ...] = (), must: tuple[str, ...] = ()
    ) -> Surveyed | Unreachable:
        """What the code and the settings files tell of the variables that the code reads.

        `declared` are settings files that the project names, `must` are names that it demands.
        """

        async def run() -> Surveyed | Unreachable:
            from launchready_tui.world.repository.settings import Surveyed, look

            tree = await self.tree(path)
            if isinstance(tree, Unreachable):
                return tree
            files = await self.env_files(path, declared)
            unread = files if isinstance(files, Unreachable) else None
            beside: Mapping[str, str] = {} if isinstance(files, Unreachable) else files
            found = await asyncio.to_thread(look, tree, beside, declared, must)
            return Surveyed(found, unread)

        result: Surveyed | Unreachable = await self._flight.share(
            ("survey", path, declared, must), run
        )
        return result

    async def delivery(self, path: str) -> Delivery | Unreachable:
        """How a change gets to the live site, as the files of the repository tell."""

        async def run() -> Delivery | Unreachable:
            from launchready_tui.rules.code.delivery import delivery

            tree = await self.tree(path)
            if isinstance(tree, Unreachable):
                return tree
            return await asyncio.to_thread(delivery, tree)  # it reads files

        result: Delivery | Unreachable = await self._flight.share(("delivery", path), run)
        return result

    async def tracked(self, path: str) -> tuple[str, ...] | Unreachable:
        """The paths that git keeps."""
        return await self._once("tracked", path, self._tracked)

    async def remotes(self, path: str) -> Remotes | Unreachable:
        """Where the repository is sent to, and its branches."""
        return await self._once("remotes", path, self._remotes)

    async def history(self, path: str) -> Scan | Unreachable:
        """Secrets in anything that was ever committed here."""
        return await self._scanned("history", path)

    async def working(self, path: str) -> Scan | Unreachable:
        """Secrets in the files that lie in the folder now, ignored ones and build output too."""
        return await self._scanned("working", path)

    async def close(self) -> None:
        """End the questions under way."""
        await self._flight.close()

    async def _once(self, what: str, path: str, work: Callable[[Path], T], *more: str) -> T:
        async def run() -> T:
            return await asyncio.to_thread(work, self._folder / path)

        result: T = await self._flight.share((what, path, *more), run)
        return result

    async def names(self, path: str) -> tuple[Fingerprints, frozenset[tuple[str, str]]]:
        """What values are called here, and which of them the list beside the code has settled.

        Without a repository (`path` empty) there is no list.
        """

        async def run() -> tuple[Fingerprints, frozenset[tuple[str, str]]]:
            from launchready_tui.world.repository.fingerprints import open_fingerprints

            marks = await open_fingerprints(self._vault)
            known = await asyncio.to_thread(_looked_at, self._folder / path) if path else None
            if known is None:
                return marks, frozenset()
            return replace(marks, salt=bytes.fromhex(known.salt)), known.settled(self._today)

        result: tuple[Fingerprints, frozenset[tuple[str, str]]] = await self._flight.share(
            ("names", path), run
        )
        return result

    async def _scanned(self, what: str, path: str) -> Scan | Unreachable:
        async def run() -> Scan | Unreachable:
            from launchready_tui.world.repository.objects import Progress
            from launchready_tui.world.repository.scanner import scan

            (marks, settled), progress = await self.names(path), Progress()
            try:
                found = await asyncio.to_thread(
                    scan, what, self._folder / path, marks, progress, self._keep
                )
            finally:
                progress.stop.set()
            if isinstance(found, Unreachable):
                return found
            return replace(found, settled=settled)

        result: Scan | Unreachable = await self._flight.share((what, path), run)
        return result

    def _tracked(self, root: Path) -> tuple[str, ...] | Unreachable:
        place = git.find(root)
        return place if isinstance(place, Unreachable) else git.tracked(place)

    def _tree(self, root: Path) -> Mapping[str, str] | Unreachable:
        from launchready_tui.world.repository.tree import Texts, walk

        if not root.is_dir():
            return Unreachable("no-repository", root.name)
        paths = self._tracked(root)
        if isinstance(paths, Unreachable):
            if paths.reason not in ("no-git", "no-repository"):
                return paths
            paths = tuple(walk(root))
        return Texts(root, paths)

    def _remotes(self, root: Path) -> Remotes | Unreachable:
        from launchready_tui.rules.code.delivery import Remotes

        place = git.find(root)
        if isinstance(place, Unreachable):
            return place
        urls = git.ask(place, "config", "--get-regexp", r"^remote\..*\.url$")
        refs = git.ask(place, "for-each-ref", "--format=%(refname)%09%(symref)")
        current = git.ask(place, "symbolic-ref", "--quiet", "--short", "HEAD")
        if isinstance(refs, Unreachable):
            return refs
        lines = [] if isinstance(urls, Unreachable) else urls.decode("utf-8", "replace").split("\n")
        pairs = [line.partition(" ") for line in lines if " " in line]
        names = tuple(key.removeprefix("remote.").removesuffix(".url") for key, _, _ in pairs)
        hosts = tuple(match[1].lower() for _, _, url in pairs if (match := _REMOTE_HOST.match(url)))
        branches, default = _branches(refs.decode("utf-8", "replace"))
        head = (
            "" if isinstance(current, Unreachable) else current.decode("utf-8", "replace").strip()
        )
        return Remotes(
            names=names, hosts=hosts, branches=branches, default_branch=default, current_branch=head
        )


def _env_files(root: Path, declared: tuple[str, ...]) -> Mapping[str, str] | Unreachable:
    from launchready_tui.rules.code.env_names import declared_path
    from launchready_tui.world.repository.tree import Texts, read, walk

    if not root.is_dir():
        return Unreachable("no-repository", root.name)
    paths = [path for path in walk(root) if _ENV.fullmatch(path)]
    named = filter(None, map(declared_path, declared[:DECLARED]))
    paths += [path for path in named if read(root, path, 1) is not None]
    return Texts(root, dict.fromkeys(paths))


def _looked_at(root: Path) -> LookedAt | None:
    """The list of what somebody looked at. One that cannot be read settles nothing."""
    from launchready_tui.world.repository import reviewed_list

    try:
        return reviewed_list.read(root / reviewed_list.NAME)
    except reviewed_list.BadList:
        return None


def _branches(text: str) -> tuple[tuple[str, ...], str]:
    """Branch names without their remote, and the one that the remote calls its default."""
    names: dict[str, None] = {}
    default = ""
    for line in text.splitlines():
        name, _, target = line.partition("\t")
        if target and name.endswith("/HEAD"):
            default = target.split("/", 3)[-1]
        elif name.startswith("refs/heads/"):
            names[name.removeprefix("refs/heads/")] = None
        elif name.startswith("refs/remotes/"):
            names[name.split("/", 3)[-1]] = None
    return tuple(names), default
