"""What strangers put into a referral or an NS set stays small, and is asked only so far."""

from __future__ import annotations

import pytest

from launchready_tui.lab import Lab, healthy
from launchready_tui.lab.healthy import DOMAIN, SECOND_SERVER
from launchready_tui.lab.scenario import Scenario
from launchready_tui.rules.dns.delegation import Delegation, NoCut
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world import Asked, Options, limits, open_world
from tests.checks.dns.zone_world import aliased, delegated_to, with_own_servers
from tests.world.servers import NameServer, serving

MANY = tuple(f"ns{number:03d}.harbor-ca.example" for number in range(200))
Found = Delegation | NoCut | Unreachable


async def find(scenario: Scenario, *more: str) -> tuple[Found, Asked]:
    async with Lab(scenario) as lab:
        options = Options(lab.options.resolvers, (*lab.options.connect, *more))
        async with open_world(options) as world:
            return await world.dns.delegation(DOMAIN), world.asked


async def test_a_referral_to_two_hundred_servers_is_read_over_tcp_and_cut() -> None:
    found, asked = await find(delegated_to(healthy(), *MANY))
    assert isinstance(found, Delegation)
    assert len(found.parent) == limits.NAME_SERVERS
    assert len(found.servers) <= limits.SERVER_ADDRESSES
    assert asked.dns < 60


async def test_a_zone_that_names_two_hundred_servers_is_not_followed_to_all() -> None:
    found, asked = await find(with_own_servers("dana.ns.cloudflare.com", *MANY))
    assert isinstance(found, Delegation)
    assert len(found.servers) <= 2 * limits.SERVER_ADDRESSES
    assert asked.dns < 80


@pytest.mark.parametrize("garbage", [b"", b"\x00", b"\x81\x80" + b"\xff" * 40])
async def test_garbage_is_silence_and_no_lame_server(garbage: bytes) -> None:
    server = NameServer(DOMAIN, "@ 60 IN SOA a. b. 1 2 3 4 5\n@ 60 IN NS a.", garbage=garbage)
    async with serving(server):
        found, _ = await find(healthy(), f"{SECOND_SERVER}:53=127.0.0.1:{server.port}")
    assert isinstance(found, Delegation)
    states = {each.name.partition(".")[0]: each.state for each in found.servers}
    assert states == {"dana": "answers", "rob": "silent"}


async def test_a_server_without_authority_is_lame() -> None:
    text = "@ 60 IN SOA a. b. 1 2 3 4 5\n@ 60 IN NS a."
    server = NameServer(DOMAIN, text, authoritative=False)
    async with serving(server):
        found, _ = await find(healthy(), f"{SECOND_SERVER}:53=127.0.0.1:{server.port}")
    assert isinstance(found, Delegation)
    assert [(one.state, one.reason) for one in found.servers if one.name.startswith("rob")] == [
        ("lame", "no-authority")
    ]
    assert server.recursion_desired == [False, False]


async def test_addresses_that_only_a_private_network_has_are_not_asked() -> None:
    world = healthy().with_records("rob.ns.cloudflare.com", "A", ["10.0.0.53"])
    async with Lab(world) as lab:
        known = [text for text in lab.options.connect if not text.startswith((":53", "10."))]
        async with open_world(Options(lab.options.resolvers, tuple(known))) as opened:
            found = await opened.dns.delegation(DOMAIN)
    assert isinstance(found, Delegation)
    assert [(one.address, one.state) for one in found.servers] == [
        ("192.0.2.53", "answers"),
        ("", "silent"),
    ]


async def test_names_above_every_zone_are_not_looked_for_without_end() -> None:
    async with Lab(aliased((DOMAIN, f"edge.{DOMAIN}"))) as lab, open_world(lab.options) as world:
        assert isinstance(await world.dns.aliases("nowhere", "nowhere"), Unreachable)
        assert world.asked.dns < 20


async def test_each_fact_is_asked_once() -> None:
    async with Lab() as lab, open_world(lab.options) as world:
        first = await world.dns.delegation(DOMAIN)
        before = world.asked.dns
        assert await world.dns.delegation(f"{DOMAIN.upper()}.") is first
        assert world.asked.dns == before
