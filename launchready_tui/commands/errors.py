"""How every command says what is wrong: in words, on standard error, and with exit code 2."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path

import click

from launchready_tui.vocabulary.errors import UserError
from launchready_tui.vocabulary.safe_text import clean, clean_line

WRONG = 2
DEBUG = "LAUNCHREADY_DEBUG"
_OUR_FOLDER = Path(__file__).parents[1]


def show(error: Exception) -> int:
    """Say what is wrong, where, and what to do. Returns the exit code."""
    if os.environ.get(DEBUG):
        import traceback

        traceback.print_exception(error)
    if isinstance(error, click.UsageError) and error.message.startswith("Usage:"):
        with suppress(OSError):
            click.echo(error.message, err=True)  # a group without a command: its help
    else:
        say("Error", words(error))
    return WRONG


def warn(text: str) -> None:
    """Say something that a person should know, beside what the command prints."""
    say("Warning", text)


def say(kind: str, text: str) -> None:
    """One line on standard error, cleaned: what kind of message it is, and its text."""
    with suppress(OSError):  # standard error itself may be full or closed
        click.echo(f"{kind}: {clean(text)}", err=True)


def say_stopped() -> None:
    """That a person stopped the command."""
    with suppress(OSError):
        click.echo("Stopped.", err=True)


def words(error: Exception) -> str:
    """The words for an error: those it brings, or what little we can say of one of our own."""
    match error:
        case UserError():
            return str(error)
        case click.ClickException():
            return _of_click(error)
        case OSError() if error.filename is not None:
            name = clean_line(os.fsdecode(error.filename), 200)
            return f"{name}: {error.strerror}. Check the name, and whether you may use it."
        case OSError() if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO):
            return (
                f"What this command prints could not be written: {error.strerror}. "
                "Make room there, or let it print to another place."
            )
        case _:
            return _of_ours(error)


def _of_click(error: click.ClickException) -> str:
    message = error.format_message()
    context = getattr(error, "ctx", None)
    if context is None or "launchready " in message:  # it names a command
        return message
    end = "" if message.endswith((".", "?", "!", "?)")) else "."
    return f"{message}{end} See: {context.command_path} --help"


def _of_ours(error: Exception) -> str:
    """An error that we did not foresee. Its own text may hold anything, so it is not shown."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_OUR_FOLDER)]
    at = ours[-1] if ours else frames[-1]
    place = f"{Path(at.filename).name}, line {at.lineno}"
    again = f"{DEBUG}=1 {Path(sys.argv[0]).name or 'launchready'}"
    return (
        f"LaunchReady made a mistake of its own ({type(error).__name__} in {place}). "
        f"Please report it, with what {again} prints."
    )
