"""Options that several commands share, and how a command finds its project."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from launchready_tui.project.file import Loaded
    from launchready_tui.world import Options

Command = TypeVar("Command", bound=Callable[..., Any])

project = click.option(
    "--project",
    "project_path",
    type=click.Path(path_type=Path),
    help="The project file. Default: the nearest launchready.toml, here or in a folder above.",
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
    from launchready_tui.project import file

    found = path or file.find(Path.cwd())
    if found is None:
        raise click.UsageError(
            "There is no launchready.toml here or in a folder above. "
            "Make one with: launchready new yourdomain.com"
        )
    return file.read(found)


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def user() -> str:
    """The name of the person at this computer, as a first guess for "who said so"."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
