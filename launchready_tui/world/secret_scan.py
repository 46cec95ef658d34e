"""Scans for secrets: a repository's whole history, a part of it, or the files as they lie there.

Values are in memory only, for as long as their fingerprint takes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from launchready_tui.facts import Unreachable
from launchready_tui.rules.bundles import parts
from launchready_tui.rules.leak_engine import Engine
from launchready_tui.rules.leaks import Context, Leak, Rule, Spot, Where, preview
from launchready_tui.rules.unpacking import views
from launchready_tui.world import git, objects, provenance, tree
from launchready_tui.world.fingerprints import Fingerprints

LEAKS = 2000  # values that are told apart; a repository with more is told so
FILE = 32 * 1024 * 1024  # of one file in the working tree


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found. `lacks` says why it is not all: "shallow", "partial", "cut", "many".

    `settled` are the marks and rules of values that somebody looked at, as the list beside the
    code has them.
    """

    leaks: tuple[Leak, ...]
    lacks: tuple[str, ...] = ()
    objects: int = 0
    bytes: int = 0
    settled: frozenset[tuple[str, str]] = frozenset()

    def open(self) -> tuple[Leak, ...]:
        """The values that nobody has settled."""
        return tuple(one for one in self.leaks if (one.mark, one.rule.id) not in self.settled)


class _Gathered:
    """Values by fingerprint, and the objects or files in which each stands."""

    def __init__(self, fingerprints: Fingerprints) -> None:
        self._fingerprints = fingerprints
        self._leaks: dict[str, Leak] = {}
        self._spots: dict[str, dict[Spot, None]] = defaultdict(dict)
        self.many = False

    def add(self, rule: Rule, value: bytes, spot: Spot) -> None:
        name = self._fingerprints.of(rule, value)
        if name not in self._leaks:
            if len(self._leaks) >= LEAKS:
                self.many = True
                return
            mark = self._fingerprints.mark(rule, value)
            self._leaks[name] = Leak(rule, name, preview(rule, value), mark)
        self._spots[name][spot] = None

    def objects(self) -> set[str]:
        return {spot.object for spots in self._spots.values() for spot in spots}

    def leaks(self, where: Callable[[Spot], Iterable[Spot]] | None = None) -> tuple[Leak, ...]:
        """All of them, each spot put in its places."""
        done = []
        for name, leak in self._leaks.items():
            spots = self._spots[name]
            told = [each for spot in spots for each in where(spot)] if where else list(spots)
            done.append(replace(leak, spots=tuple(sorted(set(told)))))
        return tuple(done)


def history(
    place: git.Place,
    engine: Engine,
    fingerprints: Fingerprints,
    progress: objects.Progress,
    only: Iterable[str] | None = None,
) -> Scan | Unreachable:
    """Every object of a repository, or `only` these, with the places of what was found."""
    gathered = _Gathered(fingerprints)

    def found(id: str, type: str, rule: Rule, value: bytes, line: int) -> None:
        where: Where = "message" if type != "blob" else "history"
        gathered.add(rule, value, Spot(where, line=line, object=id))

    ids = None if only is None else [id.encode() for id in only]
    failed = objects.scan(place, engine, found, progress, ids)
    if failed is not None:
        return failed
    lacks = _lacks(place)
    if progress.missing and "partial" not in lacks:
        return Unreachable("damaged", "cat-file")
    places = provenance.spots(place, gathered.objects())
    if isinstance(places, Unreachable):
        return places
    leaks = gathered.leaks(
        lambda spot: (provenance.at_line(each, spot.line) for each in places[spot.object])
    )
    lacks += ("cut",) if progress.cut else ()
    lacks += ("many",) if gathered.many else ()
    return Scan(leaks, lacks, progress.objects, progress.bytes)


def range_of(place: git.Place, base: str, head: str) -> tuple[str, ...] | Unreachable:
    """The objects that commits of a range bring: what a pull request adds."""
    for name in (base, head):
        if name.startswith("-") or "\0" in name:
            return Unreachable("no-such-commit", name)
        known = git.ask(place, "rev-parse", "--verify", "--quiet", "--end-of-options",
                        f"{name}^{{commit}}")  # fmt: skip
        if isinstance(known, Unreachable):
            return Unreachable("no-such-commit", name) if known.reason == "damaged" else known
    listed = git.ask(place, "rev-list", "--objects", "--end-of-options", head, f"^{base}", "--")
    if isinstance(listed, Unreachable):
        return listed
    return tuple(line.split(b" ", 1)[0].decode() for line in listed.splitlines())


def staged(place: git.Place) -> dict[str, str] | Unreachable:
    """The objects in the index that HEAD has not, by id, with their paths."""
    index = git.ask(place, "ls-files", "--stage", "-z")
    if isinstance(index, Unreachable):
        return index
    now = git.ask(place, "ls-tree", "-r", "-z", "--full-tree", "HEAD")
    known = set() if isinstance(now, Unreachable) else {
        entry.partition(b"\t")[0].rpartition(b" ")[2] for entry in now.split(b"\0")
    }  # fmt: skip
    found = {}
    for entry in index.split(b"\0"):
        head, _, path = entry.partition(b"\t")
        parts = head.split(b" ")
        if len(parts) == 3 and parts[0] != b"160000" and parts[1] not in known:
            found[parts[1].decode()] = path.decode("utf-8", "replace")
    return found


def files(
    root: Path,
    paths: Iterable[str],
    engine: Engine,
    fingerprints: Fingerprints,
    progress: objects.Progress,
    context: Context = "tree",
    config: Path | None = None,
) -> Scan:
    """Files of a folder as they lie there, archives and source maps opened.

    `config` is git's own, whose addresses may hold a password.
    """
    gathered = _Gathered(fingerprints)
    for path in paths:
        if progress.stop.is_set():
            break
        data = tree.read(root, path, FILE + 1)
        if data is None:
            continue
        progress.objects += 1
        progress.bytes += len(data)
        progress.cut += len(data) > FILE
        _file(gathered, engine, path, data, context)
    if config is not None:
        data = tree.read(config.parent, config.name, tree.TEXT) or b""
        _file(gathered, engine, f".git/{config.name}", data, "tree")
    lacks = [*(("cut",) if progress.cut else ()), *(("many",) if gathered.many else ()),
             *(("stopped",) if progress.stop.is_set() else ())]  # fmt: skip
    return Scan(gathered.leaks(), tuple(lacks), progress.objects, progress.bytes)


def _file(gathered: _Gathered, engine: Engine, path: str, data: bytes, context: Context) -> None:
    own: Where = "bundle" if context == "bundle" else "tree"
    for inside, packed in views(data):
        for part_of, part in parts(path, packed):
            label = ", ".join(filter(None, (inside, part_of)))
            for hit in engine.hits(part, context):
                line = part.count(b"\n", 0, hit.start) + 1 if not inside else 0
                shown = f"{path} ({label})" if label else path
                spot = Spot("archive" if inside else own, shown, line)
                gathered.add(hit.rule, part[hit.start : hit.end], spot)


def tracked(place: git.Place) -> tuple[str, ...] | Unreachable:
    """The paths that git keeps, as the index has them."""
    listed = git.ask(place, "ls-files", "-z")
    if isinstance(listed, Unreachable):
        return listed
    return tuple(path.decode("utf-8", "surrogateescape") for path in listed.split(b"\0") if path)


def _lacks(place: git.Place) -> tuple[str, ...]:
    """Why the history here is not all of it."""
    lacks = []
    answer = git.ask(place, "rev-parse", "--is-shallow-repository")
    if answer == b"true\n":
        lacks.append("shallow")
    partial = git.ask(place, "config", "--local", "--get-regexp", r"^remote\..*\.promisor$")
    if not isinstance(partial, Unreachable) and b"true" in partial.lower():
        lacks.append("partial")
    return tuple(lacks)
