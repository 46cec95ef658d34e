"""Environment variables of a repository: who reads them, who gives them, what that means.

Pure: the tree's texts in, names and places out. A value never comes out: equality is told by the
digests of a keyed hash that the caller hands in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from launchready_tui.rules.code import env_platforms, env_reads, env_start
from launchready_tui.rules.code.env_names import (
    Digest,
    Given,
    Guard,
    LooksReal,
    Place,
    Read,
    Unreadable,
    declared_path,
    is_name,
    place_of,
)
from launchready_tui.rules.code.env_values import Hiding

__all__ = [
    "Guard",
    "Needs",
    "Row",
    "Shared",
    "Survey",
    "Unreadable",
    "guarded",
    "needs",
    "real_examples",
    "shared",
    "survey",
    "table",
    "with_set",
]

Code = Literal["required", "optional", ""]


@dataclass(frozen=True, slots=True)
class Row:
    """One name: how the code reads it, where, and which copies of the product are given it."""

    name: str
    code: Code
    places: tuple[tuple[str, int], ...] = ()
    example: bool = False
    staging: bool = False
    production: bool = False
    ci: bool = False


@dataclass(frozen=True, slots=True)
class Survey:
    """All that the files tell. `told` are production's files that the project names and we read."""

    reads: tuple[Read, ...]
    given: tuple[Given, ...]
    unreadable: tuple[Unreadable, ...]
    guards: tuple[Guard, ...]
    languages: frozenset[str]
    told: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()
    must: tuple[str, ...] = ()

    @property
    def required(self) -> tuple[str, ...]:
        """The names that the code can't do without, and those that the project file demands."""
        needed = {each.name for each in self.reads if each.required}
        return tuple(sorted(needed | set(self.must)))

    def has(self, name: str, *places: Place) -> bool:
        """Whether the name is given in one of these places."""
        return any(each.name == name and each.place in places for each in self.given)

    def files_of(self, *places: Place) -> tuple[str, ...]:
        """The paths of the files that give names in these places, sorted."""
        return tuple(sorted({each.path for each in self.given if each.place in places}))


@dataclass(frozen=True, slots=True)
class Needs:
    """What production needs. The three last parts hold what no file of production gives.

    `on_list` stands in the project's own list. `lacking` is missing in all of production's
    files, which the project names. `in_example` and `nowhere` may live in a host's settings:
    nobody can tell.
    """

    required: tuple[str, ...]
    on_list: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    in_example: tuple[str, ...] = ()
    nowhere: tuple[str, ...] = ()

    @property
    def unseen(self) -> tuple[str, ...]:
        """All names that no file of production gives, sorted."""
        return tuple(sorted({*self.on_list, *self.lacking, *self.in_example, *self.nowhere}))


@dataclass(frozen=True, slots=True)
class Shared:
    """Staging and production have one thing in common: a secret, a database, or its server."""

    kind: Literal["secret", "database", "server"]
    name: str
    other: str
    staging: str
    production: str


def survey(
    tree: Mapping[str, str],
    env_files: Mapping[str, str] | None = None,
    *,
    digest: Digest,
    looks_real: LooksReal,
    declared: Iterable[str] = (),
    must: Iterable[str] = (),
) -> Survey:
    """Read a repository's files, and the settings files beside it that are not part of it.

    `declared` are the files that the project names; one whose name says nothing else is
    production's. `must` are the names that the project file demands.
    """
    files = env_files or {}
    beside = {path: files[path] for path in files if path not in tree}
    hiding = Hiding(digest, looks_real)
    code = env_reads.read(tree)
    given, unreadable = env_platforms.provided(tree, hiding)
    more, worse = env_platforms.provided(beside, hiding, alone=True)
    told, untold = _told(declared, tree, beside)
    for path, text in told.items():
        given = [each for each in given if each.path != path]
        more = [each for each in more if each.path != path]
        more += env_platforms.as_production(path, text, hiding)
    return Survey(
        tuple(sorted(code.reads, key=lambda each: (each.name, each.path, each.line))),
        tuple(given + more),
        tuple(sorted({*unreadable, *worse}, key=lambda each: each.path)),
        env_start.at_start(tree, code.guards),
        frozenset(code.languages),
        tuple(told),
        untold,
        tuple(sorted({name for name in must if is_name(name)})),
    )


def with_set(found: Survey, names: Iterable[str], where: str) -> Survey:
    """The same, where these names are set for production in an environment that we are in.

    What a CI file hands over is known there: only what arrived counts.
    """
    kept = [
        each
        for each in found.given
        if each.place != "production" or not env_platforms.is_ci_file(each.path)
    ]
    kept += [Given(name, where, "production") for name in names if is_name(name)]
    return replace(found, given=tuple(kept), told=(*found.told, where), untold=())


def _told(
    declared: Iterable[str], tree: Mapping[str, str], beside: Mapping[str, str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Production's files among those that a project names: those that we have, and the others."""
    paths = {each: declared_path(each) for each in declared}
    ours = {each: path for each, path in paths.items() if place_of(each) in ("production", "any")}
    found = {path: beside.get(path) or tree.get(path) or "" for path in ours.values()}
    # An empty text may be one that was too long to be read.
    small = {path: text for path, text in found.items() if 0 < len(text) <= env_platforms.LARGEST}
    return small, tuple(each for each, path in ours.items() if path not in small)


def table(found: Survey) -> tuple[Row, ...]:
    """A row for each name that the code reads, an example lists, or a copy is given."""
    reads: dict[str, list[Read]] = {}
    for each in found.reads:
        reads.setdefault(each.name, []).append(each)
    places: dict[str, set[Place]] = {}
    for one in found.given:
        places.setdefault(one.name, set()).add(one.place)
    listed = {name for name, where in places.items() if where - {"ci", "local"}}
    must = set(found.must)
    rows = []
    for name in sorted({*reads, *listed, *must}):
        where = places.get(name, set())
        mine = sorted(reads.get(name, ()), key=lambda each: not each.required)
        needed = name in must or any(each.required for each in mine)
        code: Code = "required" if needed else "optional" if mine else ""
        spots = tuple(dict.fromkeys((each.path, each.line) for each in mine))
        rows.append(
            Row(
                name,
                code,
                spots,
                example="example" in where,
                staging=bool(where & {"staging", "any"}),
                production=bool(where & {"production", "any"}),
                ci="ci" in where,
            )
        )
    return tuple(rows)


def needs(found: Survey) -> Needs:
    """Which required names no file gives to production, and how sure that is.

    A demand of the project file comes first. Files of production that the project names are taken
    at their word when all of them could be read.
    """
    by_row = {row.name: row for row in table(found)}
    unseen = [by_row[name] for name in found.required if not by_row[name].production]
    must = set(found.must)
    sure = bool(found.told) and not found.untold
    on_list = [row.name for row in unseen if row.name in must]
    rest = [row for row in unseen if row.name not in must]
    return Needs(
        found.required,
        tuple(on_list),
        tuple(row.name for row in rest if sure),
        tuple(row.name for row in rest if not sure and row.example),
        tuple(row.name for row in rest if not sure and not row.example),
    )


def shared(found: Survey) -> tuple[Shared, ...]:
    """What staging and production have in common. Worst first: a secret, a database, a server."""
    staging = [each for each in found.given if each.place == "staging"]
    production = [each for each in found.given if each.place == "production"]
    out: dict[tuple[str, str], Shared] = {}
    for kind in ("secret", "database", "server"):
        theirs = {_digest(each, kind): each for each in production if _digest(each, kind)}
        for each in staging:
            other = theirs.get(_digest(each, kind)) if _digest(each, kind) else None
            if other is None or (kind != "secret" and _told_already(out.values(), each, other)):
                continue
            one = Shared(kind, each.name, other.name, each.path, other.path)
            out.setdefault((kind, each.name), one)
    return tuple(out.values())


def _digest(given: Given, kind: str) -> bytes | None:
    return {"secret": given.digest, "database": given.database, "server": given.server}[kind]


def _told_already(told: Iterable[Shared], staging: Given, production: Given) -> bool:
    return any(
        (each.name, each.staging, each.production) == (staging.name, staging.path, production.path)
        for each in told
    )


def real_examples(found: Survey) -> tuple[Given, ...]:
    """Values in example files that open something: by their look, or production has the same."""
    production = {each.digest for each in found.given if each.place == "production" and each.digest}
    return tuple(
        each
        for each in found.given
        if each.place == "example"
        and (each.real or (each.digest is not None and each.digest in production))
    )


def guarded(found: Survey) -> tuple[str, ...]:
    """The required names that a guard on the start path stops for."""
    names = {name for guard in found.guards for name in guard.names}
    return tuple(name for name in found.required if name in names)
