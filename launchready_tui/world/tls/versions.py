"""Says hello to every address of a host, once for each TLS version, all at the same time.

The hellos are built by hand: what OpenSSL on this machine still speaks does not matter.
"""

from __future__ import annotations

import asyncio
import secrets

from launchready_tui.rules.tls.client_hello import (
    LONGEST,
    SEED,
    NoTls,
    Version,
    client_hello,
    read_answer,
)
from launchready_tui.rules.tls.versions import VERSIONS, Said, Spoken
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world import limits
from launchready_tui.world.asked import Asked
from launchready_tui.world.options import Place
from launchready_tui.world.route import Route, Routes

_READ = 4096


async def spoken(host: str, routes: Routes, asked: Asked) -> tuple[Spoken, ...]:
    """What each address of the host says on port 443, IPv4 first; one round trip after connecting.

    When the host has no address to ask, the only entry has an empty address and says why.
    """
    found = await routes.to(host, 443)
    if isinstance(found, Unreachable):
        return (Spoken("", failure=found),)
    return tuple(await asyncio.gather(*(_one(host, route, asked) for route in found)))


async def _one(host: str, route: Route, asked: Asked) -> Spoken:
    if route.place is None:
        return Spoken(route.address, failure=Unreachable("no-ipv6", route.address))
    place = route.place
    answers = await asyncio.gather(*(_hello(host, place, version, asked) for version in VERSIONS))
    return Spoken(route.address, dict(zip(VERSIONS, answers, strict=True)))


async def _hello(host: str, place: Place, version: Version, asked: Asked) -> Said:
    asked.tls += 1
    try:
        async with asyncio.timeout(limits.HANDSHAKE):
            async with asyncio.timeout(limits.CONNECT):
                reader, writer = await asyncio.open_connection(*place)
            try:
                writer.write(client_hello(version, host, secrets.token_bytes(SEED)))
                return await _answer(host, reader)
            finally:
                writer.transport.abort()
    except TimeoutError:
        return Unreachable("timeout", host)
    except ConnectionRefusedError:
        return Unreachable("refused", host)
    except ConnectionError:
        return Unreachable("reset", host)
    except OSError as error:
        return Unreachable("unreachable", f"{host}: {error.strerror or error}")


async def _answer(host: str, reader: asyncio.StreamReader) -> Said:
    received = b""
    while len(received) <= LONGEST:
        part = await reader.read(_READ)
        if not part:
            return Unreachable("reset", host)
        received += part
        answer = read_answer(received)
        if isinstance(answer, NoTls):
            break
        if answer is not None:
            return answer
    return Unreachable("garbled", f"{host}: no TLS")
