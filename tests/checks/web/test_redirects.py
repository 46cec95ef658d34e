"""`http.redirects`: each outcome on a world that shows it, and how addresses may be declared."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from launchready_tui.lab import healthy
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.lab.scenario import Reply, Scenario
from launchready_tui.project.model import Redirect
from launchready_tui.vocabulary.findings import Outcome, Verdict
from tests.checks.looking import harbor, look, moved
from tests.ports import free_port

OLD, NEW = f"https://{DOMAIN}/old", f"https://{DOMAIN}/sell"


def old(reply: Reply) -> Scenario:
    world = healthy()
    return world.with_site(world.site(DOMAIN).with_page("/old", reply))


async def seen(
    world: Scenario, from_: str = OLD, to: str = NEW, more: tuple[str, ...] = ()
) -> Outcome:
    project = replace(harbor(), redirects=(Redirect(from_=from_, to=to),))
    return await look("http.redirects", from_, world, project, more=more)


OUTCOMES = {
    "301": (old(moved(NEW)), "ok"),
    "308, relative": (old(moved("/sell", 308)), "ok"),
    "302": (old(moved(NEW, 302)), "temporary"),
    "two steps": (old(moved(f"https://{DOMAIN}/sell-your-boat")), "chain"),
    "round": (old(moved(OLD)), "loop"),
    "404": (old(moved(f"https://{DOMAIN}/gone")), "dead-end"),
    "no such host": (old(moved("https://no.harbor.example/")), "dead-end"),
    "the front page": (old(moved(f"https://{DOMAIN}/")), "elsewhere"),
    "a page of its own": (old(Reply(200, (("Content-Type", "text/html"),), b"old")), "stays"),
}


@pytest.mark.parametrize("name", OUTCOMES)
async def test_where_an_old_address_leads(name: str) -> None:
    world, expected = OUTCOMES[name]
    outcome = await seen(world)
    assert outcome.name == expected
    assert outcome.evidence


async def test_the_facts_that_the_map_of_redirects_shows() -> None:
    outcome = await seen(old(moved("/sell", 308)))
    facts = {name: outcome.facts[name] for name in ("status", "hops", "to")}
    assert facts == {"status": "308", "hops": "1", "to": NEW}


@pytest.mark.parametrize("from_", [f"{DOMAIN}/old", "/old"])
async def test_an_address_without_a_scheme_is_asked_in_both_ways(from_: str) -> None:
    """From https it is one step, from http two, and the first only adds the s."""
    outcome = await seen(old(moved(NEW)), from_, "/sell")
    assert (outcome.verdict, outcome.facts["hops"]) == (Verdict.PASS, "1")
    asked = [line.label for line in outcome.evidence]
    assert asked.count(f"Asked http://{DOMAIN}/old") == 1


async def test_a_way_that_nothing_listens_on_is_left_out() -> None:
    closed = f"{DOMAIN}:80=127.0.0.1:{free_port()}"
    outcome = await seen(old(moved(NEW)), f"{DOMAIN}/old", NEW, more=(closed,))
    assert outcome.verdict is Verdict.PASS


async def test_an_old_domain_that_is_gone_is_a_dead_end() -> None:
    outcome = await seen(healthy(), "https://harbor-old.example/boats")
    assert (outcome.verdict, outcome.name) == (Verdict.FAIL, "dead-end")


@pytest.mark.parametrize(("from_", "to"), [("ftp://harbor.example/", NEW), (OLD, "not a page")])
async def test_what_is_no_address_is_not_known(from_: str, to: str) -> None:
    outcome = await seen(healthy(), from_, to)
    assert (outcome.verdict, outcome.name) == (Verdict.UNKNOWN, "not-known")
