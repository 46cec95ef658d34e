"""Every object of a repository through the secret scanner, once, in bounded memory.

What `git log -p` never shows is there too: stashes, the reflog, edits of a merge, commit
messages, tags, and objects that nothing reaches any more.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO

from launchready_tui.rules.secrets.engine import Engine
from launchready_tui.rules.secrets.leaks import Rule
from launchready_tui.rules.secrets.unpacking import Closed, base64_places, is_packed, views
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world.repository import git

BATCH = 4 * 1024 * 1024  # of object data that are scanned in one go
WINDOW = 8 * 1024 * 1024  # of a large object that are in memory at once
OVERLAP = 64 * 1024  # between two windows; no secret is longer
LARGEST = 100 * 1024 * 1024  # of one object; of a longer one, the start
UNPACKED = 32 * 1024 * 1024  # of an archive that is taken apart
READ = 1024 * 1024
TEXT = (b"blob", b"commit", b"tag")


@dataclass(frozen=True, slots=True)
class Found:
    """Whom to tell. `hit` gets object id, type, rule, value, line (0 for none) and the place
    inside ("" for the bytes themselves); `closed` the id, size and reason of an archive that was
    not looked into. A value is handed over in memory alone, for its fingerprint and preview."""

    hit: Callable[[str, str, Rule, bytes, int, str], None]
    closed: Callable[[str, int, Closed], None]


@dataclass(slots=True)
class Progress:
    """How far a scan has come; `stop` may be set from another thread."""

    objects: int = 0
    bytes: int = 0
    cut: int = 0  # objects of which only the start was read
    missing: int = 0  # objects that git names and can't give
    stop: threading.Event = field(default_factory=threading.Event)


def scan(
    place: git.Place,
    engine: Engine,
    found: Found,
    progress: Progress,
    only: Iterable[bytes] | None = None,
) -> Unreachable | None:
    """Tell `found` of each hit; None when all was read.

    `only` are the ids (hexadecimal) to look at, all objects otherwise.
    """
    words = ["cat-file", "--batch", "--buffer"]
    if only is None:
        words += ["--batch-all-objects", "--unordered"]
    with git.running(place, *words, feed=only is not None) as process:
        assert process.stdout is not None
        if only is not None:
            assert process.stdin is not None
            # It ends with git, whose pipe breaks: the end of Python may wait for it.
            threading.Thread(target=_feed, args=(process.stdin, list(only))).start()
        reader = _Reader(process.stdout)
        batch = _Batch(engine, found)
        while not progress.stop.is_set():
            head = reader.line()
            if head is None:
                break
            parts = head.split(b" ")
            if len(parts) != 3 or not parts[2].isdigit():
                if len(parts) == 2 and parts[1] == b"missing":
                    progress.missing += 1  # not in a partial clone, lost in a damaged one
                    continue
                return Unreachable("damaged", "cat-file")
            progress.objects += 1
            size = int(parts[2])
            progress.bytes += size
            if parts[1] not in TEXT:
                reader.skip(size + 1)
            elif size > WINDOW:
                batch.flush()
                _large(reader, parts[0], parts[1], size, batch, progress)
                reader.skip(1)
            else:
                data = reader.take(size)
                batch.add(parts[0], parts[1], data)
                if is_packed(data):
                    batch.unpack(parts[0], data)
                reader.skip(1)
        batch.flush()
        if progress.stop.is_set():
            return Unreachable("stopped", "cat-file")
        if reader.short or process.wait() != 0:
            return Unreachable("damaged", "cat-file")
    return None


def _large(
    reader: _Reader, id: bytes, type: bytes, size: int, batch: _Batch, progress: Progress
) -> None:
    """An object in parts that overlap; an archive is taken whole, up to a limit."""
    head = reader.peek(64)
    if is_packed(head) and size <= UNPACKED:
        data = reader.take(size)
        batch.add(id, type, data)
        batch.flush()
        batch.unpack(id, data)
        return
    if is_packed(head):
        batch.closed(id, size)
    progress.cut += size > LARGEST
    for part in reader.windows(size, progress.stop):
        batch.add(id, type, part)
        batch.flush(whole=False)


def _feed(stream: IO[bytes], ids: list[bytes]) -> None:
    try:
        for start in range(0, len(ids), 1000):
            stream.write(b"\n".join(ids[start : start + 1000]) + b"\n")
        stream.close()
    except (OSError, ValueError):  # the reader stopped first
        return


class _Batch:
    """Objects side by side in one buffer: the scanner's start costs more than a small object."""

    def __init__(self, engine: Engine, found: Found) -> None:
        self._engine = engine
        self._found = found
        self._parts: list[bytes] = []
        self._starts: list[int] = []
        self._names: list[tuple[bytes, bytes]] = []
        self._size = 0

    def add(self, id: bytes, type: bytes, data: bytes) -> None:
        self._starts.append(self._size)
        self._names.append((id, type))
        self._parts += (data, b"\n\0\n")  # no secret reaches over this
        self._size += len(data) + 3
        if self._size >= BATCH:
            self.flush()

    def flush(self, *, whole: bool = True) -> None:
        """Scan what is there. Lines are not known in a part of an object."""
        if not self._parts:
            return
        data = b"".join(self._parts)
        hits, base64 = self._engine.look(data, "history")
        for hit in hits:
            place = bisect_right(self._starts, hit.start) - 1
            id, type = self._names[place]
            line = data.count(b"\n", self._starts[place], hit.start) + 1
            value = data[hit.start : hit.end]
            self._found.hit(id.decode(), type.decode(), hit.rule, value, line if whole else 0, "")
        if base64:
            starts = (bisect_right(self._starts, at) - 1 for at, _ in base64_places(data))
            for place in dict.fromkeys(starts):
                self.unpack(self._names[place][0], self._parts[2 * place])
        self._parts, self._starts, self._names, self._size = [], [], [], 0

    def unpack(self, id: bytes, data: bytes) -> None:
        """Scan what is inside an archive, in base 64, or in text of two bytes a letter."""
        name = id.decode()
        for label, part in views(data, lambda why: self._found.closed(name, len(data), why)):
            if label:
                for hit in self._engine.hits(part, "history"):
                    self._found.hit(name, "blob", hit.rule, part[hit.start : hit.end], 0, label)

    def closed(self, id: bytes, size: int) -> None:
        self._found.closed(id.decode(), size, "too-large")


class _Reader:
    """Lines and counted bytes from a pipe. `short` when it ended inside an object."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._buffer = b""
        self._at = 0
        self.short = False

    def line(self) -> bytes | None:
        while (end := self._buffer.find(b"\n", self._at)) < 0:
            if len(self._buffer) - self._at > 4096 or not self._more():
                self.short = self.short or len(self._buffer) > self._at
                return None
        found = self._buffer[self._at : end]
        self._at = end + 1
        return found

    def peek(self, size: int) -> bytes:
        """What comes next, `size` bytes or what there is."""
        while len(self._buffer) - self._at < size and self._more():
            pass
        return self._buffer[self._at : self._at + size]

    def take(self, size: int) -> bytes:
        have = len(self._buffer) - self._at
        if have >= size:
            found = self._buffer[self._at : self._at + size]
            self._at += size
            return found
        parts, missing = [self._buffer[self._at :]], size - have
        self._buffer, self._at = b"", 0
        while missing:
            chunk = self._stream.read(min(missing, READ))
            if not chunk:
                self.short = True
                break
            parts.append(chunk)
            missing -= len(chunk)
        return b"".join(parts)

    def skip(self, size: int) -> None:
        have = len(self._buffer) - self._at
        if have >= size:
            self._at += size
            return
        size -= have
        self._buffer, self._at = b"", 0
        while size:
            chunk = self._stream.read(min(size, READ))
            if not chunk:
                self.short = True
                return
            size -= len(chunk)

    def windows(self, size: int, stop: threading.Event) -> Iterator[bytes]:
        """A large object in parts that overlap."""
        left, overlap = min(size, LARGEST), b""
        rest = size - left
        while left and not self.short and not stop.is_set():
            part = self.take(min(left, WINDOW - len(overlap)))
            left -= len(part)
            yield overlap + part
            overlap = (overlap + part)[-OVERLAP:]
        self.skip(rest)

    def _more(self) -> bool:
        chunk = self._stream.read(READ)
        if not chunk:
            return False
        self._buffer = self._buffer[self._at :] + chunk
        self._at = 0
        return True
