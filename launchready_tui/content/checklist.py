"""Loads and checks `checklists/`: stages and items, words for outcomes, providers, glossary.

Content is TOML, so that a new sentence needs no Python. A mistake in it raises `ContentError`
with the file, the line and the key. What others bring is read and merged by `parts.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from launchready_tui.content import compiled, source
from launchready_tui.content.source import ContentError, Place
from launchready_tui.vocabulary.extension import Fault
from launchready_tui.vocabulary.findings import Harm, Impact

T = TypeVar("T")

# The answer's value when a founder skips a question for now; the reason stands in the note.
SKIPPED_FOR_NOW = "skipped"

Kind = Literal["check", "signal", "restraint", "principle"]
Means = Literal["good", "bad", "unsure", "skip"]


class Content(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every content record: frozen, and a misspelt key is an error."""


class Choice(Content, frozen=True, kw_only=True):
    """One answer to a question. `means`: good, bad, unsure (cannot tell) or skip."""

    value: str
    label: str
    means: Means


class Link(Content, frozen=True, kw_only=True):
    """A place to read more: its title and its address."""

    title: str
    url: str


class Item(Content, frozen=True, kw_only=True):
    """One line of a stage: looked at live (`checks`), asked (`question`), or both.

    `id` is the row of requirements.toml that it answers first, and the key of its answer in the
    file. `asks_for` names what the note should hold ("a name and a phone or chat"). Where
    `sees_part` is true, the checks see only a part of the question: when they find nothing wrong,
    it stays open.
    `place` is the screen that helps with it, by its name in `screens.places`.
    """

    id: str
    title: str
    why: str
    fix: tuple[str, ...]
    verify: str
    kind: Kind = "check"
    question: str = ""
    choices: tuple[Choice, ...] = ()
    asks_for: str = ""
    checks: tuple[str, ...] = ()
    sees_part: bool = False
    covers: tuple[str, ...] = ()
    harms: tuple[Harm, ...] = ()
    impact: Impact = Impact.SOON
    minutes: int = 10
    glossary: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    place: str = ""

    def choice(self, value: str) -> Choice | None:
        """The choice with this value, if the question has it."""
        return next((choice for choice in self.choices if choice.value == value), None)


class DocumentEntry(Content, frozen=True, kw_only=True):
    """One of the thirteen documents: its id (file name without ending) and its title."""

    id: str
    title: str
    says: str
    covers: tuple[str, ...] = ()


class Stage(Content, frozen=True, kw_only=True):
    """One stage of the launch: its goal, its items, its documents and its links."""

    number: int
    id: str
    title: str
    goal: str
    items: tuple[Item, ...] = msgspec.field(name="item", default=())
    documents: tuple[DocumentEntry, ...] = msgspec.field(name="document", default=())
    links: tuple[Link, ...] = ()


class Words(Content, frozen=True, kw_only=True):
    """What a founder reads for one outcome: text with `{facts}`, fix steps or `@kind.step`."""

    says: str
    why: str
    fix: tuple[str, ...] = ()
    verify: str = ""
    impact: Impact | None = None
    harms: tuple[Harm, ...] = ()
    minutes: int = 0


class Provider(Content, frozen=True, kw_only=True):
    """A DNS host, a hosting platform or a mail sender: how to recognise it, and its own steps.

    DNS hosts are recognised by `ns` (endings of name server names), hosting by `headers`
    ("name" or "name: value"), `cnames` (endings) and `addresses`, senders by `spf`, `selectors`
    and `return_path` (ending of its MX or CNAME). `ends_with` compares names with endings.

    A sender's `spf` holds the includes that it needs: any one of them will do, the first is what
    we suggest. `spf_known` are includes that show who sends, but that it does not need.
    `return_path_label` is where its return path usually is: nothing there proves nothing.
    `mx` holds endings of the mail servers that take mail for domains at a sender with mailboxes.
    `apex_name` is what a DNS host wants as the name of the domain itself ("" for an empty field).
    """

    name: str
    ns: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    cnames: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    spf: tuple[str, ...] = ()
    spf_known: tuple[str, ...] = ()
    mx: tuple[str, ...] = ()
    apex_name: str | None = None
    spf_at: Literal["from", "return-path", "nowhere"] = "nowhere"
    selectors: tuple[str, ...] = ()
    selectors_certain: bool = False
    selectors_needed: Literal["all", "any"] = "any"
    return_path: tuple[str, ...] = ()
    return_path_label: str = ""
    steps: Mapping[str, tuple[str, ...]] = {}


class Term(Content, frozen=True, kw_only=True):
    """A word that had to stay, explained. `also` holds other spellings of it."""

    short: str
    also: tuple[str, ...] = ()


class Target(Content, frozen=True, kw_only=True):
    """A target that is measured: its goal, why it matters, and what it needs."""

    id: str
    title: str
    goal: str
    why: str
    needs: str


class Role(Content, frozen=True, kw_only=True):
    """What a host is for: its name inside a sentence ("the app"), and what breaks without it."""

    name: str
    breaks: str


class ChangeWords(Content, frozen=True, kw_only=True):
    """What one planned change of DNS does, with `{facts}`, and what it would break, if anything."""

    says: str
    breaks: str = ""


When = Literal["minute", "day", "change", "main"]


class Guard(Content, frozen=True, kw_only=True):
    """One check that may stay on by itself.

    `item` is the question whose owner understands it, `shown_by` the checks that show that it ran,
    `looks` what its audit runs (ids, or patterns of ids). Without a `command` it is not built yet.
    `faults` counts the launch faults that it is there for, `seen` those that turn it red today.
    """

    id: str
    title: str
    catches: str
    item: str
    runs: tuple[When, ...]
    red: tuple[str, ...]
    faults: int
    seen: int = 0
    shown_by: tuple[str, ...] = ()
    looks: tuple[str, ...] = ()
    command: str = ""


class AlwaysOn(Content, frozen=True, kw_only=True):
    """The checks that may stay on, and how many launch faults we know of."""

    faults: int
    guards: tuple[Guard, ...] = msgspec.field(name="guard")

    def guard(self, id: str) -> Guard | None:
        """The guard with this id, if there is one."""
        return next((guard for guard in self.guards if guard.id == id), None)


ProviderKind = Literal["dns", "hosting", "senders"]


class Checklist(msgspec.Struct, frozen=True):
    """All content, loaded once."""

    stages: tuple[Stage, ...]
    words: Mapping[str, Words]
    titles: Mapping[str, str]  # of checks, by id
    providers: Mapping[str, Mapping[str, Provider]]  # by ProviderKind, then by id
    glossary: Mapping[str, Term]
    targets: tuple[Target, ...]
    roles: Mapping[str, Role]  # by the purpose of a host; "www" for the www of the bare domain
    changes: Mapping[str, Mapping[str, ChangeWords]]  # of DNS: by what changes, then by how
    always_on: AlwaysOn
    pages: Mapping[str, str] = {}  # about checks that others brought, or say otherwise: id to path
    faults: tuple[Fault, ...] = ()  # packages whose words and items are left out

    def stage(self, number: int) -> Stage:
        """The stage with this number. Raises `StopIteration` when there is none."""
        return next(stage for stage in self.stages if stage.number == number)

    def items(self) -> tuple[tuple[Stage, Item], ...]:
        """All items in the order of the stages, each with its stage."""
        return tuple((stage, item) for stage in self.stages for item in stage.items)

    def item(self, id: str) -> Item | None:
        """The item with this id, if there is one."""
        return next((item for _, item in self.items() if item.id == id), None)

    def stages_of(self, check: str) -> tuple[int, ...]:
        """Numbers of the stages that show this check."""
        return tuple(s.number for s in self.stages if any(check in i.checks for i in s.items))

    def covers_of(self, check: str) -> tuple[str, ...]:
        """The requirement rows that this check helps to answer, in order, each once."""
        rows = (row for _, item in self.items() if check in item.checks for row in item.covers)
        return tuple(dict.fromkeys(rows))

    def words_for(self, check: str, outcome: str, *, fault: bool = True) -> Words:
        """The words for an outcome; reasons for not knowing fall back to `unknown.*`.

        A check may fail with the name of a reason ("refused"). Words with an impact say that
        something is broken, so they never speak for an unknown (`fault` false).
        """
        found = self.words.get(f"{check}.{outcome}")
        if found is None or (found.impact is not None and not fault):
            found = self.words.get(f"unknown.{outcome}")
        if found is None:
            raise ContentError(f"checklists/findings has no words for {check}.{outcome}")
        return found

    def role(self, host: str, purpose: str, domain: str) -> Role:
        """What a declared host is for. The www of the product's own domain has words of its own."""
        return self.roles["www" if host == f"www.{domain}" else purpose]

    def has_words(self, check: str, outcome: str) -> bool:
        """Whether an outcome has words: its own, or those that all checks share for "unknown"."""
        return f"{check}.{outcome}" in self.words or f"unknown.{outcome}" in self.words

    def may_block(self, check: str) -> bool:
        """Whether an outcome of this check stops a launch: its unknown is no "ready" then."""
        prefix = f"{check}."
        return any(
            words.impact is Impact.BLOCKER
            for key, words in self.words.items()
            if key.startswith(prefix)
        )

    def steps(self, step: str, chosen: Mapping[str, str]) -> tuple[str, ...]:
        """Fix steps for one line of content.

        A plain sentence stands for itself. `@dns.add-record` becomes the steps of the provider
        in `chosen["dns"]`, or those of the provider `generic` of that kind.
        """
        if not step.startswith("@"):
            return (step,)
        kind, _, name = step[1:].partition(".")
        known = self.providers.get(kind, {})
        for id in (chosen.get(kind, ""), "generic"):
            provider = known.get(id)
            if provider is not None and name in provider.steps:
                return provider.steps[name]
        raise ContentError(f"checklists/providers/{kind}.toml has no steps for {step}")


def ends_with(name: str, endings: Iterable[str]) -> bool:
    """Whether a host name is one of `endings` or lies below it. A `*` stands for any characters:
    `awsdns-*.com` holds ns-1.awsdns-01.com."""
    plain = name.rstrip(".").lower()
    return any(fnmatchcase(f".{plain}", f"*.{ending}") for ending in endings)


_PLACE = re.compile(r"\{([a-z_0-9]+)\}")


def fill(text: str, facts: Mapping[str, str]) -> str:
    """Put facts in the places of a sentence. A fact that is missing is left out, never invented."""
    return _PLACE.sub(lambda place: facts.get(place[1], ""), text)


def folder() -> Path:
    """Where `checklists/` is: inside an installed wheel, or beside the package in a checkout."""
    here = Path(__file__).parents[1]
    inside = here / "checklists"
    return inside if inside.is_dir() else here.parent / "checklists"


KINDS: tuple[ProviderKind, ...] = ("dns", "hosting", "senders")


def load(root: Path) -> Checklist:
    """Read our own folder. Raises `ContentError` naming the file when something is off."""
    words, titles = read_words(root)
    tables = {kind: root / "providers" / f"{kind}.toml" for kind in KINDS}
    return Checklist(
        stages=tuple(stage for stage, _ in read_stages(root, Stage)),
        words={key: each for key, (each, _) in words.items()},
        titles={check: title for check, (title, _) in titles.items()},
        providers={
            kind: {id: each for id, (each, _) in read_table(path, Provider).items()}
            for kind, path in tables.items()
        },
        glossary={term: each for term, (each, _) in read_table(root / GLOSSARY, Term).items()},
        targets=tuple(read_table(root / TARGETS, tuple[Target, ...])["target"][0]),
        roles={role: each for role, (each, _) in read_table(root / PURPOSES, Role).items()},
        changes={
            kind: hows
            for kind, (hows, _) in read_table(root / CHANGES, dict[str, ChangeWords]).items()
        },
        always_on=source.read(root / GUARDS).convert(AlwaysOn),
    )


GLOSSARY, TARGETS, PURPOSES = "glossary.toml", "targets.toml", "purposes.toml"
CHANGES, GUARDS = "changes.toml", "guards.toml"


def read_stages(root: Path, shape: type[T]) -> list[tuple[T, Place]]:
    """The stages of a folder in the order of their files, each with its place."""
    sources = map(source.read, sorted((root / "stages").glob("*.toml")))
    return [(each.convert(shape), Place(each)) for each in sources]


def read_table(path: Path, shape: type[T]) -> dict[str, tuple[T, Place]]:
    """A file whose every key holds one record of this shape."""
    text = source.read(path)
    return {key: (text.convert(shape, (key,)), Place(text, (key,))) for key in text.tree}


def read_words(
    root: Path,
) -> tuple[dict[str, tuple[Words, Place]], dict[str, tuple[str, Place]]]:
    """The words of outcomes ("tls.valid.expired"), and the titles of checks, with their places."""
    words: dict[str, tuple[Words, Place]] = {}
    titles: dict[str, tuple[str, Place]] = {}
    for path in sorted((root / "findings").glob("*.toml")):
        text = source.read(path)
        for key, place in _outcomes(text):
            if key.endswith(".title"):
                title = text.convert(str, place.keys)
                titles[key.removesuffix(".title")] = title, place
            elif key in words:
                raise place.error(f"{key} has words in {words[key][1].source.path.name} already")
            else:
                words[key] = text.convert(Words, place.keys), place
    return words, titles


def _outcomes(text: source.Source) -> Iterator[tuple[str, Place]]:
    """Every outcome in a file of words, and where it stands."""
    topic = text.path.name.partition(".")[0]  # a topic may have several files: email.received.toml
    for check in text.tree:
        if topic == "unknown":
            yield f"unknown.{check}", Place(text, (check,))
            continue
        for name in text.convert(dict[str, Any], (check,)):
            yield f"{topic}.{check}.{name}", Place(text, (check, name))


@cache
def builtin() -> Checklist:
    """The checklist that ships with the product."""
    return compiled.load(folder(), Checklist, load)
