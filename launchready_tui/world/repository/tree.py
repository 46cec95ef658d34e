"""The files of a working tree, bounded, and never by way of a link that leads out of it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

FILES = 100_000  # that are looked at
TEXT = 1024 * 1024  # of one file that rules read
TEXTS = 64 * 1024 * 1024  # of all of them
# Other people's code, and what tools keep for themselves.
SKIPPED = frozenset({".git", ".hg", ".svn", "node_modules", ".venv", "venv", "__pycache__", ".tox",
                     ".mypy_cache", ".ruff_cache", ".pytest_cache", ".yarn", ".pnpm-store",
                     "bower_components", "site-packages", ".turbo", ".parcel-cache",
                     ".cache"})  # fmt: skip
_CACHE = ".next/cache"  # what a build keeps for the next one, hundreds of megabytes


def walk(root: Path) -> Iterator[str]:
    """Paths of regular files below a folder, with forward slashes, in order."""
    left = [""]
    count = 0
    while left:
        here = left.pop()
        try:
            with os.scandir(root / here) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError:  # a folder that we may not read, or that is gone
            continue
        for entry in found:
            path = f"{here}/{entry.name}" if here else entry.name
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in SKIPPED and not path.endswith(_CACHE):
                    left.append(path)
            elif entry.is_file(follow_symlinks=False):
                count += 1
                if count > FILES:
                    return
                yield path


def read(root: Path, path: str, limit: int) -> bytes | None:
    """The start of a regular file inside the folder; None when it is none, or leads out of it."""
    full = root / path
    try:
        if full.parent.resolve() != full.parent.absolute() and not _inside(root, full.parent):
            return None
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        handle = os.open(full, flags)
    except (OSError, ValueError):
        return None
    with os.fdopen(handle, "rb") as opened:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return None
        return opened.read(limit)


def _inside(root: Path, folder: Path) -> bool:
    return folder.resolve().is_relative_to(root.resolve())


class Texts(Mapping[str, str]):
    """The texts of some files, read when they are first wanted; a binary or long one is ""."""

    def __init__(self, root: Path, paths: Iterable[str]) -> None:
        self._root = root
        self._paths = tuple(paths)
        self._known = frozenset(self._paths)
        self._texts: dict[str, str] = {}
        self._left = TEXTS

    def __getitem__(self, path: str) -> str:
        if path not in self._known:
            raise KeyError(path)
        if path not in self._texts:
            data = read(self._root, path, TEXT + 1) or b""
            if len(data) > min(TEXT, self._left) or b"\0" in data[:8192]:
                data = b""
            self._left -= len(data)
            self._texts[path] = data.decode("utf-8", "replace")
        return self._texts[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)
