"""The command group. A command is imported when it is asked for, so that starting is quick."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import click

from launchready_tui import __version__

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


class LazyGroup(click.Group):
    """Finds a command in `launchready_tui.commands` by its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"launchready_tui.commands.{COMMANDS[cmd_name]}")
        command: click.Command = module.command
        return command


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with: launchready demo. It needs no account and no network.",
)
@click.version_option(__version__, "-V", "--version", message="LaunchReady %(version)s")
@click.option(
    "--project",
    type=click.Path(path_type=Path),
    help="The project file. Default: the nearest launchready.toml, here or in a folder above.",
)
@click.pass_context
def cli(context: click.Context, project: Path | None) -> None:
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

        open_nearest(project)


def main() -> None:
    """Run the command. Every error that a person can act on ends with exit code 2 and its words."""
    from launchready_tui.commands.errors import explain

    try:
        cli.main(prog_name="launchready", standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # The reader went away (`launchready audit | head`): no reader, no complaint.
        sys.stderr.close()
        sys.exit(141)
    except Exception as error:  # ours are told in words; what we do not know is raised as it was
        words = explain(error)
        if words is None:
            raise
        click.echo(words, err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
