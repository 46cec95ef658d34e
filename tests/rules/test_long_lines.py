"""One line of strangers, as long as a file may be: the time grows with it, and not faster."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from launchready_tui.rules.code import env_js, env_python
from launchready_tui.rules.code.config_text import read_json, read_toml
from launchready_tui.rules.code.destructive import losses
from launchready_tui.rules.code.environment import survey

MOST = 8.0  # seconds of the processor, on a loaded machine; the square took minutes


def _js(text: str) -> object:
    return env_js.read(f"process.env.A;{text}", "a.js")


def _python(text: str) -> object:
    return env_python.read(text, "a.py")


def _survey(path: str) -> Callable[[str], object]:
    return lambda text: survey({path: text}, digest=bytes, looks_real=lambda _: False)


def _lost(path: str) -> Callable[[str], object]:
    return lambda text: losses(path, text)


CASES: dict[str, tuple[Callable[[str], object], str]] = {
    "js text": (_js, '"' + '\\"' * 490_000),
    "js text, one quote": (_js, "'" + "\\'" * 490_000 + "\\"),
    "js schema": (_js, "cleanEnv(a, b);" * 20 + "b : " * 200_000),
    "js import": (_survey("server.js"), "import" + " " * 900_000),
    "python import": (_survey("settings.py"), "from" + "\t" * 400_000),
    "python prefix": (
        _python,
        "from environs import Env\nenv = Env()\n" + "with env.prefixed('A'):\n env('B')\n" * 12_000,
    ),
    "python caught": (
        _python,
        "import os\n" + "try:\n os.environ['B']\nexcept KeyError: pass\n" * 10_000,
    ),
    "python classes": (
        _python,
        "from pydantic import BaseSettings\n"
        + "".join(f"class A{n}(A{n + 1}, A{n + 1}, A{n + 1}):\n a: int\n" for n in range(3000)),
    ),
    "dockerfile": (_survey("Dockerfile"), "ENV " + "a" * 400_000),
    "json": (read_json, '{"' + '\\"' * 250_000),
    "toml": (read_toml, "a." * 250_000 + "a = 1"),
    "sql": (_lost("a.sql"), "`'" + "\\'" * 250_000 + "\\"),
    "sql words": (_lost("a.sql"), "BEGIN " * 80_000),
    "js migration": (_lost("a.js"), "'" + "\\'" * 250_000 + "\\"),
    "js template": (_lost("a.js"), "`" + "\\`" * 250_000 + "\\"),
    "ruby": (_lost("a.rb"), '"' + '\\"' * 32_000 + "\\"),
    "xml": (_lost("a.xml"), "<databaseChangeLog>" + "<sql></sql>" * 45_000),
    "yaml": (_lost("a.yaml"), "\n" * 500_000),
}


@pytest.mark.parametrize("case", CASES)
def test_a_long_line_is_read_in_good_time(case: str) -> None:
    read, text = CASES[case]
    begun = time.process_time()
    read(text)
    assert time.process_time() - begun < MOST
