"""`secrets.history` and `secrets.tree` on real repositories, by way of the world's own door."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from launchready_tui.checks import registered
from launchready_tui.content.secret_rules import builtin
from launchready_tui.project.model import Product, Project, Repository
from launchready_tui.vocabulary.findings import Outcome, Verdict
from launchready_tui.world.credentials import InMemory, Vault
from launchready_tui.world.repository import reviewed_list
from launchready_tui.world.repository.fingerprints import Fingerprints
from launchready_tui.world.repository.repository import Repository as Code
from launchready_tui.world.repository.reviewed_list import Entry, LookedAt
from tests.world.git_world import Repo, new_repo

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
# Put together here, so that no scanner takes this file for a leak. They open nothing.
KEY = "sk_live_" + "51Hx8QmTz4Vn2Kd7Rw9Lb3Yp"
OTHER = "sk_live_" + "8Jd3Wm6Xq1Rt5Bv9Nz2Kc7Lf"
TEST = "sk_test_" + "8Jd3Wm6Xq1Rt5Bv9Nz2Kc7Lf"
SALT = "0123456789abcdef" * 2


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = new_repo(tmp_path / "shop")
    made.commit("start", readme="hello\n")
    return made


async def look(check: str, folder: Path, path: str = "shop") -> Outcome:
    code = Code(folder, Vault(InMemory({})), NOW.date())
    world: Any = SimpleNamespace(now=NOW, repository=code)
    product = Product(name="Harbor", domain="harbor.example")
    project = Project(product=product, repository=Repository(path=path))
    one = registered()[check]
    [subject] = one.subjects(project)
    try:
        found = await one.run(subject, project, world)
    finally:
        await code.close()
    assert isinstance(found, Outcome)
    assert one.allows(found)
    assert KEY not in str(found)
    return found


def said(outcome: Outcome) -> tuple[Verdict, str]:
    return outcome.verdict, outcome.name


def settle(repo: Repo, value: str, until: date) -> None:
    """Put a value on the list as replaced, as the command does."""
    rule = next(rule for rule in builtin() if rule.id == "stripe-live-secret")
    marks = Fingerprints(b"x", lasting=False, salt=bytes.fromhex(SALT))
    entry = Entry(marks.mark(rule, value.encode()), rule.id, "rotated", until, "done")
    reviewed_list.write(repo.root / reviewed_list.NAME, LookedAt(SALT).with_entry(entry))


@pytest.mark.covers("M8", "live")
@pytest.mark.covers("S1.C4", "live")
async def test_a_key_that_was_taken_out_later_is_a_fail(repo: Repo) -> None:
    folder = repo.root.parent
    assert said(await look("secrets.history", folder)) == (Verdict.PASS, "ok")
    repo.commit("in", pay=f'key = "{KEY}"\n')
    repo.commit("out", pay="nothing\n")
    found = await look("secrets.history", folder)
    assert said(found) == (Verdict.FAIL, "leak")
    assert found.facts["where"].startswith("pay, line 1, commit ")
    assert said(await look("secrets.tree", folder)) == (Verdict.PASS, "ok")


async def test_what_was_replaced_no_longer_counts_until_its_day(repo: Repo) -> None:
    folder = repo.root.parent
    repo.commit("in", pay=f'key = "{KEY}"\n')
    settle(repo, KEY, date(2027, 1, 31))
    assert said(await look("secrets.history", folder)) == (Verdict.PASS, "ok")
    settle(repo, KEY, date(2026, 11, 23))
    assert said(await look("secrets.history", folder)) == (Verdict.FAIL, "leak")
    settle(repo, KEY, date(2027, 1, 31))
    repo.commit("again", pay=f'key = "{OTHER}"\n')
    assert said(await look("secrets.history", folder)) == (Verdict.FAIL, "leak")


async def test_a_broken_list_settles_nothing(repo: Repo) -> None:
    repo.commit("in", pay=f'key = "{KEY}"\n')
    repo.write(reviewed_list.NAME, "no list of ours\n")
    assert said(await look("secrets.history", repo.root.parent)) == (Verdict.FAIL, "leak")


async def test_a_test_key_is_a_warning(repo: Repo) -> None:
    repo.commit("in", pay=f'key = "{TEST}"\n')
    assert said(await look("secrets.history", repo.root.parent)) == (Verdict.WARN, "unsure")


async def test_settings_beside_the_code_are_no_leak_and_in_git_they_are(repo: Repo) -> None:
    folder = repo.root.parent
    repo.write(".env.local", f"KEY={KEY}\n")
    repo.write(".env.example", "KEY=\n")
    repo.git("add", ".env.example")
    assert said(await look("secrets.tree", folder)) == (Verdict.PASS, "ok")
    repo.write("dist/app.js", f'a="{KEY}"')
    found = await look("secrets.tree", folder)
    assert said(found) == (Verdict.FAIL, "leak")
    assert found.facts["where"] == "dist/app.js, line 1"
    repo.git("add", "--force", ".env.local")
    assert said(await look("secrets.tree", folder)) == (Verdict.FAIL, "env-tracked")


async def test_a_path_in_a_command_to_copy_is_quoted(repo: Repo) -> None:
    repo.write(".env.$(reboot)", "A=1\n")
    repo.git("add", "--force", "--all")
    found = await look("secrets.tree", repo.root.parent)
    assert found.facts["path"] == "'.env.$(reboot)'"


async def test_what_could_not_be_read_is_never_called_clean(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit("two", a="a\n")
    repo.git("clone", "--quiet", "--depth=1", repo.root.as_uri(), str(tmp_path / "cut"))
    (tmp_path / "plain").mkdir()
    away = tmp_path / "away"
    away.mkdir()
    (away / ".git").write_text(f"gitdir: {repo.root}/.git\n", "utf-8")
    unknown = Verdict.UNKNOWN
    assert said(await look("secrets.history", tmp_path, "cut")) == (unknown, "history-cut")
    assert said(await look("secrets.history", tmp_path, "plain")) == (unknown, "no-repository")
    assert said(await look("secrets.history", tmp_path, "gone")) == (unknown, "no-repository")
    assert said(await look("secrets.history", tmp_path, "away")) == (unknown, "untrusted")
    monkeypatch.setenv("PATH", str(tmp_path))
    for check in ("secrets.history", "secrets.tree"):
        assert said(await look(check, tmp_path)) == (unknown, "no-git")
