"""06: four messages at each test inbox: where each landed, how fast, and whether it was trusted.

A test is a finding of `email.inbox` about one message at one inbox ("reset at me@gmail.com"), with
the facts `message` (verify, reset, invite, receipt) and `inbox` (gmail, outlook, icloud, other),
and where known `folder`, `seconds`, `arrived`, `from_name`, `from_address`, `reply_to`, `spf`,
`dkim` and `dmarc`. What `email.alignment`, `email.sender` and `email.links` say of the same
message stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from launchready_tui.content import items
from launchready_tui.documents import email_test_rows as rows
from launchready_tui.documents.blocks import (
    Block,
    Bullets,
    Callout,
    Code,
    Heading,
    Line,
    Missing,
    Paragraph,
    Steps,
    Strong,
    Table,
)
from launchready_tui.documents.email_test_rows import MESSAGES, Test
from launchready_tui.documents.gate import value
from launchready_tui.documents.source import Source, prose
from launchready_tui.documents.tables import answers, join, looked, target_table
from launchready_tui.rules.running.proportions import proves_at_least
from launchready_tui.vocabulary.findings import Finding

ID = "06-email-test-log"
PURPOSE = "This log shows whether your four most important emails reach the inbox."

INBOXES = (("gmail", "Gmail"), ("outlook", "Outlook"), ("icloud", "iCloud"))
_NAMES = {**dict(INBOXES), "other": "Another inbox"}
_INBOXES_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Box:
    """One test inbox: its provider, and its address, "" where none is in the file."""

    provider: str
    address: str

    @property
    def name(self) -> str:
        """The provider's name as people write it."""
        return _NAMES.get(self.provider, value(self.provider, 40))


def write(source: Source) -> tuple[Block, ...]:
    """The grid, each test in full, what people told us, and what the count proves."""
    tests = rows.read(source)
    boxes = _boxes(source, tests)
    return (
        Heading("Four emails, three inboxes"),
        Table(
            ("Inbox", *(title for _, title in MESSAGES)),
            (4, 3, 3, 3, 3),
            tuple(
                (
                    join(Strong(box.name), Code(value(box.address, 80)))
                    if box.address
                    else (Strong(box.name), ": no test inbox yet"),
                    *(rows.cell(source, tests.get((kind, box.address))) for kind, _ in MESSAGES),
                )
                for box in boxes
            ),
        ),
        *_log(source, tests, boxes),
        *_gaps(source, tests, boxes),
        Heading("What people told us"),
        answers(
            source,
            (
                items.TEST_EMAILS,
                items.REPLIES,
                items.UNCONFIRMED_USERS,
                items.RESETS_IN_SPAM,
                items.LOST_CODES,
            ),
            seen_above=bool(tests),
        ),
        Heading("What the numbers prove"),
        target_table(source, ("T4",)),
        *_proved(tests.values(), boxes),
        Callout(
            (
                "12 of 12 in the inbox looks perfect. It proves only that at least "
                f"{_percent(12, 12)} arrive. For “above 95 %” you need 59 of 59.",
            )
        ),
        Heading("How to run the test"),
        _steps(),
    )


def _boxes(source: Source, tests: dict[tuple[str, str], Test]) -> tuple[Box, ...]:
    """Every inbox that is in the file or has a test, and the big three even without one."""
    declared = {each.address: each.provider for each in source.project.inboxes if each.address}
    tested = {test.address: test.provider for test in tests.values()}
    known = [Box(provider, address) for address, provider in {**tested, **declared}.items()]
    have = {box.provider for box in known}
    known += [Box(id, "") for id, _ in INBOXES if id not in have]
    order = {id: place for place, id in enumerate(_NAMES)}
    known.sort(key=lambda box: (order.get(box.provider, len(order)), box.provider, box.address))
    return tuple(known[:_INBOXES_SHOWN])


def _log(
    source: Source, tests: dict[tuple[str, str], Test], boxes: tuple[Box, ...]
) -> tuple[Block, ...]:
    known = [test for test in tests.values() if test.decided]
    if not known:
        return (
            Missing(
                "No test email is recorded yet.",
                source.where(items.TEST_EMAILS, "Run the test below, then answer"),
            ),
        )
    names = {box.address: box.name for box in boxes}
    return (
        Heading("Each test"),
        Table(
            ("When", "Email", "Inbox", "Where and how fast", "SPF, DKIM, DMARC",
             "From, and where replies go", "Link"),
            (3, 3, 4, 3, 4, 5, 3),
            tuple(
                (
                    rows.when(source, test),
                    (rows.title(test.kind),),
                    join(names.get(test.address, ""), Code(value(test.address, 80))),
                    rows.placed(test),
                    rows.results(test),
                    rows.sender(test),
                    rows.link(test),
                )
                for test in known
            ),
        ),
        *_not_right(known),
    )  # fmt: skip


def _not_right(known: list[Test]) -> tuple[Block, ...]:
    """What each finding says that is not right, in its own words; the steps are in the plan."""
    wrong = [each for test in known for each in test.findings if each.impact is not None]
    if not wrong:
        return ()
    return (
        Heading("What went wrong"),
        Bullets(tuple(prose(each.says) for each in wrong)),
        Paragraph(("The steps for each one are in the fix plan.",)),
    )


def _gaps(
    source: Source, tests: dict[tuple[str, str], Test], boxes: tuple[Box, ...]
) -> tuple[Block, ...]:
    """What is not tested, by inbox; and inboxes that we could not look into, with the reason."""
    lines: list[Line] = []
    for box in boxes:
        known = {kind for (kind, address), test in tests.items()
                 if address == box.address and test.decided}  # fmt: skip
        open_ = [title for kind, title in MESSAGES if kind not in known]
        if open_ and box.address:
            lines.append(
                join(f"{box.name},", Code(value(box.address, 80)), f": {', '.join(open_)}")
            )
        elif open_:
            lines.append((f"{box.name}: all four. No test inbox is in the file.",))
    silent = [each for each in source.about("email.inbox") if not rows.is_test(each.subject)]
    if not lines and not silent:
        return ()
    wanted = len(boxes) * len(MESSAGES)
    count = sum(test.decided for test in tests.values())
    return (
        Heading("Not tested yet"),
        Paragraph((f"{count} of {wanted} are tested. The rest is still open.",)),
        Bullets((*lines, *(_silent(source, each) for each in silent))),
    )


def _silent(source: Source, found: Finding) -> Line:
    return join(Code(value(found.subject, 80)), prose(found.says), looked(source, found))


def _proved(tests: Iterable[Test], boxes: tuple[Box, ...]) -> tuple[Block, ...]:
    """By inbox: how many of how many, and the share that this proves at least."""
    tests = [test for test in tests if test.decided]
    if not tests:
        return ()
    counted = []
    for name in dict.fromkeys(box.name for box in boxes):
        own = [test for test in tests if test.address in {b.address for b in boxes
                                                          if b.name == name}]  # fmt: skip
        if own:
            good = sum(test.in_inbox for test in own)
            counted.append(((name,), (f"{good} of {len(own)}",), (_percent(good, len(own)),)))
    return (
        Table(("Inbox", "In the inbox", "Proves at least"), (4, 3, 3), tuple(counted)),
    ) if counted else ()  # fmt: skip


def _percent(good: int, of: int) -> str:
    """The share that is proved with 95 % confidence, as target T4 tells it."""
    return f"{proves_at_least(good, of) * 100:.0f} %"


def _steps() -> Steps:
    return Steps(
        (
            ("Open a fresh account at Gmail, at Outlook and at iCloud. Do not train them.",),
            ("In LaunchReady, press ", Code("e"), ". That opens the inbox test. Press ", Code("a"),
             " and add each account."),
            ("Make an app password at each account, and keep it with ",
             Code("launchready credential set inbox"), "."),
            ("Press ", Code("n"), " to start. Each account gets an address for this test.",),
            ("Do the four tasks for each address: sign up, reset, invite and buy. "
             "Press Enter on a task once it is done.",),
            ("Wait. Each email shows with its folder and its seconds. Its link is opened once.",),
            ("No app password? Save the whole message as a file. Then run ",
             Code("launchready mail FILE"), ". It says all but the folder and the time."),
            ("Press reply on one email of each kind. Look which address shows.",),
            ("Open one more link an hour later. It still has to work.",),
        )
    )  # fmt: skip
