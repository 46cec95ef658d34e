"""The content that is in use: ours, what installed packages add, and a folder that somebody named.

A package that fails adds nothing and is told of in every audit; a folder that somebody named with
`--checklists` and that has a mistake ends the command.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from msgspec.structs import replace

from launchready_tui.content.checklist import Checklist, builtin
from launchready_tui.vocabulary.extension import Fault, entries, in_a_line, package_of

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from launchready_tui.checks import Check

GROUP = "launchready.checklists"
log = logging.getLogger("launchready")


def checklist_in_use(folder: Path | None = None) -> Checklist:
    """Our checklist, with what packages bring and with this folder's own stages and words.

    Raises `ContentError` for a mistake in the folder, with file, line and key.
    """
    content, installed = builtin(), entries(GROUP)
    for entry in installed:
        content = _with_package(content, entry)
    if folder is not None:
        from launchready_tui.checks import registered

        content = _merged(content, folder, registered(), may_replace=True)
    return content


def faults(content: Checklist) -> tuple[Fault, ...]:
    """What is wrong with installed packages: checks that can't be loaded, words that are off."""
    from launchready_tui import checks
    from launchready_tui.content.validate import missing_words

    silent = []
    for check in checks.registered().values():
        lost = missing_words(check, content) if check.package else ()
        if lost:
            error = f"No words are written for {check.id}: {', '.join(lost)}."
            silent.append(Fault(check.package, check.id, error))
    return (*checks.faults(), *content.faults, *silent)


def _with_package(content: Checklist, entry: EntryPoint) -> Checklist:
    from launchready_tui import checks

    package = package_of(entry)
    known: Mapping[str, Check] | None = checks.registered()
    if any(fault.package == package for fault in checks.faults()):
        known = None  # its items name checks that could not be loaded: that is said once
    root = None
    try:
        root = _folder(entry)
        return _merged(content, root, known, may_replace=False)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # also sys.exit() in a stranger's module
        log.exception("the content of %s can't be used", package)
        said = in_a_line(error)
        if root is not None:  # where it is installed is nobody's business
            said = said.replace(f"{root}/", "")
        return replace(content, faults=(*content.faults, Fault(package, package, said)))


def _folder(entry: EntryPoint) -> Path:
    """The folder that an entry point names: a package of Python, a path, or what gives a path."""
    found = entry.load()
    if isinstance(found, ModuleType):
        places = list(getattr(found, "__path__", ()))
        return Path(places[0]) if places else Path(str(found.__file__)).parent
    return Path(found() if callable(found) else found)


def _merged(
    content: Checklist,
    root: Path,
    checks: Mapping[str, Check] | None,
    *,
    may_replace: bool,
) -> Checklist:
    """With this folder's content. Without the checks, it is merged and not looked through."""
    from launchready_tui.checks import UNKNOWN_REASONS
    from launchready_tui.content import parts, validate

    part = parts.read(root)
    merged = parts.merge(content, part, may_replace=may_replace)
    if checks is not None:
        validate.refuse(part, validate.problems(merged, checks, UNKNOWN_REASONS))
    return merged
