"""Ways in which a save fails for real: each breaks the folder of the project for a while."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from filelock import FileLock

NAME = "launchready.toml"
Break = Callable[[Path], AbstractContextManager[None]]


@contextmanager
def folder_gone(folder: Path) -> Iterator[None]:
    away = folder.with_name("away")
    folder.rename(away)
    yield
    away.rename(folder)


@contextmanager
def folder_replaced(folder: Path) -> Iterator[None]:
    """A file stands where the folder was."""
    away = folder.with_name("away")
    folder.rename(away)
    folder.write_text("not a folder", "utf-8")
    yield
    folder.unlink()
    away.rename(folder)


@contextmanager
def file_replaced(folder: Path) -> Iterator[None]:
    """A folder stands where the file was."""
    path, away = folder / NAME, folder / "away.toml"
    path.rename(away)
    path.mkdir()
    yield
    path.rmdir()
    away.rename(path)


@contextmanager
def file_broken(folder: Path) -> Iterator[None]:
    """Somebody left the file half edited."""
    path = folder / NAME
    whole = path.read_bytes()
    path.write_bytes(whole + b"\n[[")
    yield
    path.write_bytes(whole)


@contextmanager
def lock_replaced(folder: Path) -> Iterator[None]:
    """What should be the lock is a folder, so nobody can take it."""
    lock = folder / f".{NAME}.lock"
    lock.mkdir()
    yield
    lock.rmdir()


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nobody may write here: a disk that can only be read for root, whom no mode keeps out."""
    if os.geteuid():
        folder.chmod(0o500)
        yield
        folder.chmod(0o700)
        return
    with _disk_over(folder, "size=1m"):
        _mount("-o", "remount,ro", str(folder))
        yield
        _mount("-o", "remount,rw", str(folder))


@contextmanager
def full_disk(folder: Path) -> Iterator[None]:
    """No byte is left. Without root no disk can be made small: then no file may be large."""
    if os.geteuid():
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
        yield
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        return
    with _disk_over(folder, "size=128k"):
        filler = folder / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass
        yield
        filler.unlink()


@contextmanager
def _disk_over(folder: Path, options: str) -> Iterator[None]:
    """A small disk in the place of the folder, with its file, which is brought back afterwards."""
    text = (folder / NAME).read_bytes()
    _mount("-t", "tmpfs", "-o", options, "tmpfs", str(folder))
    try:
        (folder / NAME).write_bytes(text)
        yield
        text = (folder / NAME).read_bytes()
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True, timeout=10)
        (folder / NAME).write_bytes(text)


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, timeout=10)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Another program saves, and takes its time."""
    with FileLock(folder / f".{NAME}.lock"):
        yield


BREAKS: dict[str, Break] = {
    "folder gone": folder_gone,
    "folder replaced": folder_replaced,
    "file replaced": file_replaced,
    "file broken": file_broken,
    "lock replaced": lock_replaced,
    "read only": read_only,
    "full disk": full_disk,
}
