"""Options that several commands share, and how a command finds its project."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from launchready_tui.vocabulary.safe_text import clean_line

if TYPE_CHECKING:
    from launchready_tui.content.checklist import Checklist
    from launchready_tui.project.file import Loaded
    from launchready_tui.world import Options

_KEY = "launchready."  # of click's notes for the whole command line
Command = TypeVar("Command", bound=Callable[..., Any])


def shared(*names: str, **settings: Any) -> Callable[[Command], Command]:
    """An option of the whole command line: the group has it and so does the command.

    `launchready --project A audit` and `launchready audit --project A` mean the same. Two that
    differ are an error.
    """
    return click.option(*names, callback=_one_value, **settings)


def _one_value(context: click.Context, option: click.Parameter, value: Any) -> Any:
    """The value that was given here, else that given before the command, else the default."""
    name = str(option.name)
    before = given(name)
    if context.get_parameter_source(name) is not ParameterSource.COMMANDLINE:
        return value if before is None else before
    if before is not None and not _same(before, value):
        raise click.UsageError(
            f"{option.opts[0]} is given twice: {_shown(before)} before the command, and "
            f"{_shown(value)} after it. Give it once.",
            context,
        )
    context.meta[_KEY + name] = value
    return value


def given(name: str) -> Any:
    """What the command line gives for a shared option, by the name of its parameter, or None."""
    return click.get_current_context().meta.get(_KEY + name)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, Path) and isinstance(other, Path):
        return os.path.realpath(one) == os.path.realpath(other)
    return bool(one == other)


def _shown(value: Any) -> str:
    return clean_line(str(value), 200)


project = shared(
    "--project",
    "project_path",
    type=click.Path(path_type=Path),
    help="The project file. Default: the nearest launchready.toml, here or in a folder above.",
)


checklists = shared(
    "--checklists",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder with stages and words of your own. See docs/decisions/0019-extensions.md.",
    expose_value=False,  # `content` asks for it
)


def network(command: Command) -> Command:
    """The options of every command that talks to the network."""
    for option in (
        click.option(
            "--ca",
            type=click.Path(path_type=Path, exists=True, dir_okay=False),
            help="A file with one more certificate authority to trust (for staging networks).",
        ),
        click.option(
            "--connect",
            multiple=True,
            metavar="HOST:PORT=ADDR:PORT",
            help="Send connections for HOST:PORT to ADDR:PORT. HOST or PORT may be left empty.",
        ),
        click.option(
            "--resolver",
            multiple=True,
            metavar="ADDR:PORT",
            help="Ask this DNS resolver and no other. May be given more than once.",
        ),
    ):
        command = option(command)
    return command


def world_options(
    resolver: tuple[str, ...],
    connect: tuple[str, ...],
    ca: Path | None,
    folder: Path | None = None,
) -> Options:
    """What these options mean. `folder` is that of the project file."""
    from launchready_tui.world import Options

    return Options(resolvers=resolver, connect=connect, ca=ca, folder=folder)


def load(path: Path | None) -> Loaded:
    """The project that a command is about. Raises `ProjectError`, or `UsageError` without one."""
    loaded = load_nearest(path)
    if loaded is None:
        raise click.UsageError(
            "There is no launchready.toml here or in a folder above. "
            "Make one with: launchready new yourdomain.com"
        )
    return loaded


def load_nearest(path: Path | None, start: Path | None = None) -> Loaded | None:
    """The project in the file at `path`, or in the nearest one from `start` (here) upward.

    None where there is none. What the file holds that we do not know is told on standard error.
    """
    from launchready_tui.commands import errors
    from launchready_tui.project import file
    from launchready_tui.verdict import project_file

    found = path or file.find(start or Path.cwd())
    if found is None:
        return None
    loaded = project_file.read(found, content())
    for warning in loaded.warnings:
        errors.warn(warning)
    return loaded


def content() -> Checklist:
    """The checklist in use: ours, with installed packages and the folder of `--checklists`.

    It is put together once a command. Raises `ContentError` for a mistake in that folder.
    """
    from launchready_tui.extensions import checklist_in_use

    notes = click.get_current_context().meta
    if _KEY + "content" not in notes:
        notes[_KEY + "content"] = checklist_in_use(given("checklists"))
    known: Checklist = notes[_KEY + "content"]
    return known


def now() -> datetime:
    """The time now, in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def user() -> str:
    """The name of the person at this computer, as a first guess for "who said so"."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
