"""Our scan of a whole history beside its floor: git handing over every object, and `git log -p`.

Two repositories are generated. The smaller has 5,000 commits over 400 files of JavaScript, the
larger about a gigabyte of blobs: sources, a lock file, bundles, pictures. 40 commits of each bring
keys. Each way runs in turn, three times; medians and ratios are printed, and the most memory that
Python took. The goals are 2.5x of the floor on the smaller and 1.4x on the larger one, under
80 MB, and half a second for a second scan of the same objects.

    python benchmarks/history_scan.py [COMMITS] [--small | --large]
"""

from __future__ import annotations

import base64
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from launchready_tui.world.repository import git, objects, secret_scan
from launchready_tui.world.repository import scanner as repository
from launchready_tui.world.repository.fingerprints import Fingerprints

FILES, LINES, KEYS, RUNS = 400, 120, 40, 3
GOAL_SMALL, GOAL_LARGE, GOAL_AGAIN, GOAL_MEMORY = 2.5, 1.4, 0.5, 80
LARGE_COMMITS, LARGE_LINES, LOCKED = 4000, 340, 2500
WORDS = ("const", "order", "listing", "price", "return", "await", "fetch", "user", "total", "=>",
         "map", "filter", "null", "items", "cart", "seller", "buyer", "{", "}", "(x)")  # fmt: skip

# A process of its own scans once and says how many kilobytes it took at most.
ALONE = """
import resource, sys
from pathlib import Path
from launchready_tui.world.repository import git, objects, secret_scan
from launchready_tui.world.repository.fingerprints import Fingerprints
from launchready_tui.world.repository.scanner import engine
place = git.find(Path(sys.argv[1]))
secret_scan.history(place, engine(), Fingerprints(b"one run", False), objects.Progress())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""

Change = dict[str, bytes]


def generate(root: Path, commits: int) -> None:
    """The smaller history, the same each time."""
    _imported(root, _small(random.Random(7), commits))


def generate_large(root: Path) -> None:
    """A gigabyte of blobs, the same each time; never more than one commit of it in memory."""
    _imported(root, _large(random.Random(11), LARGE_COMMITS))


def _imported(root: Path, commits: Iterator[Change]) -> None:
    """A history by `git fast-import`, told commit by commit."""
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(root)], check=True)
    words = ["git", "-c", "core.compression=1", "fast-import", "--quiet"]
    with subprocess.Popen(words, cwd=root, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        for number, changed in enumerate(commits):
            message = f"Change {number}".encode()
            stream = bytearray(b"commit refs/heads/main\n")
            stream += b"committer A <a@harbor.example> %d +0000\n" % (1_700_000_000 + number * 60)
            stream += b"data %d\n%s\n" % (len(message), message)
            for path, text in changed.items():
                stream += b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(text), text)
            process.stdin.write(stream)
        process.stdin.close()
        if process.wait():
            raise SystemExit("git fast-import failed")


def _small(chance: random.Random, commits: int) -> Iterator[Change]:
    files = {f"src/f{n}.js": [_line(chance) for _ in range(LINES)] for n in range(FILES)}
    for number in range(commits):
        paths = list(files) if not number else chance.sample(list(files), 3)
        yield {path: _edited(chance, files[path], _keyed(number, commits)) for path in paths}


def _large(chance: random.Random, commits: int) -> Iterator[Change]:
    files = {f"src/f{n}.ts": [_line(chance) for _ in range(LARGE_LINES)] for n in range(FILES)}
    lock = [_locked(chance, number) for number in range(LOCKED)]
    for number in range(commits):
        paths = list(files) if not number else chance.sample(list(files), 6)
        changed = {path: _edited(chance, files[path], _keyed(number, commits)) for path in paths}
        if number % 4 == 0:
            for _ in range(3):
                lock[chance.randrange(LOCKED)] = _locked(chance, chance.randrange(LOCKED))
            changed["package-lock.json"] = "".join(lock).encode()
        if number % 8 == 1:
            changed[f"public/p{number}.webp"] = b"RIFF" + chance.randbytes(90_000)
        if number % 100 == 2:
            changed["public/app.wasm"] = b"\0asm" + chance.randbytes(1_500_000)
            one = ";".join(lines[0].strip() for lines in files.values()) * 12
            changed["dist/app.js"] = one.encode()
        yield changed


def _keyed(number: int, commits: int) -> bool:
    return number % max(commits // KEYS, 1) == 1


def _edited(chance: random.Random, lines: list[str], keyed: bool) -> bytes:
    """A file with one line changed, and with a key that no later version has."""
    lines[chance.randrange(len(lines))] = _line(chance)
    kept = [*lines, 'stripe = "' + "sk_live_" + _random(chance, 24) + '"'] if keyed else lines
    return "\n".join(kept).encode()


def _line(chance: random.Random) -> str:
    return "  " + " ".join(chance.choice(WORDS) for _ in range(9)) + f"; // {chance.random()}"


def _locked(chance: random.Random, number: int) -> str:
    name, digest = f"{chance.choice(WORDS[:19])}-{number}", base64.b64encode(chance.randbytes(64))
    return (
        f'    "node_modules/{name}": {{\n      "version": "{number % 9}.{number % 7}.0",\n'
        f'      "integrity": "sha512-{digest.decode()}",\n      "license": "MIT"\n    }},\n'
    )


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


def compare(root: Path, what: str, goal: float) -> None:
    """All ways of reading one repository, in turns; prints one paragraph."""
    place = git.find(root)
    assert isinstance(place, git.Place)
    marks = Fingerprints(b"one run", lasting=False)
    found: list[object] = []
    second: list[object] = []

    def scan() -> None:
        found[:] = [secret_scan.history(place, repository.engine(), marks, objects.Progress())]

    def again() -> None:
        kept = root.parent / "kept"
        second[:] = [repository.scan("history", root, lasting, objects.Progress(), keep=kept)]

    lasting = Fingerprints(b"many runs", lasting=True)
    again()  # what is remembered; and rules are compiled once
    ways = {
        "floor": lambda: drained(
            place, "cat-file", "--batch-all-objects", "--batch", "--unordered", "--buffer"
        ),
        "git log -p --all": lambda: drained(place, "log", "-p", "--all"),
        "ours": scan,
        "again": again,
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(RUNS):
        for name, way in ways.items():
            taken[name].append(timed(way))
    result = found[0]
    remembered = second[0]
    assert isinstance(result, secret_scan.Scan)
    assert isinstance(remembered, secret_scan.Scan)
    assert remembered.known == remembered.objects == result.objects
    assert len(remembered.leaks) == len(result.leaks)
    floor, log, ours, rescan = (statistics.median(each) for each in taken.values())
    memory = int(subprocess.check_output([sys.executable, "-c", ALONE, str(root)])) / 1024
    print(
        f"{what}: {result.objects} objects, {result.bytes / 1e6:.0f} MB: floor {floor:.2f} s, "
        f"git log -p {log:.2f} s, ours {ours:.2f} s = {ours / floor:.2f}x of the floor (goal "
        f"{goal}x), {ours / log:.2f}x of git log -p; {len(result.leaks)} values found; a second "
        f"scan {rescan:.2f} s (goal {GOAL_AGAIN}); Python took {memory:.0f} MB at most, all in all "
        f"(goal {GOAL_MEMORY})",
        flush=True,
    )


def main() -> None:
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    with tempfile.TemporaryDirectory() as name:
        if "--large" not in sys.argv:
            commits = numbers[0] if numbers else 5000
            root = Path(name) / "small" / "repo"
            generate(root, commits)
            compare(root, f"{commits} commits", GOAL_SMALL)
        if "--small" not in sys.argv:
            root = Path(name) / "large" / "repo"
            spent = timed(lambda: generate_large(root))
            print(f"a gigabyte of blobs, generated in {spent:.0f} s", flush=True)
            compare(root, f"{LARGE_COMMITS} commits with large files", GOAL_LARGE)


if __name__ == "__main__":
    main()
