"""07 and 08 with what the checks of a repository found: on the page, and in plain words."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from launchready_tui.documents import build
from launchready_tui.documents.blocks import Document
from launchready_tui.documents.blocks import text as page_text
from launchready_tui.project.model import Account, Project, RecordedFinding, Repository
from launchready_tui.rules.code.platforms import PLATFORMS
from tests.documents.samples import (
    CONTENT,
    EMPTY,
    FAIL,
    HOSTILE_TEXTS,
    PASS,
    UNKNOWN,
    WARN,
    finding,
    full,
)
from tests.documents.test_states_facts import row
from tests.documents.test_words import TERMS, prose
from tests.every import every
from tests.readability import faults, measure, unexplained

Found = Mapping[str, dict[str, RecordedFinding]]
WORKFLOW = ".github/workflows/ship.yml"
LOST = "prisma/migrations/2026_x/migration.sql, line 2"


def path_found(outcome: str = "ok", platform: str = "fly", **facts: str) -> RecordedFinding:
    verdict = {"ok": PASS, "platform": PASS, "button": PASS, "not-known": UNKNOWN}.get(
        outcome, WARN
    )
    return finding(
        verdict,
        outcome,
        ("Remotes", "github.com"),
        ("Way to the live site", f"a push to main publishes ({WORKFLOW}, line 6)"),
        **{
            "branch": "main",
            "remote": "github.com",
            "platform": PLATFORMS[platform],
            "platforms": platform,
            "file": WORKFLOW,
            "command": "fly deploy",
            "ways": "one; two",
            "count": "2",
            **facts,
        },
    )


def changes_found(outcome: str = "ok", **facts: str) -> RecordedFinding:
    verdict = {"ok": PASS, "none": PASS, "pushes": FAIL, "wipes": FAIL}.get(outcome, WARN)
    return finding(
        verdict,
        outcome,
        ("Newest migration of Prisma", "prisma/migrations/2026_x/migration.sql"),
        (LOST, "DROP TABLE A: it takes a table away"),
        **{
            "tool": "Prisma",
            "wanted": "prisma migrate deploy",
            "command": "npx prisma migrate deploy",
            "where": "fly.toml, release_command",
            "file": "fly.toml",
            "lost": "1",
            "first": LOST,
            "what": "takes a table away",
            **facts,
        },
    )


def with_findings(base: Project, **found: RecordedFinding) -> Project:
    added = {f"deploy.{name}": {".": one} for name, one in found.items()}
    return replace(base, findings={**base.findings, **added})


def alone() -> Project:
    """A project of which the repository is all that we know."""
    return replace(EMPTY, repository=Repository(path="."))


def pages(project: Project) -> tuple[Document, Document]:
    documents = build(project, CONTENT)
    return documents[6], documents[7]


def texts(project: Project) -> tuple[str, str]:
    deploy, who = pages(project)
    return page_text(deploy), page_text(who)


@pytest.mark.covers("S4.D1", "document")
def test_the_checklist_states_what_the_repository_showed() -> None:
    project = with_findings(alone(), path=path_found(), migrations=changes_found("destructive"))
    deploy, _ = texts(project)
    assert row(
        deploy,
        "Prisma changes the database: this release runs npx prisma migrate deploy as fly.toml, "
        "release_command says. checked on 24 November",
        "Changes that lose data",
        LOST,
        "DROP TABLE A: it takes a table away",
        "Deploy",
        "A change on the branch main goes to Fly.io by itself.",
        "checked on 24 November",
        "github.com",
        "The live site is built from the branch main.",
        "It runs at Fly.io.",
        "Bring the change onto main and push.",
        f"Watch the workflow of {WORKFLOW} until it ends.",
        "Roll back",
        "At Fly.io",
        "Run fly releases --image",
        "Run git revert",
        "A rollback does not undo the database.",
        "emails that went out, and payments that were made",
        "No rollback has been timed yet.",
        "T5",
        "not enough data",
    )


@pytest.mark.covers("T5", "document")
def test_the_checklist_shows_the_last_drill_beside_its_target() -> None:
    deploy, _ = texts(full())
    assert row(deploy, "The last drill took 6 min 40 s.", "T5", "6 min 40 s")


@pytest.mark.parametrize(
    ("outcome", "wanted"),
    [
        ("button", f"Start the workflow in {WORKFLOW} by hand."),
        ("one-machine", "Run fly deploy on a clean copy of the code."),
        ("platform", "Bring the change onto main and push."),
    ],
)
def test_the_steps_are_those_of_the_way(outcome: str, wanted: str) -> None:
    deploy, _ = texts(with_findings(alone(), path=path_found(outcome)))
    assert wanted in deploy


@pytest.mark.parametrize(
    ("outcome", "wanted"),
    [
        ("by-hand", "Run the changes to the database yourself (Prisma): prisma migrate deploy"),
        ("pushes", "Fix this first:"),
        ("none", "Changes to the database are in the release itself."),
    ],
)
def test_the_line_on_the_database(outcome: str, wanted: str) -> None:
    deploy, _ = texts(with_findings(alone(), migrations=changes_found(outcome)))
    assert wanted in deploy


@pytest.mark.parametrize(
    "platform", sorted(set(PLATFORMS) - {"compose", "github-pages", "deno", "aws"})
)
def test_every_platform_has_its_steps_back(platform: str) -> None:
    deploy, _ = texts(with_findings(alone(), path=path_found(platform=platform)))
    assert "At " in deploy[deploy.index("Roll back") :]
    assert "We do not know which service runs your live site." not in deploy


def test_a_platform_without_steps_says_so() -> None:
    deploy, _ = texts(with_findings(alone(), path=path_found(platform="aws")))
    assert "We have no steps of our own for AWS." in deploy
    assert "We do not know which service runs your live site." in texts(EMPTY)[0]


def test_nothing_is_claimed_where_nobody_looked() -> None:
    deploy, who = texts(EMPTY)
    assert "Nobody has said yet how a change gets from code to the live site." in deploy
    assert "checked on" not in deploy + who


@pytest.mark.covers("S4.D2", "document")
def test_the_note_names_services_people_and_the_way_out() -> None:
    accounts = (
        Account(service="GitHub", owner="Tom", backup="Maya"),
        Account(service="Fly.io", owner="Tom"),
    )
    project = replace(
        with_findings(alone(), path=path_found("one-machine"), migrations=changes_found()),
        accounts=accounts,
    )
    _, who = texts(project)
    assert row(
        who,
        "The least that it takes",
        "GitHub", "the code", "May push to the branch that goes live.", "Tom", "Maya",
        "Fly.io", "the live site", "May publish and roll back.", "Tom", "nobody yet",
        "the database", "May make a backup",
        "Who steps in",
        "If Tom is away, Maya looks after the code at GitHub.",
        "Nobody steps in yet at Fly.io (the live site).",
        "When somebody leaves",
        "At Fly.io: remove the person from the team.",
        "At GitHub: remove them",
        "A way to publish may live on their laptop.",
    )  # fmt: skip


CASES = {
    **{f"path {name}": {"path": path_found(name)} for name in
       ("ok", "button", "platform", "several", "one-machine", "any-branch", "not-known")},
    **{f"platform {name}": {"path": path_found(platform=name)} for name in PLATFORMS},
    **{f"migrations {name}": {"migrations": changes_found(name)} for name in
       ("ok", "none", "by-hand", "in-build", "destructive", "pushes", "wipes")},
    **{f"rollback {name}": {"rollback": finding(WARN, name, minutes="20", day="3 May")}
       for name in ("slow", "old", "untimed", "untried")},
}  # fmt: skip


@every("case", CASES)
@pytest.mark.parametrize("base", [alone(), full()], ids=["alone", "full"])
def test_what_they_say_reads_well(base: Project, case: str) -> None:
    for document in pages(with_findings(base, **CASES[case])):
        said = prose(document)
        assert faults(said, TERMS) == ()
        assert measure(said, TERMS).grade <= 6
        assert not unexplained(said, CONTENT.glossary)


@pytest.mark.parametrize("nasty", HOSTILE_TEXTS)
def test_hostile_facts_stay_text(nasty: str) -> None:
    facts = dict.fromkeys(
        ("branch", "remote", "platform", "platforms", "file", "command", "ways", "count", "tool",
         "wanted", "where", "lost", "first", "what", "minutes", "day"),
        nasty,
    )  # fmt: skip
    seen = ((f"{nasty}, line 3", nasty),)
    project = with_findings(
        alone(),
        path=finding(WARN, "one-machine", *seen, **facts),
        migrations=finding(WARN, "destructive", *seen, **facts),
        rollback=finding(WARN, "old", *seen, **facts),
    )
    for text in texts(project):
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert max(map(len, text.split("\n"))) < 3_000
