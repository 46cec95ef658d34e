"""11: for the worst hour: who hears first, what to pause, what to tell customers, all clear."""

from __future__ import annotations

from launchready_tui.content import items
from launchready_tui.documents.blocks import (
    Block,
    Bullets,
    Callout,
    Heading,
    Missing,
    Paragraph,
    Steps,
    Strong,
    Table,
)
from launchready_tui.documents.deployment import drill
from launchready_tui.documents.gate import value
from launchready_tui.documents.source import Source
from launchready_tui.documents.tables import answers, join, or_nobody, people, said
from launchready_tui.facts_of.people import account_for, first_to_hear
from launchready_tui.project.model import Account

ID = "11-incident-note"
PURPOSE = (
    "Open this page when something is down. It says whom to call, what to pause and what to say."
)


def write(source: Source) -> tuple[Block, ...]:
    """From the first call to the all clear, in the order in which it is needed."""
    return (
        Heading("1. Who hears first"),
        *_first(source),
        people(source),
        Heading("2. What to do in the first ten minutes"),
        Steps(
            (
                ("Look yourself: open the site on a phone, without Wi-Fi.",),
                ("Call the person above. Do not only write.",),
                ("Say in one place that you are on it, so that others don't start too.",),
                ("Ask what went live last. If it was today, roll it back first.",),
                ("Write down the time of each step. A line is enough.",),
            )
        ),
        drill(source),
        Heading("3. What to pause"),
        Table(
            ("Pause", "When", "Who can do it"),
            (2, 5, 4),
            (
                (
                    (Strong("Ads"),),
                    ("As soon as people can't sign up. You pay for each click.",),
                    (_holder(source, ("ads", "advert", "marketing")),),
                ),
                (
                    (Strong("Sign-ups"),),
                    ("When new accounts break, or their emails don't arrive.",),
                    (_holder(source, ("hosting", "app", "admin")),),
                ),
                (
                    (Strong("Deploys"),),
                    ("Until the all clear. The only exception is the repair.",),
                    (_holder(source, ("deploy", "repository", "code", "hosting")),),
                ),
            ),
        ),
        Heading("4. Words for customers"),
        Paragraph(("Say what you know, and when you will write again. Promise nothing else.",)),
        *_words(source),
        Heading("5. All clear"),
        Bullets(
            (
                ("The site opens from two places for 30 minutes without a gap.",),
                ("A new sign-up works, and its email arrives.",),
                ("A test purchase is charged once.",),
                ("No error in the log has come back.",),
                ("Then start deploys again, then sign-ups, and ads last.",),
            )
        ),
        Paragraph(
            (
                "The next day, write down what happened, what it cost, and one thing that "
                "would have shown it sooner.",
            )
        ),
        Heading("What we know so far"),
        answers(
            source,
            (
                items.FIRST_TO_HEAR,
                items.CUSTOMERS_KNEW_FIRST,
                items.IGNORED_ALARMS,
                items.NOBODY_GOT_IN,
                items.ONE_OF_EACH,
            ),
        ),
    )


def _first(source: Source) -> tuple[Block, ...]:
    state = first_to_hear(source.readiness)
    if state is not None:
        owner = (Strong(f"{value(state.owner, 80)}."),) if state.owner else ()
        return (Callout(join(*owner, said(source, state)), "good"),)
    return (
        Missing(
            "Nobody has said yet who hears first when the site goes down.",
            source.where(items.FIRST_TO_HEAR),
        ),
    )


def _holder(source: Source, words: tuple[str, ...]) -> str:
    """Who holds an account of this sort, with the backup. Found by the words in its purpose."""
    account = account_for(source.project, words)
    return _names(account) if account else "nobody named yet"


def _names(account: Account) -> str:
    backup = f", or {value(account.backup, 80)}" if account.backup else ", no backup yet"
    return f"{or_nobody(account.owner)}{backup} ({value(account.service, 60)})"


def _words(source: Source) -> tuple[Block, ...]:
    name = value(source.project.product.name, 80) or "our site"
    return (
        Table(
            ("When", "What to write"),
            (1, 5),
            (
                (
                    ("At once",),
                    (
                        f"Something is wrong with {name} right now. We are on it. "
                        "We will write again within 30 minutes.",
                    ),
                ),
                (
                    ("While it lasts",),
                    (
                        "Still not back. We know the cause and are fixing it. "
                        "Please do not pay twice: we will check every order.",
                    ),
                ),
                (
                    ("Afterwards",),
                    (
                        f"We are back: {name} works again. Nothing you saved is lost. "
                        "If you were charged twice, answer this message and we pay it back.",
                    ),
                ),
            ),
        ),
        Callout(
            (
                "Only send a sentence that is true. If data may be lost, take that line out "
                "and say so.",
            ),
            "soon",
        ),
    )
