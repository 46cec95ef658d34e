"""An audit that hosts kept out says so once, in its table, its JSON, its screen and its papers."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pytest
from rich.console import Console

from launchready_tui import audit
from launchready_tui.commands.audit_output import audit_json, print_audit
from launchready_tui.content.checklist import builtin
from launchready_tui.documents import build
from launchready_tui.documents.blocks import text
from launchready_tui.lab import Lab, healthy
from launchready_tui.lab.demo import demo_project
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.lab.scenario import Reply
from launchready_tui.project.change import record
from launchready_tui.tui.screens.ready import ready_rows
from launchready_tui.tui.state import State
from launchready_tui.verdict.blocked_hosts import kept_out, notice
from launchready_tui.verdict.readiness import assess
from launchready_tui.vocabulary.findings import Finding, Verdict
from tests import worlds
from tests.checks.looking import serving
from tests.scenarios import findings

NOW = datetime(2026, 11, 21, tzinfo=UTC)
APP, DOCS = f"app.{DOMAIN}", f"docs.{DOMAIN}"
SAID = f"{DOCS} blocked our audit, so we couldn't check it."


def finding(check: str, subject: str, verdict: Verdict, outcome: str = "ok") -> Finding:
    return Finding(check, subject, verdict, outcome, NOW, "", "", (), "")


@pytest.fixture(scope="module")
def challenged() -> tuple[Finding, ...]:
    return worlds.found("bot-challenge")


def test_an_open_world_is_not_said_to_be_closed() -> None:
    assert kept_out(worlds.found()) == ()
    assert notice(()) == ""


async def test_several_hosts_behind_a_limit() -> None:
    world = healthy()
    for host in (APP, DOCS):
        world = serving(serving(world, host, Reply(429)), host, Reply(429), secure=False)
    async with Lab(world) as lab:
        assert kept_out(await findings(lab.options)) == (APP, DOCS)


def test_the_table_and_the_json_say_it(challenged: tuple[Finding, ...]) -> None:
    project, checklist = demo_project(NOW), builtin()
    done = audit.summarise(challenged, NOW, 1.0)
    told = json.loads(audit_json(done, project, checklist))
    assert (done.kept_out, told["notice"]) == ((DOCS,), SAID)
    out = io.StringIO()
    print_audit(Console(file=out, width=200), done, project)
    assert SAID in out.getvalue()


def test_the_screen_and_the_risk_list_say_it(challenged: tuple[Finding, ...]) -> None:
    project = record(demo_project(NOW), challenged, at=NOW)
    readiness = assess(project, builtin())
    assert readiness.notice == SAID
    state = State(checklist=builtin(), project=project, readiness=readiness, now=NOW)
    assert SAID in " ".join(" ".join(row.text.plain for row in ready_rows(state, 120)).split())
    risks = next(each for each in build(project, builtin()) if "risk" in each.id)
    assert SAID in text(risks)


def test_one_page_kept_from_us_is_no_closed_host() -> None:
    found = [
        finding("http.reachable", APP, Verdict.PASS),
        finding("http.https", APP, Verdict.PASS),
        finding("http.login", f"https://{APP}/sign-in", Verdict.UNKNOWN, "challenge"),
        finding("http.mixed", APP, Verdict.SKIPPED, "no-page"),
        finding("http.hsts", DOCS, Verdict.UNKNOWN, "timeout"),
        finding("tls.valid", DOCS, Verdict.UNKNOWN, "blocked"),
    ]
    assert kept_out(found) == ()


def test_many_hosts_are_counted_and_a_few_named() -> None:
    hosts = tuple(f"{letter}.harbor.example" for letter in "abcde")
    assert notice(hosts).startswith(
        "5 of your hosts blocked our audit, so we couldn't check them: "
        "a.harbor.example, b.harbor.example, c.harbor.example and 2 more."
    )
