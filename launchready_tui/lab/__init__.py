"""The lab: a small internet on loopback for the demo and the tests. No root, no other address.

`Lab` plays a `Scenario`; what talks to it is given `lab.options` and needs to know nothing else.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

from launchready_tui.lab.cloudflare import credentials
from launchready_tui.lab.healthy import DOMAIN, healthy
from launchready_tui.lab.name_servers import name_servers
from launchready_tui.lab.repository import folder_of
from launchready_tui.lab.scenario import MODERN, NameServer, Scenario

if TYPE_CHECKING:
    from launchready_tui.lab.authority import Authority
    from launchready_tui.lab.dns_server import Answers, DnsServer
    from launchready_tui.lab.imap_server import ImapServer
    from launchready_tui.lab.web_server import WebServer
    from launchready_tui.world import Options

__all__ = ["Lab", "Scenario", "healthy"]


CLOSED = 1  # a port of loopback that nothing listens on: what connects is refused


class Lab:
    """An async context manager: name servers, web servers and authority of one scenario.

    `now` (UTC) is when certificates count from; OpenSSL judges them by the machine's own clock,
    so another moment than the present is of use only to a reader of certificates. `delay` is the
    time of one round trip, in seconds. `tests` says when inbox tests began, by their tags: those
    of an earlier lab, whose messages lie in the inboxes still.
    """

    scenario: Scenario
    options: Options
    _authority: Authority

    def __init__(
        self,
        scenario: Scenario | None = None,
        *,
        now: datetime | None = None,
        delay: float = 0.0,
        tests: Mapping[str, datetime] | None = None,
    ) -> None:
        self.scenario = scenario or healthy()
        self._now = now or datetime.now(UTC)
        self._delay = delay
        self._tests = dict(tests or {})
        self._dns: DnsServer | None = None
        self._name_servers: dict[str, DnsServer] = {}
        self._web: WebServer | None = None
        self._elsewhere: dict[str, WebServer] = {}
        self._imap: ImapServer | None = None
        self._opened = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as opened:
            self.options = await self._start(opened)
            self._opened = opened.pop_all()  # all of it runs: it is closed when the lab is left
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._opened.aclose()
        self._elsewhere.clear()
        self._name_servers.clear()

    async def _start(self, opened: AsyncExitStack) -> Options:
        """Start every server; `opened` stops it, also where a later one does not start."""
        # The app's start must not wait for these: they import dnspython, ssl and cryptography.
        from launchready_tui.lab.authority import Authority
        from launchready_tui.lab.dns_server import DnsServer, Resolving
        from launchready_tui.lab.imap_server import ImapServer
        from launchready_tui.lab.web_server import WebServer
        from launchready_tui.world import Options

        folder = Path(tempfile.mkdtemp(prefix="launchready-lab-"))
        opened.push_async_callback(asyncio.to_thread, shutil.rmtree, folder, ignore_errors=True)
        played = self._signed(self.scenario)
        self._authority = Authority(self._now, folder)
        self._dns = await _started(DnsServer(Resolving(played), self._delay), opened)
        servers = await self._start_name_servers(played, opened)
        self._web = await _started(WebServer(self.scenario.sites, self._authority), opened)
        inboxes = ImapServer(self.scenario, self._authority, self._tests)
        self._imap = await _started(inboxes, opened)
        secure = await self._distant(self._web.secure, opened)
        plain = await self._distant(self._web.plain, opened)
        return Options(
            resolvers=(f"127.0.0.1:{self._dns.port}",),
            connect=(
                f":443=127.0.0.1:{secure}",
                f":80=127.0.0.1:{plain}",
                f":53=127.0.0.1:{self._dns.port}",
                f":993=127.0.0.1:{self._imap.port}",
                *servers,
                *await self._endpoints(opened),
            ),
            ca=self._authority.root,
            credentials=credentials(DOMAIN),
            open_links=True,  # those of the lab open nothing
            folder=await asyncio.to_thread(folder_of, self.scenario.source),
        )

    def play(self, scenario: Scenario) -> None:
        """Swap the scenario while running: the next question meets the new one."""
        if self._dns is None or self._web is None:
            raise RuntimeError("this lab has not been entered")
        from launchready_tui.lab.dns_server import Resolving

        played = self._signed(scenario)
        self._dns.play(Resolving(played))
        parts = name_servers(played)
        for address, dns_server in self._name_servers.items():
            dns_server.play(_part(parts.get(address, NameServer(address, ())), played))
        self._web.play(scenario.sites)
        if self._imap is not None:
            self._imap.play(scenario)
        there = {endpoint.address: endpoint for endpoint in scenario.endpoints}
        for address, server in self._elsewhere.items():
            # An address that plays nothing of its own any more shows what the others show.
            endpoint = there.get(address)
            own = endpoint.sites if endpoint else None
            if endpoint and not endpoint.listens:
                own = ()  # its ports cannot close while the lab runs: they know no host any more
            versions = endpoint.versions if endpoint else MODERN
            server.play(scenario.sites if own is None else own, versions)
        self.options = replace(self.options, folder=folder_of(scenario.source))
        self.scenario = scenario

    def _signed(self, scenario: Scenario) -> Scenario:
        if not any(zone.signing for zone in scenario.zones):
            return scenario
        from launchready_tui.lab.signing import signed

        return signed(scenario, self._now)

    async def _start_name_servers(self, scenario: Scenario, opened: AsyncExitStack) -> list[str]:
        """A port for each name server's address, those of health too: a fault may be fixed.

        Gives the detours that lead there.
        """
        from launchready_tui.lab.dns_server import DnsServer

        detours = []
        parts = name_servers(scenario)
        for address in {**name_servers(healthy()), **parts}:
            part = parts.get(address, NameServer(address, ()))
            server = await _started(DnsServer(_part(part, scenario), self._delay), opened)
            self._name_servers[address] = server
            place = f"[{address}]" if ":" in address else address
            detours.append(f"{place}:53=127.0.0.1:{server.port}")
        return detours

    async def _endpoints(self, opened: AsyncExitStack) -> list[str]:
        """Start what some addresses play of their own; gives the detours that lead there."""
        from launchready_tui.lab.web_server import WebServer

        detours = []
        for endpoint in self.scenario.endpoints:
            secure = plain = CLOSED
            if endpoint.listens:
                sites = self.scenario.sites if endpoint.sites is None else endpoint.sites
                server = await _started(
                    WebServer(sites, self._authority, endpoint.versions), opened
                )
                self._elsewhere[endpoint.address] = server
                secure = await self._distant(server.secure, opened)
                plain = await self._distant(server.plain, opened)
            place = f"[{endpoint.address}]" if ":" in endpoint.address else endpoint.address
            detours.append(f"{place}:443=127.0.0.1:{secure}")
            detours.append(f"{place}:80=127.0.0.1:{plain}")
        return detours

    async def _distant(self, port: int, opened: AsyncExitStack) -> int:
        if not self._delay:
            return port
        from launchready_tui.lab.latency import Relay

        return (await _started(Relay(port, self._delay), opened)).port


class Starts(Protocol):
    """A server. `stop` also stops one of which only a part has started."""

    async def start(self) -> None: ...
    async def stop(self) -> None: ...


Server = TypeVar("Server", bound=Starts)


async def _started(server: Server, opened: AsyncExitStack) -> Server:
    opened.push_async_callback(server.stop)
    await server.start()
    return server


def _part(server: NameServer, scenario: Scenario) -> Answers:
    """What one name server answers in a scenario."""
    from launchready_tui.lab.authoritative import Authoritative
    from launchready_tui.lab.dns_server import Silent

    if not server.answers:
        return Silent()
    return Authoritative(server.zones or (), scenario.troubles)
