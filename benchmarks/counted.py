"""A relay before a name server that costs time and counts: how many questions, and how deep.

Depth is the longest chain of questions that each waited for an answer to another.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

from launchready_tui.lab.latency import Relay
from tests.ports import free_port


@dataclass
class Counted(asyncio.DatagramProtocol):
    """Passes DNS datagrams on to a name server, `delay` seconds a round trip, and counts them."""

    server: int
    delay: float
    queries: int = 0
    depth: int = 0
    port: int = 0
    _answered: int = 0  # the depth of the deepest answer that has been handed over
    _sockets: list[asyncio.DatagramTransport] = field(default_factory=list)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)  # no subclass of it in 3.11

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.queries += 1
        depth = self._answered + 1
        self.depth = max(self.depth, depth)
        asyncio.get_running_loop().create_task(self._pass(data, addr, depth))

    async def _pass(self, data: bytes, addr: tuple[str, int], depth: int) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self.delay / 2)
        came: asyncio.Future[bytes] = loop.create_future()
        out, _ = await loop.create_datagram_endpoint(
            lambda: _Once(came), remote_addr=("127.0.0.1", self.server)
        )
        out.sendto(data)
        try:
            answer = await asyncio.wait_for(came, 5)
        except TimeoutError:
            return
        finally:
            out.close()
        await asyncio.sleep(self.delay / 2)
        self._answered = max(self._answered, depth)
        self.transport.sendto(answer, addr)


class _Once(asyncio.DatagramProtocol):
    def __init__(self, came: asyncio.Future[bytes]) -> None:
        self._came = came

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if not self._came.done():
            self._came.set_result(data)


@asynccontextmanager
async def relayed(server: int, delay: float) -> AsyncIterator[Counted]:
    """A fresh relay before the name server, UDP and TCP on one port."""
    port = free_port()
    loop = asyncio.get_running_loop()
    transport, counted = await loop.create_datagram_endpoint(
        lambda: Counted(server, delay, port=port), local_addr=("127.0.0.1", port)
    )
    stream = Relay(server, delay, port)
    await stream.start()
    try:
        yield counted
    finally:
        transport.close()
        await stream.stop()
