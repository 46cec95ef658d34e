"""What an audit of the demo costs those whom it asks: requests to each host, and their order."""

from __future__ import annotations

from datetime import UTC, datetime

from launchready_tui import audit
from launchready_tui.content.checklist import builtin
from launchready_tui.lab import Lab
from launchready_tui.lab.demo import demo_project
from launchready_tui.world import open_world

MOST = 60  # requests to one host: 30 seconds at two a second, 25 of them for secrets.files


async def test_an_audit_sends_each_host_a_few_requests() -> None:
    project, checklist = demo_project(datetime.now(UTC)), builtin()
    async with Lab() as lab, open_world(lab.options) as world:
        await audit.collect(audit.plan(project, checklist), project, world, checklist)
        asked = world.asked
    assert set(project.web_hosts()) <= set(asked.hosts)
    assert sum(asked.hosts.values()) == asked.http
    assert max(asked.hosts.values()) <= MOST, asked.hosts.most_common(3)


async def test_checks_that_look_at_the_same_files_ask_once() -> None:
    project, checklist = demo_project(datetime.now(UTC)), builtin()
    only = ("cache.static", "cache.compression", "cache.images", "speed.blocking")
    host = "docs.harbor.example"
    async with Lab() as lab, open_world(lab.options) as world:
        jobs = [job for job in audit.plan(project, checklist, only=only) if job.subject == host]
        await audit.collect(jobs, project, world, checklist)
        # The page, the page packed, a script, a style and an image.
        assert world.asked.hosts[host] == 5
