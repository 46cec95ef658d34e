"""`deploy.path`, `deploy.migrations` and `deploy.rollback`, on a repository that we hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from launchready_tui.checks import registered
from launchready_tui.checks.code.folder import repositories
from launchready_tui.content.checklist import builtin
from launchready_tui.project.model import Answer, Host, Product, Project, Proof, Repository
from launchready_tui.rules.code.delivery import Remotes
from launchready_tui.verdict.composing import compose
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.vocabulary.findings import Finding, Outcome, Verdict
from launchready_tui.world.credentials import InMemory, Vault
from launchready_tui.world.repository.repository import Repository as Folder

NOW = datetime(2026, 11, 24, 14, 2, tzinfo=UTC)
PASS, WARN, FAIL, UNKNOWN = Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.UNKNOWN
ORIGIN = Remotes(("origin",), ("github.com",), ("main",), "main", "main")
WORKFLOW = """on: {push: {branches: [main]}}
jobs:
  ship:
    steps:
      - run: npx prisma migrate deploy
      - run: npx vercel deploy --prod --token=$TOKEN
"""
MIGRATION = "prisma/migrations/2026_x/migration.sql"


class Held(Folder):
    """A repository whose files and remotes are those that a test gives."""

    def __init__(
        self,
        files: Mapping[str, str] | Unreachable | None = None,
        to: Remotes | Unreachable = ORIGIN,
    ) -> None:
        super().__init__(Path(), Vault(InMemory({})))
        self.files, self.to = {} if files is None else files, to

    async def tree(self, path: str) -> Mapping[str, str] | Unreachable:
        return self.files

    async def remotes(self, path: str) -> Remotes | Unreachable:
        return self.to


def project(
    answers: Mapping[str, Answer] | None = None, branch: str = "", provider: str = ""
) -> Project:
    return Project(
        product=Product(domain="harbor.example"),
        hosts=(Host(name="harbor.example", provider=provider),),
        repository=Repository(path=".", production_branch=branch),
        answers=dict(answers or {}),
    )


async def look(id: str, held: Held, given: Project | None = None) -> tuple[Outcome, Finding]:
    """The outcome of a check, and what a founder reads of it."""
    world: Any = SimpleNamespace(now=NOW, repository=held)
    given = given or project()
    check = registered()[id]
    (subject,) = check.subjects(given)
    outcome = await check.run(subject, given, world)
    assert isinstance(outcome, Outcome)
    assert check.allows(outcome)
    finding = compose(id, subject, outcome, NOW, given, builtin())
    for text in (finding.says, finding.why, *finding.fix, finding.verify):
        assert "{" not in text
        assert "``" not in text
        assert "  " not in text
    return outcome, finding


def test_only_a_named_repository_is_looked_at() -> None:
    assert repositories(project()) == (".",)
    assert repositories(Project()) == ()


@pytest.mark.covers("S1.C3", "live")
@pytest.mark.covers("M7", "live")
async def test_one_way_through_the_repository() -> None:
    held = Held({".github/workflows/ship.yml": WORKFLOW, "vercel.json": "{}"})
    outcome, finding = await look("deploy.path", held)
    assert (outcome.verdict, outcome.name) == (PASS, "ok")
    assert finding.says == (
        "There is one way to the live site. A change on the branch main goes to Vercel by itself."
    )
    assert outcome.facts["platforms"] == "vercel"
    seen = {proof.label: proof.value for proof in finding.evidence}
    assert seen["Remotes"] == "github.com"
    assert seen["Way to the live site"] == (
        "a push to main publishes to Vercel (.github/workflows/ship.yml, line 6)"
    )
    broken, _ = await look("deploy.path", Held(held.files, Remotes()))
    assert (broken.verdict, broken.name) == (FAIL, "no-remote")
    assert not isinstance(held.files, Unreachable)
    two = {**held.files, "fly.toml": "app = 'x'"}
    several, _ = await look("deploy.path", Held(two))
    assert (several.verdict, several.name) == (WARN, "several")


ON = "{push: {branches: [main]}}"
PATHS = {
    "ok": ({".github/workflows/x.yml": WORKFLOW}, PASS),
    "button": (
        {".github/workflows/x.yml": WORKFLOW.replace(ON, "workflow_dispatch")},
        PASS,
    ),
    "platform": ({"netlify.toml": ""}, PASS),
    "several": ({"netlify.toml": "", "vercel.json": "{}"}, WARN),
    "one-machine": ({"package.json": '{"scripts": {"deploy": "vercel --prod"}}'}, WARN),
    "any-branch": (
        {".github/workflows/x.yml": WORKFLOW.replace(ON, "push")},
        WARN,
    ),
    "not-known": ({"README.md": "x"}, UNKNOWN),
}  # fmt: skip


@pytest.mark.parametrize("name", PATHS)
async def test_every_outcome_of_the_path(name: str) -> None:
    files, verdict = PATHS[name]
    outcome, _ = await look("deploy.path", Held(files))
    assert (outcome.verdict, outcome.name) == (verdict, name)


async def test_the_branch_of_the_project_file_is_compared() -> None:
    files = {".github/workflows/x.yml": WORKFLOW}
    outcome, finding = await look("deploy.path", Held(files), project(branch="live"))
    assert (outcome.verdict, outcome.name) == (WARN, "other-branch")
    assert "says that live goes live. .github/workflows/x.yml publishes main." in finding.says


@pytest.mark.parametrize(
    ("value", "verdict", "name"),
    [("by-hand", FAIL, "by-hand"), ("branch", PASS, "told"), ("not-sure", UNKNOWN, "not-known")],
)
async def test_what_was_told_of_the_path(value: str, verdict: Verdict, name: str) -> None:
    given = project({"S1.C3": Answer(value=value)})
    outcome, _ = await look("deploy.path", Held({}), given)
    assert (outcome.verdict, outcome.name) == (verdict, name)


@pytest.mark.parametrize("id", ["deploy.path", "deploy.migrations"])
async def test_a_repository_that_can_not_be_read_is_unknown(id: str) -> None:
    gone = Unreachable("unreachable", "x")
    for held in (Held(gone, gone), Held(gone)):
        outcome, _ = await look(id, held)
        assert (outcome.verdict, outcome.name) == (UNKNOWN, "unreachable")


async def test_no_password_of_a_command_is_kept() -> None:
    key = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"
    script = f'{{"scripts": {{"deploy": "STRIPE={key} vercel --prod --token={key}"}}}}'
    for id in ("deploy.path", "deploy.migrations"):
        outcome, finding = await look(id, Held({"package.json": script, "Procfile": f"web: {key}"}))
        assert key not in repr(outcome)
        assert key not in repr(finding)
    for password in (key, "harbour-secret-7"):
        line = (
            f"release: DATABASE_URL=postgres://a:{password}@h/x prisma db push --token {password}"
        )
        outcome, finding = await look("deploy.migrations", Held({"Procfile": line}))
        assert outcome.name == "pushes"
        assert password not in repr(outcome)
        assert "`prisma db push --token …` (Procfile, release)" in finding.says


# ------------------------------------------------------------------ migrations


@pytest.mark.covers("S4.C4", "live")
async def test_the_release_runs_the_migrations() -> None:
    files = {
        ".github/workflows/x.yml": WORKFLOW,
        MIGRATION: "SELECT 1;",
        "prisma/schema.prisma": "",
    }
    outcome, finding = await look("deploy.migrations", Held(files))
    assert (outcome.verdict, outcome.name) == (PASS, "ok")
    assert finding.says == (
        "Each release changes the database by itself, with Prisma: `npx prisma migrate deploy`."
    )
    by_hand = {name: text for name, text in files.items() if "github" not in name}
    outcome, finding = await look("deploy.migrations", Held(by_hand))
    assert (outcome.verdict, outcome.name) == (WARN, "by-hand")
    assert "`prisma migrate deploy`" in finding.fix[0]


SCHEMA = {"prisma/schema.prisma": "", MIGRATION: "SELECT 1;"}
BUILD = '{"scripts": {"build": "prisma migrate deploy && next build"}}'
MIGRATIONS = {
    "none": ({}, PASS),
    "by-hand": (SCHEMA, WARN),
    "in-build": ({**SCHEMA, "vercel.json": "{}", "package.json": BUILD}, WARN),
    "destructive": (
        {"prisma/schema.prisma": "", MIGRATION: "\nDROP TABLE a;", "package.json": BUILD},
        WARN,
    ),
    "pushes": ({"Procfile": "release: npx prisma db push"}, FAIL),
    "wipes": ({"Procfile": "release: npx prisma migrate reset -f"}, FAIL),
}


@pytest.mark.parametrize("name", MIGRATIONS)
async def test_every_outcome_of_the_migrations(name: str) -> None:
    files, verdict = MIGRATIONS[name]
    outcome, _ = await look("deploy.migrations", Held(files))
    assert (outcome.verdict, outcome.name) == (verdict, name)


async def test_what_is_lost_is_shown_with_its_line() -> None:
    files, _ = MIGRATIONS["destructive"]
    _, finding = await look("deploy.migrations", Held(files))
    assert finding.says == (
        f"Some of your newest migrations take things away: 1 in all. The first is in {MIGRATION}, "
        "line 2. It takes a table away."
    )
    assert [proof.value for proof in finding.evidence if proof.label.endswith("line 2")] == [
        "DROP TABLE A: it takes a table away"
    ]


async def test_the_platform_that_answered_counts_too() -> None:
    files = {**SCHEMA, "package.json": BUILD}
    outcome, _ = await look("deploy.migrations", Held(files), project(provider="netlify"))
    assert outcome.name == "in-build"


# ------------------------------------------------------------------ the way back


def drilled(seconds: int, days: float, value: str = "tried") -> Project:
    proof = Proof(kind="drill", where=str(seconds), at=NOW - timedelta(days=days))
    older = Proof(kind="drill", where="60", at=NOW - timedelta(days=400))
    return project({"S4.C5": Answer(value=value, evidence=(older, proof))})


DRILLS = {
    "in time": (drilled(400, 3), PASS, "ok"),
    "the last second": (drilled(899, 3), PASS, "ok"),
    "15 minutes": (drilled(900, 3), WARN, "slow"),
    "the last day": (drilled(400, 90), PASS, "ok"),
    "too old": (drilled(400, 90.1), WARN, "old"),
    "slow and old": (drilled(2000, 200), WARN, "slow"),
    "timed, then lost": (drilled(400, 3, "no"), FAIL, "no-way"),
    "timed, answer unsure": (drilled(400, 3, "not-sure"), PASS, "ok"),
    "told": (project({"S4.C5": Answer(value="tried")}), WARN, "untimed"),
    "never tried": (project({"S4.C5": Answer(value="untried")}), WARN, "untried"),
    "no way": (project({"S4.C5": Answer(value="no")}), FAIL, "no-way"),
    "not sure": (project({"S4.C5": Answer(value="not-sure")}), UNKNOWN, "not-known"),
}


@pytest.mark.parametrize("case", DRILLS)
async def test_the_way_back(case: str) -> None:
    given, verdict, name = DRILLS[case]
    outcome, _ = await look("deploy.rollback", Held(), given)
    assert (outcome.verdict, outcome.name) == (verdict, name)


def test_before_anybody_said_something_there_is_only_the_question() -> None:
    assert tuple(registered()["deploy.rollback"].subjects(project())) == ()


async def test_a_drill_without_a_day_is_not_called_fresh() -> None:
    proof = Proof(kind="drill", where="60")
    given = project({"S4.C5": Answer(value="tried", evidence=(proof,))})
    outcome, _ = await look("deploy.rollback", Held(), given)
    assert (outcome.verdict, outcome.name) == (WARN, "old")


async def test_a_time_of_5000_digits_is_no_time() -> None:
    given = project(
        {"S4.C5": Answer(value="tried", evidence=(Proof(kind="drill", where="9" * 5000),))}
    )
    outcome, _ = await look("deploy.rollback", Held(), given)
    assert (outcome.verdict, outcome.name) == (WARN, "untimed")


async def test_the_steps_are_those_of_the_host() -> None:
    given = project({"S4.C5": Answer(value="no")}, provider="netlify")
    _, finding = await look("deploy.rollback", Held(), given)
    assert any("Press Publish deploy." in step for step in finding.fix)
    ok, _ = await look("deploy.rollback", Held(), drilled(61, 3))
    assert ok.facts["minutes"] == "2"
    assert ok.facts["day"] == "21 November"
