"""Worlds in which something is special about Harbor Market's zone, for both kinds of servers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from launchready_tui.lab import healthy
from launchready_tui.lab.healthy import CLOUDFLARE, DOMAIN, HARBOR, SECOND_SERVER, TOP
from launchready_tui.lab.scenario import NameServer, Scenario, Signing, Zone, record

DANA, ROB = "dana.ns.cloudflare.com", "rob.ns.cloudflare.com"


def with_own_servers(*names: str) -> Scenario:
    return healthy().with_records(DOMAIN, "NS", [f"{name}." for name in names])


def delegated_to(world: Scenario, *names: str) -> Scenario:
    above = tuple(r for r in TOP.records if (r.name, r.type) != (DOMAIN, "NS"))
    cut = tuple(record(DOMAIN, 300, "NS", f"{name}.") for name in names)
    return world.with_zone(Zone("example", above + cut))


def sealed(starts: int = -2, ends: float = 14, *, anchored: bool = True) -> Scenario:
    signing = Signing(timedelta(days=starts), timedelta(days=ends), anchored)
    return healthy().with_zone(replace(HARBOR, signing=signing))


def moved() -> Scenario:
    """The zone lies unsigned at a new DNS host; its old DS record is still above."""
    ds = "12345 13 2 " + "ab" * 32
    above = replace(TOP, records=(*TOP.records, record(DOMAIN, 300, "DS", ds)))
    return healthy().with_zone(above)


def aliased(*pairs: tuple[str, str]) -> Scenario:
    world = healthy()
    for name, target in pairs:
        world = world.with_records(name, "CNAME", [f"{target}."])
    return world


def with_an_old_copy() -> Scenario:
    """The second server still holds the zone as it was yesterday."""
    old = tuple(replace(r, text=r.text.replace("2026112001", "2026112000")) for r in HARBOR.records)
    copy = replace(HARBOR, records=old)
    return healthy().with_name_server(NameServer(SECOND_SERVER, (CLOUDFLARE, copy)))
