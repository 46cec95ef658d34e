"""Groups of commands: each command is imported when it is asked for; a mistyped one is answered."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from launchready_tui.vocabulary.errors import did_you_mean


class Commands(click.Group):
    """A group that answers a mistyped command with the nearest one."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of this name. Raises `UsageError`, with the nearest name, for another."""
        name = args[0]
        known = self.list_commands(ctx)
        if name not in known and not name.startswith("-") and not ctx.resilient_parsing:
            raise click.UsageError(
                f"There is no command “{name}”.{did_you_mean(name, known)} "
                f"See: {ctx.command_path} --help",
                ctx,
            )
        return super().resolve_command(ctx, args)


class LazyGroup(Commands):
    """Finds a command in `launchready_tui.commands`: `modules` has the module of each name."""

    def __init__(self, *args: Any, modules: Mapping[str, str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in order, without importing any."""
        return list(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, imported now; None when there is none."""
        if cmd_name not in self.modules:
            return None
        module = import_module(f"launchready_tui.commands.{self.modules[cmd_name]}")
        command: click.Command = module.command
        return command
