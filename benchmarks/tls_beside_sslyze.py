"""Our tls.* verdicts beside those of sslyze and testssl.sh: same nginx, same run, in turns.

nginx plays four hosts of the lab's world: a healthy one, one with an expired certificate, one
that leaves out its intermediate, one that still accepts TLS 1.0. Each program is started as a
user starts it and asked for the same things: the certificate and the four versions. Two times are
taken: of the whole process, and of the scan alone. sslyze tells the latter itself; its clock starts
when it has imported all that it needs, and so does ours, for the same checks in this process. The
goal is a scan at least 4x faster than that of sslyze. CPU time of the whole process stands beside
them: it says more than the clock on a busy machine.

sslyze (AGPL) is never imported by us: unless SSLYZE names its program, it is installed into a
virtual environment of its own in a folder that goes away. testssl.sh is asked about one host,
once (it takes a minute), and left out where it is not installed.

    python benchmarks/tls_beside_sslyze.py [RUNS]
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from launchready_tui.audit import collect, plan
from launchready_tui.content import checklist
from launchready_tui.lab.faults import broken
from launchready_tui.project import file
from launchready_tui.project.model import Host, Product, Project
from launchready_tui.world import Options, open_world
from tests.real.servers import real_servers

ROOT = Path(__file__).parents[1]
DOMAIN = "harbor.example"
FAULTS = ("cert-expired", "chain-incomplete", "tls-old")
HOSTS = {
    f"admin.{DOMAIN}": "healthy",
    f"api.{DOMAIN}": "certificate expired",
    f"app.{DOMAIN}": "intermediate missing",
    f"docs.{DOMAIN}": "TLS 1.0 accepted",
}
CHECKS = ("tls.valid", "tls.chain", "tls.versions", "tls.key")


@dataclass(frozen=True)
class Said:
    """A program's verdicts, in words that all of them can be brought to, and its own seconds."""

    accepted: bool  # by a client that knows the root and fetches nothing
    old_versions: bool
    scan: float

    @property
    def verdicts(self) -> str:
        trust = "accepted" if self.accepted else "refused"
        return f"{trust}, {'old TLS too' if self.old_versions else 'new TLS only'}"


@dataclass(frozen=True)
class Program:
    """How to ask a program about a host; `read` gets what it printed and the file it wrote."""

    name: str
    command: Callable[[str, Path], list[str]]
    read: Callable[[str, Path], Said]


@dataclass(frozen=True)
class Place:
    """Where nginx plays the hosts."""

    options: Options
    folder: Path

    def port(self, host: str) -> int:
        """The https port of a host: its own where it plays something of its own."""
        own = "192.0.2.50:443" if host.startswith("docs.") else ":443"
        target = next(each for each in self.options.connect if each.startswith(f"{own}="))
        return int(target.rpartition(":")[2])


def launchready(place: Place) -> Program:
    def command(host: str, out: Path) -> list[str]:
        project = place.folder / f"{host}.toml"
        if not project.exists():
            product = Product(name="Harbor Market", domain=DOMAIN)
            file.create(project, Project(product=product, hosts=(Host(name=host),)))
        options = place.options
        network = [each for one in options.resolvers for each in ("--resolver", one)]
        network += [each for one in options.connect for each in ("--connect", one)]
        only = [each for check in CHECKS for each in ("--only", check)]
        return [
            sys.executable, "-m", "launchready_tui", "audit", "--json", "--project", str(project),
            *network, "--ca", str(options.ca), *only,
        ]  # fmt: skip

    def read(printed: str, out: Path) -> Said:
        audit = json.loads(printed)
        said = {each["check"]: each for each in audit["findings"]}
        trusted = said["tls.valid"]["verdict"] in ("pass", "warn")
        whole = said["tls.chain"]["verdict"] != "fail"
        old = said["tls.versions"]["outcome"] == "old"
        host = said["tls.valid"]["subject"]
        return Said(trusted and whole, old, asyncio.run(scan(place.options, host)))

    return Program("launchready", command, read)


async def scan(options: Options, host: str) -> float:
    """Seconds of our four checks of a host, all that they import being there."""
    project = Project(
        product=Product(name="Harbor Market", domain=DOMAIN), hosts=(Host(name=host),)
    )
    content = checklist.builtin()
    jobs = plan(project, content, only=CHECKS)
    seconds = 0.0
    for _ in range(2):  # the first imports
        started = time.perf_counter()
        async with open_world(options) as world:
            await collect(jobs, project, world, content)
        seconds = time.perf_counter() - started
    return seconds


def sslyze(place: Place, program: str) -> Program:
    ca = str(place.options.ca)

    def command(host: str, out: Path) -> list[str]:
        return [
            program, "--certinfo", "--tlsv1", "--tlsv1_1", "--tlsv1_2", "--tlsv1_3",
            "--certinfo_ca_file", ca, "--sni", host, "--json_out", str(out),
            f"127.0.0.1:{place.port(host)}",
        ]  # fmt: skip

    def read(printed: str, out: Path) -> Said:
        written = json.loads(out.read_text("utf-8"))
        result = written["server_scan_results"][0]["scan_result"]
        deployed = result["certificate_info"]["result"]["certificate_deployments"][0]
        [ours] = [one for one in deployed["path_validation_results"]
                  if one["trust_store"]["path"] == ca]  # fmt: skip
        old = any(
            result[f"tls_1_{minor}_cipher_suites"]["result"]["accepted_cipher_suites"]
            for minor in (0, 1)
        )
        began, ended = (
            datetime.fromisoformat(written[f"date_scans_{when}"])
            for when in ("started", "completed")
        )
        return Said(ours["was_validation_successful"], old, (ended - began).total_seconds())

    return Program("sslyze", command, read)


def testssl(place: Place, program: str) -> Program:
    def command(host: str, out: Path) -> list[str]:
        return [
            program, "--protocols", "--server-defaults", "--add-ca", str(place.options.ca),
            "--ip", "127.0.0.1", "--jsonfile", str(out), "--quiet", "--color", "0",
            f"{host}:{place.port(host)}",
        ]  # fmt: skip

    def read(printed: str, out: Path) -> Said:
        said = {each["id"]: each["finding"] for each in json.loads(out.read_text("utf-8"))}
        trusted = said["cert_chain_of_trust"].startswith("passed") and "Ok" in said["cert_trust"]
        old = any(said[each].startswith("offered") for each in ("TLS1", "TLS1_1"))
        return Said(trusted, old, float(said.get("scanTime", "nan")))

    return Program("testssl.sh", command, read)


@dataclass(frozen=True)
class Spent:
    """Seconds of a whole process: by the clock, and of CPU."""

    clock: float
    cpu: float


def ask(program: Program, host: str, folder: Path) -> tuple[Spent, Said]:
    """What the process took, and what it said."""
    out = folder / f"{program.name}.json"
    out.unlink(missing_ok=True)
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        program.command(host, out), capture_output=True, text=True, cwd=ROOT, check=False
    )
    clock, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return Spent(clock, cpu), program.read(done.stdout, out)


def compare(programs: list[Program], runs: int, folder: Path) -> None:
    """Ask all programs about all hosts in turns; print verdicts and times."""
    spent: dict[str, list[Spent]] = {program.name: [] for program in programs}
    scans: dict[str, list[float]] = {program.name: [] for program in programs}
    agreed = 0
    for host, what in HOSTS.items():
        verdicts = {}
        for turn in range(runs + 1):
            for program in programs:
                took, said = ask(program, host, folder)
                verdicts[program.name] = said.verdicts
                if turn:  # the first turn fills the file cache
                    spent[program.name].append(took)
                    scans[program.name].append(said.scan)
        same = len(set(verdicts.values())) == 1
        agreed += same
        heard = "; ".join(f"{name}: {words}" for name, words in verdicts.items())
        print(f"{host} ({what}): {'agree' if same else 'DIFFER'} ({heard})")
    print(f"verdicts agree on {agreed} of {len(HOSTS)} hosts")
    middles = {
        name: (
            statistics.median(scans[name]),
            statistics.median(each.clock for each in spent[name]),
            statistics.median(each.cpu for each in spent[name]),
        )
        for name in spent
    }
    for name, (alone, clock, cpu) in middles.items():
        print(
            f"{name:<12} scan {alone * 1000:5.0f} ms, whole process {clock * 1000:5.0f} ms, "
            f"CPU {cpu * 1000:5.0f} ms"
        )
    faster, clock, cpu = (
        theirs / ours
        for ours, theirs in zip(middles["launchready"], middles["sslyze"], strict=True)
    )
    print(
        f"scan {faster:.1f}x faster than sslyze (goal 4x or more); "
        f"whole process {clock:.1f}x faster, {cpu:.1f}x less CPU"
    )


def beside_testssl(place: Place, folder: Path) -> None:
    program = shutil.which("testssl") or shutil.which("testssl.sh")
    if program is None:
        print("testssl.sh is not installed (Debian: testssl.sh)")
        return
    for host in (f"app.{DOMAIN}", f"docs.{DOMAIN}"):
        theirs, heard = ask(testssl(place, program), host, folder)
        ours, own = ask(launchready(place), host, folder)
        same = "agree" if heard.verdicts == own.verdicts else "DIFFER"
        times = f"{theirs.clock:.0f} s, {theirs.clock / ours.clock:.0f}x our whole process"
        print(
            f"testssl.sh on {host}: {times}; {same} "
            f"(testssl.sh: {heard.verdicts}; launchready: {own.verdicts})"
        )


def installed(folder: Path) -> str:
    """The program of sslyze, from SSLYZE or from an environment made for this run."""
    if "SSLYZE" in os.environ:
        return os.environ["SSLYZE"]
    venv.create(folder / "venv", with_pip=True)
    pip = [str(folder / "venv" / "bin" / "pip"), "install", "--quiet", "sslyze"]
    subprocess.run(pip, check=True)
    return str(folder / "venv" / "bin" / "sslyze")


async def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        program = installed(folder)
        async with real_servers(broken(FAULTS), folder) as options:
            place = Place(options, folder)
            programs = [launchready(place), sslyze(place, program)]
            await asyncio.to_thread(compare, programs, runs, folder)
            await asyncio.to_thread(beside_testssl, place, folder)


if __name__ == "__main__":
    asyncio.run(main())
