"""`launchready guards` as a user or CI runs it; the steps that it writes for CI, run for real."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec.structs import replace

from launchready_tui import __version__
from launchready_tui.lab import Lab
from launchready_tui.lab.demo import demo_project
from launchready_tui.lab.faults import FAULTS, broken
from launchready_tui.lab.repository import NAME, folder_of
from launchready_tui.project import file
from launchready_tui.project.model import Repository
from tests import processes
from tests.guards.prepared import PLANS, world
from tests.processes import Done

from .conftest import Run, network

KEY = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"  # no such key exists
PROJECT = """\
format = 1

[product]
name = "Harbor Market"
domain = "harbor.example"

# Dana said so on the phone.
[answers."S1.C4"]
value = "none"
by = "Ada"

[later]
kept = true
"""
LATER = (
    "Warning: launchready.toml, line 12: LaunchReady does not know “later”. It stays in the file.\n"
)


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@harbor.example")
    done = subprocess.run(
        ["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


# ------------------------------------------------------------------ the list


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "launchready.toml"
    path.write_text(PROJECT)
    return path


async def test_the_list_says_what_each_catches_who_owns_it_and_where_it_stands(
    run: Run, project: Path
) -> None:
    done = await run("guards")
    assert (done.code, done.err) == (0, LATER)
    lines = done.out.splitlines()
    for id in ("surface", "dns-change", "email", "secrets", "required-env", "handover"):
        row = next(line for line in lines if line.startswith(f"{id} "))
        assert "nobody yet" in row
        assert row.rstrip().endswith("by hand")
    for id in ("uptime", "journey", "errors"):
        row = next(line for line in lines if line.startswith(f"{id} "))
        assert "comes with a" in row
    assert "for 58 of them. Those of today see 41 in CI." in " ".join(done.out.split())
    told = await run("guards", "--details")
    assert "By hand: launchready guard secrets" in told.out
    assert "1. Replace the key where it comes from." in told.out


async def test_an_owner_is_saved_beside_what_was_told(run: Run, project: Path) -> None:
    done = await run("guards", "--own", "secrets=Dana Lee", "--own", "uptime=Tom")
    assert done.code == 0
    assert "Dana Lee" in done.out
    text = project.read_text()
    assert text.startswith(PROJECT.partition("[later]")[0].rstrip())
    assert 'owner = "Dana Lee"' in text
    assert "[later]\nkept = true" in text
    said = file.read(project).project.answers["S1.C4"]
    assert (said.value, said.by, said.owner) == ("none", "Ada", "Dana Lee")
    owners = {
        each["id"]: each["owner"]
        for each in json.loads((await run("guards", "--json")).out)["guards"]
    }
    assert (owners["secrets"], owners["uptime"], owners["email"]) == ("Dana Lee", "Tom", None)
    # The documents say the same, from the same place.
    await run("handover")
    paper = (project.parent / "handover" / "12-handover-checklist.md").read_text("utf-8")
    row = next(line for line in paper.splitlines() if "A key in the code" in line)
    assert "Dana Lee" in row
    assert (await run("guards", "--own", "secrets=", "--own", "uptime=")).code == 0
    assert "owner" not in project.read_text()
    assert "S6.C1" not in project.read_text()


async def test_json_is_for_programs(run: Run, project: Path) -> None:
    told = json.loads((await run("guards", "--json")).out)
    assert set(told) == {"format", "guards", "faults"}
    assert told["faults"] == {"known": 64, "planned": 58, "seen_today": 41}
    assert set(told["guards"][0]) == {
        "id", "title", "catches", "runs", "command", "owner", "built", "workflows", "when_red",
    }  # fmt: skip
    assert [each["id"] for each in told["guards"] if not each["built"]] == [
        "uptime", "journey", "errors",
    ]  # fmt: skip


WRONG = {
    "unknown id": (("--own", "all=Dana"), "There is no guard all. These exist: surface, dns-"),
    "one of two is unknown": (("--own", "email=Dana", "--own", "x=D"), "There is no guard x."),
    "no sign": (("--own", "secrets"), "Write it as secrets=Dana"),
    "a secret for a name": (("--own", f"secrets={KEY}"), "so it was not saved"),
    "out without ci": (("--out", "a.yml"), "need --ci"),
    "check without out": (("--ci", "github", "--check"), "Give --out with a file"),
    "both": (("--ci", "github", "--out", "a", "--check", "--replace"), "one of --check and"),
    "json of a file": (("--ci", "github", "--json"), "Leave out --json"),
    "jenkins": (("--ci", "jenkins"), "jenkins"),
    "unknown without": (("--ci", "github", "--without", "all"), "There is no guard all."),
    "no folder": (("--ci", "github", "--out", "no/such/a.yml"), "mkdir -p no/such"),
    "a folder": (("--ci", "github", "--out", "."), "is a folder"),
    "no plan": (("--ci", "github", "--plan", "zone.txt"), "There is no file zone.txt."),
    "a plan elsewhere": (("--ci", "github", "--plan", str(PLANS / "same.zone")), "outside the rep"),
    "an odd branch": (("--ci", "github", "--branch", "$(id)"), "“$(id)” can't stand in a file"),
}


@pytest.mark.parametrize(("args", "says"), WRONG.values(), ids=WRONG)
async def test_wrong_use_ends_with_2_and_says_what_to_do(
    run: Run, project: Path, args: tuple[str, ...], says: str
) -> None:
    done = await run("guards", *args)
    assert done.code == 2
    assert says in done.err
    assert done.out == ""
    assert KEY not in done.err
    assert "Traceback" not in done.err
    assert project.read_text() == PROJECT
    assert [path.name for path in project.parent.iterdir() if path.suffix != ".lock"] == [
        "launchready.toml"
    ]


async def test_without_a_file_or_with_a_broken_one_it_says_so(run: Run, tmp_path: Path) -> None:
    done = await run("guards")
    assert done.code == 2
    assert "launchready new" in done.err
    (tmp_path / "launchready.toml").write_text("format = ")
    for args in ((), ("--own", "secrets=Dana"), ("--ci", "github")):
        done = await run("guards", *args)
        assert done.code == 2
        assert "launchready.toml, line 1" in done.err
    assert (tmp_path / "launchready.toml").read_text() == "format = "


# ------------------------------------------------------------------ the file for CI, as a file


async def test_the_file_is_written_kept_and_told_stale(run: Run, project: Path) -> None:
    git(project.parent, "init", "-q")
    made = project.parent / "guards.yml"
    args = ("guards", "--ci", "github", "--out", "guards.yml")
    done = await run(*args, "--check")
    assert (done.code, made.exists()) == (1, False)
    assert "is not written yet" in done.err
    done = await run(*args)
    assert (done.code, done.out) == (0, "")
    assert "Wrote guards.yml." in done.err
    assert made.read_text() == (await run("guards", "--ci", "github")).out
    assert "up to date" in (await run(*args)).err
    assert (await run(*args, "--check")).code == 0
    made.write_text(made.read_text() + "# mine\n")
    done = await run(*args)
    assert done.code == 2
    assert "It stays as it is." in done.err
    assert made.read_text().endswith("# mine\n")
    assert (await run(*args, "--check")).code == 1
    done = await run(*args, "--replace")
    assert (done.code, "Replaced guards.yml." in done.err) == (0, True)
    # Documents that are written now are looked after from now on.
    await run("handover")
    assert (await run(*args, "--check")).code == 1


async def test_a_repository_that_runs_them_already_is_told_so(run: Run, project: Path) -> None:
    folder = project.parent
    git(folder, "init", "-q")
    (folder / ".github" / "workflows").mkdir(parents=True)
    written = await run("guards", "--ci", "github", "--out", ".github/workflows/launchready.yml")
    assert written.code == 0
    assert "in launchready.yml" not in (await run("guards")).out  # git does not keep it yet
    git(folder, "add", "--all")
    told = json.loads((await run("guards", "--json")).out)["guards"]
    running = {each["id"] for each in told if each["workflows"]}
    assert running == {"surface", "email", "secrets"}
    assert "in launchready.yml" in (await run("guards")).out


async def test_a_project_file_that_ci_cannot_see_is_told(run: Run, project: Path) -> None:
    (project.parent / "code").mkdir()
    git(project.parent / "code", "init", "-q")
    project.write_text(PROJECT + '\n[repository]\npath = "code"\n')
    done = await run("guards", "--ci", "github")
    assert done.code == 2
    assert "outside the repository, so CI can't see it" in done.err


# ------------------------------------------------------------------ the steps, run for real


@dataclass(frozen=True)
class Clone:
    """A clone as CI makes it, the file for CI in it, and a `launchready` that asks the lab."""

    folder: Path
    programs: Path

    def job(self, platform: str) -> Mapping[str, Any]:
        name = ".github/workflows/launchready.yml" if platform == "github" else "ci.yml"
        read = yaml.load((self.folder / name).read_text(), yaml.BaseLoader)
        found: Mapping[str, Any] = read["jobs"] if platform == "github" else read
        return found

    async def bash(self, script: str, env: Mapping[str, str]) -> Done:
        path = f"{self.programs}:{os.environ['PATH']}"
        command = ["bash", "-eo", "pipefail", "-c", script]
        return await processes.launch(command, self.folder, env={"PATH": path, **env})

    async def github(
        self, event: str, secrets: Mapping[str, str], base: str = "", head: str = ""
    ) -> dict[str, Done]:
        """Every job that this event starts, by its id: how it ended, at its first red step."""
        known = {
            "github.event.pull_request.base.sha": base,
            "github.event.pull_request.head.sha": head,
            **{f"secrets.{name}": value for name, value in secrets.items()},
        }
        ended: dict[str, Done] = {}
        for id, job in self.job("github").items():
            if not holds(job["if"], event):
                continue
            for step in job["steps"]:
                line = step.get("run", "")
                if not line or line.startswith("pip ") or not holds(step.get("if", ""), event):
                    continue
                env = {
                    name: known.get(value.strip("${} "), "")
                    for name, value in step.get("env", {}).items()
                }
                ended[id] = await self.bash(line, env)
                if ended[id].code:
                    break
        return ended


def holds(condition: str, event: str) -> bool:
    """An `if:` of the file. It compares the event with words, and no more."""
    parts = [
        re.fullmatch(r"github\.event_name (==|!=) '(\w+)'", part)
        for part in condition.split(" || ")
        if condition
    ]
    assert all(parts), condition
    return not parts or any((p[2] == event) is (p[1] == "==") for p in parts if p)


def codes(ended: Mapping[str, Done]) -> dict[str, int]:
    return {id: done.code for id, done in ended.items()}


HEALTHY = {"DATABASE_URL": "x", "STRIPE_SECRET_KEY": "y"}


def programs(folder: Path, args: list[str]) -> Path:
    """A folder with a `launchready` that runs ours, and asks only the lab."""
    folder.mkdir(exist_ok=True)
    script = folder / "launchready"
    more = shlex.join(args)
    script.write_text(
        "#!/usr/bin/env bash\n"
        f'run() {{ exec {shlex.quote(sys.executable)} -m launchready_tui "$@"; }}\n'
        f'case "$1 $2" in "audit "* | "guard dns") run "$@" {more} ;; *) run "$@" ;; esac\n'
    )
    script.chmod(0o755)
    return folder


@pytest.fixture
async def origin(run: Run, tmp_path: Path) -> Path:
    """A founder's repository: code, a plan, the documents, and the files for CI."""
    folder = tmp_path / "origin"
    (folder / "src").mkdir(parents=True)
    (folder / "dns").mkdir()
    git(folder, "init", "-q", "-b", "main")
    told = demo_project(datetime.now(UTC))
    told = replace(told, repository=Repository(path=".", production_branch="main"))
    file.create(folder / "launchready.toml", told)
    (folder / "src" / "pay.js").write_text(
        "charge(process.env.STRIPE_SECRET_KEY);\nopen(process.env.DATABASE_URL);\n"
    )
    shutil.copy(PLANS / "good.zone", folder / "dns" / "plan.zone")
    (folder / ".gitignore").write_text(".launchready.toml.*\n")
    (folder / ".github" / "workflows").mkdir(parents=True)
    assert (await run("handover", cwd=folder)).code == 0
    git(folder, "add", "--all")
    plan = ("--plan", "dns/plan.zone")
    for platform, out in (("github", ".github/workflows/launchready.yml"), ("gitlab", "ci.yml")):
        done = await run("guards", "--ci", platform, *plan, "--out", out, cwd=folder)
        assert done.code == 0, done.err
        assert "Left out" not in done.err
    git(folder, "add", "--all")
    git(folder, "commit", "-qm", "first")
    return folder


def clone(origin: Path, lab: Lab) -> Clone:
    folder = origin.parent / "clone"
    if folder.exists():
        shutil.rmtree(folder)
    git(origin.parent, "clone", "-q", str(origin), str(folder))
    return Clone(folder, programs(origin.parent / "bin", network(lab)))


async def test_all_is_green_where_nothing_is_wrong(origin: Path) -> None:
    base = git(origin, "rev-parse", "HEAD")
    (origin / "README.md").write_text("Harbor\n")
    git(origin, "add", "--all")
    git(origin, "commit", "-qm", "second")
    async with Lab(world()) as lab:
        here = clone(origin, lab)
        pushed = await here.github("push", HEALTHY)
        asked = await here.github("pull_request", {}, base, git(origin, "rev-parse", "HEAD"))
        daily = await here.github("schedule", {})
    assert codes(pushed) == {"secrets": 0, "required-env": 0, "handover": 0}, pushed
    assert codes(asked) == {"secrets": 0, "dns-change": 0}, asked
    assert codes(daily) == {"surface": 0, "email": 0}, daily
    assert "::warning::" not in "".join(done.out for done in daily.values())
    assert f"launchready-tui=={__version__}" in (here.folder / "ci.yml").read_text()


async def test_a_change_that_brings_a_secret_or_a_bad_zone_is_stopped(origin: Path) -> None:
    base = git(origin, "rev-parse", "HEAD")
    (origin / "src" / "pay.js").write_text(f'charge("{KEY}");\n')
    shutil.copy(PLANS / "www-gone.zone", origin / "dns" / "plan.zone")
    git(origin, "commit", "-qam", "pay")
    head = git(origin, "rev-parse", "HEAD")
    async with Lab(world()) as lab:
        here = clone(origin, lab)
        asked = await here.github("pull_request", {}, base, head)
        later = await here.github("pull_request", {}, head, head)
        pushed = await here.github("push", HEALTHY)
        lost = await here.github("pull_request", {}, "0" * 40, head)
    assert codes(asked) == {"secrets": 1, "dns-change": 1}, asked
    assert codes(later)["secrets"] == 0, "what was there before is not this change's"
    assert codes(pushed)["secrets"] == 1, "the whole history is read on main"
    assert codes(lost)["secrets"] == 3, "nobody has looked, so it does not go through"
    assert "fetch-depth: 0" in lost["secrets"].err
    assert KEY not in asked["secrets"].out + asked["secrets"].err


async def test_main_tells_of_lacking_settings_kept_files_and_stale_documents(origin: Path) -> None:
    (origin / ".env").write_text("DATABASE_URL=postgres://db\n")
    text = (origin / "launchready.toml").read_text()
    assert "Harbor Market" in text
    (origin / "launchready.toml").write_text(text.replace("Harbor Market", "Harbour"))
    git(origin, "add", "--all", "--force")
    git(origin, "commit", "-qm", "oops")
    async with Lab(world()) as lab:
        here = clone(origin, lab)
        pushed = await here.github("push", {"DATABASE_URL": "x"})
    assert codes(pushed) == {"secrets": 1, "required-env": 1, "handover": 1}, pushed
    assert "STRIPE_SECRET_KEY" in pushed["required-env"].out
    assert ".env" in pushed["secrets"].out


async def test_the_daily_run_is_red_for_news_and_only_warns_of_silence(origin: Path) -> None:
    async with Lab(broken(["dmarc-no-rua", "cert-soon"])) as lab:
        here = clone(origin, lab)
        daily = await here.github("schedule", {})
        assert codes(daily) == {"surface": 1, "email": 1}, daily
        assert "New: harbor.example: " in daily["email"].err
        # Known and fine for now: saved, and no longer news.
        env = {"PATH": f"{here.programs}:{os.environ['PATH']}"}
        saved = await here.bash("launchready audit --yes --save", env)
        assert "Recorded" in saved.err
        assert codes(await here.github("schedule", {})) == {"surface": 0, "email": 0}
    dead = ["--resolver", "127.0.0.1:9", "--connect", ":53=127.0.0.1:9"]
    programs(here.programs, dead)
    silent = await here.github("workflow_dispatch", {})
    assert (silent["email"].code, silent["surface"].code) == (0, 0)
    assert "::warning::" in silent["email"].out


async def test_the_lines_for_gitlab_end_as_they_should(origin: Path) -> None:
    base = git(origin, "rev-parse", "HEAD")
    (origin / "src" / "key.js").write_text(f'charge("{KEY}");\n')
    git(origin, "add", "--all")
    git(origin, "commit", "-qm", "pay")
    head = git(origin, "rev-parse", "HEAD")
    async with Lab(world()) as lab:
        here = clone(origin, lab)

        async def job(id: str, **env: str) -> int:
            for line in here.job("gitlab")[f"launchready-{id}"]["script"]:
                code = (await here.bash(line, env)).code
                if code:
                    return code
            return 0

        asked = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base, "CI_COMMIT_SHA": head}
        assert await job("secrets", **asked) == 1
        assert await job("secrets", **{**asked, "CI_MERGE_REQUEST_DIFF_BASE_SHA": head}) == 0
        assert await job("secrets", CI_COMMIT_SHA=head) == 1
        assert await job("required-env", **HEALTHY) == 0
        assert await job("required-env", STRIPE_SECRET_KEY="y") == 1
        assert await job("dns-change") == 0
        assert await job("handover") == 0
        assert [await job(id) for id in ("surface", "email")] == [0, 0]
        lab.play(broken(["spf-two"]))
        assert await job("email") == 1
    programs(here.programs, ["--resolver", "127.0.0.1:9", "--connect", ":53=127.0.0.1:9"])
    assert await job("email") == 3


@pytest.mark.parametrize("fault", ["healthy", "secret-in-history", "env-tracked", "env-missing"])
async def test_the_faults_of_the_code_are_seen_in_ci(fault: str, run: Run, tmp_path: Path) -> None:
    """What `seen` of the guards for secrets and settings counts, in the lab's own repository."""
    world = broken([] if fault == "healthy" else [fault])
    assert fault == "healthy" or fault in FAULTS
    origin = tmp_path / "origin"
    shutil.copytree(folder_of(world.source) / NAME, origin)
    told = demo_project(datetime.now(UTC))
    file.create(
        origin / "launchready.toml",
        replace(told, repository=replace(told.repository, path=".", env_files=())),
    )
    (origin / ".github" / "workflows").mkdir(parents=True, exist_ok=True)
    out = ("--out", ".github/workflows/launchready.yml")
    assert (await run("guards", "--ci", "github", *out, cwd=origin)).code == 0
    git(origin, "add", "launchready.toml", ".github")
    git(origin, "commit", "-qm", "ours")
    async with Lab() as lab:
        here = clone(origin, lab)
        names = ("DATABASE_URL", "STRIPE_SECRET_KEY", "POSTMARK_TOKEN")
        given = names[1:] if fault == "env-missing" else names
        pushed = codes(await here.github("push", dict.fromkeys(given, "x")))
    assert pushed == {
        "secrets": 1 if fault in ("secret-in-history", "env-tracked") else 0,
        "required-env": 1 if fault == "env-missing" else 0,
    }
