"""`dns.delegation`, `dns.dnssec`, `dns.cname`: each outcome on name servers that show it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import pytest

from launchready_tui.lab import Lab, healthy
from launchready_tui.lab.authoritative import Authoritative
from launchready_tui.lab.dns_server import Answers, DnsServer
from launchready_tui.lab.healthy import CLOUDFLARE, DOMAIN, SECOND_SERVER, TOP
from launchready_tui.lab.recursive import Recursive
from launchready_tui.lab.scenario import NameServer, Scenario, TroubleKind, Zone, record
from launchready_tui.lab.signing import signed as signed_world
from launchready_tui.project.model import Host, Product, Project
from launchready_tui.vocabulary.findings import Outcome, Verdict
from launchready_tui.world import limits, open_world
from tests.checks.dns.zone_world import (
    DANA,
    ROB,
    aliased,
    delegated_to,
    moved,
    sealed,
    with_an_old_copy,
    with_own_servers,
)
from tests.checks.looking import harbor, look
from tests.ports import free_port

FIRST_SERVER = "192.0.2.53"
ABOVE = "192.0.2.1"
WWW = f"www.{DOMAIN}"
PASS, WARN, FAIL, UNKNOWN, SKIPPED = (
    Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.UNKNOWN, Verdict.SKIPPED,
)  # fmt: skip
CHECKS = ("dns.delegation", "dns.dnssec", "dns.cname")


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "DNS_TRY", 0.6)
    monkeypatch.setattr(limits, "DNS_SEND", 0.3)


async def said(check: str, scenario: Scenario, subject: str = DOMAIN, **more: Any) -> Outcome:
    return await look(check, subject, scenario, **more)


def verdict(outcome: Outcome) -> tuple[Verdict, str]:
    return outcome.verdict, outcome.name


@asynccontextmanager
async def answering(answers: Answers) -> AsyncIterator[int]:
    """A name server of the lab on a port of its own, that answers so."""
    server = DnsServer(answers)
    await server.start()
    try:
        yield server.port
    finally:
        await server.stop()


@contextmanager
def deaf() -> Iterator[int]:
    """A port where packets arrive and nobody answers."""
    with socket.socket(type=socket.SOCK_DGRAM) as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def at(address: str, port: int) -> str:
    return f"{address}:53=127.0.0.1:{port}"


# --------------------------------------------------------------------- silence, in all three


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("kind", ["servfail", "refused", "timeout"])
async def test_resolvers_without_an_answer_are_unknown(check: str, kind: TroubleKind) -> None:
    outcome = await said(check, healthy().with_trouble("", kind))
    assert verdict(outcome) == (UNKNOWN, kind)


@pytest.mark.parametrize("check", CHECKS)
async def test_the_healthy_world_passes(check: str) -> None:
    assert (await said(check, healthy())).verdict is PASS


# ------------------------------------------------------------------------------ dns.delegation

LAME: dict[str, tuple[Zone, ...]] = {
    "REFUSED": (CLOUDFLARE,),
    "SERVFAIL": (CLOUDFLARE, Zone(DOMAIN, ())),
    "no AA": (CLOUDFLARE, TOP),  # it knows the zone above alone, and refers to the others
}


@pytest.mark.parametrize("how", LAME)
async def test_a_lame_server_is_a_fail(how: str) -> None:
    world = healthy().with_name_server(NameServer(SECOND_SERVER, LAME[how]))
    outcome = await said("dns.delegation", world)
    assert verdict(outcome) == (FAIL, "lame")
    assert outcome.facts["servers"] == "rob.ns.cloudflare.com"
    assert any(how in each.value for each in outcome.evidence)


async def test_all_servers_lame_is_a_fail_too() -> None:
    world = healthy().with_trouble(DOMAIN, "refused")
    outcome = await said("dns.delegation", world)
    assert verdict(outcome) == (FAIL, "lame")
    assert "dana" in outcome.facts["servers"]
    assert "rob" in outcome.facts["servers"]


async def test_one_silent_server_among_answering_ones_is_a_warning() -> None:
    silent = healthy().with_name_server(NameServer(SECOND_SERVER, answers=False))
    assert verdict(await said("dns.delegation", silent)) == (WARN, "silent-server")
    closed = at(SECOND_SERVER, free_port())
    outcome = await said("dns.delegation", healthy(), more=(closed,))
    assert verdict(outcome) == (WARN, "silent-server")
    assert outcome.facts["servers"] == "rob.ns.cloudflare.com"


async def test_servers_that_are_all_silent_prove_nothing() -> None:
    with deaf() as port:
        more = (at(FIRST_SERVER, port), at(SECOND_SERVER, port))
        outcome = await said("dns.delegation", healthy(), more=more)
    assert verdict(outcome) == (UNKNOWN, "timeout")
    port = free_port()
    more = (at(FIRST_SERVER, port), at(SECOND_SERVER, port))
    outcome = await said("dns.delegation", healthy(), more=more)
    assert verdict(outcome) == (UNKNOWN, "refused")


async def test_a_zone_above_that_is_silent_proves_nothing() -> None:
    with deaf() as port:
        outcome = await said("dns.delegation", healthy(), more=(at(ABOVE, port),))
    assert verdict(outcome) == (UNKNOWN, "timeout")


async def test_a_network_that_answers_in_the_place_of_others_proves_nothing() -> None:
    """A hotel's network sends every question to its own resolver: no AA from anybody."""
    async with answering(Recursive(healthy())) as port:
        more = tuple(at(address, port) for address in (ABOVE, FIRST_SERVER, SECOND_SERVER))
        for check in ("dns.delegation", "dns.cname"):
            assert verdict(await said(check, healthy(), more=more)) == (UNKNOWN, "garbled")


async def test_sets_that_differ_are_a_warning_whichever_side_holds_more() -> None:
    for world in (with_own_servers(DANA), delegated_to(healthy(), DANA)):
        outcome = await said("dns.delegation", world)
        assert verdict(outcome) == (WARN, "sets-differ")
        assert outcome.facts["servers"] == ROB


async def test_a_single_server_is_a_warning() -> None:
    world = delegated_to(with_own_servers(DANA), DANA)
    assert verdict(await said("dns.delegation", world)) == (WARN, "single")


async def test_another_serial_is_a_warning() -> None:
    world = with_an_old_copy()
    assert verdict(await said("dns.delegation", world)) == (WARN, "serials-differ")


async def test_a_name_server_without_an_address_is_a_warning() -> None:
    world = delegated_to(
        with_own_servers(DANA, "ns9.harbor-ca.example"), DANA, "ns9.harbor-ca.example"
    )
    outcome = await said("dns.delegation", world)
    assert verdict(outcome) == (WARN, "silent-server")
    assert outcome.facts["servers"] == "ns9.harbor-ca.example"


async def test_servers_inside_the_zone_are_found_by_the_glue_of_the_zone_above() -> None:
    names = (f"ns1.{DOMAIN}", f"ns2.{DOMAIN}")
    world = with_own_servers(*names)
    for name, address in zip(names, (FIRST_SERVER, SECOND_SERVER), strict=True):
        world = world.with_records(name, "A", [address])
    world = delegated_to(world, *names)
    above = world.zone_of("example")
    glue = (record(names[0], 300, "A", FIRST_SERVER), record(names[1], 300, "A", SECOND_SERVER))
    world = world.with_zone(replace(above, records=above.records + glue))
    assert verdict(await said("dns.delegation", world)) == (PASS, "ok")


async def test_a_domain_that_the_zone_above_does_not_know_is_skipped() -> None:
    project = Project(product=Product(domain="nobody.example"))
    outcome = await said("dns.delegation", healthy(), "nobody.example", project=project)
    assert verdict(outcome) == (SKIPPED, "no-zone")


async def test_a_product_below_a_larger_domain_is_skipped() -> None:
    project = Project(product=Product(domain=f"app.{DOMAIN}"))
    outcome = await said("dns.delegation", healthy(), f"app.{DOMAIN}", project=project)
    assert verdict(outcome) == (SKIPPED, "subdomain")


@pytest.mark.parametrize(("fact", "most"), [("delegation", 14), ("dnssec", 14), ("aliases", 24)])
async def test_four_round_trips_and_few_questions_are_enough(fact: str, most: int) -> None:
    names = (DOMAIN, DOMAIN) if fact == "aliases" else (DOMAIN,)
    took = []
    for delay in (0.0, 0.4, 0.4):  # the first run pays for imports, the best of the others counts
        async with Lab(delay=delay) as lab, open_world(lab.options) as world:
            clock = asyncio.get_running_loop().time
            began = clock()
            await getattr(world.dns, fact)(*names)
            took.append(clock() - began)
            assert world.asked.dns <= most
    assert min(took[1:]) < 5 * 0.4


# ---------------------------------------------------------------------------------- dns.dnssec


@dataclass
class Unchecked:
    """A resolver that does not validate; with `bare` it drops the signatures too."""

    inner: Recursive
    bare: bool = False

    def reply(self, query: dns.message.Message) -> dns.message.Message | None:
        query.flags |= dns.flags.CD
        if self.bare:
            query.want_dnssec(False)
        reply = self.inner.reply(query)
        if reply is not None:
            reply.flags &= ~dns.flags.AD
        return reply


async def test_a_zone_that_validates_passes() -> None:
    assert verdict(await said("dns.dnssec", sealed())) == (PASS, "ok")


async def test_a_zone_without_ds_is_unsigned() -> None:
    assert verdict(await said("dns.dnssec", healthy())) == (PASS, "unsigned")


async def test_keys_without_ds_are_a_warning() -> None:
    assert verdict(await said("dns.dnssec", sealed(anchored=False))) == (WARN, "no-ds")


async def test_signatures_that_end_soon_are_a_warning() -> None:
    outcome = await said("dns.dnssec", sealed(-30, 2))
    assert verdict(outcome) == (WARN, "ends-soon")
    assert outcome.facts["until"]


async def test_signatures_that_ended_are_a_fail_with_the_day() -> None:
    outcome = await said("dns.dnssec", sealed(-20, -3))
    assert verdict(outcome) == (FAIL, "expired")
    assert outcome.facts["until"]


@pytest.mark.parametrize("bare", [False, True])
async def test_they_are_one_behind_a_resolver_that_does_not_look(bare: bool) -> None:
    world = sealed(-20, -3)
    async with (
        Lab(world) as lab,
        answering(Unchecked(Recursive(signed_world(world, datetime.now(UTC))), bare)) as port,
    ):
        options = replace(lab.options, resolvers=(f"127.0.0.1:{port}",))
        async with open_world(options) as opened:
            from launchready_tui.checks.dns.zone import signed

            outcome = await signed(DOMAIN, harbor(), opened)
    assert isinstance(outcome, Outcome)
    assert verdict(outcome) == (FAIL, "expired")


async def test_an_old_ds_record_above_an_unsigned_zone_is_bogus() -> None:
    outcome = await said("dns.dnssec", moved())
    assert verdict(outcome) == (FAIL, "bogus")
    assert any("CD" in each.value for each in outcome.evidence)


async def test_a_resolver_alone_can_say_that_a_zone_is_bogus() -> None:
    """The zone's own servers are out of our reach: then SERVFAIL and an answer with CD tell."""
    with deaf() as port:
        more = tuple(at(address, port) for address in (ABOVE, FIRST_SERVER, SECOND_SERVER))
        assert verdict(await said("dns.dnssec", moved(), more=more)) == (FAIL, "bogus")
        assert verdict(await said("dns.dnssec", sealed(), more=more)) == (PASS, "ok")
        outcome = await said("dns.dnssec", healthy(), more=more)
    assert verdict(outcome) == (PASS, "unsigned")


# ----------------------------------------------------------------------------------- dns.cname


async def test_an_alias_that_stands_alone_passes() -> None:
    assert verdict(await said("dns.cname", healthy(), WWW)) == (PASS, "ok")


@pytest.mark.parametrize("alone", [True, False])
async def test_an_alias_at_the_bare_domain_is_a_fail(alone: bool) -> None:
    world = aliased((DOMAIN, f"edge.{DOMAIN}"))
    for type in ("A", "AAAA", "MX", "TXT") if alone else ("AAAA",):
        world = world.with_records(DOMAIN, type, ())
    outcome = await said("dns.cname", world)
    assert verdict(outcome) == (FAIL, "at-apex")
    assert outcome.facts["target"] == f"edge.{DOMAIN}"


async def test_records_beside_an_alias_are_a_fail_that_names_them() -> None:
    world = (
        healthy()
        .with_records(WWW, "TXT", ["hello"])
        .with_records(WWW, "MX", ["1 mx.harbor.example."])
    )
    outcome = await said("dns.cname", world, WWW)
    assert verdict(outcome) == (FAIL, "beside-others")
    assert outcome.facts["beside"] == "MX, TXT"


@dataclass
class Flattening:
    """A DNS host that follows the alias of the bare domain by itself, and shows it if asked."""

    inner: Authoritative

    def reply(self, query: dns.message.Message) -> dns.message.Message | None:
        reply = self.inner.reply(query)
        question = query.question[0]
        shown = question.name.to_text() != f"{DOMAIN}." or question.rdtype == dns.rdatatype.CNAME
        if reply is not None and not shown:
            reply.answer = [one for one in reply.answer if one.rdtype == question.rdtype]
        return reply


async def test_a_flattened_alias_is_said_where_a_server_shows_it() -> None:
    world = aliased((DOMAIN, f"edge.{DOMAIN}"))
    async with answering(Flattening(Authoritative([world.zone_of(DOMAIN)]))) as port:
        more = (at(FIRST_SERVER, port), at(SECOND_SERVER, port))
        outcome = await said("dns.cname", world, more=more)
    assert verdict(outcome) == (WARN, "flattened")


async def test_a_loop_is_a_fail() -> None:
    world = aliased((f"app.{DOMAIN}", f"b.{DOMAIN}"), (f"b.{DOMAIN}", f"app.{DOMAIN}"))
    world = world.with_records(f"app.{DOMAIN}", "A", ())
    assert verdict(await said("dns.cname", world, f"app.{DOMAIN}")) == (FAIL, "loop")


async def test_a_chain_of_forty_is_left_in_bounded_steps() -> None:
    pairs = [(f"n{step}.{DOMAIN}", f"n{step + 1}.{DOMAIN}") for step in range(40)]
    project = harbor(Host(name=f"n0.{DOMAIN}"))
    async with Lab(aliased(*pairs)) as lab, open_world(lab.options) as world:
        from launchready_tui.checks.dns.zone import alias

        outcome = await alias(f"n0.{DOMAIN}", project, world)
        assert world.asked.dns < 60
    assert isinstance(outcome, Outcome)
    assert verdict(outcome) == (FAIL, "too-long")
    assert all(len(each.value) <= 300 for each in outcome.evidence)


async def test_a_target_with_markup_is_shown_as_text_on_one_line() -> None:
    evil = r"\[red\]\027[31m<b>\010x.example"
    world = (
        healthy().with_records(WWW, "CNAME", [f"{evil}."]).with_records(WWW, "TXT", [r"\"><i>\010"])
    )
    outcome = await said("dns.cname", world, WWW)
    assert verdict(outcome) == (FAIL, "beside-others")
    shown = "".join((*outcome.facts.values(), *(each.value for each in outcome.evidence)))
    assert shown.isprintable()


async def test_servers_of_a_zone_below_are_asked_themselves() -> None:
    """The app's name is a zone of its own, at other servers."""
    name = f"app.{DOMAIN}"
    own = Zone(
        name,
        (
            record(name, 300, "SOA", "ns1.google.com. h.google.com. 1 2 3 4 5"),
            record(name, 300, "NS", "ns1.google.com."),
            record(f"x.{name}", 300, "CNAME", f"edge.{DOMAIN}."),
            record(f"x.{name}", 300, "TXT", "beside"),
        ),
    )
    world = healthy().without(name).with_records(name, "NS", ["ns1.google.com."]).with_zone(own)
    outcome = await said("dns.cname", world, f"x.{name}", project=harbor(Host(name=f"x.{name}")))
    assert verdict(outcome) == (FAIL, "beside-others")
    assert any("ns1.google.com" in each.label for each in outcome.evidence)
