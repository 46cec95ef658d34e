"""The open connections of one of the lab's servers, so that it can end them when it stops."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Connections:
    """Who is being served. Each handler runs inside `counted`."""

    def __init__(self) -> None:
        self._open: dict[asyncio.StreamWriter, asyncio.Task[None]] = {}

    @contextmanager
    def counted(self, writer: asyncio.StreamWriter) -> Iterator[None]:
        """Count this connection while its handler runs, and close it afterwards."""
        task = asyncio.current_task()
        assert task is not None, "asyncio runs every stream handler in a task"
        self._open[writer] = task
        try:
            yield
        finally:
            del self._open[writer]
            writer.close()

    async def end(self) -> None:
        """Drop every connection and wait for the handlers.

        They are not cancelled: before Python 3.12 asyncio reports a cancelled handler as an error.
        """
        handlers = tuple(self._open.values())
        for writer in tuple(self._open):
            writer.transport.abort()
        await asyncio.gather(*handlers)
