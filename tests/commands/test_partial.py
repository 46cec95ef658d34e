"""An audit of a part says what it looked at, and never that the launch is ready."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from launchready_tui import __version__, audit
from launchready_tui.content.checklist import builtin
from launchready_tui.lab import Lab
from launchready_tui.lab.demo import demo_project
from launchready_tui.lab.faults import broken
from launchready_tui.verdict.readiness import assess
from launchready_tui.vocabulary.findings import Finding, Impact, Verdict

from .conftest import Run, network
from .test_commands import DEAD, PROJECT

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


async def test_what_was_looked_at_is_right(run: Run, lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "launchready.toml").write_text(PROJECT)
    words = ("audit", "--only", "dns.apex", *network(lab))
    done = await run(*words)
    assert done.code == 0, done
    assert "Nothing to fix today. We looked at dns.apex only." in done.out
    assert "Ready" not in done.out
    report = json.loads((await run(*words, "--json")).out)
    assert (report["verdict"], report["partial"], report["today"]) == ("partial", True, 0)
    assert report["version"] == __version__


async def test_a_stage_is_a_part_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "launchready.toml").write_text(PROJECT)
    async with Lab(broken(["spf-two"])) as lab:
        done = await run("audit", "--stage", "3", "--json", *network(lab))
        told = await run("audit", "--only", "email.spf", "--only", "email.dmarc", *network(lab))
    report = json.loads(done.out)
    blockers = [f for f in report["findings"] if f["impact"] == "blocker"]
    assert (done.code, report["verdict"], report["partial"]) == (1, "not-yet", True), done
    assert report["today"] == len(blockers) > 0
    assert told.code == 1, told
    assert "Not yet: 1 to fix today. We looked at email.spf and email.dmarc only." in told.out


async def test_a_lone_could_not_tell_is_3(run: Run, tmp_path: Path) -> None:
    (tmp_path / "launchready.toml").write_text(PROJECT)
    for check in ("dns.apex", "dns.caa"):  # the second one never stops a launch
        done = await run("audit", "--only", check, "--json", *DEAD)
        report = json.loads(done.out)
        assert {f["verdict"] for f in report["findings"]} == {"unknown"}, done
        assert (done.code, report["verdict"], report["today"]) == (3, "cannot-tell", 0), done


def _finding(verdict: Verdict, impact: Impact | None = None, matters: bool = True) -> Finding:
    return Finding(
        check="dns.apex", subject="a.example", verdict=verdict, outcome="x", at=NOW, says="It is.",
        why="", fix=(), verify="", impact=impact, matters=matters,
    )  # fmt: skip


PASS = _finding(Verdict.PASS)
WARN = _finding(Verdict.WARN, Impact.SOON)
FAIL = _finding(Verdict.FAIL, Impact.BLOCKER)
DOUBT = _finding(Verdict.UNKNOWN, matters=False)


@pytest.mark.parametrize(
    ("findings", "part", "stopped", "verdict", "code", "headline"),
    [
        ([PASS], "", False, "ready", 0, "Ready"),
        ([PASS, DOUBT], "", False, "ready", 0, "Ready"),
        ([PASS], "", True, "cannot-tell", 3,
         "Can't tell yet: we did not see all. It was stopped early"),
        ([], "", True, "cannot-tell", 3,
         "Can't tell yet: nothing is checked so far. It was stopped early"),
        ([PASS, WARN], "stage 3", False, "partial", 0,
         "Nothing to fix today. We looked at stage 3 only"),
        ([PASS, DOUBT], "stage 3", False, "cannot-tell", 3,
         "Can't tell yet: 1 still open. We looked at stage 3 only"),
        ([FAIL, DOUBT], "stage 3", True, "not-yet", 1,
         "Not yet: 1 to fix today. It was stopped early. We looked at stage 3 only"),
    ],
)  # fmt: skip
def test_the_verdict_of_a_part(
    findings: list[Finding], part: str, stopped: bool, verdict: str, code: int, headline: str
) -> None:
    done = audit.summarise(findings, NOW, 1.0, part=part, stopped=stopped)
    assert (done.verdict, done.exit_code, done.headline) == (verdict, code, headline)
    assert done.partial == bool(part or stopped)
    assert done.today == (1 if FAIL in findings else 0)


def test_what_was_looked_at_in_words() -> None:
    words = audit.part_in_words
    title = builtin().stages[2].title
    assert words(builtin(), (), ()) == ""
    assert words(builtin(), ("tls.*",), ()) == "tls.*"
    assert words(builtin(), (), (3,)) == f"stage 3, {title}"
    assert words(builtin(), ("a", "b", "c"), (3,)) == f"a, b and c in stage 3, {title}"


async def test_the_healthy_demo_and_its_risk_list_agree(run: Run, tmp_path: Path) -> None:
    done = await run("demo", "--healthy")
    assert done.code == 0, done
    assert "\nReady.\n" in done.out
    assert "0 broken, 0 to fix soon, 0 we could not tell" in done.out
    folder = tmp_path / "launchready-demo"
    assert "> **Ready.**" in (folder / "handover" / "01-risk-list.md").read_text()
    summary = await run("--project", str(folder / "launchready.toml"))
    assert summary.code == 0, summary
    assert "\nReady.\n" in summary.out


async def test_a_demo_that_was_left_open_agrees_too(run: Run, tmp_path: Path) -> None:
    """What its founder told stays in the file, and counts also when nothing is broken."""
    story = await run("demo")
    said = next(line for line in story.out.splitlines() if line.startswith("Not yet"))
    risks = tmp_path / "launchready-demo" / "handover" / "01-risk-list.md"
    assert f"> **{said}**" in risks.read_text()
    again = await run("demo", "--healthy")
    assert again.code == 1, again
    assert "Not yet: 1 to fix today." in again.out
    assert "Told by Maya Lindqvist, to fix today: Email in spam or missing." in again.out
    assert "> **Not yet: 1 to fix today.**" in risks.read_text()


def test_a_finished_demo_has_nothing_to_tell() -> None:
    finished = assess(demo_project(NOW, finished=True), builtin())
    assert not finished.problems
    assert assess(demo_project(NOW), builtin()).problems
