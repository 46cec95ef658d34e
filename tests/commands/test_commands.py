"""Each command without a terminal: what it prints where, its exit code, and what it leaves."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import signal
import sys
import tomllib
from pathlib import Path

import pytest

from launchready_tui import __version__
from launchready_tui.lab import Lab
from launchready_tui.lab.faults import DEMO_FAULTS, FAULTS, broken

from .conftest import Run, network

PROJECT = """\
format = 1

[product]
name = "Harbor Market"
domain = "harbor.example"

[[hosts]]
name = "harbor.example"

[[hosts]]
name = "www.harbor.example"
"""
DEAD = ("--resolver", "127.0.0.1:9", "--connect", ":53=127.0.0.1:9")


async def test_help_teaches(launch: Run) -> None:
    done = await launch("--help")
    assert done.code == 0
    for command in ("demo", "new", "audit", "walk", "handover", "checks"):
        assert command in done.out
        helped = await launch(command, "--help")
        assert helped.code == 0
        assert helped.out.count("\n") > 8


async def test_checks_lists_ids_titles_and_stages(run: Run) -> None:
    done = await run("checks", "--json")
    rows = {row["id"]: row for row in json.loads(done.out)}
    assert len(rows) >= 12
    assert rows["tls.valid"]["stages"]
    assert all(row["title"] != row["id"] and row["asks"] for row in rows.values())
    assert "tls.valid" in (await run("checks")).out


async def test_checks_with_an_id_prints_how_it_judges(run: Run) -> None:
    done = await run("checks", "email.spf")
    assert done.code == 0
    page = Path(__file__).parents[2] / "docs" / "checks" / "email.spf.md"
    assert done.out == page.read_text("utf-8")
    (row,) = json.loads((await run("checks", "email.spf", "--json")).out)
    assert row["id"] == "email.spf"
    assert row.keys() == {"id", "title", "stages", "asks", "whom", "covers", "package"}
    assert row["whom"] == "Name servers (DNS), public ones and yours"
    assert row["package"] is None
    for wrong in ("email.spff", "../email.spf", "README"):
        done = await run("checks", wrong)
        assert done.code == 2
        assert "launchready checks" in done.err
        assert done.out == ""


async def test_new_finds_the_hosts_and_an_audit_of_them_is_silent(
    run: Run, lab: Lab, tmp_path: Path
) -> None:
    made = await run("new", "Harbor.Example", "--name", "Harbor Market", *network(lab))
    assert made.code == 0, made.err
    written = tomllib.loads((tmp_path / "launchready.toml").read_text("utf-8"))
    names = {host["name"]: host["purpose"] for host in written["hosts"] if "purpose" in host}
    assert names["app.harbor.example"] == "app"
    assert {"api.harbor.example", "admin.harbor.example", "docs.harbor.example"} <= set(names)
    assert written["dns"]["provider"]
    assert "postmark" in written["email"]["providers"]
    audited = await run("audit", "--json", *network(lab))
    report = json.loads(audited.out)
    assert not [f for f in report["findings"] if f["verdict"] in ("fail", "warn")]
    assert (audited.code, report["verdict"]) in ((0, "ready"), (3, "cannot-tell"))


async def test_new_leaves_a_file_alone_that_is_there(run: Run, tmp_path: Path) -> None:
    (tmp_path / "launchready.toml").write_text("mine\n")
    done = await run("new", "harbor.example", "--offline")
    assert done.code == 2
    assert (tmp_path / "launchready.toml").read_text() == "mine\n"


@pytest.mark.parametrize(
    "typed",
    ["https://harbor.example/", "harbor example", "192.0.2.1", "harbor", "a@harbor.example", ""],
)
async def test_new_says_what_is_wrong_with_a_domain(run: Run, typed: str, tmp_path: Path) -> None:
    done = await run("new", typed, "--offline")
    assert done.code == 2
    assert len(done.err) > 20
    assert "Traceback" not in done.err
    assert not list(tmp_path.iterdir())


async def test_audit_json_is_the_whole_contract(launch: Run, tmp_path: Path) -> None:
    (tmp_path / "launchready.toml").write_text(PROJECT)
    async with Lab(broken(["apex-missing", "spf-two"])) as lab:
        done = await launch("audit", "--json", *network(lab))
    report = json.loads(done.out)
    assert set(report) == {
        "format", "product", "at", "seconds", "verdict", "notice", "findings", "targets",
        "partial", "today", "version",
    }  # fmt: skip
    assert done.code == 1
    blockers = [f for f in report["findings"] if f["impact"] == "blocker"]
    assert (report["partial"], report["today"]) == (False, len(blockers))
    assert report["version"] == __version__
    assert report["verdict"] == "not-yet"
    assert report["product"] == {"name": "Harbor Market", "domain": "harbor.example"}
    assert [target["id"] for target in report["targets"]] == ["T1", "T2", "T3", "T4", "T5"]
    apex = next(f for f in report["findings"] if f["check"] == "dns.apex")
    assert (apex["verdict"], apex["impact"], apex["subject"]) == (
        "fail", "blocker", "harbor.example",
    )  # fmt: skip
    assert {"M1", "S1.C1"} <= set(apex["covers"])
    assert apex["stages"]
    assert apex["fix"]
    assert apex["evidence"][0].keys() == {"label", "value", "at"}
    assert apex["page"] in (None, "docs/checks/dns.apex.md")
    order = [f["verdict"] for f in report["findings"]]
    assert order.index("fail") == 0
    assert "skipped" in order or "pass" in order


async def test_only_and_stage_narrow_an_audit(run: Run, lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "launchready.toml").write_text(PROJECT)
    one = json.loads((await run("audit", "--json", "--only", "dns.apex", *network(lab))).out)
    assert {f["check"] for f in one["findings"]} == {"dns.apex"}
    mail = json.loads((await run("audit", "--json", "--stage", "3", *network(lab))).out)
    assert {f["check"] for f in mail["findings"]} >= {"email.spf", "email.dmarc"}
    assert "tls.valid" not in {f["check"] for f in mail["findings"]}
    for wrong in (("--only", "dns.nothing"), ("--stage", "9")):
        done = await run("audit", *wrong, *network(lab))
        assert done.code == 2
        assert "There is no" in done.err


async def test_save_records_and_diffable_audits_are_kept(
    run: Run, lab: Lab, tmp_path: Path
) -> None:
    path = tmp_path / "launchready.toml"
    path.write_text("# mine\n" + PROJECT)
    before = path.read_bytes()
    await run("audit", *network(lab))
    assert path.read_bytes() == before
    await run("audit", "--save", *network(lab))
    await run("audit", "--save", "--only", "dns.apex", *network(lab))
    text = path.read_text("utf-8")
    written = tomllib.loads(text)
    assert text.startswith("# mine\n")
    assert written["findings"]["dns.apex"]["harbor.example"]["verdict"] == "pass"
    assert [audit.get("partial", False) for audit in written["audits"]] == [False, True]


async def test_a_dead_resolver_is_unknown_and_never_missing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "launchready.toml").write_text(PROJECT)
    done = await run("audit", "--json", *DEAD)
    report = json.loads(done.out)
    assert (done.code, report["verdict"]) == (3, "cannot-tell")
    assert {f["verdict"] for f in report["findings"]} <= {"unknown", "skipped"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"format = 1\n[product\n", "line 2"),
        (b"", "empty"),
        (b"\x00\x01\x02\xff", "text"),
        (b"format = 99\n", "newer"),
        (b'format = 1\n[[hosts]]\nname = "a.example"\npurpose = "shop"\n', "line 4"),
    ],
)
async def test_a_file_that_cannot_be_read(
    run: Run, content: bytes, says: str, tmp_path: Path
) -> None:
    path = tmp_path / "launchready.toml"
    path.write_bytes(content)
    for command in (("audit", *DEAD), ("handover",), ("walk", "--plain"), ()):
        done = await run(*command)
        assert done.code == 2, (command, done)
        assert says in done.err.lower()
        assert "Traceback" not in done.err
        assert done.out == ""
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "wrong",
    [
        ("--resolver", "nonsense"),
        ("--resolver", "127.0.0.1:99999"),
        ("--connect", "nonsense"),
        ("--ca", "pyproject.toml"),
    ],
)
async def test_wrong_network_options(launch: Run, wrong: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "launchready.toml").write_text(PROJECT)
    (tmp_path / "pyproject.toml").write_text("no certificates here\n")
    done = await launch("audit", *wrong)
    assert done.code == 2
    assert "Traceback" not in done.err


async def test_handover_twice_gives_the_same_bytes(launch: Run, tmp_path: Path) -> None:
    (tmp_path / "launchready.toml").write_text(PROJECT)
    assert (await launch("handover", "--check")).code == 1
    first = await launch("handover")
    assert first.code == 0
    folder = tmp_path / "handover"
    once = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert len(once) == 14
    assert (await launch("handover", "--check")).code == 0
    await launch("handover", TZ="Asia/Tokyo", LANG="C", PYTHONHASHSEED="7")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == once
    text = (tmp_path / "launchready.toml").read_text().replace("Harbor Market", "Other Market")
    (tmp_path / "launchready.toml").write_text(text)
    stale = await launch("handover", "--check")
    assert stale.code == 1
    assert "stale: 01-risk-list.md" in stale.out


async def test_demo_without_a_terminal(run: Run, tmp_path: Path) -> None:
    done = await run("demo")
    assert done.code == 1, done.err
    assert "Not yet" in done.out
    assert [path.name for path in tmp_path.iterdir()] == ["launchready-demo"]
    folder = tmp_path / "launchready-demo"
    documents = {path.name for path in (folder / "handover").iterdir()}
    assert len([name for name in documents if name.endswith(".md")]) == 13
    assert "index.html" in documents
    again = await run("handover", "--check", "--project", str(folder / "launchready.toml"))
    assert again.code == 0


async def test_demo_json_writes_nothing(run: Run, tmp_path: Path) -> None:
    done = await run("demo", "--healthy", "--json")
    report = json.loads(done.out)
    assert (done.code, report["verdict"]) == (0, "ready")
    assert not [f for f in report["findings"] if f["verdict"] in ("fail", "warn", "unknown")]
    one = await run("demo", "--fault", "spf-open", "--json")
    found = [f["check"] for f in json.loads(one.out)["findings"] if f["verdict"] == "fail"]
    assert (one.code, found) == (1, ["email.spf"])
    assert not list(tmp_path.iterdir())


async def test_demo_says_what_it_does_not_know(run: Run) -> None:
    assert (await run("demo", "--fault", "no-such-fault")).code == 2
    assert (await run("demo", "--fault", "spf-two", "--healthy")).code == 2
    listed = await run("demo", "--list-faults")
    assert all(id in listed.out for id in (*FAULTS, *DEMO_FAULTS))


async def test_demo_leaves_another_project_alone(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "launchready-demo"
    folder.mkdir()
    (folder / "launchready.toml").write_text(PROJECT.replace("harbor.example", "real.example"))
    done = await run("demo")
    assert done.code == 2
    assert "real.example" in done.err


async def test_without_a_terminal_the_screens_say_where_to_go(launch: Run, tmp_path: Path) -> None:
    bare = await launch()
    assert bare.code == 2
    assert "launchready new" in bare.err
    (tmp_path / "launchready.toml").write_text(PROJECT)
    there = await launch()
    assert there.code == 3
    assert "Can't tell yet" in there.out


async def test_ctrl_c_keeps_what_came_in(tmp_path: Path) -> None:
    """An interrupted audit still prints what arrived, and records it as partial."""
    (tmp_path / "launchready.toml").write_text(PROJECT)
    scenario = broken(["spf-include-servfail"])
    watched, terminal = pty.openpty()  # whoever watches is told how many checks are done
    async with Lab(scenario, delay=1.0) as lab:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "launchready_tui", "audit", "--save", *network(lab),
            cwd=tmp_path,
            stdout=asyncio.subprocess.PIPE,
            stderr=terminal,
            preexec_fn=_as_in_the_foreground,
        )  # fmt: skip
        os.close(terminal)
        seen = await asyncio.to_thread(_read_until, watched, "1 checked")
        process.send_signal(signal.SIGINT)
        out, _ = await process.communicate()
    seen += await asyncio.to_thread(_read_until, watched, "no such words")
    os.close(watched)
    assert "Stopped" in seen
    assert process.returncode in (1, 3)
    written = tomllib.loads((tmp_path / "launchready.toml").read_text("utf-8"))
    assert written["audits"][-1]["partial"] is True
    assert "Traceback" not in seen
    assert "fine" in out.decode()


def _as_in_the_foreground() -> None:
    """A shell's job in the background ignores Ctrl-C, and so would all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _read_until(terminal: int, words: str) -> str:
    """What was written to a terminal, up to these words or its end."""
    seen = ""
    while words not in seen:
        try:
            seen += os.read(terminal, 4096).decode()
        except OSError:  # Linux says so when nobody has the other side open any more
            break
    return seen
