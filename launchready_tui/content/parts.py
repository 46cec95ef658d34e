"""What others bring: a folder like `checklists/`, read and merged with the checklist in use.

Two kinds of folder are merged, by the rules of `docs/decisions/0019-extensions.md`. A package may
only add. A folder that somebody names with `--checklists` may also say things in other words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from launchready_tui.content import check_pages, source
from launchready_tui.content.checklist import (
    CHANGES,
    GLOSSARY,
    GUARDS,
    KINDS,
    PURPOSES,
    TARGETS,
    AlwaysOn,
    ChangeWords,
    Checklist,
    Content,
    DocumentEntry,
    Item,
    Link,
    Provider,
    Role,
    Stage,
    Target,
    Term,
    Words,
    read_stages,
    read_table,
    read_words,
)
from launchready_tui.content.source import ContentError, Place, Source

T = TypeVar("T")

# A piece of content by its kind and name: ("item", ID), ("words", "tls.valid.expired").
Piece = tuple[str, str]
_FOLDERS = ("stages", "findings", "providers", "pages")


class StagePart(Content, frozen=True, kw_only=True):
    """Items for a stage. One that is new has an id, a title and a goal as well."""

    number: int
    id: str = ""
    title: str = ""
    goal: str = ""
    items: tuple[Item, ...] = msgspec.field(name="item", default=())
    documents: tuple[DocumentEntry, ...] = msgspec.field(name="document", default=())
    links: tuple[Link, ...] = ()


@dataclass(slots=True)
class Part:
    """Everything in a folder, and where each piece of it stands."""

    root: Path
    stages: list[tuple[StagePart, Place]] = field(default_factory=list)
    words: dict[str, Words] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    providers: dict[str, dict[str, Provider]] = field(default_factory=dict)
    glossary: dict[str, Term] = field(default_factory=dict)
    targets: dict[str, Target] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    changes: dict[str, Mapping[str, ChangeWords]] = field(default_factory=dict)
    always_on: AlwaysOn | None = None
    pages: dict[str, str] = field(default_factory=dict)
    places: dict[Piece, Place] = field(default_factory=dict)

    def add(self, kind: str, found: Mapping[str, tuple[T, Place]]) -> dict[str, T]:
        """Note the places of these pieces, and give the pieces."""
        self.places |= {(kind, name): place for name, (_, place) in found.items()}
        return {name: piece for name, (piece, _) in found.items()}


def read(root: Path) -> Part:
    """Read a folder of which any part may be missing. Raises `ContentError`."""
    part = Part(root)
    if not any((root / name).exists() for name in (*_FOLDERS, GLOSSARY)):
        raise ContentError(
            f"{root} is no folder of content: it has none of stages, findings, providers, pages "
            "and glossary.toml.",
            path=root,
        )
    part.stages = read_stages(root, StagePart)
    for stage, place in part.stages:
        part.places["stage", str(stage.number)] = place
        for number, item in enumerate(stage.items):
            at = Place(place.source, ("item", number))
            if ("item", item.id) in part.places:
                raise at.error(f"The item {item.id} stands there twice.", "id")
            part.places["item", item.id] = at
    words, titles = read_words(root)
    part.words, part.titles = part.add("words", words), part.add("title", titles)
    for kind in KINDS:
        table = _optional(root / "providers" / f"{kind}.toml", Provider)
        part.providers[kind] = part.add(f"{kind} provider", table)
    part.glossary = part.add("term", _optional(root / GLOSSARY, Term))
    part.roles = part.add("purpose", _optional(root / PURPOSES, Role))
    part.changes = part.add("change", _optional(root / CHANGES, dict[str, ChangeWords]))
    part.targets = part.add("target", _targets(root / TARGETS))
    if (root / GUARDS).exists():
        guards = source.read(root / GUARDS)
        part.always_on = part.add("guards", {GUARDS: (guards.convert(AlwaysOn), Place(guards))})[
            GUARDS
        ]
    part.pages = part.add("page", dict(_pages(root / "pages")))
    return part


def _optional(path: Path, shape: type[T]) -> dict[str, tuple[T, Place]]:
    return read_table(path, shape) if path.exists() else {}


def _targets(path: Path) -> dict[str, tuple[Target, Place]]:
    rows = _optional(path, tuple[Target, ...]).get("target")
    if rows is None:
        return {}
    found, place = rows
    return {row.id: (row, Place(place.source, ("target", at))) for at, row in enumerate(found)}


def _pages(folder: Path) -> Iterator[tuple[str, tuple[str, Place]]]:
    """The pages about checks, by check. They are Markdown: only the file can be named."""
    for path in sorted(folder.glob("*.md")):
        try:
            text = path.read_text("utf-8")
            page = check_pages.parse(text)
        except (OSError, ValueError) as error:
            raise ContentError(f"{path}, line 1: {error}", path=path, line=1) from error
        if page.check != path.stem:
            raise ContentError(
                f"{path}, line 1: This page is about {page.check}, so its name is {page.check}.md.",
                path=path,
                line=1,
            )
        yield path.stem, (str(path), Place(Source(path, text, {})))


# ------------------------------------------------------------------ merging


def merge(base: Checklist, part: Part, *, may_replace: bool) -> Checklist:
    """The checklist with this folder's content. Raises `ContentError` where it may not go."""

    def table(kind: str, old: Mapping[str, T], new: Mapping[str, T], may_add: bool = True) -> Any:
        for name, piece in new.items():
            place = part.places[kind, name]
            if name in old and old[name] != piece and not may_replace:
                raise place.error(f"{kind} “{name}” is there already: a package can only add.")
            if name not in old and not may_add:
                raise place.error(f"{kind} “{name}” is new, and none can be added.")
        return {**old, **new}

    if part.always_on is not None and part.always_on != base.always_on and not may_replace:
        raise part.places["guards", GUARDS].error("A package can't change the guards.")
    if not may_replace:
        for check in part.pages.keys() & (check_pages.pages() | base.pages.keys()):
            raise part.places["page", check].error("There is a page about this check already.")
    targets = table("target", {each.id: each for each in base.targets}, part.targets, False)
    return replace(
        base,
        stages=_stages(base, part, may_replace),
        words=table("words", base.words, part.words),
        titles=table("title", base.titles, part.titles),
        providers={
            kind: table(f"{kind} provider", base.providers[kind], part.providers[kind])
            for kind in KINDS
        },
        glossary=table("term", base.glossary, part.glossary),
        targets=tuple(targets.values()),
        roles=table("purpose", base.roles, part.roles, False),
        changes=table("change", base.changes, part.changes, False),
        always_on=part.always_on or base.always_on,
        pages={**base.pages, **part.pages},
    )


def _stages(base: Checklist, part: Part, may_replace: bool) -> tuple[Stage, ...]:
    stages = {stage.number: stage for stage in base.stages}
    homes = {item.id: stage.number for stage, item in base.items()}
    for brought, place in part.stages:
        for item in brought.items:
            home = homes.get(item.id, brought.number)
            replaces = item.id in homes and not may_replace and base.item(item.id) != item
            if home != brought.number or replaces:
                raise part.places["item", item.id].error(
                    f"Stage {home} has an item {item.id} already.", "id"
                )
        old = stages.get(brought.number)
        stages[brought.number] = (
            _new_stage(brought, place, stages.values())
            if old is None
            else _joined(old, brought, place, may_replace)
        )
    return tuple(stages[number] for number in sorted(stages))


def _new_stage(brought: StagePart, place: Place, others: Any) -> Stage:
    for key in ("id", "title", "goal"):
        if not getattr(brought, key):
            raise place.error(f"Stage {brought.number} is new, so it needs “{key}”.", "number")
    if any(stage.id == brought.id for stage in others):
        raise place.error(f"There is a stage “{brought.id}” already.", "id")
    if brought.documents:
        raise place.error("The documents are thirteen: none can be added.", "document")
    return Stage(
        number=brought.number,
        id=brought.id,
        title=brought.title,
        goal=brought.goal,
        items=brought.items,
        links=brought.links,
    )


def _joined(old: Stage, brought: StagePart, place: Place, may_replace: bool) -> Stage:
    """A stage with more items, or with others of the same id; its own words only if we may."""
    words = {key: getattr(brought, key) or getattr(old, key) for key in ("id", "title", "goal")}
    for key, text in words.items():
        if text != getattr(old, key) and (key == "id" or not may_replace):
            raise place.error(f"Stage {old.number} has another {key}: “{getattr(old, key)}”.", key)
    documents = {entry.id: entry for entry in old.documents}
    for number, entry in enumerate(brought.documents):
        if entry.id not in documents or (documents[entry.id] != entry and not may_replace):
            raise place.error(
                f"Stage {old.number} has no document like this: {entry.id}.", "document", number
            )
    return replace(
        old,
        **words,
        items=_by_id(old.items, brought.items, lambda item: item.id),
        documents=_by_id(old.documents, brought.documents, lambda entry: entry.id),
        links=_by_id(old.links, brought.links, lambda link: link.url),
    )


def _by_id(old: tuple[T, ...], new: tuple[T, ...], id: Callable[[T], str]) -> tuple[T, ...]:
    """The old rows with the new ones: in their places where the id is the same, else at the end."""
    return tuple(({id(row): row for row in old} | {id(row): row for row in new}).values())
