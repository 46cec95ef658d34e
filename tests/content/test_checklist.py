"""The content is whole: items, documents, choices, rows of requirements.toml, ids of checks.

How it reads is measured in `test_words.py`.
"""

from __future__ import annotations

import shutil
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest

from launchready_tui.checks import registered
from launchready_tui.content.checklist import (
    Checklist,
    DocumentEntry,
    Item,
    Stage,
    builtin,
    folder,
    load,
)
from launchready_tui.content.source import ContentError
from launchready_tui.project import change, file
from launchready_tui.project.model import Product, Project, Proof, Purpose
from launchready_tui.verdict.readiness import SKIPPED_FOR_NOW, State, assess
from tests.every import every

CHECKLIST = builtin()
ITEMS = {item.id: item for _, item in CHECKLIST.items()}
ROWS = {
    row["id"]: row
    for row in tomllib.loads((Path(__file__).parents[1] / "requirements.toml").read_text("utf-8"))[
        "requirement"
    ]
}
AT = datetime(2026, 11, 24, 14, 2, tzinfo=UTC)

DOCUMENTS = [
    "01-risk-list",
    "02-fix-plan",
    "03-dns-and-redirect-map",
    "04-edge-configuration",
    "05-email-records",
    "06-email-test-log",
    "07-deployment-checklist",
    "08-who-can-deploy",
    "09-caching-policy",
    "10-dashboard",
    "11-incident-note",
    "12-handover-checklist",
    "13-first-week",
]


def rows(*kinds: str) -> list[str]:
    return [id for id, row in ROWS.items() if row["kind"] in kinds]


# ------------------------------------------------------------------ stages and documents


def test_seven_stages_in_order() -> None:
    assert [stage.number for stage in CHECKLIST.stages] == [1, 2, 3, 4, 5, 6, 7]
    assert [stage.id for stage in CHECKLIST.stages] == [
        "quick-audit",
        "domain-and-edge",
        "email-trust",
        "deployment",
        "caching-and-speed",
        "monitoring",
        "handover",
    ]


def test_the_thirteen_documents_in_order() -> None:
    papers = [paper for stage in CHECKLIST.stages for paper in stage.documents]
    assert [paper.id for paper in papers] == DOCUMENTS
    assert all(paper.title and paper.says for paper in papers)


def test_each_stage_writes_the_documents_of_its_own_rows() -> None:
    for stage in CHECKLIST.stages:
        for paper in stage.documents:
            own = [row for row in paper.covers if ROWS[row]["kind"] == "deliverable"]
            assert own
            assert all(row.startswith(f"S{stage.number}.") for row in own)


@pytest.mark.parametrize("stage", CHECKLIST.stages, ids=lambda stage: stage.id)
def test_a_stage_can_be_walked_in_one_evening(stage: Stage) -> None:
    assert 7 <= len(stage.items) <= 11
    assert stage.links
    assert all(link.title and link.url.startswith("https://") for link in stage.links)


# ------------------------------------------------------------------ what hosts are for


def test_every_purpose_of_a_host_has_words() -> None:
    assert set(CHECKLIST.roles) == {*get_args(Purpose), "www"}
    www = CHECKLIST.role("www.harbor.example", "site", "harbor.example")
    assert www.breaks == "People who type www see an error."
    assert CHECKLIST.role("harbor.example", "site", "harbor.example") != www
    assert CHECKLIST.role("www.harbor.example", "site", "other.example") != www


# ------------------------------------------------------------------ items


def test_every_row_that_is_looked_at_or_asked_is_an_item_of_its_own() -> None:
    asked = rows("check", "signal", "restraint", "principle")
    asked.remove("P2")  # the order of the risk list, not something to answer
    assert sorted(ITEMS) == sorted(asked)
    assert len(CHECKLIST.items()) == len(ITEMS) == 34 + 21 + 7 + 1


def test_checks_and_signals_stand_on_the_stage_of_their_row() -> None:
    strays = [
        item.id
        for stage, item in CHECKLIST.items()
        if item.id[0] == "S" and not item.id.startswith(f"S{stage.number}.")
    ]
    assert not strays


@every("item", ITEMS.values(), ids=ITEMS)
def test_an_item_is_of_the_kind_of_its_row_and_covers_it(item: Item) -> None:
    assert item.kind == ROWS[item.id]["kind"]
    assert item.id in item.covers
    assert not set(item.covers) - set(ROWS)


@every("item", ITEMS.values(), ids=ITEMS)
def test_an_item_has_all_its_parts(item: Item) -> None:
    assert item.title
    assert item.question
    assert item.why
    assert item.fix
    assert all(step.strip() == step and step for step in item.fix)
    assert item.verify
    assert item.harms, "every item says which harm it leads to (P2)"
    assert len(set(item.harms)) == len(item.harms)
    assert 5 <= item.minutes <= 120


@every("item", ITEMS.values(), ids=ITEMS)
def test_a_question_can_be_answered_honestly(item: Item) -> None:
    values = [choice.value for choice in item.choices]
    labels = [choice.label for choice in item.choices]
    means = [choice.means for choice in item.choices]
    assert len(set(values)) == len(values)
    assert len(set(labels)) == len(labels)
    assert {"good", "bad", "unsure"} <= set(means)
    assert means == sorted(means, key=["good", "bad", "unsure", "skip"].index), "good first"
    assert means.count("unsure") == 1
    assert SKIPPED_FOR_NOW not in values
    assert all(value == value.lower() and " " not in value for value in values)


# ------------------------------------------------------------------ rows of the roadmap


def covered() -> set[str]:
    """The rows that an item, a document or a target names."""
    parts: list[Item | DocumentEntry] = [*ITEMS.values()]
    parts += [paper for stage in CHECKLIST.stages for paper in stage.documents]
    found = {row for part in parts for row in part.covers}
    return found | {target.id for target in CHECKLIST.targets}


def test_every_row_of_the_roadmap_is_covered_by_content() -> None:
    kinds = ("minimum", "target", "check", "deliverable", "signal", "restraint", "principle")
    assert not set(rows(*kinds)) - covered()


def test_the_minimum_bar_and_the_targets_are_covered_by_items() -> None:
    assert not set(rows("minimum", "target")) - {r for i in ITEMS.values() for r in i.covers}


def test_the_five_targets_in_order() -> None:
    assert [target.id for target in CHECKLIST.targets] == rows("target")


ASKED = [
    pytest.param(id, marks=pytest.mark.covers(id, "ask"))
    for id, row in ROWS.items()
    if "ask" in row["how"]
]


@pytest.mark.parametrize("row", ASKED)
def test_a_row_that_is_asked_is_recorded_with_owner_date_and_evidence(
    row: str, tmp_path: Path
) -> None:
    asking = [item for item in ITEMS.values() if row in item.covers and item.question]
    assert asking
    proof = Proof(kind="link", where="https://example.com/run/7", at=AT)
    drawn = {"good": State.TOLD, "unsure": State.UNKNOWN, "skip": State.SKIPPED}
    for item in asking:
        for choice in item.choices:
            project = change.answer(
                Project(product=Product(name="Harbor Market", domain="harbor.example")),
                item.id,
                choice.value,
                at=AT,
                by="Ada",
                owner="Grace",
                note="On the wiki.",
                evidence=[proof],
            )
            kept = tmp_path / item.id / choice.value / file.NAME
            kept.parent.mkdir(parents=True)
            file.create(kept, project)
            project = file.read(kept).project
            said = project.answers[item.id]
            assert (said.value, said.by, said.owner, said.at) == (choice.value, "Ada", "Grace", AT)
            assert said.note == "On the wiki."
            assert said.evidence == (proof,)
            readiness = assess(project, CHECKLIST)
            shown = readiness.item(item.id)
            assert shown is not None
            assert shown.choice == choice
            if choice.means == "bad":
                assert shown.state in (State.TODAY, State.SOON, State.LATER)
                assert [problem.items for problem in readiness.problems] == [(item.id,)]
            else:
                assert shown.state is drawn[choice.means]


# ------------------------------------------------------------------ checks


def test_every_check_that_an_item_names_is_registered() -> None:
    named = {check for item in ITEMS.values() for check in item.checks}
    assert sorted(named - set(registered())) == []


def test_every_registered_check_is_named_by_an_item() -> None:
    """The test that matters: a check without an item would never be shown in a stage."""
    named = {check for item in ITEMS.values() for check in item.checks}
    assert sorted(set(registered()) - named) == []


def test_stages_and_rows_of_a_check_come_from_its_items() -> None:
    assert CHECKLIST.stages_of("dns.apex") == (1,)
    assert CHECKLIST.stages_of("email.spf") == (1, 3)
    assert {"S1.C1", "M1"} <= set(CHECKLIST.covers_of("dns.apex"))
    assert {"S1.C2", "M4"} <= set(CHECKLIST.covers_of("tls.valid"))
    assert {"S3.C1", "M6"} <= set(CHECKLIST.covers_of("email.spf"))
    assert CHECKLIST.stages_of("no.such") == ()


# ------------------------------------------------------------------ mistakes in content


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A checklist folder of our own, to break."""
    return Path(shutil.copytree(folder(), tmp_path / "checklists"))


def test_the_copy_loads_as_the_original_does(copy: Path) -> None:
    assert load(copy) == load(folder())
    assert isinstance(load(copy), Checklist)


def broken(copy: Path, name: str, old: str, new: str) -> ContentError:
    path = copy / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ContentError) as caught:
        load(copy)
    return caught.value


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("stages/3-email-trust.toml", "asks_for =", "ask_for =", "ask_for"),
        ("stages/1-quick-audit.toml", 'goal = "', 'gaol = "', "gaol"),
        ("stages/2-domain-and-edge.toml", 'means = "good"', 'means = "fine"', "fine"),
        ("stages/4-deployment.toml", 'impact = "later"', 'impact = "never"', "never"),
        ("stages/5-caching-and-speed.toml", "minutes = 30", 'minutes = "30"', "int"),
        ("stages/6-monitoring.toml", 'harms = ["', 'harms = ["sorrow", "', "sorrow"),
        ("stages/7-handover.toml", "[[item]]", "[[item]", "line"),
        ("glossary.toml", "short =", "shrot =", "shrot"),
        ("targets.toml", "needs =", "wants =", "wants"),
        ("purposes.toml", "breaks =", "braeks =", "braeks"),
        ("findings/tls.toml", "says =", "say =", "say"),
        ("providers/dns.toml", "name =", "nmae =", "nmae"),
    ],
)
def test_a_mistake_names_the_file_and_what_is_wrong(
    copy: Path, name: str, old: str, new: str, says: str
) -> None:
    error = broken(copy, name, old, new)
    assert Path(name).name in str(error)
    assert says in str(error)


def test_a_missing_file_is_a_content_error_too(copy: Path) -> None:
    (copy / "glossary.toml").unlink()
    with pytest.raises(ContentError, match=r"glossary\.toml"):
        load(copy)
