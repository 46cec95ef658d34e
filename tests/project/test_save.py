"""Saving: who wins, what is refused, and what is left on the disk."""

from __future__ import annotations

import os
import stat
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from launchready_tui.project import change, file
from launchready_tui.project.file import Conflict, Loaded, NotSaved, SecretInText, Unreadable
from launchready_tui.project.model import (
    Account,
    AuditRecord,
    Host,
    Product,
    Project,
    Proof,
    RecordedFinding,
)
from launchready_tui.vocabulary.findings import Verdict
from tests import processes
from tests.project import edits

AT = datetime(2026, 11, 24, 14, 2, tzinfo=UTC)
KEY = "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc"


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    project = Project(
        product=Product(name="Harbor Market", domain="harbor.example"),
        hosts=(Host(name="harbor.example"), Host(name="app.harbor.example", purpose="app")),
    )
    project = change.answer(project, "S1.C1", "no", at=AT, by="Ann")
    return file.create(tmp_path / "launchready.toml", project)


def answered(project: Project, id: str, value: str, by: str = "Ann", minutes: int = 0) -> Project:
    return change.answer(project, id, value, at=AT + timedelta(minutes=minutes), by=by)


def test_a_new_file_reads_as_it_was_meant(loaded: Loaded) -> None:
    assert file.read(loaded.path) == loaded
    assert loaded.path.read_text().startswith("# This file holds your launch")
    assert not loaded.path.read_text().endswith("\n\n")


def test_a_new_file_replaces_none(loaded: Loaded, tmp_path: Path) -> None:
    before = loaded.path.read_bytes()
    with pytest.raises(NotSaved, match="There is already a file"):
        file.create(loaded.path, loaded.project)
    assert loaded.path.read_bytes() == before
    link = tmp_path / "other.toml"
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(NotSaved, match="There is already a file"):
        file.create(link, loaded.project)


def test_only_the_previous_version_is_left_beside_the_file(loaded: Loaded) -> None:
    before = loaded.path.read_bytes()
    file.save(loaded, answered(loaded.project, "S4.C5", "yes"))
    beside = loaded.path.parent / ".launchready.toml.previous"
    assert sorted(loaded.path.parent.iterdir()) == [beside, loaded.path]
    assert beside.read_bytes() == before


def test_half_written_files_of_a_crash_are_swept_up(loaded: Loaded) -> None:
    folder = loaded.path.parent
    (folder / ".launchready.toml.0123abc.new").write_text("half")
    (folder / ".other.toml.0123abc.new").write_text("not ours")
    file.save(loaded, answered(loaded.project, "S4.C5", "yes"))
    assert not (folder / ".launchready.toml.0123abc.new").exists()
    assert (folder / ".other.toml.0123abc.new").exists()


def test_nothing_to_save_writes_nothing(loaded: Loaded) -> None:
    before = loaded.path.stat()
    assert file.save(loaded, loaded.project) == loaded
    assert loaded.path.stat() == before


def test_a_link_stays_a_link_and_the_mode_stays(loaded: Loaded, tmp_path: Path) -> None:
    loaded.path.chmod(0o640)
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    link = folder / "launchready.toml"
    link.symlink_to(Path("..") / "launchready.toml")
    saved = file.save(file.read(link), answered(loaded.project, "S4.C5", "yes"))
    assert link.is_symlink()
    assert saved.path == link
    assert stat.S_IMODE(loaded.path.stat().st_mode) == 0o640
    assert "S4.C5" in file.read(loaded.path).project.answers
    assert sorted(folder.iterdir()) == [link]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_the_file_still_belongs_to_its_owner(loaded: Loaded) -> None:
    os.chown(loaded.path, 1234, 2345)
    file.save(loaded, answered(loaded.project, "S4.C5", "yes"))
    found = loaded.path.stat()
    assert (found.st_uid, found.st_gid) == (1234, 2345)


def test_changes_of_two_people_are_merged(loaded: Loaded) -> None:
    text = loaded.path.read_text()
    loaded.path.write_text(text + "\n# Bo was here\n[ours]\nkey = 1\n")
    theirs = file.read(loaded.path)
    theirs = file.save(theirs, answered(theirs.project, "S4.C5", "yes", by="Bo"))
    theirs = file.save(theirs, edits.add(theirs.project, "hosts", Host(name="docs.harbor.example")))

    mine = answered(loaded.project, "S2.C1", "yes")
    mine = edits.add(mine, "hosts", Host(name="api.harbor.example", purpose="api"))
    mine = edits.section(mine, "product", kind="saas")
    saved = file.save(loaded, mine)

    assert set(saved.project.answers) == {"S1.C1", "S2.C1", "S4.C5"}
    assert {host.name.partition(".")[0] for host in saved.project.hosts} == {
        *("harbor", "app", "docs", "api")
    }
    assert saved.project.product.kind == "saas"
    assert "# Bo was here\n[ours]\nkey = 1\n" in loaded.path.read_text()


def test_the_same_answer_of_two_people_is_a_conflict(loaded: Loaded) -> None:
    theirs = file.save(loaded, answered(loaded.project, "S1.C1", "yes", by="Bo"))
    before = theirs.path.read_bytes()
    mine = answered(loaded.project, "S1.C1", "unsure", minutes=5)
    with pytest.raises(Conflict) as caught:
        file.save(loaded, mine)
    assert "Of the answer to S1.C1 you have value “unsure”" in str(caught.value)
    assert "the file now has value “yes”" in str(caught.value)
    assert caught.value.clashes[0].what == "answer to S1.C1"
    assert theirs.path.read_bytes() == before

    assert file.save(loaded, mine, keep="theirs").project.answers["S1.C1"].value == "yes"
    assert file.save(loaded, mine, keep="mine").project.answers["S1.C1"].value == "unsure"


def test_the_same_answer_said_twice_is_none(loaded: Loaded) -> None:
    file.save(loaded, answered(loaded.project, "S1.C1", "yes", by="Bo", minutes=1))
    saved = file.save(loaded, answered(loaded.project, "S1.C1", "yes", by="Ann", minutes=2))
    assert saved.project.answers["S1.C1"].by == "Ann"


def test_a_removed_row_that_somebody_changed_is_a_conflict(loaded: Loaded) -> None:
    changed = replace(loaded.project.hosts[1], why="Where customers work")
    file.save(loaded, edits.put(loaded.project, "hosts", 1, changed))
    mine = edits.drop(loaded.project, "hosts", 1)
    with pytest.raises(Conflict, match=r"host app\.harbor\.example you have \(nothing\)"):
        file.save(loaded, mine)
    assert len(file.save(loaded, mine, keep="mine").project.hosts) == 1


def test_many_conflicts_are_counted(loaded: Loaded) -> None:
    ids = [f"S1.C{number}" for number in range(1, 6)]
    theirs = mine = loaded.project
    for id in ids:
        theirs, mine = answered(theirs, id, "yes"), answered(mine, id, "unsure")
    file.save(loaded, theirs)
    with pytest.raises(Conflict, match="There are 2 more") as caught:
        file.save(loaded, mine)
    assert len(caught.value.clashes) == 5


def test_a_conflict_tells_no_secret(loaded: Loaded) -> None:
    """Somebody put a key into the file while we had it open."""
    theirs = loaded.path.read_text().replace('value = "no"', f'value = "{KEY}"')
    loaded.path.write_text(theirs)
    with pytest.raises(SecretInText) as caught:
        file.save(loaded, answered(loaded.project, "S1.C1", "yes"))
    assert KEY not in str(caught.value)
    assert loaded.path.read_text() == theirs


def test_the_newer_finding_stays_and_audits_add_up(loaded: Loaded) -> None:
    def seen(project: Project, verdict: Verdict, minutes: int) -> Project:
        at = AT + timedelta(minutes=minutes)
        finding = RecordedFinding(verdict=verdict, outcome="ok", at=at)
        return replace(
            project,
            findings={"dns.apex": {"harbor.example": finding}},
            audits=(*project.audits, AuditRecord(at=at)),
        )

    file.save(loaded, seen(loaded.project, Verdict.FAIL, 9))
    saved = file.save(loaded, seen(loaded.project, Verdict.PASS, 3))
    assert saved.project.findings["dns.apex"]["harbor.example"].verdict is Verdict.FAIL
    assert [audit.at.minute for audit in saved.project.audits] == [5, 11]


def test_a_file_that_was_broken_meanwhile_is_not_overwritten(loaded: Loaded) -> None:
    loaded.path.write_text("format = 1\n[product\n")
    with pytest.raises(Unreadable, match="line 2"):
        file.save(loaded, answered(loaded.project, "S4.C5", "yes"))
    assert loaded.path.read_text() == "format = 1\n[product\n"


def test_a_file_that_is_gone_is_not_made_anew(loaded: Loaded) -> None:
    loaded.path.unlink()
    with pytest.raises(NotSaved, match="is gone: it was moved or deleted"):
        file.save(loaded, answered(loaded.project, "S4.C5", "yes"))
    assert not loaded.path.exists()


def test_a_folder_that_is_gone(loaded: Loaded, tmp_path: Path) -> None:
    with pytest.raises(NotSaved, match="Its folder is gone"):
        file.create(tmp_path / "none" / "launchready.toml", loaded.project)
    with pytest.raises(NotSaved, match="is not saved"):
        file.create(loaded.path / "launchready.toml", loaded.project)


def test_a_link_that_leads_in_a_circle(loaded: Loaded, tmp_path: Path) -> None:
    link = tmp_path / "circle.toml"
    link.symlink_to(link)
    with pytest.raises(NotSaved, match="circle"):
        file.save(replace_path(loaded, link), answered(loaded.project, "S4.C5", "yes"))


def replace_path(loaded: Loaded, path: Path) -> Loaded:
    return Loaded(loaded.project, path, loaded.stamp)


@pytest.mark.parametrize(
    ("put", "field"),
    [
        (lambda p: change.answer(p, "S1.C2", "yes", at=AT, note=f"it is {KEY}"), "S1.C2"),
        (lambda p: change.answer(p, "S1.C2", "yes", at=AT, note="password: xyz9"), "S1.C2"),
        (lambda p: change.answer(p, KEY, "yes", at=AT), "[hidden: a Stripe secret key]"),
        (lambda p: change.add_account(p, Account(service="X", kept_in=KEY)), "kept_in"),
        (lambda p: change.add_proof(p, "R1", Proof(kind="text", where=KEY), at=AT), "evidence[1]"),
    ],
)
def test_a_secret_is_not_saved(loaded: Loaded, put: object, field: str) -> None:
    assert callable(put)
    before = loaded.path.read_bytes()
    with pytest.raises(SecretInText) as caught:
        file.save(loaded, put(loaded.project))
    assert caught.value.field is not None
    assert field in caught.value.field
    assert KEY not in str(caught.value)
    assert "xyz9" not in str(caught.value)
    assert loaded.path.read_bytes() == before
    assert isinstance(caught.value, NotSaved)


def test_a_name_that_is_no_host_is_not_saved(loaded: Loaded) -> None:
    with pytest.raises(NotSaved, match=r"hosts\[3\]\.name: That is a web address"):
        file.save(loaded, edits.add(loaded.project, "hosts", Host(name="https://a.example")))


def test_a_file_does_not_grow_beyond_what_we_read(loaded: Loaded) -> None:
    project = loaded.project
    for number in range(300):
        project = change.answer(project, f"X{number}", "yes", at=AT, note="a b " * 5_000)
    with pytest.raises(NotSaved, match="would grow beyond 5 MB"):
        file.save(loaded, project)


def test_what_would_not_read_as_meant_is_not_written(loaded: Loaded) -> None:
    """Our own text is read back first. Here the file holds a row that nobody knows of."""
    text = "format = 1\n[[hosts]]\nname = 'a.example'\n"
    with pytest.raises(NotSaved, match="found no safe way"):
        file._write(loaded.path, loaded.path, text, Project(), loaded.project, previous=None)
    assert file.read(loaded.path) == loaded


def test_reading_imports_nothing_heavy(loaded: Loaded) -> None:
    """Opening the app reads the file; what only a save or an error needs comes later."""
    late = ["tomlkit", "filelock", "idna", "launchready_tui.project.explain"]
    code = (
        "import sys; from pathlib import Path; from launchready_tui.project import file;"
        f"file.read(Path(sys.argv[1])); print([m for m in {late} if m in sys.modules])"
    )
    done = processes.run(processes.python(code, loaded.path), loaded.path.parent)
    assert (done.code, done.out) == (0, "[]\n")


def test_an_answer_is_saved_quickly_in_a_long_file(loaded: Loaded) -> None:
    """2,000 lines: well under half a second of computing (0.1 on the machine of the spec)."""
    project = loaded.project
    for number in range(400):
        project = answered(project, f"X{number}", "yes")
    saved = file.save(loaded, project)
    assert saved.path.read_text().count("\n") > 2_000
    start = time.process_time()
    file.save(saved, answered(saved.project, "X200", "no"))
    assert time.process_time() - start < 0.5
