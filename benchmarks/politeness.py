"""An audit of the demo as paced as in the open: requests to each host, and until when.

Loopback is not paced otherwise; here it is. No host may get more than two requests a second.

    python benchmarks/politeness.py
"""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from launchready_tui.audit import plan, run
from launchready_tui.content import checklist
from launchready_tui.lab import Lab
from launchready_tui.lab.demo import demo_project
from launchready_tui.world import open_world


async def paced(pace: bool) -> None:
    project, content = demo_project(datetime.now(UTC)), checklist.builtin()
    async with Lab() as lab, open_world(replace(lab.options, pace_loopback=pace)) as world:
        began, done = time.monotonic(), list[float]()
        async for _ in run(plan(project, content), project, world, content):
            done.append(time.monotonic() - began)
    asked = world.asked
    half = done[len(done) // 2]
    print(f"{'paced' if pace else 'not paced'}: {len(done)} findings in {done[-1]:.1f} s, "
          f"half of them in {half:.1f} s; {asked.http} requests")  # fmt: skip
    for host, count in asked.hosts.most_common():
        print(f"  {count:3} {host}")


async def main() -> None:
    await paced(False)
    await paced(True)


asyncio.run(main())
