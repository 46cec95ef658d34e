"""`launchready guards`: the few checks that may stay on, who owns each, and the file for CI."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from launchready_tui.commands import options, process

if TYPE_CHECKING:
    from rich.console import Console

    from launchready_tui.content.checklist import Checklist
    from launchready_tui.guards.always_on import Row
    from launchready_tui.guards.ci_file import Platform, Setting
    from launchready_tui.project.file import Loaded

NOBODY = "nobody yet"
_WHEN = {
    "change": "on each change",
    "main": "on main",
    "day": "each day",
    "minute": "each minute",
}


@click.command(name="guards")
@options.project
@options.checklists
@click.option(
    "--own",
    "owners",
    multiple=True,
    metavar="ID=NAME",
    help="Name the owner of a guard. With nothing after =, nobody is. Repeatable.",
)
@click.option(
    "--ci",
    "platform",
    type=click.Choice(["github", "gitlab"]),
    help="Print the file that lets CI run the guards which exist so far.",
)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE",
              help="With --ci: write it to this file.")  # fmt: skip
@click.option("--check", is_flag=True, help="With --out: write nothing; exit 1 when it is stale.")
@click.option("--replace", is_flag=True, help="With --out: replace a file that says otherwise.")
@click.option(
    "--branch",
    metavar="NAME",
    help="With --ci: the branch that goes live. Default: that of your file, or main.",
)
@click.option("--plan", type=click.Path(path_type=Path), metavar="FILE",
              help="With --ci: the file of your planned DNS zone, in the repository.")  # fmt: skip
@click.option("--without", multiple=True, metavar="ID",
              help="With --ci: leave this guard out. Repeatable.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for programs.")
@click.option(
    "--details", is_flag=True, help="Print how to run each guard, and what to do when red."
)
def command(
    project_path: Path | None,
    owners: tuple[str, ...],
    platform: Platform | None,
    out: Path | None,
    check: bool,
    replace: bool,
    branch: str | None,
    plan: Path | None,
    without: tuple[str, ...],
    as_json: bool,
    details: bool,
) -> None:
    """Show the checks that may stay on, and who owns each.

    There are nine, and no more: each one more makes all of them easier to ignore. Name one person
    for each, who understands it. The name stands in your project file.

    With --ci you get a file that runs those which exist so far. It stops a change that brings a
    secret, looks at your site each day, and tells when your documents are stale.

    Exit codes: 0 fine, 1 the file is stale (--check), 2 wrong use.
    """

    if not platform and (out or check or replace or branch or plan or without):
        raise click.UsageError("These options need --ci github or --ci gitlab.")
    if platform and (as_json or owners):
        raise click.UsageError("--ci prints the file alone. Leave out --json and --own.")
    if (check or replace) and (out is None or (check and replace)):
        raise click.UsageError("Give --out with a file, and one of --check and --replace.")
    content = options.content()
    for id in without:
        _known(id, content)
    loaded = options.load(project_path)
    if platform:
        _ci(loaded, content, platform, out, check, replace, branch, plan, without)
        return
    loaded = _own(loaded, content, owners)
    _show(loaded, content, as_json, details)


def _known(id: str, content: Checklist) -> None:
    from launchready_tui.vocabulary.errors import did_you_mean
    from launchready_tui.vocabulary.safe_text import clean_line

    if content.always_on.guard(id) is None:
        ids = [guard.id for guard in content.always_on.guards]
        raise click.UsageError(
            f"There is no guard {clean_line(id, 60)}.{did_you_mean(id, ids)} "
            f"These exist: {', '.join(ids)}."
        )


def _own(loaded: Loaded, content: Checklist, owners: tuple[str, ...]) -> Loaded:
    """The project with these owners, saved. Nothing is saved when one of the ids is unknown."""
    from launchready_tui.project import change, file

    project = loaded.project
    for given in owners:
        id, sign, name = given.partition("=")
        if not sign:
            raise click.UsageError(
                f"Write it as secrets=Dana: a guard, then a name. This is none: {given}."
            )
        _known(id, content)
        guard = content.always_on.guard(id)
        if guard is not None:
            project = change.own(project, guard.item, name.strip())
    if project == loaded.project:
        return loaded
    saved = file.save(loaded, project)
    click.echo(f"Saved in {saved.path}.", err=True)
    return saved


def _show(loaded: Loaded, content: Checklist, as_json: bool, details: bool) -> None:
    from launchready_tui.guards import always_on

    tree = process.run(_tree(loaded))
    found = always_on.rows(loaded.project, content, tree)
    if as_json:
        click.echo(json.dumps(always_on.as_json(found, content), ensure_ascii=False, indent=2))
        return
    from launchready_tui.commands.audit import console

    _print(console(), found, content, details)


async def _tree(loaded: Loaded) -> Mapping[str, str]:
    """The texts of the repository; nothing where there is none that we can read."""
    from launchready_tui.vocabulary.facts import Unreachable
    from launchready_tui.world.credentials import SystemKeyring, Vault
    from launchready_tui.world.repository.repository import Repository as Code

    vault = Vault(SystemKeyring())
    code = Code(_top(loaded), vault)
    try:
        tree = await code.tree(".")
        return {} if isinstance(tree, Unreachable) else tree
    finally:
        await code.close()
        await vault.close()


def _top(loaded: Loaded) -> Path:
    """The top of the repository: the nearest folder with a .git, from the folder of the code up."""
    folder = loaded.path.parent
    code = Path(os.path.normpath(folder / loaded.project.repository.path))
    return next((each for each in (code, *code.parents) if (each / ".git").exists()), folder)


def _print(out: Console, found: tuple[Row, ...], content: Checklist, details: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    from launchready_tui.vocabulary.safe_text import clean_line

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for title in ("guard", "catches", "runs", "owner", "state"):
        table.add_column(title, overflow="fold", min_width=12 if title == "guard" else None)
    for row in found:
        when = ", ".join(_WHEN[one] for one in row.guard.runs)
        owner = clean_line(row.owner, 60) or NOBODY
        cells = (row.guard.id, row.guard.catches, when, owner, _state(row))
        table.add_row(*(Text(cell) for cell in cells))
    out.print(table)
    listed = content.always_on
    planned = sum(guard.faults for guard in listed.guards)
    seen = sum(guard.seen for guard in listed.guards)
    out.print()
    out.print(
        Text(
            f"We keep a list of {listed.faults} faults that spoil a launch. All nine are there for "
            f"{planned} of them. Those of today see {seen} in CI."
        )
    )
    if any(not row.owner for row in found):
        out.print(Text("Name an owner with: launchready guards --own secrets=NAME"))
    if any(row.built and not row.places for row in found):
        out.print(Text("Let CI run them with: launchready guards --ci github"))
    for row in found if details else ():
        out.print()
        out.print(Text(f"{row.guard.title}, when it is red"), style="bold")
        for number, step in enumerate(row.guard.red, 1):
            out.print(Text(f"  {number}. {step}"))
        if row.built:
            out.print(Text(f"  By hand: {row.guard.command}"))


def _state(row: Row) -> str:
    from launchready_tui.vocabulary.safe_text import clean_line

    if not row.built:
        return "comes with a later version"
    if row.places:
        files = (clean_line(place.rpartition("/")[2], 40) for place in row.places[:2])
        return f"in {', '.join(files)}"
    return "by hand"


# The file for CI ----------------------------------------------------------------------------


def _ci(
    loaded: Loaded,
    content: Checklist,
    platform: Platform,
    out: Path | None,
    check: bool,
    replace: bool,
    branch: str | None,
    plan: Path | None,
    without: tuple[str, ...],
) -> None:
    from launchready_tui.guards import ci_file

    setting = _setting(loaded, platform, branch, plan, without)
    try:
        text = ci_file.workflow(platform, content.always_on, setting)
    except ci_file.NotPlain as odd:
        raise click.UsageError(f"“{odd}” {ci_file.NOT_PLAIN}") from odd
    if not ci_file.included(content.always_on, setting):
        raise click.UsageError("Nothing is left to run. Leave out fewer guards.")
    for guard, reason in ci_file.left_out(content.always_on, setting):
        click.echo(f"Left out: {guard.id}. {reason}", err=True)
    if out is None:
        click.echo(text, nl=False)
    else:
        _write(out, text, check, replace)


def _setting(
    loaded: Loaded,
    platform: Platform,
    branch: str | None,
    plan: Path | None,
    without: tuple[str, ...],
) -> Setting:
    from launchready_tui import __version__
    from launchready_tui.documents.files import OURS
    from launchready_tui.guards.ci_file import Setting
    from launchready_tui.project.file import NAME

    top, told, folder = _top(loaded), loaded.project.repository, loaded.path.parent
    project = _within(top, loaded.path, "Your project file")
    planned = ""
    if plan is not None:
        if not plan.is_file():
            raise click.UsageError(f"There is no file {click.format_filename(plan)}.")
        planned = _within(top, plan, "The plan")
    live = branch or told.production_branch or "main"
    made_by = ["launchready", "guards", "--ci", platform]
    made_by += ["--branch", branch] if branch else []
    made_by += ["--plan", planned] if planned else []
    made_by += [word for id in without for word in ("--without", id)]
    return Setting(
        version=__version__,
        made_by=shlex.join(made_by),
        branch=live,
        project="" if project == NAME else project,
        plan=planned,
        names=_names(loaded, top),
        code=bool(told.path) and (folder / told.path).resolve().is_relative_to(top.resolve()),
        documents=any((folder / "handover" / name).is_file() for name in OURS),
        without=without,
    )


def _within(top: Path, path: Path, what: str) -> str:
    """The path from the top of the repository. CI has nothing else than that."""
    try:
        return path.resolve().relative_to(top.resolve()).as_posix()
    except ValueError as error:
        raise click.UsageError(
            f"{what} is outside the repository, so CI can't see it. "
            "Move it in, and set path in [repository] to match."
        ) from error


def _names(loaded: Loaded, top: Path) -> tuple[str, ...]:
    """The settings that production needs: those of the code, and those that the file demands."""
    from launchready_tui.commands.guard_env import survey
    from launchready_tui.vocabulary.facts import Unreachable

    told = loaded.project.repository
    found = process.run(survey(loaded.path.parent / told.path if told.path else top, told))
    return tuple(told.required_env if isinstance(found, Unreachable) else found.required)


def _write(out: Path, text: str, check: bool, replace: bool) -> None:
    """Write the file, or tell how it stands. What is there and says otherwise stays as it is."""
    shown = click.format_filename(out)
    if not out.parent.is_dir():
        folder = click.format_filename(out.parent)
        make = shlex.join(("mkdir", "-p", folder))
        raise click.UsageError(f"There is no folder {folder}. Make it first: {make}")
    if out.is_dir():
        raise click.UsageError(f"{shown} is a folder. Name a file in it.")
    try:
        there = out.read_bytes() if out.exists() else None
        if there == text.encode():
            click.echo(f"{shown} is up to date.", err=True)
        elif check:
            why = "is not written yet" if there is None else "is out of date"
            click.echo(f"{shown} {why}.", err=True)
            sys.exit(1)
        elif there is not None and not replace:
            raise click.UsageError(
                f"{shown} is there already and says otherwise. It stays as it is. "
                "Give another --out, or replace it with --replace."
            )
        else:
            out.write_bytes(text.encode())
            click.echo(f"{'Wrote' if there is None else 'Replaced'} {shown}.", err=True)
    except OSError as error:
        raise click.UsageError(f"{shown} can't be read or written: {error.strerror}.") from error
