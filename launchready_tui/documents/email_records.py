"""05: the records that make mail servers trust the product's email, as live DNS showed them."""

from __future__ import annotations

from collections.abc import Mapping

from launchready_tui.content import items
from launchready_tui.documents import dmarc_ladder, email_publish, email_senders
from launchready_tui.documents.blocks import (
    Block,
    Bullets,
    Code,
    Heading,
    Line,
    Missing,
    Paragraph,
    Strong,
    Table,
)
from launchready_tui.documents.gate import value
from launchready_tui.documents.source import Source, mark_of, prose
from launchready_tui.documents.tables import answers, evidence, join, looked
from launchready_tui.verdict.composing import FACT_LIMIT
from launchready_tui.vocabulary.findings import Finding, Verdict

ID = "05-email-records"
PURPOSE = "This page shows the records that tell Gmail and others to trust your email."

_KINDS = (
    ("email.spf", "SPF", "SPF lists who may send for you."),
    ("email.dkim", "DKIM", "DKIM is a seal on each email. It proves that nobody changed it."),
    ("email.dmarc", "DMARC", "DMARC says what to do with mail that fails, and who hears of it."),
    ("dns.mail", "MX", "MX names the servers that take mail for you."),
    ("email.reply-path", "Replies", "This is where an answer to your mail goes."),
    ("email.transport", "MTA-STS", "MTA-STS asks for a safe connection. It can wait."),
    ("email.parked", "No mail", "A domain that sends no mail should say so."),
)
_DOES_NOT_APPLY = ("sends-mail",)  # of the row about domains without mail


def write(source: Source) -> tuple[Block, ...]:
    """Who sends and what each needs, each record, what to publish, and the plan for DMARC."""
    project = source.project
    if not project.email.sends:
        opening: Block = Paragraph(
            (
                "The file says that this product sends no email. "
                "The records below should say so too.",
            )
        )
    else:
        opening = Bullets(_senders(source))
    return (
        Heading("Who sends your email"),
        opening,
        *email_senders.write(source),
        Heading("The records"),
        Bullets(tuple((Strong(name), ": ", says) for _, name, says in _KINDS)),
        *_records(source),
        *_to_repair(source),
        *email_publish.write(source, [each for _, each in _found(source)]),
        *dmarc_ladder.write(source),
        Heading("What we know so far"),
        answers(source, (items.SPF, items.DKIM, items.DMARC, items.REPLIES), seen_above=True),
    )


def _senders(source: Source) -> tuple[Line, ...]:
    email = source.project.email
    names = [source.provider("senders", id) or value(id, 60) for id in email.providers]
    return (
        join(Strong("From:"), Code(value(email.from_)) if email.from_ else "not recorded yet"),
        join(
            Strong("Replies go to:"),
            Code(value(email.reply_to)) if email.reply_to else "the From address",
        ),
        join(Strong("Sent by:"), ", ".join(names) or "nobody has said yet"),
        join(
            Strong("Bounces come back to:"),
            Code(value(email.return_path))
            if email.return_path
            else "an address of the sending service",
        ),
    )


def _found(source: Source) -> tuple[tuple[str, Finding], ...]:
    return tuple(
        (name, each)
        for check, name, _ in _KINDS
        for each in source.about(check)
        if each.outcome not in _DOES_NOT_APPLY
    )


def _records(source: Source) -> tuple[Block, ...]:
    found = _found(source)
    if not found:
        return (
            Missing(
                "We have not looked at your email records yet.",
                source.where(items.SPF, "Run the checks"),
            ),
        )
    return (
        Table(
            ("Record", "Where", "What we saw", "Verdict", "What it should be"),
            (2, 4, 6, 3, 5),
            tuple(
                (
                    (Strong(name),),
                    (Code(record_name(each)),),
                    _saw(each),
                    join(mark_of(each), looked(source, each)),
                    should_be(source, each),
                )
                for name, each in found
            ),
        ),
    )


def record_name(finding: Finding) -> str:
    """The DNS name at which the record stands."""
    if finding.check == "email.dmarc":
        return value(email_publish.dmarc_name(finding), 160)
    return value(finding.subject, 160)


def _saw(finding: Finding) -> Line:
    """The finding in words, then the raw records, so that anybody can compare them."""
    return join(prose(finding.says), *evidence(finding, 240)[:4])


def should_be(source: Source, finding: Finding) -> Line:
    """What stands there when all is well. A record that is right is left as it is."""
    if finding.verdict is Verdict.PASS:
        return ("As it is.",)
    if finding.verdict is Verdict.SKIPPED:
        return ("Nothing more: this domain sends no mail.",)
    if finding.verdict is Verdict.UNKNOWN:
        return ("We can't tell before we have an answer. Change nothing yet.",)
    records = email_publish.to_publish(source, finding)
    texts = [record.value for record in records if record.value]
    if texts:
        kinds = " and ".join(dict.fromkeys(record.type for record in records if record.value))
        shown = [Code(value(text, FACT_LIMIT)) for text in texts]
        return join(f"One {kinds} record:", *shown)
    return _IN_WORDS.get(finding.check, ("As the fix plan says.",))


_IN_WORDS: Mapping[str, Line] = {
    "email.spf": ("The same record with fewer names. The fix plan says which may go.",),
    "email.dkim": ("One TXT or CNAME record from your sender, with a key of 2048 bits or more.",),
    "dns.mail": ("One MX record or more. Each names a server that has an address.",),
    "email.reply-path": ("An address at a name whose servers take mail, and that a person reads.",),
}


def _to_repair(source: Source) -> tuple[Block, ...]:
    broken = [each for _, each in _found(source) if each.impact is not None]
    if not broken:
        return ()
    return (
        Heading("What is wrong, and what it does"),
        Bullets(
            tuple(
                join(mark_of(each), Code(record_name(each)), prose(each.says), prose(each.why))
                for each in broken
            )
        ),
        Paragraph(("The steps for each one are in the fix plan.",)),
    )
