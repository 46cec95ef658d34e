"""Real faults: killed in the middle, a full disk, a disk for reading only, several writers.

Nothing is imitated: children are killed with signal 9, disks are small ones of the kernel.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from launchready_tui.project import change, disk, file
from launchready_tui.project.file import Loaded, Locked, NotSaved
from launchready_tui.project.model import Product, Project
from tests import processes

resource = pytest.importorskip("resource", reason="limits and signals of Unix")

AT = datetime(2026, 11, 24, 14, 2, tzinfo=UTC)
KILLS = 30


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    project = Project(product=Product(name="Harbor Market", domain="harbor.example"))
    loaded = file.create(tmp_path / "launchready.toml", project)
    return file.save(loaded, answered(project, "warm"))  # all that is imported late is there now


def answered(project: Project, id: str, note: str = "") -> Project:
    return change.answer(project, id, "yes", at=AT, note=note)


def save_one(path: Path, id: str) -> None:
    while True:
        loaded = file.read(path)
        try:
            file.save(loaded, answered(loaded.project, id))
        except Locked:
            continue
        return


def child(work: Callable[[], None]) -> int:
    """Runs `work` in a process of its own, and returns its id."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)


@contextmanager
def as_nobody() -> Iterator[None]:
    """What follows runs without the rights of root, so that modes of files count."""
    if os.geteuid() != 0:
        yield
        return
    os.setegid(65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


def test_killed_at_any_moment_the_file_is_whole_and_no_saved_answer_is_lost(
    loaded: Loaded,
) -> None:
    chance = random.Random(20261124)
    kept = {"warm"}
    for run in range(KILLS):
        readable, writable = os.pipe()

        def save_on_and_on(run: int = run, acknowledge: int = writable) -> None:
            number = 0
            while True:
                save_one(loaded.path, f"A{run}.{number}")
                os.write(acknowledge, f"A{run}.{number}\n".encode())
                number += 1

        pid = child(save_on_and_on)
        os.close(writable)
        time.sleep(chance.uniform(0.005, 0.08))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        with os.fdopen(readable) as told:
            kept |= set(told.read().split())
        assert kept <= set(file.read(loaded.path).project.answers)
    save_one(loaded.path, "last")
    assert len(kept) > 1
    left = {path.name for path in loaded.path.parent.iterdir()}
    assert left == {"launchready.toml", ".launchready.toml.previous"}


def test_many_writers_at_once_lose_nothing(loaded: Loaded) -> None:
    def write(who: int) -> None:
        for n in range(6):
            save_one(loaded.path, f"W{who}.{n}")

    writers = [child(partial(write, who)) for who in range(4)]
    assert [os.waitpid(pid, 0)[1] for pid in writers] == [0] * 4
    wanted = {f"W{who}.{n}" for who in range(4) for n in range(6)}
    assert wanted <= set(file.read(loaded.path).project.answers)


def test_while_another_saves_we_wait_and_then_say_so(loaded: Loaded) -> None:
    ready, done = os.pipe(), os.pipe()

    def hold() -> None:
        with disk.locked(loaded.path, 1):
            os.write(ready[1], b"x")
            os.read(done[0], 1)

    pid = child(hold)
    os.read(ready[0], 1)
    before = loaded.path.read_bytes()
    with pytest.raises(Locked, match="Another LaunchReady is saving"):
        file.save(loaded, answered(loaded.project, "R1"), wait=0.2)
    assert loaded.path.read_bytes() == before
    os.write(done[1], b"x")
    file.save(loaded, answered(loaded.project, "R1"))
    os.waitpid(pid, 0)
    for end in (*ready, *done):
        os.close(end)


@pytest.mark.parametrize("locked", ["folder", "file"])
def test_without_the_right_to_write(loaded: Loaded, locked: str) -> None:
    folder = loaded.path.parent
    top = Path(tempfile.gettempdir())
    for above in (folder, *(each for each in folder.parents if top in each.parents)):
        above.chmod(above.stat().st_mode | 0o005)  # pytest's own folders are for one user only
    before = loaded.path.read_bytes()
    if locked == "folder":
        folder.chmod(0o555)
        with as_nobody(), pytest.raises(NotSaved, match="You may not write in its folder"):
            file.save(loaded, answered(loaded.project, "R1"))
    else:
        loaded.path.chmod(0o000)
        with as_nobody(), pytest.raises(file.ProjectError, match="You may not"):
            file.save(loaded, answered(loaded.project, "R1"))
        with as_nobody(), pytest.raises(file.Unreadable, match="You may not read"):
            file.read(loaded.path)
        loaded.path.chmod(0o644)
    folder.chmod(0o755)
    assert loaded.path.read_bytes() == before


def test_a_write_that_is_cut_short_leaves_the_old_file(loaded: Loaded) -> None:
    """The kernel refuses to let the new file grow: the error comes from a real write."""
    before = loaded.path.read_bytes()
    readable, writable = os.pipe()

    def save_too_much() -> None:
        limit = len(before) + 500
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        try:
            file.save(loaded, answered(loaded.project, "R1", note="word " * 500))
        except NotSaved as error:
            os.write(writable, str(error).encode())

    os.waitpid(child(save_too_much), 0)
    os.close(writable)
    with os.fdopen(readable) as told:
        assert "is not saved, and is as it was. This disk takes no file" in told.read()
    assert loaded.path.read_bytes() == before
    assert not list(loaded.path.parent.glob("*.new"))


IN_A_SMALL_DISK = """
import json, subprocess, sys
from datetime import UTC, datetime
from pathlib import Path
from launchready_tui.project import change, file
from launchready_tui.project.model import Product, Project

AT = datetime(2026, 11, 24, 14, 2, tzinfo=UTC)
folder = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "small", folder], check=True)
path = folder / "launchready.toml"
loaded = file.create(path, Project(product=Product(name="Harbor", domain="harbor.example")))
told = {}
rest = folder / "rest"

def attempt(name):
    before = path.read_bytes()
    try:
        file.save(loaded, change.answer(loaded.project, "R1", "yes", at=AT, note="word " * 1500))
    except file.NotSaved as error:
        told[name] = str(error)
    assert path.read_bytes() == before, "the file changed"
    assert not list(folder.glob(".*.new")), "half a file is left"

with rest.open("wb", buffering=0) as fill:
    try:
        while True:
            fill.write(bytes(4096))
    except OSError:
        pass
attempt("full")
rest.unlink()
loaded = file.save(loaded, change.answer(loaded.project, "R2", "yes", at=AT))
subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
attempt("read-only")
print(json.dumps(told))
"""


def test_a_full_disk_and_a_disk_for_reading_only(tmp_path: Path) -> None:
    alone = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-Urm"]
    folder = tmp_path / "small"
    folder.mkdir()
    allowed = subprocess.run([*alone, "mount", "-t", "tmpfs", "small", folder], check=False)
    if allowed.returncode:
        pytest.skip("this system lets nobody mount a small disk, not even in a namespace")
    done = processes.run([*alone, *processes.python(IN_A_SMALL_DISK, folder)], tmp_path)
    assert done.code == 0
    told = json.loads(done.out)
    assert told == {
        "full": "launchready.toml is not saved, and is as it was. "
        "The disk is full. Free some space, then save again.",
        "read-only": "launchready.toml is not saved, and is as it was. "
        "This disk can only be read. Copy the project to a disk that you may write on.",
    }
