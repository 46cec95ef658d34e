"""04: the settings in front of the site that keep people on the right, safe address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from launchready_tui.content import items
from launchready_tui.documents.blocks import (
    Block,
    Callout,
    Code,
    Heading,
    Inline,
    Line,
    Missing,
    Paragraph,
    Table,
)
from launchready_tui.documents.edge_settings import SETTINGS, Setting
from launchready_tui.documents.gate import value
from launchready_tui.documents.source import Source, prose
from launchready_tui.documents.tables import answers, join, said, seen
from launchready_tui.vocabulary.findings import Finding, Verdict

ID = "04-edge-configuration"
PURPOSE = "This page lists the settings that keep people on the right address, safe and private."

CLOUDFLARE = "cloudflare"
MOST_NAMED = 4  # findings of one setting that are told one by one


def write(source: Source) -> tuple[Block, ...]:
    """Each setting with what we saw or were told, then what people end on."""
    return (
        *_who(source),
        Heading("Settings"),
        Table(
            ("Setting", "What it must be", "What it is", "Where to click"),
            (3, 4, 6, 4),
            tuple(
                (
                    (setting.name,),
                    prose(setting.required),
                    _observed(source, setting),
                    _click(source, setting),
                )
                for setting in SETTINGS
            ),
        ),
        *_whose_words(source),
        *_not_told(source),
        Heading("Which address people end on"),
        *_ends(source),
        Heading("What we know so far"),
        answers(
            source,
            (
                items.MAIN_ADDRESS,
                items.EDGE_ENCRYPTION,
                items.PRIVATE_PAGES,
                items.SIGN_IN_BREAKS,
                items.OTHER_USERS_DATA,
            ),
            seen_above=True,
        ),
    )


# Who stands in front


def _at_cloudflare(source: Source) -> bool:
    """Whether the edge is Cloudflare: because we saw it answer, or else by the file.

    DNS may be kept at Cloudflare while somebody else answers for every address.
    """
    seen_there = {each.outcome for each in source.about("edge.proxied")}
    if "ok" in seen_there or seen_there == {"other"}:
        return "ok" in seen_there
    project = source.project
    return project.dns.provider == CLOUDFLARE or bool(project.cloudflare.zone)


def _who(source: Source) -> tuple[Block, ...]:
    name = source.provider("dns", source.project.dns.provider)
    hosting = [source.provider("hosting", id) for id in source.hosting()]
    if not name and not hosting and not _edges(source):
        return (
            Missing(
                "We do not know yet what stands in front of your site.",
                source.where(items.EDGE),
            ),
        )
    parts: list[str] = []
    if name:
        parts.append(f"Your DNS is at {name}.")
    if hosting:
        parts.append(f"Your pages are served by {' and '.join(hosting)}.")
    parts += [f"In front of them stands {who}." for who in _edges(source)]
    return (Paragraph((" ".join(parts),)),)


def _edges(source: Source) -> tuple[str, ...]:
    """Who answers for the web addresses, as their answers gave away, each once."""
    found = (each.facts.get("who", "") for each in source.about("edge.proxied"))
    return tuple(dict.fromkeys(value(who, 60) for who in found if who))


def _click(source: Source, setting: Setting) -> Line:
    """The place in the console of whoever stands in front; of others only what we know."""
    if _at_cloudflare(source):
        return (setting.click,)
    for id in source.hosting():
        steps = source.steps("hosting", id, setting.step) if setting.step else ()
        if steps:
            return (" ".join(steps),)
    return (f"In Cloudflare: {setting.click}.",)


def _whose_words(source: Source) -> tuple[Block, ...]:
    if _at_cloudflare(source):
        says = "The last column names places in Cloudflare. It may rename them at any time."
    else:
        says = (
            "Where the last column names Cloudflare, we know of no place at your own service. "
            "It may have the setting under another name, or do the right thing by itself."
        )
    return (Callout((says,)),)


# What each setting is


def _observed(source: Source, setting: Setting) -> Line:
    """What we saw. What a person said counts only where we could not see, and is marked as told."""
    found = [each for check in setting.checks for each in source.about(check)]
    parts: list[Inline | Line] = [*_read(source, setting)]
    if found:
        parts.append(_sum_up(source, found))
    decided = any(each.verdict not in (Verdict.UNKNOWN, Verdict.SKIPPED) for each in found)
    state = source.item(setting.item) if setting.asked else None
    if not decided and state is not None and state.choice is not None:
        parts.append(said(source, state))
    if not parts:
        return (f"Not looked at yet. {source.where(setting.item, 'It belongs')}",)
    return join(*parts)


def _read(source: Source, setting: Setting) -> Iterable[Line]:
    """The values that the edge itself gave for this setting, such as `strict`."""
    for check, fact in setting.facts:
        values = (each.facts.get(fact, "") for each in source.about(check))
        for text in dict.fromkeys(filter(None, values)):
            yield ("It is set to ", Code(value(text, 80)), ".")


def _sum_up(source: Source, found: Sequence[Finding]) -> Line:
    """One finding in full; of several, those that are not right, and how many are."""
    if len(found) == 1:
        return seen(source, found[0])
    wrong = [each for each in found if each.impact is not None]
    right = [each for each in found if each.verdict is Verdict.PASS]
    silent = [each for each in found if each.verdict is Verdict.UNKNOWN]
    parts: list[Inline | Line] = [seen(source, each) for each in wrong[:MOST_NAMED]]
    if len(wrong) > MOST_NAMED:
        parts.append(f"{len(wrong) - MOST_NAMED} more are like that.")
    asked = len(wrong) + len(right) + len(silent)
    if right:
        newest = max(right, key=lambda each: each.at)
        parts += [f"{len(right)} of {asked} addresses are right.", source.checked(newest.at)]
    if silent:
        parts.append(f"For {len(silent)} of {asked} we could not tell: see below.")
    return join(*parts) if parts else seen(source, found[0])


def _not_told(source: Source) -> tuple[Block, ...]:
    """What we asked and got no answer about: neither right nor wrong, with what to do."""
    checks = dict.fromkeys(check for setting in SETTINGS for check in setting.checks)
    silent = [
        each for check in checks for each in source.about(check) if each.verdict is Verdict.UNKNOWN
    ]
    if not silent:
        return ()
    rows = tuple(
        (
            (source.checklist.titles.get(each.check, each.check),),
            (source.host(each.subject),),
            seen(source, each),
            prose(" ".join(each.fix[:3])),
        )
        for each in silent
    )
    return (
        Heading("What we could not tell"),
        Table(("Topic", "Where", "Why", "What to do"), (3, 3, 4, 5), rows),
    )


# Where people end


def _ends(source: Source) -> tuple[Block, ...]:
    """Every way to the site, and where it ended when we followed it."""
    found = source.about("http.canonical")
    if not found:
        return (
            Missing(
                "We have not followed your addresses to their end yet.",
                source.where(items.MAIN_ADDRESS, "Run the checks"),
            ),
        )
    rows = tuple(
        ((value(proof.label, 160),), (Code(value(proof.value)), " ", source.checked(each.at)))
        for each in found
        for proof in each.evidence
    )
    summary = tuple(Paragraph(seen(source, each)) for each in found)
    return (*summary, Table(("Way in", "Where it ends"), (2, 3), rows)) if rows else summary
