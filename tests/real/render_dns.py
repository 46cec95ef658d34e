"""Writes name servers out for real programs: NSD, and Unbound as resolver and as a lax server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from launchready_tui.lab.scenario import Scenario, Trouble, Zone


def zone_text(zone: Zone) -> str:
    """The zone as a file, its SOA first."""
    lines = [f"{r.name}. {r.ttl} IN {r.type} {r.text}\n" for r in zone.records]
    return "".join(sorted(lines, key=lambda line: " SOA " not in line))


def nsd(scenario: Scenario, zones: Iterable[Zone], folder: Path, port: int) -> Path:
    """Zone files and `nsd.conf` in `folder`; gives the configuration's path.

    A zone that is declared but has no file is answered with SERVFAIL: so NSD plays that trouble.
    """
    blocks = []
    troubles = scenario.troubles
    for zone in _with_broken(scenario, tuple(zones)):
        path = folder / f"{zone.name or 'root'}.zone"
        if zone.records and not any(trouble.covers(zone.name) for trouble in troubles):
            path.write_text(zone_text(zone), "utf-8")
        blocks.append(f'zone:\n  name: "{zone.name}."\n  zonefile: "{path}"\n')
    path = folder / "nsd.conf"
    path.write_text(
        f"""server:
  ip-address: 127.0.0.1@{port}
  server-count: 1
  username: ""
  chroot: ""
  database: ""
  zonesdir: "{folder}"
  pidfile: "{folder}/nsd.pid"
  zonelistfile: "{folder}/nsd.zones"
  xfrdfile: "{folder}/nsd.xfrd"
  xfrdir: "{folder}"
  rrl-ratelimit: 0
remote-control:
  control-enable: no
{"".join(blocks)}""",
        "utf-8",
    )
    return path


def _with_broken(scenario: Scenario, zones: tuple[Zone, ...]) -> Iterable[Zone]:
    """These zones, and one without a file for each troubled name inside them."""
    known = {zone.name for zone in scenario.zones}
    inside = (
        trouble.name
        for trouble in scenario.troubles
        if trouble.name not in known
        if any(Trouble(zone.name, "refused").covers(trouble.name) for zone in zones)
    )
    return (*zones, *(Zone(name, ()) for name in dict.fromkeys(inside)))


def mixes_aliases(zone: Zone) -> bool:
    """Whether a CNAME stands beside other records, which NSD and Knot refuse to load."""
    aliases = {r.name for r in zone.records if r.type == "CNAME"}
    return bool(
        aliases & {r.name for r in zone.records if r.type not in ("CNAME", "RRSIG", "NSEC")}
    )


def lax(zones: Iterable[Zone], folder: Path, port: int) -> Path:
    """`unbound.conf` of a server that holds zones as local data: it takes a CNAME anywhere.

    That is what the home-made servers behind some control panels do, too.
    """
    lines = []
    for zone in zones:
        lines.append(f'  local-zone: "{zone.name}." static')
        # Unbound answers with what was added first: an alias comes after what stands beside it.
        records = sorted(zone.records, key=lambda record: record.type == "CNAME")
        lines += [f"  local-data: '{r.name}. {r.ttl} IN {r.type} {r.text}'" for r in records]
    return _unbound(folder, port, "refuse_non_local", "\n".join(lines), "")


def resolver(
    scenario: Scenario, serving: Mapping[str, tuple[int, ...]], folder: Path, port: int
) -> Path:
    """`unbound.conf` of a validating resolver; `serving` are the ports that serve each zone.

    The DS records of the scenario are its trust anchors: the zones above them are not signed.
    """
    anchors = [
        f'  trust-anchor: "{r.name}. IN DS {r.text}"'
        for zone in scenario.zones
        for r in zone.records
        if r.type == "DS"
    ]
    stubs = [
        f'stub-zone:\n  name: "{zone.name}."\n'
        + "".join(f"  stub-addr: 127.0.0.1@{one}\n" for one in serving.get(zone.name, ()) or (1,))
        for zone in scenario.zones
    ]
    return _unbound(folder, port, "allow", "\n".join(anchors), "".join(stubs))


def _unbound(folder: Path, port: int, access: str, more: str, stubs: str) -> Path:
    path = folder / "unbound.conf"
    path.write_text(
        f"""server:
  interface: 127.0.0.1@{port}
  access-control: 127.0.0.0/8 {access}
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: ""
  use-syslog: no
  do-ip6: no
  num-threads: 1
  do-not-query-localhost: no
  module-config: "validator iterator"
  qname-minimisation: no
  target-fetch-policy: "0 0 0 0 0"
{more}
{stubs}remote-control:
  control-enable: no
""",
        "utf-8",
    )
    return path
