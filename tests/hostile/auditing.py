"""Runs `launchready audit` on a project, in a process of its own that tells its peak memory."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
import unicodedata
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from launchready_tui.audit import plan
from launchready_tui.content.checklist import builtin
from launchready_tui.lab import Lab
from launchready_tui.lab.demo import demo_project
from launchready_tui.project import file
from launchready_tui.world import Options
from tests.world.certificates import Authority, pem
from tests.world.servers import Talk, talking

ROOT = Path(__file__).parents[2]
WITHIN = 90.0  # seconds, with the short waits: a bound that leaves room for a slow machine
MEMORY = 150 * 1000**2  # bytes, of the whole audit
VERDICTS = {"pass", "warn", "fail", "unknown", "skipped"}
TURNING = {"\u202a", "\u202b", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068"}

# A wait for pages that a test can afford; every other limit is the product's own. The process
# reads its own high-water mark: that of wait4 also counts the parent that it was forked from.
PROBE = """
import runpy, sys
from launchready_tui.world import limits
shorten, *sys.argv[1:] = sys.argv[1:]
if shorten == "short":
    limits.RESPONSE = 5.0
sys.argv[0] = "launchready"
try:
    runpy.run_module("launchready_tui", run_name="__main__")
finally:
    status = open("/proc/self/status").read()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    print("PEAK", int(line.split()[1]) * 1024, file=sys.stderr)
"""


@dataclass(frozen=True)
class Audited:
    """What an audit printed, in JSON and as a table, how long it took, and its peak memory."""

    findings: tuple[dict[str, Any], ...]
    table: str
    seconds: float
    memory: int

    def said(self, check: str, subject: str) -> tuple[str, str]:
        one = next(
            each for each in self.findings if (each["check"], each["subject"]) == (check, subject)
        )
        return one["verdict"], one["outcome"]


async def audit(options: Options, folder: Path, *, waits: str = "short") -> Audited:
    """Audit the demo's project through these options, once as JSON and once as a table."""
    path = folder / "launchready.toml"
    if not path.exists():
        file.create(path, demo_project(datetime.now(UTC)))
    started = time.monotonic()
    (written, memory), (table, _) = await asyncio.gather(
        _run(["audit", "--json", *_network(options)], folder, waits),
        _run(["audit", "--details", *_network(options)], folder, waits),
    )
    seconds = time.monotonic() - started
    findings = tuple(json.loads(written)["findings"])
    return Audited(findings, table, seconds, memory)


async def _run(args: list[str], folder: Path, waits: str) -> tuple[str, int]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROBE, waits, *args,
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(WITHIN):
            out, error = await process.communicate()
    except TimeoutError:
        process.kill()
        raise AssertionError(f"the audit did not end within {WITHIN:.0f} seconds") from None
    said = error.decode("utf-8")
    assert "Traceback" not in said, said
    return out.decode("utf-8"), int(said.rsplit("PEAK", 1)[1])


def _network(options: Options) -> list[str]:
    args = [each for server in options.resolvers for each in ("--resolver", server)]
    args += [each for detour in options.connect for each in ("--connect", detour)]
    return [*args, "--ca", str(options.ca)]


@asynccontextmanager
async def standing_in(host: str, talk: Talk, folder: Path) -> AsyncIterator[Options]:
    """The lab's healthy world, where this server answers for one host over https and http."""
    root = Authority()
    async with AsyncExitStack() as stack:
        lab = await stack.enter_async_context(Lab())
        context = root.leaf(host).context(folder)
        secure = await stack.enter_async_context(talking(talk, context))
        plain = await stack.enter_async_context(talking(talk))
        yield instead(lab.options, host, secure, plain, trusting(lab, root, folder))


def trusting(lab: Lab, root: Authority, folder: Path) -> Path:
    """A file of the lab's root and this one."""
    assert lab.options.ca is not None
    ca = folder / "roots.pem"
    ca.write_bytes(lab.options.ca.read_bytes() + pem(root.certificate))
    return ca


def instead(options: Options, host: str, secure: int, plain: int, ca: Path | None) -> Options:
    """These options, with one host at ports of its own."""
    mine = (f"{host}:443=127.0.0.1:{secure}", f"{host}:80=127.0.0.1:{plain}")
    return Options(options.resolvers, (*mine, *options.connect), ca)


def holds(audited: Audited) -> None:
    """Every planned check says something, nothing of ours broke, and all of it can be shown."""
    planned = {(job.check.id, job.subject) for job in plan(demo_project(datetime.now(UTC)),
                                                          builtin())}  # fmt: skip
    said = {(each["check"], each["subject"]) for each in audited.findings}
    assert {check for check, _ in planned} <= {check for check, _ in said}
    assert {each["verdict"] for each in audited.findings} <= VERDICTS
    ours = [each for each in audited.findings if each["outcome"] == "our-fault"]
    assert ours == []
    for text in (*_texts(audited.findings), *audited.table.split("\n")):
        dirt = {each for each in text if unicodedata.category(each) == "Cc" or each in TURNING}
        assert not dirt, (dirt, text)
    assert audited.memory < MEMORY, f"{audited.memory / 1e6:.0f} MB"


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from (key, *_texts(each))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
