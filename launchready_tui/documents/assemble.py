"""Puts each document together: what it is for, how old its facts are, its body, its words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from launchready_tui.content.checklist import Checklist
from launchready_tui.documents import (
    caching,
    dashboard,
    deployment,
    dns_map,
    edge,
    email_records,
    email_tests,
    first_week,
    fix_plan,
    handover,
    incident,
    risk_list,
    who_can_deploy,
)
from launchready_tui.documents.blocks import (
    Block,
    Document,
    Heading,
    Paragraph,
    Terms,
    lines,
    plain,
)
from launchready_tui.documents.source import Source, prose
from launchready_tui.project.model import Project


@dataclass(frozen=True, slots=True)
class Page:
    """One of the thirteen: its id, what it is for in a sentence, and what writes its body."""

    id: str
    purpose: str
    write: Callable[[Source], tuple[Block, ...]]


# What may stand around a word in a sentence.
_AROUND = ".,:;!?()[]“”‘’\"'·"

PAGES = tuple(
    Page(module.ID, module.PURPOSE, module.write)
    for module in (
        risk_list,
        fix_plan,
        dns_map,
        edge,
        email_records,
        email_tests,
        deployment,
        who_can_deploy,
        caching,
        dashboard,
        incident,
        handover,
        first_week,
    )
)


def build(project: Project, checklist: Checklist) -> tuple[Document, ...]:
    """All thirteen documents in order. The same file and content give equal documents."""
    return build_from(Source.of(project, checklist))


def build_from(source: Source) -> tuple[Document, ...]:
    """As `build`, where the file has been looked through already."""
    stages = source.checklist.stages
    titles = {paper.id: paper.title for stage in stages for paper in stage.documents}
    return tuple(_document(source, page, titles.get(page.id, _title(page.id))) for page in PAGES)


def _document(source: Source, page: Page, title: str) -> Document:
    body = (Paragraph((f"{page.purpose} {source.age()}",)), *page.write(source))
    return Document(page.id, title, (*body, *words_used(body, source.checklist)))


def _title(id: str) -> str:
    """A title from the id, for a checklist that names no documents: "Risk list"."""
    return id.partition("-")[2].replace("-", " ").capitalize()


def words_used(blocks: Iterable[Block], checklist: Checklist) -> tuple[Block, ...]:
    """The terms of the glossary that these blocks use, each explained once, in order of use.

    A term that only an explanation uses is explained too, after the others.
    """
    terms = checklist.glossary
    text = "\n".join(plain(line) for line in lines(blocks))
    found: dict[str, str] = {}
    while new := [term for term in _terms_in(text, checklist) if term not in found]:
        found |= {term: terms[term].short for term in new}
        text = "\n".join(terms[term].short for term in new)
    if not found:
        return ()
    return (
        Heading("Words used here"),
        Terms(tuple((term, prose(short)) for term, short in found.items())),
    )


def _terms_in(text: str, checklist: Checklist) -> list[str]:
    """The keys of the terms that a text uses, in the order of their first use."""
    used = _phrases(text)
    found: list[tuple[int, str]] = []
    for term, meaning in checklist.glossary.items():
        ways = (way + end for way in (term, *meaning.also) for end in ("", "s"))
        places = [used[way] for way in ways if way in used]
        if places:
            found.append((min(places), term))
    return [term for _, term in sorted(found)]


def _phrases(text: str) -> Mapping[str, int]:
    """Every run of one to four words, and where it stands first; also in small letters.

    A host name, an address or a path is one word, so that no part of it counts as a term.
    """
    words = [word.strip(_AROUND) for word in text.split()]
    first: dict[str, int] = {}
    for place in range(len(words)):
        for length in range(1, 5):
            phrase = " ".join(words[place : place + length])
            first.setdefault(phrase, place)
            first.setdefault(phrase.lower(), place)
    return first
