"""The resolver against real name servers on loopback, healthy and broken."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from launchready_tui.vocabulary.facts import Answer, NoData, NoSuchName, Unreachable
from launchready_tui.world import Options, World, open_world
from tests.ports import free_port
from tests.world.servers import NameServer, serving

ZONE = """
@        3600 IN SOA ns1.harbor.example. host.harbor.example. 1 2 3 4 60
@        3600 IN NS ns1.harbor.example.
@        3600 IN NS ns2.harbor.example.
@        300  IN A 192.0.2.10
@        300  IN AAAA 2001:db8::10
@        300  IN MX 10 MX.Harbor.example.
@        300  IN TXT "v=spf1 include:a.example " "-all"
ns1      300  IN A 192.0.2.1
ns2      300  IN A 192.0.2.2
www      60   IN CNAME harbor.example.
shop     60   IN CNAME shops.elsewhere.test.
gone     60   IN CNAME nothing.harbor.example.
bell     60   IN TXT "a\\007b\\226\\128\\174c"
loop     60   IN CNAME pool.harbor.example.
pool     60   IN CNAME loop.harbor.example.
a.b      60   IN A 192.0.2.20
child    60   IN NS ns.child.harbor.example.
ns.child 60   IN A 192.0.2.3
"""


def harbor(**faults: Any) -> NameServer:
    return NameServer("harbor.example", ZONE, **faults)


def options(*servers: NameServer, connect: tuple[str, ...] = ()) -> Options:
    return Options(tuple(f"127.0.0.1:{server.port}" for server in servers), connect)


@pytest.mark.usefixtures("short_waits")
async def test_a_server_that_fails_is_never_read_as_missing() -> None:
    silent, broken = harbor(silent=frozenset({""})), harbor(servfail=frozenset({""}))
    async with serving(silent, broken):
        for server, reason in ((broken, "servfail"), (silent, "timeout")):
            async with open_world(options(server)) as world:
                reply = await world.dns.ask("harbor.example", "A")
                assert isinstance(reply, Unreachable)
                assert reply == Unreachable(reason, reply.detail)


async def test_no_such_name_and_no_data_are_told_apart() -> None:
    server = harbor()
    async with serving(server), open_world(options(server)) as world:
        missing = await world.dns.ask("api.harbor.example", "A")
        no_mx = await world.dns.ask("ns1.harbor.example", "MX")
        between = await world.dns.ask("b.harbor.example", "A")
    assert isinstance(missing, NoSuchName)
    assert isinstance(no_mx, NoData)
    assert isinstance(between, NoData)  # an empty non-terminal exists (RFC 8020)


async def test_an_answer_without_soa_is_still_no_data() -> None:
    server = harbor(soa=False)
    async with serving(server), open_world(options(server)) as world:
        assert isinstance(await world.dns.ask("ns1.harbor.example", "MX"), NoData)


@pytest.mark.usefixtures("short_waits")
@pytest.mark.parametrize("fault", ["servfail", "refused", "silent"])
async def test_a_failing_resolver_hands_on_to_the_next(fault: str) -> None:
    first, second = harbor(**{fault: frozenset({""})}), harbor()
    async with serving(first, second), open_world(options(first, second)) as world:
        reply = await world.dns.ask("harbor.example", "A")
        assert isinstance(reply, Answer)
        assert reply.records == ("192.0.2.10",)


@pytest.mark.usefixtures("short_waits")
async def test_all_resolvers_failing_gives_the_reason_that_says_most() -> None:
    first, second = harbor(silent=frozenset({""})), harbor(servfail=frozenset({""}))
    async with serving(first, second), open_world(options(first, second)) as world:
        reply = await world.dns.ask("harbor.example", "A")
    assert isinstance(reply, Unreachable)
    assert reply.reason == "servfail"


async def test_a_closed_port_is_known_at_once() -> None:
    async with open_world(Options((f"127.0.0.1:{free_port()}",))) as world:
        async with asyncio.timeout(1):
            reply = await world.dns.ask("harbor.example", "A")
    assert isinstance(reply, Unreachable)
    assert reply.reason == "refused"


@pytest.mark.usefixtures("short_waits")
async def test_one_lost_packet_is_no_time_out() -> None:
    server = harbor(mute_once={"harbor.example"})
    async with serving(server), open_world(options(server)) as world:
        assert isinstance(await world.dns.ask("harbor.example", "A"), Answer)


async def test_truncation_goes_on_over_tcp() -> None:
    server = harbor(truncate=frozenset({"harbor.example"}))
    async with serving(server), open_world(options(server)) as world:
        assert isinstance(await world.dns.ask("harbor.example", "TXT"), Answer)
    assert server.over_tcp == 1


async def test_a_server_without_edns_is_asked_again_without() -> None:
    server = harbor(knows_edns=False)
    async with serving(server), open_world(options(server)) as world:
        assert isinstance(await world.dns.ask("harbor.example", "A"), Answer)


@pytest.mark.parametrize("garbage", [b"", b"\x00", b"\x81\x80" + b"\xff" * 40])
async def test_garbage_is_called_garbled(garbage: bytes) -> None:
    server = harbor(garbage=garbage)
    async with serving(server), open_world(options(server)) as world:
        reply = await world.dns.ask("harbor.example", "A")
    assert isinstance(reply, Unreachable)
    assert reply.reason == "garbled"


async def test_a_chain_is_kept_even_where_it_ends_in_nothing() -> None:
    server = harbor()
    async with serving(server), open_world(options(server)) as world:
        www = await world.dns.ask("WWW.harbor.example.", "A")
        gone = await world.dns.ask("gone.harbor.example", "A")
        loop = await world.dns.ask("loop.harbor.example", "A")
    assert isinstance(www, Answer)
    assert (www.name, www.records) == ("www.harbor.example", ("192.0.2.10",))
    assert (www.chain, www.ttl) == (("harbor.example",), 60)
    assert isinstance(gone, NoSuchName)
    assert gone == NoSuchName("gone.harbor.example", ("nothing.harbor.example",), gone.server)
    assert isinstance(loop, Unreachable)


async def test_the_end_of_a_chain_in_another_zone_is_asked_for() -> None:
    class Both(NameServer):
        def fill(self, reply: Any, name: Any, rtype: Any) -> None:
            if name.to_text() == "shops.elsewhere.test.":
                self.zone, kept = elsewhere.zone, self.zone
                super().fill(reply, name, rtype)
                self.zone = kept
            else:
                super().fill(reply, name, rtype)

    elsewhere = NameServer(
        "elsewhere.test",
        "@ 60 IN SOA a. b. 1 2 3 4 60\n@ 60 IN NS a.\nshops 30 IN A 198.51.100.7\n",
    )
    server = Both("harbor.example", ZONE)
    async with serving(server), open_world(options(server)) as world:
        reply = await world.dns.ask("shop.harbor.example", "A")
    assert isinstance(reply, Answer)
    assert reply.records == ("198.51.100.7",)
    assert (reply.chain, reply.ttl) == (("shops.elsewhere.test",), 30)


async def test_text_is_joined_and_cleaned_and_names_are_lower_case() -> None:
    server = harbor()
    async with serving(server), open_world(options(server)) as world:
        spf = await world.dns.ask("harbor.example", "TXT")
        bell = await world.dns.ask("bell.harbor.example", "TXT")
        mx = await world.dns.ask("harbor.example", "MX")
    assert isinstance(spf, Answer)
    assert spf.records == ("v=spf1 include:a.example -all",)
    assert isinstance(bell, Answer)
    assert bell.records == ("a\ufffdb\ufffdc",)
    assert isinstance(mx, Answer)
    assert mx.records == ("10 mx.harbor.example.",)


async def test_concurrent_callers_share_one_question() -> None:
    server = harbor()
    async with serving(server), open_world(options(server)) as world:
        await asyncio.gather(*(world.dns.ask("harbor.example", "A") for _ in range(50)))
        await world.dns.ask_each("harbor.example", "A")
    assert server.asked["harbor.example", "A"] == 1
    assert world.asked.dns == 1


@pytest.mark.usefixtures("short_waits")
async def test_a_cancelled_caller_leaves_the_question_to_the_others() -> None:
    server = harbor(mute_once={"harbor.example"})
    async with serving(server), open_world(options(server)) as world:
        first = asyncio.create_task(world.dns.ask("harbor.example", "A"))
        second = asyncio.create_task(world.dns.ask("harbor.example", "A"))
        await asyncio.sleep(0.1)
        first.cancel()
        assert isinstance(await second, Answer)


async def test_leaving_the_world_lets_go_at_once() -> None:
    server = harbor(silent=frozenset({""}))
    clock = asyncio.get_running_loop().time
    async with serving(server):
        began = clock()
        async with open_world(options(server)) as world:
            task = asyncio.create_task(world.dns.ask("harbor.example", "A"))
            await asyncio.sleep(0.05)
        assert clock() - began < 1
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_each_resolver_speaks_for_itself() -> None:
    first, second = harbor(), harbor(servfail=frozenset({""}))
    async with serving(first, second), open_world(options(first, second)) as world:
        (one, good), (two, bad) = await world.dns.ask_each("harbor.example", "A")
    assert (one, two) == (f"127.0.0.1:{first.port}", f"127.0.0.1:{second.port}")
    assert isinstance(good, Answer)
    assert isinstance(bad, Unreachable)


async def at_the_authority(
    name: str, rtype: str, direct: NameServer, more: Callable[[World], Any] | None = None
) -> tuple[tuple[str, Any], ...]:
    resolver = harbor()
    async with serving(resolver, direct):
        places = (f"192.0.2.1:53=127.0.0.1:{direct.port}", f":53=127.0.0.1:{direct.port}")
        async with open_world(options(resolver, connect=places)) as world:
            return await world.dns.ask_authority("harbor.example", name, rtype)


async def test_the_zones_own_servers_are_asked_without_recursion() -> None:
    direct = harbor()
    replies = await at_the_authority("harbor.example", "A", direct)
    assert [label for label, _ in replies] == [
        "ns1.harbor.example (192.0.2.1)",
        "ns2.harbor.example (192.0.2.2)",
    ]
    assert all(isinstance(reply, Answer) for _, reply in replies)
    assert direct.recursion_desired == [False]


async def test_a_server_without_authority_counts_as_refusing() -> None:
    replies = await at_the_authority("harbor.example", "A", harbor(authoritative=False))
    assert {reply.reason for _, reply in replies} == {"refused"}


async def test_an_alias_out_of_the_zone_is_the_authoritys_answer() -> None:
    replies = await at_the_authority("shop.harbor.example", "A", harbor())
    assert replies[0][1].rtype == "CNAME"
    own = replies[0][1]
    assert isinstance(own, Answer)
    assert own.records == ("shops.elsewhere.test.",)


async def test_a_host_below_the_zone_uses_the_zone_above() -> None:
    resolver, direct = harbor(), harbor()
    async with serving(resolver, direct):
        places = (f":53=127.0.0.1:{direct.port}",)
        async with open_world(options(resolver, connect=places)) as world:
            replies = await world.dns.ask_authority("a.b.harbor.example", "a.b.harbor.example", "A")
    assert isinstance(replies[0][1], Answer)


async def test_a_referral_is_followed_to_the_zone_below() -> None:
    class WithChild(NameServer):
        def cut_above(self, name: Any) -> Any:
            # The resolver knows the zone below; the parent's servers only refer to it.
            return None

    resolver = WithChild("harbor.example", ZONE + "app.child 60 IN A 192.0.2.30\n")
    parent = harbor()
    child = NameServer(
        "child.harbor.example",
        "@ 60 IN SOA a. b. 1 2 3 4 60\n@ 60 IN NS ns\nns 60 IN A 192.0.2.3\napp 60 IN A 192.0.2.30",
    )
    async with serving(resolver, parent, child):
        places = (f":53=127.0.0.1:{parent.port}", f"192.0.2.3:53=127.0.0.1:{child.port}")
        async with open_world(options(resolver, connect=places)) as world:
            replies = await world.dns.ask_authority(
                "harbor.example", "app.child.harbor.example", "A"
            )
    assert [label for label, _ in replies] == ["ns.child.harbor.example (192.0.2.3)"]
    own = replies[0][1]
    assert isinstance(own, Answer)
    assert own.records == ("192.0.2.30",)


async def test_a_referral_alone_is_no_answer_of_a_resolver() -> None:
    server = harbor()
    async with serving(server), open_world(options(server)) as world:
        reply = await world.dns.ask("app.child.harbor.example", "A")
    assert isinstance(reply, Unreachable)
