"""How fast one host is asked: two requests a second, three at once, what matters most first.

The site is somebody's, and small. A place on loopback is this machine itself: nobody there needs
to be spared, so the lab and the tests are not slowed.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import IntEnum
from heapq import heappop, heappush
from itertools import count

from launchready_tui.world import limits


class Rank(IntEnum):
    """Who goes first when several requests wait for one host."""

    PAGE = 0
    ASSET = 1
    SCRIPT = 2
    PROBE = 3


class Pace:
    """One line of waiting requests for each host."""

    def __init__(self) -> None:
        self._lines = defaultdict[str, _Line](_Line)

    @asynccontextmanager
    async def turn(
        self, host: str, rank: Rank = Rank.PAGE, *, paced: bool = True
    ) -> AsyncIterator[None]:
        """Wait until this host may be asked once more, and hold the place while it is.

        Without `paced`, only the number of requests at once is bounded.
        """
        line = self._lines[host]
        await line.enter(rank, paced)
        try:
            yield
        finally:
            line.leave()


class _Line:
    """The requests to one host. A window slides: any second holds at most two starts."""

    def __init__(self) -> None:
        self._under_way = 0
        self._starts = deque[float](maxlen=limits.REQUESTS_A_SECOND)
        self._waiting: list[tuple[Rank, int, bool, asyncio.Future[None]]] = []
        self._numbers = count()
        self._timer: asyncio.TimerHandle | None = None

    async def enter(self, rank: Rank, paced: bool) -> None:
        turn = asyncio.get_running_loop().create_future()
        heappush(self._waiting, (rank, next(self._numbers), paced, turn))
        self._let_in()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.leave()  # it was let in, and left before it could begin
            raise

    def leave(self) -> None:
        self._under_way -= 1
        self._let_in()

    def _let_in(self) -> None:
        while self._waiting and self._under_way < limits.REQUESTS_PER_HOST:
            *_, paced, turn = self._waiting[0]
            wait = self._wait() if paced and not turn.done() else 0.0
            if wait > 0:
                self._look_again_in(wait)
                return
            heappop(self._waiting)
            if turn.done():
                continue  # whoever waited has gone
            self._starts.append(turn.get_loop().time())
            self._under_way += 1
            turn.set_result(None)

    def _wait(self) -> float:
        """Seconds until one more may start."""
        if len(self._starts) < limits.REQUESTS_A_SECOND:
            return 0.0
        return self._starts[0] + 1.0 - asyncio.get_running_loop().time()

    def _look_again_in(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._let_in)
