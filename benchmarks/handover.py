"""`launchready handover` on a project with every answer and finding, against starting Python.

python benchmarks/handover.py [RUNS]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.projects import full_project


def seconds(argv: list[str], folder: Path) -> float:
    started = time.perf_counter()
    subprocess.run(argv, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        full_project(folder / "launchready.toml")
        programs = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "launchready --version": [sys.executable, "-m", "launchready_tui", "--version"],
            "launchready handover": [sys.executable, "-m", "launchready_tui", "handover"],
        }
        took: dict[str, list[float]] = {label: [] for label in programs}
        for turn in range(runs + 1):
            for label, argv in programs.items():
                spent = seconds(argv, folder)
                if turn:
                    took[label].append(spent)
    floor = statistics.median(took["python -c pass"])
    for label, times in took.items():
        middle = statistics.median(times)
        print(f"{label:<24} median {middle * 1000:.0f} ms, {middle / floor:.1f}x starting Python")


if __name__ == "__main__":
    main()
