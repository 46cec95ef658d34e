"""The world after a change: the plan answers for its zone, live DNS for the rest."""

from __future__ import annotations

from launchready_tui.guards.plans import read
from launchready_tui.lab import Lab
from launchready_tui.rules.dns.zone import PlannedZone
from launchready_tui.vocabulary.facts import Answer, NoData, NoSuchName, Response, Unreachable
from launchready_tui.world import Options, open_planned, open_world

PLAN = """\
$ORIGIN harbor.example.
$TTL 600
@ A 192.0.2.99
www CNAME pm.mtasv.net.
far CNAME nowhere.mtasv.net.
loop CNAME round
round CNAME loop
app CNAME docs
docs 60 A 192.0.2.50
grey A 10.0.0.1 ; cf_tags=cf-proxied:true
api A 198.51.100.7 ; cf_tags=cf-proxied:true
sub NS ns1.elsewhere.example.
"""


def plan(text: str = PLAN) -> PlannedZone:
    return read(text.encode(), "x.zone", "harbor.example", "bind")


async def test_the_plan_answers_for_its_zone_and_live_dns_for_the_rest() -> None:
    async with Lab() as lab, open_world(lab.options) as live, open_planned(live, plan()) as planned:
        dns = planned.dns
        apex = await dns.ask("Harbor.Example.", "A")
        assert isinstance(apex, Answer)
        assert (apex.records, apex.ttl, apex.chain) == (("192.0.2.99",), 600, ())
        assert isinstance(await dns.ask("harbor.example", "AAAA"), NoData)
        assert isinstance(await dns.ask("admin.harbor.example", "A"), NoSuchName)
        app = await dns.ask("app.harbor.example", "A")
        assert isinstance(app, Answer)
        assert (app.records, app.ttl, app.chain) == (("192.0.2.50",), 60, ("docs.harbor.example",))
        # Out of the zone, the live DNS has the word.
        www = await dns.ask("www.harbor.example", "A")
        assert isinstance(www, Answer)
        assert (www.records, www.chain) == (("203.0.113.40",), ("pm.mtasv.net",))
        far = await dns.ask("far.harbor.example", "A")
        assert isinstance(far, NoSuchName)
        assert far == NoSuchName("far.harbor.example", ("nowhere.mtasv.net",), far.server)
        assert await dns.ask("smtp.google.com", "A") == await live.dns.ask("smtp.google.com", "A")
        # The DNS host and the zone above keep what is theirs.
        assert await dns.ask("harbor.example", "NS") == await live.dns.ask("harbor.example", "NS")


async def test_what_nobody_can_know_is_no_missing_record() -> None:
    async with Lab() as lab, open_world(lab.options) as live:
        async with open_planned(live, plan()) as planned:
            ask = planned.dns.ask
            loop = await ask("loop.harbor.example", "A")
            assert isinstance(loop, Unreachable)
            assert loop.reason == "garbled"
            for name in ("api.harbor.example", "sub.harbor.example", "x.sub.harbor.example"):
                reply = await ask(name, "A")
                assert isinstance(reply, Unreachable), name
                assert reply.reason == "not-known"
                assert reply.by_edge == (name == "api.harbor.example")
            inside = await ask("grey.harbor.example", "A")
            assert isinstance(inside, Answer)  # no edge can reach that address
            assert isinstance(await ask("api.harbor.example", "CNAME"), NoData)
        async with open_planned(live, plan(), {"api.harbor.example"}) as planned:
            now = await live.dns.ask("api.harbor.example", "A")
            assert await planned.dns.ask("api.harbor.example", "A") == now


async def test_every_server_says_the_same_after_the_change() -> None:
    async with Lab() as lab, open_world(lab.options) as live, open_planned(live, plan()) as planned:
        dns = planned.dns
        each = await dns.ask_each("harbor.example", "A")
        assert [server for server, _ in each] == list(live.dns.servers)
        assert {reply for _, reply in each} == {await dns.ask("harbor.example", "A")}
        ((server, own),) = await dns.ask_authority("harbor.example", "www.harbor.example", "A")
        assert server == "your plan"
        assert isinstance(own, Answer)
        assert (own.rtype, own.records) == ("CNAME", ("pm.mtasv.net.",))
        aliases = await dns.aliases("harbor.example", "www.harbor.example")
        assert not isinstance(aliases, Unreachable)
        (held,) = aliases
        assert held.target == "pm.mtasv.net"
        assert await dns.delegation("harbor.example") == await live.dns.delegation("harbor.example")
        assert await dns.dnssec("harbor.example") == await live.dns.dnssec("harbor.example")


async def test_a_delegation_that_is_there_already_is_asked_live() -> None:
    kept = plan(PLAN + "@ NS dana.ns.cloudflare.com.\n")
    above = read(
        b"harbor NS dana.ns.cloudflare.com.\nharbor NS rob.ns.cloudflare.com.\n",
        "e",
        known=("example",),
    )
    async with Lab() as lab, open_world(lab.options) as live:
        async with open_planned(live, above) as planned:
            assert await planned.dns.ask("app.harbor.example", "A") == await live.dns.ask(
                "app.harbor.example", "A"
            )
        async with open_planned(live, kept) as planned:
            names = await planned.dns.ask("harbor.example", "NS")
            assert isinstance(names, Answer)
            assert names.records == ("dana.ns.cloudflare.com.",)


async def test_connections_go_where_the_plan_leads() -> None:
    async with Lab() as lab:
        # Only the new address leads to the lab's web servers: the old one is closed.
        connect = tuple(
            each for each in lab.options.connect if not each.startswith((":443", ":80"))
        )
        secure = next(each for each in lab.options.connect if each.startswith(":443"))
        options = Options(
            lab.options.resolvers,
            (*connect, f"192.0.2.99{secure}", "192.0.2.10:443=127.0.0.1:1"),
            lab.options.ca,
        )
        async with open_world(options) as live, open_planned(live, plan()) as planned:
            before = await live.web.get("https://harbor.example/")
            after = await planned.web.get("https://harbor.example/")
            assert isinstance(before, Unreachable)
            assert isinstance(after, Response)
            assert after.address == "192.0.2.99"
            (shaken,) = await planned.tls.handshakes("harbor.example")
            assert shaken.address == "192.0.2.99"
