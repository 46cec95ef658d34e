"""A change of Harbor Market's DNS that somebody has prepared, for the demo. Three things break."""

from __future__ import annotations

from launchready_tui.lab.healthy import DOMAIN, SELECTOR, healthy
from launchready_tui.lab.scenario import Record

FILE = f"{DOMAIN}.zone"


def prepared_plan() -> str:
    """A zone file: www moves to a name that leads nowhere, the app's line and a key are lost."""
    world = (
        healthy()
        .with_records(f"www.{DOMAIN}", "CNAME", ["cname.vercel-dns.com."])
        .with_records(f"help.{DOMAIN}", "CNAME", [f"docs.{DOMAIN}."])
        .without(f"app.{DOMAIN}")
        .without(f"{SELECTOR}._domainkey.{DOMAIN}")
    )
    lines = ["; The move to the new host, as of Tuesday."]
    lines += [_line(record) for record in world.zone_of(DOMAIN).records]
    return "\n".join(lines) + "\n"


def _line(record: Record) -> str:
    return f"{record.name}. {record.ttl} IN {record.type} {record.text}"
