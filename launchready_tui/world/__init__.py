"""The only door to the network. Facts are fetched once each; "no" and "no answer" differ by type.

    async with open_world(Options(resolvers=("127.0.0.1:5353",))) as world:
        reply = await world.dns.ask("www.example.com", "A")

Names go in and come out as A-labels in lower case without a trailing dot. Records are in
presentation format, so the names inside them do end in a dot ("10 mx1.example.com.").
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from launchready_tui.content.checklist import Checklist, builtin
from launchready_tui.world.asked import Asked
from launchready_tui.world.options import BadOption, Options

if TYPE_CHECKING:
    from launchready_tui.rules.dns.zone import PlannedZone
    from launchready_tui.world.api import Api
    from launchready_tui.world.cloudflare import Cloudflare
    from launchready_tui.world.credentials import Vault
    from launchready_tui.world.dns.planned import PlannedDns
    from launchready_tui.world.dns.zones import Dns
    from launchready_tui.world.flight import Closes
    from launchready_tui.world.mail.messages import Mail
    from launchready_tui.world.pace import Pace
    from launchready_tui.world.registry import Registry
    from launchready_tui.world.repository.repository import Repository
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


Part = TypeVar("Part", bound="Closes")


@dataclass(frozen=True, slots=True)
class World:
    """One audit's view of the network and of the founder's repository.

    `now` (UTC) is its clock: every fact is dated by it. `has_ipv6` says whether this machine has
    a public IPv6 address to ask from; `asked` counts what went out; `content` is the checklist in
    use, for what checks recognise by it. No part raises for what others do: a question without an
    answer is an `Unreachable` with its reason.
    """

    now: datetime
    dns: Dns | PlannedDns  # records, delegation, DNSSEC (RFC 1034, 1035, 4035)
    web: Web  # pages over HTTP/1.1 (RFC 9110), times in seconds, sizes in bytes
    tls: Tls  # handshakes and certificates (RFC 8446, 5280)
    api: Api  # JSON over https, only from whom the certificate proves
    registry: Registry  # who registered a domain, until when: RDAP (RFC 9082, 9083)
    vault: Vault  # tokens and test accounts of the system's password store
    cloudflare: Cloudflare  # a zone's settings, by a token that can only read
    has_ipv6: bool
    asked: Asked
    options: Options
    mail: Mail  # messages that were given to us, and test inboxes over IMAP (RFC 9051)
    repository: Repository  # files, settings and history, read through git
    content: Checklist = field(default_factory=builtin)  # an audit puts its own here


@asynccontextmanager
async def open_world(
    options: Options, now: datetime | None = None, content: Checklist | None = None
) -> AsyncIterator[World]:
    """Open the door for one audit. Raises `BadOption` for a file of `--ca` without certificates.

    Leaving cancels what is under way and releases every socket and thread, also where a part
    fails to close: its error is raised when all others are closed.
    """
    from launchready_tui.world.dns.resolver import Resolver
    from launchready_tui.world.dns.zones import Dns
    from launchready_tui.world.route import public_ipv6

    at = now or datetime.now(UTC)
    asked = Asked()
    has_ipv6 = public_ipv6()
    dns = Dns(Resolver(options, asked, has_ipv6))
    async with _around(dns, options, at, has_ipv6, asked) as world:
        yield replace(world, content=content) if content else world


@asynccontextmanager
async def open_below(
    opens: Callable[[], AbstractAsyncContextManager[World]], folder: Path | None
) -> AsyncIterator[World]:
    """The world that `opens` gives, with repositories looked for below the project file's folder,
    unless its own options name another."""
    from launchready_tui.world.repository.repository import Repository

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
    from launchready_tui.world.dns.zones import Dns

    if not isinstance(live.dns, Dns):
        raise TypeError("a plan stands on the live world, not on another plan")
    dns = PlannedDns(plan, live.dns, edge)
    # One pace for both worlds: a host that both lead to is asked no faster for it.
    async with _around(
        dns, live.options, live.now, live.has_ipv6, live.asked, live.web.pace
    ) as world:
        yield world


@asynccontextmanager
async def _around(
    dns: Dns | PlannedDns,
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
    from launchready_tui.world.repository.repository import Repository
    from launchready_tui.world.route import Routes
    from launchready_tui.world.tls.handshakes import Tls
    from launchready_tui.world.web.pages import Web

    async with AsyncExitStack() as opened:
        routes = Routes(_closing(dns, opened), options.detours(), has_ipv6)
        pace = pace or Pace()
        web = Web(routes, asked, at, pace, pace_loopback=options.pace_loopback)
        tls = Tls(routes, _closing(web, opened), asked, options.ca)
        api = Api(routes, _closing(tls, opened), asked, at, pace)
        vault = _closing(Vault(options.credentials or SystemKeyring()), opened)
        cloudflare = _closing(Cloudflare(_closing(api, opened), vault), opened)
        # What a world behind detours says about itself must not be stored for the real one.
        registry = _closing(Registry(api, at, cache_file() if options.straight else None), opened)
        opens: Opens = "always" if options.open_links else "never"
        mail = _closing(Mail(routes, tls.judge, vault, opens=opens), opened)
        folder = options.folder or Path.cwd()
        repository = _closing(Repository(folder, vault, at.date(), _scans(options)), opened)
        yield World(
            now=at, dns=dns, web=web, tls=tls, api=api, registry=registry, vault=vault,
            cloudflare=cloudflare, has_ipv6=has_ipv6, asked=asked, options=options, mail=mail,
            repository=repository,
        )  # fmt: skip


def _closing(part: Part, opened: AsyncExitStack) -> Part:
    """Close it at the end, after those that come later: they ask it."""
    opened.push_async_callback(part.close)
    return part
