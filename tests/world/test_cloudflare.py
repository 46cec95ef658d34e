"""Cloudflare's API: held to its published schema, and every way in which it can say no."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pytest

from launchready_tui.lab import Lab
from launchready_tui.lab import cloudflare as lab_api
from launchready_tui.lab.cloudflare import (
    API_HOST,
    ORIGIN,
    READS,
    answer,
    record,
    refused,
    rule,
    with_cache_rules,
    with_policies,
    with_records,
    with_zones,
    zone,
)
from launchready_tui.lab.healthy import DOMAIN, healthy
from launchready_tui.lab.scenario import Reply, Scenario
from launchready_tui.rules.edge import cloudflare as rules
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world import World, open_world
from launchready_tui.world.credentials import InMemory

SCHEMA = tomllib.loads(Path(__file__).with_name("cloudflare_schema.toml").read_text("utf-8"))
PAGES = healthy().site(API_HOST).https
ZONE = f"/client/v4/zones/{lab_api.ZONE_ID}"
ENTRY = f"{ZONE}/rulesets/phases/{rules.CACHE_PHASE}/entrypoint"
ALL_READ = [{"effect": "allow", "permission_groups": [{"name": "Zone Read"}, {"name": "DNS Read"}]}]
ONE_WRITES = [{"effect": "allow", "permission_groups": [{"name": "Zone Read"},
                                                        {"name": "DNS Write"}]}]  # fmt: skip


T = TypeVar("T")


async def asked(scenario: Scenario, ask: Callable[[World], Awaitable[T]]) -> T:
    async with Lab(scenario) as lab, open_world(lab.options) as world:
        return await ask(world)


async def ssl(world: World) -> object:
    return await world.cloudflare.setting(DOMAIN, DOMAIN, "ssl")


def result(path: str) -> Any:
    body = PAGES[path].body
    assert isinstance(body, bytes)
    told = json.loads(body)
    assert set(told) <= set(SCHEMA["envelope"]["fields"])
    assert set(told.get("result_info", {})) <= set(SCHEMA["envelope"]["result_info"])
    return told["result"]


def fields(value: object) -> set[str]:
    assert isinstance(value, Mapping)
    return set(value)


def test_what_we_read_is_what_the_schema_has() -> None:
    assert {name: list(values) for name, values in rules.SETTINGS.items()} == (
        SCHEMA["setting"]["values"]
    )
    assert SCHEMA["ruleset"]["phase"] == rules.CACHE_PHASE


def test_the_lab_speaks_the_schema() -> None:
    (told,) = result("/client/v4/zones")
    assert fields(told) <= set(SCHEMA["zone"]["fields"])
    assert told["status"] in SCHEMA["zone"]["status"]
    assert told["type"] in SCHEMA["zone"]["type"]
    for name, values in SCHEMA["setting"]["values"].items():
        setting = result(f"{ZONE}/settings/{name}")
        assert fields(setting) <= set(SCHEMA["setting"]["fields"])
        assert setting["value"] in values
    for each in result(f"{ZONE}/dns_records"):
        assert fields(each) <= set(SCHEMA["record"]["fields"])
    ruleset = result(ENTRY)
    assert fields(ruleset) <= set(SCHEMA["ruleset"]["fields"])
    for each in ruleset["rules"]:
        assert fields(each) <= set(SCHEMA["ruleset"]["rule"])
        assert each["action"] == SCHEMA["ruleset"]["action"]
    token = result("/client/v4/user/tokens/verify")
    assert fields(token) <= set(SCHEMA["token"]["fields"])
    assert token["status"] in SCHEMA["token"]["status"]


Seen = tuple[
    object,
    tuple[rules.ZoneRecord, ...] | Unreachable,
    tuple[rules.CacheRule, ...] | Unreachable,
    Unreachable | None,
]


async def test_a_healthy_zone_is_read() -> None:
    async def look(world: World) -> Seen:
        api = world.cloudflare
        return (
            await ssl(world),
            await api.records(DOMAIN, DOMAIN),
            await api.cache_rules(DOMAIN, DOMAIN),
            await api.admits(DOMAIN, DOMAIN),
        )

    mode, records, cache, admitted = await asked(healthy(), look)
    assert mode == "strict"
    assert not isinstance(records, Unreachable)
    assert not isinstance(cache, Unreachable)
    assert rules.ZoneRecord(DOMAIN, "A", ORIGIN, True) in records
    assert [each.cache for each in cache] == [False]
    assert admitted is None


REFUSALS: dict[str, tuple[Callable[[Scenario], Scenario], str]] = {
    "no-zones": (lambda w: with_zones(w, answer([], pages=1)), "no-permission"),
    "a-stranger's-zone": (
        lambda w: with_zones(w, answer([zone("other.example")], pages=1)),
        "no-permission",
    ),
    "may-edit-dns": (
        lambda w: with_zones(w, answer([zone(DOMAIN, (*READS, "#dns_records:edit"))], pages=1)),
        "token-writes",
    ),
    "a-right-of-another-kind": (
        lambda w: with_zones(w, answer([zone(DOMAIN, (*READS, "#cache:purge"))], pages=1)),
        "token-writes",
    ),
    "says-nothing-of-its-rights": (
        lambda w: with_zones(w, answer([zone(DOMAIN, ())], pages=1)),
        "token-unclear",
    ),
    "its-policies-write": (lambda w: with_policies(w, ONE_WRITES), "token-writes"),
    "unknown": (lambda w: with_zones(w, refused(9109, "Invalid access token")), "no-permission"),
    "malformed": (
        lambda w: with_zones(w, refused(6003, "Invalid request headers", status=400)),
        "token-dead",
    ),
    "too-often": (
        lambda w: with_zones(w, refused(971, "Please wait", status=429)),
        "rate-limited",
    ),
    "broken": (lambda w: with_zones(w, Reply(502, (), b"Bad gateway")), "garbled"),
    "no-json": (lambda w: with_zones(w, Reply(200, (), b"<html>")), "garbled"),
    "no-success": (lambda w: with_zones(w, Reply(200, (), b'{"result": []}')), "garbled"),
    "an-odd-shape": (lambda w: with_zones(w, answer({"id": 1})), "no-permission"),
    "no-name": (lambda w: w.without(API_HOST), "no-address"),
}


@pytest.mark.parametrize("name", REFUSALS)
async def test_a_zone_that_is_not_to_be_read_says_why(name: str) -> None:
    change, reason = REFUSALS[name]
    reply = await asked(change(healthy()), ssl)
    assert isinstance(reply, Unreachable)
    assert reply.reason == reason


async def test_a_token_that_nobody_knows_is_dead() -> None:
    world = with_zones(healthy(), refused(9109, "Invalid access token"))
    verify = "/client/v4/user/tokens/verify"
    site = world.site(API_HOST).with_page(verify, refused(1000, "Invalid API Token", status=401))
    reply = await asked(world.with_site(site), ssl)
    assert isinstance(reply, Unreachable)
    assert reply.reason == "token-dead"


async def test_a_tokens_own_policies_come_before_what_the_zone_says() -> None:
    world = with_zones(healthy(), answer([zone(DOMAIN, ())], pages=1))
    assert await asked(with_policies(world, ALL_READ), ssl) == "strict"


async def test_a_setting_may_be_forbidden_alone() -> None:
    page = refused(9109, "Unauthorized to access requested resource")
    site = healthy().site(API_HOST).with_page(f"{ZONE}/settings/ssl", page)
    reply = await asked(healthy().with_site(site), ssl)
    assert isinstance(reply, Unreachable)
    assert reply.reason == "no-permission"


async def test_a_value_that_the_schema_does_not_know_is_no_answer() -> None:
    reply = await asked(lab_api.with_setting(healthy(), "ssl", "origin_pull"), ssl)
    assert isinstance(reply, Unreachable)
    assert reply.reason == "garbled"


async def test_no_rule_was_ever_made() -> None:
    missing = refused(10003, "could not find entrypoint ruleset", status=404)
    world = with_cache_rules(healthy(), missing)
    assert await asked(world, lambda w: w.cloudflare.cache_rules(DOMAIN, DOMAIN)) == ()


async def test_a_list_that_never_ends_is_left() -> None:
    page = answer([record(DOMAIN, "A", ORIGIN, proxied=True)], pages=10_000)
    site = healthy().site(API_HOST).with_page(f"{ZONE}/dns_records", page)
    reply = await asked(healthy().with_site(site), lambda w: w.cloudflare.records(DOMAIN, DOMAIN))
    assert isinstance(reply, Unreachable)
    assert reply.reason == "too-large"


async def test_records_of_odd_shapes_are_left_out_or_empty() -> None:
    world = with_records(healthy(), [{"name": 7, "proxied": "yes"}])
    reply = await asked(world, lambda w: w.cloudflare.records(DOMAIN, DOMAIN))
    assert reply == (rules.ZoneRecord("", "", "", False),)


async def test_without_a_token_nothing_is_asked() -> None:
    from dataclasses import replace

    async with Lab() as lab:
        options = replace(lab.options, credentials=InMemory({}))
        async with open_world(options) as world:
            reply = await ssl(world)
            assert world.asked.http == 0
    assert isinstance(reply, Unreachable)
    assert reply.reason == "no-token"


@pytest.mark.parametrize(
    ("policies", "writes"),
    [
        (ALL_READ, False),
        (ONE_WRITES, True),
        ([{"effect": "allow", "permission_groups": [{"name": "Cache Purge"}]}], True),
        ([{"effect": "deny", "permission_groups": [{"name": "DNS Write"}]}, *ALL_READ], False),
        ([{"effect": "allow", "permission_groups": [{}]}], True),
        ([], None),
        (None, None),
        ("?", None),
    ],
)
def test_what_policies_say(policies: object, writes: bool | None) -> None:
    assert rules.may_write(policies) is writes


def test_a_bypassing_rule_is_read_as_such() -> None:
    assert rules.cache_rules({"rules": [rule("true", cache=False)]}) == (
        rules.CacheRule("true", cache=False),
    )
