"""A real password store: GNOME Keyring on a D-Bus of its own, asked as a founder's computer is."""

from __future__ import annotations

import asyncio
import os
import sys
import tomllib
from asyncio.subprocess import PIPE
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from launchready_tui.lab import Lab
from launchready_tui.lab.cloudflare import TOKEN
from launchready_tui.lab.healthy import DOMAIN, healthy
from launchready_tui.lab.scenario import zone
from tests import processes
from tests.commands.conftest import network
from tests.real.mail_servers import HOST, PASSWORD, USER, dovecot
from tests.real.servers import program

pytestmark = pytest.mark.real

COOKIE = "harbor_session=a-made-up-value-4711"
PROJECT = f'format = 1\n\n[product]\nname = "Harbor Market"\ndomain = "{DOMAIN}"\n'
# An empty password unlocks the new store; what follows runs beside it and ends it.
UNLOCKED = "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null\n"
RUN = 'run() { echo "== $1"; shift; "$PYTHON" -m launchready_tui "$@"; echo "code $?"; }\n'


async def in_session(
    script: str, folder: Path, project: str = PROJECT, start: str = UNLOCKED, **more: str
) -> str:
    """What a script prints, both streams, in a D-Bus session with an unlocked GNOME Keyring."""
    program("gnome-keyring-daemon", "gnome-keyring")
    session = program("dbus-run-session", "dbus")
    home = folder / "home"
    home.mkdir(exist_ok=True)
    (folder / "launchready.toml").write_text(project, "utf-8")
    env = {key: value for key, value in os.environ.items() if key != "PYTHON_KEYRING_BACKEND"}
    env |= {"HOME": str(home), "XDG_DATA_HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
    env |= {"PYTHON": sys.executable, "PYTHONIOENCODING": "utf-8", **more}
    process = await asyncio.create_subprocess_exec(
        session, "--", "bash", "-c", start + RUN + script, cwd=folder, env=env, stdout=PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await asyncio.wait_for(process.communicate(), 60)
    return processes.ended(["bash", "-c", script], process.returncode or 0, out, b"").out


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


TESTED = """
[[inboxes]]
provider = "other"
address = "{user}"
imap = "{host}"

[email]
from = "hello@harbor.example"
test_tag = "{tag}"
test_started = {begun}

[email.test_tasks]
"verify at {user}" = {begun}
"reset at {user}" = {begun}
"invite at {user}" = {begun}
"""


async def test_the_inbox_test_fills_the_log(tmp_path: Path) -> None:
    """A real inbox behind a real keyring: two messages came, one is in spam, one is lost."""
    begun = datetime.now(UTC) - timedelta(minutes=15)
    names = zone("inbox.example", "@ 300 SOA a. b. 1 2 3 4 60\n@ 300 NS a.\nimap 300 A 192.0.2.99")
    project = PROJECT + TESTED.format(
        user=USER, host=HOST, tag="lr7f3a", begun=begun.isoformat(timespec="seconds")
    )
    script = """
    printf '%s\\n' "$SECRET" | run set credential set inbox
    run audit audit --only email.inbox --save --json $NETWORK
    run papers handover
    """
    async with dovecot(tmp_path) as server, Lab(healthy().with_zone(names)) as lab:
        for subject, folder in (("Confirm your account", ""), ("Reset your password", "Junk")):
            sent = format_datetime(datetime.now(UTC))
            text = f"To: probe+lr7f3a@inbox.example\r\nSubject: {subject}\r\nDate: {sent}\r\n\r\n"
            await server.deliver(text.encode(), folder)
        both = tmp_path / "both.pem"
        assert lab.options.ca is not None
        both.write_bytes(lab.options.ca.read_bytes() + server.root)
        leads = f"--connect {HOST}:993=127.0.0.1:{server.imap[1]} --ca {both}"
        ways = " ".join(network(lab)[:-2])
        out = await in_session(
            script, tmp_path, project, SECRET=PASSWORD, NETWORK=f"{ways} {leads}"
        )
    assert f"Kept inbox for {USER}" in out, out
    found = tomllib.loads((tmp_path / "launchready.toml").read_text("utf-8"))["findings"]
    said = {subject: (one["verdict"], one["outcome"])
            for subject, one in found["email.inbox"].items()}  # fmt: skip
    assert said == {
        f"verify at {USER}": ("pass", "ok"),
        f"reset at {USER}": ("fail", "spam"),
        f"invite at {USER}": ("fail", "never"),
        f"receipt at {USER}": ("unknown", "not-sent"),
    }
    [log] = tmp_path.rglob("06-email-test-log.md")
    assert "Junk" in log.read_text("utf-8")
    assert PASSWORD not in out
    for path in tmp_path.rglob("*.md"):
        assert PASSWORD not in path.read_text("utf-8")
    assert PASSWORD not in (tmp_path / "launchready.toml").read_text("utf-8")
