"""Runs one check on a world that the embedded lab plays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from launchready_tui.checks import registered
from launchready_tui.lab import Lab
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.lab.scenario import Reply, Scenario
from launchready_tui.project.model import Host, Product, Project, Purpose, Route
from launchready_tui.vocabulary.findings import Outcome
from launchready_tui.world import open_world

PURPOSES: Mapping[str, Purpose] = {
    DOMAIN: "site",
    f"www.{DOMAIN}": "site",
    f"app.{DOMAIN}": "app",
    f"api.{DOMAIN}": "api",
    f"admin.{DOMAIN}": "admin",
    f"docs.{DOMAIN}": "docs",
}


def harbor(
    *hosts: Host, routes: tuple[Route, ...] = (), launch_date: date | None = None
) -> Project:
    """The demo's product with its usual hosts, and with these."""
    declared = tuple(Host(name=name, purpose=purpose) for name, purpose in PURPOSES.items())
    product = Product(name="Harbor Market", domain=DOMAIN, launch_date=launch_date)
    return Project(product=product, hosts=(*declared, *hosts), routes=routes)


async def look(
    check: str,
    subject: str,
    scenario: Scenario,
    project: Project | None = None,
    *,
    more: tuple[str, ...] = (),
    resolvers: tuple[str, ...] = (),
) -> Outcome:
    """What this check says of the subject. `more` are detours that replace the lab's own."""
    async with Lab(scenario) as lab:
        mine = lab.options
        options = replace(
            mine, resolvers=(*mine.resolvers, *resolvers), connect=(*mine.connect, *more)
        )
        async with open_world(options, datetime.now(UTC)) as world:
            found = registered()[check]
            outcome = await found.run(subject, project or harbor(), world)
    assert isinstance(outcome, Outcome)
    assert found.allows(outcome), outcome
    return outcome


def serving(scenario: Scenario, host: str, reply: Reply, *, secure: bool = True) -> Scenario:
    """The same world where the host gives this one reply to everything."""
    site = scenario.site(host)
    if secure:
        return scenario.with_site(replace(site, https={}, https_default=reply))
    return scenario.with_site(replace(site, http={}, http_default=reply))


def moved(to: str, status: int = 301) -> Reply:
    return Reply(status, (("Location", to),))
