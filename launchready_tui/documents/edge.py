"""04: the settings in front of the site that keep people on the right, safe address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
from launchready_tui.documents.gate import value
from launchready_tui.documents.source import Source
from launchready_tui.documents.tables import answers, join, said, seen
from launchready_tui.findings import Finding

ID = "04-edge-configuration"
PURPOSE = "This page lists the settings that keep people on the right address, safe and private."


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of the edge: what it must be, who can tell, and where it is changed.

    `row` is the item that it belongs to; `asked` is true where that item's question is about
    this very setting, so that its answer stands in for what we did not see.
    """

    name: str
    required: str
    click: str
    checks: tuple[str, ...]
    row: str
    asked: bool = False


# Where to click is written for Cloudflare's console.
SETTINGS = (
    Setting(
        "Traffic goes through the edge",
        "The cloud is orange for each web address. Mail records stay grey.",
        "DNS, Records, Proxy status",
        ("edge.proxied",),
        "S1.C5",
        asked=True,
    ),
    Setting(
        "Safe connection to your own server",
        "Full (strict).",
        "SSL/TLS, Overview",
        ("edge.ssl-mode",),
        "S2.C4",
        asked=True,
    ),
    Setting(
        "Plain http leads to https",
        "On. Each address answers http with a move for good to its own https.",
        "SSL/TLS, Edge Certificates, Always Use HTTPS",
        ("http.https",),
        "S2.C1",
    ),
    Setting(
        "One address for the site",
        "With or without www, people end on the same address.",
        "Rules, Redirect Rules",
        ("http.canonical",),
        "S2.C1",
        asked=True,
    ),
    Setting(
        "Oldest safe connection (TLS)",
        "1.2 or newer.",
        "SSL/TLS, Edge Certificates, Minimum TLS Version",
        ("tls.versions", "edge.security"),
        "S1.C5",
    ),
    Setting(
        "Security level",
        "Medium or higher. The defence against floods of visits (DDoS) stays on.",
        "Security, Settings",
        ("edge.security",),
        "S1.C5",
    ),
    Setting(
        "Private pages are never stored",
        "No rule stores pages of signed-in people. Their paths bypass the cache.",
        "Caching, Cache Rules",
        ("edge.private-cache", "edge.cache-rules"),
        "S2.C5",
        asked=True,
    ),
)


def write(source: Source) -> tuple[Block, ...]:
    """Each setting with what we saw or were told, then what people end on."""
    return (
        *_who(source),
        Heading("Settings"),
        Table(
            ("Setting", "What it must be", "What it is", "Where to click"),
            (3, 4, 6, 3),
            tuple(
                (
                    (setting.name,),
                    (setting.required,),
                    _observed(source, setting),
                    (setting.click,),
                )
                for setting in SETTINGS
            ),
        ),
        Callout(
            (
                "The last column names places in Cloudflare. Another service has the same "
                "settings under names of its own.",
            )
        ),
        Heading("Which address people end on"),
        *_ends(source),
        Heading("What we know so far"),
        answers(source, ("S2.C1", "S2.C4", "S2.C5", "S2.F1", "S2.F2"), seen_above=True),
    )


def _who(source: Source) -> tuple[Block, ...]:
    name = source.provider("dns", source.project.dns.provider)
    hosting = [source.provider("hosting", id) for id in source.hosting()]
    if not name and not hosting:
        return (
            Missing(
                "We do not know yet what stands in front of your site.",
                source.where("S1.C5"),
            ),
        )
    parts: list[str] = []
    if name:
        parts.append(f"Your DNS is at {name}.")
    if hosting:
        parts.append(f"Your pages are served by {' and '.join(hosting)}.")
    return (Paragraph((" ".join(parts),)),)


def _observed(source: Source, setting: Setting) -> Line:
    found = [each for check in setting.checks for each in source.about(check)]
    parts: list[Inline | Line] = []
    if found:
        parts.append(_sum_up(source, found))
    state = source.item(setting.row) if setting.asked else None
    # A told answer about a setting that we saw ourselves adds nothing: what we saw counts.
    if not found and state is not None and state.choice is not None:
        parts.append(said(source, state))
    if not parts:
        return (f"Not looked at yet. {source.where(setting.row, 'It belongs')}",)
    return join(*parts)


def _sum_up(source: Source, found: Sequence[Finding]) -> Line:
    wrong = [each for each in found if each.impact is not None]
    if wrong:
        return join(*(seen(source, each) for each in wrong))
    if len(found) == 1:
        return seen(source, found[0])
    newest = max(found, key=lambda each: each.at)
    good = sum(each.verdict == "pass" for each in found)
    return join(f"{good} of {len(found)} addresses are right.", source.checked(newest.at))


def _ends(source: Source) -> tuple[Block, ...]:
    """Every way to the site, and where it ended when we followed it."""
    found = source.about("http.canonical")
    if not found:
        return (
            Missing(
                "We have not followed your addresses to their end yet.",
                source.where("S2.C1", "Run the checks"),
            ),
        )
    ways = tuple(
        ((value(proof.label, 160),), (Code(value(proof.value)), " ", source.checked(each.at)))
        for each in found
        for proof in each.evidence
    )
    summary = tuple(Paragraph(seen(source, each)) for each in found)
    return (*summary, Table(("Way in", "Where it ends"), (2, 3), ways)) if ways else summary
