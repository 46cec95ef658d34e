"""Runs the name servers of a scenario: a process for each part that is played, and a resolver.

Addresses that serve the same zones share one NSD. A zone that NSD refuses to load is served by a
lax server instead. Unbound is the resolver; it finds the zones by stubs and validates.
"""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from launchready_tui.lab.name_servers import name_servers
from launchready_tui.lab.scenario import Scenario, Zone
from launchready_tui.lab.signing import signed
from tests.ports import free_port
from tests.real import render_dns
from tests.real.running import answers_dns, program, running

Part = tuple[Zone, ...] | None  # None: nobody answers


@dataclass(frozen=True)
class NameServers:
    """Where they are: the resolver's port, and the detours to each name server's address."""

    resolver: int
    detours: tuple[str, ...]


@asynccontextmanager
async def real_name_servers(
    scenario: Scenario, folder: Path, others: Mapping[str, int] = MappingProxyType({})
) -> AsyncIterator[NameServers]:
    """Every name server of a scenario, and a resolver that knows them.

    `others` are addresses where another program, at this port, serves what the scenario has there.
    """
    scenario = signed(scenario, datetime.now(UTC))
    parts: dict[str, Part] = {
        server.address: server.zones or () if server.answers else None
        for server in name_servers(scenario).values()
    }
    ours = dict.fromkeys(part for address, part in parts.items() if address not in others)
    ports = {part: free_port() for part in ours}
    ports |= {parts[address]: port for address, port in others.items()}
    async with AsyncExitStack() as stack:
        for part in ours:
            await _serve(stack, scenario, part, ports[part], folder)
        port = free_port()
        serving = {
            zone.name: tuple(at for part, at in ports.items() if part and zone in part)
            for zone in scenario.zones
        }
        place = _folder(folder, port)
        path = render_dns.resolver(scenario, serving, place, port)
        await stack.enter_async_context(_unbound(path, place, port))
        yield NameServers(port, tuple(_detour(a, ports[part]) for a, part in parts.items()))


async def _serve(
    stack: AsyncExitStack, scenario: Scenario, part: Part, port: int, folder: Path
) -> None:
    if part is None:
        silent = stack.enter_context(socket.socket(type=socket.SOCK_DGRAM))
        silent.bind(("127.0.0.1", port))
        return
    place = _folder(folder, port)
    if any(render_dns.mixes_aliases(zone) for zone in part):
        lax = render_dns.lax(part, place, port)
        await stack.enter_async_context(_unbound(lax, place, port))
        return
    path = render_dns.nsd(scenario, part, place, port)
    command = [program("nsd", "nsd"), "-d", "-c", str(path)]
    await stack.enter_async_context(running(command, place, lambda: answers_dns(port)))


def _unbound(path: Path, folder: Path, port: int) -> AbstractAsyncContextManager[None]:
    command = [program("unbound", "unbound"), "-d", "-c", str(path)]
    return running(command, folder, lambda: answers_dns(port))


def _folder(folder: Path, port: int) -> Path:
    path = folder / f"dns-{port}"
    path.mkdir()
    return path


def _detour(address: str, port: int) -> str:
    place = f"[{address}]" if ":" in address else address
    return f"{place}:53=127.0.0.1:{port}"
