"""13: what good looks like in the first week: numbers, thresholds, and when they mean nothing."""

from __future__ import annotations

from launchready_tui.content import items
from launchready_tui.documents.blocks import (
    Block,
    Bullets,
    Callout,
    Heading,
    Paragraph,
    Strong,
    Table,
)
from launchready_tui.documents.source import Source
from launchready_tui.documents.tables import answers, target_table

ID = "13-first-week"
PURPOSE = "This note says which numbers to look at in the first week, and when to act."


def write(source: Source) -> tuple[Block, ...]:
    """Three numbers a day, five more, the gates, whose fault it is, and the five targets."""
    return (
        Callout((Strong("Look at three numbers each morning."), " They take two minutes.")),
        Table(
            ("Question", "Good", "Look closer", "Act today", "Where to look"),
            (5, 3, 4, 4, 4),
            (
                _row(
                    "Could people reach you?",
                    "1 bad minute or less",
                    "2 to 10 this week",
                    "more than 10: stop new features",
                    "your uptime monitor",
                ),
                _row(
                    "Did sign-up emails arrive?",
                    "all of them",
                    "one late",
                    "one in spam or missing",
                    "your email service, Activity",
                ),
                _row(
                    "How long did the main page load take?",
                    "under 400 ms",
                    "400 to 500 ms",
                    "over 500 ms for an hour",
                    "your host, p95 of API reads",
                ),
            ),
        ),
        Paragraph(("Once a day, look at these as well.",)),
        Table(
            ("Question", "Good", "Look closer", "Act today", "Where to look"),
            (5, 3, 4, 4, 4),
            (
                _row(
                    "Did people finish what they came for?",
                    "half or more",
                    "a third to a half",
                    "fewer, with 30 people or more",
                    "your database",
                ),
                _row(
                    "Did people confirm their sign-up?",
                    "95 of 100 or more",
                    "90 to 95",
                    "fewer than 90",
                    "your database",
                ),
                _row(
                    "Was anybody charged twice?",
                    "nobody",
                    "one person asked",
                    "one person was",
                    "your payment service",
                ),
                _row(
                    "How many pages failed?",
                    "none",
                    "one route, once",
                    "one route, 3 times in 15 minutes",
                    "your error log",
                ),
                _row(
                    "Did anybody sign up at all?",
                    "within a day",
                    "none for 24 hours",
                    "none for 36 hours",
                    "your database",
                ),
            ),
        ),
        Heading("When a number means something"),
        Paragraph(
            (
                "Fewer than 30 visitors so far? Then the numbers can't tell you much.",
                " Call five of them instead.",
            )
        ),
        Bullets(
            (
                ("Uptime: 99.9 % allows 10 bad minutes a week. Proof takes 2,995 clean checks.",),
                ("Email: 12 of 12 proves only 78 %. “Above 95 %” takes 59 of 59.",),
                ("Speed: with fewer than 59 timed requests, nobody knows the p95.",),
                (
                    "Sign-ups: at 20 a week, a day without one happens about once in 17 days. "
                    "So wait 36 hours before you worry.",
                ),
            )
        ),
        Heading("Is it the product, or the technology?"),
        Table(
            ("People who come", "Does the technology work?", "People who finish", "So it is"),
            (3, 4, 3, 5),
            (
                _row("few", "yes", "any number", "traffic: too few people know of you"),
                _row(
                    "many",
                    "no: errors, or over 500 ms",
                    "few",
                    "technology: repair it before you judge",
                ),
                _row(
                    "many",
                    "sign-up works, but under 95 of 100 confirm",
                    "few",
                    "email: it does not arrive",
                ),
                _row("30 or more", "yes, all of it", "few", "the product: talk to people"),
                _row("fewer than 30", "any", "any number", "too early to tell: call five people"),
            ),
        ),
        answers(source, (items.PRODUCT_OR_TECHNOLOGY,)),
        Heading("The five targets"),
        target_table(source),
        Paragraph(("“Not enough data” is an honest state. It is no pass and no fail.",)),
    )


def _row(*cells: str) -> tuple[tuple[str, ...], ...]:
    first, *rest = cells
    return ((first,), *((cell,) for cell in rest))
