"""Our SPF verdicts beside those of pyspf: the same messages, the same NSD zone, the same run.

Each case is a domain that publishes a record, and a server that sends in its name. Any difference
is printed, and ends the run with 1. Time is taken over all cases, imports done, at 40 ms a round
trip.

pyspf is never imported by us: it is installed into a virtual environment of its own in a folder
that goes away, unless PYSPF names that environment's Python.

    python benchmarks/spf_beside_pyspf.py
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.counted import relayed
from benchmarks.projects import AT
from launchready_tui.lab import Scenario, healthy
from launchready_tui.rules.mail.spf_check import check_host
from launchready_tui.world import Options, open_world
from tests.real.servers import real_servers

ROUND_TRIP = 0.040
SENDER, STRANGER, SIX = "203.0.113.40", "198.51.100.66", "2001:db8:25::1"
MANY = " ".join(f"a:h{number}.spf.harbor.example" for number in range(11))
# Each case: the server that sends, and the records of its own domain.
CASES: dict[str, tuple[str, tuple[str, ...]]] = {
    "names its server": (SENDER, ("v=spf1 ip4:203.0.113.40 -all",)),
    "forbids a stranger": (STRANGER, ("v=spf1 ip4:203.0.113.40 -all",)),
    "doubts a stranger": (STRANGER, ("v=spf1 ip4:203.0.113.40 ~all",)),
    "says nothing of strangers": (STRANGER, ("v=spf1 ip4:203.0.113.40",)),
    "no record": (SENDER, ("some other text",)),
    "two records": (SENDER, ("v=spf1 -all", "v=spf1 ip4:203.0.113.40 -all")),
    "a typing error": (SENDER, ("v=spf1 ipv4:203.0.113.40 -all",)),
    "an error after the match": (SENDER, ("v=spf1 ip4:203.0.113.40 a:bad..name -all",)),
    "eleven lookups": (SENDER, (f"v=spf1 {MANY} ip4:203.0.113.40 -all",)),
    "three names that lead nowhere": (
        SENDER,
        ("v=spf1 " + " ".join(f"a:no{n}.spf.harbor.example" for n in range(3)) + " -all",),
    ),
    "an include without a record": (SENDER, ("v=spf1 include:no.spf.harbor.example ~all",)),
    "an include nobody answers about": (SENDER, ("v=spf1 include:down.spf.harbor.example -all",)),
    "a match before that include": (
        SENDER,
        ("v=spf1 ip4:203.0.113.40 include:down.spf.harbor.example -all",),
    ),
    "a redirect": (SENDER, ("v=spf1 redirect=names.spf.harbor.example",)),
    "a redirect to nothing": (SENDER, ("v=spf1 redirect=no.spf.harbor.example",)),
    "its own mail server": (SENDER, ("v=spf1 mx:mail.spf.harbor.example -all",)),
    "IPv6": (SIX, ("v=spf1 ip6:2001:db8:25::/64 -all",)),
    "IPv6 by name": (SIX, ("v=spf1 a:six.spf.harbor.example -all",)),
    "a macro": (SENDER, ("v=spf1 exists:%{i}.ok.spf.harbor.example -all",)),
    "a macro that is none": (SENDER, ("v=spf1 exists:%{y}.spf.harbor.example -all",)),
    "capitals": (SENDER, ("V=SPF1 IP4:203.0.113.40 -ALL",)),
    "an unknown modifier": (SENDER, ("v=spf1 note=hello ip4:203.0.113.40 -all",)),
    "ptr": (SENDER, ("v=spf1 ptr -all",)),
    "a loop": (SENDER, ("v=spf1 include:loop.spf.harbor.example -all",)),
    "cut into two strings": (STRANGER, ("v=spf1 ip4:203.0.113.40" + " ip4:192.0.2.1" * 20,)),
    "a network that is too wide": (SENDER, ("v=spf1 ip4:203.0.113.0/33 -all",)),
    "an alias": (SENDER, ("v=spf1 a:alias.spf.harbor.example -all",)),
    "eleven mail servers": (SENDER, ("v=spf1 mx:crowd.spf.harbor.example -all",)),
}

# Runs in pyspf's own environment: prints [result, seconds] of each case.
THEIRS = """
import json, sys, time
import dns.resolver, spf
resolver = dns.resolver.Resolver(configure=False)
resolver.nameservers, resolver.port = ["127.0.0.1"], int(sys.argv[1])
dns.resolver.default_resolver = resolver
cases, started, said = json.load(sys.stdin), time.perf_counter(), []
for ip, domain in cases:
    said.append(spf.query(i=ip, s=f"bounce@{domain}", h="mta.sender.example").check()[0])
print(json.dumps({"said": said, "seconds": time.perf_counter() - started}))
"""


def domain(number: int) -> str:
    return f"c{number}.spf.harbor.example"


def world() -> Scenario:
    base = "spf.harbor.example"
    made = healthy()
    for number, (_, records) in enumerate(CASES.values()):
        made = made.with_records(domain(number), "TXT", list(records))
    for number in range(11):
        made = made.with_records(f"h{number}.{base}", "A", ["192.0.2.200"])
    made = made.with_records(f"names.{base}", "TXT", ["v=spf1 ip4:203.0.113.40 -all"])
    made = made.with_records(f"loop.{base}", "TXT", [f"v=spf1 include:loop.{base} -all"])
    made = made.with_records(f"mail.{base}", "MX", [f"10 mta.{base}."])
    made = made.with_records(f"mta.{base}", "A", [SENDER])
    made = made.with_records(f"six.{base}", "AAAA", [SIX])
    made = made.with_records(f"{SENDER}.ok.{base}", "A", ["127.0.0.2"])
    made = made.with_records(f"alias.{base}", "CNAME", [f"mta.{base}."])
    crowd = [f"{n} h{n}.{base}." for n in range(11)]
    made = made.with_records(f"crowd.{base}", "MX", crowd)
    return made.with_trouble(f"down.{base}", "servfail")


async def ours(server: int) -> tuple[list[str], float]:
    async with relayed(server, ROUND_TRIP) as relay:
        options = Options((f"127.0.0.1:{relay.port}",), (f":53=127.0.0.1:{relay.port}",))
        async with open_world(options, now=AT) as opened:
            started = time.perf_counter()
            said: list[str] = []
            for number, (ip, _) in enumerate(CASES.values()):
                sender = f"bounce@{domain(number)}"
                judged = await check_host(ip, sender, "mta.sender.example", opened.dns.ask)
                said.append(judged.result)
            return said, time.perf_counter() - started


async def theirs(server: int, python: str) -> tuple[list[str], float]:
    async with relayed(server, ROUND_TRIP) as relay:
        process = await asyncio.create_subprocess_exec(
            python, "-W", "ignore", "-c", THEIRS, str(relay.port),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        asked = [(ip, domain(number)) for number, (ip, _) in enumerate(CASES.values())]
        out, _ = await process.communicate(json.dumps(asked).encode())
        printed = json.loads(out)
        return printed["said"], printed["seconds"]


def installed(folder: Path) -> str:
    if "PYSPF" in os.environ:
        return os.environ["PYSPF"]
    venv.create(folder / "venv", with_pip=True)
    python = str(folder / "venv" / "bin" / "python")
    command = [python, "-m", "pip", "install", "--quiet", "pyspf==2.0.14", "dnspython<3"]
    subprocess.run(command, check=True)
    return python


async def main() -> int:
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as served:
        python = installed(Path(name))
        async with real_servers(world(), Path(served)) as options:
            server = int(options.resolvers[0].rpartition(":")[2])
            mine, fast = await ours(server)
            other, slow = await theirs(server, python)
    for label, we, they in zip(CASES, mine, other, strict=True):
        if we != they:
            print(f"{label}: we say {we}, pyspf says {they}")
    same = sum(we == they for we, they in zip(mine, other, strict=True))
    counted = sorted(Counter(mine).items())
    results = ", ".join(f"{count} {result}" for result, count in counted)
    print(
        f"{same} of {len(CASES)} verdicts agree ({results}); at {ROUND_TRIP * 1000:.0f} ms a "
        f"round trip, one case after another, {fast:.1f} s against {slow:.1f} s "
        f"({slow / fast:.1f}x)"
    )
    return 0 if same == len(CASES) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
