"""The process around a command: Ctrl+C, and outputs that are closed or full.

The first Ctrl+C stops the work, which closes what it opened; the next one ends the process at
once. This module is imported before all others, and imports nothing that takes time.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")

_codes: list[int] = []  # the exit code, once it is known
STOPPED = 130  # 128 and the number of the signal, as shells say it
READER_GONE = 141  # as a program that SIGPIPE ends


def stop_at_once() -> None:
    """From now on Ctrl+C ends the process without another word: it starts, or it ends already."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # a shell's job in the background
        signal.signal(signal.SIGINT, _at_once)


def prepare_the_end() -> None:
    """Make sure that the exit code of `end` is the one that comes out.

    Python would end by the signal itself after a Ctrl+C that came in the middle of an `exec`
    (dataclasses are made so), or while it takes itself apart. So the last thing that is called at
    exit leaves for good. What is registered first is called last: this belongs to the start.
    """
    atexit.register(_leave)


def end(code: int) -> NoReturn:
    """Wait for threads, call what waits for the end, and leave with this exit code."""
    stop_at_once()
    _codes.append(code)
    sys.exit(code)


def _leave() -> None:
    if _codes:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):  # full, or closed
                stream.flush()
        os._exit(_codes[-1])


def stop_gently() -> None:
    """From now on the first Ctrl+C raises `KeyboardInterrupt`, and the next one ends at once."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _first)


def run(work: Coroutine[Any, Any, T]) -> T:
    """As `asyncio.run`: the first Ctrl+C cancels the work, then raises `KeyboardInterrupt`."""
    import asyncio

    async def watched() -> T:
        cancel = signal.getsignal(signal.SIGINT)  # that of asyncio

        def first(number: int, frame: Any) -> None:
            signal.signal(signal.SIGINT, _at_once)
            if callable(cancel):
                cancel(number, frame)

        if callable(cancel):
            signal.signal(signal.SIGINT, first)
        return await work

    before = signal.getsignal(signal.SIGINT)
    if before is _first:  # asyncio takes over from Python's own handler alone
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return asyncio.run(watched())
    finally:
        if signal.getsignal(signal.SIGINT) is not _at_once:
            signal.signal(signal.SIGINT, before)


def _first(_number: int, _frame: Any) -> None:
    signal.signal(signal.SIGINT, _at_once)
    raise KeyboardInterrupt


def _at_once(_number: int, _frame: Any) -> None:
    os._exit(STOPPED)


def open_streams() -> None:
    """Give a process that was started without one of its streams something in its place.

    Nobody reads what goes to a closed standard output, so it is a pipe without a reader. What an
    output can't show (a name in another code, say) is written as a question mark.
    """
    if sys.stdin is None:
        sys.stdin = open(os.devnull)  # noqa: SIM115 (it lives as long as the process)
    if sys.stdout is None:
        reader, writer = os.pipe()
        os.close(reader)
        sys.stdout = open(writer, "w")  # noqa: SIM115 (as above)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115 (as above)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # what stands in for it in a test may have none
            stream.reconfigure(errors="replace")


def drop_output() -> None:
    """Forget what is not written yet: nobody reads it, or there is no room for it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


class ReaderGone(Exception):
    """Nobody reads what we print any more, as with `launchready audit | head`."""


@contextmanager
def minding_the_reader() -> Iterator[None]:
    """Raise `ReaderGone` for a closed pipe: Click and Rich each make an exit with code 1 of it."""
    try:
        yield
    except BrokenPipeError as error:
        raise ReaderGone from error
    except SystemExit as done:
        if isinstance(done.__context__, BrokenPipeError):
            raise ReaderGone from done
        raise
