"""The mail records to add or change, as the founder's own DNS host wants them typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from launchready_tui.documents.blocks import Block, Code, Heading, Line, Paragraph, Steps, Table
from launchready_tui.documents.gate import value
from launchready_tui.documents.source import Source, prose
from launchready_tui.documents.tables import join
from launchready_tui.rules.mail.policy_ladder import with_tags
from launchready_tui.verdict.composing import FACT_LIMIT
from launchready_tui.vocabulary.findings import Finding
from launchready_tui.vocabulary.safe_text import show_host

# For these a new text would not help: names have to leave the record, and a person knows which.
_TOO_LONG = ("many-lookups", "too-many-lookups", "void-lookups")
_NO_SPF = ("missing", "none-at-apex")
_NO_MAIL = {
    "SPF": ("TXT", "", "v=spf1 -all"),
    "DMARC": ("TXT", "_dmarc.", "v=DMARC1; p=reject"),
    "MX": ("MX", "", "0 ."),
}
_CUT = "…"  # what stands at the end of a value that was cut


@dataclass(frozen=True, slots=True)
class Publish:
    """One record to put in: its type, its full name, and its value, or in words where to get it.

    `instead` is what to do with what stands there.
    """

    type: str
    name: str
    value: str = ""
    ask: str = ""
    instead: str = "Add it."


def write(source: Source, findings: Iterable[Finding]) -> tuple[Block, ...]:
    """A table of the records, then how to put them in. Nothing when all stand as they should."""
    records = [record for each in findings if each.impact for record in to_publish(source, each)]
    if not records:
        return ()
    return (
        Heading("Records to publish"),
        Table(
            ("Type", "Name to type", "Value", "What to do"),
            (2, 4, 6, 4),
            tuple(
                (
                    (record.type,),
                    host_name(source, record.name),
                    (Code(value(record.value, FACT_LIMIT)),) if record.value else (record.ask,),
                    (record.instead,),
                )
                for record in dict.fromkeys(records)
            ),
        ),
        *_how(source),
    )


def to_publish(source: Source, finding: Finding) -> tuple[Publish, ...]:
    """What one finding asks to be published: nothing where no record of ours would fix it."""
    make = _MAKERS.get(finding.check)
    return make(source, finding) if make and finding.impact else ()


def _spf(source: Source, finding: Finding) -> tuple[Publish, ...]:
    text = finding.facts.get("spf_record", "")
    if not text or not _is_whole(text) or finding.outcome in _TOO_LONG:
        return ()
    if finding.outcome in _NO_SPF:
        instead = "Add it."
    elif finding.outcome == "two-records":
        instead = "Delete every other text there that starts with v=spf1."
    else:
        instead = "Put it in place of the text that starts with v=spf1."
    return (Publish("TXT", finding.subject, text, instead=instead),)


def _dkim(source: Source, finding: Finding) -> tuple[Publish, ...]:
    if "._domainkey." not in finding.subject:
        return ()
    name = finding.facts.get("provider", "") or "your mail sender"
    shows = f"The one that {value(name, 60)} shows for this name."
    if finding.outcome == "doubled-name":
        shown = finding.evidence[0].value if finding.evidence else ""
        whole = shown.startswith("v=DKIM1") and _is_whole(shown)
        gone = "Add it, and delete the record with the long name."
        record = Publish("TXT", finding.subject, shown if whole else "", shows, gone)
    elif finding.outcome == "missing":
        record = Publish("TXT or CNAME", finding.subject, ask=shows)
    elif finding.outcome in ("testing", "wildcard", "several-keys"):
        return ()
    else:
        there = "Put it in place of what stands there."
        record = Publish("TXT or CNAME", finding.subject, ask=shows, instead=there)
    return (record,)


def _dmarc(source: Source, finding: Finding) -> tuple[Publish, ...]:
    text = dmarc_text(source, finding)
    if not text:
        return ()
    if finding.outcome == "missing":
        instead = "Add it."
    elif finding.outcome == "two-records":
        instead = "Delete every other DMARC text there."
    else:
        instead = "Put it in place of the text that stands there."
    return (Publish("TXT", dmarc_name(finding), text, instead=instead),)


def _is_whole(text: str) -> bool:
    """Whether a record came through in one piece: half of one must not be copied."""
    return not text.endswith(_CUT) and len(text) <= FACT_LIMIT


def reports_to(source: Source, domain: str) -> str:
    """Where DMARC reports may go: a mailbox at the domain itself needs nobody's leave."""
    return f"mailto:dmarc@{domain}"


def dmarc_record(finding: Finding) -> str:
    """The DMARC record that we saw, if it came through in one piece."""
    return next((text for _, text in _dmarc_records(finding)), "")


def dmarc_name(finding: Finding) -> str:
    """Where the record stands that counts: at the domain, or at one above it."""
    subject = finding.subject
    above = (place for place, _ in _dmarc_records(finding) if f".{subject}".endswith(f".{place}"))
    return f"_dmarc.{next(above, subject)}"


def _dmarc_records(finding: Finding) -> Iterable[tuple[str, str]]:
    for proof in finding.evidence:
        text = proof.value
        if text.replace(" ", "").lower().startswith("v=dmarc1") and _is_whole(text):
            yield proof.label.rpartition(" ")[2], text


def dmarc_text(source: Source, finding: Finding) -> str:
    """The whole DMARC record that fixes a finding; what else the founder wrote stays."""
    rua = reports_to(source, finding.subject)
    record = dmarc_record(finding)
    match finding.outcome:
        case "missing" | "two-records":
            return with_tags("", {"p": "none", "rua": rua})
        case "syntax" | "policy-missing":
            return with_tags(record, {"p": "none", "rua": rua} if not record else {"p": "none"})
        case _ if not record:
            return ""
        case "no-reports" | "reports-not-authorised":
            return with_tags(record, {"rua": rua})
        case "none-policy":
            return with_tags(record, {"p": "quarantine"})
        case "testing":
            return with_tags(record, {}, ("t",))
        case "weaker-subdomains":
            return with_tags(record, {}, ("sp", "np"))
        case _:
            return with_tags(record, {})


def _mx(source: Source, finding: Finding) -> tuple[Publish, ...]:
    ask = "The one that the service with your mailbox shows."
    return (Publish("MX", finding.subject, ask=ask, instead="Delete the MX records of others."),)


def _parked(source: Source, finding: Finding) -> tuple[Publish, ...]:
    lacking = finding.facts.get("lacking", "").split(", ")
    return tuple(
        Publish(type_, f"{before}{finding.subject}", text, instead="Let it be the only one there.")
        for kind, (type_, before, text) in _NO_MAIL.items()
        if kind in lacking
    )


def _transport(source: Source, finding: Finding) -> tuple[Publish, ...]:
    if finding.outcome != "no-reports":
        return ()
    text = f"v=TLSRPTv1; rua=mailto:tls@{finding.subject}"
    return (Publish("TXT", f"_smtp._tls.{finding.subject}", text),)


_MAKERS: Mapping[str, Callable[[Source, Finding], tuple[Publish, ...]]] = {
    "email.spf": _spf,
    "email.dkim": _dkim,
    "email.dmarc": _dmarc,
    "email.parked": _parked,
    "email.transport": _transport,
    "dns.mail": _mx,
}


def host_name(source: Source, name: str) -> Line:
    """The name as the form of the founder's DNS host wants it, and in full where they differ."""
    zone = source.project.cloudflare.zone or source.project.domain
    full = Code(value(show_host(name), 160))
    if name == zone:
        return _apex(source, full)
    if not zone or not name.endswith(f".{zone}"):
        return ("The full name: ", full)
    return (Code(value(name.removesuffix(f".{zone}"), 160)), " (in full: ", full, ")")


def _apex(source: Source, full: Code) -> Line:
    host = source.checklist.providers["dns"].get(source.project.dns.provider)
    if host is None or host.apex_name is None:
        return (Code("@"), " or an empty field (it stands for ", full, ")")
    if not host.apex_name:
        return ("Leave it empty (it stands for ", full, ")")
    return (Code(host.apex_name), " (it stands for ", full, ")")


def _how(source: Source) -> tuple[Block, ...]:
    id = source.project.dns.provider
    steps = [
        step
        for name in ("open-records", "name-hint", "txt-hint")
        for step in source.steps("dns", id, name) or source.steps("dns", "generic", name)
    ]
    name = source.provider("dns", id)
    at = f"At {name}:" if name else "We do not know your DNS host, so these steps are general."
    return (
        Paragraph((at,)),
        Steps(
            (
                *(prose(step) for step in dict.fromkeys(steps)),
                join("Make each mailbox that a record names, such as", Code("dmarc@"), "first."),
                ("Press r in LaunchReady after five minutes. It looks at the records anew.",),
            )
        ),
    )
