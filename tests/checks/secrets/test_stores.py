"""`secrets.kept` on real repositories, by way of the world's own door, and its item in the file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from launchready_tui.checks import registered
from launchready_tui.content.checklist import builtin
from launchready_tui.project import change
from launchready_tui.project.model import Answer, Product, Project, Repository
from launchready_tui.verdict.composing import compose
from launchready_tui.verdict.readiness import State, assess
from launchready_tui.vocabulary.findings import Finding, Outcome, Verdict
from launchready_tui.world.credentials import InMemory, Vault
from launchready_tui.world.repository.repository import Repository as Code
from tests.world.git_world import Repo, new_repo

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FLOW = ".github/workflows/deploy.yml"
USES = "jobs:\n  deploy:\n    env:\n      TOKEN: ${{ secrets.FLY_API_TOKEN }}\n"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = new_repo(tmp_path / "shop")
    made.commit("start", readme="hello\n")
    return made


def project(answer: str = "", path: str = "shop") -> Project:
    return Project(
        product=Product(name="Harbor", domain="harbor.example"),
        repository=Repository(path=path),
        answers={"S4.C2": Answer(value=answer)} if answer else {},
    )


async def look(folder: Path, told: Project) -> Finding:
    code = Code(folder, Vault(InMemory({})), NOW.date())
    world: Any = SimpleNamespace(now=NOW, repository=code)
    one = registered()["secrets.kept"]
    [subject] = one.subjects(told)
    try:
        found = await one.run(subject, told, world)
    finally:
        await code.close()
    assert isinstance(found, Outcome)
    assert one.allows(found)
    return compose(one.id, subject, found, NOW, told, builtin())


async def state(folder: Path, answer: str = "") -> State:
    told = project(answer)
    found = await look(folder, told)
    kept = change.record(told, [found], at=NOW, by="test", partial=True)
    item = assess(kept, builtin()).item("S4.C2")
    assert item is not None
    return item.state


@pytest.mark.covers("S4.C2", "live")
async def test_a_store_is_seen_when_it_is_used_and_not_when_it_is_gone(repo: Repo) -> None:
    folder = repo.root.parent
    before = await look(folder, project())
    assert (before.verdict, before.outcome) == (Verdict.UNKNOWN, "not-known")
    assert not before.matters
    assert "S4.C2" in before.covers
    repo.write(FLOW, USES)
    repo.git("add", "--all")
    seen = await look(folder, project())
    assert (seen.verdict, seen.outcome) == (Verdict.PASS, "ok")
    assert "GitHub Actions secrets" in seen.says
    assert f"{FLOW}, line 4" in seen.says
    [proof] = seen.evidence
    assert (proof.label, proof.value) == (
        "Secrets come from GitHub Actions secrets",
        f"{FLOW}, line 4",
    )
    repo.write(FLOW, USES.replace("TOKEN:", "# TOKEN:"))
    assert (await look(folder, project())).verdict is Verdict.UNKNOWN


async def test_what_git_does_not_keep_shows_nothing(repo: Repo) -> None:
    repo.write(FLOW, USES)
    assert (await look(repo.root.parent, project())).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("answer", "unseen", "seen"),
    [
        ("", State.UNKNOWN, State.OPEN),
        ("vault", State.TOLD, State.TOLD),
        ("chat", State.SOON, State.SOON),
        ("code", State.SOON, State.SOON),
        ("not-sure", State.UNKNOWN, State.UNKNOWN),
    ],
)
async def test_a_store_in_use_never_overrules_what_was_told(
    repo: Repo, answer: str, unseen: State, seen: State
) -> None:
    folder = repo.root.parent
    assert await state(folder, answer) is unseen
    repo.commit("deploy", **{".github__workflows__deploy.yml": USES})
    assert await state(folder, answer) is seen


async def test_no_repository_is_no_verdict(tmp_path: Path) -> None:
    found = await look(tmp_path, project(path="gone"))
    assert (found.verdict, found.outcome) == (Verdict.UNKNOWN, "no-repository")


async def test_names_of_files_are_strangers_words(repo: Repo) -> None:
    repo.write("a[red]\x1b[31m\n.sh", "doppler run -- x\n")
    repo.git("add", "--all")
    found = await look(repo.root.parent, project())
    assert found.verdict is Verdict.PASS
    assert "\x1b" not in found.says + str(found.evidence)
