"""What was looked at comes from the file's findings: answered, asked in vain, or never asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from launchready_tui.checks import registered
from launchready_tui.checks.code.folder import repositories
from launchready_tui.checks.mail.received import inboxes
from launchready_tui.documents import build
from launchready_tui.facts_of.looks import AREAS, CODE, INBOXES, Area, Looked, by_stage, look_of
from launchready_tui.project.model import Project, RecordedFinding
from tests.documents.samples import AT, CONTENT, EMPTY, FAIL, PASS, UNKNOWN, finding, full, page

TITLE = "What we have not looked at"
NOT_CODE = "We have not looked at your code."


def code(**found: RecordedFinding) -> Project:
    """The full sample, with only these findings about the code: `secrets_tree=...`."""
    kept = {check: rows for check, rows in full().findings.items() if check not in set(CODE.checks)}
    new = {name.replace("_", ".", 1): {"/srv/code": one} for name, one in found.items()}
    return replace(full(), findings=kept | new)


def section(project: Project) -> str:
    text = page(build(project, CONTENT), 12)
    assert TITLE in text
    return text[text.index(TITLE) : text.index("Not now, on purpose")]


def test_code_that_was_read_is_not_called_unread() -> None:
    said = section(code(secrets_tree=finding(PASS, "ok"), deploy_path=finding(FAIL, "by-hand")))
    assert "We looked at your code on 24 November." in said
    assert NOT_CODE not in said
    assert CONTENT.titles["secrets.tree"] not in said
    assert CONTENT.titles["secrets.history"] in said  # this one did not run


def test_code_that_nobody_read_is_said_to_be_unread() -> None:
    said = section(code())
    assert NOT_CODE in said
    assert "None of them has run." in said[said.index("4. Deployment") :]


def test_code_that_could_not_be_read_says_why() -> None:
    said = section(code(secrets_tree=finding(UNKNOWN, "no-git")))
    assert "We tried to look at your code on 24 November, and could not." in said
    assert "We could not tell: " in said
    assert "Git is not installed" in said
    assert NOT_CODE not in said


def test_every_check_that_ran_is_left_out_and_no_other() -> None:
    project = full()
    ran = {check for check, rows in project.findings.items() if rows}
    for stage in by_stage(project, CONTENT):
        for check, look in stage.looks:
            assert (look.looked is Looked.NEVER) == (check not in ran), check


def test_every_check_of_the_stages_stands_once() -> None:
    placed = [check for stage in by_stage(EMPTY, CONTENT) for check, _ in stage.looks]
    assert len(placed) == len(set(placed))
    assert set(placed) == set(registered())
    assert "None of them has run." in section(EMPTY)


def test_the_newest_answer_counts() -> None:
    old, new = finding(PASS, "ok"), finding(UNKNOWN, "timeout")
    later = replace(new, at=AT + timedelta(days=2))
    project = Project(findings={"tls.valid": {"a.example": old, "b.example": later}})
    assert look_of(project, ("tls.valid",)).at == AT
    assert look_of(project, ("tls.valid",)).looked is Looked.YES


def test_the_areas_are_those_that_the_checks_read() -> None:
    by_subject = {
        subjects: {id for id, check in registered().items() if check.subjects is subjects}
        for subjects in (repositories, inboxes)
    }
    assert set(CODE.checks) == by_subject[repositories]
    assert set(INBOXES.checks) == by_subject[inboxes]


@pytest.mark.parametrize("area", AREAS, ids=[area.name for area in AREAS])
def test_each_area_names_checks_that_exist(area: Area) -> None:
    assert set(area.checks) <= set(registered())
