"""Squawk, a linter for PostgreSQL, where the extra `sql` put it beside our own Python.

A text goes in by its standard input and JSON comes out. It runs in an empty folder of its own,
with a settings file of ours: it would look for `.squawk.toml` in every folder above.
"""

from __future__ import annotations

import asyncio
import os
import re
import sysconfig
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping
from pathlib import Path

from launchready_tui.world import limits

_VERSION = re.compile(rb"squawk 2\.\d")
_SETTINGS = "settings.toml"


def program(folder: Path | None = None) -> Path | None:
    """The program in the folder of our own environment; never one that a path leads to."""
    scripts = folder or Path(sysconfig.get_path("scripts"))
    found = scripts / ("squawk.exe" if os.name == "nt" else "squawk")
    usable = scripts.is_absolute() and found.is_file() and os.access(found, os.X_OK)
    return found if usable else None


async def lint(texts: Mapping[str, str], folder: Path | None = None) -> dict[str, str]:
    """What it says of each text, as JSON; texts that it did not get through are left out."""
    found = program(folder)
    if found is None or not texts:
        return {}
    with tempfile.TemporaryDirectory(prefix="launchready-sql-") as private:
        settings = Path(private) / _SETTINGS
        settings.write_bytes(b"")
        answers: dict[str, str] = {}
        try:
            async with asyncio.timeout(limits.SQL_FILES):
                if not _VERSION.match(await _ask([str(found), "--version"], b"", private) or b""):
                    return {}
                command = [str(found), "--config", str(settings), "--reporter", "json",
                           "--assume-in-transaction"]  # fmt: skip
                for path, text in texts.items():
                    answer = await _ask(command, text.encode("utf-8", "replace"), private)
                    if answer is not None:
                        answers[path] = answer.decode("utf-8", "replace")
        except TimeoutError:
            pass  # what came in time stands
        return answers


async def _ask(command: list[str], text: bytes, folder: str) -> bytes | None:
    """Its standard output; None when it broke down, was too slow or answers too much."""
    passed = ("SYSTEMROOT", "TEMP", "TMP") if os.name == "nt" else ()
    env = {name: os.environ[name] for name in passed if name in os.environ}
    try:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd=folder, env=env
        )
    except OSError:
        return None
    try:
        async with asyncio.timeout(limits.SQL_FILE):
            out, _ = await process.communicate(text)
    except TimeoutError:
        return None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    # 1 says that there is something to tell.
    return out if process.returncode in (0, 1) and len(out) <= limits.SQL_ANSWER else None
