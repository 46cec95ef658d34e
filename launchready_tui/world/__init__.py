"""The only door to the network. Facts are fetched once each; "no" and "no answer" differ by type.

    async with open_world(Options(resolvers=("127.0.0.1:5353",))) as world:
        reply = await world.dns.ask("www.example.com", "A")

Names go in and come out as A-labels in lower case without a trailing dot. Records are in
presentation format, so the names inside them do end in a dot ("10 mx1.example.com.").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from launchready_tui.world.options import BadOption, Options

if TYPE_CHECKING:
    from launchready_tui.rules.dns.zone import PlannedZone
    from launchready_tui.world.api import Api
    from launchready_tui.world.cloudflare import Cloudflare
    from launchready_tui.world.credentials import Vault
    from launchready_tui.world.dns.planned import PlannedDns
    from launchready_tui.world.dns.resolver import Resolver
    from launchready_tui.world.mail.messages import Mail
    from launchready_tui.world.pace import Pace
    from launchready_tui.world.registry import Registry
    from launchready_tui.world.repository.facts import Repository
    from launchready_tui.world.tls.handshakes import Tls
    from launchready_tui.world.web.pages import Web

__all__ = [
    "Asked",
    "BadOption",
    "Options",
    "World",
    "open_below",
    "open_planned",
    "open_world",
]


@dataclass(slots=True)
class Asked:
    """How much went out through the door so far. `hosts` counts the requests to each web host."""

    dns: int = 0
    http: int = 0
    tls: int = 0
    hosts: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class World:
    """One audit's view of the network. `now` (UTC) is its clock: every fact is dated by it.

    `has_ipv6` tells whether this machine has a public IPv6 address to ask from.
    """

    now: datetime
    dns: Resolver | PlannedDns
    web: Web
    tls: Tls
    api: Api
    registry: Registry
    vault: Vault
    cloudflare: Cloudflare
    has_ipv6: bool
    asked: Asked
    options: Options
    mail: Mail
    repository: Repository


@asynccontextmanager
async def open_world(options: Options, now: datetime | None = None) -> AsyncIterator[World]:
    """Open the door for one audit; leaving releases every socket. Raises `BadOption` for `--ca`."""
    from launchready_tui.world.dns.resolver import Resolver
    from launchready_tui.world.route import public_ipv6

    at = now or datetime.now(UTC)
    asked = Asked()
    has_ipv6 = public_ipv6()
    dns = Resolver(options, asked, has_ipv6)
    async with _around(dns, options, at, has_ipv6, asked) as world:
        yield world


@asynccontextmanager
async def open_below(
    opens: Callable[[], AbstractAsyncContextManager[World]], folder: Path | None
) -> AsyncIterator[World]:
    """The world that `opens` gives, with repositories looked for below the project file's folder,
    unless its own options name another."""
    from launchready_tui.world.repository.facts import Repository

    async with opens() as world:
        if folder is None or world.options.folder is not None:
            yield world
            return
        repository = Repository(folder, world.vault, world.now.date(), _scans(world.options))
        try:
            yield replace(world, repository=repository)
        finally:
            await repository.close()


def _scans(options: Options) -> Path | None:
    from launchready_tui.world.repository.remembered import folder

    return folder() if options.straight else None


@asynccontextmanager
async def open_planned(
    live: World, plan: PlannedZone, edge: Collection[str] = ()
) -> AsyncIterator[World]:
    """The world as it will be once this zone is applied, around one that is open now.

    Questions about other names are those of `live`, so none goes out twice. Connections go where
    the plan leads. `edge` names the hosts that Cloudflare serves today (see `PlannedDns`).
    """
    from launchready_tui.world.dns.planned import PlannedDns
    from launchready_tui.world.dns.resolver import Resolver

    if not isinstance(live.dns, Resolver):
        raise TypeError("a plan stands on the live world, not on another plan")
    dns = PlannedDns(plan, live.dns, edge)
    # One pace for both worlds: a host that both lead to is asked no faster for it.
    async with _around(
        dns, live.options, live.now, live.has_ipv6, live.asked, live.web.pace
    ) as world:
        yield world


@asynccontextmanager
async def _around(
    dns: Resolver | PlannedDns,
    options: Options,
    at: datetime,
    has_ipv6: bool,
    asked: Asked,
    pace: Pace | None = None,
) -> AsyncIterator[World]:
    """Everything that finds its way by this DNS."""
    from launchready_tui.world.api import Api
    from launchready_tui.world.cloudflare import Cloudflare
    from launchready_tui.world.credentials import SystemKeyring, Vault
    from launchready_tui.world.mail.messages import Mail, Opens
    from launchready_tui.world.pace import Pace
    from launchready_tui.world.registry import Registry, cache_file
    from launchready_tui.world.repository.facts import Repository
    from launchready_tui.world.route import Routes
    from launchready_tui.world.tls.handshakes import Tls
    from launchready_tui.world.web.pages import Web

    routes = Routes(dns, options.detours(), has_ipv6)
    pace = pace or Pace()
    web = Web(routes, asked, at, pace, pace_loopback=options.pace_loopback)
    tls = Tls(routes, web, asked, options.ca)
    api = Api(routes, tls, asked, at, pace)
    vault = Vault(options.credentials or SystemKeyring())
    cloudflare = Cloudflare(api, vault)
    # What a world behind detours says about itself must not be kept for the real one.
    kept = cache_file() if options.straight else None
    registry = Registry(api, at, kept)
    opens: Opens = "always" if options.open_links else "never"
    mail = Mail(routes, tls.judge, vault, opens=opens)
    repository = Repository(options.folder or Path.cwd(), vault, at.date(), _scans(options))
    try:
        yield World(
            at, dns, web, tls, api, registry, vault, cloudflare, has_ipv6, asked, options, mail,
            repository,
        )  # fmt: skip
    finally:
        await repository.close()
        await mail.close()
        await registry.close()
        await cloudflare.close()
        await vault.close()
        await api.close()
        await tls.close()
        await web.close()
        await dns.close()
