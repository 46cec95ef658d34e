"""Single flight: one question, asked once, for all who want its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from contextlib import AsyncExitStack
from typing import Any, Generic, Protocol, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Flight(Generic[K, V]):
    """Shares one task a key among all callers, and keeps its result for as long as it lives.

    A caller that is cancelled leaves the task running for the others; `close` ends what is left.
    """

    def __init__(self) -> None:
        self._tasks: dict[K, asyncio.Task[V]] = {}

    async def share(self, key: K, ask: Callable[[], Coroutine[Any, Any, V]]) -> V:
        """The result of `ask()`, run at most once for this key."""
        task = self._tasks.get(key)
        if task is None:
            task = self._tasks[key] = asyncio.create_task(ask())
        return await asyncio.shield(task)

    def __len__(self) -> int:
        return len(self._tasks)

    async def close(self) -> None:
        """Cancel what is still under way and wait until it has let go of its sockets."""
        tasks = [task for task in self._tasks.values() if not task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Closes(Protocol):
    """What holds connections or threads until it is closed."""

    async def close(self) -> None:
        """End what is under way, and wait for its end."""


async def close_all(*parts: Closes) -> None:
    """Close them one after another, each of them also where another fails or we are cancelled."""
    async with AsyncExitStack() as left:
        for part in reversed(parts):
            left.push_async_callback(part.close)
