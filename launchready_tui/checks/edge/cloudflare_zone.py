"""Which zone at Cloudflare the product lives in, and which of its records are a host's."""

from __future__ import annotations

from collections.abc import Iterable

from launchready_tui.project.model import Project
from launchready_tui.recognise.registrable import registrable
from launchready_tui.rules.edge.cloudflare import ZoneRecord

WEB_TYPES = ("A", "AAAA", "CNAME")


def zone_of(project: Project) -> tuple[str, str]:
    """The product's domain, under which its token is kept, and the name of its zone."""
    return project.domain, project.cloudflare.zone or registrable(project.domain)


def records_of(host: str, records: Iterable[ZoneRecord]) -> tuple[ZoneRecord, ...]:
    """The records that give a host its addresses: its own, else those of the wildcard above it."""
    listed = [record for record in records if record.type in WEB_TYPES]
    above = f"*.{host.partition('.')[2]}"
    for name in (host, above):
        if found := tuple(record for record in listed if record.name == name):
            return found
    return ()
