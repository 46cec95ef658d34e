"""Cloudflare's API as the lab plays it: one zone, four settings, its records, its cache rules.

Shapes and values are those of the published schema; `tests/world/test_cloudflare.py` checks that.
The token can only read. It and the test account's cookie are made up and open nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from launchready_tui.lab.post import INBOXES, PASSWORD
from launchready_tui.lab.scenario import SESSION, Certificate, Reply, Scenario, Site
from launchready_tui.world.credentials import (
    CLOUDFLARE_TOKEN,
    INBOX_PASSWORD,
    TEST_SESSION,
    InMemory,
)

API_HOST = "api.cloudflare.com"
TOKEN = "lab-token-that-reads-only"
ORIGIN = "198.51.100.10"  # the server behind the edge; it answers the edge alone
ZONE_ID = "023e105f4ecef8ad9ca31a8372d0c353"
TOKEN_ID = "ed17574386854bf78a67040be0a770b0"
READS = ("#zone:read", "#zone_settings:read", "#dns_records:read", "#cache_settings:read")

_BASE = "/client/v4"
_ZONE = f"{_BASE}/zones/{ZONE_ID}"
_RULES = f"{_ZONE}/rulesets/phases/http_request_cache_settings/entrypoint"
_THEN = "2026-11-02T09:00:00Z"
_SAFE = {
    "ssl": "strict",
    "always_use_https": "on",
    "min_tls_version": "1.2",
    "security_level": "medium",
}


def credentials(domain: str) -> InMemory:
    """What the founder of the lab's product keeps in the password store."""
    inboxes = {(INBOX_PASSWORD, inbox.address): PASSWORD for inbox in INBOXES}
    return InMemory(
        {(CLOUDFLARE_TOKEN, domain): TOKEN, (TEST_SESSION, domain): "=".join(SESSION)} | inboxes
    )


def api_site(domain: str, hosts: Iterable[str]) -> Site:
    """The API, for a zone whose web hosts are all behind the orange cloud."""
    pages = {
        f"{_BASE}/user/tokens/verify": answer({"id": TOKEN_ID, "status": "active"}),
        # Few tokens may read their own rights; this one may not either.
        f"{_BASE}/user/tokens/{TOKEN_ID}": refused(9109, "Unauthorized to access this resource"),
        f"{_BASE}/zones": answer([zone(domain)], pages=1),
        f"{_ZONE}/dns_records": answer(_records(domain, hosts), pages=1),
        _RULES: cache_rules(rule(f'(http.host eq "app.{domain}")', cache=False)),
    }
    pages |= {f"{_ZONE}/settings/{name}": _setting(name, value) for name, value in _SAFE.items()}
    missing = refused(7003, "Could not route to this address", status=404)
    return Site(API_HOST, Certificate((API_HOST,)), pages, https_default=missing)


def with_setting(world: Scenario, name: str, value: str) -> Scenario:
    """The same world where Cloudflare says this of a setting."""
    path = f"{_ZONE}/settings/{name}"
    return world.with_site(world.site(API_HOST).with_page(path, _setting(name, value)))


def with_cache_rules(world: Scenario, reply: Reply) -> Scenario:
    """The world in which the API answers a question for cache rules like this."""
    return world.with_site(world.site(API_HOST).with_page(_RULES, reply))


def with_zones(world: Scenario, reply: Reply) -> Scenario:
    """The world in which the API answers a question for zones like this."""
    return world.with_site(world.site(API_HOST).with_page(f"{_BASE}/zones", reply))


def with_records(world: Scenario, records: list[dict[str, object]]) -> Scenario:
    """The world in which the API lists these DNS records, on one page."""
    path = f"{_ZONE}/dns_records"
    return world.with_site(world.site(API_HOST).with_page(path, answer(records, pages=1)))


def with_policies(world: Scenario, policies: object) -> Scenario:
    """The same world where the token may read its own rights."""
    path = f"{_BASE}/user/tokens/{TOKEN_ID}"
    reply = answer({"id": TOKEN_ID, "status": "active", "policies": policies})
    return world.with_site(world.site(API_HOST).with_page(path, reply))


def zone(domain: str, permissions: Iterable[str] = READS) -> Mapping[str, object]:
    """A zone as the API describes it, with what the token may do."""
    return {
        "id": ZONE_ID,
        "name": domain,
        "status": "active",
        "paused": False,
        "type": "full",
        "name_servers": ["dana.ns.cloudflare.com", "rob.ns.cloudflare.com"],
        "permissions": list(permissions),
        "modified_on": _THEN,
    }


def record(name: str, type: str, content: str, *, proxied: bool) -> dict[str, object]:
    """A DNS record as the API describes it."""
    return {
        "id": "372e67954025e0ba6aaa6d586b9e0b59",
        "name": name,
        "type": type,
        "content": content,
        "proxied": proxied,
        "proxiable": type in ("A", "AAAA", "CNAME"),
        "ttl": 1,
    }


def rule(expression: str, **settings: object) -> dict[str, object]:
    """A cache rule as the API describes it."""
    return {
        "id": "3a03d665bac047339bb530ecb439a90d",
        "version": "1",
        "action": "set_cache_settings",
        "expression": expression,
        "action_parameters": settings,
        "enabled": True,
    }


def cache_rules(*rules: dict[str, object]) -> Reply:
    """The API's answer to a question for cache rules."""
    return answer(
        {
            "id": "2f2feab2026849078ba485f918791bdc",
            "kind": "zone",
            "phase": "http_request_cache_settings",
            "rules": list(rules),
        }
    )


def answer(result: object, pages: int = 0) -> Reply:
    """A good answer in the API's envelope."""
    answer = {"result": result, "success": True, "errors": [], "messages": []}
    if pages and isinstance(result, list):
        count = len(result)
        answer["result_info"] = {
            "page": 1,
            "per_page": 500,
            "total_pages": pages,
            "count": count,
            "total_count": count,
        }
    return _json(answer)


def refused(code: int, message: str, status: int = 403) -> Reply:
    """An error in the same envelope."""
    error = {"code": code, "message": message}
    return _json({"result": None, "success": False, "errors": [error], "messages": []}, status)


def _setting(name: str, value: str) -> Reply:
    return answer({"id": name, "value": value, "editable": True, "modified_on": _THEN})


def _records(domain: str, hosts: Iterable[str]) -> list[dict[str, object]]:
    web = [record(host, "A", ORIGIN, proxied=True) for host in hosts]
    return [
        *web,
        record(domain, "MX", "smtp.google.com", proxied=False),
        record(f"pm-bounces.{domain}", "CNAME", "pm.mtasv.net", proxied=False),
    ]


def _json(value: object, status: int = 200) -> Reply:
    headers = (("Content-Type", "application/json"), ("Cache-Control", "no-store"))
    return Reply(status, headers, json.dumps(value).encode())
