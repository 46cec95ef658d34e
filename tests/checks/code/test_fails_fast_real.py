"""`deploy.fails-fast` on a real repository: take the check of settings away, and it is missed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from launchready_tui.checks import registered
from launchready_tui.content.checklist import builtin
from launchready_tui.project.model import Product, Project, Repository
from launchready_tui.verdict.composing import compose
from launchready_tui.vocabulary.findings import Finding, Outcome, Verdict
from launchready_tui.world.credentials import InMemory, Vault
from launchready_tui.world.repository.repository import Repository as Code
from tests.world.git_world import Repo, new_repo

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
READS = "export const pay = () => charge(process.env.STRIPE_KEY);\n"
STARTS = 'import "./src/settings";\nexport default {};\n'
CHECKS = "export const env = z.object({ STRIPE_KEY: z.string() }).parse(process.env);\n"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = new_repo(tmp_path / "shop")
    made.write("next.config.ts", STARTS)
    made.write("src/settings.ts", 'import { z } from "zod";\n' + CHECKS)
    made.write("src/pay.ts", READS)
    made.commit("start")
    return made


async def look(folder: Path) -> Finding:
    project = Project(
        product=Product(name="Harbor", domain="harbor.example"), repository=Repository(path="shop")
    )
    code = Code(folder, Vault(InMemory({})), NOW.date())
    world: Any = SimpleNamespace(now=NOW, repository=code)
    try:
        found = await registered()["deploy.fails-fast"].run("shop", project, world)
    finally:
        await code.close()
    assert isinstance(found, Outcome)
    return compose("deploy.fails-fast", "shop", found, NOW, project, builtin())


@pytest.mark.covers("S4.C3", "live")
async def test_without_its_check_a_build_no_longer_stops(repo: Repo) -> None:
    before = await look(repo.root.parent)
    assert (before.verdict, before.outcome) == (Verdict.PASS, "ok")
    assert "S4.C3" in before.covers
    repo.write("next.config.ts", "export default {};\n")  # nothing reads the check any more
    unused = await look(repo.root.parent)
    assert (unused.verdict, unused.outcome) == (Verdict.WARN, "none-found")
    repo.write("entrypoint.sh", 'exec node server.js "${STRIPE_KEY:?STRIPE_KEY is not set}"\n')
    assert (await look(repo.root.parent)).verdict is Verdict.WARN  # git does not keep it
    repo.git("add", "entrypoint.sh")
    assert (await look(repo.root.parent)).verdict is Verdict.PASS
