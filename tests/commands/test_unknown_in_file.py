"""What the project file holds that we do not know: a warning for a name, an error for a value."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Run

PROJECT = """\
format = 1

[product]
name = "Harbor Market"
domain = "harbor.example"

[[acounts]]
service = "Fly.io"

[[hosts]]
name = "harbor.example"
purpos = "app"
"""
WARNINGS = (
    "Warning: launchready.toml, line 7: LaunchReady does not know “acounts”. It stays in the file. "
    "Did you mean accounts?\n"
    "Warning: launchready.toml, line 12: LaunchReady does not know “purpos” in hosts[1]. It stays "
    "in the file. Did you mean purpose?\n"
)
ANSWER = '\n[answers."S1.C4"]\nby = "Ada"\nvalue = "yes"\n'
READERS = {
    "handover": ("handover",),
    "audit": ("audit", "--plan"),
    "walk": ("walk", "--plain"),
    "guards": ("guards",),
    "guard env": ("guard", "env"),
    "guard secrets": ("guard", "secrets"),
    "credential": ("credential", "set", "cloudflare"),
    "the summary": (),
}


@pytest.mark.parametrize("words", READERS.values(), ids=READERS)
async def test_a_value_that_its_question_does_not_know(
    run: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    path = tmp_path / "launchready.toml"
    path.write_text(PROJECT.partition("[[acounts]]")[0] + ANSWER)
    done = await run(*words)
    assert (done.code, done.out) == (2, ""), done
    assert done.err == (
        'Error: launchready.toml, line 10, column 9 (answers."S1.C4".value): “value” can\'t be '
        "“yes” here. Write one of these: none, found or not-sure.\n"
    )


@pytest.mark.parametrize("words", READERS.values(), ids=READERS)
async def test_names_that_we_do_not_know_are_told(
    run: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "launchready.toml").write_text(PROJECT)
    done = await run(*words)
    assert done.err.startswith(WARNINGS), done


async def test_they_stay_in_the_file_when_it_is_saved(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "launchready.toml"
    path.write_text(PROJECT)
    done = await run("guards", "--own", "secrets=Dana")
    assert done.code == 0, done
    assert path.read_text().startswith(PROJECT)
    assert 'owner = "Dana"' in path.read_text()


async def test_an_answer_to_no_question_stays_and_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "launchready.toml").write_text(PROJECT + ANSWER.replace("S1.C4", "S1.C44"))
    done = await run("handover")
    assert done.code == 0, done
    assert "launchready.toml, line 14: There is no question “S1.C44”." in done.err
    assert "Did you mean S1.C4?" in done.err


@pytest.mark.parametrize("value", ["", "skipped", "none"])
async def test_an_answer_that_was_begun_or_put_off_is_fine(
    run: Run, tmp_path: Path, value: str
) -> None:
    (tmp_path / "launchready.toml").write_text(
        PROJECT.partition("[[acounts]]")[0] + ANSWER.replace("yes", value)
    )
    done = await run("handover", "--out", "docs")
    assert (done.code, done.err) == (0, ""), done
