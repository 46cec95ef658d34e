"""Start-up: seconds to the first meaningful text, against a bare Textual hello-world.

Both run in a pseudo-terminal of 120 by 40, one after the other, in turns. The ratio of the medians
is printed; the goal is 1.6 or less.

    python benchmarks/startup.py [RUNS]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.projects import full_project
from benchmarks.terminal import Terminal

HELLO = """
from textual.app import App, ComposeResult
from textual.widgets import Static
class Hello(App):
    def compose(self) -> ComposeResult:
        yield Static("Hello, world")
Hello().run()
"""


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        hello = folder / "hello.py"
        hello.write_text(HELLO)
        full_project(folder / "launchready.toml")
        programs = {
            "hello": ([sys.executable, str(hello)], b"Hello"),
            "launchready": ([sys.executable, "-m", "launchready_tui"], b"Quick audit"),
        }
        seconds: dict[str, list[float]] = {name: [] for name in programs}
        for turn in range(runs + 1):
            for label, (argv, text) in programs.items():
                with Terminal(argv, folder) as terminal:
                    took = terminal.wait_for(text)
                if turn:  # the first turn fills the file cache
                    seconds[label].append(took)
    for label, times in seconds.items():
        print(f"{label:<12} median {statistics.median(times) * 1000:.0f} ms, n {len(times)}")
    ratio = statistics.median(seconds["launchready"]) / statistics.median(seconds["hello"])
    print(f"start-up to first text: {ratio:.2f}x a bare Textual hello-world (goal 1.6x or less)")


if __name__ == "__main__":
    main()
