"""Peak memory of an audit, of writing the documents and of the screens, against Python alone.

python benchmarks/memory.py
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.projects import full_project
from benchmarks.terminal import Terminal


def peak(argv: list[str], folder: Path) -> int:
    """Peak resident memory of a command, in bytes (Linux counts it in KiB)."""
    child = subprocess.Popen(argv, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(child.pid, 0)
    return usage.ru_maxrss * 1024


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        full_project(folder / "launchready.toml")
        us = [sys.executable, "-m", "launchready_tui"]
        peaks = {
            "python -c pass": peak([sys.executable, "-c", "pass"], folder),
            "launchready demo --json (lab and audit)": peak([*us, "demo", "--json"], folder),
            "launchready handover": peak([*us, "handover"], folder),
        }
        with Terminal(us, folder) as terminal:
            terminal.wait_for(b"Quick audit")
            terminal.settle(1.0)
            peaks["launchready, the screens"] = terminal.peak_memory()
    floor = peaks["python -c pass"]
    for label, size in peaks.items():
        print(f"{label:<42} {size / 1e6:6.1f} MB  {size / floor:.1f}x Python alone")


if __name__ == "__main__":
    main()
