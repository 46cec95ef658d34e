"""A file that holds nothing yet: no blank, no invented line, and where to answer instead."""

from __future__ import annotations

import pytest

from launchready_tui.documents import build
from launchready_tui.documents.blocks import (
    Checked,
    Code,
    Document,
    Line,
    Mark,
    Missing,
    Table,
    Told,
    lines,
    plain,
    text,
)
from launchready_tui.lab.demo import demo_project
from tests.documents.samples import AT, CONTENT, EMPTY, HOSTILE_TEXTS, full, hostile, page
from tests.every import every

DOCUMENTS = build(EMPTY, CONTENT)
SAMPLES = {
    "empty": DOCUMENTS,
    "demo": build(demo_project(AT), CONTENT),
    "full": build(full(), CONTENT),
    "hostile": build(hostile(HOSTILE_TEXTS[0]), CONTENT),
}


@pytest.mark.parametrize("document", DOCUMENTS, ids=[d.id for d in DOCUMENTS])
def test_each_says_that_nothing_is_recorded(document: Document) -> None:
    opening = text(document).splitlines()[1]
    assert opening.endswith("we have not looked, and nobody has answered.")


@every(
    "document",
    [document for documents in SAMPLES.values() for document in documents],
    ids=[f"{name}-{d.id}" for name, documents in SAMPLES.items() for d in documents],
)
def test_no_cell_and_no_line_is_blank(document: Document) -> None:
    for block in document.blocks:
        if isinstance(block, Table):
            assert block.rows
            assert all(plain(cell).strip() for row in block.rows for cell in row), block.header
        else:
            assert all(plain(line).strip() for line in lines([block]))


def test_an_empty_file_gives_no_mark_of_a_look_and_no_word_of_a_person() -> None:
    everything = [line for document in DOCUMENTS for line in lines(document.blocks)]
    assert not [part for line in everything for part in line if isinstance(part, Checked | Told)]


@pytest.mark.parametrize(
    ("number", "what"),
    [
        (
            1,
            "We have not looked at anything yet, so we know of no risk. Run the checks of stage 1.",
        ),
        (2, "so there is nothing to plan. Run the checks of stage 1."),
        (3, "No addresses are in the file yet. Add them in stage 2, “Subdomains that you need”."),
        (3, "If you moved pages, they belong here. List them in stage 2, “Old addresses”."),
        (4, "what stands in front of your site. Answer it in stage 1, “Cloudflare in front"),
        (5, "looked at your email records yet. Run the checks in stage 3"),
        (6, "No test email is recorded yet. Run the test below, then answer in stage 3, “Four"),
        (7, "No rollback has been timed yet. Run the drill in stage 4, “The way back”."),
        (8, "Nobody has listed the accounts yet. List them in stage 7"),
        (9, "No routes are listed yet"),
        (10, "no page or route that is watched. Say which ones in stage 6, “Key pages watched”."),
        (11, "who hears first when the site goes down. Answer it in stage 6, “Alarms that"),
        (12, "how a key is changed. Answer it in stage 7, “How a key is replaced”."),
    ],
)
def test_a_gap_says_what_is_missing_and_where_to_answer(number: int, what: str) -> None:
    assert what in page(DOCUMENTS, number)


def test_every_gap_of_an_empty_file_names_a_place() -> None:
    gaps = [b for document in DOCUMENTS for b in document.blocks if isinstance(b, Missing)]
    assert len(gaps) > 20
    assert [gap for gap in gaps if not gap.where] == []


def test_an_empty_file_is_never_ready() -> None:
    assert "Can't tell yet" in page(DOCUMENTS, 1)
    assert "We found nothing broken" not in page(DOCUMENTS, 1)


def test_looked_at_and_clean_is_said_as_such() -> None:
    from msgspec.structs import replace

    base = full()
    clean = {
        check: {subject: found for subject, found in subjects.items() if found.verdict == "pass"}
        for check, subjects in base.findings.items()
    }
    good = {id: answer for id, answer in base.answers.items() if id not in BAD}
    documents = build(replace(base, findings=clean, answers=good), CONTENT)
    assert "We found nothing broken in what we looked at." in page(documents, 1)
    assert "Nothing here that we know of." in page(documents, 2)


BAD = ("S1.F2", "S3.C4", "S7.C5", "R5")


def test_checked_and_told_are_never_drawn_alike() -> None:
    assert Checked("24 November").text != Told("Dana", "24 November").text
    risks = SAMPLES["full"][0]
    marks = [part for line in lines(risks.blocks) for part in line]
    told = [part for part in marks if isinstance(part, Told)]
    seen = [part for part in marks if isinstance(part, Checked)]
    assert told
    assert seen
    assert all(part.text.startswith("told by Dana on 23 November") for part in told)
    assert all(part.text == "checked on 24 November" for part in seen)


def test_a_question_put_off_gives_its_reason() -> None:
    from msgspec.structs import replace

    from launchready_tui.verdict.readiness import SKIPPED_FOR_NOW
    from tests.documents.samples import told as answer

    later = replace(EMPTY, answers={"S7.C3": answer(SKIPPED_FOR_NOW, "after the demo")})
    assert "Put off for now. “after the demo” told by Dana" in page(build(later, CONTENT), 12)


def test_a_date_of_another_year_carries_its_year() -> None:
    handover = page(SAMPLES["full"], 12)
    assert "1 March 2027" in handover
    assert "told on 4 November" in handover
    assert "told on 4 November 2026" not in handover


def test_each_term_of_the_glossary_is_explained_once_where_it_is_used() -> None:
    for document in SAMPLES["full"]:
        words = text(document)
        assert words.count("DKIM: A") == int("DKIM" in words)
    assert "TTL: " in page(SAMPLES["full"], 12)
    assert "TTL: " not in page(SAMPLES["full"], 13)


def test_a_host_name_or_an_address_is_no_use_of_a_term() -> None:
    from launchready_tui.documents.assemble import words_used
    from launchready_tui.documents.blocks import Paragraph, Terms

    def terms(*line: str | Code) -> list[str]:
        blocks = words_used([Paragraph(line)], CONTENT)
        return [term for b in blocks if isinstance(b, Terms) for term, _ in b.items]

    assert terms("See ", Code("api.cache.example/deploy"), ".") == []
    assert "cache" in terms("Empty the cache.")
    assert "cache" in terms("Caches are copies.")


def test_marks_carry_a_glyph_and_a_word() -> None:
    def marks(line: Line) -> list[Mark]:
        return [part for part in line if isinstance(part, Mark)]

    found = [m for d in SAMPLES["full"] for line in lines(d.blocks) for m in marks(line)]
    assert found
    assert all(mark.glyph and mark.word for mark in found)
