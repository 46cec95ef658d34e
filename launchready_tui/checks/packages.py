"""Loads what other packages register: under guard, each whole or not at all."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from importlib.metadata import EntryPoint
from inspect import iscoroutinefunction
from types import ModuleType
from typing import TypeVar

from launchready_tui.vocabulary.extension import Fault, entries, in_a_line, package_of

T = TypeVar("T")
GROUP = "launchready.checks"
log = logging.getLogger("launchready")


def load(registry: dict[str, T], belongs: Callable[[T, str], T]) -> tuple[Fault, ...]:
    """Load every installed package's checks into the registry; tells which could not be loaded.

    `belongs` notes the package of a check. All checks of an entry that fails are taken out again:
    what is loaded in half is not to be trusted. Those of others stay.
    """
    faults = []
    silent: dict[str, bool] = {}
    for entry in entries(GROUP):
        package = package_of(entry)
        before = dict(registry)
        try:
            _load(entry)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # also sys.exit() in a stranger's module
            log.exception("%s could not be loaded", package)
            registry.clear()
            registry.update(before)
            faults.append(Fault(package, package, in_a_line(error)))
            silent[package] = False
            continue
        new = registry.keys() - before.keys()
        registry.update({name: belongs(registry[name], package) for name in new})
        silent[package] = silent.get(package, True) and not new
    none = "No check was registered when it was loaded."
    faults += [Fault(package, package, none) for package, is_so in silent.items() if is_so]
    return tuple(faults)


def _load(entry: EntryPoint) -> None:
    """Import what the entry names, and call what registers checks; a check itself is not called.

    What it prints goes to standard error: data goes to the other.
    """
    with redirect_stdout(sys.stderr):
        loaded = entry.load()
        if not isinstance(loaded, ModuleType) and not iscoroutinefunction(loaded):
            loaded()
