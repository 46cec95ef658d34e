"""Writes a scenario's sites out as a Caddyfile, and runs Caddy beside NSD.

A second web server with habits of its own: it adds headers, speaks HTTP/2 and answers files with
an ETag. What we say of a site may not depend on which of the two serves it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from launchready_tui.lab.authority import Authority
from launchready_tui.lab.repository import folder_of
from launchready_tui.lab.scenario import SESSION, Dated, Made, Reply, Scenario, Site
from launchready_tui.world import Options
from tests.ports import free_port
from tests.real.name_servers import real_name_servers
from tests.real.servers import answers_http, program, running


@asynccontextmanager
async def caddy_servers(scenario: Scenario, folder: Path) -> AsyncIterator[Options]:
    """NSD and Caddy playing a scenario; gives the options that lead to them.

    Addresses that play something of their own are closed here: none of our faults needs them.
    """
    web_server, secure, plain = program("caddy", "caddy"), free_port(), free_port()
    authority = Authority(datetime.now(UTC), folder)
    sites = caddyfile(scenario, folder, authority, secure, plain)
    own = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "HOME")  # where it would keep things
    command = [program("env", "coreutils"), *(f"{name}={folder}/caddy" for name in own)]
    command += [web_server, "run", "--config", str(sites), "--adapter", "caddyfile"]
    async with (
        real_name_servers(scenario, folder) as names,
        running(command, folder, lambda: answers_http(plain)),
    ):
        closed = [one.address for one in scenario.endpoints]
        yield Options(
            resolvers=(f"127.0.0.1:{names.resolver}",),
            connect=(
                f":443=127.0.0.1:{secure}",
                f":80=127.0.0.1:{plain}",
                f":53=127.0.0.1:{names.resolver}",
                *names.detours,
                *(f"{address}:443=127.0.0.1:{free_port()}" for address in closed),
                *(f"{address}:80=127.0.0.1:{free_port()}" for address in closed),
            ),
            ca=authority.root,
            folder=folder_of(scenario.source),
        )


def caddyfile(
    scenario: Scenario, folder: Path, authority: Authority, secure: int, plain: int
) -> Path:
    """The configuration for all sites, on two ports of loopback; gives its path."""
    bodies = _Bodies(folder / "bodies", authority.intermediate, datetime.now(UTC))
    blocks = []
    for site in scenario.sites:
        if site.certificate:
            chain, key = authority.files(site.certificate)
            blocks.append(
                f"https://{site.host}:{secure} {{\nbind 127.0.0.1\ntls {chain} {key}\n"
                f"{_handles(site, bodies, secure=True)}}}\n"
            )
        blocks.append(
            f"http://{site.host}:{plain} {{\nbind 127.0.0.1\n"
            f"{_handles(site, bodies, secure=False)}}}\n"
        )
    path = folder / "Caddyfile"
    options = "admin off\nauto_https off\nservers {\nprotocols h1 h2\n}\n"
    path.write_text(f"{{\n{options}}}\n{''.join(blocks)}", "utf-8")
    return path


@dataclass(frozen=True)
class _Bodies:
    """Bodies as files: Caddy sends a file as it is, whatever braces it holds."""

    folder: Path
    issuer: bytes
    now: datetime

    def file(self, reply: Reply) -> str:
        match reply.body:
            case Made():
                body = self.issuer
            case Dated():
                body = reply.body.at(self.now)
            case bytes():
                body = reply.body
        name = sha256(body).hexdigest()[:24]
        self.folder.mkdir(exist_ok=True)
        (self.folder / name).write_bytes(body)
        return name


def _handles(site: Site, bodies: _Bodies, *, secure: bool) -> str:
    """One `handle` a path; Caddy takes the longest path that fits, then the one without."""
    pages, default = (site.https, site.https_default) if secure else (site.http, site.http_default)
    found = [f"handle {path} {{\n{_visitors(reply, bodies)}}}\n" for path, reply in pages.items()]
    return "".join([*found, f"handle {{\n{_visitors(default, bodies)}}}\n"])


def _visitors(reply: Reply, bodies: _Bodies) -> str:
    if reply.signed_in is None:
        return _reply(reply, bodies)
    account = "=".join(SESSION)
    return (
        f"@account header Cookie *{account}*\n"
        f"handle @account {{\n{_reply(reply.signed_in, bodies)}}}\n"
        f"handle {{\n{_reply(reply, bodies)}}}\n"
    )


def _reply(reply: Reply, bodies: _Bodies) -> str:
    lines = []
    for key, value in reply.headers:
        lines.append(f"header +{key} {_quoted(value)}")
    if reply.packed:
        lines.append("encode {\ngzip\nminimum_length 1\n}")
    if any(key.lower() == "location" for key, _ in reply.headers):
        lines.append(f"respond {reply.status}")
    else:
        lines.append(f"root * {bodies.folder}\nrewrite * /{bodies.file(reply)}")
        lines.append(f"file_server {{\nstatus {reply.status}\ndisable_canonical_uris\n}}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A value in quotes; `{uri}` is Caddy's own name for the path and query asked for."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
