"""Content compiled as Python compiles modules: once, into `__pycache__`, until a source changes.

Reading seventeen TOML files costs a seventh of the whole start-up; the compiled form costs a
thirtieth of that. As with `.pyc` files, size and time of every source decide whether it is
still good, and a folder that cannot be written to means that it is read anew each time.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from launchready_tui.vocabulary import records

T = TypeVar("T")

# The modules that give the content its shape: a change of them makes the compiled form old.
_HERE = Path(__file__).parent
_SHAPES = (_HERE / "checklist.py", _HERE.parent / "vocabulary" / "findings.py")


def load(root: Path, shape: type[T], read: Callable[[Path], T]) -> T:
    """The content of the folder `root`: from its compiled form where that is still good."""
    stamp = _stamp(root)
    cached = _HERE / "__pycache__" / "checklists.msgpack"
    content = _cached(cached, shape, stamp)
    if content is None:
        content = read(root)
        _keep(cached, stamp, content)
    return content


def _stamp(root: Path) -> str:
    """Path, size and time of every source, and of the modules that give them their shape."""
    sources = [*sorted(root.rglob("*.toml")), *_SHAPES]
    states = ((str(path), path.stat()) for path in sources)
    return "\n".join(f"{path} {state.st_size} {state.st_mtime_ns}" for path, state in states)


def _cached(path: Path, shape: type[T], stamp: str) -> T | None:
    try:
        kept, content = records.from_msgpack(path.read_bytes(), tuple[str, msgspec.Raw])
        return records.from_msgpack(content, shape) if kept == stamp else None
    except (OSError, msgspec.MsgspecError):
        return None


def _keep(path: Path, stamp: str, content: object) -> None:
    """Replace the compiled form in one step. Not being able to is no reason to complain."""
    beside = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(exist_ok=True)
        beside.write_bytes(msgspec.msgpack.encode((stamp, content)))
        beside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
