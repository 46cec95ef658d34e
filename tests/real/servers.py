"""Real servers playing a scenario: NSD and Unbound for names, nginx for pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from launchready_tui.lab.authority import Authority
from launchready_tui.lab.cloudflare import credentials
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.lab.repository import folder_of
from launchready_tui.lab.scenario import Scenario
from launchready_tui.world import Options
from tests.ports import free_port
from tests.real import render
from tests.real.name_servers import real_name_servers
from tests.real.running import answers_dns, answers_http, program, running

__all__ = ["answers_dns", "answers_http", "program", "real_servers", "running"]


@asynccontextmanager
async def real_servers(scenario: Scenario, folder: Path) -> AsyncIterator[Options]:
    """NSD, Unbound and nginx playing a scenario; gives the options that lead to them."""
    web_server, ports = program("nginx", "nginx"), _ports(scenario)
    authority = Authority(datetime.now(UTC), folder)
    sites = render.nginx(scenario, folder, authority, ports)
    async with (
        real_name_servers(scenario, folder) as names,
        running(
            [web_server, "-p", str(folder), "-c", str(sites), "-e", "stderr"],
            folder,
            lambda: answers_http(ports.plain),
        ),
    ):
        yield Options(
            resolvers=(f"127.0.0.1:{names.resolver}",),
            connect=(
                f":443=127.0.0.1:{ports.secure}",
                f":80=127.0.0.1:{ports.plain}",
                f":53=127.0.0.1:{names.resolver}",
                *names.detours,
                *_elsewhere(scenario, ports),
            ),
            ca=authority.root,
            credentials=credentials(DOMAIN),
            folder=folder_of(scenario.source),
        )


def _ports(scenario: Scenario) -> render.Ports:
    elsewhere = {one.address: (free_port(), free_port()) for one in scenario.endpoints}
    return render.Ports(free_port(), free_port(), free_port(), elsewhere)


def _elsewhere(scenario: Scenario, ports: render.Ports) -> Iterator[str]:
    """The detours to what single addresses play; closed ports stay without a listener."""
    for endpoint in scenario.endpoints:
        place = f"[{endpoint.address}]" if ":" in endpoint.address else endpoint.address
        secure, plain = ports.elsewhere[endpoint.address]
        yield f"{place}:443=127.0.0.1:{secure}"
        yield f"{place}:80=127.0.0.1:{plain}"
