"""Ctrl+C, early, once and more often; outputs that are closed or full. As real processes."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from launchready_tui.lab import Lab

from .conftest import network

PROJECT = """\
format = 1

[product]
name = "Harbor Market"
domain = "harbor.example"

[[hosts]]
name = "harbor.example"
"""
PYTHON = (sys.executable, "-m", "launchready_tui")
WAIT = 20  # seconds that nothing here should need


def start(*args: str, cwd: Path, **more: Any) -> subprocess.Popen[bytes]:
    pipes: dict[str, Any] = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
    }
    process: subprocess.Popen[bytes] = subprocess.Popen(
        args, cwd=cwd, env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        preexec_fn=as_in_the_foreground, **{**pipes, **more},
    )  # fmt: skip
    return process


def as_in_the_foreground() -> None:
    """A shell's job in the background ignores Ctrl+C, and so would all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def ended(process: subprocess.Popen[bytes], code: int) -> str:
    """Standard error of a process that ended with this exit code, and without a traceback."""
    try:
        _, err = process.communicate(timeout=WAIT)
    except subprocess.TimeoutExpired:
        process.kill()
        _, err = process.communicate()
        pytest.fail(f"it did not end: {err.decode()}")
    said = err.decode()
    assert process.returncode == code, (process.returncode, said)
    assert "Traceback" not in said, said
    return said


# Ctrl+C -------------------------------------------------------------------------------------

EARLY = ("click.core", "launchready_tui.commands.options", "msgspec", "launchready_tui.audit")


@pytest.mark.parametrize("module", EARLY)
def test_ctrl_c_while_modules_are_imported(tmp_path: Path, module: str) -> None:
    """`-X importtime` tells on standard error which module was imported last."""
    (tmp_path / "launchready.toml").write_text(PROJECT)
    words = (sys.executable, "-X", "importtime", "-m", "launchready_tui", "audit", "--plan")
    process = start(*words, cwd=tmp_path)
    assert process.stderr is not None
    for line in process.stderr:
        if line.rstrip().endswith(b" " + module.encode()):
            break
    else:
        pytest.fail(f"{module} was not imported")
    process.send_signal(signal.SIGINT)
    ended(process, 130)


@pytest.fixture
def silent(tmp_path: Path) -> Iterator[tuple[str, ...]]:
    """A resolver that never answers, so that whatever asks it waits."""
    (tmp_path / "launchready.toml").write_text(PROJECT)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nobody:
        nobody.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{nobody.getsockname()[1]}"
        yield ("--resolver", place, "--connect", f":53={place}")


WAITING = {
    "audit": ("audit", "--yes", "--debug"),
    "new": ("new", "other.example", "--project", "other.toml"),
    "guard dns": ("guard", "dns", "plan.zone", "--zone", "harbor.example"),
}


@pytest.mark.parametrize("words", WAITING.values(), ids=WAITING)
@pytest.mark.parametrize("times", [2, 3])
def test_ctrl_c_again_ends_at_once(
    tmp_path: Path, silent: tuple[str, ...], words: tuple[str, ...], times: int
) -> None:
    """The output is a pipe that is full: whatever the first one lets it print, it has to wait."""
    (tmp_path / "plan.zone").write_text("$TTL 300\n@ SOA ns1.x. a.x. 1 2 3 4 5\n@ A 192.0.2.1\n")
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    while True:
        try:
            os.write(writer, b"x" * 4096)
        except BlockingIOError:
            break
    os.set_blocking(writer, True)
    process = start(*PYTHON, *words, *silent, cwd=tmp_path, stdout=writer)
    os.close(writer)
    time.sleep(2.5)  # it asks by now; an earlier signal has tests of its own
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith(b"Stopped"):
            break
    begun = time.monotonic()
    for _ in range(times - 1):
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            time.sleep(0.05)
    said = ended(process, 130)
    os.close(reader)
    assert time.monotonic() - begun < 5, said


def test_one_ctrl_c_stops_what_only_prints(tmp_path: Path) -> None:
    """A command that waits for its reader: the rest of its output is dropped."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
    process = start(*PYTHON, "checks", "--json", cwd=tmp_path, stdout=writer)
    os.close(writer)
    os.read(reader, 10)  # it prints
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    assert ended(process, 130).strip() == "Stopped."
    os.close(reader)


async def test_ctrl_c_at_a_question_says_that_it_stopped(tmp_path: Path) -> None:
    (tmp_path / "launchready.toml").write_text(PROJECT)
    process = start(*PYTHON, "walk", "--plain", cwd=tmp_path, stdin=subprocess.PIPE)
    assert process.stdout is not None
    await asyncio.to_thread(process.stdout.read, 40)
    await asyncio.sleep(0.5)
    process.send_signal(signal.SIGINT)
    assert "Stopped." in await asyncio.to_thread(ended, process, 130)


# Outputs ------------------------------------------------------------------------------------

PRINTING = {
    "help": ("--help",),
    "version": ("--version",),
    "checks": ("checks",),
    "checks --json": ("checks", "--json"),
    "a page": ("checks", "email.spf"),
    "handover": ("handover",),
    "walk": ("walk", "--plain"),
    "plan": ("audit", "--plan"),
    "guards": ("guards",),
    "guards --ci": ("guards", "--ci", "github"),
    "guard env": ("guard", "env", "--path", "."),
    "guard secrets": ("guard", "secrets", "--path", "."),
    "guard secrets --sarif": ("guard", "secrets", "--path", ".", "--sarif"),
    "faults": ("demo", "--list-faults"),
    "the summary": (),
}


def errors_in(said: str) -> str:
    """Standard error without what `guards --ci` tells there besides."""
    return "".join(line for line in said.splitlines(True) if not line.startswith("Left out: "))


@pytest.mark.parametrize("words", PRINTING.values(), ids=PRINTING)
def test_a_reader_that_went_away(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "launchready.toml").write_text(PROJECT)
    reader, writer = os.pipe()
    os.close(reader)
    process = start(*PYTHON, *words, cwd=tmp_path, stdout=writer)
    os.close(writer)
    assert errors_in(ended(process, 141)) == ""


@pytest.mark.parametrize("words", PRINTING.values(), ids=PRINTING)
def test_a_full_device(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "launchready.toml").write_text(PROJECT)
    with open("/dev/full", "wb") as full:
        process = start(*PYTHON, *words, cwd=tmp_path, stdout=full.fileno())
    said = errors_in(ended(process, 2))
    assert said == (
        "Error: What this command prints could not be written: No space left on device. "
        "Make room there, or let it print to another place.\n"
    )


@pytest.mark.parametrize(("closed", "code"), [("<&-", 0), (">&-", 141), ("2>&-", 0)])
def test_a_stream_that_is_not_there(tmp_path: Path, closed: str, code: int) -> None:
    (tmp_path / "launchready.toml").write_text(PROJECT)
    command = f'"{sys.executable}" -m launchready_tui handover {closed}'
    assert ended(start("sh", "-c", command, cwd=tmp_path), code) == ""


def test_an_error_that_cannot_be_shown_still_ends_with_2(tmp_path: Path) -> None:
    with open("/dev/full", "wb") as full:
        process = start(*PYTHON, "audti", cwd=tmp_path, stderr=full.fileno())
    process.wait(WAIT)
    assert process.returncode == 2


async def test_an_audit_that_nobody_reads_is_saved_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "launchready.toml").write_text(PROJECT)
    reader, writer = os.pipe()
    os.close(reader)
    async with Lab() as lab:
        words = ("audit", "--only", "dns.apex", "--save", *network(lab))
        process = start(*PYTHON, *words, cwd=tmp_path, stdout=writer)
        os.close(writer)
        await asyncio.to_thread(ended, process, 141)
    assert '[findings."dns.apex"."harbor.example"]' in (tmp_path / "launchready.toml").read_text()


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "launchready.toml").write_text(PROJECT)
    process = start(*PYTHON, "handover", "--out", os.fsdecode(b"b\xffd"), cwd=tmp_path)
    out, err = process.communicate(timeout=WAIT)
    assert (process.returncode, err) == (0, b""), (process.returncode, err)
    assert b"b?d/index.html" in out or "b\N{REPLACEMENT CHARACTER}d/index.html".encode() in out
