"""The fewer than ten checks that stay on: what each catches, whether it is on, who owns it."""

from __future__ import annotations

from launchready_tui.content.checklist import Guard
from launchready_tui.documents.blocks import Block, Line, Paragraph, Strong, Table
from launchready_tui.documents.source import Source
from launchready_tui.documents.tables import join, said


def always_on(source: Source) -> tuple[Block, ...]:
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
                    (Strong(each.title),),
                    (each.catches,),
                    _state(source, each),
                    (source.owner(each.item),),
                )
                for each in source.checklist.always_on.guards
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


def _state(source: Source, each: Guard) -> Line:
    days = [found.at for check in each.shown_by for found in source.raw(check).values()]
    if days:
        return join("Last run:", source.checked(max(days)))
    state = source.item(each.item)
    return said(source, state) if state is not None else ("not recorded",)
