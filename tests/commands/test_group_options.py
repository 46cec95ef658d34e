"""Options of the group hold for every command, before it and after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Run

PROJECT = 'format = 1\n[product]\nname = "{name}"\ndomain = "{name}.example"\n'


@pytest.fixture
def two(tmp_path: Path) -> tuple[str, str]:
    """The file that is nearest, and another one."""
    (tmp_path / "launchready.toml").write_text(PROJECT.format(name="near"))
    (tmp_path / "other.toml").write_text(PROJECT.format(name="other"))
    return "launchready.toml", "other.toml"


WAYS = {
    "before": ("--project", "other.toml", "audit", "--plan"),
    "after": ("audit", "--project", "other.toml", "--plan"),
    "both, the same": ("--project", "other.toml", "audit", "--project", "./other.toml", "--plan"),
}


@pytest.mark.parametrize("words", WAYS.values(), ids=WAYS)
async def test_the_project_is_the_one_that_was_named(
    run: Run, two: tuple[str, str], words: tuple[str, ...]
) -> None:
    done = await run(*words)
    assert done.code == 0, done
    assert "other.example" in done.out
    assert "near.example" not in done.out


COMMANDS = {
    "handover": ("handover",),
    "guards": ("guards",),
    "guard env": ("guard", "env"),
    "guard secrets": ("guard", "secrets"),
    "guard dns": ("guard", "dns", "plan.zone"),
    "credential": ("credential", "list"),
    "walk": ("walk", "--plain"),
    "mail": ("mail", "message.eml"),
    "no command": (),
}


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
async def test_no_command_drops_it(
    run: Run, two: tuple[str, str], words: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "message.eml").write_text("From: a@near.example\n\nHello\n")
    done = await run("--project", "gone.toml", *words)
    assert done.code == 2, done
    assert "gone.toml" in done.err, done


async def test_new_writes_where_the_group_says(run: Run, tmp_path: Path) -> None:
    done = await run("--project", "mine.toml", "new", "harbor.example", "--offline")
    assert done.code == 0, done
    assert [path.name for path in tmp_path.iterdir()] == ["mine.toml"]


async def test_two_that_differ_are_an_error(run: Run, two: tuple[str, str]) -> None:
    near, other = two
    done = await run("--project", near, "handover", "--project", other)
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "Error: --project is given twice: launchready.toml before the command, and other.toml "
        "after it. Give it once. See: launchready handover --help\n"
    )


async def test_the_demo_says_that_it_has_its_own(run: Run, two: tuple[str, str]) -> None:
    done = await run("--project", two[1], "demo")
    assert done.code == 2, done
    assert "project of its own" in done.err
