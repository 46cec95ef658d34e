"""Scanning real repositories: every place where git keeps something, and nothing twice."""

from __future__ import annotations

import base64
import gzip
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from launchready_tui.rules.secrets.engine import Engine
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world.repository import git, objects, remembered, secret_scan, tree
from launchready_tui.world.repository.fingerprints import Fingerprints
from launchready_tui.world.repository.secret_scan import Scan
from tests.world.git_world import CLOSED, ENGINE, MARKS, RULE, Repo, key, named, new_repo, told


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return new_repo(tmp_path / "repo")


def placed(root: Path) -> git.Place:
    place = git.find(root)
    assert isinstance(place, git.Place)
    return place


def history(
    root: Path, only: tuple[str, ...] | None = None, shelf: remembered.Shelf | None = None
) -> Scan:
    found = secret_scan.history(placed(root), ENGINE, MARKS, objects.Progress(), only, shelf)
    assert isinstance(found, Scan)
    return found


def test_a_clean_history_holds_nothing(repo: Repo) -> None:
    repo.commit(a="hello\n")
    scan = history(repo.root)
    assert (scan.leaks, scan.gaps) == ((), ())
    assert scan.objects == 3


def test_an_empty_repository_is_clean(repo: Repo) -> None:
    assert history(repo.root).leaks == ()


def test_each_value_is_one_leak_with_all_its_places(repo: Repo) -> None:
    first = repo.commit("one", app__settings=f"a = 1\nkey = {key('a')}\n")
    repo.commit("two", app__settings="a = 1\n", copy=f"{key('a')}\n", other=f"x {key('b')}\n")
    scan = history(repo.root)
    found = told(scan.leaks)
    assert found[named("a")] == [("head", "copy", 1), ("history", "app/settings", 2)]
    assert found[named("b")] == [("head", "other", 1)]
    [old] = [spot for leak in scan.leaks for spot in leak.spots if spot.where == "history"]
    assert old.commit == first
    assert old.date == "2026-10-01T12:00:00+00:00"
    assert key("a") not in str(scan)
    assert scan.leaks[0].preview == "tk_live_... (32)"


def test_what_log_p_never_shows_is_found(repo: Repo) -> None:
    """A stash, a message, a tag, an edit of a merge, a commit that no branch has any more."""
    repo.commit("start", a="a\n")
    repo.write("a", f"{key('s')}\n")
    repo.git("stash", "--quiet")
    repo.git("commit", "--quiet", "--allow-empty", "--message", f"use {key('m')}")
    repo.git("tag", "--annotate", "v1", "--message", f"with {key('t')}")
    repo.commit("lost", lost=f"{key('u')}\n")
    repo.git("reset", "--quiet", "--hard", "HEAD~1")
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit("side", b="b\n")
    repo.git("checkout", "--quiet", "main")
    repo.commit("main", c="c\n")
    repo.git("merge", "--quiet", "--no-commit", "side")
    repo.commit("merged", evil=f"{key('e')}\n")
    found = {name: {where for where, _, _ in spots}
             for name, spots in told(history(repo.root).leaks).items()}  # fmt: skip
    assert found == {
        named("s"): {"stash"},
        named("m"): {"message"},
        named("t"): {"message"},
        named("u"): {"unreachable"},
        named("e"): {"head"},
    }


def test_a_shallow_and_a_partial_clone_are_not_all(repo: Repo, tmp_path: Path) -> None:
    repo.commit("one", a=f"{key('a')}\n")
    repo.commit("two", a="clean\n")
    source = repo.root.as_uri()
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.git("clone", "--quiet", "--depth=1", source, str(tmp_path / "shallow"))
    repo.git("clone", "--quiet", "--filter=blob:none", source, str(tmp_path / "partial"))
    shallow, partial = history(tmp_path / "shallow"), history(tmp_path / "partial")
    assert (shallow.leaks, shallow.gaps) == ((), ("shallow",))
    assert partial.gaps == ("partial",)


def test_a_range_is_what_a_pull_request_brings(repo: Repo) -> None:
    base = repo.commit("one", old=f"{key('a')}\n")
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit("two", new=f"{key('b')}\n")
    repo.commit("three", new="clean\n")
    place = placed(repo.root)
    only = secret_scan.range_of(place, base, "HEAD")
    assert isinstance(only, tuple)
    assert told(history(repo.root, only).leaks) == {named("b"): [("history", "new", 1)]}
    for wrong in ("nothing", "--all", "-x"):
        assert secret_scan.range_of(place, wrong, "HEAD") == Unreachable("no-such-commit", wrong)


def test_staged_is_what_the_next_commit_adds(repo: Repo) -> None:
    repo.write("first", f"{key('z')}\n")
    repo.git("add", "first")
    assert secret_scan.staged(placed(repo.root)) != {}
    repo.commit("one", old=f"{key('a')}\n")
    repo.write("new name", f"{key('b')}\n")
    repo.write("not added", f"{key('c')}\n")
    repo.git("add", "new name")
    found = secret_scan.staged(placed(repo.root))
    assert isinstance(found, dict)
    assert list(found.values()) == ["new name"]
    leaks = history(repo.root, tuple(found)).leaks
    assert {leak.fingerprint for leak in leaks} == {named("b")}


def test_names_with_escapes_and_line_ends_stay_whole(repo: Repo) -> None:
    for name in ("two\nlines", "\x1b[31mred", ":colon", "\x01one", "tab\there", "ünïcode"):
        repo.write(name, f"{key('a')}\n")
    repo.git("add", "--all")
    repo.git("commit", "--quiet", "--message", "names")
    [leak] = history(repo.root).leaks
    assert {spot.path for spot in leak.spots} == {
        "two\nlines", "\x1b[31mred", ":colon", "\x01one", "tab\there", "ünïcode"
    }  # fmt: skip


def test_a_value_at_the_end_of_a_window_is_found_once(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "WINDOW", 200_000)
    monkeypatch.setattr(objects, "OVERLAP", 1000)
    filling = b"x" * 199_990 + b" " + key("a").encode() + b" " + b"y" * 300_000 + b" "
    repo.commit("big", big=filling + key("b").encode())
    found = told(history(repo.root).leaks)
    assert found == {named("a"): [("head", "big", 0)], named("b"): [("head", "big", 0)]}


def test_of_a_huge_object_only_the_start_is_read(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "WINDOW", 100_000)
    monkeypatch.setattr(objects, "LARGEST", 200_000)
    repo.commit("big", big=b"x" * 300_000 + key("a").encode(), small=f"{key('b')}\n")
    scan = history(repo.root)
    assert scan.gaps == ("cut",)
    assert set(told(scan.leaks)) == {named("b")}


def test_archives_and_wide_text_in_history_are_opened(repo: Repo) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("side.txt", key("z"))
    repo.commit("in", zip=packed.getvalue(), gz=gzip.compress(key("g").encode()),
                wide=key("w").encode("utf-16"))  # fmt: skip
    repo.git("rm", "--quiet", "zip", "gz", "wide")
    repo.git("commit", "--quiet", "--message", "out")
    assert set(told(history(repo.root).leaks)) == {named(letter) for letter in "zgw"}


def test_a_worktree_a_bare_repository_and_a_submodule_are_read(repo: Repo, tmp_path: Path) -> None:
    repo.commit("one", a=f"{key('a')}\n")
    repo.git("worktree", "add", "--quiet", str(tmp_path / "second"))
    repo.git("clone", "--quiet", "--bare", str(repo.root), str(tmp_path / "bare"))
    outer = new_repo(tmp_path / "outer")
    outer.git(
        "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(repo.root), "in"
    )
    for root in (tmp_path / "second", tmp_path / "bare", tmp_path / "outer" / "in"):
        assert set(told(history(root).leaks)) == {named("a")}, root


def test_a_git_file_that_leads_elsewhere_is_not_followed(repo: Repo, tmp_path: Path) -> None:
    repo.commit("one", a=f"{key('a')}\n")
    for number, target in enumerate((str(repo.root / ".git"), "../repo/.git", "", "/nowhere")):
        away = tmp_path / f"away{number}"
        away.mkdir()
        (away / ".git").write_text(f"gitdir: {target}\n", "utf-8")
        assert git.find(away) == Unreachable("untrusted", ".git")
    linked = tmp_path / "linked"
    linked.mkdir()
    (linked / ".git").symlink_to(repo.root / ".git")
    assert git.find(linked) == Unreachable("untrusted", ".git")
    assert git.find(tmp_path) == Unreachable("no-repository", tmp_path.name)


def test_without_git_it_is_said(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repo.root))
    assert git.find(repo.root) == Unreachable("no-git")


def test_a_damaged_repository_is_no_clean_one(repo: Repo) -> None:
    repo.commit("one", a=f"{key('a')}\n")
    for path in (repo.root / ".git" / "objects").rglob("*"):
        if path.is_file():
            path.chmod(0o644)
            path.write_bytes(path.read_bytes()[:10])
    found = secret_scan.history(placed(repo.root), ENGINE, MARKS, objects.Progress())
    assert isinstance(found, Unreachable)


def files(root: Path) -> Scan:
    return secret_scan.files(root, tree.walk(root), ENGINE, MARKS, objects.Progress())


def test_files_as_they_lie_there(tmp_path: Path) -> None:
    """Ignored files, archives, UTF-16, source maps; not other people's code, not past a link."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text(key("o"), "utf-8")
    root = tmp_path / "root"
    repo = Repo(root)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("in/side.txt", key("z"))
    repo.write("dist/app.js.map", '{"version":3,"sources":["a.ts"],"sourcesContent":["k=\\"'
               + key("m") + '\\""]}')  # fmt: skip
    repo.write(".env.local", f"# mine\nKEY={key('e')}\n")
    repo.write("back.zip", packed.getvalue())
    repo.write("old.sql.gz", gzip.compress(key("g").encode()))
    repo.write("wide.txt", key("w").encode("utf-16"))
    repo.write("node_modules/x/y.js", key("n"))
    (root / "link").symlink_to(outside)
    (root / "file").symlink_to(outside / "secret")
    (root / "loop").symlink_to(root)
    found = told(files(root).leaks)
    assert set(found) == {named(letter) for letter in "mezgw"}
    assert found[named("e")] == [("tree", ".env.local", 2)]
    assert found[named("z")][0][0] == "archive"
    assert "a.ts" in str(found[named("m")])


def test_the_address_of_a_remote_may_hold_a_password(repo: Repo) -> None:
    repo.commit("one", a="a\n")
    repo.git("remote", "add", "origin", f"https://x:{key('r')}@git.example/harbor.git")
    config = repo.root / ".git" / "config"
    scan = secret_scan.files(repo.root, (), ENGINE, MARKS, objects.Progress(), config=config)
    assert [spots[0][:2] for spots in told(scan.leaks).values()] == [("tree", ".git/config")]


# ------------------------------------------------------------------------ what stays closed


def locked_zip() -> bytes:
    """A zip whose only member needs a password (APPNOTE 4.4.4, bit 0)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("inside", "x")
    data = bytearray(out.getvalue())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    return bytes(data)


def test_an_archive_that_stays_closed_is_listed_and_blocks_nothing(repo: Repo) -> None:
    repo.commit("locked", a__zip=locked_zip(), b__gz=gzip.compress(b"x" * 99)[:-9])
    for scan in (history(repo.root), files(repo.root)):
        found = {(leak.rule.id, leak.preview, leak.spots[0].path) for leak in scan.leaks}
        assert found == {
            ("unopened-archive", f"locked with a password, {len(locked_zip())} bytes", "a/zip"),
            ("unopened-archive", "broken, 15 bytes", "b/gz"),
        }
        assert not any(leak.blocks for leak in scan.leaks)
        assert scan.gaps == ()


def test_where_no_rule_tells_of_closed_archives_the_scan_is_not_whole(repo: Repo) -> None:
    repo.commit("locked", a__zip=locked_zip())
    found = secret_scan.history(placed(repo.root), Engine((RULE,)), MARKS, objects.Progress())
    assert isinstance(found, Scan)
    assert (found.leaks, found.gaps) == ((), ("closed",))


def test_base_64_and_wide_text_without_a_mark_are_read_in_a_history(repo: Repo) -> None:
    packed = base64.b64encode(f"key = {key('a')}\n".encode())
    repo.commit("coded", app__conf=b"settings: '" + packed + b"'\n")
    repo.commit("wide", app__wide=f"key = {key('b')}\n".encode("utf-16-le"))
    wrapped = base64.encodebytes(b"# settings\n" * 20 + f"key = {key('c')}\n".encode())
    repo.commit("wrapped", app__pem=wrapped)
    repo.commit("many", app__many=b"\n".join([packed] * 30_000))
    many = repo.git("rev-parse", "HEAD:app/many")
    assert told(history(repo.root).leaks) == {
        named("a"): [
            ("head", "app/conf (inside base 64)", 0),
            ("head", "app/many (inside base 64)", 0),
        ],
        named("b"): [("head", "app/wide (UTF-16 text)", 0)],
        named("c"): [("head", "app/pem (inside base 64)", 0)],
        MARKS.of(CLOSED, many.encode()): [("head", "app/many", 0)],
    }


# ------------------------------------------------------------------------- what is remembered


def shelf_of(repo: Repo, tmp_path: Path, marks: Fingerprints = MARKS) -> remembered.Shelf:
    kept = remembered.shelf(tmp_path / "scans", placed(repo.root), marks, "rules of the tests")
    assert kept is not None
    return kept


def test_nothing_is_read_twice_and_nothing_is_lost(repo: Repo, tmp_path: Path) -> None:
    shelf = shelf_of(repo, tmp_path)
    repo.commit("one", a=f"{key('a')}\n", b=f"{key('b')}\n")
    first = history(repo.root, shelf=shelf)
    assert (first.known, first.objects, len(first.leaks)) == (0, 4, 2)
    again = history(repo.root, shelf=shelf)
    assert (again.known, again.objects, again.bytes) == (4, 4, first.bytes)
    assert again.leaks == first.leaks
    repo.commit("two", a="clean\n", c=f"{key('c')} {key('b')}\n")
    more = history(repo.root, shelf=shelf)
    assert more.known == 4
    assert more == replace(history(repo.root), known=4)
    assert told(more.leaks)[named("a")] == [("history", "a", 1)]
    assert key("a").encode() not in shelf.file.read_bytes()


def test_places_are_those_of_now(repo: Repo, tmp_path: Path) -> None:
    """No object is new when a branch goes away, and yet the same object stands elsewhere."""
    shelf = shelf_of(repo, tmp_path)
    repo.commit("one", a="clean\n")
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit("two", a=f"{key('a')}\n")
    assert told(history(repo.root, shelf=shelf).leaks)[named("a")] == [("head", "a", 1)]
    repo.git("checkout", "--quiet", "main")
    assert told(history(repo.root, shelf=shelf).leaks)[named("a")] == [("history", "a", 1)]
    repo.git("branch", "--quiet", "-D", "side")
    assert told(history(repo.root, shelf=shelf).leaks)[named("a")] == [("unreachable", "", 1)]
    repo.git("reflog", "expire", "--expire=now", "--all")
    repo.git("gc", "--quiet", "--prune=now")
    assert history(repo.root, shelf=shelf).leaks == ()


def test_other_rules_another_key_and_another_salt_begin_anew(repo: Repo, tmp_path: Path) -> None:
    repo.commit("one", a=f"{key('a')}\n")
    shelf = shelf_of(repo, tmp_path)
    history(repo.root, shelf=shelf)
    assert shelf.read(ENGINE) is not None
    place, root = placed(repo.root), tmp_path / "scans"
    for marks, rules in (
        (MARKS, "other rules"),
        (replace(MARKS, key=b"another key"), "rules of the tests"),
        (replace(MARKS, salt=b"another salt"), "rules of the tests"),
    ):
        other = remembered.shelf(root, place, marks, rules)
        assert other is not None
        assert other.read(ENGINE) is None
    assert remembered.shelf(root, place, replace(MARKS, lasting=False), "x") is None
    assert shelf.read(Engine(())) is None


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data + b"x",
        lambda data: data.replace(b'"format":2', b'"format":1'),
        lambda data: data.replace(b'"cut":0', b'"cut":"x"'),
        lambda data: b"\xff" * 100,
        lambda data: b"{}\n",
    ],
)
def test_a_damaged_memory_is_as_good_as_none(
    repo: Repo, tmp_path: Path, harm: Callable[[bytes], bytes]
) -> None:
    repo.commit("one", a=f"{key('a')}\n")
    shelf = shelf_of(repo, tmp_path)
    whole = history(repo.root, shelf=shelf)
    before = shelf.file.read_bytes()
    shelf.file.write_bytes(harm(before))
    assert history(repo.root, shelf=shelf) == whole
    assert shelf.file.read_bytes() == before


def test_a_scan_that_was_cut_stays_cut(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "WINDOW", 1000)
    monkeypatch.setattr(objects, "OVERLAP", 100)
    monkeypatch.setattr(objects, "LARGEST", 2000)
    repo.commit("big", big=b"a b\n" * 900)
    shelf = shelf_of(repo, tmp_path)
    assert history(repo.root, shelf=shelf).gaps == ("cut",)
    assert history(repo.root, shelf=shelf).gaps == ("cut",)


def test_a_stopped_scan_is_not_remembered(repo: Repo, tmp_path: Path) -> None:
    repo.commit("one", a=f"{key('a')}\n")
    shelf, progress = shelf_of(repo, tmp_path), objects.Progress()
    progress.stop.set()
    found = secret_scan.history(placed(repo.root), ENGINE, MARKS, progress, None, shelf)
    assert found == Unreachable("stopped", "cat-file")
    assert not shelf.file.exists()


def test_a_folder_that_cannot_be_written_costs_nothing(repo: Repo, tmp_path: Path) -> None:
    repo.commit("one", a=f"{key('a')}\n")
    (tmp_path / "scans").write_text("a file, and no folder")
    assert len(history(repo.root, shelf=shelf_of(repo, tmp_path)).leaks) == 1


def test_only_some_repositories_are_remembered(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "FILES", 2)
    repo.commit("one", a="a")
    kept = tmp_path / "scans"
    for number in range(4):
        history(repo.root, shelf=remembered.Shelf(kept / f"{number}.scan", "k"))
    assert len(list(kept.iterdir())) == 2
    assert (kept / "3.scan").exists()
