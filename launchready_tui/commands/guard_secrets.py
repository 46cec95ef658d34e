"""`launchready guard secrets`: secrets in history, in a pull request, in a commit, in a build."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from launchready_tui.commands import options, process

if TYPE_CHECKING:
    from rich.console import Console

    from launchready_tui.guards.secret_scan import Card, Report
    from launchready_tui.vocabulary.facts import Unreachable
    from launchready_tui.world.repository.fingerprints import Fingerprints
    from launchready_tui.world.repository.git import Place
    from launchready_tui.world.repository.objects import Progress
    from launchready_tui.world.repository.reviewed_list import LookedAt
    from launchready_tui.world.repository.secret_scan import Scan

PLACES = 4  # of one value that the table shows
_RANGE = re.compile(r"(?P<base>[^\s.][^\s]*?)\.\.(?P<head>[^\s.][^\s]*)?")
_WHY = {
    "no-git": "Git is not installed here, so we can't read the history. Install git, or scan a "
    "folder with `--path`.",
    "no-repository": "There is no git repository here. Go to its folder, or scan a folder with "
    "`--path`.",
    "untrusted": "The .git here leads to another place, and nothing there leads back. So we did "
    "not read it. Make a fresh clone and run this there.",
    "damaged": "Git could not read this repository to its end. Run git fsck there, or make a fresh "
    "clone.",
    "timeout": "Git gave no answer in time. Try again, or make a fresh clone.",
    "no-such-commit": "Git does not know this commit: {detail}. In CI, fetch the whole history "
    "first (fetch-depth: 0).",
    "stopped": "Stopped. Nothing is known about what was not read yet.",
    "too-large": "Git's answer was too long for us.",
    "history-cut": "A part of the history is missing in this copy. Make a full clone first, "
    "then ask for pull requests.",
    "no-remote": "We know no code host to ask here. Git needs a remote that begins with https or "
    "ssh.",
    "not-fetched": "{detail} did not hand over the pull requests. Run git fetch here: it says why. "
    "Then try again.",
}


@click.command(name="secrets")
@click.option(
    "--range",
    "commits",
    metavar="BASE..HEAD",
    help="Only what these commits bring, as in a pull request.",
)
@click.option("--staged", is_flag=True, help="Only what is staged for the next commit.")
@click.option(
    "--path",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder that visitors get, such as a build. No git is needed.",
)
@click.option(
    "--pulls",
    is_flag=True,
    help="Fetch all pull requests from your code host and read them too.",
)
@click.option("--fresh", is_flag=True, help="Read all again, also what an earlier scan has read.")
@options.project
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for programs.")
@click.option(
    "--sarif",
    "as_sarif",
    is_flag=True,
    help="Print JSON in the form that code hosts show beside the lines.",
)
@click.option("--details", is_flag=True, help="Print for every finding what it is and what to do.")
@click.option(
    "--ignore",
    "looked_at",
    metavar="FINGERPRINT",
    help="Note that you looked at this value. Needs --reason.",
)
@click.option(
    "--rotated", is_flag=True, help="With --ignore: it was replaced. Else: a false alarm."
)
@click.option("--reason", default="", help="With --ignore: why, for those who come after you.")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    help="With --ignore: the day on which to ask again. Default: in a year.",
)
def command(
    commits: str | None,
    staged: bool,
    folder: Path | None,
    pulls: bool,
    fresh: bool,
    project_path: Path | None,
    as_json: bool,
    as_sarif: bool,
    details: bool,
    looked_at: str | None,
    rotated: bool,
    reason: str,
    until: datetime | None,
) -> None:
    """Look for passwords and keys that should not be in your code.

    With no options we read the whole history of the repository here: every commit, branch and
    stash. A key that was deleted later is still in there, so replace it first.

    Commits that only a pull request has are at your code host, not here. With --pulls we fetch
    them with your own git, into a place of our own, and read them too.

    No value is printed, kept or sent anywhere. You see its kind, how it begins and where it is.
    What you looked at stands in .launchready-secrets beside your code.

    Exit codes: 0 none found, 1 a secret that is surely one, 2 wrong use, 3 could not tell.
    """
    if sum((commits is not None, staged, folder is not None, pulls)) > 1:
        raise click.UsageError("Give only one of --range, --staged, --path and --pulls.")
    if looked_at is not None and not reason.strip():
        raise click.UsageError('Say why, for those who come after you: --reason "..."')
    root = folder or _root(project_path)
    list_path, known = _looked_at(root, make=looked_at is not None)
    work = _work(root, commits, staged, folder, pulls, fresh)
    report = process.run(_scanned(work, known))
    if isinstance(report, str):
        click.echo(report, err=True)
        sys.exit(3)
    if looked_at is not None:
        assert known is not None
        day = until.date() if until is not None else None
        _note(report, looked_at, rotated, reason, day, list_path, known)
        return
    _print(report, as_json, as_sarif, details)
    if not (as_json or as_sarif or staged or folder or pulls or commits):
        _tell_of_pulls(root)
    sys.exit(report.exit_code)


def _root(project_path: Path | None) -> Path:
    """The repository of the project file, else the one around this folder."""
    loaded = options.load_nearest(project_path)
    if loaded is not None:
        named = loaded.project.repository.path
        if named or project_path is not None:
            return loaded.path.parent / named
    here = Path.cwd()
    return next((each for each in (here, *here.parents) if (each / ".git").exists()), here)


def _tell_of_pulls(root: Path) -> None:
    """Where pull requests may have more, and how to read it."""
    from launchready_tui.vocabulary.facts import Unreachable
    from launchready_tui.vocabulary.safe_text import clean_line
    from launchready_tui.world.repository import git, pull_requests

    place = git.find(root)
    known = None if isinstance(place, Unreachable) else pull_requests.address(place)
    if known is not None:
        host = clean_line(known[1], 100)
        click.echo(f"Pull requests at {host} are not part of this copy. Add --pulls to read them.")


def _looked_at(root: Path, *, make: bool) -> tuple[Path, LookedAt | None]:
    from launchready_tui.world.repository import reviewed_list

    here = root if (root / reviewed_list.NAME).exists() else Path.cwd()
    place = (here if (here / reviewed_list.NAME).exists() else root) / reviewed_list.NAME
    known = reviewed_list.read(place)
    return place, known or (reviewed_list.empty() if make else None)


def _work(
    root: Path,
    commits: str | None,
    staged: bool,
    folder: Path | None,
    with_pulls: bool,
    fresh: bool,
) -> Callable[[Fingerprints, Progress], Scan | Unreachable]:
    from launchready_tui.vocabulary.facts import Unreachable
    from launchready_tui.world.repository import git, pull_requests, remembered, secret_scan, tree
    from launchready_tui.world.repository.scanner import engine, shelf

    def work(marks: Fingerprints, progress: Progress) -> Scan | Unreachable:
        if folder is not None:
            paths = tree.walk(root)
            return secret_scan.files(root, paths, engine(), marks, progress, "bundle")
        place = git.find(root)
        if isinstance(place, Unreachable):
            return place
        if with_pulls:
            place = pull_requests.mirror(place, pull_requests.folder(), progress.stop)
            if isinstance(place, Unreachable):
                return place
        only = _only(place, commits, staged)
        if isinstance(only, Unreachable):
            return only
        named = only if isinstance(only, dict) else {}
        kept = shelf(remembered.folder(), place, marks)
        if fresh and kept is not None:
            kept.forget()
        return secret_scan.history(place, engine(), marks, progress, only, kept, named)

    if commits is not None and not _RANGE.fullmatch(commits):
        raise click.UsageError(f"--range needs two commits, such as main..HEAD, not {commits!r}.")
    return work


def _only(
    place: Place, commits: str | None, staged: bool
) -> tuple[str, ...] | dict[str, str] | Unreachable | None:
    """The objects to read: all (None), those of a range, or the staged ones with their paths."""
    from launchready_tui.world.repository import secret_scan

    if staged:
        return secret_scan.staged(place)
    if commits is None:
        return None
    base, _, head = commits.partition("..")
    return secret_scan.range_of(place, base, head or "HEAD")


async def _scanned(
    work: Callable[[Fingerprints, Progress], Scan | Unreachable], known: LookedAt | None
) -> Report | str:
    """The report, or in words why there is none. Ctrl-C stops the thread that reads."""
    from dataclasses import replace

    from launchready_tui.guards.secret_scan import report
    from launchready_tui.vocabulary.facts import Unreachable
    from launchready_tui.vocabulary.safe_text import clean_line
    from launchready_tui.world.credentials import SystemKeyring, Vault
    from launchready_tui.world.repository.fingerprints import open_fingerprints
    from launchready_tui.world.repository.objects import Progress

    vault = Vault(SystemKeyring())
    marks = await open_fingerprints(vault)
    await vault.close()
    salted = replace(marks, salt=bytes.fromhex(known.salt)) if known is not None else marks
    progress = Progress()
    done = threading.Event()
    watching = threading.Thread(target=_count, args=(progress, done), daemon=True)
    if sys.stderr.isatty():
        watching.start()
    try:
        scan = await asyncio.to_thread(work, salted, progress)
    finally:
        progress.stop.set()
        done.set()
    if isinstance(scan, Unreachable):
        words = _WHY.get(scan.reason, "We could not read this repository.")
        return words.format(detail=clean_line(scan.detail, 100))
    return report(scan, known, options.now().date(), lasting=marks.lasting)


def _count(progress: Progress, done: threading.Event) -> None:
    while not done.wait(0.2):
        size = progress.bytes // 1_000_000
        click.echo(f"\r{progress.objects:,} things read, {size:,} MB", nl=False, err=True)
    click.echo("\r\x1b[K", nl=False, err=True)


def _note(
    report: Report,
    start: str,
    rotated: bool,
    reason: str,
    until: date | None,
    path: Path,
    known: LookedAt,
) -> None:
    from launchready_tui.guards.secret_scan import find
    from launchready_tui.world.repository.reviewed_list import Entry, reason_of, write

    card = find(report, start.lower())
    if card is None:
        raise click.UsageError(
            "No single finding has this fingerprint. Take it from what this command prints."
        )
    day = until or options.now().date() + timedelta(days=365)
    leak = card.leak
    state: Literal["rotated", "false-alarm"] = "rotated" if rotated else "false-alarm"
    write(path, known.with_entry(Entry(leak.mark, leak.rule.id, state, day, reason_of(reason))))
    said = "replaced" if rotated else "a false alarm"
    click.echo(f"Noted as {said} until {day}: {leak.rule.title} {leak.preview}. See {path.name}.")


def _print(report: Report, as_json: bool, as_sarif: bool, details: bool) -> None:
    from launchready_tui.commands import sarif
    from launchready_tui.guards import secret_scan

    if as_json:
        click.echo(json.dumps(secret_scan.as_json(report), indent=2, ensure_ascii=False))
    elif as_sarif:
        click.echo(sarif.of_secrets(report))
    else:
        from launchready_tui.commands.audit import console

        _table(console(), report, details)


def _table(out: Console, report: Report, details: bool) -> None:
    from launchready_tui.guards.secret_scan import blocking, counted

    for card in report.cards:
        _card(out, card, details or card in blocking(report.cards))
    counts = counted(report.cards)
    stop = len(blocking(report.cards))
    look = counts["open"] - stop
    size = report.bytes // 1_000_000
    before = f" Of these, {report.known:,} were read before." if report.known else ""
    out.print(f"We read {report.objects:,} things, {size:,} MB.{before}", highlight=False)
    if stop:
        out.print(f"{stop} to replace today.", style="bold", highlight=False)
    else:
        out.print("No secret was found that is surely one.", highlight=False)
    if look:
        out.print(f"{look} to look at: they may be secrets, or need care.", highlight=False)
    if counts["rotated"] or counts["ignored"]:
        out.print(
            f"{counts['rotated']} replaced, {counts['ignored']} false alarms, as your list says.",
            highlight=False,
        )
    for why in report.why:
        out.print(f"This is not all. {why}", highlight=False)
    if not report.lasting and report.cards:
        out.print(
            "No password store is at hand, so fingerprints change from run to run.", highlight=False
        )


def _card(out: Console, card: Card, details: bool) -> None:
    from rich.text import Text

    from launchready_tui.vocabulary.safe_text import clean_line

    leak, rule = card.leak, card.leak.rule
    glyph = {"open": "✗" if leak.blocks else "?", "rotated": "✓", "ignored": "·"}[card.state]
    word = {"open": leak.severity if leak.blocks else "look at it", "rotated": "replaced",
            "ignored": "false alarm"}[card.state]  # fmt: skip
    out.print(Text(f"{glyph} {rule.title}  {leak.preview}  {word}  {leak.fingerprint[:12]}"))
    for spot in leak.spots[:PLACES]:
        line = f":{spot.line}" if spot.line else ""
        commit = f", commit {spot.commit[:10]}" if spot.commit else ""
        day = f" of {spot.date[:10]}" if spot.date else ""
        out.print(Text(f"    {clean_line(spot.path, 120)}{line} {_where(spot.where)}{commit}{day}"))
    if len(leak.spots) > PLACES:
        out.print(Text(f"    and {len(leak.spots) - PLACES} more places"))
    if card.reason:
        out.print(Text(f"    {card.reason}"))
    if details and card.state == "open":
        out.print(Text(f"  {rule.what} {rule.harm}".rstrip()))
        out.print(Text(f"  {rule.rotate}"))
        for number, step in enumerate(rule.steps, 1):
            out.print(Text(f"  {number}. {step}"))
    out.print()


def _where(where: str) -> str:
    return {
        "head": "(in the newest version)",
        "history": "(deleted since, but still in the history)",
        "unreachable": "(in a commit that no branch has any more)",
        "stash": "(in the stash)",
        "message": "(in the message of a commit)",
        "tree": "(in the folder)",
        "archive": "(inside an archive)",
        "bundle": "(in what visitors get)",
    }.get(where, "")
