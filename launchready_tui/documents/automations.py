"""The fewer than ten checks that stay on: what each catches, whether it is on, who owns it."""

from __future__ import annotations

from dataclasses import dataclass

from launchready_tui.documents.blocks import Block, Line, Paragraph, Strong, Table
from launchready_tui.documents.source import Source
from launchready_tui.documents.tables import join, said


@dataclass(frozen=True, slots=True)
class Automation:
    """One check that runs by itself. `looked` are the checks of ours that show it ran; `row` is
    the item whose owner understands it."""

    name: str
    catches: str
    row: str
    looked: tuple[str, ...] = ()


# Nine, and no more: each one more makes all of them easier to ignore.
AUTOMATIONS = (
    Automation(
        "Addresses and certificates",
        "A name, a certificate or a redirect that broke.",
        "S1.C1",
        ("dns.apex", "tls.valid", "http.reachable"),
    ),
    Automation(
        "Email records",
        "SPF, DKIM or DMARC that broke.",
        "S3.C1",
        ("email.spf", "email.dkim", "email.dmarc"),
    ),
    Automation("DNS changes", "A planned record that would break something.", "S7.C1"),
    Automation("Required settings", "A variable that production lacks.", "S4.C3"),
    Automation("Secrets", "A key in the code or on the site.", "S1.C4", ("secrets.history",)),
    Automation("Uptime", "A page or route that is down or slow.", "S6.C1", ("watch.uptime",)),
    Automation("A customer's journey", "A sign-up whose email or next step fails.", "S3.C4"),
    Automation("Errors", "A page that fails since the last deploy.", "S6.C3", ("logs.errors",)),
    Automation("Access", "An account that only one person can open.", "S7.C5"),
)


def kept_on(source: Source) -> tuple[Block, ...]:
    """The table, and the rule that keeps it short."""
    return (
        Paragraph(
            (
                "Keep fewer than ten, and let one person understand each. A few checks that "
                "people trust catch most of what can be avoided.",
            )
        ),
        Table(
            ("Check", "Catches", "Does it run?", "Owner"),
            (3, 4, 6, 2),
            tuple(
                (
                    (Strong(each.name),),
                    (each.catches,),
                    _state(source, each),
                    (source.owner(each.row),),
                )
                for each in AUTOMATIONS
            ),
        ),
        Paragraph(
            (
                "An assistant may draft notes, but a person reads each draft before it is kept. "
                "Nothing that it writes changes production. No line of this page is such a "
                "draft: all of it comes from the project file.",
            )
        ),
    )


def _state(source: Source, each: Automation) -> Line:
    days = [found.at for check in each.looked for found in source.raw(check).values()]
    if days:
        return join("Last run:", source.checked(max(days)))
    state = source.item(each.row)
    return said(source, state) if state is not None else ("not recorded",)
