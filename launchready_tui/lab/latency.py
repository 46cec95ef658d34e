"""Distance for benchmarks: a relay before a TCP server that makes every round trip take time.

The connect costs one round trip, and so does each turn after it: what the visitor sends and what
comes back are each held for half of one. So a TLS 1.3 handshake costs one, and a request one.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from launchready_tui.lab.connections import Connections

CHUNK = 65536


class Relay:
    """Listens `at` a port (0: any) and passes everything on to `port` of 127.0.0.1."""

    def __init__(self, port: int, delay: float, at: int = 0) -> None:
        self._to = port
        self._delay = delay
        self._connections = Connections()
        self._server: asyncio.Server | None = None
        self.port = at

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._pass, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server:
            self._server.close()
        await self._connections.end()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with self._connections.counted(writer):
            await asyncio.sleep(self._delay)
            try:
                back, out = await asyncio.open_connection("127.0.0.1", self._to)
            except OSError:
                writer.transport.abort()
                return
            await asyncio.gather(self._held(reader, out), self._held(back, writer))

    async def _held(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on what is read, half a round trip later, in order and without stopping to read."""
        loop = asyncio.get_running_loop()
        waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def read() -> None:
            with suppress(OSError):
                while data := await reader.read(CHUNK):
                    waiting.put_nowait((loop.time() + self._delay / 2, data))
            waiting.put_nowait((loop.time() + self._delay / 2, b""))

        async def write() -> None:
            while True:
                due, data = await waiting.get()
                await asyncio.sleep(max(0.0, due - loop.time()))
                if not data:
                    break
                writer.write(data)
                await writer.drain()
            writer.close()

        with suppress(OSError):
            await asyncio.gather(read(), write())
