"""A lab that cannot start leaves nothing behind: no socket, no file, no folder, no task."""

from __future__ import annotations

import sys
from pathlib import Path

from tests import processes

# The number of files that a process may open decides where the start fails: at a port of a name
# server, of a web server, of the inboxes, or at the relays and endpoints that come last.
START = """
import asyncio, gc, os, resource, socket
from launchready_tui.lab import Lab
from launchready_tui.lab.faults import broken

HARD = resource.getrlimit(resource.RLIMIT_NOFILE)[1]

def open_files():
    gc.collect()
    return len(os.listdir("/dev/fd"))

async def once():
    async with Lab(broken(("origin-exposed",)), delay=0.001):
        pass

async def main():
    await once()  # what imports and caches open stays open
    before, tasks = open_files(), len(asyncio.all_tasks())
    failed = 0
    for room in range(4, 40):  # with less, not even a folder could be emptied
        resource.setrlimit(resource.RLIMIT_NOFILE, (before + room, HARD))
        try:
            await once()
        except (OSError, IndexError):  # asyncio leaves out a port for which it gets no socket
            failed += 1
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (1024, HARD))
        await asyncio.sleep(0.05)
        assert open_files() <= before, (room, open_files(), before)
        assert len(asyncio.all_tasks()) == tasks, (room, asyncio.all_tasks())
    print("failed", failed)

asyncio.run(main())
"""


def test_a_start_that_fails_in_the_middle_leaves_nothing_open(tmp_path: Path) -> None:
    env = {"TMPDIR": str(tmp_path), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", START]
    done = processes.run(command, processes.ROOT, env=env, bare=True)
    assert done.code == 0
    assert int(done.out.split()[-1]) >= 15
    assert "ResourceWarning" not in done.err
    assert list(tmp_path.iterdir()) == []
