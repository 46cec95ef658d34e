"""What the documents say is measured like all our words: grade, length, forbidden words, terms."""

from __future__ import annotations

from launchready_tui.documents import build
from launchready_tui.documents.blocks import (
    Block,
    Boxes,
    Bullets,
    Callout,
    Checked,
    Code,
    Document,
    Heading,
    Inline,
    Line,
    Mark,
    Missing,
    Paragraph,
    Steps,
    Table,
    Told,
    lines,
)
from launchready_tui.lab.demo import demo_project
from tests.documents.samples import AT, CONTENT, EMPTY, full
from tests.every import every
from tests.readability import faults, forbidden_in, measure, spellings, unexplained

TERMS = spellings(CONTENT.glossary)
# Names in the sample project.
NAMES = ("AB", "DATABASE_URL", "STRIPE_KEY_NAME")

ALL = {
    f"{name}-{document.id}": document
    for name, project in {"empty": EMPTY, "full": full(), "demo": demo_project(AT)}.items()
    for document in build(project, CONTENT)
}
documents = every("document", ALL.values(), ids=ALL)


def spoken(line: Line) -> str:
    """A line as it is read aloud: values are one word, marks of origin are none."""
    return "".join(_spoken(part) for part in line).strip()


def _spoken(part: Inline) -> str:
    match part:
        case str():
            return part
        case Code():
            return "it"
        case Mark() | Checked() | Told():
            return ""
        case _:
            return part.text


def prose(document: Document) -> str:
    """The sentences: paragraphs, lists, steps, callouts, gaps, and cells that hold a sentence."""
    found: list[str] = []
    for block in document.blocks:
        if isinstance(block, Paragraph | Bullets | Steps | Boxes | Callout | Missing):
            found += [spoken(line) for line in lines([block])]
        elif isinstance(block, Table):
            found += [text for line in lines([block]) if (text := spoken(line)).endswith(".")]
    return "\n".join(found)


@documents
def test_a_founder_can_read_it_at_eleven_at_night(document: Document) -> None:
    assert faults(prose(document), TERMS) == ()


@documents
def test_the_grade_aims_at_six(document: Document) -> None:
    seen = measure(prose(document), TERMS)
    assert seen.count > 3
    assert seen.grade <= 6


@documents
def test_no_heading_or_cell_says_a_forbidden_word(document: Document) -> None:
    for line in lines(document.blocks):
        assert forbidden_in(spoken(line)) == ()


@documents
def test_every_technical_word_has_its_place_in_the_glossary(document: Document) -> None:
    blocks: list[Block] = list(document.blocks)
    text = "\n".join(spoken(line) for line in lines(blocks))
    assert [word for word in unexplained(text, CONTENT.glossary) if word not in NAMES] == []


@documents
def test_headings_are_short(document: Document) -> None:
    own = [b.text for b in document.blocks if isinstance(b, Heading) and b.level == 2]
    assert own
    assert all(len(text.split()) <= 9 for text in own)
