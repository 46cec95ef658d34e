"""A full audit of the demo world at 40 ms a round trip, against its critical path.

The lab runs in a process of its own and delays every DNS query, connect, TLS handshake and
request by one round trip. The critical path is the longest chain of round trips that must wait
for each other. It is measured, not assumed: from 200 to 400 ms a round trip, an audit gets longer
by its length times 200 ms. What is above it at 40 ms is our own work. The goal is 1.3x.

    python benchmarks/audit_depth.py [RUNS]
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.projects import AT
from launchready_tui.audit import collect, plan
from launchready_tui.content import checklist
from launchready_tui.lab import Lab
from launchready_tui.lab.demo import demo_project
from launchready_tui.lab.faults import DEMO_FAULTS, broken
from launchready_tui.world import Options, open_world

ROUND_TRIP = 0.040


async def serve(faults: tuple[str, ...], delay: float, pipe: Connection) -> None:
    """Play the world until the other side says stop: a site does not share its visitor's CPU."""
    async with Lab(broken(faults), delay=delay) as lab:
        pipe.send((lab.options.resolvers, lab.options.connect, lab.options.ca))
        await asyncio.to_thread(pipe.recv)


def play(faults: tuple[str, ...], delay: float, pipe: Connection) -> None:
    asyncio.run(serve(faults, delay, pipe))


async def audit(options: Options) -> float:
    content, project = checklist.builtin(), demo_project(AT)
    started = time.perf_counter()
    async with open_world(options, now=AT) as world:
        await collect(plan(project, content), project, world, content)
    return time.perf_counter() - started


def seconds(delay: float, faults: tuple[str, ...], runs: int) -> float:
    """The median of some audits of one world, after one that warms imports and caches."""
    ours, theirs = Pipe()
    world = get_context("spawn").Process(target=play, args=(faults, delay, theirs))
    world.start()
    resolvers, connect, ca = ours.recv()
    options = Options(resolvers=resolvers, connect=connect, ca=ca)
    took = [asyncio.run(audit(options)) for _ in range(runs + 1)]
    ours.send("stop")
    world.join()
    return statistics.median(took[1:])


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    for label, faults in (("healthy", ()), ("broken on purpose", tuple(DEMO_FAULTS))):
        slow, slower = seconds(0.2, faults, 3), seconds(0.4, faults, 3)
        depth = round((slower - slow) / 0.2)
        path = depth * ROUND_TRIP
        local, far = seconds(0, faults, runs), seconds(ROUND_TRIP, faults, runs)
        print(
            f"{label}: {far * 1000:.0f} ms at 40 ms a round trip, {local * 1000:.0f} ms without; "
            f"critical path {depth} round trips, {path * 1000:.0f} ms: {far / path:.2f}x of it "
            "(goal 1.3x or less)"
        )


if __name__ == "__main__":
    main()
