"""What a read-only token may see of a zone at Cloudflare: plain GETs, asked once each.

Before anything else is read, the token's own rights are. One that can change something is not
used at all: whoever steals it from a laptop could move the whole site.
"""

from __future__ import annotations

from asyncio import gather
from dataclasses import dataclass, field
from urllib.parse import quote

from launchready_tui.rules.edge import cloudflare as rules
from launchready_tui.rules.edge.cloudflare import CacheRule, Zone, ZoneRecord
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world import limits
from launchready_tui.world.api import Api, Json
from launchready_tui.world.credentials import CLOUDFLARE_TOKEN, Vault, fits
from launchready_tui.world.flight import Flight

API = "https://api.cloudflare.com/client/v4"
_RECORDS = 500  # of one page
_REFUSED = frozenset({"no-permission", "token-dead"})


@dataclass(frozen=True, slots=True)
class _Access:
    """A token that can only read, and the zone that it may read."""

    zone: Zone
    token: str = field(repr=False)


class Cloudflare:
    """Reads a zone's settings, records and cache rules.

    Every answer may be an `Unreachable` instead: "no-token", "locked-store", "token-dead",
    "token-writes", "token-unclear", "no-permission", "rate-limited", or why there was no answer.
    """

    def __init__(self, api: Api, vault: Vault) -> None:
        self._api = api
        self._vault = vault
        self._flight: Flight[tuple[str, str], _Access | Unreachable] = Flight()

    async def setting(self, domain: str, zone: str, name: str) -> str | Unreachable:
        """One of `rules.cloudflare.SETTINGS`, for the zone of the product of this domain."""
        result = await self._of_zone(domain, zone, f"settings/{name}")
        if isinstance(result, Unreachable):
            return result
        found = rules.setting(name, result)
        return found if found is not None else Unreachable("garbled", f"settings/{name}")

    async def records(self, domain: str, zone: str) -> tuple[ZoneRecord, ...] | Unreachable:
        """Every DNS record of the zone, at most ten pages of 500."""
        access = await self._access(domain, zone)
        if isinstance(access, Unreachable):
            return access
        found: list[ZoneRecord] = []
        for number in range(1, limits.API_PAGES + 1):
            path = f"zones/{access.zone.id}/dns_records?page={number}&per_page={_RECORDS}"
            reply = await self._get(path, access.token)
            if isinstance(reply, Unreachable):
                return reply
            found += rules.records(reply.get("result"))
            if number >= _pages(reply):
                return tuple(found)
        return Unreachable("too-large", "dns_records")

    async def cache_rules(self, domain: str, zone: str) -> tuple[CacheRule, ...] | Unreachable:
        """The zone's cache rules in their order; none where no rule was ever made."""
        path = f"rulesets/phases/{rules.CACHE_PHASE}/entrypoint"
        result = await self._of_zone(domain, zone, path)
        if isinstance(result, Unreachable):
            return () if result.reason == "no-ruleset" else result
        return rules.cache_rules(result)

    async def admits(self, domain: str, zone: str) -> Unreachable | None:
        """Why the token cannot be used for this zone; None when it can."""
        access = await self._access(domain, zone)
        return access if isinstance(access, Unreachable) else None

    async def close(self) -> None:
        """End the questions under way."""
        await self._flight.close()

    async def _access(self, domain: str, zone: str) -> _Access | Unreachable:
        return await self._flight.share((domain, zone), lambda: self._enter(domain, zone))

    async def _enter(self, domain: str, zone: str) -> _Access | Unreachable:
        credential = await self._vault.get(CLOUDFLARE_TOKEN, domain)
        if isinstance(credential, Unreachable):
            return credential
        token = credential.value
        if not fits(CLOUDFLARE_TOKEN, token):
            return Unreachable("token-dead", zone)
        listed, policies = await gather(
            self._get(f"zones?name={quote(zone, safe='')}", token), self._policies(token)
        )
        if isinstance(listed, Unreachable):
            dead = listed.reason in _REFUSED and isinstance(policies, Unreachable)
            return Unreachable("token-dead" if dead else listed.reason, listed.detail)
        seen = next((one for one in rules.zones(listed.get("result")) if one.name == zone), None)
        writes = rules.may_write(policies)
        if writes is None and seen is not None:
            writes = rules.may_write_zone(seen)
        if writes:
            return Unreachable("token-writes", zone)
        if seen is None:
            return Unreachable("no-permission", zone)
        return Unreachable("token-unclear", zone) if writes is None else _Access(seen, token)

    async def _policies(self, token: str) -> object:
        """What the token says of itself. Most may not read that, and account tokens never can."""
        verified = await self._get("user/tokens/verify", token)
        if isinstance(verified, Unreachable):
            return verified
        result = verified.get("result")
        id = result.get("id") if isinstance(result, dict) else None
        if not isinstance(id, str) or not id.isalnum():
            return None
        itself = await self._get(f"user/tokens/{id}", token)
        if isinstance(itself, Unreachable):
            return None
        about = itself.get("result")
        return about.get("policies") if isinstance(about, dict) else None

    async def _of_zone(self, domain: str, zone: str, path: str) -> object:
        access = await self._access(domain, zone)
        if isinstance(access, Unreachable):
            return access
        reply = await self._get(f"zones/{access.zone.id}/{path}", access.token)
        return reply if isinstance(reply, Unreachable) else reply.get("result")

    async def _get(self, path: str, token: str) -> dict[str, object] | Unreachable:
        reply = await self._api.get(f"{API}/{path}", token)
        if not isinstance(reply, Json):
            return reply
        if reply.status == 404 and path.endswith("/entrypoint") and isinstance(reply.value, dict):
            return Unreachable("no-ruleset", path)  # "could not find entrypoint ruleset"
        refused = rules.refusal(reply.status, reply.value)
        if refused is not None:
            return refused
        return reply.value if isinstance(reply.value, dict) else {}


def _pages(reply: dict[str, object]) -> int:
    info = reply.get("result_info")
    total = info.get("total_pages") if isinstance(info, dict) else None
    return total if isinstance(total, int) else 1
