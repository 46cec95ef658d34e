"""`secrets.bundle` on what Vite, Next.js and webpack really build, served by nginx.

The packages come from npm, by name. Each test installs once and builds several times.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from launchready_tui.checks import registered
from launchready_tui.lab import Lab
from launchready_tui.lab.authority import Authority
from launchready_tui.lab.faults.secrets import KEY
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.lab.scenario import Certificate
from launchready_tui.vocabulary.findings import Outcome, Verdict
from launchready_tui.world import World, open_world
from tests.checks.looking import harbor
from tests.checks.secrets.test_bundle import jwt
from tests.ports import free_port
from tests.real.servers import answers_http, program, running

pytestmark = pytest.mark.real

PASS, WARN, FAIL, UNKNOWN, SKIPPED = Verdict
WITHIN = 120.0  # seconds for one command of npm, on a busy machine
NGINX = """daemon off; master_process off; error_log stderr; pid {folder}/nginx.pid;
events {{ worker_connections 64; }}
http {{ access_log off; types {{ text/html html; text/javascript js; }} {temporary}
gzip on; gzip_types text/javascript; gzip_min_length 1;
server {{ listen 127.0.0.1:{secure} ssl; listen 127.0.0.1:{plain}; root {site};
ssl_certificate {chain}; ssl_certificate_key {key}; }} }}
"""
VITE = {
    "index.html": '<!doctype html><title>Boats</title><div id="app"></div>'
    '<script type="module" src="/src/main.js"></script>',
    "src/main.js": """import { shared } from "./shared.js";
document.title = shared("front");
document.addEventListener("click", async () => (await import("./lazy.js")).run());
document.addEventListener("keydown", async () => (await import("./other.js")).run());
""",
    "src/shared.js": 'export const shared = (name) => `shared ${name} ${"y".repeat(3)}`;\n',
    "src/lazy.js": """import { shared } from "./shared.js";
import "./lazy.css";
export const run = async () => console.log(shared("lazy"), (await import("./deep.js")).deep);
""",
    "src/deep.js": "export const deep = `deep ${import.meta.env.VITE_PAYMENTS}`;\n",
    "src/other.js": 'import { shared } from "./shared.js";\n'
    'export const run = () => shared("other");\n',
    "src/lazy.css": "body { color: red }\n",
}
NEXT = {
    "next.config.js": 'module.exports = { output: "export" };\n',
    "app/layout.js": "export default function Layout({ children }) {\n"
    '  return <html lang="en"><body>{children}</body></html>;\n}\n',
    "app/page.js": """"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
const Lazy = dynamic(() => import("./lazy"), { ssr: false });
export default function Page() {
  const [open, setOpen] = useState(false);
  return <main data-key={process.env.NEXT_PUBLIC_ANON}>
    <button onClick={() => setOpen(true)}>Open</button>{open ? <Lazy /> : null}</main>;
}
""",
    "app/lazy.js": """export default function Lazy() {
  return <p>{"A boat: " + process.env.NEXT_PUBLIC_PAYMENTS}</p>;
}
""",
}


async def _npm(folder: Path, *args: str, **more: str) -> None:
    """Run a command of npm in a folder, with a home of its own, so that nothing stays behind."""
    path = program(args[0], "nodejs, npm")
    env = {"PATH": f"{Path(path).parent}:/usr/bin:/bin", "HOME": str(Path.home()),
           "CI": "1", "NEXT_TELEMETRY_DISABLED": "1", **more}  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        path, *args[1:], cwd=folder, env=env,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        async with asyncio.timeout(WITHIN):
            out, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0, out.decode("utf-8", "replace")[-3000:]


async def _install(folder: Path, files: Mapping[str, str], packages: Mapping[str, str]) -> None:
    for name, text in {**files, "package.json": json.dumps(
        {"private": True, "dependencies": dict(packages)}
    )}.items():  # fmt: skip
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    await _npm(folder, "npm", "install", "--no-audit", "--no-fund", "--no-package-lock")


@asynccontextmanager
async def _served(site: Path, folder: Path) -> AsyncIterator[World]:
    """A world in which nginx serves this build as the founder's site."""
    folder.mkdir()
    secure, plain = free_port(), free_port()
    chain, key = Authority(datetime.now(UTC), folder).files(Certificate((DOMAIN,)))
    temporary = "".join(
        f"{each}_temp_path {folder}/{each}; "
        for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    file = folder / "nginx.conf"
    file.write_text(
        NGINX.format(folder=folder, temporary=temporary, secure=secure, plain=plain,
                     site=site, chain=chain, key=key), "utf-8")  # fmt: skip
    command = [program("nginx", "nginx"), "-p", str(folder), "-c", str(file), "-e", "stderr"]
    async with running(command, folder, lambda: answers_http(plain)), Lab() as lab:
        led = (f"{DOMAIN}:443=127.0.0.1:{secure}", *lab.options.connect)
        async with open_world(replace(lab.options, connect=led), datetime.now(UTC)) as world:
            yield world


async def _look(site: Path, folder: Path) -> Outcome:
    async with _served(site, folder) as world:
        found = await registered()["secrets.bundle"].run(DOMAIN, harbor(), world)
    assert isinstance(found, Outcome)
    assert KEY not in str(found)
    return found


def _holder(site: Path) -> str:
    """The one file of a build that holds the planted key, as a path of the site."""
    files = [path for path in site.rglob("*.js") if KEY in path.read_text("utf-8")]
    assert len(files) == 1
    return files[0].relative_to(site).as_posix()


@pytest.mark.covers("T3", "live")
async def test_a_site_that_vite_built(tmp_path: Path) -> None:
    shop, site = tmp_path / "shop", tmp_path / "shop" / "dist"
    await _install(shop, VITE, {"vite": "8.3.8"})
    await _npm(shop, "npx", "vite", "build", VITE_PAYMENTS=jwt("anon"))
    found = await _look(site, tmp_path / "clean")
    assert (found.verdict, found.name) == (PASS, "public-keys"), found
    assert found.facts["count"] == str(1 + len(list(site.rglob("*.js"))))  # and the page
    await _npm(shop, "npx", "vite", "build", "--sourcemap")
    found = await _look(site, tmp_path / "maps")
    assert (found.verdict, found.name) == (WARN, "source-maps"), found
    assert found.facts["count"] == str(len(list(site.rglob("*.js.map"))))
    await _npm(shop, "npx", "vite", "build", "--base", "/shop/", VITE_PAYMENTS=KEY)
    moved = tmp_path / "moved"
    shutil.copytree(site, moved / "shop")
    shutil.copy(site / "index.html", moved)
    found = await _look(moved, tmp_path / "leaking")
    assert (found.verdict, found.name) == (FAIL, "leak"), found
    assert _holder(moved) in found.facts["where"]
    assert "/deep-" in found.facts["where"]  # two dynamic imports away


@pytest.mark.covers("T3", "live")
async def test_a_site_that_next_built(tmp_path: Path) -> None:
    shop, site = tmp_path / "shop", tmp_path / "shop" / "out"
    await _install(shop, NEXT, {"next": "16.4.6", "react": "^19", "react-dom": "^19"})
    keys = {"NEXT_PUBLIC_PAYMENTS": KEY, "NEXT_PUBLIC_ANON": jwt("anon")}
    for bundler in ("--webpack", "--turbopack"):
        await _npm(shop, "npx", "next", "build", bundler, **keys)
        found = await _look(site, tmp_path / f"leaking{bundler}")
        assert (found.verdict, found.name) == (FAIL, "leak"), found
        holder = _holder(site)
        assert holder in found.facts["where"]
        # The same build without the key: a build takes long, and only this text would differ.
        fixed = (site / holder).read_text("utf-8").replace(KEY, "none")
        (site / holder).write_text(fixed, "utf-8")
        found = await _look(site, tmp_path / f"clean{bundler}")
        assert (found.verdict, found.name) == (PASS, "public-keys"), found
        named = (site / "index.html").read_text("utf-8").count("<script src=")
        assert int(found.facts["count"]) > 1 + named  # the page, its scripts, and the lazy one
