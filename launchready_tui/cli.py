"""The command group. A command is imported when it is asked for, so that starting is quick."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from launchready_tui import __version__
from launchready_tui.commands import errors, options, process
from launchready_tui.commands.lazy_group import LazyGroup

# In the order of a first evening: try it, start, look, answer, hand over.
# Each with its module in `launchready_tui.commands`.
COMMANDS = {
    "demo": "demo",
    "new": "new",
    "audit": "audit",
    "walk": "walk",
    "handover": "handover",
    "checks": "checks",
    "mail": "mail",
    "reports": "dmarc_reports",
    "guard": "guard_group",
    "guards": "always_on",
    "credential": "credential",
}


class Launchready(LazyGroup):
    """The whole command line. `make_context` prints too: the help and the version."""

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        """Read the options, as click does; output that closes early ends the run quietly."""
        with process.minding_the_reader():
            return super().make_context(*args, **more)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, as click does; output that closes early ends the run quietly."""
        with process.minding_the_reader():
            return super().invoke(ctx)


@click.group(
    cls=Launchready,
    modules=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with: launchready demo. It needs no account and no network.",
)
@click.version_option(__version__, "-V", "--version", message="LaunchReady %(version)s")
@options.project
@options.checklists
@click.pass_context
def cli(context: click.Context, project_path: Path | None) -> None:
    """Gets your product ready for its first customers, one plain step at a time.

    With no command, this opens the screens: on your project when there is one here, on the
    welcome page when there is none.

    LaunchReady looks at your domain, certificates, site and email from outside. It asks you
    about what it cannot see. It keeps all of it in one file, launchready.toml, and writes your
    handover documents from that file.

    Exit codes: 0 ready, 1 something to fix today, 2 wrong use or a file that cannot be read,
    3 could not tell.
    """
    if context.invoked_subcommand is None:
        from launchready_tui.commands.screens import open_nearest

        open_nearest(project_path)


def main() -> None:
    """Run the command and end the process with its exit code."""
    process.open_streams()
    process.stop_gently()
    process.end(_code())


def _code() -> int:
    """The exit code. Everything that a person can act on ends with 2 and its words."""
    try:
        try:
            result = cli.main(prog_name="launchready", standalone_mode=False)
        except SystemExit as done:
            result = done.code
        sys.stdout.flush()
    except (click.Abort, KeyboardInterrupt):
        process.drop_output()
        errors.say_stopped()
        return process.STOPPED
    except (process.ReaderGone, BrokenPipeError):
        process.drop_output()
        return process.READER_GONE
    except Exception as error:  # noqa: BLE001 (nothing may end as a traceback)
        code = errors.show(error)
        _flush_or_drop()
        return code
    return result if isinstance(result, int) else 0


def _flush_or_drop() -> None:
    try:
        sys.stdout.flush()
    except OSError:
        process.drop_output()


if __name__ == "__main__":
    main()
