"""Pull requests of a code host, by git over https from nginx with a real certificate."""

from __future__ import annotations

import stat
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from launchready_tui.lab.authority import Authority
from launchready_tui.lab.scenario import Certificate
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world.repository import git, objects, pull_requests, secret_scan
from tests.ports import free_port
from tests.real.running import answers_http, program, running
from tests.world.git_world import ENGINE, MARKS, Repo, key, named, new_repo, told
from tests.world.test_git_hostile import TRAPS, marks

pytestmark = pytest.mark.real

NGINX = """daemon off; master_process off; error_log stderr; pid {folder}/nginx.pid;
events {{ worker_connections 64; }}
http {{ access_log off; {temporary}
server {{ listen 127.0.0.1:{plain}; listen 127.0.0.1:{secure} ssl; root {folder}/site;
ssl_certificate {chain}; ssl_certificate_key {key}; }} }}
"""


@dataclass(frozen=True)
class Host:
    """A code host with one repository, and a clone of it on this computer."""

    url: str
    clone: Repo
    origin: Repo


@pytest.fixture
async def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Host]:
    """Two branches; two more commits stand only in pull requests, one of each kind of host."""
    nginx = program("nginx", "nginx")
    folder = tmp_path / "host"
    (folder / "site").mkdir(parents=True)
    made = new_repo(tmp_path / "made")
    made.commit("one", one="clean\n")
    for name, reference in (("a", "refs/pull/1/head"), ("b", "refs/merge-requests/2/head")):
        made.git("checkout", "--quiet", "--detach", "main")
        made.commit(f"try {name}", **{name: f"{key(name)}\n"})
        made.git("update-ref", reference, "HEAD")
    made.git("checkout", "--quiet", "main")
    made.git("clone", "--quiet", "--mirror", str(made.root), str(folder / "site" / "shop.git"))
    origin = Repo(folder / "site" / "shop.git")
    origin.git("update-server-info")
    made.git("clone", "--quiet", "--no-local", str(made.root), str(tmp_path / "clone"))
    clone = Repo(tmp_path / "clone")
    authority = Authority(datetime.now(UTC), folder)
    chain, private = authority.files(Certificate(("localhost",)))
    secure, plain = free_port(), free_port()
    temporary = "".join(
        f"{each}_temp_path {folder}/{each}; "
        for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        NGINX.format(folder=folder, plain=plain, secure=secure, chain=chain, key=private,
                     temporary=temporary)
    )  # fmt: skip
    monkeypatch.setenv("GIT_SSL_CAINFO", str(authority.root))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    url = f"https://localhost:{secure}/shop.git"
    clone.git("remote", "set-url", "origin", url)
    command = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    async with running(command, folder, lambda: answers_http(plain)):
        yield Host(url, clone, origin)


def placed(root: Path) -> git.Place:
    place = git.find(root)
    assert isinstance(place, git.Place)
    return place


def mirrored(repo: Repo, tmp_path: Path) -> git.Place | Unreachable:
    return pull_requests.mirror(placed(repo.root), tmp_path / "mirrors", threading.Event())


def scan(place: git.Place) -> secret_scan.Scan:
    found = secret_scan.history(place, ENGINE, MARKS, objects.Progress())
    assert isinstance(found, secret_scan.Scan)
    return found


@pytest.mark.covers("A3", "command")
async def test_what_only_a_pull_request_has_is_found(host: Host, tmp_path: Path) -> None:
    host.clone.commit("mine", mine=f"{key('c')}\n")
    before = host.clone.git("for-each-ref"), sorted((host.clone.root / ".git").rglob("*"))
    assert set(told(scan(placed(host.clone.root)).leaks)) == {named("c")}
    own = mirrored(host.clone, tmp_path)
    assert isinstance(own, git.Place)
    assert told(scan(own).leaks) == {
        named("a"): [("history", "a", 1)],
        named("b"): [("history", "b", 1)],
        named("c"): [("head", "mine", 1)],
    }
    after = host.clone.git("for-each-ref"), sorted((host.clone.root / ".git").rglob("*"))
    assert after == before, "the founder's repository is as it was"
    assert stat.S_IMODE((own.folder / "config").stat().st_mode) == 0o600


async def test_a_second_look_brings_what_is_new_and_drops_what_is_gone(
    host: Host, tmp_path: Path
) -> None:
    assert isinstance(mirrored(host.clone, tmp_path), git.Place)
    host.clone.git("checkout", "--quiet", "-b", "side")
    host.clone.commit("mine", mine=f"{key('c')}\n")
    host.origin.git("update-ref", "refs/pull/3/head", host.origin.git("rev-parse", "main"))
    host.origin.git("update-ref", "-d", "refs/pull/1/head")
    host.origin.git("update-server-info")
    own = mirrored(host.clone, tmp_path)
    assert isinstance(own, git.Place)
    found = told(scan(own).leaks)
    assert found[named("c")] == [("head", "mine", 1)]
    assert found[named("b")] == [("history", "b", 1)]
    assert found[named("a")] == [("unreachable", "", 1)]


@pytest.mark.parametrize("trap", TRAPS)
async def test_nothing_of_the_repository_is_run_or_obeyed(
    host: Host, tmp_path: Path, trap: str
) -> None:
    traps = tmp_path / "traps"
    traps.mkdir()
    host.clone.commit("files", one="1\n", two="2\n")
    TRAPS[trap](host.clone, traps)
    if trap == "partial clone":
        assert mirrored(host.clone, tmp_path) == Unreachable("no-remote")
    else:
        host.clone.git("config", f"url.ext::{traps}/ext.sh .insteadOf", host.url)
        host.clone.git("config", "http.sslVerify", "false")
        assert isinstance(mirrored(host.clone, tmp_path), git.Place)
    assert marks(traps) == []


async def test_a_host_that_we_can_t_trust_or_reach_is_said(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = host.url.replace("shop", "other")
    host.clone.git("remote", "set-url", "origin", nowhere)
    assert mirrored(host.clone, tmp_path) == Unreachable("not-fetched", "localhost")
    host.clone.git("remote", "set-url", "origin", host.url)
    monkeypatch.delenv("GIT_SSL_CAINFO")
    assert mirrored(host.clone, tmp_path) == Unreachable("not-fetched", "localhost")


@pytest.mark.parametrize(
    "url",
    [
        "ext::sh -c touch% mark",
        "http://localhost/shop.git",
        "file:///etc",
        "/etc",
        "../other",
        "git://localhost/shop.git",
        "--upload-pack=touch mark",
        "ssh://-oProxyCommand=touch/shop",
        "-oProxyCommand=touch:shop",
        "https://local\nhost/shop",
        "fd::3",
        "",
    ],
)
def test_only_https_and_ssh_are_asked(tmp_path: Path, url: str) -> None:
    repo = new_repo(tmp_path / "repo")
    repo.commit("one", one="1")
    repo.git("config", "remote.origin.url", url)
    assert mirrored(repo, tmp_path) == Unreachable("no-remote")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("git@git.example:harbor/shop.git", "git.example"),
        ("ssh://git@git.example:2222/harbor/shop.git", "git.example"),
        ("https://user:made-up@git.example/harbor/shop", "git.example"),
    ],
)
def test_the_address_and_its_host(tmp_path: Path, url: str, host: str) -> None:
    repo = new_repo(tmp_path / "repo")
    repo.git("config", "remote.upstream.url", url)
    assert pull_requests.address(placed(repo.root)) == (url, host)


async def test_a_shallow_clone_is_said_to_be_one(host: Host, tmp_path: Path) -> None:
    host.clone.commit("two", two="2")
    host.clone.git("clone", "--quiet", "--depth=1", host.clone.root.as_uri(), str(tmp_path / "few"))
    few = Repo(tmp_path / "few")
    few.git("remote", "set-url", "origin", host.url)
    assert mirrored(few, tmp_path) == Unreachable("history-cut", "shallow")


async def test_a_stop_ends_the_fetch(host: Host, tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    found = pull_requests.mirror(placed(host.clone.root), tmp_path / "mirrors", stop)
    assert found == Unreachable("stopped", "fetch")
    assert isinstance(mirrored(host.clone, tmp_path), git.Place)


async def test_an_empty_repository_has_a_mirror_too(host: Host, tmp_path: Path) -> None:
    empty = new_repo(tmp_path / "empty")
    empty.git("remote", "add", "origin", host.url)
    own = mirrored(empty, tmp_path)
    assert isinstance(own, git.Place)
    assert set(told(scan(own).leaks)) == {named("a"), named("b")}
    assert replace(own, top=None) == own
