"""Registries over real TLS: which one is asked, what it says, and which list of them counts."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from launchready_tui.lab import Lab, Scenario, healthy
from launchready_tui.lab import registry as lab_registry
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.lab.scenario import Reply
from launchready_tui.rules.dns.rdap import NotRegistered, Registration
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world import World, open_world
from launchready_tui.world.registry import FRESH, Registry

NOW = datetime.now(UTC)


@asynccontextmanager
async def registry(
    scenario: Scenario, kept: Path | None = None
) -> AsyncIterator[tuple[Registry, World]]:
    async with Lab(scenario) as lab, open_world(lab.options, NOW) as world:
        asking = Registry(world.api, NOW, kept)
        yield asking, world
        await asking.close()


def saying(reply: Reply, host: str = lab_registry.RDAP_HOST) -> Scenario:
    """The healthy world where this host answers everything so."""
    site = healthy().site(host)
    return healthy().with_site(type(site)(host, site.certificate, https_default=reply))


def a_list(*endings: str, url: str = f"https://{lab_registry.RDAP_HOST}/") -> str:
    return json.dumps({"services": [[list(endings), [url]]]})


async def test_the_registry_of_the_ending_is_asked() -> None:
    async with registry(healthy()) as (asking, _):
        found = await asking.registration(DOMAIN)
    assert isinstance(found, Registration)
    assert found.locked


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(401), "blocked"),
        (Reply(403, (), b"<html>no robots</html>"), "blocked"),
        (Reply(429, (("Retry-After", "60"),), b"{}"), "rate-limited"),
        (Reply(500), "not-known"),
        (Reply(503, (), b"busy"), "not-known"),
        (Reply(200, (), b"<html>"), "garbled"),
        (Reply(200, (), b'{"objectClassName": "entity"}'), "garbled"),
        (Reply(200, (), b"[" * 100_000), "garbled"),
    ],
)
async def test_no_answer_has_its_reason(reply: Reply, expected: str) -> None:
    async with registry(saying(reply)) as (asking, _):
        found = await asking.registration(DOMAIN)
    assert isinstance(found, Unreachable)
    assert found.reason == expected


async def test_a_404_says_that_there_is_no_such_domain() -> None:
    async with registry(healthy()) as (asking, _):
        assert await asking.registration("nobody.example") == NotRegistered("nobody.example")


async def test_an_ending_without_a_server_is_not_known() -> None:
    async with registry(healthy()) as (asking, _):
        found = await asking.registration("harbor.de")
    assert isinstance(found, Unreachable)
    assert found.reason == "no-registry"


async def test_a_domain_and_the_list_are_asked_once() -> None:
    async with registry(healthy()) as (asking, world):
        await asking.registration(DOMAIN)
        await asking.registration(DOMAIN)
        await asking.registration("nobody.example")
        assert world.asked.http == 3


async def test_the_fresh_list_is_kept_and_serves_for_a_week(tmp_path: Path) -> None:
    kept = tmp_path / "cache" / "rdap-dns.json"
    async with registry(healthy(), kept) as (asking, world):
        await asking.registration(DOMAIN)
        assert world.asked.http == 2
    assert "example" in kept.read_text("utf-8")
    assert [each.name for each in kept.parent.iterdir()] == [kept.name]
    async with registry(healthy(), kept) as (asking, world):
        assert isinstance(await asking.registration(DOMAIN), Registration)
        assert world.asked.http == 1


async def test_a_list_of_last_month_is_fetched_again(tmp_path: Path) -> None:
    kept = tmp_path / "rdap-dns.json"
    kept.write_text(a_list("test"), "utf-8")
    then = NOW.timestamp() - FRESH.total_seconds() - 60
    os.utime(kept, (then, then))
    async with registry(healthy(), kept) as (asking, world):
        assert isinstance(await asking.registration(DOMAIN), Registration)
        assert world.asked.http == 2
    assert "example" in kept.read_text("utf-8")


@pytest.mark.parametrize(
    "reply", [Reply(503), Reply(403), Reply(200, (), b"<html>"), Reply(200, (), b'{"services": 3}')]
)
async def test_without_a_fresh_list_an_older_one_counts(reply: Reply, tmp_path: Path) -> None:
    kept = tmp_path / "rdap-dns.json"
    kept.write_text(a_list("example"), "utf-8")
    os.utime(kept, (0, 0))
    world = saying(reply, lab_registry.BOOTSTRAP_HOST)
    async with registry(world, kept) as (asking, _):
        assert isinstance(await asking.registration(DOMAIN), Registration)


async def test_without_any_other_the_list_in_the_package_counts() -> None:
    """It knows .com but not the lab's .example: for that, it is the fetching that failed."""
    world = healthy().with_trouble("iana.org", "servfail")
    async with registry(world) as (asking, _):
        missing = await asking.registration(DOMAIN)
        found = await asking.registration("harbor.com")
    assert isinstance(missing, Unreachable)
    assert missing.reason == "servfail"
    assert isinstance(found, Unreachable)
    assert found.detail.startswith("rdap.verisign.com")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"services": []}', "\x00" * 10])
async def test_a_broken_kept_list_does_no_harm(text: str, tmp_path: Path) -> None:
    kept = tmp_path / "rdap-dns.json"
    kept.write_text(text, "utf-8")
    async with registry(healthy(), kept) as (asking, _):
        assert isinstance(await asking.registration(DOMAIN), Registration)


async def test_a_folder_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    async with registry(healthy(), tmp_path / "file" / "rdap-dns.json") as (asking, _):
        assert isinstance(await asking.registration(DOMAIN), Registration)


async def test_a_world_behind_detours_keeps_nothing_for_the_real_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    async with Lab(healthy()) as lab, open_world(lab.options, NOW) as world:
        assert isinstance(await world.registry.registration(DOMAIN), Registration)
    assert list(tmp_path.iterdir()) == []


async def test_a_server_with_a_strangers_certificate_is_not_believed() -> None:
    site = healthy().site(lab_registry.RDAP_HOST)
    assert site.certificate is not None
    forged = type(site.certificate)(site.certificate.names, issuer="self")
    world = healthy().with_site(type(site)(site.host, forged, site.https))
    async with registry(world) as (asking, _):
        found = await asking.registration(DOMAIN)
    assert isinstance(found, Unreachable)
    assert found.reason == "untrusted"
