"""All email records of a domain with 40 DKIM selectors to ask for, from a real name server.

NSD serves the zones behind a relay that costs 40 ms a round trip and counts questions and depth,
the longest chain of questions that each waited for an answer to another. The goal is 250 ms and
depth 4. The same records asked one after another, as a shell script with dig would, stand beside
it in the same run. MTA-STS is no part of it: its policy is a page, and a page needs a connection.

    python benchmarks/email_records.py [RUNS]
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.counted import relayed
from benchmarks.projects import AT
from launchready_tui.audit import collect, plan
from launchready_tui.content import checklist
from launchready_tui.lab import Scenario, healthy
from launchready_tui.lab.healthy import GOOGLE_KEY
from launchready_tui.project.model import Email, Host, Product, Project
from launchready_tui.world import Options, open_world
from tests.real.servers import real_servers

DOMAIN = "harbor.example"
ROUND_TRIP = 0.040
SELECTORS = 40
CHECKS = ("email.spf", "email.dkim", "email.dmarc", "email.parked", "email.reply-path", "dns.mail")


@dataclass(frozen=True)
class Run:
    """What one look took, what it asked, and how many of its verdicts were which."""

    seconds: float
    queries: int
    depth: int
    said: Counter[str]


def world_of_many() -> Scenario:
    """The healthy domain; every second of 40 selectors has a key."""
    world = healthy()
    key = f"v=DKIM1; k=rsa; p={GOOGLE_KEY}"
    for number in range(0, SELECTORS, 2):
        world = world.with_records(f"s{number}._domainkey.{DOMAIN}", "TXT", [key])
    return world


def project() -> Project:
    return Project(
        product=Product(name="Harbor Market", domain=DOMAIN),
        hosts=(Host(name=DOMAIN),),
        email=Email(
            from_=f"hello@{DOMAIN}",
            providers=("google-workspace", "postmark"),
            selectors=tuple(f"s{number}" for number in range(SELECTORS)),
        ),
    )


async def look(server: int, delay: float) -> Run:
    content = checklist.builtin()
    jobs = plan(project(), content, only=CHECKS)
    async with relayed(server, delay) as relay:
        options = Options((f"127.0.0.1:{relay.port}",), (f":53=127.0.0.1:{relay.port}",))
        async with open_world(options, now=AT) as world:
            started = time.perf_counter()
            found = await collect(jobs, project(), world, content)
            seconds = time.perf_counter() - started
        said = Counter(f"{one.verdict}" for one in found)
        return Run(seconds, relay.queries, relay.depth, said)


async def one_by_one(server: int, delay: float) -> float:
    """The same kind of questions, each asked when the one before is answered."""
    names = [f"s{number}._domainkey.{DOMAIN}" for number in range(SELECTORS)]
    async with relayed(server, delay) as relay:
        options = Options((f"127.0.0.1:{relay.port}",), (f":53=127.0.0.1:{relay.port}",))
        async with open_world(options, now=AT) as world:
            started = time.perf_counter()
            for name in (DOMAIN, f"_dmarc.{DOMAIN}", *names):
                await world.dns.ask(name, "TXT")
            return time.perf_counter() - started


async def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as name:
        async with real_servers(world_of_many(), Path(name)) as options:
            server = int(options.resolvers[0].rpartition(":")[2])
            await look(server, 0)  # imports
            for delay in (0.0, ROUND_TRIP):
                mine = [await look(server, delay) for _ in range(runs)]
                slow = [await one_by_one(server, delay) for _ in range(min(runs, 3))]
                show(delay, mine, slow)


def show(delay: float, mine: list[Run], slow: list[float]) -> None:
    median = statistics.median(run.seconds for run in mine)
    said = ", ".join(f"{count} {verdict}" for verdict, count in sorted(mine[0].said.items()))
    depth = f", depth {max(run.depth for run in mine)}" if delay else ""
    print(
        f"{SELECTORS} selectors, {delay * 1000:.0f} ms a round trip: {median * 1000:.0f} ms "
        f"(at most {max(run.seconds for run in mine) * 1000:.0f}), {mine[0].queries} queries"
        f"{depth}; one after another {statistics.median(slow) / median:.1f}x as long. Said: {said}"
    )


if __name__ == "__main__":
    asyncio.run(main())
