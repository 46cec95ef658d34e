"""Fourteen files, whole or not at all; what cannot be written is said in words; what is stale."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from launchready_tui.documents import DocumentsNotWritten, files, stale, write_all
from launchready_tui.documents.markdown import FOOTER
from launchready_tui.project.model import Product
from tests import processes
from tests.documents.samples import CONTENT, EMPTY, full
from tests.readability import faults

ROOT = Path(__file__).parents[2]
NAMES = [
    "01-risk-list.md",
    "02-fix-plan.md",
    "03-dns-and-redirect-map.md",
    "04-edge-configuration.md",
    "05-email-records.md",
    "06-email-test-log.md",
    "07-deployment-checklist.md",
    "08-who-can-deploy.md",
    "09-caching-policy.md",
    "10-dashboard.md",
    "11-incident-note.md",
    "12-handover-checklist.md",
    "13-first-week.md",
    "index.html",
]


def test_the_names_are_the_thirteen_and_the_page() -> None:
    assert list(files(EMPTY, CONTENT)) == NAMES


def test_the_folder_is_made_and_every_file_written(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "handover"
    paths = write_all(folder, full(), CONTENT)
    assert [path.name for path in paths] == NAMES
    assert {path.name: path.read_bytes() for path in paths} == files(full(), CONTENT)
    assert sorted(path.name for path in folder.iterdir()) == sorted(NAMES)
    assert paths[0].stat().st_mode & 0o777 == 0o644


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    notes = tmp_path / "14-notes.md"
    notes.write_text("mine")
    write_all(tmp_path, full(), CONTENT)
    assert notes.read_text() == "mine"


def test_nothing_is_stale_after_writing(tmp_path: Path) -> None:
    assert stale(tmp_path / "none", full(), CONTENT) == tuple(NAMES)
    write_all(tmp_path, full(), CONTENT)
    assert stale(tmp_path, full(), CONTENT) == ()


def test_a_change_of_the_file_or_of_a_document_is_stale(tmp_path: Path) -> None:
    write_all(tmp_path, full(), CONTENT)
    (tmp_path / "09-caching-policy.md").write_text("edited")
    (tmp_path / "13-first-week.md").unlink()
    assert stale(tmp_path, full(), CONTENT) == ("09-caching-policy.md", "13-first-week.md")
    renamed = replace(full(), product=Product(name="Bay Market", domain="harbor.example"))
    assert "11-incident-note.md" in stale(tmp_path, renamed, CONTENT)


def test_a_document_of_ours_under_an_old_name_is_stale(tmp_path: Path) -> None:
    write_all(tmp_path, full(), CONTENT)
    (tmp_path / "14-old-name.md").write_text(f"# Old\n\n{FOOTER}\n")
    (tmp_path / "15-mine.md").write_text("# Mine\n")
    assert stale(tmp_path, full(), CONTENT) == ("14-old-name.md",)


def in_words(error: DocumentsNotWritten) -> None:
    assert error.title.startswith("Could not write")
    assert "Errno" not in str(error)
    assert not faults(error.message)


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    place = tmp_path / "handover"
    place.write_text("mine")
    with pytest.raises(DocumentsNotWritten) as caught:
        write_all(place, EMPTY, CONTENT)
    assert "Something else stands at that place." in caught.value.message
    in_words(caught.value)
    assert place.read_text() == "mine"


def test_a_folder_where_a_document_should_be(tmp_path: Path) -> None:
    (tmp_path / "index.html").mkdir()
    with pytest.raises(DocumentsNotWritten) as caught:
        write_all(tmp_path, EMPTY, CONTENT)
    assert "A folder stands at that place." in caught.value.message
    assert caught.value.path.name == "index.html"
    in_words(caught.value)
    assert "index.html" in stale(tmp_path, EMPTY, CONTENT)


CHILD = """
import os, resource, signal, sys
from pathlib import Path
from launchready_tui.documents import DocumentsNotWritten, files, write_all
from tests.documents.samples import CONTENT, full
files(full(), CONTENT)  # everything is loaded before the rights are given up
if sys.argv[2] == "full":
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
elif os.geteuid() == 0:
    os.seteuid(65534)
try:
    write_all(Path(sys.argv[1]), full(), CONTENT)
except DocumentsNotWritten as error:
    print(error.message)
"""


def in_a_child(folder: Path, how: str) -> str:
    command = processes.python(CHILD, folder, how)
    done = processes.run(command, ROOT, env={"PYTHONPATH": str(ROOT)})
    assert done.code == 0
    return done.out.strip()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit and no such rights")
def test_a_file_that_cannot_be_finished_leaves_the_old_one_whole(tmp_path: Path) -> None:
    """The system refuses to let a file grow, as a full disk does."""
    write_all(tmp_path, EMPTY, CONTENT)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    said = in_a_child(tmp_path, "full")
    assert said.startswith("The system says:")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of its own that an ordinary user can reach: pytest's own are closed to others."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit and no such rights")
def test_a_folder_that_we_may_not_write_in(folder: Path) -> None:
    folder.chmod(0o555)
    assert in_a_child(folder, "read-only").startswith("We may not write there.")
    assert list(folder.iterdir()) == []
