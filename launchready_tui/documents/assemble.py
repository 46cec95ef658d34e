"""Puts each document together: what it is for, how old its facts are, its body, its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from launchready_tui.checklist import Checklist
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
    Bullets,
    Document,
    Heading,
    Line,
    Paragraph,
    Strong,
    lines,
    plain,
)
from launchready_tui.documents.source import Source
from launchready_tui.project.model import Project


@dataclass(frozen=True, slots=True)
class Page:
    """One of the thirteen: its id, what it is for in a sentence, and what writes its body."""

    id: str
    purpose: str
    write: Callable[[Source], tuple[Block, ...]]


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
    source = Source.of(project, checklist)
    titles = {paper.id: paper.title for stage in checklist.stages for paper in stage.documents}
    return tuple(_document(source, page, titles.get(page.id, _title(page.id))) for page in PAGES)


def _document(source: Source, page: Page, title: str) -> Document:
    body = (Paragraph((f"{page.purpose} {source.age()}",)), *page.write(source))
    return Document(page.id, title, (*body, *words_used(body, source.checklist)))


def _title(id: str) -> str:
    """A title from the id, for a checklist that names no documents: "Risk list"."""
    return id.partition("-")[2].replace("-", " ").capitalize()


def words_used(blocks: Iterable[Block], checklist: Checklist) -> tuple[Block, ...]:
    """The terms of the glossary that these blocks use, each explained once, in order of use."""
    text = "\n".join(plain(line) for line in lines(blocks))
    found: list[tuple[int, Line]] = []
    for term, meaning in checklist.glossary.items():
        places = [place for name in (term, *meaning.also) if (place := _first_use(name, text)) >= 0]
        if places:
            found.append((min(places), (Strong(term), f": {meaning.short}")))
    if not found:
        return ()
    return (
        Heading("Words used here"),
        Bullets(tuple(line for _, line in sorted(found, key=_place))),
    )


def _place(found: tuple[int, Line]) -> int:
    return found[0]


def _first_use(name: str, text: str) -> int:
    """Where a term stands as a word of its own, also in the plural; -1 when it does not.

    Words that open a sentence may be capitalised; abbreviations are taken as they are written.
    """
    letters = re.escape(name)
    if name[:1].islower():
        letters = f"[{name[0]}{name[0].upper()}]{re.escape(name[1:])}"
    match = re.search(rf"(?<![\w.@/-]){letters}s?(?![\w@/-]|\.\w)", text)
    return match.start() if match else -1
