"""Runs one server in the foreground, on a high port of loopback, until it is no longer needed.

A server counts as ready when its process lives *and* it answers its protocol: a port of somebody
else's might answer for a server that has died. No root is needed; in CI the whole run may stand
in a network namespace (`unshare -Urn`), which changes nothing here.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import dns.asyncquery
import dns.exception
import dns.message
import pytest

READY_WITHIN = 10.0
PROBE = "harbor.example"


def program(name: str, package: str) -> str:
    """The path of a server's program; the test is skipped, naming the package, without it.

    LAUNCHREADY_REAL=1 says that the servers must be there: then it fails instead.
    """
    path = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if path:
        return path
    said = f"{name} is not installed: apt-get install {package}"
    if os.environ.get("LAUNCHREADY_REAL") == "1":
        pytest.fail(said)
    pytest.skip(said)


@asynccontextmanager
async def running(
    command: list[str],
    folder: Path,
    answers: Callable[[], Awaitable[bool]],
    ends: signal.Signals = signal.SIGTERM,
) -> AsyncIterator[None]:
    log = folder / f"{Path(command[0]).name}.log"
    with log.open("wb") as written:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=DEVNULL, stdout=written, stderr=STDOUT, cwd=folder
        )
    try:
        async with asyncio.timeout(READY_WITHIN):
            while not await answers():
                _still_alive(process, log)
                await asyncio.sleep(0.02)
        _still_alive(process, log)
        yield
    finally:
        if process.returncode is None:
            process.send_signal(ends)
        await process.wait()


def _still_alive(process: Process, log: Path) -> None:
    if process.returncode is not None:
        pytest.fail(f"the server ended with {process.returncode}:\n{log.read_text('utf-8')}")


async def answers_dns(port: int) -> bool:
    query = dns.message.make_query(PROBE, "SOA")
    try:
        await dns.asyncquery.udp(query, "127.0.0.1", port=port, timeout=0.2)
    except (OSError, dns.exception.DNSException):
        return False
    return True


async def answers_http(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.write(f"HEAD / HTTP/1.1\r\nHost: {PROBE}\r\nConnection: close\r\n\r\n".encode())
    answered = (await reader.read()).startswith(b"HTTP/1.1 ")
    writer.close()
    return answered
