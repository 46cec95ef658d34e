"""Peak memory of an audit, of writing the documents and of the screens, against Python alone.

python benchmarks/memory.py
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.projects import full_project
from benchmarks.terminal import Terminal

# The child reads its own high-water mark: that of wait4 also counts the parent it was forked from.
PROBE = """
import runpy, sys
sys.argv = ["launchready", *sys.argv[1:]]
try:
    if len(sys.argv) > 1:
        runpy.run_module("launchready_tui", run_name="__main__")
except SystemExit:
    pass
finally:
    status = open("/proc/self/status").read()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    print("PEAK", int(line.split()[1]) * 1024)
"""


def peak(args: list[str], folder: Path) -> int:
    """Peak resident memory of a command, in bytes (Linux)."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *args], cwd=folder, capture_output=True, text=True, check=True
    )
    return int(done.stdout.rsplit("PEAK", 1)[1])


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        full_project(folder / "launchready.toml")
        peaks = {
            "python -c pass": peak([], folder),
            "launchready demo --json (lab and audit)": peak(["demo", "--json"], folder),
            "launchready handover": peak(["handover"], folder),
        }
        with Terminal([sys.executable, "-m", "launchready_tui"], folder) as terminal:
            terminal.wait_for(b"Quick audit")
            terminal.settle(1.0)
            peaks["launchready, the screens"] = terminal.peak_memory()
    floor = peaks["python -c pass"]
    for label, size in peaks.items():
        print(f"{label:<42} {size / 1e6:6.1f} MB  {size / floor:.1f}x Python alone")


if __name__ == "__main__":
    main()
