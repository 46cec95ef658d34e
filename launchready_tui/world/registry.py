"""What the registry of a domain says about its registration: RDAP (RFC 9082, RFC 9083).

Which server to ask stands in IANA's bootstrap file (RFC 9224). A copy is in the package
(`rdap-dns.json`: https://data.iana.org/rdap/dns.json as published on 23 July 2026, laid out one
service a line; IANA gives its registries to the public, CC0). A fresh one is fetched when there
is none of this week, and kept in the user's cache folder. Without it, the older copy counts.
"""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from launchready_tui.rules.dns.rdap import (
    Bootstrap,
    NotRegistered,
    Registration,
    bootstrap,
    registration,
)
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world.api import Api, Json
from launchready_tui.world.flight import Flight, close_all

BOOTSTRAP = "https://data.iana.org/rdap/dns.json"
FRESH = timedelta(days=7)
_SHIPPED = Path(__file__).with_name("rdap-dns.json")
_MOST = 2 * 1024 * 1024  # bytes of a kept file that are read

Reply = Registration | NotRegistered | Unreachable


def cache_file() -> Path:
    """Where the last fetched bootstrap file is kept on this machine."""
    from platformdirs import user_cache_path

    return user_cache_path("launchready") / "rdap-dns.json"


class Registry:
    """Asks registries. Each domain is asked about once; `cache` is None where nothing is stored."""

    def __init__(self, api: Api, now: datetime, cache: Path | None) -> None:
        self._api = api
        self._now = now
        self._cache = cache
        self._replies: Flight[str, Reply] = Flight()
        self._servers: Flight[str, tuple[Bootstrap, Unreachable | None]] = Flight()

    async def registration(self, domain: str) -> Reply:
        """What the registry says about a registrable domain (A-label, lower case).

        `Unreachable("no-registry")` where its ending has no RDAP server, "blocked" and
        "rate-limited" where the server keeps us out, "garbled" for what is no answer about it.
        """
        return await self._replies.share(domain, lambda: self._ask(domain))

    async def close(self) -> None:
        """End the questions under way."""
        await close_all(self._replies, self._servers)

    async def _ask(self, domain: str) -> Reply:
        servers, silence = await self._servers.share("", self._bootstrap)
        server = servers.server_for(domain)
        if server is None:  # a server of today may be missing in an older list
            ending = domain.rpartition(".")[2]
            return silence or Unreachable("no-registry", f"no RDAP server for .{ending}")
        reply = await self._api.get(f"{server}domain/{domain}")
        return reply if isinstance(reply, Unreachable) else _read(reply, domain)

    async def _bootstrap(self) -> tuple[Bootstrap, Unreachable | None]:
        """The servers by the freshest file that can be had, and why that is not today's."""
        week = await asyncio.to_thread(self._of_this_week)
        if week is not None:
            return week, None
        reply = await self._api.get(BOOTSTRAP)
        if isinstance(reply, Json) and reply.status == 200:
            found = bootstrap(reply.value)
            if found is not None:
                await asyncio.to_thread(self._store, reply.value)
                return found, None
        silence = reply if isinstance(reply, Unreachable) else Unreachable("not-known", BOOTSTRAP)
        return await asyncio.to_thread(self._older), silence

    def _of_this_week(self) -> Bootstrap | None:
        if self._cache is None:
            return None
        try:
            age = self._now.timestamp() - self._cache.stat().st_mtime
        except OSError:
            return None
        return _load(self._cache) if abs(age) < FRESH.total_seconds() else None

    def _older(self) -> Bootstrap:
        cached = _load(self._cache) if self._cache is not None else None
        return cached or _load(_SHIPPED) or Bootstrap({})

    def _store(self, value: object) -> None:
        """Write it for next time. A folder that cannot be written is no reason to stop."""
        if self._cache is None:
            return
        part = self._cache.with_name(f"{self._cache.name}.{os.getpid()}")
        try:
            self._cache.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(value), "utf-8")
            part.replace(self._cache)
        except OSError:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def _load(path: Path) -> Bootstrap | None:
    try:
        with path.open("rb") as file:
            return bootstrap(json.loads(file.read(_MOST)))
    except (OSError, ValueError, RecursionError):
        return None


_SILENCES = {401: "blocked", 403: "blocked", 429: "rate-limited"}


def _read(reply: Json, domain: str) -> Reply:
    """An answer by its status (RFC 7480 5), then by what it holds."""
    where = f"{reply.url}: {reply.status}"
    if reply.status == 404:
        return NotRegistered(domain)
    if reply.status != 200:
        return Unreachable(_SILENCES.get(reply.status, "not-known"), where)
    return registration(reply.value, domain) or Unreachable("garbled", where)
