"""The list of everything that will be asked, before the first audit of a domain."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from launchready_tui.audit import Job, Questions

MANNERS = "We only read, with at most two requests a second to each host. Nothing is changed."


def listed(groups: Iterable[Questions]) -> Iterator[str]:
    """The list as lines of text."""
    for group in groups:
        yield f"{group.whom}:"
        for what, about in group.lines:
            yield f"  - {what} ({about})"
        yield ""
    yield MANNERS


def may_ask(jobs: Iterable[Job], domain: str) -> bool:
    """Show what a first audit will ask; in a terminal, wait for a yes. True without one.

    Where nobody can answer, one line says how to see the list.
    """
    from launchready_tui import audit

    groups = audit.questions(jobs)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        whom = "; ".join(group.whom for group in groups)
        click.echo(f"First audit of {domain}. We ask: {whom}.", err=True)
        click.echo("All of it, before anything is asked: launchready audit --plan", err=True)
        return True
    click.echo(
        f"This is the first audit of {domain}. All that we will ask, and of whom:\n", err=True
    )
    click.echo("\n".join(listed(groups)), err=True)
    return click.confirm("\nGo on?", default=True, err=True)
