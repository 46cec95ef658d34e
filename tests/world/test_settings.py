"""The settings files that a project names: read inside the folder, whatever they are called."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from launchready_tui.checks import registered
from launchready_tui.project.model import Project
from launchready_tui.project.model import Repository as Told
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.vocabulary.findings import Outcome
from launchready_tui.world.credentials import InMemory, Vault
from launchready_tui.world.repository.repository import Repository
from launchready_tui.world.repository.settings import Surveyed
from tests.world.git_world import Repo, new_repo

READS = "start(process.env.STRIPE_KEY);\n"
IGNORED = "config/\ndeploy/\n.env*\n"
NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = new_repo(tmp_path / "shop")
    made.write("a.js", READS)
    made.write(".gitignore", IGNORED)
    made.commit("start")
    return made


async def required(root: Path, *declared: str) -> tuple[str, str]:
    world: Any = SimpleNamespace(now=NOW, repository=Repository(root.parent, Vault(InMemory({}))))
    project = Project(repository=Told(path="shop", env_files=declared))
    outcome = await registered()["deploy.required-env"].run("shop", project, world)
    await world.repository.close()
    assert isinstance(outcome, Outcome)
    return str(outcome.verdict), outcome.name


@pytest.mark.parametrize(
    "name", ["config/production.settings", "deploy/prod.vars", "./deploy//prod.vars",
             "deploy\\prod.vars", "a/../deploy/prod.vars"]
)  # fmt: skip
async def test_a_declared_file_of_any_name_is_read(repo: Repo, name: str) -> None:
    repo.write("config/production.settings", "STRIPE_KEY=abcd\n")
    repo.write("deploy/prod.vars", "export STRIPE_KEY=abcd\n")
    assert await required(repo.root) == ("warn", "not-seen")
    assert await required(repo.root, name) == ("pass", "ok")


async def test_a_declared_file_without_the_name_is_taken_at_its_word(repo: Repo) -> None:
    repo.write("deploy/prod.vars", "OTHER=1\n")
    assert await required(repo.root, "deploy/prod.vars") == ("fail", "lacking")


async def test_a_declared_file_that_is_not_there_makes_no_fail(repo: Repo) -> None:
    repo.write("deploy/prod.vars", "OTHER=1\n")
    assert await required(repo.root, "deploy/gone.vars") == ("warn", "not-seen")
    assert await required(repo.root, "deploy/prod.vars", "deploy/gone.vars") == ("warn", "not-seen")
    repo.write("deploy/long.vars", "OTHER=1\n" * 100_000)
    assert await required(repo.root, "deploy/long.vars") == ("warn", "not-seen")
    repo.write("deploy/bytes.vars", b"\0\1STRIPE_KEY=1")
    assert await required(repo.root, "deploy/bytes.vars") == ("warn", "not-seen")


async def test_nothing_outside_the_folder_is_read(repo: Repo) -> None:
    outside = repo.root.parent / "other"
    outside.mkdir()
    (outside / "prod.vars").write_text("STRIPE_KEY=abcd\n")
    (repo.root / "deploy").mkdir()
    (repo.root / "deploy/link.vars").symlink_to(outside / "prod.vars")
    (repo.root / "config").symlink_to(outside)
    for name in ("../other/prod.vars", str(outside / "prod.vars"), "deploy/link.vars",
                 "config/prod.vars", "deploy/../../other/prod.vars", "C:\\x", ""):  # fmt: skip
        assert await required(repo.root, name) == ("warn", "not-seen"), name


async def test_one_look_serves_all_who_ask_the_same(repo: Repo) -> None:
    code = Repository(repo.root.parent, Vault(InMemory({})))
    first = await code.survey("shop", (), ("STRIPE_KEY",))
    assert isinstance(first, Surveyed)
    assert await code.survey("shop", (), ("STRIPE_KEY",)) is first
    other = await code.survey("shop")
    assert isinstance(other, Surveyed)
    assert (first.survey.must, other.survey.must) == (("STRIPE_KEY",), ())
    assert await code.delivery("shop") is await code.delivery("shop")
    assert isinstance(await code.survey("nowhere"), Unreachable)
    assert isinstance(await code.delivery("nowhere"), Unreachable)
    await code.close()
