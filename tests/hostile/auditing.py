"""Runs `launchready audit` on a project, in a process of its own that tells its peak memory."""

from __future__ import annotations

import json
import time
import unicodedata
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from launchready_tui.audit import plan
from launchready_tui.content.checklist import builtin
from launchready_tui.lab import Lab, healthy
from launchready_tui.lab.demo import demo_project
from launchready_tui.project import file
from launchready_tui.project.model import Project
from launchready_tui.world import Options
from tests import processes
from tests.world.certificates import Authority, pem
from tests.world.servers import Talk, talking

ROOT = Path(__file__).parents[2]
WITHIN = 90.0  # seconds, with the short waits: a bound that leaves room for a slow machine
MEMORY = 150 * 1000**2  # bytes, of the whole audit
VERDICTS = {"pass", "warn", "fail", "unknown", "skipped"}
TURNING = {"\u202a", "\u202b", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068"}

# A wait for pages that a test can afford; every other limit is the product's own. The process
# reads its own high-water mark: that of wait4 also counts the parent that it was forked from.
# What the audit prints as JSON it also prints as the table with details, into a file beside it.
PROBE = """
import contextlib, runpy, sys
from launchready_tui.commands import audit, audit_output
from launchready_tui.world import limits
shorten, *sys.argv[1:] = sys.argv[1:]
if shorten == "short":
    limits.RESPONSE = 3.0
as_json = audit_output.audit_json

def both(done, project, content):
    with open("table.txt", "w", encoding="utf-8") as file, contextlib.redirect_stdout(file):
        audit_output.print_audit(audit.console(), done, project, True)
    return as_json(done, project, content)

audit_output.audit_json = both
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
    """Audit the project in the folder, or the demo's, through these options."""
    path = folder / "launchready.toml"
    if not path.exists():
        file.create(path, demo_project(datetime.now(UTC)))
    command = processes.python(PROBE, waits, "audit", "--json", *_network(options))
    started = time.monotonic()
    done = await processes.launch(command, folder, env={"PYTHONPATH": str(ROOT)}, within=WITHIN)
    seconds = time.monotonic() - started
    assert "Traceback" not in done.err
    memory = int(done.err.rsplit("PEAK", 1)[1])
    table = (folder / "table.txt").read_text("utf-8")
    return Audited(tuple(json.loads(done.out)["findings"]), table, seconds, memory)


def _network(options: Options) -> list[str]:
    args = [each for server in options.resolvers for each in ("--resolver", server)]
    args += [each for detour in options.connect for each in ("--connect", detour)]
    return [*args, "--ca", str(options.ca)]


@asynccontextmanager
async def standing_in(
    talks: Mapping[str, Talk], folder: Path, *, tls: bool = True
) -> AsyncIterator[Options]:
    """The lab's healthy world, where each host is one of these servers, over https and http.

    Without `tls` they talk on the https port as they are. A host that the demo does not have is
    one more app in its file, with the app's addresses.
    """
    root = Authority()
    world, project = healthy(), demo_project(datetime.now(UTC))
    for host in talks:
        if host not in {each.name for each in project.hosts}:
            world = world.with_records(host, "A", ["192.0.2.20"])
            project = with_app(project, host)
    file.create(folder / "launchready.toml", project)
    async with AsyncExitStack() as stack:
        lab = await stack.enter_async_context(Lab(world))
        options = replace(lab.options, ca=trusting(lab, root, folder))
        for host, talk in talks.items():
            context = root.leaf(host).context(folder) if tls else None
            secure = await stack.enter_async_context(talking(talk, context))
            plain = await stack.enter_async_context(talking(talk))
            options = instead(options, host, secure, plain, options.ca)
        yield options


def with_app(project: Project, host: str) -> Project:
    app = next(each for each in project.hosts if each.purpose == "app")
    routes = [msgspec.structs.replace(each, url=each.url.replace(app.name, host))
              for each in project.routes if f"//{app.name}/" in each.url]  # fmt: skip
    return msgspec.structs.replace(
        project,
        hosts=(*project.hosts, msgspec.structs.replace(app, name=host)),
        routes=(*project.routes, *routes),
    )


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
