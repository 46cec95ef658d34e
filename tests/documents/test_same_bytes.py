"""The same file gives the same bytes: on any machine, in any language, zone, folder, hash order."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from msgspec.structs import replace

from launchready_tui.documents import files
from launchready_tui.project.model import AuditRecord
from tests import processes
from tests.documents.samples import AT, CONTENT, EMPTY, HOSTILE_TEXTS, full, hostile

ROOT = Path(__file__).parents[2]
PROGRAM = """
from tests.documents.test_same_bytes import digests
print(digests())
"""


def digests() -> str:
    """One line a sample: the SHA-256 of its fourteen files."""
    lines = []
    for project in (EMPTY, full(), hostile(HOSTILE_TEXTS[4])):
        digest = hashlib.sha256()
        for name, content in files(project, CONTENT).items():
            digest.update(name.encode() + b"\0" + content)
        lines.append(digest.hexdigest())
    return "\n".join(lines)


def elsewhere(folder: Path, **environment: str) -> str:
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment}
    done = processes.run(processes.python(PROGRAM), folder, env=env, bare=True)
    assert done.code == 0
    return done.out.strip()


def test_twice_gives_the_same_bytes() -> None:
    assert files(full(), CONTENT) == files(full(), CONTENT)


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "0"},
        {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "random", "TZ": "America/Adak", "LANG": "de_DE.UTF-8"},
        {"PYTHONUTF8": "0", "LC_ALL": "POSIX", "COLUMNS": "20", "NO_COLOR": "1"},
    ],
    ids=["seed", "zone", "language", "posix"],
)
def test_another_environment_gives_the_same_bytes(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    assert elsewhere(tmp_path, **environment) == digests()


def test_the_same_moment_in_another_zone_gives_the_same_bytes() -> None:
    away = AT.astimezone(timezone(timedelta(hours=-11)))
    assert away.date() == AT.date()
    late = datetime(2026, 11, 24, 23, 30, tzinfo=AT.tzinfo)
    late_away = late.astimezone(timezone(timedelta(hours=9)))
    assert late_away.date() != late.date()
    here, there = (
        replace(full(), audits=(AuditRecord(at=moment),)) for moment in (late, late_away)
    )
    assert files(here, CONTENT) == files(there, CONTENT)


def test_the_order_of_findings_in_the_file_changes_nothing() -> None:
    project = full()
    turned = {
        check: dict(reversed(subjects.items()))
        for check, subjects in reversed(project.findings.items())
    }
    other = files(replace(project, findings=turned), CONTENT)
    same = files(project, CONTENT)
    # The log of test emails is in the order of the file: it is a log.
    log = "06-email-test-log.md"
    assert {n: c for n, c in other.items() if n not in (log, "index.html")} == {
        n: c for n, c in same.items() if n not in (log, "index.html")
    }


def test_no_document_names_this_machine() -> None:
    for content in files(full(), CONTENT).values():
        text = content.decode()
        assert str(ROOT) not in text
        assert str(Path.home()) not in text or str(Path.home()) == "/"
