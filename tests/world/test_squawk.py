"""Squawk itself, as the extra `sql` installs it: it is shown texts, and nothing of a repository."""

from __future__ import annotations

import json
import os
import stat
import sysconfig
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from launchready_tui.checks import registered
from launchready_tui.content.checklist import builtin
from launchready_tui.project.model import Product, Project, Repository
from launchready_tui.rules.code.sql_locks import locks
from launchready_tui.verdict.composing import compose
from launchready_tui.vocabulary.findings import Finding, Outcome
from launchready_tui.world import limits
from launchready_tui.world.credentials import InMemory, Vault
from launchready_tui.world.repository import squawk
from launchready_tui.world.repository.repository import Repository as Code
from tests.world.git_world import Repo, new_repo

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
INDEX = "CREATE INDEX by_b ON t (b);\n"
NEW = "CREATE TABLE n (id bigint PRIMARY KEY, b int);\nCREATE INDEX by_b ON n (b);\n"
LATEST = "prisma/migrations/2_b/migration.sql"


@pytest.fixture(autouse=True)
def _installed() -> None:
    if squawk.program() is None:
        if os.environ.get("LAUNCHREADY_REAL"):
            pytest.fail("the extra sql is not installed")
        pytest.skip("needs the extra sql")


async def said(text: str) -> list[tuple[int, str]]:
    answer = await squawk.lint({"a.sql": text})
    return [(lock.line, lock.rule) for lock in locks("a.sql", answer.get("a.sql", ""))]


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        (INDEX, "require-concurrent-index-creation"),
        ("DROP INDEX by_b;", "require-concurrent-index-deletion"),
        ("REINDEX TABLE t;", "require-concurrent-reindex"),
        ("ALTER TABLE t ALTER COLUMN b TYPE bigint;", "changing-column-type"),
        ("ALTER TABLE t ADD COLUMN c timestamptz DEFAULT clock_timestamp();",
         "adding-field-with-default"),
        ("ALTER TABLE t ALTER COLUMN b SET NOT NULL;", "adding-not-nullable-field"),
        ("ALTER TABLE t ADD CONSTRAINT c CHECK (b > 1);", "constraint-missing-not-valid"),
        ("ALTER TABLE t ADD COLUMN c bigserial PRIMARY KEY;", "adding-serial-primary-key-field"),
    ],
)  # fmt: skip
async def test_what_holds_a_table_is_found_on_its_line(statement: str, rule: str) -> None:
    assert await said(f"SELECT 1;\n{statement}") == [(2, rule)]


@pytest.mark.parametrize(
    "text",
    [
        NEW,  # nobody uses a table that is made here
        "ALTER TABLE t ADD COLUMN c int;",
        "ALTER TABLE t ADD CONSTRAINT c CHECK (b > 1) NOT VALID;",
        "CREATE INDEX `by_b` ON `t` (`b`);",  # not PostgreSQL: no claim
        "INSERT INTO t VALUES ('CREATE INDEX by_b ON t (b);');",
        "",
    ],
)
async def test_what_holds_nothing_says_nothing(text: str) -> None:
    assert await said(text) == []


async def test_no_settings_of_a_repository_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor of a folder above the one that it runs in."""
    rules = 'excluded_rules = ["require-concurrent-index-creation"]\n'
    (tmp_path / ".squawk.toml").write_text(rules, "utf-8")
    (tmp_path / "tmp").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    assert await said(INDEX) == [(1, "require-concurrent-index-creation")]
    assert list((tmp_path / "tmp").iterdir()) == []


async def test_a_program_in_the_folder_or_on_the_path_is_never_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = tmp_path / "squawk"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\necho 'squawk 2.0'\n", "utf-8")
    trap.chmod(trap.stat().st_mode | stat.S_IXUSR)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}:.")
    assert squawk.program() == Path(sysconfig.get_path("scripts")) / "squawk"
    assert await said(INDEX) != []
    assert squawk.program(Path()) is None  # a relative folder
    assert not (tmp_path / "ran").exists()


async def test_another_program_of_that_name_tells_nothing(tmp_path: Path) -> None:
    other = tmp_path / "squawk"
    other.write_text("#!/bin/sh\necho 'a bird'\n", "utf-8")
    other.chmod(other.stat().st_mode | stat.S_IXUSR)
    assert await squawk.lint({"a.sql": INDEX}, tmp_path) == {}
    assert await squawk.lint({"a.sql": INDEX}, tmp_path / "none") == {}


async def test_a_break_down_and_a_flood_are_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {"deep.sql": "(" * 200_000, "a.sql": INDEX}
    assert set(await squawk.lint(texts)) == {"a.sql"}
    monkeypatch.setattr(limits, "SQL_ANSWER", 20)
    assert await squawk.lint({"a.sql": INDEX}) == {}


async def test_a_slow_one_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "squawk"
    slow.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo squawk 2.70.0 && exit\nexec sleep 60\n', "utf-8"
    )
    slow.chmod(slow.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(limits, "SQL_FILE", 0.5)
    monkeypatch.setattr(limits, "SQL_FILES", 1.2)
    assert await squawk.lint({f"{n}.sql": INDEX for n in range(40)}, tmp_path) == {}


# ------------------------------------------------------------------ the check


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = new_repo(tmp_path / "shop")
    made.write("prisma/schema.prisma", 'datasource db {\n  provider = "postgresql"\n}\n')
    made.write("prisma/migrations/1_a/migration.sql", NEW)
    made.write("fly.toml", 'app = "a"\n[deploy]\n  release_command = "npx prisma migrate deploy"\n')
    made.commit("start")
    return made


async def look(folder: Path) -> Finding:
    project = Project(
        product=Product(name="Harbor", domain="harbor.example"), repository=Repository(path="shop")
    )
    code = Code(folder, Vault(InMemory({})), NOW.date())
    world: Any = SimpleNamespace(now=NOW, repository=code)
    one = registered()["deploy.migrations"]
    try:
        found = await one.run("shop", project, world)
    finally:
        await code.close()
    assert isinstance(found, Outcome)
    assert one.allows(found)
    return compose(one.id, "shop", found, NOW, project, builtin())


async def test_a_lock_in_the_newest_migration_is_a_warning(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = repo.root.parent
    assert (await look(folder)).outcome == "ok"
    repo.write(LATEST, f"-- a comment\n{INDEX}")
    repo.git("add", "--all")
    found = await look(folder)
    assert (found.outcome, found.facts["locks"]) == ("locks", "1")
    assert f"{LATEST}, line 2: nothing can be saved" in found.says
    shown = {proof.label: proof.value for proof in found.evidence}
    assert shown[f"Holds customers up: {LATEST}:2"].startswith("nothing can be saved")
    monkeypatch.setattr(squawk, "program", lambda folder=None: None)
    assert (await look(folder)).outcome == "ok"  # without the extra, all is as it was


async def test_a_worse_finding_keeps_its_name_and_shows_the_locks(repo: Repo) -> None:
    repo.write(LATEST, f"DROP TABLE n;\n{INDEX}")
    repo.git("add", "--all")
    found = await look(repo.root.parent)
    assert found.outcome == "destructive"
    assert any(proof.label.startswith("Holds customers up") for proof in found.evidence)


async def test_another_database_gets_no_claim(repo: Repo) -> None:
    repo.write("prisma/schema.prisma", 'datasource db {\n  provider = "sqlite"\n}\n')
    repo.write(LATEST, INDEX)
    repo.git("add", "--all")
    assert (await look(repo.root.parent)).outcome == "ok"


def test_its_answer_is_json_of_the_form_that_we_read() -> None:
    import asyncio

    answer = asyncio.run(squawk.lint({"a.sql": INDEX}))["a.sql"]
    assert {"line", "rule_name"} <= json.loads(answer)[0].keys()
