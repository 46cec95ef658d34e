"""Our SPF, DMARC and MX verdicts beside those of checkdmarc: same NSD zones, same run.

Both ask through one relay, which holds each question and each answer for half a round trip and
counts: questions sent, and depth, the longest chain of questions that each waited for an answer
to another. Times are taken from the first question to the verdict, imports done. The goal is
10x faster at 40 ms a round trip, with a depth of at most 4.

checkdmarc is never imported by us: it is installed into a virtual environment of its own in a
folder that goes away, unless CHECKDMARC names that environment's Python.

    python benchmarks/email_beside_checkdmarc.py [RUNS]
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.counted import relayed
from benchmarks.projects import AT
from launchready_tui.audit import collect, plan
from launchready_tui.content import checklist
from launchready_tui.lab import Scenario, healthy
from launchready_tui.lab.faults import broken
from launchready_tui.project.model import Email, Host, Product, Project
from launchready_tui.world import Options, open_world
from tests.real.servers import real_servers

DOMAIN = "harbor.example"
ROUND_TRIP = 0.040
TOPICS = {"email.spf": "SPF", "email.dmarc": "DMARC", "dns.mail": "MX"}
MAIL_SERVERS = {"aspmx.l": 1, "alt1.aspmx.l": 5, "alt2.aspmx.l": 5, "alt3.aspmx.l": 10,
                "alt4.aspmx.l": 10}  # fmt: skip
FAULTS = ("spf-two", "spf-eleven", "spf-open", "spf-include-servfail", "dmarc-missing",
          "dmarc-no-rua", "dmarc-rua-unauthorised", "mx-dead")  # fmt: skip
WORDS = {"pass": "right", "warn": "right", "skipped": "right", "unknown": "can't tell"}

# Runs in checkdmarc's own environment: asks for what ours asks for, prints times and verdicts.
THEIRS = """
import json, sys, time
import dns.resolver
import checkdmarc.smtp
from checkdmarc.dmarc import check_dmarc
from checkdmarc.smtp import check_mx
from checkdmarc.spf import check_spf
resolver = dns.resolver.Resolver(configure=False)
resolver.nameservers, resolver.port = ["127.0.0.1"], int(sys.argv[1])
domain = sys.argv[2]
# Its DNSSEC and TLSA questions about mail servers go past the relay: left out, in its favour.
checkdmarc.smtp.check_dnssec = lambda *names, **more: False
checkdmarc.smtp.get_tlsa_records = lambda *names, **more: []
started = time.perf_counter()
spf = check_spf(domain, resolver=resolver)
dmarc = check_dmarc(domain, resolver=resolver)
mx = check_mx(domain, resolver=resolver)
seconds = time.perf_counter() - started
reached = bool(mx["hosts"]) and all(host["addresses"] for host in mx["hosts"])
said = {"SPF": spf["valid"], "DMARC": dmarc["valid"], "MX": reached and "error" not in mx}
said = {topic: "right" if right else "not right" for topic, right in said.items()}
print(json.dumps({"seconds": seconds, "said": said}))
"""


@dataclass(frozen=True)
class Run:
    """One program's verdicts (is it right? by topic), and what they took."""

    said: Mapping[str, str]
    seconds: float
    queries: int
    depth: int


async def ours(server: int, delay: float) -> Run:
    product = Product(name="Harbor Market", domain=DOMAIN)
    email = Email(from_=f"hello@{DOMAIN}", providers=("google-workspace",))
    project = Project(product=product, hosts=(Host(name=DOMAIN),), email=email)
    content = checklist.builtin()
    jobs = plan(project, content, only=tuple(TOPICS))
    async with relayed(server, delay) as relay:
        options = Options(
            (f"127.0.0.1:{relay.port}",), (f":53=127.0.0.1:{relay.port}", ":443=127.0.0.1:1")
        )
        async with open_world(options, now=AT) as world:
            started = time.perf_counter()
            found = await collect(jobs, project, world, content)
            seconds = time.perf_counter() - started
        said = {TOPICS[one.check]: WORDS.get(one.verdict, "not right") for one in found}
        return Run(said, seconds, relay.queries, relay.depth)


async def theirs(server: int, delay: float, python: str) -> Run:
    async with relayed(server, delay) as relay:
        process = await asyncio.create_subprocess_exec(
            python, "-c", THEIRS, str(relay.port), DOMAIN, stdout=asyncio.subprocess.PIPE
        )
        out, _ = await process.communicate()
        printed = json.loads(out)
        return Run(printed["said"], printed["seconds"], relay.queries, relay.depth)


async def beside(label: str, scenario: Scenario, runs: int, python: str) -> None:
    """Both on one world, without delay and at 40 ms a round trip."""
    with tempfile.TemporaryDirectory() as name:
        async with real_servers(scenario, Path(name)) as options:
            server = int(options.resolvers[0].rpartition(":")[2])
            await ours(server, 0)  # imports
            for delay in (0.0, ROUND_TRIP):
                mine = [await ours(server, delay) for _ in range(runs)]
                other = [await theirs(server, delay, python) for _ in range(runs)]
                show(label, delay, mine, other)


def show(label: str, delay: float, mine: list[Run], other: list[Run]) -> None:
    fast, slow = (statistics.median(run.seconds for run in each) for each in (mine, other))
    depths = "" if not delay else f", depth {mine[0].depth} against {other[0].depth}"
    print(
        f"{label}, {delay * 1000:.0f} ms a round trip: {fast * 1000:.0f} ms against "
        f"{slow * 1000:.0f} ms, {slow / fast:.1f}x faster; {mine[0].queries} queries against "
        f"{other[0].queries}{depths}"
    )
    for topic, ours_say in mine[0].said.items():
        if (theirs_say := other[0].said[topic]) != ours_say:
            print(f"   {topic} differs: we say {ours_say}, checkdmarc {theirs_say}")


def usual() -> Scenario:
    """A domain as many are: Google's five mail servers, three senders, nine SPF lookups."""
    record = "v=spf1 include:_spf.google.com include:spf.mtasv.net include:a.mtasv.net -all"
    world = healthy().with_records(DOMAIN, "TXT", [record])
    servers = [f"{place} {name}.google.com." for name, place in MAIL_SERVERS.items()]
    world = world.with_records(DOMAIN, "MX", servers)
    for number, name in enumerate(MAIL_SERVERS):
        world = world.with_records(f"{name}.google.com", "A", [f"203.0.113.{60 + number}"])
        world = world.with_records(f"{name}.google.com", "AAAA", [f"2001:db8:25::{number + 1}"])
    world = world.with_records("a.mtasv.net", "TXT", ["v=spf1 include:b.mtasv.net ~all"])
    world = world.with_records("b.mtasv.net", "TXT", ["v=spf1 include:c.mtasv.net ~all"])
    return world.with_records("c.mtasv.net", "TXT", ["v=spf1 ip4:203.0.113.99 ~all"])


def installed(folder: Path) -> str:
    if "CHECKDMARC" in os.environ:
        return os.environ["CHECKDMARC"]
    venv.create(folder / "venv", with_pip=True)
    python = str(folder / "venv" / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "checkdmarc"], check=True)
    return python


async def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as name:
        python = installed(Path(name))
        await beside("healthy", healthy(), runs, python)
        await beside("three senders, five mail servers", usual(), runs, python)
        for fault in FAULTS:
            await beside(fault, broken([fault]), 1, python)


if __name__ == "__main__":
    asyncio.run(main())
