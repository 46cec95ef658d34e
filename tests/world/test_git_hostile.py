"""A repository made to harm whoever looks at it: each trap leaves a mark, and none may be found."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world.credentials import InMemory, Vault
from launchready_tui.world.repository import git, objects, secret_scan
from launchready_tui.world.repository.repository import Repository
from tests.world.git_world import ENGINE, MARKS, Repo, key, new_repo


def program(folder: Path, name: str) -> str:
    """A program that leaves a mark with its name when it is run."""
    path = folder / f"{name}.sh"
    path.write_text(f"#!/bin/sh\ntouch {folder / name}.mark\n", "utf-8")
    path.chmod(0o755)
    return str(path)


def marks(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob("*.mark"))


Trap = Callable[[Repo, Path], None]


def _config(setting: str, name: str) -> Trap:
    def set_it(repo: Repo, folder: Path) -> None:
        repo.git("config", setting, program(folder, name))

    return set_it


def _signed(repo: Repo, folder: Path) -> None:
    repo.git("config", "log.showSignature", "true")
    repo.git("config", "gpg.program", program(folder, "gpg"))
    tree = repo.git("rev-parse", "HEAD^{tree}")
    text = (
        f"tree {tree}\nauthor A <a@b.example> 1790000000 +0000\n"
        "committer A <a@b.example> 1790000000 +0000\n"
        "gpgsig -----BEGIN PGP SIGNATURE-----\n \n made up\n"
        " -----END PGP SIGNATURE-----\n\nsigned\n"
    )
    made = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin"],
        cwd=repo.root, input=text, capture_output=True, text=True, check=True,
    )  # fmt: skip
    repo.git("update-ref", "refs/heads/signed", made.stdout.strip())


def _converted(repo: Repo, folder: Path) -> None:
    repo.write(".gitattributes", "* diff=trap filter=trap\n")
    repo.git("config", "diff.trap.textconv", program(folder, "textconv"))
    repo.git("config", "diff.trap.command", program(folder, "diff"))
    repo.git("config", "diff.external", program(folder, "external"))
    repo.git("config", "filter.trap.clean", program(folder, "clean"))
    repo.git("config", "filter.trap.smudge", program(folder, "smudge"))
    repo.git("config", "filter.trap.process", program(folder, "process"))


def _hooks(repo: Repo, folder: Path) -> None:
    for name in ("post-index-change", "reference-transaction", "post-checkout", "pre-commit"):
        path = repo.root / ".git" / "hooks" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\ntouch {folder / name}.mark\n", "utf-8")
        path.chmod(0o755)


def _partial(repo: Repo, folder: Path) -> None:
    """A clone that says it lacks objects, and names a program that would bring them."""
    repo.git("config", "remote.origin.url", "ext::" + program(folder, "ext"))
    repo.git("config", "remote.origin.promisor", "true")
    repo.git("config", "remote.origin.partialclonefilter", "blob:none")
    repo.git("config", "remote.origin.uploadpack", program(folder, "uploadpack"))
    repo.git("config", "extensions.partialClone", "origin")
    lost = repo.git("rev-parse", "HEAD:one")
    (repo.root / ".git" / "objects" / lost[:2] / lost[2:]).unlink()


def _included(repo: Repo, folder: Path) -> None:
    more = folder / "more.config"
    more.write_text(f"[core]\n\tfsmonitor = {program(folder, 'included')}\n", "utf-8")
    repo.git("config", "include.path", str(more))


TRAPS: dict[str, Trap] = {
    "fsmonitor": _config("core.fsmonitor", "fsmonitor"),
    "pager": _config("core.pager", "pager"),
    "editor": _config("core.editor", "editor"),
    "ssh": _config("core.sshCommand", "ssh"),
    "askpass": _config("core.askPass", "askpass"),
    "credentials": _config("credential.helper", "credentials"),
    "pack hook": _config("uploadpack.packObjectsHook", "packs"),
    "alternates": _config("core.alternateRefsCommand", "alternates"),
    "signature": _signed,
    "filters": _converted,
    "hooks": _hooks,
    "partial clone": _partial,
    "include": _included,
}


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = new_repo(tmp_path / "repo")
    made.commit("one", one=f"{key('a')}\n")
    made.commit("two", two="clean\n")
    return made


@pytest.fixture
def traps(tmp_path: Path) -> Path:
    folder = tmp_path / "traps"
    folder.mkdir()
    return folder


async def look_at_everything(root: Path) -> None:
    place = git.find(root)
    assert isinstance(place, git.Place)
    secret_scan.history(place, ENGINE, MARKS, objects.Progress())
    secret_scan.range_of(place, "HEAD~1", "HEAD")
    secret_scan.staged(place)
    git.tracked(place)
    repository = Repository(root.parent, Vault(InMemory({})))
    for fact in (repository.tree, repository.env_files, repository.tracked, repository.remotes,
                 repository.history, repository.working):  # fmt: skip
        found = await fact(root.name)
        if isinstance(found, dict):
            list(found.values())
    await repository.close()


@pytest.mark.parametrize("trap", TRAPS)
async def test_nothing_of_a_repository_is_run(trap: str, repo: Repo, traps: Path) -> None:
    TRAPS[trap](repo, traps)
    for mark in traps.glob("*.mark"):  # left by the making
        mark.unlink()
    await look_at_everything(repo.root)
    assert marks(traps) == []


# git as a person would call it, to see that a trap works at all.
SPRUNG = {
    "fsmonitor": ("status",),
    "signature": ("log", "--raw", "signed"),
    "filters": ("diff",),
    "partial clone": ("-c", "protocol.ext.allow=always", "cat-file", "-p", "HEAD:one"),
    "include": ("status",),
    "hooks": ("update-ref", "refs/heads/x", "HEAD"),
}


@pytest.mark.parametrize("trap", SPRUNG)
def test_the_traps_work(trap: str, repo: Repo, traps: Path) -> None:
    TRAPS[trap](repo, traps)
    repo.write("two", "changed\n")
    subprocess.run(
        ["git", *SPRUNG[trap]], cwd=repo.root, capture_output=True, check=False,
        stdin=subprocess.DEVNULL, timeout=20,
    )  # fmt: skip
    assert marks(traps) != []


async def test_a_partial_clone_is_not_called_clean(repo: Repo, traps: Path) -> None:
    _partial(repo, traps)
    place = git.find(repo.root)
    assert isinstance(place, git.Place)
    found = secret_scan.history(place, ENGINE, MARKS, objects.Progress())
    assert isinstance(found, Unreachable) or "partial" in found.gaps


async def test_somebody_else_s_folder_is_read(repo: Repo) -> None:
    """Nothing of it is run, so its owner does not matter."""
    try:
        for path in (repo.root, *repo.root.rglob("*")):
            os.chown(path, 65534, 65534, follow_symlinks=False)
    except PermissionError:
        pytest.skip("only root can give files away")
    place = git.find(repo.root)
    assert isinstance(place, git.Place)
    found = secret_scan.history(place, ENGINE, MARKS, objects.Progress())
    assert not isinstance(found, Unreachable)
    assert len(found.leaks) == 1
