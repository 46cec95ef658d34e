"""`launchready guard dns` as a user or CI runs it: what it prints, where, and its exit codes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from launchready_tui.lab import Lab
from launchready_tui.lab.demo import demo_project
from launchready_tui.project import file
from tests import processes
from tests.guards.prepared import PLANS, world

from .conftest import Run, network

DEAD = ("--resolver", "127.0.0.1:9", "--connect", ":53=127.0.0.1:9")


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with Lab(world()) as running:
        yield running


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "launchready.toml"
    file.create(path, demo_project(datetime.now(UTC)))
    return path


@pytest.mark.covers("A1", "command")
async def test_a_bad_plan_ends_with_1_and_says_what_would_break(
    run: Run, lab: Lab, project: Path
) -> None:
    done = await run("guard", "dns", str(PLANS / "www-gone.zone"), *network(lab))
    assert done.code == 1
    assert "Don't apply this yet: 1 to fix." in done.out
    assert "www.harbor.example will stop pointing to edge.harbor.example." in done.out
    assert "People who type www see an error." in done.out
    assert "dns.www, www.harbor.example, by this change" in done.out
    assert done.err == ""


async def test_a_good_plan_ends_with_0(run: Run, lab: Lab, project: Path) -> None:
    done = await run("guard", "dns", str(PLANS / "good.ir.json"), *network(lab))
    assert done.code == 0, done.out
    assert "Safe to apply: 3 changes." in done.out
    assert "(dnsconfig.js, line 15)" in done.out
    same = await run("guard", "dns", str(PLANS / "same.zone"), *network(lab))
    assert same.code == 0
    assert same.out.count("\n") == 2
    assert "Nothing will change." in same.out


async def test_json_holds_changes_and_the_findings_of_an_audit(
    run: Run, lab: Lab, project: Path
) -> None:
    plan = PLANS / "mx-gone.zone"
    done = await run("guard", "dns", str(plan), "--json", *network(lab))
    assert done.code == 1
    told = json.loads(done.out)
    assert (told["format"], told["verdict"], told["zone"]) == (1, "not-yet", "harbor.example")
    assert told["plan"] == {"file": "mx-gone.zone", "format": "bind"}
    (change,) = told["changes"]
    assert change["blocks"] is True
    assert (change["kind"], change["how"]) == ("mx", "gone")
    assert change["before"] == ["1 smtp.google.com."]
    finding = next(each for each in told["findings"] if each["check"] == "dns.mail")
    assert (finding["outcome"], finding["cause"]) == ("implicit-mx", "new")
    assert finding["blocks"] is False
    assert {"says", "why", "fix", "verify", "evidence", "covers", "stages"} <= set(finding)
    assert {each["check"] for each in told["findings"]} >= {"dns.apex", "email.spf", "email.dkim"}


async def test_details_print_the_four_parts(run: Run, lab: Lab, project: Path) -> None:
    done = await run("guard", "dns", str(PLANS / "spf-two.zone"), "--details", *network(lab))
    assert done.code == 1
    for part in ("Why it matters:", "1. ", "To check:"):
        assert part in done.out


async def test_a_pipe_and_no_project_are_enough(run: Run, lab: Lab) -> None:
    text = (PLANS / "app-gone.zone").read_text("utf-8").replace("$ORIGIN harbor.example.\n", "")
    done = await run("guard", "dns", "-", "--zone", "harbor.example", *network(lab), typed=text)
    assert done.code == 1
    assert "app.harbor.example will stop pointing to 192.0.2.20" in done.out
    wrong = await run("guard", "dns", "-", *network(lab), typed=text)
    assert wrong.code == 2
    assert "--zone" in wrong.err


async def test_live_dns_that_does_not_answer_ends_with_3(run: Run, project: Path) -> None:
    done = await run("guard", "dns", str(PLANS / "good.zone"), *DEAD)
    assert done.code == 3
    assert "Can't tell yet" in done.out
    assert "We couldn't ask what harbor.example is today" in done.out
    assert "missing" not in done.out


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("none.zone",), "can't open"),
        ((".",), "folder"),
        (("bad.zone",), "bad.zone, line 2, column 3"),
        (("bad.zone", "--format", "toml"), "'toml' is not one of"),
        (("bad.zone", "--resolver", "x"), "--resolver x"),
        ((), "Missing argument"),
    ],
)
async def test_wrong_use_ends_with_2(
    args: tuple[str, ...], says: str, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "bad.zone").write_text("$ORIGIN a.example.\n@ A nonsense\n", "utf-8")
    done = await run("guard", "dns", *args)
    assert done.code == 2
    assert says in done.err
    assert done.out == ""
    assert "Traceback" not in done.err


async def test_help_teaches(run: Run) -> None:
    assert "guard" in (await run("--help")).out
    assert "dns" in (await run("guard", "--help")).out
    helped = await run("guard", "dns", "--help")
    for word in ("octodns", "dnscontrol", "--zone", "3 could not tell"):
        assert word in helped.out


async def test_textual_is_not_imported(tmp_path: Path) -> None:
    code = (
        "import sys; from launchready_tui.cli import main\n"
        f"sys.argv = ['launchready', 'guard', 'dns', {str(PLANS / 'good.zone')!r}, "
        f"*{DEAD!r}]\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in ('textual', 'yaml')))"
    )
    done = await processes.launch(processes.python(code), tmp_path)
    assert done.out.splitlines()[-1] == "[]"
