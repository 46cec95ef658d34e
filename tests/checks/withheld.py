"""Worlds that keep something from us: no DNS, no pages, closed ports, services that refuse."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

import pytest

from launchready_tui import audit
from launchready_tui.content.checklist import builtin
from launchready_tui.lab import CLOSED, Lab, Scenario, healthy
from launchready_tui.lab.cloudflare import API_HOST
from launchready_tui.lab.demo import demo_project
from launchready_tui.lab.healthy import ISSUER_HOST
from launchready_tui.lab.registry import BOOTSTRAP_HOST, RDAP_HOST
from launchready_tui.lab.scenario import Reply, TroubleKind
from launchready_tui.vocabulary.findings import Finding
from launchready_tui.world import Options, limits, open_world

SERVICES = (API_HOST, RDAP_HOST, BOOTSTRAP_HOST)  # asked for JSON, not for the founder's pages
PAGES = tuple(s.host for s in healthy().sites if s.host not in (*SERVICES, ISSUER_HOST))
_HTML = ("Content-Type", "text/html; charset=utf-8")
_JSON = ("Content-Type", "application/json")
_BLOCKED = b"<html><title>Access denied</title><p>Access denied. Reference 18.2f.</p></html>"


def _says(status: int, body: bytes, *headers: tuple[str, str]) -> Reply:
    return Reply(status, (_HTML, *headers), body)


# What stands in front of the site answers instead of it.
KEPT_OUT = {
    "cloudflare-challenge": _says(
        403,
        b"<html><title>Just a moment...</title><script>window._cf_chl_opt={}</script></html>",
        ("cf-mitigated", "challenge"),
        ("cf-ray", "9a1b2c3d4e5f6071-AMS"),
        ("Server", "cloudflare"),
    ),
    "sucuri": _says(403, _BLOCKED, ("Server", "Sucuri/Cloudproxy"), ("x-sucuri-id", "14003")),
    "akamai": _says(403, _BLOCKED, ("Server", "AkamaiGHost")),
    "imperva": _says(
        403, b"<html>Request unsuccessful. Incapsula incident ID: 1-2</html>", ("x-iinfo", "1-2-3")
    ),
    "aws-waf": _says(403, _BLOCKED, ("Server", "awselb/2.0")),
    "429": _says(429, b"<html><title>Too Many Requests</title></html>", ("Retry-After", "60")),
}
SERVICE_REPLIES = {
    "403": Reply(403, (_JSON,), b'{"success": false, "errors": [{"code": 9109}]}'),
    "429": Reply(429, (_JSON, ("Retry-After", "60")), b"{}"),
    "500": Reply(500, (_HTML,), b"<html>Oops</html>"),
    "garbled": Reply(200, (_JSON,), b'{"result": "\xff\xfe'),
    "empty": Reply(200, (_JSON,), b"{}"),
    "another-shape": Reply(200, (_JSON,), b'[{"result": 7}, null, "yes"]'),
}
TROUBLES: tuple[TroubleKind, ...] = ("servfail", "timeout", "refused")
Ports = Literal["refused", "reset", "stalled"]


def answering(reply: Reply, hosts: Iterable[str]) -> Scenario:
    """The healthy world in which these hosts give one reply to everything, http and https."""
    world = healthy()
    for host in hosts:
        site = replace(
            world.site(host),
            https={},
            http={},
            https_default=reply,
            http_default=reply,
            stores=False,
        )
        world = world.with_site(site)
    # An address that plays something of its own plays this too.
    same = tuple(replace(each, sites=None) for each in world.endpoints if each.listens)
    closed = tuple(each for each in world.endpoints if not each.listens)
    return replace(world, endpoints=(*same, *closed))


def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait briefly for what never comes. Too briefly now and then only means one more unknown."""
    for name, seconds in {
        "DNS_TRY": 0.5, "DNS_SEND": 0.2, "CONNECT": 0.6, "RESPONSE": 1.0, "HANDSHAKE": 1.0,
    }.items():  # fmt: skip
        monkeypatch.setattr(limits, name, seconds)


async def findings(scenario: Scenario, ports: Ports | None = None) -> tuple[Finding, ...]:
    """Every finding of an audit of the demo's project; `ports` is what all web ports do."""
    project, content = demo_project(datetime.now(UTC)), builtin()
    async with (
        Lab(scenario) as lab,
        _closed(lab.options, ports) as options,
        open_world(options) as world,
    ):
        jobs = audit.plan(project, content)
        return await audit.collect(jobs, project, world, content)


@asynccontextmanager
async def _closed(options: Options, ports: Ports | None) -> AsyncIterator[Options]:
    """The lab's options, with every connection to a web port led to one that does `ports`."""
    if ports is None:
        yield options
        return
    async with _port(ports) as port:
        kept = (detour for detour in options.connect if ":53=" in detour)
        led = (f":443=127.0.0.1:{port}", f":80=127.0.0.1:{port}")
        yield replace(options, connect=(*led, *kept))


@asynccontextmanager
async def _port(ports: Ports) -> AsyncIterator[int]:
    if ports == "refused":
        yield CLOSED
        return
    server = _Rude(reset=ports == "reset")
    await server.start()
    try:
        yield server.port
    finally:
        server.stop()


@dataclass
class _Rude:
    """Takes every connection, and cuts it at once or never says a word."""

    reset: bool
    port: int = 0

    async def start(self) -> None:
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self._listener.setblocking(False)
        self.port = self._listener.getsockname()[1]
        self._task = asyncio.create_task(self._accept())

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            connection, _ = await loop.sock_accept(self._listener)
            if self.reset:  # closing with this option sends RST instead of FIN
                option = struct.pack("ii", 1, 0)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, option)
                connection.close()
            else:
                self._open.append(connection)

    def stop(self) -> None:
        self._task.cancel()
        for each in (self._listener, *self._open):
            each.close()
