"""The public surface of six hosts at 40 ms a round trip, against its own critical path.

What is measured: every check of names, certificates, addresses, redirects, the edge, caching and
served secrets, on the lab's healthy world with its six web hosts; mail is left out. The lab plays
in a process of its own and delays every DNS query, connect, handshake and request. The critical
path is measured as in `audit_depth.py`: what an audit gets longer by when round trips do.

Politeness is not part of it: at most two requests a second to one host hold for real sites, and a
place on loopback is let off. What a real host adds by that is printed as its count of requests.

    python benchmarks/surface.py [RUNS]
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from dataclasses import dataclass
from multiprocessing import Pipe, get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.audit_depth import ROUND_TRIP, play
from benchmarks.projects import AT
from launchready_tui.audit import collect, plan
from launchready_tui.content import checklist
from launchready_tui.lab.demo import demo_project
from launchready_tui.world import Asked, Options, open_world

TOPICS = ("dns", "tls", "http", "edge", "cache", "speed", "secrets")
GOAL = 1.3


@dataclass(frozen=True)
class Took:
    """One audit: its time and this process's own CPU time, in seconds, and what went out."""

    seconds: float
    cpu: float
    asked: Asked


async def audit(options: Options) -> Took:
    content, project = checklist.builtin(), demo_project(AT)
    jobs = [job for job in plan(project, content) if job.check.id.split(".")[0] in TOPICS]
    started, busy = time.perf_counter(), time.process_time()
    async with open_world(options, now=AT) as world:
        await collect(jobs, project, world, content)
        asked = world.asked
    return Took(time.perf_counter() - started, time.process_time() - busy, asked)


def run(delay: float, runs: int) -> list[Took]:
    """Some audits of the healthy world, after one that warms imports and caches."""
    ours, theirs = Pipe()
    world = get_context("spawn").Process(target=play, args=((), delay, theirs))
    world.start()
    resolvers, connect, ca = ours.recv()
    options = Options(resolvers=resolvers, connect=connect, ca=ca)
    took = [asyncio.run(audit(options)) for _ in range(runs + 1)]
    ours.send("stop")
    world.join()
    return took[1:]


def middle(took: list[Took]) -> float:
    return statistics.median(each.seconds for each in took)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    depth = round((middle(run(0.8, 2)) - middle(run(0.4, 2))) / 0.4)
    path = depth * ROUND_TRIP
    far, local = run(ROUND_TRIP, runs), run(0.0, runs)
    asked, cpu = far[0].asked, statistics.median(each.cpu for each in far)
    print(
        f"six hosts at {ROUND_TRIP * 1000:.0f} ms a round trip: {middle(far) * 1000:.0f} ms, "
        f"without delay {middle(local) * 1000:.0f} ms; our own CPU {cpu * 1000:.0f} ms"
    )
    print(f"went out: {asked.dns} DNS queries, {asked.http} requests, {asked.tls} TLS hellos")
    print(
        f"critical path {depth} round trips, {path * 1000:.0f} ms: "
        f"{middle(far) / path:.2f}x of it (goal {GOAL}x or less)"
    )


if __name__ == "__main__":
    main()
