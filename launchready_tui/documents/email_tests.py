"""06: four messages at three inboxes: where each landed, how fast, and whether it was trusted.

A recorded test is a finding of `email.inbox` whose facts hold `message` (verify, reset, invite,
receipt) and `inbox` (gmail, outlook, icloud), and where known `folder`, `seconds`, `spf`, `dkim`,
`dmarc`, `reply_to` and `link`.
"""

from __future__ import annotations

from launchready_tui.documents.blocks import (
    Block,
    Callout,
    Heading,
    Line,
    Missing,
    Paragraph,
    Steps,
    Table,
)
from launchready_tui.documents.gate import value
from launchready_tui.documents.source import Source, mark_of_recorded
from launchready_tui.documents.tables import answers, join, target_table
from launchready_tui.project.model import RecordedFinding

ID = "06-email-test-log"
PURPOSE = "This log shows whether your four most important emails reach the inbox."

MESSAGES = (
    ("verify", "Confirm the sign-up"),
    ("reset", "Reset the password"),
    ("invite", "Invitation"),
    ("receipt", "Receipt"),
)
INBOXES = (("gmail", "Gmail"), ("outlook", "Outlook"), ("icloud", "iCloud"))


def write(source: Source) -> tuple[Block, ...]:
    """The grid, each recorded test in full, what people told us, and what the count proves."""
    tests = _tests(source)
    return (
        Heading("Four emails, three inboxes"),
        Table(
            ("Email", *(name for _, name in INBOXES)),
            (3, 4, 4, 4),
            tuple(
                (
                    (title,),
                    *(_cell(source, tests.get((message, inbox))) for inbox, _ in INBOXES),
                )
                for message, title in MESSAGES
            ),
        ),
        *_log(source, tests),
        Heading("What we know so far"),
        answers(source, ("S3.C4", "S3.C5", "S3.F1", "S3.F2", "S3.F3")),
        Heading("What the numbers prove"),
        target_table(source, ("T4",)),
        Callout(
            (
                "12 of 12 in the inbox looks perfect. It proves only that at least 78 % arrive. "
                "For “above 95 %” you need 59 of 59.",
            )
        ),
        Heading("How to run the test"),
        Steps(
            (
                ("Open a fresh account at Gmail, at Outlook and at iCloud. Do not train them.",),
                ("Start all four emails for each account: sign up, reset, invite and buy.",),
                ("For each one, write down the folder and how many seconds it took.",),
                ("Open its full headers. Write down what SPF, DKIM and DMARC say.",),
                ("Press reply. Write down which address shows.",),
                ("Click its link at once, and one other link an hour later.",),
                (f"Put the result in the file. {source.where('S3.C4', 'It belongs')}".strip(),),
            )
        ),
    )


def _tests(source: Source) -> dict[tuple[str, str], RecordedFinding]:
    return {
        (found.facts.get("message", ""), found.facts.get("inbox", "")): found
        for found in source.raw("email.inbox").values()
    }


def _cell(source: Source, found: RecordedFinding | None) -> Line:
    if found is None:
        return ("not tested yet",)
    return join(mark_of_recorded(found), _where(found), source.checked(found.at))


def _where(found: RecordedFinding) -> str:
    folder = value(found.facts.get("folder", ""), 40) or value(found.outcome, 40)
    seconds = value(found.facts.get("seconds", ""), 10)
    return f"{folder}, {seconds} s" if seconds else folder


def _log(source: Source, tests: dict[tuple[str, str], RecordedFinding]) -> tuple[Block, ...]:
    if not tests:
        return (
            Missing(
                "No test email is recorded yet.",
                source.where("S3.C4", "Run the test below, then answer"),
            ),
        )
    messages, inboxes = dict(MESSAGES), dict(INBOXES)
    return (
        Heading("Each test"),
        Table(
            ("When", "Email", "Inbox", "Folder", "SPF, DKIM, DMARC", "Reply-to", "Link"),
            (4, 4, 2, 3, 4, 5, 2),
            tuple(
                (
                    (source.checked(found.at),),
                    (messages.get(message, value(message, 40)),),
                    (inboxes.get(inbox, value(inbox, 40)),),
                    (_where(found),),
                    (", ".join(_fact(found, name) for name in ("spf", "dkim", "dmarc")),),
                    (_fact(found, "reply_to"),),
                    (_fact(found, "link"),),
                )
                for (message, inbox), found in tests.items()
            ),
        ),
        *_gaps(tests),
    )


def _fact(found: RecordedFinding, name: str) -> str:
    return value(found.facts.get(name, ""), 80) or "not recorded"


def _gaps(tests: dict[tuple[str, str], RecordedFinding]) -> tuple[Block, ...]:
    wanted = len(MESSAGES) * len(INBOXES)
    known = sum((message, inbox) in tests for message, _ in MESSAGES for inbox, _ in INBOXES)
    if known == wanted:
        return ()
    return (Paragraph((f"{known} of {wanted} are tested. The rest is still open.",)),)
