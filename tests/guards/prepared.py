"""The prepared plans: a world to judge them on, and what is wrong with each bad one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from launchready_tui.content.checklist import builtin
from launchready_tui.guards.dns_change import Judgement, judge
from launchready_tui.guards.plans import read_file
from launchready_tui.lab import Scenario, healthy
from launchready_tui.lab.demo import demo_project
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.lab.scenario import Certificate, Endpoint, Reply, Site, zone
from launchready_tui.project.model import Project
from launchready_tui.rules.dns.zone import PlannedZone
from launchready_tui.world import Options, open_world

PLANS = Path(__file__).with_name("plans")
APP, DOCS = f"app.{DOMAIN}", f"docs.{DOMAIN}"
DKIM = f"20261101pm._domainkey.{DOMAIN}"

# What a check says of the world after the change, or the change itself that says it.
Reason = tuple[str, str, str]


@dataclass(frozen=True)
class Bad:
    """A prepared bad plan: the file, the reason for which it must be refused, what follows."""

    file: str
    reason: Reason
    also: frozenset[Reason] = frozenset()


BAD = (
    Bad("apex-gone", ("dns.apex", DOMAIN, "no-address")),
    Bad("www-gone", ("dns.www", f"www.{DOMAIN}", "missing")),
    Bad("app-gone", ("dns.host", APP, "missing")),
    Bad("api-private", ("dns.host", f"api.{DOMAIN}", "private-address")),
    Bad("apex-cname", ("dns.cname", DOMAIN, "at-apex")),
    Bad("www-beside", ("dns.cname", f"www.{DOMAIN}", "beside-others")),
    Bad("mx-gone", ("mx", DOMAIN, "gone")),
    Bad("mx-dead", ("dns.mail", DOMAIN, "mx-dead")),
    Bad("spf-two", ("email.spf", DOMAIN, "two-records")),
    Bad("dkim-gone", ("email.dkim", DKIM, "missing")),
    Bad("dmarc-broken", ("email.dmarc", DOMAIN, "syntax")),
    Bad(
        "docs-claimable",
        ("dns.dangling", DOCS, "claimable"),
        frozenset({("http.reachable", DOCS, "not-found")}),
    ),
    Bad("caa-excludes", ("dns.caa", APP, "excluded")),
)


def world() -> Scenario:
    """Harbor Market in health, with a certificate company for the app that CAA records know.

    And with a help service where nobody holds the name that one bad plan leads to: at its address
    every host shows the page for names that nobody set up.
    """
    page = Reply(
        404, (("Content-Type", "text/html"),), b"No settings were found for this company: harbor\n"
    )
    nobody = Site(DOCS, Certificate((DOCS,)), https_default=page, http_default=page)
    service = zone(
        "helpscoutdocs.com",
        """
        @ 300 SOA ns.root.example. admin.root.example. 2026110101 7200 3600 1209600 60
        @ 300 NS ns.root.example.
        harbor 300 A 203.0.113.70
        """,
    )
    harbor = healthy()
    app = harbor.site(APP)
    assert app.certificate is not None
    known = replace(app, certificate=replace(app.certificate, organisation="Let's Encrypt"))
    return (
        harbor.with_site(known)
        .with_zone(service)
        .with_endpoint(Endpoint("203.0.113.70", sites=(nobody,)))
    )


def plan(file: str) -> PlannedZone:
    """One of the files in `plans/`."""
    return read_file(PLANS / file)


async def judged(
    planned: PlannedZone, options: Options, project: Project | None = None
) -> Judgement:
    """The judgement on a plan, for the demo's project unless another is given."""
    known = project or demo_project(datetime.now(UTC))
    async with open_world(options) as live:
        return await judge(planned, known, live, builtin())


def reasons(judgement: Judgement) -> set[Reason]:
    """Everything for which a plan is refused."""
    found = {
        (each.finding.check, each.finding.subject, each.finding.outcome)
        for each in judgement.blockers
    }
    blocking = {(c.kind, c.name, c.how) for c in judgement.changes if c.blocks}
    return found | {one for one in blocking if one[0] != "cname"}
