"""Repositories made by git itself, for the tests of what reads them."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from launchready_tui.rules.secrets.engine import Engine
from launchready_tui.rules.secrets.leaks import UNOPENED, Leak, Rule
from launchready_tui.world.repository.fingerprints import Fingerprints

MARKS = Fingerprints(b"a key of the tests", lasting=True)
RULE = Rule("test-key", "A key of the tests", r"tk_live_[0-9A-Za-z]{24}")
CLOSED = Rule(UNOPENED, "An archive", "", confidence="review", contexts=())
ENGINE = Engine((RULE, CLOSED))


def key(letter: str) -> str:
    """A made-up key; another letter, another key."""
    return "tk_live_" + (letter + "7Qx2mRt9Zk4Lw8Vb3Ns6Pd1")[:24]


@dataclass(frozen=True)
class Repo:
    """A repository in a folder, and git to work on it as a person would."""

    root: Path

    def git(self, *words: str, **more: str) -> str:
        env = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.root.parent),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "Ada",
            "GIT_AUTHOR_EMAIL": "ada@harbor.example",
            "GIT_COMMITTER_NAME": "Ada",
            "GIT_COMMITTER_EMAIL": "ada@harbor.example",
            "GIT_AUTHOR_DATE": "2026-10-01T12:00:00Z",
            "GIT_COMMITTER_DATE": "2026-10-01T12:00:00Z",
            **more,
        }
        done = subprocess.run(
            ["git", *words], cwd=self.root, env=env, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def write(self, path: str, text: str | bytes) -> None:
        full = self.root / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(text if isinstance(text, bytes) else text.encode())

    def commit(self, message: str = "a change", **files: str | bytes) -> str:
        """Write files (`a__b` means a/b, `_` before the ending a dot), and commit all."""
        for name, text in files.items():
            self.write(name.replace("__", "/"), text)
        self.git("add", "--all", "--force")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")


def new_repo(root: Path) -> Repo:
    root.mkdir(parents=True, exist_ok=True)
    repo = Repo(root)
    repo.git("init", "--quiet", "--initial-branch=main")
    return repo


def told(leaks: tuple[Leak, ...]) -> dict[str, list[tuple[str, str, int]]]:
    """For each leak its places, by fingerprint."""
    return {
        leak.fingerprint: [(spot.where, spot.path, spot.line) for spot in leak.spots]
        for leak in leaks
    }


def named(letter: str) -> str:
    return MARKS.of(RULE, key(letter).encode())
