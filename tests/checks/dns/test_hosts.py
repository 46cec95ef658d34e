"""`dns.apex`, `dns.www`, `dns.host`: each outcome on a world that shows it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from launchready_tui.lab import healthy
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.lab.scenario import TroubleKind
from launchready_tui.project.model import Host, Product, Project
from launchready_tui.vocabulary.findings import Verdict
from tests.checks.looking import harbor, look
from tests.world.servers import NameServer, serving

APP = f"app.{DOMAIN}"
ADDRESSES = {
    "10.1.2.3": "private-address",
    "172.31.0.1": "private-address",
    "192.168.0.1": "private-address",
    "100.64.0.1": "private-address",
    "127.0.0.1": "private-address",
    "169.254.1.1": "private-address",
    "0.0.0.0": "private-address",
    "91.195.240.94": "parked",
    "199.59.243.228": "parked",
    "203.0.113.77": "ok",
    "172.32.0.1": "ok",
}


@pytest.mark.parametrize("address", ADDRESSES)
async def test_what_an_address_says(address: str) -> None:
    outcome = await look("dns.host", APP, healthy().with_records(APP, "A", [address]))
    assert outcome.name == ADDRESSES[address]
    if outcome.verdict is Verdict.FAIL:
        assert outcome.facts["address"] == address


@pytest.mark.parametrize("address", ["::1", "fc00::1", "fd12::1", "fe80::1"])
async def test_an_ipv6_address_that_nobody_can_reach(address: str) -> None:
    outcome = await look("dns.host", APP, healthy().with_records(APP, "AAAA", [address]))
    assert outcome.name == "private-address"


async def test_nxdomain_is_missing_and_nodata_is_no_address() -> None:
    gone = await look("dns.host", APP, healthy().without(APP))
    empty = await look(
        "dns.host", APP, healthy().without(APP).with_records(APP, "TXT", ["something else"])
    )
    assert (gone.verdict, gone.name) == (Verdict.FAIL, "missing")
    assert (empty.verdict, empty.name) == (Verdict.FAIL, "no-address")


async def test_an_alias_that_leads_nowhere_has_no_address_and_is_not_missing() -> None:
    world = healthy().without(APP).with_records(APP, "CNAME", [f"nothing.{DOMAIN}."])
    outcome = await look("dns.host", APP, world)
    assert (outcome.verdict, outcome.name) == (Verdict.FAIL, "no-address")
    assert f"nothing.{DOMAIN}" in [each.value for each in outcome.evidence]


@pytest.mark.parametrize("kind", ["servfail", "refused"])
async def test_no_answer_is_unknown_and_never_missing(kind: TroubleKind) -> None:
    outcome = await look("dns.apex", DOMAIN, healthy().with_trouble(APP, kind))
    assert outcome.verdict is Verdict.PASS
    outcome = await look("dns.host", APP, healthy().with_trouble(APP, kind))
    assert (outcome.verdict, outcome.name) == (Verdict.UNKNOWN, kind)


async def test_a_host_for_mail_alone_may_have_other_records() -> None:
    name = f"send.{DOMAIN}"
    world = healthy().with_records(name, "MX", ["10 feedback.mail.example."])
    project = harbor(Host(name=name, purpose="email"), Host(name=f"x.{DOMAIN}", purpose="email"))
    assert (await look("dns.host", name, world, project)).name == "ok"
    assert (await look("dns.host", f"x.{DOMAIN}", world, project)).name == "missing"


async def test_www_is_not_expected_below_a_larger_domain() -> None:
    domain = f"market.{DOMAIN}"
    project = Project(product=Product(domain=domain), hosts=(Host(name=domain),))
    outcome = await look("dns.www", f"www.{domain}", healthy(), project)
    assert (outcome.verdict, outcome.name) == (Verdict.SKIPPED, "subdomain")


@pytest.mark.parametrize(("days", "ttl", "name"), [
    (3, 86400, "ttl-long"),
    (-3, 5400, "ttl-long"),
    (3, 3600, "ok"),
    (30, 86400, "ok"),
    (None, 86400, "ok"),
])  # fmt: skip
async def test_a_long_memory_matters_in_the_week_of_the_launch(
    days: int | None, ttl: int, name: str
) -> None:
    launch = None if days is None else datetime.now(UTC).date() + timedelta(days=days)
    world = healthy().with_records(APP, "A", ["192.0.2.20"], ttl)
    outcome = await look("dns.host", APP, world, harbor(launch_date=launch))
    assert outcome.name == name
    if name == "ttl-long":
        assert outcome.facts["hours"] == {86400: "24", 5400: "2"}[ttl]


SECOND = """
@ 60 IN SOA ns1 host 1 2 3 4 60
@ 60 IN NS ns1.harbor.example.
@ 60 IN NS ns2.harbor.example.
ns1 60 IN A 192.0.2.53
ns2 60 IN A 198.51.100.53
{app}
"""


def second(app: str, **faults: Any) -> NameServer:
    return NameServer(DOMAIN, SECOND.format(app=app), **faults)


@pytest.mark.parametrize(("app", "name"), [
    ("app 60 IN A 192.0.2.20", "ok"),
    ("app 60 IN A 192.0.2.99", "resolvers-differ"),
    ("", "resolvers-differ"),
    ("app 60 IN A 192.0.2.20\napp 60 IN A 192.0.2.99", "ok"),
])  # fmt: skip
async def test_a_second_resolver_is_compared_with_the_zones_own_servers(
    app: str, name: str
) -> None:
    server = second(app)
    async with serving(server):
        outcome = await look("dns.host", APP, healthy(), resolvers=(f"127.0.0.1:{server.port}",))
    assert outcome.name == name
    assert any(f"127.0.0.1:{server.port}" in each.label for each in outcome.evidence)


@pytest.mark.parametrize(("app", "name"), [
    ("app 60 IN A 192.0.2.99", "resolvers-differ"),
    ("app 60 IN A 10.0.0.1", "private-address"),
    ("", "resolvers-differ"),
    ("app 60 IN CNAME edge.host.example.", "ok"),
])  # fmt: skip
async def test_the_zones_own_servers_have_the_last_word(app: str, name: str) -> None:
    server = second(app)
    async with serving(server):
        outcome = await look("dns.host", APP, healthy(), more=_own(server.port))
    assert outcome.name == name


async def test_own_servers_that_do_not_answer_prove_nothing() -> None:
    server = second("", refused=frozenset({""}))
    async with serving(server):
        outcome = await look("dns.host", APP, healthy(), more=_own(server.port))
    assert outcome.name == "ok"
    assert "refused" in [each.value for each in outcome.evidence]


async def test_a_resolver_without_the_address_is_no_missing_record() -> None:
    server = second("app 60 IN A 192.0.2.20")
    async with serving(server):
        outcome = await look("dns.host", APP, healthy().without(APP), more=_own(server.port))
    assert (outcome.verdict, outcome.name) == (Verdict.WARN, "resolvers-differ")


def _own(port: int) -> tuple[str, ...]:
    return (f"192.0.2.53:53=127.0.0.1:{port}", f"198.51.100.53:53=127.0.0.1:{port}")


async def test_the_healthy_world_passes_with_its_addresses() -> None:
    outcome = await look("dns.apex", DOMAIN, healthy())
    assert (outcome.name, outcome.facts["addresses"]) == ("ok", "192.0.2.10, 2001:db8::10")
