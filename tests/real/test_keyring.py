"""A real password store: GNOME Keyring on a D-Bus of its own, asked as a founder's computer is."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from launchready_tui.lab import Lab
from launchready_tui.lab.cloudflare import TOKEN
from launchready_tui.lab.healthy import DOMAIN
from tests.commands.conftest import network
from tests.real.servers import program

pytestmark = pytest.mark.real

COOKIE = "harbor_session=a-made-up-value-4711"
PROJECT = f'format = 1\n\n[product]\nname = "Harbor Market"\ndomain = "{DOMAIN}"\n'
# An empty password unlocks the new store; what follows runs beside it and ends it.
SESSION = (
    "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null\n"
    'run() { echo "== $1"; shift; "$PYTHON" -m launchready_tui "$@"; echo "code $?"; }\n'
)


async def in_session(script: str, folder: Path, **more: str) -> str:
    """What a script prints, both streams, in a D-Bus session with an unlocked GNOME Keyring."""
    program("gnome-keyring-daemon", "gnome-keyring")
    session = program("dbus-run-session", "dbus")
    home = folder / "home"
    home.mkdir(exist_ok=True)
    (folder / "launchready.toml").write_text(PROJECT, "utf-8")
    env = {key: value for key, value in os.environ.items() if key != "PYTHON_KEYRING_BACKEND"}
    env |= {"HOME": str(home), "XDG_DATA_HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
    env |= {"PYTHON": sys.executable, "PYTHONIOENCODING": "utf-8", **more}
    process = await asyncio.create_subprocess_exec(
        session, "--", "bash", "-c", SESSION + script, cwd=folder, env=env, stdout=PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await asyncio.wait_for(process.communicate(), 60)
    return out.decode("utf-8")


async def test_a_cookie_is_kept_listed_and_forgotten(tmp_path: Path) -> None:
    script = """
    printf '%s\\n' "$COOKIE" | run set credential set test-session
    run list credential list
    run forget credential forget test-session
    run again credential forget test-session
    run gone credential list
    """
    out = await in_session(script, tmp_path, COOKIE=COOKIE)
    steps = dict(part.split("\n", 1) for part in out.split("== ")[1:])
    assert "Kept test-session" in steps["set"], out
    assert "kept since 20" in steps["list"]
    assert "Forgot test-session" in steps["forget"]
    assert "There was no test-session" in steps["again"]
    assert "kept since" not in steps["gone"]
    assert out.count("code 0") == 5
    assert COOKIE not in out
    assert COOKIE.partition("=")[2] not in out


async def test_an_audit_finds_the_token_in_the_store(tmp_path: Path) -> None:
    script = """
    printf '%s\\n' "$TOKEN" | run set credential set cloudflare $NETWORK
    run audit audit --only edge.ssl-mode --json $NETWORK
    """
    async with Lab() as lab:
        out = await in_session(script, tmp_path, TOKEN=TOKEN, NETWORK=" ".join(network(lab)))
    assert "Kept cloudflare" in out, out
    assert '"verdict": "pass"' in out, out
    assert "SSL mode at Cloudflare" in out
    assert TOKEN not in out
