"""Each packing of today, by servers that make it: nginx with brotli, Caddy with zstd."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from launchready_tui.checks import registered
from launchready_tui.lab import Lab, healthy
from launchready_tui.lab.authority import Authority
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.lab.pages import SCRIPT, SCRIPT_PATH, STYLE, STYLE_PATH
from launchready_tui.lab.scenario import Certificate
from launchready_tui.vocabulary.findings import Outcome, Verdict
from launchready_tui.world import Options, open_world
from tests.checks.looking import harbor
from tests.ports import free_port
from tests.real.servers import answers_http, program, running

pytestmark = pytest.mark.real

BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_filter_module.so")
HOME = (
    f'<!doctype html><html><head><link rel="stylesheet" href="{STYLE_PATH}">'
    f'<script defer src="{SCRIPT_PATH}"></script></head><body>'
    f"{'<p>A boat.</p>' * 300}</body></html>"
)
NGINX = """daemon off; master_process off; error_log stderr; pid {folder}/nginx.pid; {load}
events {{ worker_connections 64; }}
http {{ access_log off; types {{ text/html html; text/css css; text/javascript js; }}
{temporary}
server {{ listen 127.0.0.1:{secure} ssl; listen 127.0.0.1:{plain}; root {folder}/site;
ssl_certificate {chain}; ssl_certificate_key {key};
{packing} }} }}
"""
CADDY = """{{
admin off
auto_https off
}}
https://{host}:{secure} {{
bind 127.0.0.1
tls {chain} {key}
root * {folder}/site
{packing}
file_server
}}
http://:{plain} {{
respond "up"
}}
"""
TYPES = "text/css text/javascript"


def _site(folder: Path) -> tuple[Path, Path]:
    """The pages as files, and a certificate with its key."""
    for path, text in (
        ("/index.html", HOME.encode()),
        (STYLE_PATH, STYLE * 20),
        (SCRIPT_PATH, SCRIPT),
    ):
        file = folder / f"site{path}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text)
    chain, key = Authority(datetime.now(UTC), folder).files(Certificate((DOMAIN,)))
    return Path(chain), Path(key)


@asynccontextmanager
async def _server(kind: str, packing: str, folder: Path) -> AsyncIterator[int]:
    """The port of a real server that packs in this way."""
    secure, plain = free_port(), free_port()
    chain, key = _site(folder)
    temporary = "".join(
        f"{each}_temp_path {folder}/{each}; "
        for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    load = f"load_module {BROTLI};" if "brotli" in packing else ""
    text = (NGINX if kind == "nginx" else CADDY).format(
        folder=folder, load=load, secure=secure, plain=plain, chain=chain, key=key,
        packing=packing, temporary=temporary, host=DOMAIN,
    )  # fmt: skip
    file = folder / "server.conf"
    file.write_text(text, "utf-8")
    own = [f"{name}={folder}/own" for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "HOME")]
    command = (
        [program("nginx", "nginx"), "-p", str(folder), "-c", str(file), "-e", "stderr"]
        if kind == "nginx"
        else [program("env", "coreutils"), *own, program("caddy", "caddy"), "run",
              "--config", str(file), "--adapter", "caddyfile"]
    )  # fmt: skip
    async with running(command, folder, lambda: answers_http(plain)):
        yield secure


async def _look(port: int) -> Outcome:
    async with Lab(healthy()) as lab:
        detours = (f"{DOMAIN}:443=127.0.0.1:{port}", *lab.options.connect)
        options = Options(lab.options.resolvers, detours, lab.options.ca)
        async with open_world(options, datetime.now(UTC)) as world:
            found = await registered()["cache.compression"].run(DOMAIN, harbor(), world)
    assert isinstance(found, Outcome)
    return found


@pytest.mark.parametrize(("kind", "packing", "used"), [
    ("nginx", f"brotli on; brotli_types {TYPES};", "br"),
    ("nginx", f"gzip on; gzip_types {TYPES};", "gzip"),
    ("caddy", "encode zstd", "zstd"),
    ("caddy", "encode gzip", "gzip"),
])  # fmt: skip
async def test_each_packing_is_recognised(
    kind: str, packing: str, used: str, tmp_path: Path
) -> None:
    if "brotli" in packing and not BROTLI.exists():
        program("brotli for nginx", "libnginx-mod-http-brotli-filter")
    async with _server(kind, packing, tmp_path) as port:
        found = await _look(port)
    assert (found.verdict, found.facts.get("used")) == (Verdict.PASS, used), found


@pytest.mark.parametrize(("kind", "packing", "plain"), [
    ("nginx", "gzip off;", 3),
    ("nginx", "gzip on;", 2),  # as it comes: pages are packed, scripts and styles are not
    ("caddy", "", 3),
])  # fmt: skip
async def test_what_travels_plain_is_told(
    kind: str, packing: str, plain: int, tmp_path: Path
) -> None:
    async with _server(kind, packing, tmp_path) as port:
        found = await _look(port)
    assert (found.verdict, found.name) == (Verdict.FAIL, "plain")
    assert found.facts["count"] == str(plain), found
