"""A program in a pseudo-terminal of its own: send keys, wait for text, take the time."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType


class Terminal:
    """Runs `argv` in a terminal of `columns` by `rows`. A context manager; leaving kills it."""

    def __init__(
        self, argv: Sequence[str], folder: Path, columns: int = 120, rows: int = 40
    ) -> None:
        self.started = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
            os.execv(argv[0], list(argv))
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.output = b""

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)

    def read(self, seconds: float) -> bytes:
        """What the program writes within `seconds`; returns at once when something is there."""
        ready, _, _ = select.select([self.fd], [], [], seconds)
        if not ready:
            return b""
        try:
            got = os.read(self.fd, 1 << 16)
        except OSError as error:
            raise RuntimeError(f"the program ended: {self.output[-2000:]!r}") from error
        self.output += got
        return got

    def wait_for(self, text: bytes, seconds: float = 20.0) -> float:
        """Seconds since the start at which `text` had been written."""
        end = time.perf_counter() + seconds
        while text not in self.output:
            if time.perf_counter() > end:
                raise TimeoutError(f"{text!r} never came: {self.output[-2000:]!r}")
            self.read(0.1)
        return time.perf_counter() - self.started

    def settle(self, quiet: float = 0.3) -> None:
        """Read until nothing has come for `quiet` seconds."""
        while self.read(quiet):
            pass

    def key_to_repaint(self, key: bytes, seconds: float = 1.0) -> float:
        """Seconds from a key to the next bytes on the screen."""
        started = time.perf_counter()
        os.write(self.fd, key)
        if not self.read(seconds):
            raise TimeoutError(f"nothing was painted after {key!r}")
        return time.perf_counter() - started

    def peak_memory(self) -> int:
        """Peak resident memory of the program so far, in bytes (Linux)."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
