"""What each service that sends the product's mail needs, and at which name."""

from __future__ import annotations

from launchready_tui.content import items
from launchready_tui.content.checklist import Provider
from launchready_tui.documents.blocks import (
    Block,
    Code,
    Inline,
    Line,
    Missing,
    Paragraph,
    Strong,
    Table,
)
from launchready_tui.documents.gate import value
from launchready_tui.documents.source import Source
from launchready_tui.documents.tables import join
from launchready_tui.vocabulary.findings import Verdict
from launchready_tui.vocabulary.safe_text import show_host

_MOST = 8  # selectors of one sender that are named


def write(source: Source) -> tuple[Block, ...]:
    """One row a sender in the file. Senders that nobody named are not guessed here."""
    email = source.project.email
    if not email.sends:
        return ()
    known = source.checklist.providers["senders"]
    rows = tuple(
        (
            (Strong(known[id].name),),
            _spf(source, known[id]),
            _dkim(source, id, known[id]),
            _return_path(source, known[id]),
            _messages(source, id),
        )
        for id in dict.fromkeys(email.providers)
        if id in known and known[id].steps
    )
    if not rows:
        return (
            Missing("The file names no service that we know, so we can't say what yours needs.",
                    source.where(items.SPF, "Name each one")),
        )  # fmt: skip
    return (
        Table(("Service", "SPF", "DKIM", "Return path", "Seen in test mails"),
              (3, 4, 4, 4, 3), rows),
        Paragraph(
            ("Does a set-up page ask for more in the SPF record of your domain? "
             "Mail servers look for SPF at the return path. So this table is right.",),
        ),
    )  # fmt: skip


def _domain(source: Source) -> str:
    return value(show_host(source.project.from_domain()), 120)


def _spf(source: Source, sender: Provider) -> Line:
    part = Code(f"include:{sender.spf[0]}") if sender.spf else None
    if sender.spf_at == "from" and part is not None:
        return join(part, "at", Code(_domain(source) or "your domain"))
    if sender.spf_at == "return-path" and part is not None:
        return join(part, "at its return path only")
    if sender.spf_at == "return-path":
        return ("Nothing at your domain: its return path takes care of it.",)
    return ("Nothing: its own return path takes care of it.",)


def _dkim(source: Source, id: str, sender: Provider) -> Line:
    """The names that we know of it: seen in DNS first, then those that all its customers have."""
    domain = source.project.from_domain()
    seen = [each for each in source.about("email.dkim")
            if each.facts.get("provider_id") == id and "._domainkey." in each.subject]  # fmt: skip
    if seen:
        good = [each for each in seen if each.verdict is Verdict.PASS]
        names: list[Inline | Line] = [Code(value(each.subject, 160)) for each in seen[:_MOST]]
        return join(*names, f"({len(good)} of {len(seen)} in place)")
    if sender.selectors_certain and domain:
        names = [Code(value(f"{each}._domainkey.{domain}", 160))
                 for each in sender.selectors[:_MOST]]  # fmt: skip
        how = "all of them" if sender.selectors_needed == "all" else "one of them has to work"
        return join(*names, f"({how})") if len(names) > 1 else join(*names)
    return ("A name of your own: its page for your domain shows it.",)


def _return_path(source: Source, sender: Provider) -> Line:
    if sender.spf_at == "from":
        return ("Your domain itself.",)
    if sender.spf_at == "nowhere":
        return ("Its own. None of yours is needed.",)
    domain = _domain(source) or "your domain"
    if not sender.return_path_label:
        return ("A name below your domain: its page shows it.",)
    parts: list[Inline | Line] = ["Most often", Code(f"{sender.return_path_label}.{domain}")]
    if sender.return_path:
        parts += ["to", Code(sender.return_path[0])]
    return join(*parts)


def _messages(source: Source, id: str) -> Line:
    """How many test messages came through this service, as their own proofs told."""
    found = [each for each in source.about("email.alignment")
             if each.facts.get("provider_id") == id]  # fmt: skip
    if not found:
        return ("none yet",)
    good = sum(each.facts.get("dmarc") == "pass" for each in found)
    return (f"{len(found)}, of which {good} are proved yours.",)
