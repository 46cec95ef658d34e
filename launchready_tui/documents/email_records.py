"""05: the records that make mail servers trust the product's email, as live DNS showed them."""

from __future__ import annotations

from collections.abc import Mapping

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
from launchready_tui.documents.gate import LONGEST_LINE, value
from launchready_tui.documents.source import Source, mark_of, prose
from launchready_tui.documents.tables import answers, evidence, join
from launchready_tui.findings import Finding, Verdict

ID = "05-email-records"
PURPOSE = "This page shows the records that tell Gmail and others to trust your email."

_KINDS = (
    ("email.spf", "SPF", "SPF lists who may send for you."),
    ("email.dkim", "DKIM", "DKIM is a seal on each email. It proves that nobody changed it."),
    ("email.dmarc", "DMARC", "DMARC says what to do with mail that fails, and who hears of it."),
    ("dns.mail", "MX", "MX names the servers that take mail for you."),
)

# What a DMARC record lacks that is there and does some of its work.
_DMARC_STEPS: Mapping[str, Line] = {
    "no-reports": ("The same record, plus ", Code("rua=mailto:"), " and an address of yours."),
    "none-policy": ("The same record, with ", Code("p=quarantine"), " in place of p=none."),
}


def write(source: Source) -> tuple[Block, ...]:
    """Who sends, then each record: what we saw, the verdict, and what it should be."""
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
        Heading("The records"),
        Bullets(tuple((Strong(name), ": ", says) for _, name, says in _KINDS)),
        *_records(source),
        *_to_repair(source),
        Heading("What we know so far"),
        answers(source, ("S3.C1", "S3.C2", "S3.C3"), seen_above=True),
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


def _records(source: Source) -> tuple[Block, ...]:
    found = [(name, each) for check, name, _ in _KINDS for each in source.about(check)]
    if not found:
        return (
            Missing(
                "We have not looked at your email records yet.",
                source.where("S3.C1", "Run the checks"),
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
                    join(mark_of(each), source.checked(each.at)),
                    should_be(source, each),
                )
                for name, each in found
            ),
        ),
    )


def record_name(finding: Finding) -> str:
    """The DNS name at which the record stands."""
    subject = value(finding.subject, 160)
    return f"_dmarc.{subject}" if finding.check == "email.dmarc" else subject


def _saw(finding: Finding) -> Line:
    """The finding in words, then the raw records, so that anybody can compare them."""
    return join(prose(finding.says), *evidence(finding, 240)[:4])


def should_be(source: Source, finding: Finding) -> Line:
    """What stands there when all is well. A record that is right is left as it is."""
    if finding.verdict is Verdict.PASS:
        return ("As it is.",)
    if finding.verdict is Verdict.SKIPPED:
        return ("Nothing more: this domain sends no mail.",)
    match finding.check:
        case "email.spf" if record := finding.facts.get("spf_record", ""):
            return ("One TXT record: ", Code(value(record, LONGEST_LINE)))
        case "email.spf":
            return (
                "One TXT record. It starts with ",
                Code("v=spf1"),
                *_includes(source),
                " and ends with ",
                Code("~all"),
                ".",
            )
        case "email.dkim":
            return ("One TXT or CNAME record from your sender, with a key of 2048 bits or more.",)
        case "email.dmarc" if finding.outcome in _DMARC_STEPS:
            return _DMARC_STEPS[finding.outcome]
        case "email.dmarc" if finding.verdict is Verdict.WARN:
            return ("The same record, changed as the fix plan says.",)
        case "email.dmarc":
            return (
                "One TXT record. Start with ",
                Code("v=DMARC1; p=none; rua=mailto:"),
                " and an address of yours. Move to ",
                Code("p=quarantine"),
                " after a clean month.",
            )
        case _:
            return ("One MX record or more. Each names a server that has an address.",)


def _includes(source: Source) -> Line:
    """The includes that the senders need in the domain's own SPF record."""
    needed = [
        sender.spf[0]
        for id in source.project.email.providers
        if (sender := source.checklist.providers["senders"].get(id)) is not None
        and sender.spf_at == "from"
        and sender.spf
    ]
    if not needed:
        return (", names each service that sends for you",)
    return (", holds ", Code(" ".join(f"include:{name}" for name in needed)))


def _to_repair(source: Source) -> tuple[Block, ...]:
    broken = [
        each for check, _, _ in _KINDS for each in source.about(check) if each.impact is not None
    ]
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
