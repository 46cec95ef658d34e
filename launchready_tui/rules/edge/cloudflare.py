"""What Cloudflare's API answers, read with care, and what a token may do.

Field names and values are those of the published schema (`cloudflare/api-schemas` on GitHub,
openapi.yaml); `tests/world/test_cloudflare.py` holds them to it. A stranger wrote each answer, so
nothing has its promised shape until it was looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from launchready_tui.vocabulary.facts import Unreachable

SSL_MODES = ("off", "flexible", "full", "strict")
MIN_TLS = ("1.0", "1.1", "1.2", "1.3")
SECURITY_LEVELS = ("off", "essentially_off", "low", "medium", "high", "under_attack")
SWITCH = ("on", "off")
# The settings of a zone that we read, and what each may be.
SETTINGS: Mapping[str, tuple[str, ...]] = {
    "ssl": SSL_MODES,
    "always_use_https": SWITCH,
    "min_tls_version": MIN_TLS,
    "security_level": SECURITY_LEVELS,
}
CACHE_PHASE = "http_request_cache_settings"

# 6003: headers that cannot be read (6111: no token has that form). 1000: no such token.
_NO_SUCH_TOKEN = frozenset({1000, 6003, 6103, 6111})
_TEXT = 4096  # characters of one text; a rule's expression may have no more


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone that the token can see. `permissions` are what it may do there ("#zone:read")."""

    id: str
    name: str
    permissions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ZoneRecord:
    """One DNS record as Cloudflare keeps it; `proxied` is the orange cloud."""

    name: str
    type: str
    content: str
    proxied: bool


@dataclass(frozen=True, slots=True)
class CacheRule:
    """One cache rule. None where it leaves a setting alone.

    `cache` is "eligible" (True) or "bypass" (False); `edge_ttl` says whether it makes the edge
    keep answers for a time of its own, whatever the server says.
    """

    expression: str
    cache: bool | None = None
    edge_ttl: bool | None = None


def refusal(status: int, value: object) -> Unreachable | None:
    """Why an answer is none, from its status and its envelope; None when it may be read."""
    codes = error_codes(value)
    if status == 429:
        return Unreachable("rate-limited")
    if codes & _NO_SUCH_TOKEN:
        return Unreachable("token-dead")
    if status in (401, 403):
        return Unreachable("no-permission")
    if status != 200 or not isinstance(value, dict) or value.get("success") is not True:
        return Unreachable("garbled", f"status {status}")
    return None


def error_codes(value: object) -> frozenset[int]:
    """The numbers of the errors that an answer lists, and of those that caused them."""
    listed = value.get("errors") if isinstance(value, dict) else None
    return frozenset(_codes(listed, 2))


def _codes(errors: object, depth: int) -> Iterable[int]:
    for error in _dicts(errors)[:20]:
        if isinstance(code := error.get("code"), int):
            yield code
        if depth:
            yield from _codes(error.get("error_chain"), depth - 1)


def zones(result: object) -> tuple[Zone, ...]:
    """The zones in an answer of the API, with what the token may do; odd ones are left out."""
    found = []
    for each in _dicts(result):
        id, name = _text(each.get("id")), _text(each.get("name")).lower()
        listed = each.get("permissions")
        rights = tuple(_text(one) for one in listed) if isinstance(listed, list) else ()
        if id.isalnum() and name:
            found.append(Zone(id, name, rights))
    return tuple(found)


def records(result: object) -> tuple[ZoneRecord, ...]:
    """The DNS records in an answer of the API, names and types in one spelling."""
    return tuple(
        ZoneRecord(
            _text(each.get("name")).lower().rstrip("."),
            _text(each.get("type")).upper(),
            _text(each.get("content")),
            each.get("proxied") is True,
        )
        for each in _dicts(result)
    )


def setting(name: str, result: object) -> str | None:
    """The value of a setting; None when it is none that the schema knows."""
    value = result.get("value") if isinstance(result, dict) else None
    return value if isinstance(value, str) and value in SETTINGS[name] else None


def cache_rules(result: object) -> tuple[CacheRule, ...]:
    """The rules that are on and that set what is kept, in their order."""
    rules = _dicts(result.get("rules")) if isinstance(result, dict) else ()
    return tuple(
        _cache_rule(each)
        for each in rules
        if each.get("enabled", True) is not False and each.get("action") == "set_cache_settings"
    )


def _cache_rule(rule: Mapping[str, object]) -> CacheRule:
    given = rule.get("action_parameters")
    settings = given if isinstance(given, dict) else {}
    cache, ttl = settings.get("cache"), settings.get("edge_ttl")
    expression = rule.get("expression")
    return CacheRule(
        expression if isinstance(expression, str) else "",
        cache if isinstance(cache, bool) else None,
        _overrides(ttl) if isinstance(ttl, dict) else None,
    )


def _overrides(ttl: Mapping[str, object]) -> bool:
    """Whether good answers are kept for a time of the rule's own: for all, or for status 200."""
    if ttl.get("mode") == "override_origin" and _above_zero(ttl.get("default")):
        return True
    return any(
        _above_zero(each.get("value")) and _covers_200(each)
        for each in _dicts(ttl.get("status_code_ttl"))
    )


def _covers_200(each: Mapping[str, object]) -> bool:
    one = each.get("status_code", each.get("status_code_value"))
    if isinstance(one, int):
        return one == 200
    span = each.get("status_code_range")
    if not isinstance(span, dict):
        return False
    first, last = span.get("from", 0), span.get("to", 999)
    return isinstance(first, int) and isinstance(last, int) and first <= 200 <= last


def _above_zero(value: object) -> bool:
    return isinstance(value, int) and value > 0


def may_write(policies: object) -> bool | None:
    """Whether a token can change things, from its own policies; None when they say nothing.

    A permission group's name ends in "Read" when it can only read; all others ("DNS Write",
    "Cache Purge") can do something.
    """
    groups = [
        _text(group.get("name"))
        for policy in _dicts(policies)
        if policy.get("effect") != "deny"
        for group in _dicts(policy.get("permission_groups"))
    ]
    if not groups:
        return None
    return not all(name.split()[-1:] == ["Read"] for name in groups)


def may_write_zone(zone: Zone) -> bool | None:
    """The same from what a zone says the caller may do there ("#dns_records:edit")."""
    if not zone.permissions:
        return None
    return not all(right.strip().endswith(":read") for right in zone.permissions)


def _dicts(value: object) -> tuple[Mapping[str, object], ...]:
    return tuple(one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def _text(value: object) -> str:
    return value[:_TEXT] if isinstance(value, str) else ""
