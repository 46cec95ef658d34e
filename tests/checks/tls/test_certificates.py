"""`tls.valid` and `tls.chain`: each outcome on a world that shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from launchready_tui.lab import healthy
from launchready_tui.lab.healthy import DOMAIN, ISSUER_HOST
from launchready_tui.lab.scenario import Certificate, Reply, Scenario
from launchready_tui.vocabulary.dates import say_day
from launchready_tui.vocabulary.findings import Verdict
from tests.checks.looking import look, serving
from tests.ports import free_port
from tests.world.certificates import Authority
from tests.world.servers import pages, talking

APP = f"app.{DOMAIN}"
DAY = timedelta(days=1)


def with_certificate(**what: Any) -> Scenario:
    world = healthy()
    shown = replace(Certificate((APP,)), **what)
    return world.with_site(replace(world.site(APP), certificate=shown))


CERTIFICATES: dict[str, dict[str, Any]] = {
    "ok": {},
    "expired": {"starts": -90 * DAY, "ends": -2 * DAY},
    "not-yet-valid": {"starts": 2 * DAY, "ends": 90 * DAY},
    "wrong-name": {"names": ("staging.harbor.example",)},
    "self-signed": {"issuer": "self"},
    "ends-soon": {"starts": -70 * DAY, "ends": 20 * DAY},
    "last-days": {"starts": -87 * DAY, "ends": 2 * DAY},
}


@pytest.mark.parametrize("name", CERTIFICATES)
async def test_what_a_certificate_says(name: str) -> None:
    outcome = await look("tls.valid", APP, with_certificate(**CERTIFICATES[name]))
    assert outcome.name == name
    assert outcome.facts["until"]
    assert outcome.evidence


async def test_the_date_is_said_as_people_say_it() -> None:
    outcome = await look("tls.valid", APP, with_certificate(starts=-90 * DAY, ends=-2 * DAY))
    now = datetime.now(UTC)
    assert outcome.facts["until"] == say_day((now - 2 * DAY).date(), now.date())


async def test_an_issuer_that_nobody_knows(tmp_path: Path) -> None:
    served = Authority("Strange Root").leaf(APP).context(tmp_path)
    async with talking(pages(b""), served) as port:
        more = (f"{APP}:443=127.0.0.1:{port}",)
        valid = await look("tls.valid", APP, healthy(), more=more)
        chain = await look("tls.chain", APP, healthy(), more=more)
    assert (valid.name, valid.facts["issuer"]) == ("unknown-ca", "Strange Root")
    assert (chain.verdict, chain.name) == (Verdict.SKIPPED, "not-judged")


async def test_a_missing_intermediate_is_the_chains_fault_and_not_the_certificates() -> None:
    world = with_certificate(intermediate=False)
    valid, chain = await look("tls.valid", APP, world), await look("tls.chain", APP, world)
    assert valid.name == "ok"
    assert (chain.verdict, chain.name) == (Verdict.FAIL, "missing-intermediate")
    assert chain.facts["issuer"]


async def test_where_the_issuer_cannot_be_fetched_the_cause_stays_open() -> None:
    world = serving(with_certificate(intermediate=False), ISSUER_HOST, Reply(503), secure=False)
    valid, chain = await look("tls.valid", APP, world), await look("tls.chain", APP, world)
    assert (valid.verdict, valid.name) == (Verdict.FAIL, "unknown-ca")
    assert chain.verdict is Verdict.UNKNOWN


async def test_a_refusal_is_no_verdict_on_a_certificate() -> None:
    more = (f"{APP}:443=127.0.0.1:{free_port()}",)
    for check in ("tls.valid", "tls.chain"):
        outcome = await look(check, APP, healthy(), more=more)
        assert (outcome.verdict, outcome.name) == (Verdict.UNKNOWN, "refused")


async def test_a_host_without_an_address_waits_for_its_dns() -> None:
    for check in ("tls.valid", "tls.chain"):
        outcome = await look(check, APP, healthy().without(APP))
        assert (outcome.verdict, outcome.name) == (Verdict.UNKNOWN, "no-address")


async def test_the_worst_address_decides(tmp_path: Path) -> None:
    world = healthy().with_records(APP, "AAAA", ["2001:db8::20"])
    assert (await look("tls.valid", APP, world)).name == "ok"
    served = Authority().leaf(APP, self_signed=True).context(tmp_path)
    async with talking(pages(b""), served) as port:
        outcome = await look(
            "tls.valid", APP, world, more=(f"[2001:db8::20]:443=127.0.0.1:{port}",)
        )
    assert outcome.name == "self-signed"
    assert sum("2001:db8::20" in each.label for each in outcome.evidence) == 1
