"""Scans for secrets: a repository's whole history, a part of it, or the files as they lie there.

Values are in memory only, for as long as their fingerprint takes.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from launchready_tui.rules.secrets.bundles import parts
from launchready_tui.rules.secrets.engine import Engine
from launchready_tui.rules.secrets.leaks import UNOPENED, Context, Leak, Rule, Spot, Where, preview
from launchready_tui.rules.secrets.unpacking import Closed, views
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world.repository import git, objects, provenance, remembered, tree
from launchready_tui.world.repository.fingerprints import Fingerprints
from launchready_tui.world.repository.remembered import Past, Places, Shelf

LEAKS = 2000  # different values; of a repository with more, we say so
FILE = 32 * 1024 * 1024  # of one file in the working tree
# Why an archive stayed closed, in words for where a preview stands.
CLOSED: dict[Closed, str] = {
    "locked": "locked with a password",
    "broken": "broken",
    "too-large": "too large",
    "too-deep": "inside too many others",
    "other-kind": "of a kind we can't open",
}


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found. `gaps` says why it is not all: "shallow", "partial", "cut", "many",
    "closed". Of the `objects`, an earlier scan has read the `known` ones.
    `settled` are the marks and rules of values that somebody looked at, as the list beside the
    code has them.
    """

    leaks: tuple[Leak, ...]
    gaps: tuple[str, ...] = ()
    objects: int = 0
    bytes: int = 0
    known: int = 0
    settled: frozenset[tuple[str, str]] = frozenset()

    def open(self) -> tuple[Leak, ...]:
        """The values that nobody has settled."""
        return tuple(one for one in self.leaks if (one.mark, one.rule.id) not in self.settled)


class _Gathered:
    """Values by fingerprint, and the objects or files in which each stands."""

    def __init__(self, engine: Engine, fingerprints: Fingerprints) -> None:
        self._fingerprints = fingerprints
        self._unopened = engine.rule(UNOPENED)
        self._leaks: dict[str, Leak] = {}
        self._spots: dict[str, dict[Spot, None]] = defaultdict(dict)
        self.many = False
        self.closed = 0  # archives that no rule is there to tell of

    def add(self, rule: Rule, value: bytes, spot: Spot, shown: str = "") -> None:
        name = self._fingerprints.of(rule, value)
        if name not in self._leaks:
            if len(self._leaks) >= LEAKS:
                self.many = True
                return
            mark = self._fingerprints.mark(rule, value)
            self._leaks[name] = Leak(rule, name, shown or preview(rule, value), mark)
        self._spots[name][spot] = None

    def unopened(self, name: bytes, size: int, why: Closed, spot: Spot) -> None:
        """An archive that stayed closed, wholly or in part: `name` says which bytes it is."""
        if self._unopened is None:
            self.closed += 1
        else:
            self.add(self._unopened, name, spot, f"{CLOSED[why]}, {size:,} bytes")

    def restore(self, leaks: Iterable[Leak]) -> None:
        """What an earlier scan found, its spots as they were then."""
        for leak in leaks:
            self._leaks[leak.fingerprint] = replace(leak, spots=())
            self._spots[leak.fingerprint].update(dict.fromkeys(leak.spots))

    def holders(self) -> set[str]:
        """The objects in which something was found."""
        return {spot.object for spots in self._spots.values() for spot in spots}

    def leaks(self, where: Callable[[Spot], Iterable[Spot]] | None = None) -> tuple[Leak, ...]:
        """All of them, each spot put in its places."""
        done = []
        for name, leak in self._leaks.items():
            spots = self._spots[name]
            places = [place for spot in spots for place in where(spot)] if where else list(spots)
            done.append(replace(leak, spots=tuple(sorted(set(places)))))
        return tuple(done)

    def gaps(self, progress: objects.Progress) -> tuple[str, ...]:
        found = {"cut": progress.cut, "many": self.many, "closed": self.closed}
        return tuple(name for name, so in found.items() if so)


def history(
    place: git.Place,
    engine: Engine,
    fingerprints: Fingerprints,
    progress: objects.Progress,
    only: Iterable[str] | None = None,
    shelf: Shelf | None = None,
    paths: Mapping[str, str] | None = None,
) -> Scan | Unreachable:
    """Every object of a repository, or `only` these, with the places of what was found.

    `paths` are those of objects that no commit may have yet: the staged ones.

    With a `shelf`, objects that an earlier scan read are not read again, and what it found in
    them stands. Git itself says which objects there are now, and where.
    """
    gathered = _Gathered(engine, fingerprints)
    past: Past | None = None
    ids = None if only is None else [id.encode() for id in only]
    if shelf is not None and only is None:
        found = remembered.recall(place, shelf, engine)
        if isinstance(found, Unreachable):
            return found
        past, ids = found, found.fresh
        gathered.restore(past.leaks)
        progress.cut = past.cut
    failed = _read(place, engine, gathered, progress, ids)
    if failed is not None:
        return failed
    gaps = git.gaps(place)
    if progress.missing and "partial" not in gaps:
        return Unreachable("damaged", "cat-file")
    places = _places(place, gathered.holders(), past)
    if isinstance(places, Unreachable):
        return places
    places = {**places, **_staged_places(places, paths or {})}
    gaps += gathered.gaps(progress)
    known = past.objects if past is not None else 0
    size = progress.bytes + (past.read if past is not None else 0)
    if shelf is not None and past is not None and "many" not in gaps:
        shelf.write(past.now(size, progress.cut, gathered.leaks(), places))
    leaks = gathered.leaks(
        lambda spot: (provenance.inside(place, spot) for place in places[spot.object])
    )
    return Scan(leaks, gaps, progress.objects + known, size, known=known)


def _read(
    place: git.Place,
    engine: Engine,
    gathered: _Gathered,
    progress: objects.Progress,
    ids: list[bytes] | None,
) -> Unreachable | None:
    if ids == []:
        return None

    def hit(id: str, type: str, rule: Rule, value: bytes, line: int, inside: str) -> None:
        where: Where = "message" if type != "blob" else "history"
        gathered.add(rule, value, Spot(where, inside, line, object=id))

    def closed(id: str, size: int, why: Closed) -> None:
        gathered.unopened(id.encode(), size, why, Spot("history", object=id))

    return objects.scan(place, engine, objects.Found(hit, closed), progress, ids)


def _places(place: git.Place, wanted: set[str], past: Past | None) -> Places | Unreachable:
    if past is not None and wanted <= past.places.keys():
        return past.places
    return provenance.spots(place, wanted)


def _staged_places(places: Places, paths: Mapping[str, str]) -> Places:
    """The places of staged objects: their paths in the folder, then where commits have them."""
    return {
        id: (
            Spot("tree", paths[id], object=id),
            *(spot for spot in spots if spot.where != "unreachable"),
        )
        for id, spots in places.items()
        if id in paths
    }


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
    gathered = _Gathered(engine, fingerprints)
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
    gaps = gathered.gaps(progress) + (("stopped",) if progress.stop.is_set() else ())
    return Scan(gathered.leaks(), gaps, progress.objects, progress.bytes)


def _file(gathered: _Gathered, engine: Engine, path: str, data: bytes, context: Context) -> None:
    own: Where = "bundle" if context == "bundle" else "tree"

    def closed(why: Closed) -> None:
        gathered.unopened(hashlib.sha256(data).digest(), len(data), why, Spot("archive", path))

    for inside, packed in views(data, closed):
        for part_of, part in parts(path, packed):
            label = ", ".join(filter(None, (inside, part_of)))
            shown = f"{path} ({label})" if label else path
            line, at = 1, 0
            for hit in engine.hits(part, context):
                line += part.count(b"\n", at, hit.start)
                at = hit.start
                spot = Spot("archive" if inside else own, shown, 0 if inside else line)
                gathered.add(hit.rule, part[hit.start : hit.end], spot)


def served(path: str, data: bytes, engine: Engine, fingerprints: Fingerprints) -> tuple[Leak, ...]:
    """Secrets in one file as a site hands it out, under its address."""
    gathered = _Gathered(engine, fingerprints)
    _file(gathered, engine, path, data, "bundle")
    return gathered.leaks()
