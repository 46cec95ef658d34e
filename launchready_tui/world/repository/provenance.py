"""Where an object of a repository stands: paths, the commit that brought it in, HEAD or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import IO

from launchready_tui.rules.secrets.leaks import Spot, Where
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world.repository import git

PLACES = 20  # of one object that are named
STASHES = 200
_READ = 1024 * 1024


def spots(place: git.Place, wanted: Collection[str]) -> dict[str, tuple[Spot, ...]] | Unreachable:
    """The places of each object id, the oldest first; "unreachable" where no ref leads to it."""
    if not wanted:
        return {}
    now = _in_head(place, wanted)
    if isinstance(now, Unreachable):
        return now
    stashes = _stashes(place)
    put_aside = _only_there(place, stashes)
    found = _named(place, wanted)
    for commit, seconds, id, path in _changes(place, set(wanted), stashes):
        date = _day(seconds)
        if not path:
            where: Where = "stash" if commit in put_aside else "message"
            found[id][""] = Spot(where, commit=commit, object=id, date=date)
            continue
        known = found[id].get(path)
        if known is not None and known.date <= date:
            continue
        if known is None and len(found[id]) >= PLACES:
            continue
        where = "head" if path in now.get(id, ()) else "history"
        if commit in put_aside and where != "head":
            where = "stash"
        found[id][path] = Spot(where, path, commit=commit, object=id, date=date)
    spots = {id: tuple(sorted(places.values(), key=lambda one: one.date))
             for id, places in found.items()}  # fmt: skip
    return {id: spots.get(id) or (Spot("unreachable", object=id),) for id in wanted}


def inside(place: Spot, found: Spot) -> Spot:
    """A place of an object, with the line of what was found in it, or with what it is inside of."""
    if found.path:
        return replace(place, path=f"{place.path} ({found.path})".lstrip())
    if place.path or place.where == "unreachable":
        return replace(place, line=found.line)
    return place


def _in_head(place: git.Place, wanted: Collection[str]) -> dict[str, set[str]] | Unreachable:
    """The paths of these objects in HEAD; none in a repository without a commit."""
    listed = git.ask(place, "ls-tree", "-r", "-z", "--full-tree", "HEAD")
    if isinstance(listed, Unreachable):
        return {} if listed.reason == "damaged" else listed  # an unborn branch has no tree
    found: dict[str, set[str]] = defaultdict(set)
    for entry in listed.split(b"\0"):
        head, _, path = entry.partition(b"\t")
        id = head.rpartition(b" ")[2].decode("ascii", "replace")
        if id in wanted:
            found[id].add(path.decode("utf-8", "replace"))
    return found


def _named(place: git.Place, wanted: Collection[str]) -> dict[str, dict[str, Spot]]:
    """Objects that a reference names without a commit: the message of a tag, a tagged file."""
    found: dict[str, dict[str, Spot]] = defaultdict(dict)
    words = "--format=%(objectname) %(objecttype) %(*objectname) %(*objecttype) %(refname)"
    listed = git.ask(place, "for-each-ref", words)
    for line in () if isinstance(listed, Unreachable) else listed.splitlines():
        id, type, inner, inner_type, name = line.decode("utf-8", "replace").split(" ", 4)
        if type == "tag" and id in wanted:
            found[id][""] = Spot("message", object=id)
        for each, kind in ((id, type), (inner, inner_type)):
            if kind == "blob" and each in wanted:
                found[each][name] = Spot("history", name, object=each)
    return found


def _stashes(place: git.Place) -> tuple[str, ...]:
    """The commits of all stashes: the newest is a reference, the others stand in its log."""
    most = f"--max-count={STASHES}"
    listed = git.ask(place, "rev-list", "--walk-reflogs", most, "refs/stash", "--")
    return () if isinstance(listed, Unreachable) else tuple(listed.decode().split())


def _only_there(place: git.Place, stashes: tuple[str, ...]) -> frozenset[str]:
    """Commits that only a stash leads to."""
    if not stashes:
        return frozenset()
    words = ("rev-list", *stashes, "--not", "--branches", "--tags", "--remotes", "--")
    listed = git.ask(place, *words)
    return frozenset() if isinstance(listed, Unreachable) else frozenset(listed.decode().split())


def _changes(
    place: git.Place, wanted: set[str], stashes: tuple[str, ...]
) -> Iterator[tuple[str, str, str, str]]:
    """Commit, author time, object and path, whenever a commit brings one of these objects in.

    A commit or tag that is itself wanted comes with an empty path.
    """
    words = ("log", "--all", *stashes, "-m", "--raw", "--no-abbrev", "--no-renames", "-z",
             "--format=%x01%H %at", "--")  # fmt: skip
    with git.running(place, *words) as process:
        assert process.stdout is not None
        commit = seconds = id = ""
        for token in _tokens(process.stdout):
            if id:  # what comes after an entry is its path, whatever it looks like
                if id in wanted:
                    yield commit, seconds, id, token.decode("utf-8", "replace")
                id = ""
            elif (head := token.lstrip(b"\n")).startswith(b"\x01"):
                commit, _, seconds = head[1:].decode("ascii", "replace").strip().partition(" ")
                if commit in wanted:
                    yield commit, seconds, commit, ""
            elif head.startswith(b":") and len(parts := head.split(b" ")) == 5:
                id = parts[3].decode("ascii", "replace")


def _tokens(stream: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while chunk := stream.read(_READ):
        *whole, rest = (rest + chunk).split(b"\0")
        yield from whole
    if rest:
        yield rest


def _day(seconds: str) -> str:
    try:
        return datetime.fromtimestamp(int(seconds), UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        return ""
