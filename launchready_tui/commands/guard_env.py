"""`launchready guard env`: which settings are missing in production, in a terminal and in CI."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from launchready_tui.commands import options, process

if TYPE_CHECKING:
    from rich.console import Console

    from launchready_tui.guards.ci_file import Platform
    from launchready_tui.guards.required_env import Report
    from launchready_tui.project.model import Repository
    from launchready_tui.rules.code.environment import Row, Survey
    from launchready_tui.vocabulary.facts import Unreachable

PLACES = 2  # of one name that the table shows
_HERE = "the environment of this run"
_WHY = {
    "no-repository": "There is no such folder. Give the folder of your code with --path.",
    "untrusted": "The .git here leads to another place, and nothing there leads back. So we did "
    "not read it. Make a fresh clone and run this there.",
    "damaged": "Git could not read this repository. Run git fsck there, or make a fresh clone.",
    "timeout": "Git gave no answer in time. Try again, or make a fresh clone.",
    "too-large": "The list of files is too long for us. Give the app's folder with --path.",
}


@click.command(name="env")
@click.option(
    "--path",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder of the code. Default: that of the project file, or this one.",
)
@options.project
@click.option(
    "--here",
    is_flag=True,
    help="Count what is set in this run as production's. A required name that is not set fails.",
)
@click.option(
    "--ci",
    "platform",
    type=click.Choice(["github", "gitlab"]),
    help="Print the lines that let CI run this before a release.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for programs.")
def command(
    folder: Path | None,
    project_path: Path | None,
    here: bool,
    platform: Platform | None,
    as_json: bool,
) -> None:
    """Check that production gets each setting that the code needs.

    We read your code and its settings files, and list each name: does the code need it, and do
    the example, staging, production and CI have it? Nothing is run. No value is ever printed.

    What stands in no file may live in your host's settings. That alone is no fail. It is one when
    your project file demands the name, or names production's files and none has it.

    With --here, in CI, the settings of that run count as production's.

    Exit codes: 0 fine, 1 a name is missing, or staging and production share a secret, 2 wrong use,
    3 could not tell.
    """
    if platform and (as_json or here):
        raise click.UsageError("--ci prints lines for CI alone. Leave out --json and --here.")
    root, told = _root(folder, project_path)
    from launchready_tui.guards import required_env
    from launchready_tui.vocabulary.facts import Unreachable

    found = process.run(survey(root, told))
    if isinstance(found, Unreachable):
        click.echo(_why(found), err=True)
        sys.exit(3)
    if platform:
        click.echo(_release_gate(platform, found, told.production_branch or "main"), nl=False)
        return
    if here:
        from launchready_tui.rules.code.environment import with_set

        found = with_set(found, _set_here(found.required), _HERE)
    report = required_env.judge(found)
    if as_json:
        click.echo(required_env.report_json(report))
    else:
        from launchready_tui.commands.audit import console

        print_report(console(), report)
    sys.exit(report.exit_code)


def _release_gate(platform: Platform, found: Survey, branch: str) -> str:
    from launchready_tui import __version__
    from launchready_tui.guards import ci_file

    made_by = f"launchready guard env --ci {platform}"
    setting = ci_file.Setting(__version__, made_by, branch, names=tuple(found.required))
    try:
        return ci_file.release_gate(platform, setting)
    except ci_file.NotPlain as odd:
        raise click.UsageError(f"“{odd}” {ci_file.NOT_PLAIN}") from odd


def _root(folder: Path | None, project_path: Path | None) -> tuple[Path, Repository]:
    """The folder of the code, and what the project file says of it, if there is one."""
    from launchready_tui.project.model import Repository

    if folder is not None and not folder.is_dir():
        raise click.UsageError(
            f"There is no folder {click.format_filename(folder)}. Give the folder of your code."
        )
    # A folder that was named is looked at by itself: no project file of somewhere else is about it.
    loaded = options.load_nearest(project_path, folder)
    if loaded is None:
        return folder or Path.cwd(), Repository()
    told = loaded.project.repository
    named = loaded.path.parent / (told.path or ".")
    if folder is None or folder.resolve() == named.resolve():
        return named, told
    return folder, told if project_path is not None else Repository()


async def survey(root: Path, told: Repository) -> Survey | Unreachable:
    """What this code needs and is given, or why it could not be read."""
    from launchready_tui.vocabulary.facts import Unreachable
    from launchready_tui.world.credentials import SystemKeyring, Vault
    from launchready_tui.world.repository.repository import Repository as Code

    vault = Vault(SystemKeyring())
    code = Code(root, vault)
    try:
        found = await code.survey(".", told.env_files, told.required_env)
        return found if isinstance(found, Unreachable) else found.survey
    finally:
        await code.close()
        await vault.close()


def _why(found: Unreachable) -> str:
    return _WHY.get(found.reason, "We could not read this folder. Check that you may read it.")


def _set_here(names: Iterable[str]) -> tuple[str, ...]:
    """The names that have a value in this run. The values themselves are not read further."""
    return tuple(name for name in names if os.environ.get(name, "").strip())


def print_report(console: Console, report: Report) -> None:
    """For a person: the verdict, the table of names, then what to do."""
    from rich.table import Table
    from rich.text import Text

    console.print(f"{report.headline}.", style="bold")
    if report.rows:
        shown = Table(box=None, pad_edge=False, header_style="bold")
        for title in ("name", "code", "example", "staging", "production", "CI", "read at"):
            shown.add_column(title, overflow="fold")
        for row in report.rows:
            shown.add_row(*(Text(cell) for cell in _cells(row)))
        console.print()
        console.print(shown)
    wanted = report.needs
    _listed(
        console,
        "Missing in production",
        [*wanted.on_list, *wanted.lacking],
        "Add each name to production's settings, then run this again.",
    )
    _listed(
        console,
        "Not seen in any file",
        [*wanted.in_example, *wanted.nowhere],
        "They may live in your host's settings. Look for them there. "
        "`launchready guard env --ci github` lets CI look each time.",
    )
    _listed(
        console,
        "Staging and production share",
        [_shared_line(e.kind, e.name, e.staging, e.other, e.production) for e in report.shared],
        "Give staging a key and a database of its own, and replace the live key.",
    )
    _listed(
        console,
        "Looks real, in an example file",
        [f"{name} in {path}" for name, path in report.real_examples],
        "Write a stand-in instead. If the value is live, replace it where it comes from.",
    )
    _listed(
        console,
        "Could not be read",
        [f"{path}: {why}" for path, why in report.unreadable],
        "Fix the file, then run this again.",
    )
    _start(console, report)


def _start(console: Console, report: Report) -> None:
    if report.stops:
        by, path, line = report.stops[0]
        more = f" It covers {report.covered} of {len(report.needs.required)} needed names."
        _lines(console, "Stops when a setting is missing", [f"{by}, in {path}, line {line}.{more}"])
    elif report.needs.required:
        _lines(console, "Stops when a setting is missing", ["Nothing that we found does."])


def _cells(row: Row) -> tuple[str, ...]:
    from launchready_tui.vocabulary.safe_text import clean_line

    places = [f"{clean_line(path, 60)}:{line}" for path, line in row.places[:PLACES]]
    more = len(row.places) - len(places)
    places += [f"and {more} more"] if more > 0 else []
    have = (row.example, row.staging, row.production, row.ci)
    return (row.name, row.code or "-", *("yes" if one else "-" for one in have), ", ".join(places))


def _shared_line(kind: str, name: str, staging: str, other: str, production: str) -> str:
    what = {"secret": "the same value", "database": "the same database"}.get(
        kind, "the same database server"
    )
    return f"{what}: {name} in {staging}, {other} in {production}"


def _listed(console: Console, title: str, lines: list[str], todo: str) -> None:
    if lines:
        _lines(console, title, [*lines, todo])


def _lines(console: Console, title: str, lines: list[str]) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from launchready_tui.vocabulary.safe_text import clean_line

    console.print()
    console.print(title, style="bold")
    for line in lines:
        console.print(Padding(Text(clean_line(line)), (0, 0, 0, 2)))
