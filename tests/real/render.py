"""Writes a scenario's sites out for a real web server: one configuration for nginx."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from launchready_tui.lab.authority import LAX, Authority
from launchready_tui.lab.scenario import (
    MODERN,
    NOT_FOUND,
    SESSION,
    Dated,
    Made,
    Reply,
    Scenario,
    Site,
    TlsVersion,
)


@dataclass(frozen=True)
class Ports:
    """The ports of nginx: usual https and http, those of single addresses, and what stands
    behind a storing edge."""

    secure: int
    plain: int
    origin: int
    elsewhere: Mapping[str, tuple[int, int]] = field(default_factory=dict)


def unplayable(scenario: Scenario) -> str:
    """Why real servers cannot play a scenario; empty when they can."""
    for trouble in scenario.troubles:
        if trouble.kind != "servfail":
            return f"NSD has no way to play {trouble.kind} at {trouble.name or 'every name'}"
    for site in scenario.sites:
        if any(reply.delay for reply in (*site.https.values(), site.https_default)):
            return f"nginx answers at once: {site.host}"
    return ""


def nginx(scenario: Scenario, folder: Path, authority: Authority, ports: Ports) -> Path:
    """`nginx.conf` in `folder` for the scenario's sites and endpoints; gives its path."""
    issuer = folder / "issuer.der"
    issuer.write_bytes(authority.intermediate)
    places = [(scenario.sites, MODERN, ports.secure, ports.plain)]
    for endpoint in scenario.endpoints:
        if endpoint.listens:
            sites = scenario.sites if endpoint.sites is None else endpoint.sites
            places.append((sites, endpoint.versions, *ports.elsewhere[endpoint.address]))
    pages = _Pages(folder, issuer, authority.now)
    servers = [_place(pages, authority, ports.origin, *place) for place in places]
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
proxy_cache_path {folder}/stored keys_zone=stored:1m;
geo $dollar {{ default "$"; }}
{"".join(servers)}}}
""",
        "utf-8",
    )
    return path


def _place(
    pages: _Pages,
    authority: Authority,
    origin: int,
    sites: tuple[Site, ...],
    versions: tuple[TlsVersion, ...],
    secure: int,
    plain: int,
) -> str:
    """The servers of one pair of ports."""
    protocols = " ".join("TLSv1" if one == "1.0" else f"TLSv{one}" for one in versions)
    old = versions[0] not in MODERN
    tls = f"ssl_protocols {protocols}; {f'ssl_ciphers {LAX};' if old else ''}"
    unnamed = f"location / {{ {pages.reply(NOT_FOUND)} }}"
    if old:  # what the default server says of versions and ciphers holds for the whole port
        chain, key = authority.files(next(one.certificate for one in sites if one.certificate))
        reject = f"ssl_certificate {chain}; ssl_certificate_key {key};"
    else:
        reject = "ssl_reject_handshake on;"
    servers = [
        f"server {{ listen 127.0.0.1:{secure} ssl default_server; {tls} {reject} }}\n",
        f"server {{ listen 127.0.0.1:{plain} default_server; {unnamed} }}\n",
    ]
    for site in sites:
        inside = pages.locations(site, True)
        if site.stores:
            servers.append(
                f"server {{ listen 127.0.0.1:{origin}; server_name {site.host};\n{inside}}}\n"
            )
            inside = _storing(origin)
        if site.certificate:
            chain, key = authority.files(site.certificate)
            lax = "" if old or not site.certificate.weak else f"ssl_ciphers {LAX};"
            servers.append(
                f"server {{ listen 127.0.0.1:{secure} ssl; server_name {site.host}; {tls} {lax}\n"
                f"ssl_certificate {chain}; ssl_certificate_key {key};\n{inside}}}\n"
            )
        servers.append(
            f"server {{ listen 127.0.0.1:{plain}; server_name {site.host};\n"
            f"{pages.locations(site, False)}}}\n"
        )
    return "".join(servers)


def _storing(origin: int) -> str:
    """A cache in front of the origin that keeps every 200, whatever its headers say."""
    return (
        f"location / {{ proxy_pass http://127.0.0.1:{origin}; proxy_set_header Host $host;\n"
        "proxy_cache stored; proxy_cache_key $host$request_uri; proxy_cache_valid 200 10m;\n"
        "proxy_ignore_headers Cache-Control Expires Set-Cookie Vary;\n"
        "proxy_hide_header cf-cache-status;\n"
        "add_header cf-cache-status $upstream_cache_status always; }\n"
    )


class _Pages:
    """Writes replies as nginx directives. Bodies lie in files: a string may be 4 KiB at most."""

    def __init__(self, folder: Path, issuer: Path, now: datetime) -> None:
        self._folder = folder / "bodies"
        self._folder.mkdir()
        self._issuer = issuer
        self._now = now

    def locations(self, site: Site, secure: bool) -> str:
        pages, default = (
            (site.https, site.https_default) if secure else (site.http, site.http_default)
        )
        found = []
        for number, (path, reply) in enumerate([*pages.items(), ("/*", default)]):
            match = f"= {path}" if not path.endswith("*") else f"^~ {path[:-1]}"
            choose = ""
            if reply.signed_in is not None:
                cookie, value = SESSION
                named = f"@signed_in_{number}"
                choose = (
                    f"error_page 418 = {named}; "
                    f'if ($cookie_{cookie} = "{value}") {{ return 418; }} '
                )
                found.append(f"location {named} {{ {self.reply(reply.signed_in)} }}\n")
            found.append(f"location {match} {{ {choose}{self.reply(reply)} }}\n")
        return "".join(found)

    def reply(self, reply: Reply) -> str:
        lines, location = [], ""
        for key, value in reply.headers:
            match key.lower():
                case "content-type":
                    lines.append(f"default_type {_quoted(value)};")
                case "location":
                    location = _quoted(value).replace("{uri}", "$request_uri")
                case _:
                    lines.append(f"add_header {key} {_quoted(value)} always;")
        if reply.packed:
            lines.append("gzip on; gzip_types *; gzip_min_length 1; gzip_vary on;")
            lines.append("gzip_http_version 1.0;")
        if reply.body is Made.ISSUER:
            lines.append(f"root {self._issuer.parent}; try_files /{self._issuer.name} =404;")
        elif reply.status == 200:
            lines.append(f"root {self._folder}; try_files /{self._body(reply.body)} =404;")
            lines.append("etag off; if_modified_since off;")
        else:
            text = location
            if not text:
                assert isinstance(reply.body, bytes)
                text = _quoted(reply.body.decode())
            lines.append(f"return {reply.status} {text};")
        return " ".join(lines)

    def _body(self, body: bytes | Dated) -> str:
        if isinstance(body, Dated):
            body = body.at(self._now)
        name = sha256(body).hexdigest()[:24]
        (self._folder / name).write_bytes(body)
        return name


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "${dollar}")
    return f'"{escaped}"'
