"""Delegations, seals and aliases on NSD, Knot and Unbound: they say what the lab says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dns.asyncquery
import dns.dnssec
import dns.message
import dns.rdatatype
import pytest

from launchready_tui.checks import registered
from launchready_tui.lab import Lab, healthy
from launchready_tui.lab.healthy import CLOUDFLARE, DOMAIN, HARBOR, SECOND_SERVER
from launchready_tui.lab.scenario import NameServer, Scenario, Zone, record
from launchready_tui.vocabulary.findings import Verdict
from launchready_tui.world import Options, open_world
from tests.checks.dns.zone_world import (
    DANA,
    aliased,
    delegated_to,
    moved,
    sealed,
    with_an_old_copy,
    with_own_servers,
)
from tests.checks.looking import harbor
from tests.ports import free_port
from tests.real.name_servers import NameServers, real_name_servers
from tests.real.render_dns import zone_text
from tests.real.running import answers_dns, program, running

pytestmark = pytest.mark.real

CHECKS = ("dns.delegation", "dns.dnssec", "dns.cname")
WWW = f"www.{DOMAIN}"
Said = dict[tuple[str, str], tuple[Verdict, str]]

WORLDS: Mapping[str, tuple[Scenario, tuple[Verdict, str]]] = {
    "healthy": (healthy(), (Verdict.PASS, "ok")),
    "silent": (
        healthy().with_name_server(NameServer(SECOND_SERVER, answers=False)),
        (Verdict.WARN, "silent-server"),
    ),
    "no zone file": (
        healthy().with_name_server(NameServer(SECOND_SERVER, (CLOUDFLARE, Zone(DOMAIN, ())))),
        (Verdict.FAIL, "lame"),
    ),
    "all broken": (healthy().with_trouble(DOMAIN, "servfail"), (Verdict.FAIL, "lame")),
    "sets differ": (delegated_to(healthy(), DANA), (Verdict.WARN, "sets-differ")),
    "single": (delegated_to(with_own_servers(DANA), DANA), (Verdict.WARN, "single")),
    "old copy": (with_an_old_copy(), (Verdict.WARN, "serials-differ")),
    "signed": (sealed(), (Verdict.PASS, "ok")),
    "ends soon": (sealed(-30, 2), (Verdict.WARN, "ends-soon")),
    "no ds": (sealed(anchored=False), (Verdict.WARN, "no-ds")),
    "old ds": (moved(), (Verdict.FAIL, "bogus")),
    "beside": (
        healthy().with_records(WWW, "TXT", ["hello"]),
        (Verdict.FAIL, "beside-others"),
    ),
    "loop": (
        aliased((f"x.{DOMAIN}", f"y.{DOMAIN}"), (f"y.{DOMAIN}", WWW), (WWW, f"x.{DOMAIN}")),
        (Verdict.FAIL, "loop"),
    ),
    "chain of 40": (
        aliased(
            (WWW, f"n0.{DOMAIN}"),
            *((f"n{step}.{DOMAIN}", f"n{step + 1}.{DOMAIN}") for step in range(40)),
        ),
        (Verdict.FAIL, "too-long"),
    ),
}


async def said(options: Options) -> Said:
    """What the three checks say of the domain, and `dns.cname` of www."""
    questions = [(check, DOMAIN) for check in CHECKS] + [("dns.cname", WWW)]
    found: Said = {}
    async with open_world(options) as world:
        for check, subject in questions:
            outcome = await registered()[check].run(subject, harbor(), world)
            assert not isinstance(outcome, list)
            found[check, subject] = (outcome.verdict, outcome.name)
    return found


def options(names: NameServers) -> Options:
    return Options(resolvers=(f"127.0.0.1:{names.resolver}",), connect=names.detours)


@pytest.mark.parametrize("name", WORLDS)
async def test_real_name_servers_say_what_the_lab_says(name: str, tmp_path: Path) -> None:
    scenario, expected = WORLDS[name]
    async with real_name_servers(scenario, tmp_path) as names:
        real = await said(options(names))
    async with Lab(scenario) as lab:
        assert await said(lab.options) == real
    assert expected in real.values()


@asynccontextmanager
async def knot(zone: Zone, folder: Path) -> AsyncIterator[int]:
    """Knot, which signs this zone by itself; gives its port."""
    port, path = free_port(), folder / "knot.conf"
    (folder / "db").mkdir()
    (folder / f"{zone.name}.zone").write_text(zone_text(zone), "utf-8")
    path.write_text(
        f"""server:
  listen: 127.0.0.1@{port}
  rundir: {folder}
database:
  storage: {folder}/db
policy:
  - id: lab
    algorithm: ecdsap256sha256
    single-type-signing: on
template:
  - id: default
    storage: {folder}
    dnssec-signing: on
    dnssec-policy: lab
    zonefile-sync: -1
    journal-content: none
    zonefile-load: whole
zone:
  - domain: {zone.name}
log:
  - target: stderr
    any: info
""",
        "utf-8",
    )
    command = [program("knotd", "knot"), "-c", str(path)]
    async with running(command, folder, lambda: answers_dns(port)):
        yield port


async def key_of(port: int) -> str:
    """The DS record for the key that signs at this port."""
    query = dns.message.make_query(DOMAIN, "DNSKEY")
    answer = await dns.asyncquery.tcp(query, "127.0.0.1", port=port, timeout=2)
    (keys,) = (each for each in answer.answer if each.rdtype == dns.rdatatype.DNSKEY)
    return dns.dnssec.make_ds(f"{DOMAIN}.", keys[0], "SHA256").to_text()


@pytest.mark.parametrize("later", [0, 60])
async def test_a_zone_that_knot_signs_validates_until_nobody_renews_it(
    later: int, tmp_path: Path
) -> None:
    folder = tmp_path / "knot"
    folder.mkdir()
    async with knot(HARBOR, folder) as port:
        above = healthy().zone_of("example")
        ds = record(DOMAIN, 300, "DS", await key_of(port))
        world = healthy().with_zone(replace(above, records=(*above.records, ds)))
        others = {"192.0.2.53": port, SECOND_SERVER: port}
        async with real_name_servers(world, tmp_path, others) as names:
            now = datetime.now(UTC) + timedelta(days=later)
            async with open_world(options(names), now) as opened:
                outcome = await registered()["dns.dnssec"].run(DOMAIN, harbor(), opened)
    assert not isinstance(outcome, list)
    assert outcome.name == ("expired" if later else "ok")
