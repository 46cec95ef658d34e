"""The process around a command: Ctrl+C, and outputs that are closed or full.

The first Ctrl+C stops the work, which closes what it opened; the next one ends the process at
once. This module is imported before all others, and imports nothing that takes time.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

STOPPED = 130  # 128 and the number of the signal, as shells say it
READER_GONE = 141  # as a program that SIGPIPE ends


def stop_at_once() -> None:
    """From now on Ctrl+C ends the process without another word: it starts, or it ends already."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # a shell's job in the background
        signal.signal(signal.SIGINT, _at_once)


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


def _first(number: int, frame: Any) -> None:
    signal.signal(signal.SIGINT, _at_once)
    raise KeyboardInterrupt


def _at_once(number: int, frame: Any) -> None:
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


def reader_gone(error: BaseException | None) -> bool:
    """Whether a command ended since nobody reads what it prints (`launchready audit | head`).

    Click and Rich each make an exit with code 1 of it, inside the handler of the real error.
    """
    return isinstance(error, BrokenPipeError) or (
        isinstance(error, SystemExit)
        and error.code == 1
        and isinstance(error.__context__, BrokenPipeError)
    )
