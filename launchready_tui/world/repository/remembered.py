"""What earlier scans of a repository read and found, so that nothing is read twice.

An object of git never changes, so one that was looked at under the same rules need not be looked
at again. Kept are the names of objects, and of each finding its rule, preview, fingerprint and
objects: never a value. It is a cache of this computer: a file that is gone or does not fit is as
good as none.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from launchready_tui.rules.secrets.engine import Engine
from launchready_tui.rules.secrets.leaks import Leak, Spot
from launchready_tui.vocabulary import records
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world.repository import git
from launchready_tui.world.repository.fingerprints import Fingerprints

FORMAT = 2  # another number once a scan of the same objects by the same rules finds other things
FILES = 20  # repositories that are remembered
LARGEST = 128 * 1024 * 1024  # of one file

Places = dict[str, tuple[Spot, ...]]


@dataclass(frozen=True, slots=True)
class Memory:
    """One scan: the objects that it read, in order, and what was found in which of them.

    `ids` are binary names of `width` bytes each, `read` the bytes of all objects. `places` holds
    where the objects with a finding stood while the references had the digest `refs`.
    """

    ids: bytes
    width: int
    read: int
    cut: int
    leaks: tuple[Leak, ...]
    refs: str
    places: Places


class _Found(msgspec.Struct):
    rule: str
    fingerprint: str
    preview: str
    mark: str
    spots: tuple[Spot, ...]


class _Head(msgspec.Struct):
    format: int
    key: str
    width: int
    size: int
    read: int
    cut: int
    refs: str
    leaks: tuple[_Found, ...]
    places: Places


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where one repository's scans are kept. `key` says under which rules and fingerprints."""

    file: Path
    key: str

    def read(self, engine: Engine) -> Memory | None:
        """The earlier scan, where there is one that still fits."""
        try:
            with self.file.open("rb") as opened:
                data = opened.read(LARGEST + 1)
            line, _, ids = data.partition(b"\n")
            head = records.from_json(line, _Head)
        except (OSError, msgspec.MsgspecError):
            return None
        fits = (
            (head.format, head.key, head.size) == (FORMAT, self.key, len(ids))
            and head.width in (20, 32)
            and len(ids) % head.width == 0
        )
        leaks = tuple(_leak(entry, engine) for entry in head.leaks)
        if not fits or None in leaks:
            return None
        known = tuple(leak for leak in leaks if leak is not None)
        return Memory(ids, head.width, head.read, head.cut, known, head.refs, head.places)

    def forget(self) -> None:
        """Take the earlier scan away."""
        self.file.unlink(missing_ok=True)

    def write(self, memory: Memory) -> None:
        """Keep a scan in place of the earlier one. Where that can't be done, nothing is kept."""
        leaks = tuple(
            _Found(leak.rule.id, leak.fingerprint, leak.preview, leak.mark, leak.spots)
            for leak in memory.leaks
        )
        head = _Head(FORMAT, self.key, memory.width, len(memory.ids), memory.read, memory.cut,
                     memory.refs, leaks, memory.places)  # fmt: skip
        name = ""
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(dir=self.file.parent, suffix=".new")
            with os.fdopen(handle, "wb") as opened:
                opened.writelines((msgspec.json.encode(head), b"\n", memory.ids))
            os.replace(name, self.file)
            _tidy(self.file.parent)
        except OSError:
            if name:
                Path(name).unlink(missing_ok=True)


def shelf(
    folder: Path, place: git.Place, fingerprints: Fingerprints, rules_digest: str
) -> Shelf | None:
    """The shelf of a repository below a folder of ours; None where fingerprints do not last, as
    those of another run could not be told apart from what is found now."""
    if not fingerprints.lasting:
        return None
    name = hashlib.sha256(os.fsencode(place.folder.resolve())).hexdigest()[:32]
    key = hashlib.sha256(
        b"\0".join((rules_digest.encode(), fingerprints.named(), fingerprints.salt))
    )
    return Shelf(folder / f"{name}.scan", key.hexdigest())


def folder() -> Path:
    """Where scans are kept on this computer."""
    from platformdirs import user_cache_path

    return user_cache_path("launchready") / "scans"


@dataclass(frozen=True, slots=True)
class Past:
    """What need not be read again, and what there is now.

    `fresh` are the objects that nobody read yet (hexadecimal), None for all of them. `leaks` were
    found in objects that are still here. `places` are those of the earlier scan, empty where a
    reference has moved since.
    """

    ids: bytes
    width: int
    refs: str
    fresh: list[bytes] | None = None
    leaks: tuple[Leak, ...] = ()
    objects: int = 0
    read: int = 0
    cut: int = 0
    places: Places = field(default_factory=dict)

    def now(self, read: int, cut: int, leaks: tuple[Leak, ...], places: Places) -> Memory:
        """The scan of today, for the next one."""
        return Memory(self.ids, self.width, read, cut, leaks, self.refs, places)


def recall(place: git.Place, shelf: Shelf, engine: Engine) -> Past | Unreachable:
    """Hold the earlier scan against what is in the repository now."""
    refs = _refs(place)
    listed = git.ask(place, "cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
    if isinstance(refs, Unreachable):
        return refs
    if isinstance(listed, Unreachable):
        return listed
    width = max(listed.find(b"\n") // 2, 0)
    try:
        ids = bytes.fromhex(listed.decode("ascii"))
    except ValueError:
        return Unreachable("damaged", "cat-file")
    earlier = shelf.read(engine)
    if earlier is None or earlier.width != width:
        return Past(ids, width, refs)
    fresh: list[bytes] = []
    leaks = earlier.leaks
    if ids != earlier.ids:
        known = set(_each(earlier.ids, width))
        fresh = [id.hex().encode() for id in _each(ids, width) if id not in known]
        leaks = tuple(_standing(leaks, set(_each(ids, width))))
    total = len(ids) // width
    if len(fresh) * 2 > total:  # git hands over all of them faster in its own order
        return Past(ids, width, refs)
    places = earlier.places if earlier.refs == refs else {}
    return Past(ids, width, refs, fresh, leaks, total - len(fresh), earlier.read, earlier.cut,
                places)  # fmt: skip


def _standing(leaks: Iterable[Leak], here: set[bytes]) -> Iterator[Leak]:
    for leak in leaks:
        spots = tuple(spot for spot in leak.spots if bytes.fromhex(spot.object) in here)
        if spots:
            yield replace(leak, spots=spots)


def _refs(place: git.Place) -> str | Unreachable:
    """SHA-256 of what decides where an object stands: every reference, HEAD, every stash."""
    refs = git.ask(place, "for-each-ref", "--format=%(objectname) %(refname)")
    if isinstance(refs, Unreachable):
        return refs
    head = git.ask(place, "rev-parse", "--verify", "--quiet", "HEAD")
    stashes = git.ask(place, "rev-list", "--walk-reflogs", "refs/stash", "--")
    more = (b"" if isinstance(ids, Unreachable) else ids for ids in (head, stashes))
    return hashlib.sha256(b"\0".join((refs, *more))).hexdigest()


def _each(ids: bytes, width: int) -> Iterator[bytes]:
    return (ids[at : at + width] for at in range(0, len(ids), width or 1))


def _leak(found: _Found, engine: Engine) -> Leak | None:
    rule = engine.rule(found.rule)
    if rule is None:
        return None
    return Leak(rule, found.fingerprint, found.preview, found.mark, found.spots)


def _tidy(folder: Path) -> None:
    """Forget the repositories that were not looked at for the longest."""
    files = sorted(folder.glob("*.scan"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in files[FILES:]:
        path.unlink(missing_ok=True)
