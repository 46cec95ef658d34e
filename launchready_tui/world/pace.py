"""How fast one host is asked: two requests a second, three at once, what matters most first.

The site is somebody's, and small. A place on loopback is this machine itself: nobody there needs
to be spared, so the lab and the tests are not slowed.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import IntEnum
from itertools import count
from operator import itemgetter

from launchready_tui.world import limits


class Rank(IntEnum):
    """Who goes first when several requests wait for one host."""

    PAGE = 0
    ASSET = 1
    SCRIPT = 2
    PROBE = 3


class Urgency:
    """How soon a request goes. It rises when somebody wants the same more urgently."""

    def __init__(self, rank: Rank) -> None:
        self.rank = rank

    def rise(self, rank: Rank) -> None:
        """Go at least as soon as this rank does."""
        self.rank = min(self.rank, rank)


class Pace:
    """One line of waiting requests for each host, and a bound for all hosts together.

    A host's turn counts from the moment at which a request starts: one that waits for the bound
    has not started yet.
    """

    def __init__(self) -> None:
        self._lines = defaultdict[str, _Line](_Line)
        self._numbers = count()
        self._under_way = 0

    @asynccontextmanager
    async def turn(
        self, host: str, urgency: Urgency | None = None, *, paced: bool = True
    ) -> AsyncIterator[None]:
        """Wait until this host may be asked once more, and hold the place while it is.

        Without `paced`, only the number of requests at once is bounded.
        """
        line = self._lines[host]
        start = asyncio.get_running_loop().create_future()
        urgency = urgency or Urgency(Rank.PAGE)
        waiting = _Waiting(urgency, next(self._numbers), paced, start)
        line.waiting.append(waiting)
        self._let_in()
        try:
            await start
            yield
        finally:
            if waiting in line.waiting:
                line.waiting.remove(waiting)
            else:  # it was let in, though it may have left before it could begin
                line.under_way -= 1
                self._under_way -= 1
            self._let_in()

    def _let_in(self) -> None:
        """Start all that may start now, the most urgent of all hosts first."""
        while self._under_way < limits.REQUESTS_AT_ONCE:
            ready = [
                (first.order, first, line)
                for line in self._lines.values()
                if (first := line.ready(self._let_in)) is not None
            ]
            if not ready:
                return
            _, first, line = min(ready, key=itemgetter(0))
            line.waiting.remove(first)
            line.starts.append(asyncio.get_running_loop().time())
            line.under_way += 1
            self._under_way += 1
            first.start.set_result(None)


@dataclass(eq=False, frozen=True, slots=True)
class _Waiting:
    """A request that waits. Of the same rank, the lower number goes first."""

    urgency: Urgency
    number: int
    paced: bool
    start: asyncio.Future[None]

    @property
    def order(self) -> tuple[Rank, int]:
        return self.urgency.rank, self.number


class _Line:
    """The requests to one host. A window slides: any second holds at most two starts."""

    def __init__(self) -> None:
        self.waiting: list[_Waiting] = []
        self.under_way = 0
        self.starts = deque[float](maxlen=limits.REQUESTS_A_SECOND)
        self._timer: asyncio.TimerHandle | None = None

    def ready(self, again: Callable[[], None]) -> _Waiting | None:
        """What may start now; None until `again` is called, where it only has to wait a while."""
        here = [waiting for waiting in self.waiting if not waiting.start.done()]  # others left
        if not here or self.under_way >= limits.REQUESTS_PER_HOST:
            return None
        first = min(here, key=lambda waiting: waiting.order)
        wait = self._wait() if first.paced else 0.0
        if wait <= 0:
            return first
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(wait, again)
        return None

    def _wait(self) -> float:
        """Seconds until one more may start."""
        if len(self.starts) < limits.REQUESTS_A_SECOND:
            return 0.0
        return self.starts[0] + 1.0 - asyncio.get_running_loop().time()
