"""Packages that extend LaunchReady, installed by pip into an environment with our own wheel."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from launchready_tui.lab import Lab
from tests.commands.conftest import network
from tests.processes import Done

pytestmark = pytest.mark.real

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]
OURS = ("launchready_tui", "checklists", "docs", "pyproject.toml", "README.md", "LICENSE")
PROJECT = """\
format = 1
[product]
name = "Harbor Market"
domain = "harbor.example"
[[hosts]]
name = "harbor.example"
[answers."soon.C1"]
value = "sign"
by = "Ada"
owner = "Ada"
at = 2026-11-24T14:02:00Z
"""


@pytest.fixture(scope="module")
def launchready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command in an environment of its own, where both example packages are installed.

    What we depend on is not fetched again: it is that of the environment of the tests.
    """
    folder = tmp_path_factory.mktemp("installed")
    sources = [folder / name for name in ("ours", "example_package", "broken_package")]
    sources[0].mkdir()
    for name in OURS:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, sources[0] / name)
    for source in sources[1:]:
        shutil.copytree(HERE / source.name, source)
    python = folder / "venv" / "bin" / "python"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "-q"]
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    subprocess.run([*pip, "install", "hatchling"], check=True)
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    places = subprocess.run([python, "-c", ask], check=True, capture_output=True, text=True)
    beside = Path(places.stdout.strip()) / "what-we-depend-on.pth"
    beside.write_text(sysconfig.get_path("purelib"))
    subprocess.run(
        [*pip, "install", "--no-deps", "--no-build-isolation", "--ignore-installed", *sources],
        check=True,
    )
    return python.with_name("launchready")


async def launch(launchready: Path, folder: Path, *args: str) -> Done:
    process = await asyncio.create_subprocess_exec(
        launchready, *args, cwd=folder, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return Done(process.returncode, out.decode(), err.decode())


@pytest.fixture
async def audited(launchready: Path, tmp_path: Path) -> tuple[Done, dict[tuple[str, str], Any]]:
    """An audit of the lab: how it ended, and its findings by check and subject."""
    (tmp_path / "launchready.toml").write_text(PROJECT)
    async with Lab() as lab:
        done = await launch(
            launchready, tmp_path, "audit", "--json", "--save", "--stage", "1", *network(lab)
        )
    report = json.loads(done.out)
    return done, {(each["check"], each["subject"]): each for each in report["findings"]}


async def test_the_wheel_is_what_runs(launchready: Path, tmp_path: Path) -> None:
    python = launchready.with_name("python")
    where = await launch(python, tmp_path, "-c", "import launchready_tui as l; print(l.__file__)")
    assert str(launchready.parents[1]) in where.out


async def test_checks_lists_the_check_of_the_package(launchready: Path, tmp_path: Path) -> None:
    done = await launch(launchready, tmp_path, "checks", "--json")
    rows = {row["id"]: row for row in json.loads(done.out)}
    assert done.code == 0
    assert rows["launch.coming-soon"] == {
        "id": "launch.coming-soon",
        "title": "The “coming soon” sign",
        "stages": [1],
        "asks": "the front page of the host, for a sign that says “coming soon”",
        "whom": "Your own hosts",
        "covers": ["S1.C1"],
        "package": "launchready-coming-soon",
    }
    assert "tls.valid" in rows
    assert "The extension launchready-broken failed: ModuleNotFoundError" in done.err
    page = await launch(launchready, tmp_path, "checks", "launch.coming-soon")
    assert page.out.startswith("# The “coming soon” sign")
    failed = await launch(launchready, tmp_path, "checks", "extension.launchready-broken")
    assert failed.out.startswith("# An extension that fails")


async def test_an_audit_holds_the_finding_of_the_package_with_its_words(
    audited: tuple[Done, dict[tuple[str, str], Any]],
) -> None:
    _, findings = audited
    found = findings["launch.coming-soon", "harbor.example"]
    assert (found["verdict"], found["stages"], found["covers"]) == ("pass", [1], ["S1.C1"])
    assert found["says"] == "The front page of harbor.example shows no “coming soon” sign."
    assert found["page"] == "pages/launch.coming-soon.md"
    assert findings["dns.apex", "harbor.example"]["verdict"] == "pass"


async def test_a_package_that_fails_in_four_ways_is_told_of_four_times(
    audited: tuple[Done, dict[tuple[str, str], Any]],
) -> None:
    done, findings = audited
    assert done.code == 3, "nobody knows what its checks would have found"
    told = {subject: each for (check, subject), each in findings.items()
            if check == "extension.launchready-broken"}  # fmt: skip
    assert {each["verdict"] for each in told.values()} == {"unknown"}
    errors = [proof["value"] for each in told.values() for proof in each["evidence"]]
    for said in (
        "ModuleNotFoundError: No module named 'a_module_that_nobody_has'",
        "No words are written for broken.silent: title, ok, bad.",
        "No words are written for broken.raises: title, ok.",
        "ContentError: stages/1.toml, line 3, column 7 (item[1].idd): "
        "Object contains unknown field `idd`",
    ):
        assert said in errors
    assert all("launchready-broken" in each["says"] for each in told.values())
    assert all(each["fix"] and each["verify"] and each["why"] for each in told.values())


async def test_its_checks_run_all_the_same_and_end_as_unknown(
    launchready: Path, tmp_path: Path
) -> None:
    (tmp_path / "launchready.toml").write_text(PROJECT)
    async with Lab() as lab:
        done = await launch(
            launchready, tmp_path, "audit", "--json", "--only", "broken.*", *network(lab)
        )
    found = {each["check"]: each for each in json.loads(done.out)["findings"]}
    assert {"broken.silent", "broken.raises"} <= found.keys()
    assert {each["verdict"] for each in found.values()} == {"unknown"}
    (error,) = found["broken.raises"]["evidence"]
    assert error["value"] == "RuntimeError: harbor.example is too much for me"


async def test_the_handover_shows_the_item_and_the_words_of_the_package(
    launchready: Path, audited: tuple[Done, dict[tuple[str, str], Any]], tmp_path: Path
) -> None:
    done = await launch(launchready, tmp_path, "handover")
    assert done.code == 0, done.err
    risks = (tmp_path / "handover" / "01-risk-list.md").read_text("utf-8")
    plan = (tmp_path / "handover" / "02-fix-plan.md").read_text("utf-8")
    assert "No “coming soon” sign" in risks
    assert "Take it down, and publish the page." in plan
    assert "The extension launchready-broken does not work as it should." in risks
