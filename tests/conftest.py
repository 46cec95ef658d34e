"""Settings for all tests."""

from __future__ import annotations

import os
import sys
import tempfile

import pytest
from hypothesis import settings

from tests import covering, processes, worlds

# No test may read or fill the password store of whoever runs it; processes inherit this.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
# Hundreds of processes of ours are started: each would compile all modules again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# The same examples every time, so that a red run means a change. New ones: HYPOTHESIS=explore.
settings.register_profile("steady", derandomize=True, database=None, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS", "steady"))

REAL = "LAUNCHREADY_REAL"


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(covering)
    config.pluginmanager.register(processes)
    if worlds.FOLDER not in os.environ:  # a worker of xdist inherits it
        folder = tempfile.TemporaryDirectory(prefix="launchready-worlds-")
        os.environ[worlds.FOLDER] = folder.name
        config.add_cleanup(folder.cleanup)
    if covering.whole(config) and not config.option.markexpr and os.environ.get(REAL) != "1":
        config.option.markexpr = "not real"


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if config.option.markexpr == "not real":
        terminalreporter.write_line("Tests of real servers are a run of their own: pytest -m real")
