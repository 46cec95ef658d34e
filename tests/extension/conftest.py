"""Packages beside LaunchReady: as `pip` leaves them behind, without `pip`; and the lab."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.commands.conftest import lab as lab
from tests.commands.conftest import launch as launch
from tests.commands.conftest import run as run

Package = Callable[..., dict[str, str]]


def installed(site: Path, name: str, entries: Mapping[str, str], files: Mapping[str, str]) -> None:
    """A package in a folder of packages: its modules, and the metadata that names its entries."""
    for path, text in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text, "utf-8")
    about = site / f"{name.replace('-', '_')}-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lines = [f"[{group}]\nentry = {value}\n" for group, value in entries.items()]
    (about / "entry_points.txt").write_text("\n".join(lines))


@pytest.fixture
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """Install packages; gives the environment in which a command sees them."""
    site = tmp_path_factory.mktemp("site")

    def install(
        name: str,
        checks: str = "",
        files: Mapping[str, str] | None = None,
        entry: str = "",
    ) -> dict[str, str]:
        module = name.replace("-", "_")
        entries, texts = {}, {f"{module}/content/{path}": text for path, text in
                              (files or {}).items()}  # fmt: skip
        texts[f"{module}/__init__.py"] = checks
        if checks or entry:
            entries["launchready.checks"] = entry or module
        if files:
            entries["launchready.checklists"] = f"{module}.content"
        installed(site, name, entries, texts)
        return {"PYTHONPATH": str(site)}

    return install
