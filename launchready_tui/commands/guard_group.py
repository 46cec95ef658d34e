"""`launchready guard`: looks at a change before it is made, in a terminal and in CI."""

from __future__ import annotations

import click

from launchready_tui.commands.lazy_group import LazyGroup

GUARDS = {"dns": "guard_dns", "env": "guard_env", "secrets": "guard_secrets"}


@click.group(name="guard", cls=LazyGroup, modules=GUARDS)
def command() -> None:
    """Look at a change before it is made.

    Each guard ends with exit code 1 when the change would break something, so that it can stop
    a pull request.
    """
