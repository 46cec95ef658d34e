"""What is imported when: commands run without Textual, and the app starts without the network."""

from __future__ import annotations

import ast
import json
import subprocess
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

import launchready_tui
from tests import processes

PROBE = """
import json, sys
sys.argv = ["launchready", *{args!r}]
from launchready_tui.cli import main
try:
    main()
except SystemExit:
    pass
print("MODULES", json.dumps(sorted(sys.modules)))
"""


def modules_after(args: list[str], folder: Path) -> set[str]:
    done = processes.run(processes.python(PROBE.format(args=args)), folder)
    assert done.code == 0
    line = next(line for line in done.out.splitlines() if line.startswith("MODULES "))
    return set(json.loads(line.removeprefix("MODULES ")))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "launchready.toml").write_text(
        'format = 1\n[product]\nname = "Harbor Market"\ndomain = "harbor.example"\n'
        '[[hosts]]\nname = "harbor.example"\npurpose = "site"\n'
    )
    return tmp_path


def test_an_audit_never_imports_textual(project: Path) -> None:
    dead = ["--resolver", "127.0.0.1:9", "--connect", ":53=127.0.0.1:9"]
    loaded = modules_after(["audit", "--only", "dns.apex", "--json", *dead], project)
    assert "launchready_tui.audit" in loaded
    assert "textual" not in loaded


def test_handover_needs_neither_textual_nor_the_network(project: Path) -> None:
    loaded = modules_after(["handover"], project)
    assert "launchready_tui.documents" in loaded
    assert not loaded & {"textual", "dns", "httpx", "httpcore", "keyring", "launchready_tui.world"}


@pytest.mark.parametrize("args", [["--help"], ["--version"]])
def test_help_imports_nothing_heavy(args: list[str], tmp_path: Path) -> None:
    loaded = modules_after(args, tmp_path)
    assert not loaded & {"textual", "rich", "dns", "httpx", "httpcore", "keyring", "tomlkit"}


def test_the_app_starts_without_network_modules(tmp_path: Path) -> None:
    code = "import launchready_tui.tui.app, json, sys; print(json.dumps(sorted(sys.modules)))"
    done = processes.run(processes.python(code), tmp_path)
    assert done.code == 0
    loaded = set(json.loads(done.out))
    assert "textual.app" in loaded
    heavy = {"dns", "httpx", "httpcore", "cryptography", "tomlkit", "keyring", "jinja2"}
    assert not loaded & heavy


READING = """
import asyncio, json, sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from launchready_tui.checks import registered
from launchready_tui.project.model import Project, Repository as Told
from launchready_tui.world.credentials import InMemory, Vault
from launchready_tui.world.repository.repository import Repository

async def look():
    code = Repository(Path.cwd(), Vault(InMemory({})))
    world = SimpleNamespace(now=datetime.now(UTC), repository=code)
    project = Project(repository=Told(path="."))
    for id in ("deploy.path", "deploy.migrations", "deploy.required-env", "deploy.env-separation",
               "deploy.fails-fast"):
        outcome = await registered()[id].run(".", project, world)
        print(id, outcome.name)
    await code.close()

asyncio.run(look())
print("MODULES", json.dumps(sorted(sys.modules)))
"""


def test_reading_code_and_settings_needs_no_scanner_of_secrets(tmp_path: Path) -> None:
    """Its engine takes its time to load, and only the search for secrets wants it."""
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / "a.js").write_text("process.env.STRIPE_KEY")
    (tmp_path / "fly.toml").write_text("app = 'x'")
    subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
    done = processes.run(processes.python(READING), tmp_path)
    assert done.code == 0
    assert "deploy.required-env not-seen" in done.out
    line = next(line for line in done.out.splitlines() if line.startswith("MODULES "))
    loaded = set(json.loads(line.removeprefix("MODULES ")))
    assert "launchready_tui.rules.code.environment" in loaded
    assert not loaded & {"re2", "dns", "httpx", "textual", "launchready_tui.rules.secrets.engine"}


ROOT = Path(launchready_tui.__file__).parent
PACKAGE = ROOT.name


def modules() -> dict[str, Path]:
    """Every module of the package, by its dotted name."""
    found = {}
    for path in ROOT.rglob("*.py"):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported_by(path: Path, known: Collection[str]) -> set[str]:
    """The modules of ours that a file imports: at its top, in a function, or for types alone."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            below = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= (below & set(known)) or {node.module}
    return names & set(known)


def reached(start: str, imports: Mapping[str, Collection[str]]) -> set[str]:
    found: set[str] = set()
    left = [start]
    while left:
        new = set(imports[left.pop()]) - found
        found |= new
        left += new
    return found


def test_no_module_imports_itself_by_way_of_others() -> None:
    """A circle of imports has no lower end to begin reading at; imports for types count too."""
    known = modules()
    imports = {name: imported_by(path, known) for name, path in known.items()}
    assert len(known) > 200
    assert imports[f"{PACKAGE}.cli"]  # the imports are seen
    circles = sorted(name for name in known if name in reached(name, imports))
    assert circles == []
