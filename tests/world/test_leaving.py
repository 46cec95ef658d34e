"""Ctrl+C while the password store is asked: imports end before the process, a stuck call does not.

A native module that is being imported by a daemon thread aborts the process (SIGABRT) when Python
ends meanwhile. A backend is installed here that interrupts the process from its own import, or
from a call that never answers.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import pytest

BACKEND = """
import os, signal, threading, time
from pathlib import Path
from keyring.backend import KeyringBackend

MARKS = Path(os.environ["MARKS"])

def interrupt(moment):
    if os.environ["MOMENT"] == moment:
        (MARKS / f"{moment}-began").touch()
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1.0 if moment == "import" else 60.0)

interrupt("import")

class Slow(KeyringBackend):
    priority = 9

    def get_password(self, service, username):
        interrupt("call")
        return "a-made-up-value-4711"

    def set_password(self, service, username, password):
        raise NotImplementedError

(MARKS / "imported").touch()
"""
ASKING = """
import asyncio
from launchready_tui.world.credentials import SystemKeyring, Vault

async def ask():
    vault = Vault(SystemKeyring())
    try:
        print(await vault.get("cloudflare", "harbor.example"))
    finally:
        await vault.close()

try:
    asyncio.run(ask())
except KeyboardInterrupt:
    print("stopped")
"""


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    (tmp_path / "slow_store.py").write_text(BACKEND)
    about = tmp_path / "slow_store-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: slow-store\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[keyring.backends]\nslow = slow_store\n")
    return tmp_path


def ask(folder: Path, moment: str) -> tuple[subprocess.CompletedProcess[str], float]:
    env = {**os.environ, "PYTHONPATH": str(folder), "MARKS": str(folder), "MOMENT": moment}
    env.pop("PYTHON_KEYRING_BACKEND", None)
    began = perf_counter()
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", ASKING],
        env=env,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=50,
    )
    return done, perf_counter() - began


def test_the_store_that_is_installed_is_asked(installed: Path) -> None:
    done, _ = ask(installed, "never")
    assert done.stdout == "Credential(since=None)\n", done.stderr


def test_python_does_not_end_while_a_store_is_being_imported(installed: Path) -> None:
    done, _ = ask(installed, "import")
    assert (installed / "import-began").exists()
    assert (done.returncode, done.stdout, done.stderr) == (0, "stopped\n", "")
    assert (installed / "imported").exists()


def test_a_store_that_never_answers_does_not_hold_the_end_up(installed: Path) -> None:
    done, seconds = ask(installed, "call")
    assert (installed / "call-began").exists()
    assert (done.returncode, done.stdout, done.stderr) == (0, "stopped\n", "")
    assert seconds < 20
