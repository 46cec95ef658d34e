"""Results as SARIF 2.1.0 (OASIS): what code hosts show beside the lines of a pull request.

The one writer for all commands. Every result has a place: a file as it is or was, or the project
file for what is about a host. Paths are percent-encoded (RFC 3986), and begin at the top of the
repository.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from launchready_tui import __version__
from launchready_tui.vocabulary.findings import Finding, Impact, Verdict
from launchready_tui.vocabulary.safe_text import clean, clean_line, show_host

if TYPE_CHECKING:
    from launchready_tui.audit import Audit
    from launchready_tui.content.checklist import Checklist
    from launchready_tui.guards.secret_scan import Card, Report
    from launchready_tui.project.file import Loaded
    from launchready_tui.rules.secrets.leaks import Spot

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
PLACES = 10  # of one result: code hosts show the first
Level = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a result is an instance of."""

    id: str
    title: str
    says: str
    help: str


@dataclass(frozen=True, slots=True)
class Place:
    """A file, and its line from 1 (0 for not known). `note` says what the path alone does not."""

    path: str
    line: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """One result: its rule, its level, its text, and where it is seen."""

    rule: Rule
    level: Level
    says: str
    fingerprint: str
    places: tuple[Place, ...]


def document(results: Sequence[Result], not_told: Iterable[str] = ()) -> str:
    """The text of a SARIF file. `not_told` says what could not be looked at, and why."""
    rules = list({result.rule.id: result.rule for result in results}.values())
    index = {rule.id: number for number, rule in enumerate(rules)}
    driver = {
        "name": "LaunchReady",
        "version": __version__,
        "rules": [
            {
                "id": rule.id,
                "shortDescription": {"text": rule.title},
                "fullDescription": {"text": rule.says},
                "help": {"text": rule.help},
            }
            for rule in rules
        ],
    }
    doubts = [{"level": "warning", "message": {"text": clean(each)}} for each in not_told]
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": doubts}],
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, index[each.rule.id]) for each in results],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2)


def _result(result: Result, rule: int) -> dict[str, Any]:
    return {
        "ruleId": result.rule.id,
        "ruleIndex": rule,
        "level": result.level,
        "message": {"text": result.says},
        "partialFingerprints": {"launchready/v1": result.fingerprint},
        "locations": [_location(place) for place in result.places[:PLACES]],
    }


def _location(place: Place) -> dict[str, Any]:
    file = quote(place.path, safe="/", errors="surrogateescape")
    physical: dict[str, Any] = {"artifactLocation": {"uri": file}}
    if place.line:
        physical["region"] = {"startLine": place.line}
    note = {"message": {"text": clean_line(place.note)}} if place.note else {}
    return {"physicalLocation": physical, **note}


# Secrets ------------------------------------------------------------------------------------


def of_secrets(report: Report) -> str:
    """The open values of `guard secrets`, and why the scan is not of all."""
    results = [_secret(card) for card in report.cards if card.state == "open"]
    return document(results, report.why)


def _secret(card: Card) -> Result:
    leak, found = card.leak, card.leak.rule
    rule = Rule(
        id=found.id,
        title=found.title,
        says=f"{found.what} {found.harm}".strip() or found.title,
        help="\n".join((found.rotate, *found.steps)).strip() or found.title,
    )
    return Result(
        rule=rule,
        level="error" if leak.blocks else "warning" if leak.severity != "info" else "note",
        says=f"{found.title}: {leak.preview}. {found.harm}".strip(),
        fingerprint=leak.fingerprint,
        places=tuple(_spot(spot) for spot in sorted(leak.spots, key=lambda spot: not spot.path)),
    )


def _spot(spot: Spot) -> Place:
    """A file as it was in its commit. The message of a commit is in no file but git's own."""
    commit = f" of commit {spot.commit}" if spot.commit else ""
    if spot.path:
        return Place(spot.path, spot.line, f"As it is in the files{commit}." if commit else "")
    own = f".git/objects/{spot.object[:2]}/{spot.object[2:]}" if spot.object else ".git"
    what = f"The message{commit}" if spot.where == "message" else f"An object of git{commit}"
    return Place(own, note=f"{what}.")


# Audits -------------------------------------------------------------------------------------

_LEVELS: dict[Impact, Level] = {
    Impact.BLOCKER: "error",
    Impact.SOON: "warning",
    Impact.LATER: "note",
}


def of_audit(audit: Audit, loaded: Loaded, checklist: Checklist) -> str:
    """What an audit found broken, each at its host in the project file, and what it can't tell."""
    path = _from_top(loaded.path)
    results = [
        _finding(finding, finding.impact, path, loaded, checklist)
        for finding in audit.findings
        if finding.impact is not None
    ]
    doubts = [f for f in audit.findings if f.verdict is Verdict.UNKNOWN]
    return document(results, [f"{f.check}, {show_host(f.subject)}: {f.says}" for f in doubts])


def _finding(
    finding: Finding, impact: Impact, path: str, loaded: Loaded, checklist: Checklist
) -> Result:
    title = checklist.titles.get(finding.check, finding.check)
    steps = "\n".join((*finding.fix, finding.verify)).strip()
    return Result(
        # A rule is about all its results, so the words of one of them are not its own.
        rule=Rule(finding.check, title, title, f"launchready checks {finding.check}"),
        level=_LEVELS[impact],
        says="\n".join(filter(None, (finding.says, finding.why, steps))),
        fingerprint=f"{finding.check} {clean_line(finding.subject)}",
        places=(Place(path, _line(finding.subject, loaded), show_host(finding.subject)),),
    )


def _line(subject: str, loaded: Loaded) -> int:
    """The line of the project file with the host that a finding is about, or the product's."""
    from launchready_tui.project import file
    from launchready_tui.verdict.blocked_hosts import host_in

    host = host_in(subject)
    for number, each in enumerate(loaded.project.hosts):
        if each.name == host:
            return file.line_column(loaded, ("hosts", number, "name"))[0]
    return file.line_column(loaded, ("product", "domain"))[0]


def _from_top(path: Path) -> str:
    """The path from the top of the repository around a file; its name where there is none."""
    top = next((each for each in path.parents if (each / ".git").exists()), path.parent)
    return path.relative_to(top).as_posix()
