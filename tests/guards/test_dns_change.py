"""Prepared bad plans are refused for the right reason in every format, good ones pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from launchready_tui.content.checklist import builtin
from launchready_tui.guards.dns_change import judge
from launchready_tui.guards.plans import FORMATS, Format, read
from launchready_tui.lab import Lab
from launchready_tui.lab.demo import demo_project
from launchready_tui.lab.scenario import NOT_FOUND, Certificate
from launchready_tui.project.model import Host, Product, Project
from launchready_tui.rules.dns.zone import PlannedRecord, PlannedZone
from launchready_tui.vocabulary.findings import Verdict
from launchready_tui.world import Options, open_world
from tests.guards.formats import WRITERS
from tests.guards.prepared import BAD, DKIM, DOCS, Bad, judged, plan, reasons, world

DEAD = Options(resolvers=("127.0.0.1:9",), connect=(":53=127.0.0.1:9", ":443=127.0.0.1:9"))
HELP = "help.harbor.example"
GOOD_FILES = ("good.zone", "good.export.txt", "harbor.example.yaml", "good.ir.json")

# Cloudflare answers an alias at the top with the addresses of its target: there it is no fault.
CASES = [(bad, form) for bad, form in product(BAD, FORMATS)
         if (bad.file, form) != ("apex-cname", "cloudflare")]  # fmt: skip


@pytest.mark.covers("A1", "command")
@pytest.mark.parametrize(("bad", "form"), CASES, ids=lambda each: getattr(each, "file", each))
async def test_a_bad_plan_is_refused_for_its_reason(bad: Bad, form: Format) -> None:
    text = WRITERS[form](plan(f"{bad.file}.zone"))
    planned = read(text.encode(), "plan", "harbor.example", form)
    assert planned.format == form
    async with Lab(world()) as lab:
        judgement = await judged(planned, lab.options)
    assert judgement.exit_code == 1, judgement.headline
    assert reasons(judgement) == {bad.reason, *bad.also}
    assert all(each.cause == "new" for each in judgement.blockers)


@pytest.mark.parametrize("file", GOOD_FILES)
async def test_a_good_plan_passes_in_every_format(file: str) -> None:
    async with Lab(world()) as lab:
        judgement = await judged(plan(file), lab.options)
    assert judgement.exit_code == 0
    assert judgement.headline == "Safe to apply: 3 changes"
    said = {(change.name, change.kind, change.how) for change in judgement.changes}
    assert said == {
        ("harbor.example", "txt", "new"),
        ("docs.harbor.example", "leads", "changed"),
        ("help.harbor.example", "leads", "new"),
    }


@pytest.mark.parametrize("form", FORMATS)
async def test_what_is_live_changes_nothing(form: Format) -> None:
    text = WRITERS[form](plan("same.zone"))
    async with Lab(world()) as lab:
        judgement = await judged(read(text.encode(), "plan", "harbor.example", form), lab.options)
    assert (judgement.headline, judgement.exit_code) == ("Nothing will change", 0)
    assert judgement.changes == ()


async def test_a_fault_of_today_is_told_apart_from_one_of_the_change() -> None:
    broken = world().with_records("harbor.example", "MX", ["10 mx.old-mail.example."])
    async with Lab(broken) as lab:
        kept = await judged(plan("mx-dead.zone"), lab.options)
        fixed = await judged(plan("same.zone"), lab.options)
    assert kept.exit_code == 1
    assert [each.cause for each in kept.blockers] == ["already"]
    assert kept.headline == "Nothing will change, but 1 to fix today"
    assert fixed.exit_code == 0
    assert [finding.outcome for finding in fixed.fixed] == ["mx-dead"]


async def test_a_dead_resolver_is_no_verdict_and_nothing_is_called_missing() -> None:
    for project in (demo_project(datetime.now(UTC)), None):
        async with open_world(DEAD) as live:
            judgement = await judge(plan("good.zone"), project, live, builtin())
        assert judgement.exit_code == 3
        assert judgement.changes == ()
        assert judgement.doubts
        failed = [e.finding for e in judgement.consequences if e.finding.verdict is Verdict.FAIL]
        assert failed == []


async def test_without_a_project_the_plan_and_todays_names_are_looked_at() -> None:
    good = plan("good.zone")
    async with Lab(world()) as lab, open_world(lab.options) as live:
        gone = await judge(plan("app-gone.zone"), None, live, builtin())
        key = await judge(plan("dkim-gone.zone"), None, live, builtin())
        early = await judge(good, None, live, builtin())
    assert ("dns.host", "app.harbor.example", "missing") in reasons(gone)
    # Nobody serves the new name yet, and a connection that is cut proves nothing.
    assert early.exit_code == 3
    assert "help.harbor.example" in {host.name for host in early.project.hosts}
    served = replace(
        world().site(DOCS), host=HELP, certificate=Certificate((HELP,)), http_default=NOT_FOUND
    )
    async with Lab(world().with_site(served)) as lab, open_world(lab.options) as live:
        assert (await judge(good, None, live, builtin())).exit_code == 0
    # Postmark's key has a name of its own for each customer: from outside nobody can know it.
    assert key.exit_code == 3


async def test_a_project_about_another_domain_is_left_aside_and_that_is_said() -> None:
    other = Project(product=Product(domain="other.example"), hosts=(Host(name="other.example"),))
    async with Lab(world()) as lab, open_world(lab.options) as live:
        judgement = await judge(plan("good.zone"), other, live, builtin())
    assert judgement.project.domain == "harbor.example"
    assert any("says nothing about harbor.example" in note for note in judgement.notes)


async def test_providers_are_called_by_their_names() -> None:
    text = WRITERS["bind"](plan("dkim-gone.zone")).replace("1 smtp.google.com.", "10 mx.zoho.com.")
    text = text.replace("IN A 192.0.2.20", "IN CNAME cname.vercel-dns.com.")
    async with Lab(world()) as lab:
        judgement = await judged(read(text.encode(), "x.zone"), lab.options)
    says = {change.name: change.says for change in judgement.changes}
    assert says["app.harbor.example"].endswith("It will point to Vercel.")
    assert "will go to Zoho Mail instead of Google Workspace" in says["harbor.example"]
    assert says[DKIM].startswith("The DKIM key of Postmark will be gone: its mail will fail checks")


async def test_a_name_that_cloudflare_will_serve_is_not_judged_by_its_origin() -> None:
    """From today's own address to Cloudflare's edge: which address that is, nobody knows yet."""
    live = world()
    app = live.site("app.harbor.example")
    bare = {path: reply.without("cf-ray", "cf-cache-status") for path, reply in app.https.items()}
    grey = live.with_site(replace(app, https=bare))
    async with Lab(grey) as lab:
        judgement = await judged(plan("good.export.txt"), lab.options)
    assert judgement.exit_code == 3
    assert ("app.harbor.example", "leads", "edge") in {
        (change.name, change.kind, change.how) for change in judgement.changes
    }
    verdicts = {
        each.finding.verdict
        for each in judgement.consequences
        if each.finding.subject == "app.harbor.example"
    }
    assert Verdict.FAIL not in verdicts


async def test_a_private_origin_behind_cloudflare_is_refused() -> None:
    text = WRITERS["cloudflare"](plan("api-private.zone")).replace("false", "true")
    async with Lab(world()) as lab:
        judgement = await judged(read(text.encode(), "x.txt"), lab.options)
    assert ("dns.host", "api.harbor.example", "private-address") in reasons(judgement)


async def test_hostile_text_in_a_plan_is_shown_clean() -> None:
    nasty = "\x1b]0;owned\x07[@click=app.quit]\u202egnp `v`" * 50
    same = plan("same.zone")
    record = PlannedRecord("harbor.example", "TXT", nasty, 300)
    async with Lab(world()) as lab:
        judgement = await judged(
            PlannedZone(same.name, (*same.records, record), "x", "bind"), lab.options
        )
    (change,) = judgement.changes
    assert "\x1b" not in change.says + change.after
    assert "\u202e" not in change.says + change.after
    assert len(change.says) < 250
    assert change.says.count("`") == 2


async def test_a_huge_plan_asks_the_live_dns_about_a_bounded_number_of_names() -> None:
    same = plan("same.zone")
    many = tuple(
        PlannedRecord(f"n{number}.harbor.example", "A", "192.0.2.10", 300)
        for number in range(20_000)
    )
    async with Lab(world()) as lab, open_world(lab.options) as live:
        planned = PlannedZone(same.name, (*same.records, *many), "x", "bind")
        judgement = await judge(planned, demo_project(live.now), live, builtin())
        assert live.asked.dns < 2000
    assert any("left out" in note for note in judgement.notes)


EVERY_KIND = """\
$ORIGIN harbor.example.
@ 300 CAA 0 issue "letsencrypt.org"
@ 300 NS ns9.awsdns-1.com.
sub 300 NS ns1.elsewhere.example.
_sip._tcp 300 SRV 1 2 3 app
"""
SENTENCES = {
    ("harbor.example", "caa"): "Only these may make certificates for harbor.example then: "
    "letsencrypt.org.",
    ("harbor.example", "ns"): "The name servers for harbor.example in the plan are "
    "dana.ns.cloudflare.com, ns9.awsdns-1.com, rob.ns.cloudflare.com. "
    "Today they are dana.ns.cloudflare.com, rob.ns.cloudflare.com.",
    ("sub.harbor.example", "ns"): "All names below sub.harbor.example will move to other name "
    "servers: ns1.elsewhere.example.",
    ("_sip._tcp.harbor.example", "other"): "_sip._tcp.harbor.example will have one more record: "
    "`SRV 1 2 3 app.harbor.example.`",
    ("harbor.example", "spf"): "The SPF record of harbor.example will change. It will let these "
    "send: SendGrid, ip4:192.0.2.4. Today: Google Workspace.",
    (DKIM, "dkim"): f"The DKIM key of Postmark will be another one. Its name is {DKIM}.",
    ("_dmarc.harbor.example", "dmarc"): "The DMARC record will be gone. Its name is "
    "_dmarc.harbor.example.",
}


async def test_every_kind_of_change_has_its_sentence() -> None:
    text = WRITERS["bind"](plan("same.zone"))
    text = text.replace("include:_spf.google.com", "include:sendgrid.net ip4:192.0.2.4")
    text = text.replace("QEAorfA", "QEAorfB").replace("_dmarc.harbor", "unused.harbor")
    async with Lab(world()) as lab:
        judgement = await judged(read((text + EVERY_KIND).encode(), "x.zone"), lab.options)
    says = {(change.name, change.kind): change.says for change in judgement.changes}
    assert {key: says.get(key) for key in SENTENCES} == SENTENCES
    assert says["unused.harbor.example", "txt"].startswith("unused.harbor.example will have one")
