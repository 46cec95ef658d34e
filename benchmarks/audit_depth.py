"""A full audit of the demo world at 40 ms a round trip, against its critical path.

The lab delays every DNS query, connect, TLS handshake and request by one round trip. The longest
chain of questions that must wait for each other is http.canonical's: one DNS question (A and AAAA
together), then http (connect, request), https on the same host (connect, handshake, request) and
https on the preferred host (connect, handshake, request): 9 round trips. The goal is 1.3x of that.
The same audit without delay shows how much of it is our own work.

    python benchmarks/audit_depth.py [RUNS]
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.projects import AT
from launchready_tui import checklist
from launchready_tui.audit import collect, plan
from launchready_tui.lab import Lab
from launchready_tui.lab.demo import demo_project
from launchready_tui.lab.faults import DEMO_FAULTS, broken
from launchready_tui.world import open_world

ROUND_TRIP = 0.040
CRITICAL_PATH = 9


async def seconds(delay: float, faults: tuple[str, ...]) -> float:
    content, project = checklist.builtin(), demo_project(AT)
    async with Lab(broken(faults), delay=delay) as lab:
        started = time.perf_counter()
        async with open_world(lab.options, now=AT) as world:
            await collect(plan(project, content), project, world, content)
        return time.perf_counter() - started


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    path = ROUND_TRIP * CRITICAL_PATH
    for label, faults in (("healthy", ()), ("broken on purpose", tuple(DEMO_FAULTS))):
        asyncio.run(seconds(0, faults))  # warm imports and caches
        local = statistics.median(asyncio.run(seconds(0, faults)) for _ in range(runs))
        far = statistics.median(asyncio.run(seconds(ROUND_TRIP, faults)) for _ in range(runs))
        print(
            f"{label}: {far * 1000:.0f} ms at 40 ms a round trip, {local * 1000:.0f} ms without; "
            f"{far / path:.2f}x its critical path of {CRITICAL_PATH} round trips "
            f"({path * 1000:.0f} ms; goal 1.3x or less)"
        )


if __name__ == "__main__":
    main()
