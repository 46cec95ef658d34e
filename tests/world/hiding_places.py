"""21 places of a repository in which a secret may hide, made by git as a person's work makes them.

Each holds a value of its own, made up from the place's name: a GitHub token with its check number,
or a password where a token would give itself away. Benchmarks show the same places to others.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import random
import string
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from launchready_tui.rules.secrets.validators import base62
from launchready_tui.world.repository.objects import WINDOW
from tests.world.git_world import Repo, new_repo

ANY = string.ascii_letters + string.digits


def token(name: str) -> str:
    """A GitHub token; another name, another token."""
    body = password(name, 30)
    return f"ghp_{body}{base62(zlib.crc32(body.encode())).decode()}"


def password(name: str, size: int = 20) -> str:
    return "".join(random.Random(name).choices(ANY, k=size))


def _added(repo: Repo, path: str, text: str | bytes) -> None:
    repo.write(path, text)
    repo.commit(path)


def _now(repo: Repo, value: str) -> None:
    repo.commit(settings=f"token = {value}\n")


def _deleted(repo: Repo, value: str) -> None:
    repo.commit("in", old=f"token = {value}\n")
    (repo.root / "old").unlink()
    repo.commit("out")


def _merge(repo: Repo, value: str) -> None:
    """A line that neither side had comes with the merge, and the next commit takes it away."""
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit("side", left="l\n")
    repo.git("checkout", "--quiet", "main")
    repo.commit("main", right="r\n")
    repo.git("merge", "--quiet", "--no-commit", "side")
    repo.commit("merged", right=f"r\ntoken = {value}\n")
    repo.commit("cleaned", right="r\n")


def _amended(repo: Repo, value: str) -> None:
    repo.commit("hasty", draft=f"token = {value}\n")
    repo.write("draft", "clean\n")
    repo.git("commit", "--quiet", "--all", "--amend", "--message", "better")
    repo.git("reflog", "expire", "--expire=now", "HEAD", "refs/heads/main")


def _stash(repo: Repo, value: str) -> None:
    repo.write("draft", f"token = {value}\n")
    repo.git("stash", "--quiet")


def _stash_untracked(repo: Repo, value: str) -> None:
    repo.write("never added", f"token = {value}\n")
    repo.git("stash", "--quiet", "--include-untracked")


def _commit_message(repo: Repo, value: str) -> None:
    repo.commit(f"Deploy with {value}")


def _tag_message(repo: Repo, value: str) -> None:
    repo.git("tag", "--annotate", "v1", "--message", f"Deployed with {value}")


def _tagged_blob(repo: Repo, value: str) -> None:
    (repo.root.parent / "key").write_text(f"token = {value}\n", "utf-8")
    blob = repo.git("hash-object", "-w", str(repo.root.parent / "key"))
    repo.git("tag", "key", blob)


def _note(repo: Repo, value: str) -> None:
    repo.git("notes", "add", "--message", f"deployed with {value}")


def _pull(repo: Repo, value: str) -> None:
    """As in a mirror: the branch of a pull request is gone, its commits are not."""
    repo.git("checkout", "--quiet", "-b", "proposal")
    repo.commit("proposal", proposal=f"token = {value}\n")
    repo.git("update-ref", "refs/pull/1/head", "HEAD")
    repo.git("checkout", "--quiet", "main")
    repo.git("branch", "--quiet", "-D", "proposal")


def _utf16(repo: Repo, value: str) -> None:
    _added(repo, "notes.txt", f"token = {value}\r\n".encode("utf-16"))


def _zip(repo: Repo, value: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config/settings", f"token = {value}\n")
    _added(repo, "backup.zip", packed.getvalue())


def _tar(repo: Repo, value: str) -> None:
    packed = io.BytesIO()
    text = f"token = {value}\n".encode()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        member = tarfile.TarInfo("config/settings")
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text))
    _added(repo, "release.tar.gz", gzip.compress(packed.getvalue()))


def _base64(repo: Repo, value: str) -> None:
    inside = base64.b64encode(f"user = harbor\ntoken = {value}\n".encode()).decode()
    _added(repo, "manifest.yaml", f"kind: Secret\ndata:\n  config: {inside}\n")


def _escaped(repo: Repo, value: str) -> None:
    """As PHP and many loggers write JSON: each slash with a backslash before it."""
    url = json.dumps(f"postgres://harbor:{value}@db.harbor-data.net:5432/app").replace("/", "\\/")
    _added(repo, "dump.json", f'{{"url":{url}}}\n')


def _window(repo: Repo, value: str) -> None:
    """Half of it before the end of what is in memory at once, half behind."""
    line = b"one more line of a long file of nothing\n"
    head = (line * (WINDOW // len(line) + 1))[: WINDOW - len(value) // 2 - 1]
    _added(repo, "all.log", head + b" " + value.encode() + b"\n" + line * 1000)


def _link(repo: Repo, value: str) -> None:
    (repo.root / "link").symlink_to(f"harbor.example/?token={value}")
    repo.commit("link")


def _ignored(repo: Repo, value: str) -> None:
    repo.write(".gitignore", ".env.local\n")
    repo.git("add", ".gitignore")
    repo.git("commit", "--quiet", "--message", "ignored")
    repo.write(".env.local", f"TOKEN={value}\n")


def _remote(repo: Repo, value: str) -> None:
    repo.git("remote", "add", "origin", f"https://harbor:{value}@git.harbor-data.net/app.git")


def _joined(repo: Repo, value: str) -> None:
    repo.write("joined.js", f'const token = "{value[:20]}" + "{value[20:]}";\n')
    repo.git("add", "joined.js")
    repo.git("commit", "--quiet", "--message", "joined")


@dataclass(frozen=True)
class Place:
    """A hiding place: how a value gets there, and where the scanner says that it is.

    `where` is "" for the one place that nobody looks into: a text put together by a program.
    `path` is the file in which it lies today, "" where there is none.
    """

    name: str
    plant: Callable[[Repo, str], None]
    where: str
    path: str = ""
    value: Callable[[str], str] = token


PLACES = (
    Place("a file of today", _now, "head", "settings"),
    Place("a file deleted long ago", _deleted, "history"),
    Place("an edit that came with a merge", _merge, "history"),
    Place("a commit that was amended", _amended, "unreachable"),
    Place("a stash below another", _stash, "stash"),
    Place("a stash of a file that was never added", _stash_untracked, "stash"),
    Place("the message of a commit", _commit_message, "message"),
    Place("the message of a tag", _tag_message, "message"),
    Place("a tag that names a file's content", _tagged_blob, "history"),
    Place("a note", _note, "history"),
    Place("a pull request in a mirror", _pull, "history"),
    Place("text in UTF-16", _utf16, "head", "notes.txt"),
    Place("a zip file", _zip, "head", "backup.zip"),
    Place("a packed tar file", _tar, "head", "release.tar.gz"),
    Place("base 64", _base64, "head", "manifest.yaml"),
    Place("JSON with escapes", _escaped, "head", "dump.json", password),
    Place("the edge of a window", _window, "head", "all.log"),
    Place("the target of a link", _link, "head", "link"),
    Place("an ignored file", _ignored, "tree", ".env.local"),
    Place("the address of a remote", _remote, "tree", ".git/config", password),
    Place("two literals, put together", _joined, "", "joined.js"),
)


def hide(root: Path) -> tuple[Repo, dict[str, str]]:
    """A repository with all of them, and the value in each."""
    repo = new_repo(root)
    repo.commit("start", draft="nothing\n")
    values = {place.name: place.value(place.name) for place in PLACES}
    for place in PLACES:
        place.plant(repo, values[place.name])
    return repo, values
