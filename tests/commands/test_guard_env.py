"""`launchready guard env` as a user or CI runs it: what it prints, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from .conftest import Run

VALUES = ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", "Hunter2Hunter2", "db.harbor.example", "Zq7Wn3Kx")


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A small app whose settings files hold the values above."""
    folder = tmp_path / "code"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "pay.js").write_text(
        "charge(process.env.STRIPE_SECRET_KEY);\nopen(process.env.DATABASE_URL);\n"
        'const from = process.env.MAIL_FROM ?? "me";\n'
    )
    (folder / ".env.example").write_text("STRIPE_SECRET_KEY=\nDATABASE_URL=\n")
    (folder / ".env.production").write_text(
        f"STRIPE_SECRET_KEY={VALUES[0]}\n"
        f"DATABASE_URL=postgres://app:{VALUES[1]}@{VALUES[2]}/shop\nEXTRA_TOKEN={VALUES[3]}\n"
    )
    return folder


def says_no_value(text: str) -> None:
    for value in VALUES:
        assert value not in text


async def test_all_is_given(run: Run, code: Path) -> None:
    done = await run("guard", "env", "--path", str(code))
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Production is given all that the code needs.")
    row = next(line for line in done.out.splitlines() if line.startswith("STRIPE_SECRET_KEY"))
    assert row.split() == ["STRIPE_SECRET_KEY", "required", "yes", "-", "yes", "-", "src/pay.js:1"]
    assert "Nothing that we found does." in done.out
    says_no_value(done.out)


async def test_a_shared_secret_ends_with_1_and_shows_no_value(run: Run, code: Path) -> None:
    (code / ".env.staging").write_text((code / ".env.production").read_text())
    done = await run("guard", "env", "--path", str(code))
    assert done.code == 1
    assert done.out.startswith("Not yet: ")
    assert "the same value: STRIPE_SECRET_KEY in .env.staging" in done.out
    says_no_value(done.out + done.err)
    (code / ".env.example").write_text((code / ".env.production").read_text())
    (code / "vercel.json").write_text("{" + VALUES[0])
    done = await run("guard", "env", "--path", str(code), "--json")
    told = json.loads(done.out)
    assert (done.code, told["verdict"]) == (1, "not-yet")
    assert {each["kind"] for each in told["shared"]} == {"secret"}
    assert told["real_examples"]
    assert told["unreadable"][0]["file"] == "vercel.json"
    says_no_value(done.out + done.err)


async def test_what_lives_in_no_file_is_told_and_stops_nothing(run: Run, code: Path) -> None:
    (code / ".env.production").unlink()
    done = await run("guard", "env", "--path", str(code))
    assert done.code == 0
    assert "Not seen in any file" in done.out
    assert "They may live in your host's settings." in done.out
    assert "Missing in production" not in done.out.split("Stops when")[0]


async def test_the_projects_own_list_and_files_make_it_a_fail(run: Run, code: Path) -> None:
    project = code.parent / "launchready.toml"
    head = 'format = 1\n[product]\nname = "H"\ndomain = "harbor.example"\n'
    head += '[repository]\npath = "code"\n'
    project.write_text(head + 'required_env = ["RESEND_API_KEY"]\n')
    done = await run("guard", "env", "--json")
    assert (done.code, json.loads(done.out)["lacking"]) == (1, ["RESEND_API_KEY"])
    # A folder that is named is looked at by itself, unless it is the project's own.
    done = await run("guard", "env", "--path", str(code), "--json")
    assert json.loads(done.out)["lacking"] == ["RESEND_API_KEY"]
    project.write_text(head + 'env_files = [".env.production"]\n')
    (code / ".env.production").write_text("DATABASE_URL=x\n")
    done = await run("guard", "env", "--json")
    assert (done.code, json.loads(done.out)["lacking"]) == (1, ["STRIPE_SECRET_KEY"])


@pytest.mark.covers("A2", "command")
async def test_in_ci_a_name_that_is_not_set_ends_with_1(run: Run, code: Path) -> None:
    (code / ".env.production").unlink()
    args = ("guard", "env", "--path", str(code), "--here")
    done = await run(*args, DATABASE_URL="x")
    assert done.code == 1
    assert "Missing in production" in done.out
    assert "STRIPE_SECRET_KEY" in map(str.strip, done.out.splitlines())
    done = await run(*args, DATABASE_URL="x", STRIPE_SECRET_KEY=" ")
    assert done.code == 1
    done = await run(*args, DATABASE_URL="x", STRIPE_SECRET_KEY=VALUES[0])
    assert done.code == 0
    says_no_value(done.out)


@pytest.mark.covers("A2", "command")
async def test_the_lines_for_ci_are_read_as_what_they_are(run: Run, code: Path) -> None:
    done = await run("guard", "env", "--path", str(code), "--ci", "github")
    assert done.code == 0
    job = yaml.safe_load(done.out)["jobs"]["settings"]
    assert job["environment"] == "production"
    assert job["steps"][-1]["env"] == {
        "DATABASE_URL": "${{ secrets.DATABASE_URL }}",
        "STRIPE_SECRET_KEY": "${{ secrets.STRIPE_SECRET_KEY }}",
    }
    assert job["steps"][-1]["run"] == "launchready guard env --path . --here\n"
    (code / ".github" / "workflows").mkdir(parents=True)
    (code / ".github" / "workflows" / "settings.yml").write_text(done.out)
    (code / ".env.production").unlink()
    told = json.loads((await run("guard", "env", "--path", str(code), "--json")).out)
    assert [each["by"] for each in told["stops_without"]] == ["launchready guard env"]
    # In that run, what the file promises counts only when it came.
    assert (await run("guard", "env", "--path", str(code), "--here")).code == 1
    done = await run("guard", "env", "--path", str(code), "--ci", "gitlab")
    job = yaml.safe_load(done.out)["settings"]
    assert job["environment"] == {"name": "production", "action": "verify"}
    assert job["script"][-1] == "launchready guard env --path . --here"


async def test_wrong_use_says_what_to_do(run: Run, code: Path) -> None:
    done = await run("guard", "env", "--path", "nowhere")
    assert done.code == 2
    assert "There is no folder nowhere. Give the folder of your code." in done.err
    done = await run("guard", "env", "--path", str(code / "src" / "pay.js"))
    assert done.code == 2
    done = await run("guard", "env", "--ci", "jenkins")
    assert done.code == 2
    done = await run("guard", "env", "--path", str(code), "--ci", "github", "--json")
    assert done.code == 2
    (code.parent / "launchready.toml").write_text("format = ")
    done = await run("guard", "env")
    assert done.code == 2
    assert "launchready.toml" in done.err


async def test_what_cannot_be_told_ends_with_3(run: Run, tmp_path: Path, code: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = await run("guard", "env", "--path", str(tmp_path / "empty"))
    assert done.code == 3
    assert "Can't tell: no code in a language that we read." in done.out
    (code / ".env.production").unlink()
    (code / "render.yaml").write_text("a: [")
    done = await run("guard", "env", "--path", str(code))
    assert done.code == 3
    assert "render.yaml: it is not written as YAML should be" in done.out


async def test_odd_names_of_files_are_cleaned(run: Run, code: Path) -> None:
    (code / "src" / "a\x1b[31m.js").write_text("process.env.ODD_NAME")
    done = await run("guard", "env", "--path", str(code))
    assert "\x1b" not in done.out
    assert "ODD_NAME" in done.out


async def test_help_lists_it(run: Run) -> None:
    done = await run("guard", "--help")
    assert "env" in done.out
    assert "Check that production gets each setting" in done.out
