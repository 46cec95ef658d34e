"""Ctrl+C at random moments of an audit: how each process ends. Not one may abort (SIGABRT).

Python aborts when it ends while a daemon thread imports a native module: that was once in about
250 interrupted audits. The lab plays the demo's world in a process of its own, for all runs. An
audit starts, gets one SIGINT after 0 to SECONDS seconds of its own CPU time (so that a busy machine
interrupts it at the same places), and its exit code is counted; so is a traceback, or a report of
Python's fault handler, on standard error. Ends with 1 if there was any.
What Python says when it is interrupted before our first line is not ours, and is not counted.

With CHECK, each audit is of that check or pattern alone, and so begins sooner with it: `edge.*`
asks the password store for a token, which is where the native modules were imported.

    python benchmarks/interruptions.py [RUNS] [SECONDS] [CHECK]
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import sys
import tempfile
from collections import Counter
from multiprocessing import Pipe, get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.audit_depth import play
from benchmarks.projects import AT
from launchready_tui.lab.demo import demo_project
from launchready_tui.lab.faults import DEMO_FAULTS
from launchready_tui.project import file
from launchready_tui.world import Options

AT_ONCE = 2
PATIENCE = 60.0  # seconds from the interruption to the end
BAD = ("Traceback (most recent call last)", "Fatal Python error", "terminate called")


def command(project: Path, options: Options, checks: list[str]) -> list[str]:
    words = [sys.executable, "-m", "launchready_tui", "audit", "--json", "--yes"]
    words += ["--project", str(project), "--ca", str(options.ca)]
    for check in checks:
        words += ["--only", check]
    for place in options.resolvers:
        words += ["--resolver", place]
    for detour in options.connect:
        words += ["--connect", detour]
    return words


def cpu_seconds(pid: int) -> float:
    """What a process has used so far, as Linux tells it (proc(5)); all there is once it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return float("inf")
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def interrupted(words: list[str], after: float) -> tuple[str, str]:
    """How one audit ends, and what it says on standard error."""
    process = await asyncio.create_subprocess_exec(
        *words,
        env={**os.environ, "PYTHONFAULTHANDLER": "1"},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    speaking = asyncio.create_task(process.communicate())
    while not speaking.done() and cpu_seconds(process.pid) < after:
        await asyncio.wait({speaking}, timeout=0.005)
    if not speaking.done():
        process.send_signal(signal.SIGINT)
    try:
        _, errors = await asyncio.wait_for(asyncio.shield(speaking), PATIENCE)
    except TimeoutError:
        process.send_signal(signal.SIGABRT)  # the fault handler says where each thread stands
        _, errors = await speaking
        return "hung", errors.decode("utf-8", "replace")
    code = process.returncode or 0
    name = signal.Signals(-code).name if code < 0 else str(code)
    return name, errors.decode("utf-8", "replace")


def before_our_first_line(errors: str) -> bool:
    """Whether Python was still starting, or about to hear of Ctrl+C from us."""
    ours = set(re.findall(r"launchready_tui/([a-z_/]+)\.py", errors))
    return ours <= {"__init__", "__main__", "commands/process"} and "Aborted" not in errors


async def measure(words: list[str], runs: int, seconds: float) -> tuple[Counter[str], list[str]]:
    ends, complaints = Counter[str](), list[str]()
    left = iter(range(runs))
    pick = random.Random(runs)

    async def work() -> None:
        for number in left:
            after = pick.uniform(0, seconds)
            end, errors = await interrupted(words, after)
            ends[end] += 1
            bad = any(text in errors for text in BAD) and not before_our_first_line(errors)
            if bad or end == "hung":
                complaints.append(f"after {after:.2f} s, ended with {end}:\n{errors[:4000]}")
            if (number + 1) % 100 == 0:
                print(f"{number + 1} runs: {dict(ends)}, {len(complaints)} complaints", flush=True)

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return ends, complaints


def main() -> int:
    # A shell starts what runs in the background deaf to SIGINT, and so would be its children.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 1.5
    ours, theirs = Pipe()
    world = get_context("spawn").Process(target=play, args=(tuple(DEMO_FAULTS), 0.0, theirs))
    world.start()
    resolvers, connect, ca = ours.recv()
    options = Options(resolvers=resolvers, connect=connect, ca=ca)
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "launchready.toml"
        file.create(project, demo_project(AT))
        words = command(project, options, sys.argv[3:4])
        ends, complaints = asyncio.run(measure(words, runs, seconds))
    ours.send("stop")
    world.join()
    for text in complaints:
        print(text)
    aborted = ends["SIGABRT"] + ends["SIGSEGV"]
    print(f"{runs} interrupted audits: {dict(sorted(ends.items()))}; {aborted} aborted (goal 0)")
    return 1 if aborted or complaints or ends["hung"] else 0


if __name__ == "__main__":
    sys.exit(main())
