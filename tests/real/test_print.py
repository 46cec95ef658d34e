"""A real browser opens the page and prints it; real tools read the paper back."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from launchready_tui.documents import build, write_all
from launchready_tui.project.model import Project
from tests.documents.samples import CONTENT, EMPTY, HOSTILE_TEXTS, full, hostile
from tests.real.servers import program

pytestmark = pytest.mark.real

# Nothing but the page itself: no first-run page, no update, no network of its own.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
A4 = (595, 842)  # points


def browse(page: Path, profile: Path, *more: str) -> subprocess.CompletedProcess[str]:
    chromium = program("chromium", "chromium")
    return subprocess.run(
        [chromium, *FLAGS, f"--user-data-dir={profile}", *more, page.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )


def tool(name: str, *arguments: str) -> str:
    path = program(name, "poppler-utils")
    return subprocess.run([path, *arguments], capture_output=True, text=True, check=True).stdout


Printed = Callable[[str], Path]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """Prints a sample's page once; gives the path of the PDF."""
    samples: dict[str, Project] = {
        "full": full(),
        "empty": EMPTY,
        "long": hostile("w" * 5_000),
        "script": hostile(HOSTILE_TEXTS[0]),
    }
    done: dict[str, Path] = {}

    def once(name: str) -> Path:
        if name not in done:
            folder = tmp_path_factory.mktemp(name)
            write_all(folder, samples[name], CONTENT)
            paper = folder / "handover.pdf"
            profile = tmp_path_factory.mktemp("profile")
            browse(
                folder / "index.html", profile, "--no-pdf-header-footer", f"--print-to-pdf={paper}"
            )
            done[name] = paper
        return done[name]

    return once


def pages(paper: Path) -> list[str]:
    text = tool("pdftotext", "-layout", str(paper), "-")
    return text.removesuffix("\f").split("\f")


@pytest.mark.parametrize("name", ["full", "empty"])
def test_each_document_starts_on_a_page_of_its_own(printed: Printed, name: str) -> None:
    read = pages(printed(name))
    firsts = [page.strip().splitlines()[0].strip() for page in read]
    titles = [document.title for document in build(EMPTY, CONTENT)]
    assert [first for first in firsts if first in titles] == titles
    assert all(title in " ".join(read[0].split()) for title in titles), "the table of contents"


@pytest.mark.parametrize("name", ["full", "empty"])
def test_every_page_is_a4_with_its_number_and_holds_something(printed: Printed, name: str) -> None:
    paper = printed(name)
    size = re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", tool("pdfinfo", str(paper)))
    assert size is not None
    assert (round(float(size[1])), round(float(size[2]))) == A4
    read = pages(paper)
    for number, page in enumerate(read, 1):
        assert f"{number} / {len(read)}" in page
        assert len(page.split()) > 12, f"page {number} is nearly empty"


def test_the_paper_says_what_the_file_says(printed: Printed) -> None:
    words = " ".join(tool("pdftotext", str(printed("full")), "-").split())
    for fact in (
        "Harbor Market",
        "Not yet: 6 to fix today.",
        "3. The certificate of app.harbor.example ran out on 3 November",
        "v=spf1 include:_spf.google.com ~all",
        "told by Dana on 23 November",
        "✓ checked on 24 November",
        "The last drill took 6 min 40 s.",
        "Fewer than 30 visitors so far?",
        "T5: Back within 15 minutes",
    ):
        assert fact in words, fact


@pytest.mark.parametrize("name", ["full", "empty", "long", "script"])
def test_nothing_runs_off_the_paper(printed: Printed, name: str) -> None:
    boxes = tool("pdftotext", "-bbox", str(printed(name)), "-")
    width = A4[0]
    places = re.findall(r'<word xMin="([-\d.]+)" yMin="[-\d.]+" xMax="([-\d.]+)"', boxes)
    assert len(places) > 1000
    margin = 40
    assert not [
        place for place in places if float(place[0]) < margin or float(place[1]) > width - margin
    ]


def test_hostile_text_is_printed_as_text(printed: Printed) -> None:
    assert "<script>alert(1)</script>" in tool("pdftotext", str(printed("script")), "-")


def test_the_browser_refuses_nothing_and_opens_nothing(printed: Printed, tmp_path: Path) -> None:
    """The page obeys its own policy: a refused style or a request would be logged."""
    page = printed("full").parent / "index.html"
    opened = browse(page, tmp_path, "--enable-logging=stderr", "--v=0", "--dump-dom")
    assert opened.stdout.count("<article id=") == 13
    assert not re.search(r"Refused|Content.Security.Policy|net::ERR|CONSOLE", opened.stderr)


def test_the_first_page_is_drawn(printed: Printed, tmp_path: Path) -> None:
    tool("pdftoppm", "-r", "40", "-l", "1", "-gray", str(printed("full")), str(tmp_path / "page"))
    picture = next(tmp_path.glob("page*.pgm")).read_bytes()
    dark = sum(shade < 100 for shade in picture[-100_000:])
    assert 100 < dark < 50_000
