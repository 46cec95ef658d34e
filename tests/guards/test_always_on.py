"""The list of guards is whole, short and readable; owners and places of them are told truly."""

from __future__ import annotations

import re
import shutil
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from launchready_tui.checks import registered
from launchready_tui.content.checklist import Guard, builtin, folder, load
from launchready_tui.content.source import ContentError
from launchready_tui.guards import always_on
from launchready_tui.project import change
from launchready_tui.project.model import Answer, Project
from tests.readability import faults, join, spellings, unexplained

CHECKLIST = builtin()
KEPT = CHECKLIST.always_on
NINE = "surface dns-change email secrets required-env uptime journey errors handover"
PAGE = (Path(__file__).parents[2] / "docs" / "guards.md").read_text("utf-8")


# ------------------------------------------------------------------ the content


def test_there_are_the_nine_and_fewer_than_ten() -> None:
    assert [guard.id for guard in KEPT.guards] == NINE.split()
    assert len(KEPT.guards) < 10
    assert KEPT.guard("surface") is KEPT.guards[0]
    assert KEPT.guard("all") is None
    items = [guard.item for guard in KEPT.guards]
    assert len(set(items)) == 9, "each has a question, and so an owner, of its own"
    assert all(CHECKLIST.item(item) for item in items)


@pytest.mark.parametrize("guard", KEPT.guards, ids=lambda guard: guard.id)
def test_a_guard_is_whole_and_reads_well(guard: Guard) -> None:
    assert guard.runs
    assert guard.red
    text = join([guard.catches, *guard.red])
    assert not faults(text, spellings(CHECKLIST.glossary))
    assert not unexplained(join([guard.title, text]), CHECKLIST.glossary)
    for one in guard.looks:
        assert any(fnmatchcase(check, one) for check in registered()), one
    if guard.command:  # what shows that it ran is what it runs, or is not built yet
        assert not {c for c in guard.shown_by if guard.id in ("surface", "email")
                    and not any(fnmatchcase(c, one) for one in guard.looks)}  # fmt: skip
        assert guard.command.startswith("launchready ")
    else:
        assert guard.seen == 0
    assert guard.seen <= guard.faults


def test_a_mistake_in_the_list_names_the_file(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder(), tmp_path / "checklists"))
    path = copy / "guards.toml"
    for old, new in (("catches =", "cathces ="), ('runs = ["day"]', 'runs = ["never"]')):
        text = (folder() / "guards.toml").read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        with pytest.raises(ContentError, match=r"guards\.toml"):
            load(copy)


def test_the_page_reads_well_and_says_what_the_list_says() -> None:
    text = re.sub(r"```.*?```", "", PAGE.partition("## Sources")[0], flags=re.DOTALL)
    text = re.sub(r"^\|.*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"\n(?![-#\n])", " ", text)
    text = re.sub(r"^[-#]+ ", "", text, flags=re.MULTILINE)
    assert faults(text, spellings(CHECKLIST.glossary)) == ()
    assert unexplained(text, CHECKLIST.glossary) == ()
    for guard in KEPT.guards:
        catches = guard.catches[0].lower() + guard.catches[1:].rstrip(".")
        catches = catches.replace("sPF", "SPF")
        row = next(line for line in PAGE.splitlines() if line.startswith(f"| {guard.id} |"))
        assert catches in row
        assert row.endswith("| yes |" if guard.command else "| later |")
    planned = sum(guard.faults for guard in KEPT.guards)
    assert f"list of {KEPT.faults} faults" in PAGE
    assert f"for {planned} of them" in PAGE
    assert f"see {sum(guard.seen for guard in KEPT.guards)}\nin CI" in PAGE


# ------------------------------------------------------------------ owners


def test_an_owner_is_named_and_what_was_told_stays() -> None:
    told = Answer(value="yes", by="Ada", note="In the vault.")
    project = Project(answers={"S1.C4": told})
    owned = change.own(project, "S1.C4", " Dana\n")
    said = owned.answers["S1.C4"]
    assert (said.owner, said.value, said.by, said.note) == ("Dana", "yes", "Ada", "In the vault.")
    rows = {row.guard.id: row.owner for row in always_on.rows(owned, CHECKLIST, {})}
    assert rows["secrets"] == "Dana"
    assert {rows[id] for id in rows if id != "secrets"} == {""}
    assert change.own(owned, "S1.C4", "").answers["S1.C4"] == told
    # An owner alone is no answer, and without an owner nothing is left of it.
    alone = change.own(Project(), "S6.C1", "Tom")
    assert alone.answers["S6.C1"].at is None
    assert change.own(alone, "S6.C1", "") == Project()


# ------------------------------------------------------------------ what runs already


def places(line: str, on: str = "[push]", *, gitlab: bool = False) -> set[str]:
    """The guards that a file for CI with this line runs."""
    if gitlab:
        tree = {".gitlab-ci.yml": f"job:\n  script:\n    - |\n      {line}\n"}
    else:
        head = f"on: {on}\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: |\n"
        tree = {".github/workflows/a.yml": f"{head}          {line}\n"}
    rows = always_on.rows(Project(), CHECKLIST, tree)
    assert all(row.places in ((), tuple(tree)) for row in rows)
    return {row.guard.id for row in rows if row.places}


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("launchready audit", {"surface", "email"}),
        ("launchready audit --json --new || code=$?", {"surface", "email"}),
        ("launchready audit --only 'email.*'", {"email"}),
        ("launchready audit --only=tls.valid", set()),
        ("launchready audit --only 'dns.*' --only 'tls.*' --only 'http.*'", {"surface"}),
        ("launchready audit --stage 3", {"email"}),
        ("launchready audit --plan", set()),
        ("launchready guard secrets --range main..HEAD", {"secrets"}),
        ("python -m launchready_tui guard env --path . --here", {"required-env"}),
        ("launchready guard env --ci github", set()),
        ("cd app && launchready guard dns dns/a.zone", {"dns-change"}),
        ("launchready handover --check", {"handover"}),
        ("launchready handover", set()),
        ("launchready guard --help", set()),
        ("pip install launchready-tui==0.1.0", set()),
        ("echo launchready guard secrets", set()),
        ("# launchready guard secrets", set()),
        ("launchready guard 'secrets", set()),
    ],
)
def test_a_line_of_ci_runs_these(line: str, seen: set[str]) -> None:
    assert places(line) == seen
    assert places(line, gitlab=True) == seen


def test_what_only_a_person_starts_does_not_stay_on() -> None:
    line = "launchready guard secrets"
    assert places(line, "[pull_request]") == {"secrets"}
    assert places(line, "{schedule: [{cron: '1 1 * * *'}]}") == {"secrets"}
    assert places(line, "[workflow_dispatch]") == set()
