"""Scanning real repositories: every place where git keeps something, and nothing twice."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from launchready_tui.facts import Unreachable
from launchready_tui.world import git, objects, secret_scan, tree
from launchready_tui.world.secret_scan import Scan
from tests.world.git_world import ENGINE, MARKS, Repo, key, named, new_repo, told


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return new_repo(tmp_path / "repo")


def placed(root: Path) -> git.Place:
    place = git.find(root)
    assert isinstance(place, git.Place)
    return place


def history(root: Path, only: tuple[str, ...] | None = None) -> Scan:
    found = secret_scan.history(placed(root), ENGINE, MARKS, objects.Progress(), only)
    assert isinstance(found, Scan)
    return found


def test_a_clean_history_holds_nothing(repo: Repo) -> None:
    repo.commit(a="hello\n")
    scan = history(repo.root)
    assert (scan.leaks, scan.lacks) == ((), ())
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
        named("t"): {"unreachable"},
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
    assert (shallow.leaks, shallow.lacks) == ((), ("shallow",))
    assert partial.lacks == ("partial",)


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
    assert scan.lacks == ("cut",)
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
