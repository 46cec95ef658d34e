"""Our scan of a whole history beside its floor: git handing over every object, and `git log -p`.

The repository is generated: 5,000 commits over 400 files of JavaScript, with 40 planted keys.
Each way runs in turn, three times; medians and ratios are printed, and the most memory that
Python took. The goal is 2.5x of the floor, under 80 MB.

    python benchmarks/history_scan.py [COMMITS]
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from launchready_tui.world import git, objects, secret_scan
from launchready_tui.world.fingerprints import Fingerprints
from launchready_tui.world.repository import engine

FILES, LINES, KEYS, RUNS = 400, 120, 40, 3
WORDS = ("const", "order", "listing", "price", "return", "await", "fetch", "user", "total", "=>",
         "map", "filter", "null", "items", "cart", "seller", "buyer", "{", "}", "(x)")  # fmt: skip

# A process of its own scans once and says how many kilobytes it took at most.
ALONE = """
import resource, sys
from pathlib import Path
from launchready_tui.world import git, objects, secret_scan
from launchready_tui.world.fingerprints import Fingerprints
from launchready_tui.world.repository import engine
place = git.find(Path(sys.argv[1]))
secret_scan.history(place, engine(), Fingerprints(b"one run", False), objects.Progress())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def generate(root: Path, commits: int) -> None:
    """A history by `git fast-import`, the same each time."""
    chance = random.Random(7)
    files = {f"src/f{n}.js": [_line(chance) for _ in range(LINES)] for n in range(FILES)}
    stream = bytearray()
    for number in range(commits):
        changed = list(files) if not number else chance.sample(list(files), 3)
        message = f"Change {number}".encode()
        stream += b"commit refs/heads/main\n"
        stream += b"committer A <a@harbor.example> %d +0000\n" % (1_700_000_000 + number * 60)
        stream += b"data %d\n%s\n" % (len(message), message)
        for path in changed:
            lines = files[path]
            lines[chance.randrange(LINES)] = _line(chance)
            kept = list(lines)
            if number % max(commits // KEYS, 1) == 1:
                kept.append('stripe = "' + "sk_live_" + _random(chance, 24) + '"')
            text = "\n".join(kept).encode()
            stream += b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(text), text)
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(root)], check=True)
    subprocess.run(["git", "fast-import", "--quiet"], cwd=root, input=bytes(stream), check=True)


def _line(chance: random.Random) -> str:
    return "  " + " ".join(chance.choice(WORDS) for _ in range(9)) + f"; // {chance.random()}"


def _random(chance: random.Random, size: int) -> str:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
    return "".join(chance.choice(letters) for _ in range(size))


def drained(place: git.Place, *words: str) -> None:
    with git.running(place, *words) as process:
        assert process.stdout is not None
        while process.stdout.read(1024 * 1024):
            pass


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    commits = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "repo"
        generate(root, commits)
        place = git.find(root)
        assert isinstance(place, git.Place)
        marks = Fingerprints(b"one run", lasting=False)
        found: list[object] = []

        def scan() -> None:
            found[:] = [secret_scan.history(place, engine(), marks, objects.Progress())]

        scan()  # rules are compiled once
        ways = {
            "floor": lambda: drained(
                place, "cat-file", "--batch-all-objects", "--batch", "--unordered", "--buffer"
            ),
            "git log -p --all": lambda: drained(place, "log", "-p", "--all"),
            "ours": scan,
        }
        taken = {name: [] for name in ways}
        for _ in range(RUNS):
            for name_, way in ways.items():
                taken[name_].append(timed(way))
        result = found[0]
        assert isinstance(result, secret_scan.Scan)
        floor, log, ours = (statistics.median(each) for each in taken.values())
        memory = int(subprocess.check_output([sys.executable, "-c", ALONE, str(root)])) / 1024
        print(
            f"{commits} commits, {result.objects} objects, {result.bytes / 1e6:.0f} MB: floor "
            f"{floor:.2f} s, git log -p {log:.2f} s, ours {ours:.2f} s = {ours / floor:.1f}x of "
            f"the floor, {ours / log:.2f}x of git log -p; {len(result.leaks)} values found; Python "
            f"took {memory:.0f} MB at most, all in all"
        )


if __name__ == "__main__":
    main()
