"""Writes a scenario out for real servers: zone files for NSD, one configuration for nginx."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from launchready_tui.lab.authority import Authority
from launchready_tui.lab.scenario import NOT_FOUND, Made, Reply, Scenario, Site, Zone


def unplayable(scenario: Scenario) -> str:
    """Why real servers cannot play a scenario; empty when they can."""
    for trouble in scenario.troubles:
        if trouble.kind != "servfail":
            return f"NSD has no way to play {trouble.kind} at {trouble.name or 'every name'}"
    for zone in scenario.zones:
        aliases = {r.name for r in zone.records if r.type == "CNAME"}
        others = {r.name for r in zone.records if r.type != "CNAME"}
        if aliases & others:
            return f"NSD refuses a zone with a CNAME beside other records: {aliases & others}"
    return ""


def nsd(scenario: Scenario, folder: Path, port: int) -> Path:
    """Zone files and `nsd.conf` in `folder`; gives the configuration's path.

    A zone that is declared but has no file is answered with SERVFAIL: so NSD plays that trouble.
    """
    blocks = []
    for zone in _with_broken(scenario):
        if not any(trouble.covers(zone.name) for trouble in scenario.troubles):
            _file(folder, zone).write_text(_zone_text(zone), "utf-8")
        blocks.append(f'zone:\n  name: "{zone.name}."\n  zonefile: "{_file(folder, zone)}"\n')
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


def _with_broken(scenario: Scenario) -> Iterable[Zone]:
    known = {zone.name for zone in scenario.zones}
    cuts = (Zone(one.name, ()) for one in scenario.troubles if one.name not in known)
    return (*scenario.zones, *cuts)


def _file(folder: Path, zone: Zone) -> Path:
    return folder / f"{zone.name or 'root'}.zone"


def _zone_text(zone: Zone) -> str:
    lines = [f"{r.name}. {r.ttl} IN {r.type} {r.text}\n" for r in zone.records]
    return "".join(sorted(lines, key=lambda line: " SOA " not in line))


def nginx(scenario: Scenario, folder: Path, authority: Authority, ports: tuple[int, int]) -> Path:
    """`nginx.conf` in `folder` for https and http on these ports; gives its path."""
    secure, plain = ports
    issuer = folder / "issuer.der"
    issuer.write_bytes(authority.intermediate)
    servers = []
    for site in scenario.sites:
        if site.certificate:
            chain, key = authority.files(site.certificate)
            servers.append(
                f"server {{ listen 127.0.0.1:{secure} ssl; server_name {site.host};\n"
                f"ssl_certificate {chain}; ssl_certificate_key {key};\n"
                f"{_locations(site, True, issuer)}}}\n"
            )
        servers.append(
            f"server {{ listen 127.0.0.1:{plain}; server_name {site.host};\n"
            f"{_locations(site, False, issuer)}}}\n"
        )
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind}; "
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    path = folder / "nginx.conf"
    path.write_text(
        f"""daemon off; master_process off; error_log stderr; pid {folder}/nginx.pid;
events {{ worker_connections 256; }}
http {{
access_log off; server_tokens off; types {{ }} {temporary}
server_names_hash_bucket_size 128;
geo $dollar {{ default "$"; }}
server {{ listen 127.0.0.1:{secure} ssl default_server; ssl_reject_handshake on; }}
server {{ listen 127.0.0.1:{plain} default_server;
location / {{ {_reply(NOT_FOUND, issuer)} }} }}
{"".join(servers)}}}
""",
        "utf-8",
    )
    return path


def _locations(site: Site, secure: bool, issuer: Path) -> str:
    pages, default = (site.https, site.https_default) if secure else (site.http, site.http_default)
    exact = (f"location = {path} {{ {_reply(reply, issuer)} }}\n" for path, reply in pages.items())
    return "".join(exact) + f"location / {{ {_reply(default, issuer)} }}\n"


def _reply(reply: Reply, issuer: Path) -> str:
    lines, location = [], ""
    for key, value in reply.headers:
        match key.lower():
            case "content-type":
                lines.append(f"default_type {_quoted(value)};")
            case "location":
                location = _quoted(value).replace("{uri}", "$request_uri")
            case _:
                lines.append(f"add_header {key} {_quoted(value)} always;")
    if reply.body is Made.ISSUER:
        lines.append(f"root {issuer.parent}; try_files /{issuer.name} =404;")
    else:
        text = location or _quoted(reply.body.decode())
        lines.append(f"return {reply.status} {text};")
    return " ".join(lines)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "${dollar}")
    return f'"{escaped}"'
