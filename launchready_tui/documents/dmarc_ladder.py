"""The plan for DMARC: first watch, then put fakes into spam, then refuse them; with days."""

from __future__ import annotations

from datetime import date

from launchready_tui.content import items
from launchready_tui.documents.blocks import (
    Block,
    Bullets,
    Code,
    Heading,
    Inline,
    Line,
    Mark,
    Missing,
    Paragraph,
    Table,
)
from launchready_tui.documents.email_publish import dmarc_record, reports_to
from launchready_tui.documents.gate import value
from launchready_tui.documents.source import Source, utc_day
from launchready_tui.documents.tables import join
from launchready_tui.rules.mail.policy_ladder import Policy, Step, ladder, with_tags
from launchready_tui.rules.mail.tag_list import parse
from launchready_tui.verdict.composing import FACT_LIMIT
from launchready_tui.vocabulary.findings import Finding, Verdict

_MEANS: dict[Policy, str] = {
    "none": "Watch. Nothing is refused, and reports come to you.",
    "quarantine": "Mail that fails goes to spam.",
    "reject": "Mail that fails is refused.",
}
_NO_REPORTS = ("no-reports", "reports-not-authorised")


def write(source: Source) -> tuple[Block, ...]:
    """The three steps, each with its day and what must hold before it."""
    return (Heading("The plan for DMARC"), *_plan(source))


def _plan(source: Source) -> tuple[Block, ...]:
    if not source.project.email.sends:
        return (
            Paragraph(
                ("This product sends no mail. So there is nothing to watch: ",
                 Code("p=reject"), " is right from the first day."),
            ),
        )  # fmt: skip
    found = next(iter(source.about("email.dmarc")), None)
    if found is None:
        return (
            Missing("We have not looked at DMARC yet, so the plan has no days.",
                    source.where(items.DMARC, "Run the checks")),
        )  # fmt: skip
    if found.verdict is Verdict.SKIPPED:
        return (Paragraph(("Your domain says that it sends no mail. No plan is needed.",)),)
    if found.verdict is Verdict.UNKNOWN:
        return (
            Paragraph(
                (f"We asked on {source.day(found.at)} and could not tell how your record stands. "
                 "So this plan has no days yet. Run the checks again.",),
            ),
        )  # fmt: skip
    seen = utc_day(found.at)
    steps = ladder(
        found.facts.get("policy", ""),
        found.outcome not in _NO_REPORTS,
        known_since(found),
        seen,
        source.project.product.launch_date,
    )
    rows = tuple(
        (
            (Code(f"p={step.policy}"), f" {_MEANS[step.policy]}"),
            _when(source, step, found),
            (Code(value(_record(source, found, step), FACT_LIMIT)),),
            _before(step),
        )
        for step in steps
    )
    return (
        Table(("Step", "When", "The whole record", "What must hold first"), (4, 3, 5, 5), rows),
        *_against(source, steps),
        Paragraph(("How we chose the days:",)),
        Bullets(_why_these_days(source)),
    )


def known_since(finding: Finding) -> date | None:
    """The first day on which this project saw the policy that stands now."""
    text = finding.facts.get("none_since") or finding.facts.get("policy_since", "")
    try:
        return date.fromisoformat(text.rpartition(" ")[2])
    except ValueError:  # never recorded, or somebody edited the file
        return None


def _when(source: Source, step: Step, found: Finding) -> Line:
    if step.done:
        return (Mark("✓", "behind you", "good"),)
    if step.standing:
        since = known_since(found)
        parts: list[Inline | Line] = [Mark("✓", "you are here", "good")]
        if since is not None:
            parts.append(f"We know it since {source.day(since)}.")
        return join(*parts)
    assert step.earliest is not None, "a step that is not taken has a day"
    newest = source.newest() or utc_day(found.at)
    if step.policy == "none":
        return ("Now.",)
    if step.earliest <= newest:
        return (f"Due since {source.day(step.earliest)}.",)
    return (f"On {source.day(step.earliest)}, not before.",)


def _record(source: Source, found: Finding, step: Step) -> str:
    """The record of a step: the founder's own, with this policy and somewhere for reports."""
    record = dmarc_record(found)
    tags: dict[str, str] = {"p": step.policy}
    if not record or found.outcome in _NO_REPORTS:
        tags["rua"] = reports_to(source, found.subject)
    return with_tags(record, tags, ("t", *_weaker(record)))


def _weaker(record: str) -> tuple[str, ...]:
    """Tags for subdomains that would fall behind when `p` gets stricter."""
    given = parse(record)
    return tuple(tag for tag in ("sp", "np") if given.get(tag).lower() in ("none", "quarantine"))


def _before(step: Step) -> Line:
    if step.policy == "none":
        return ("The mailbox for reports is there, and somebody reads it.",)
    command = Code("launchready reports FOLDER")
    if step.policy == "quarantine":
        return (
            "Put the reports of a month into a folder. Run ", command,
            ". Nobody on its list who fails is yours. All your test mails are proved yours.",
        )  # fmt: skip
    return (
        "A month went by with fakes in spam. ", command,
        " shows no sender of yours who fails, and no customer missed a mail.",
    )  # fmt: skip


def _against(source: Source, steps: tuple[Step, ...]) -> tuple[Block, ...]:
    """What the file itself says against the next step. No finding here is no leave to go on."""
    if all(step.done or step.standing for step in steps):
        return (Paragraph(("You stand on the last step. Keep reading the reports.",)),)
    told = source.answer(items.DMARC)
    parts: list[Line] = []
    for check, what in (("email.spf", "SPF"), ("email.dkim", "DKIM")):
        found = source.about(check)
        broken = sum(each.verdict is Verdict.FAIL for each in found)
        if broken:
            parts.append((f"{what}: {broken} of {len(found)} records fail. Fix these first.",))
        elif not any(each.verdict is Verdict.PASS for each in found):
            parts.append((f"{what}: we have no record that passes yet.",))
    parts.append(_proved(source))
    if told is not None and told.value == "unread":
        parts.append(join("The answer in the file says that nobody reads the reports.",
                          source.told(told)))  # fmt: skip
    else:
        parts.append(("Reports are not in this file. We can't tell what they say.",))
    return (Paragraph(("What stands in the file today:",)), Bullets(tuple(parts)))


def _proved(source: Source) -> Line:
    """How many messages that arrived were proved to be the founder's (DMARC needs one proof)."""
    found = [
        each for each in source.about("email.alignment") if each.verdict is not Verdict.UNKNOWN
    ]
    good = sum(each.facts.get("dmarc") == "pass" for each in found)
    if not found:
        return ("No test mail has shown yet that your senders are proved.",)
    if good < len(found):
        return (f"{good} of {len(found)} test mails are proved yours. Fix the others first.",)
    return (f"{good} of {len(found)} test mails are proved yours.",)


def _why_these_days(source: Source) -> tuple[Line, ...]:
    lines: list[Line] = [
        ("A step waits 30 days from the first day on which we saw the one before it.",),
        ("Without reports the 30 days begin anew, since nobody heard who would be hit.",),
    ]
    launch = source.project.product.launch_date
    if launch is not None:
        lines.append(
            (f"No step falls into the week before or after your launch on {source.day(launch)}.",)
        )
    else:
        lines.append(("The file names no launch day. Take no step in the week of your launch.",))
    return tuple(lines)
