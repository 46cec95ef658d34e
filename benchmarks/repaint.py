"""Key to repaint while an audit runs: p50 and p95 in milliseconds (goal p95 50 ms or less).

The demo runs in a pseudo-terminal of 120 by 40, its lab in the same process (so this is the worst
case: one core serves the site, audits it and paints). An audit is started again and again; in
between the cursor goes down and up.

    python benchmarks/repaint.py [KEYS]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.terminal import Terminal

DOWN, UP = b"\x1b[B", b"\x1b[A"


def main() -> None:
    keys = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    took: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        argv = [sys.executable, "-m", "launchready_tui", "demo", "--dir", "demo"]
        with Terminal(argv, Path(name)) as terminal:
            terminal.wait_for(b"Quick audit")
            terminal.settle(1.0)
            for count in range(keys):
                if count % 20 == 0:
                    terminal.key_to_repaint(b"R")  # check everything again
                took.append(terminal.key_to_repaint(DOWN if count % 4 < 2 else UP))
                time.sleep(0.02)
                while terminal.read(0):
                    pass
    took.sort()
    p95 = took[int(len(took) * 0.95)]
    print(
        f"key to repaint during audits, n {len(took)}: "
        f"p50 {statistics.median(took) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, "
        f"worst {took[-1] * 1000:.0f} ms (goal: p95 50 ms or less)"
    )


if __name__ == "__main__":
    main()
