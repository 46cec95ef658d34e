"""The project file on the disk: read with bounds, replaced whole or not at all, under a lock.

Beside `launchready.toml` stand, for as long as they are needed:

    .launchready.toml.lock       while somebody saves; gone afterwards
    .launchready.toml.*.new      what is being written; swept up after a crash, at the next save
    .launchready.toml.previous   the version before the last save; stays, so that it can be put back

None of them needs to be committed.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from launchready_tui.project.errors import Locked, NotSaved, Unreadable
from launchready_tui.vocabulary.safe_text import clean_line

LIMIT = 5_000_000  # bytes; a project with a year of audits takes about 200,000
LOCK_SECONDS = 5.0
REPLACE_TRIES = 20  # Windows refuses while a virus scanner or an editor holds the file


def load(path: Path) -> bytes:
    """The bytes of the file. Raises `Unreadable` when it is not there, no file, or too large."""
    name = clean_line(str(path))
    try:
        found = os.stat(path)
        if stat.S_ISDIR(found.st_mode):
            raise Unreadable(
                f"{name} is a folder. Name the file in it, such as {name}/launchready.toml.",
                path=path,
            )
        if not stat.S_ISREG(found.st_mode):
            raise Unreadable(f"{name} is no ordinary file. Name another one.", path=path)
        if found.st_size > LIMIT:
            raise _too_large(path, found.st_size)
        with path.open("rb") as file:
            data = file.read(LIMIT + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Unreadable(
            f"There is no file {name}. Make one with: launchready new yourdomain.com", path=path
        ) from error
    except PermissionError as error:
        raise Unreadable(
            f"You may not read {name}. Ask the owner of the file to let you.", path=path
        ) from error
    except (OSError, ValueError) as error:
        raise Unreadable(f"{name} can't be read. {_reason(error)}", path=path) from error
    if len(data) > LIMIT:
        raise _too_large(path, len(data))
    return data


def _too_large(path: Path, size: int) -> Unreadable:
    return Unreadable(
        f"{clean_line(path.name)} is {size / 1_000_000:.0f} MB. A project file stays under "
        f"{LIMIT // 1_000_000} MB, so this may be another file.",
        path=path,
    )


@contextmanager
def locked(path: Path, seconds: float) -> Iterator[None]:
    """Keeps every other LaunchReady from saving this file. Raises `Locked` after `seconds`."""
    from filelock import FileLock, Timeout, UnixFileLock

    if not path.parent.is_dir():  # filelock would make it
        raise not_saved(path, FileNotFoundError(errno.ENOENT, "no folder"))
    lock = FileLock(_beside(path, "lock"), timeout=seconds, poll_interval=0.02)
    try:
        lock.acquire()
    except Timeout as error:
        raise Locked(
            f"Another LaunchReady is saving {clean_line(path.name)} right now. "
            "Wait a moment, then save again.",
            path=path,
        ) from error
    except OSError as error:
        raise not_saved(path, error) from error
    try:
        yield
    finally:
        # While we hold it: a waiter that has opened the old one sees that its name is gone, and
        # starts over (filelock 4). Elsewhere filelock removes the file itself.
        if isinstance(lock, UnixFileLock):
            Path(lock.lock_file).unlink(missing_ok=True)
        lock.release()


def put(path: Path, data: bytes, previous: bytes | None) -> None:
    """Replaces the file by `data`, after keeping `previous`. Call it under the lock.

    After a crash at any moment the file holds the old bytes or the new ones. Raises `NotSaved`
    when the disk is full or we may not write; then the file is as it was.
    """
    try:
        _sweep(path)
        if previous is not None:
            _replace(path, _beside(path, "previous"), previous)
        _replace(path, path, data)
        _sync_folder(path.parent)
    except OSError as error:
        raise not_saved(path, error) from error


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(f".{path.name}.{ending}")


def _sweep(path: Path) -> None:
    """Removes what a crash has left half written. Under the lock, nobody else is writing."""
    start, end = f".{path.name}.", ".new"
    with os.scandir(path.parent) as entries:
        stale = [e.path for e in entries if e.name.startswith(start) and e.name.endswith(end)]
    for left in stale:
        Path(left).unlink(missing_ok=True)


def _replace(like: Path, target: Path, data: bytes) -> None:
    """Writes `data` to a new file with the mode and owner of `like`, then names it `target`."""
    new = _beside(like, f"{os.urandom(6).hex()}.new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(new, flags, 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            _copy_mode(like, handle)
            file.write(data)
            file.flush()
            os.fsync(handle)
        _rename(new, target)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def _copy_mode(like: Path, handle: int) -> None:
    if sys.platform == "win32":
        return
    try:
        old = os.stat(like)
    except FileNotFoundError:
        return
    new = os.fstat(handle)
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        # Only root may give a file away; else it belongs to the one who saved it.
        with suppress(PermissionError):
            os.chown(handle, old.st_uid, old.st_gid)
    os.fchmod(handle, stat.S_IMODE(old.st_mode))


def _rename(new: Path, target: Path) -> None:
    for left in reversed(range(REPLACE_TRIES)):
        try:
            os.replace(new, target)
        except PermissionError:
            if sys.platform != "win32" or not left:
                raise
            time.sleep(0.05)
        else:
            return


def _sync_folder(folder: Path) -> None:
    """Makes the new name last through a power cut. Windows knows no such thing."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network disks can't
            raise
    finally:
        os.close(handle)


def not_saved(path: Path, error: OSError) -> NotSaved:
    """The error that says in plain words why nothing was written."""
    name = clean_line(path.name)
    return NotSaved(f"{name} is not saved, and is as it was. {_reason(error)}", path=path)


_REASONS = {
    errno.ENOSPC: "The disk is full. Free some space, then save again.",
    errno.EDQUOT: "Your share of the disk is full. Free some space, then save again.",
    errno.EFBIG: "This disk takes no file as large as this one. Save it on another disk.",
    errno.EROFS: "This disk can only be read. Copy the project to a disk that you may write on.",
    errno.EACCES: "You may not write in its folder. Change that, or copy the project elsewhere.",
    errno.EPERM: "You may not write in its folder. Change that, or copy the project elsewhere.",
    errno.ENOENT: "Its folder is gone. Put the folder back, then save again.",
    errno.ENOTDIR: "Its folder is gone. Put the folder back, then save again.",
    errno.EBUSY: "Another program holds the file. Close that program, then save again.",
    errno.EIO: "The disk reports an error. Copy your files to another disk first.",
    errno.ELOOP: "Its links lead in a circle. Name the file itself.",
    errno.ENAMETOOLONG: "Its name is too long. Give it a shorter one.",
}


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, OSError) and error.errno in _REASONS:
        return _REASONS[error.errno]
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"The system says: {clean_line(said, 120)}."
