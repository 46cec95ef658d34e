"""What must hold of content, ours and everybody's: each problem names a piece and a key in it.

How words read is measured by our own tests; here is what a screen or a document would stumble on.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from launchready_tui.content import check_pages
from launchready_tui.content.checklist import SKIPPED_FOR_NOW, Checklist, Item, Provider, Words
from launchready_tui.content.parts import Part, Piece
from launchready_tui.content.source import ContentError
from launchready_tui.vocabulary.findings import Impact

_MEANS = ("good", "bad", "unsure", "skip")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
_VALUE = re.compile(r"[a-z0-9][a-z0-9-]*")
_BRACES = re.compile(r"\{([^{}]*)\}")
_FACT = re.compile(r"[a-z_0-9]+")
_COMMON = {"host", "host_ascii", "subject", "domain"}


class Declared(Protocol):
    """What a check says of itself: its id and its outcomes by verdict."""

    @property
    def id(self) -> str:
        """The id of the check."""

    @property
    def passes(self) -> tuple[str, ...]:
        """Names of the outcomes that pass."""

    @property
    def warns(self) -> tuple[str, ...]:
        """Those that warn."""

    @property
    def fails(self) -> tuple[str, ...]:
        """Those that fail."""

    @property
    def skips(self) -> tuple[str, ...]:
        """Those that do not apply."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: with which piece of content, at which key in it, and what."""

    piece: Piece
    says: str
    key: str = ""
    at: int | None = None  # which row of that key

    @property
    def keys(self) -> tuple[str | int, ...]:
        """The keys that lead to the faulty value inside its piece."""
        keys = (self.key,) if self.key else ()
        return keys if self.at is None else (*keys, self.at)


def refuse(part: Part, found: Iterable[Problem]) -> None:
    """Raise `ContentError` with every problem of this folder, each with file, line and key."""
    errors = [
        place.error(problem.says, *problem.keys)
        for problem in found
        if (place := part.places.get(problem.piece))
    ]
    if errors:
        errors.sort(key=lambda error: (str(error.path), error.line or 0, error.column or 0))
        first = errors[0]
        raise ContentError(
            "\n".join(dict.fromkeys(map(str, errors))),
            path=first.path,
            line=first.line,
            column=first.column,
            key=first.key,
        )


def problems(
    content: Checklist, checks: Mapping[str, Declared], reasons: Collection[str]
) -> Iterator[Problem]:
    """Everything that is wrong with this content, given the checks and the reasons for unknown."""
    for item in (item for stage in content.stages for item in stage.items):
        yield from _item(item, content, checks)
    for key, words in content.words.items():
        yield from _words(key, words, content, checks, reasons)
    for check in content.titles.keys() - checks.keys():
        yield Problem(("title", check), f"There is no check {check}.")
    for kind, table in content.providers.items():
        for id, provider in table.items():
            yield from _provider((f"{kind} provider", id), provider)
    yield from _terms(content)
    for check, path in content.pages.items():
        yield from _page(check, Path(path), checks)


def missing_words(check: Declared, content: Checklist) -> tuple[str, ...]:
    """What has no words yet: outcomes of a check, or its title."""
    outcomes = (*check.passes, *check.warns, *check.fails, *check.skips)
    lost = tuple(name for name in outcomes if f"{check.id}.{name}" not in content.words)
    return lost if check.id in content.titles else ("title", *lost)


def _item(item: Item, content: Checklist, checks: Mapping[str, Declared]) -> Iterator[Problem]:
    piece = ("item", item.id)
    if not _ID.fullmatch(item.id):
        yield Problem(piece, "An id is made of letters, digits, dots and hyphens.", "id")
    for key in ("title", "question", "why", "fix", "verify", "harms"):
        if not getattr(item, key):
            yield Problem(piece, f"“{key}” is empty.", key)
    for at, step in enumerate(item.fix):
        if not step or step != step.strip():
            yield Problem(piece, "This step is empty, or begins or ends with a space.", "fix", at)
    if len(set(item.harms)) < len(item.harms):
        yield Problem(piece, "A harm stands there twice.", "harms")
    if not 5 <= item.minutes <= 120:
        yield Problem(piece, "“minutes” goes from 5 to 120.", "minutes")
    for at, check in enumerate(item.checks):
        if check not in checks:
            yield Problem(piece, f"There is no check {check}.", "checks", at)
    for at, term in enumerate(item.glossary):
        if term not in content.glossary:
            yield Problem(piece, f"The glossary does not explain “{term}”.", "glossary", at)
    yield from _choices(piece, item)


def _choices(piece: Piece, item: Item) -> Iterator[Problem]:
    """Whether the question can be answered honestly: yes, no and "not sure", good first."""
    means = [choice.means for choice in item.choices]
    for at, choice in enumerate(item.choices):
        if not _VALUE.fullmatch(choice.value) or choice.value == SKIPPED_FOR_NOW:
            says = f"A value is small letters and hyphens, and not “{SKIPPED_FOR_NOW}”."
            yield Problem(piece, says, "choices", at)
    if len({choice.value for choice in item.choices}) < len(item.choices):
        yield Problem(piece, "Two choices have the same value.", "choices")
    if len({choice.label for choice in item.choices}) < len(item.choices):
        yield Problem(piece, "Two choices have the same label.", "choices")
    if not {"good", "bad"} <= set(means) or means.count("unsure") != 1:
        yield Problem(piece, "A question needs a good choice, a bad one and one unsure.", "choices")
    elif means != sorted(means, key=_MEANS.index):
        yield Problem(piece, "The choices stand in the order good, bad, unsure, skip.", "choices")


def _words(
    key: str,
    words: Words,
    content: Checklist,
    checks: Mapping[str, Declared],
    reasons: Collection[str],
) -> Iterator[Problem]:
    piece = ("words", key)
    id, _, outcome = key.rpartition(".")
    check = checks.get(id)
    if check is None and id != "unknown":
        yield Problem(piece, f"There is no check {id}.")
        return
    warns, fails = (check.warns, check.fails) if check else ((), ())
    fine = (*check.passes, *check.skips) if check else ()
    if outcome not in (*warns, *fails, *fine, *reasons):
        yield Problem(piece, f"{id} never ends as “{outcome}”.")
    needs = ["says", "why"]
    if outcome not in fine:
        needs += ["fix", "verify"]
    if outcome in (*warns, *fails):
        needs += ["impact", "harms", "minutes"]
    for part in needs:
        if not getattr(words, part):
            yield Problem(piece, f"“{part}” is missing.", part)
    if outcome in warns and words.impact is Impact.BLOCKER:
        yield Problem(piece, "A warning can't be a blocker.", "impact")
    if words.impact is not None and outcome not in (*warns, *fails):
        yield Problem(piece, "Only what is wrong has an impact.", "impact")
    yield from _steps(piece, words, content)
    for part in ("says", "why", "verify"):
        if not all(map(_FACT.fullmatch, _BRACES.findall(getattr(words, part)))):
            yield Problem(piece, "In braces stands the name of a fact: {host}.", part)


def _steps(piece: Piece, words: Words, content: Checklist) -> Iterator[Problem]:
    """Whether every step that points to a provider leads somewhere, at every provider."""
    for at, step in enumerate(words.fix):
        if not all(map(_FACT.fullmatch, _BRACES.findall(step))):
            yield Problem(piece, "In braces stands the name of a fact: {host}.", "fix", at)
        if not step.startswith("@"):
            continue
        kind, _, name = step[1:].partition(".")
        generic = content.providers.get(kind, {}).get("generic")
        if generic is None or name not in generic.steps:
            says = f"No steps are written for {step}: see providers/{kind}.toml, [generic.steps]."
            yield Problem(piece, says, "fix", at)


def _provider(piece: Piece, provider: Provider) -> Iterator[Problem]:
    if not provider.name:
        yield Problem(piece, "“name” is empty.", "name")
    for steps in provider.steps.values():
        for step in steps:
            if step.startswith("@"):
                yield Problem(piece, f"A step of a provider can't point on: {step}", "steps")
            if not set(_BRACES.findall(step)) <= _COMMON:
                facts = ", ".join(sorted(_COMMON))
                yield Problem(piece, f"A step of a provider knows only {facts}.", "steps")


def _terms(content: Checklist) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for key, term in content.glossary.items():
        if not term.short:
            yield Problem(("term", key), "“short” is empty.", "short")
        for spelling in (key, *term.also):
            owner = owners.setdefault(spelling.lower(), key)
            if owner != key:
                yield Problem(("term", key), f"“{spelling}” belongs to “{owner}” already.")


def _page(check: str, path: Path, checks: Mapping[str, Declared]) -> Iterator[Problem]:
    if check not in checks:
        yield Problem(("page", check), f"There is no check {check}.")
    page = check_pages.parse(path.read_text("utf-8"))
    titles = tuple(section.title for section in page.sections)
    if titles != check_pages.SECTIONS:
        wanted = ", ".join(check_pages.SECTIONS)
        yield Problem(("page", check), f"A page has these headings in this order: {wanted}.")
