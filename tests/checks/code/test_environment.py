"""`deploy.required-env`, `deploy.env-separation` and `deploy.fails-fast` on small repositories."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from launchready_tui.checks import registered
from launchready_tui.checks.code.environment import said
from launchready_tui.checks.code.folder import repositories
from launchready_tui.content.checklist import builtin
from launchready_tui.project.model import Project, Repository
from launchready_tui.verdict.composing import compose
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.vocabulary.findings import Outcome, Verdict
from launchready_tui.world.credentials import InMemory, Vault
from launchready_tui.world.repository.repository import Repository as Folder
from launchready_tui.world.repository.settings import look, looks_real

CHECKS = registered()
NOW = datetime(2026, 11, 24, tzinfo=UTC)
Files = Mapping[str, str] | Unreachable


class Code(Folder):
    """The repository of a world, whose files are those that a test hands over."""

    def __init__(self, tree: Files, env_files: Files) -> None:
        super().__init__(Path(), Vault(InMemory({})))
        self.files, self.beside = tree, env_files

    async def tree(self, path: str) -> Files:
        return self.files

    async def env_files(self, path: str, declared: tuple[str, ...] = ()) -> Files:
        return self.beside


async def ask(id: str, tree: Files, beside: Files | None = None, **told: Any) -> Outcome:
    project = Project(repository=Repository(path=".", **told))
    world: Any = SimpleNamespace(now=NOW, repository=Code(tree, {} if beside is None else beside))
    outcome = await CHECKS[id].run(".", project, world)
    assert isinstance(outcome, Outcome)
    if outcome.verdict is not Verdict.UNKNOWN:
        assert CHECKS[id].allows(outcome)
    finding = compose(id, ".", outcome, NOW, project, builtin())
    assert "{" not in finding.says.replace("${", "")  # every place is filled
    return outcome


def told(outcome: Outcome) -> tuple[str, str]:
    return str(outcome.verdict), outcome.name


NEED = {"src/a.js": "pay(process.env.STRIPE_KEY, process.env.DATABASE_URL)"}
GIVES = {".env.production": "STRIPE_KEY=1\nDATABASE_URL=2"}
REQUIRED, APART, FAST = "deploy.required-env", "deploy.env-separation", "deploy.fails-fast"


def test_subjects_are_the_repository_that_the_project_names() -> None:
    assert repositories(Project()) == ()
    assert repositories(Project(repository=Repository(path="code"))) == ("code",)


# ------------------------------------------------------------------ required names


@pytest.mark.parametrize(
    ("tree", "beside", "more", "expected"),
    [
        (NEED | GIVES, {}, {}, ("pass", "ok")),
        (NEED, GIVES, {}, ("pass", "ok")),
        ({"a.js": "process.env.X ?? 1"}, {}, {}, ("pass", "none-needed")),
        (NEED, {}, {}, ("warn", "not-seen")),
        (NEED | {".env.example": "STRIPE_KEY=\nDATABASE_URL="}, {}, {},
         ("warn", "only-in-example")),
        (NEED | {".env.example": "STRIPE_KEY="}, {}, {}, ("warn", "not-seen")),
        (NEED, {}, {"required_env": ("STRIPE_KEY",)}, ("fail", "on-your-list")),
        ({}, {}, {"required_env": ("STRIPE_KEY",)}, ("fail", "on-your-list")),
        (NEED, {".env.production": "STRIPE_KEY=1"}, {"env_files": (".env.production",)},
         ("fail", "lacking")),
        (NEED, {".env.production": "STRIPE_KEY=1"}, {}, ("warn", "not-seen")),
        (NEED, {}, {"env_files": (".env.production",)}, ("warn", "not-seen")),
        ({"README.md": "x"}, {}, {}, ("unknown", "not-known")),
        (NEED | {"vercel.json": "{"}, {}, {}, ("unknown", "garbled")),
        (NEED | {"vercel.json": "{"}, {}, {"required_env": ("X",)}, ("unknown", "garbled")),
        (NEED | GIVES | {"vercel.json": "{"}, {}, {}, ("pass", "ok")),
        (Unreachable("too-large"), {}, {}, ("unknown", "too-large")),
        (NEED, Unreachable("timeout"), {}, ("unknown", "timeout")),
        (NEED | GIVES, Unreachable("timeout"), {}, ("pass", "ok")),
    ],
)  # fmt: skip
async def test_required_env(
    tree: Files, beside: Files, more: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert told(await ask(REQUIRED, tree, beside, **more)) == expected


async def test_the_names_and_where_they_are_read_stand_in_the_finding() -> None:
    outcome = await ask(REQUIRED, NEED)
    assert outcome.facts["names"] == "DATABASE_URL and STRIPE_KEY"
    shown = {proof.label: proof.value for proof in outcome.evidence}
    assert shown["STRIPE_KEY: seen in no file of production"] == "read at src/a.js line 1"


# ------------------------------------------------------------------ apart

STAGING = {".env.staging": "A_KEY=aaaa-1111-bbbb"}


@pytest.mark.parametrize(
    ("tree", "beside", "expected"),
    [
        (STAGING, {".env.production": "A_KEY=cccc-2222-dddd"}, ("pass", "ok")),
        (STAGING, {".env.production": "A_KEY=aaaa-1111-bbbb"}, ("fail", "same-secret")),
        ({".env.staging": "DATABASE_URL=mysql://a:bcde@db.x.example/y"},
         {".env.production": "DATABASE_URL=mysql://a:other@db.x.example/y"},
         ("fail", "same-database")),
        ({".env.staging": "DATABASE_URL=mysql://a:bcde@db.x.example/y"},
         {".env.production": "DATABASE_URL=mysql://a:other@db.x.example/z"},
         ("warn", "same-server")),
        ({".env.example": "A=sk_live_4eC39HqLyjWDarjtT1zdp7dc"}, {}, ("warn", "real-example")),
        ({".env.example": "A=sk_test_4eC39HqLyjWDarjtT1zdp7dc"}, {}, ("unknown", "not-known")),
        (STAGING, {}, ("unknown", "not-known")),
        ({}, {}, ("unknown", "not-known")),
        (STAGING, Unreachable("timeout"), ("unknown", "timeout")),
        (Unreachable("garbled"), {}, ("unknown", "garbled")),
        (STAGING | {".env.production": "A_KEY=aaaa-1111-bbbb"}, Unreachable("timeout"),
         ("fail", "same-secret")),
    ],
)  # fmt: skip
async def test_env_separation(tree: Files, beside: Files, expected: tuple[str, str]) -> None:
    assert told(await ask(APART, tree, beside)) == expected


# ------------------------------------------------------------------ stops at once


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        ({"src/env.ts": "cleanEnv(process.env, { A: str() })"}, ("pass", "ok")),
        ({"a.js": "process.env.X ?? 1"}, ("pass", "none-needed")),
        (NEED, ("warn", "none-found")),
        ({"README.md": "x"}, ("unknown", "not-known")),
        (Unreachable("timeout"), ("unknown", "timeout")),
    ],
)
async def test_fails_fast(tree: Files, expected: tuple[str, str]) -> None:
    assert told(await ask(FAST, tree)) == expected


# ------------------------------------------------------------------ values


@pytest.mark.parametrize("id", [REQUIRED, APART, FAST])
async def test_no_value_is_in_what_a_check_says(id: str) -> None:
    value = "sk_live_4eC39HqLyjWDarjtT1zdp7dc"
    url = "postgres://shop:Hunter2Hunter2@db.x.example/shop"
    text = f"A_KEY={value}\nDATABASE_URL={url}\n"
    tree = NEED | {".env.example": text, ".env.staging": text, "vercel.json": value}
    outcome = await ask(id, tree, {".env.production": text}, env_files=(".env.production",))
    shown = repr(outcome)
    for part in (value, "Hunter2", "db.x.example", url):
        assert part not in shown


def test_each_look_has_a_key_of_its_own() -> None:
    tree = {".env.production": "A_KEY=aaaa-1111-bbbb"}
    assert look(tree, {}).given[0].digest != look(tree, {}).given[0].digest is not None


@pytest.mark.parametrize(
    ("value", "real"),
    [
        ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", True),
        ("sk_test_4eC39HqLyjWDarjtT1zdp7dc", False),
        ("postgres://u:password@db.x.example/y", False),
        ("postgres://u:kD83jfnQ@db.x.example/y", True),
        ("your-key-here", False),
        ("", False),
    ],
)
def test_what_looks_real(value: str, real: bool) -> None:
    assert looks_real(value.encode()) is real


def test_names_are_listed_as_people_do() -> None:
    assert said([]) == ""
    assert said(["A"]) == "A"
    assert said(["A", "B", "A"]) == "A and B"
    assert said("ABCDE") == "A, B, C, D and E"
    assert said("ABCDEFG") == "A, B, C, D and 3 more"
