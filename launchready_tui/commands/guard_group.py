"""`launchready guard`: looks at a change before it is made, in a terminal and in CI."""

from __future__ import annotations

from importlib import import_module

import click

GUARDS = ("dns", "env", "secrets")


class Guards(click.Group):
    """Finds a guard in its module, `guard_NAME`, when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(GUARDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in GUARDS:
            return None
        module = import_module(f"launchready_tui.commands.guard_{cmd_name}")
        found: click.Command = module.command
        return found


@click.group(name="guard", cls=Guards)
def command() -> None:
    """Look at a change before it is made.

    Each guard ends with exit code 1 when the change would break something, so that it can stop
    a pull request.
    """
