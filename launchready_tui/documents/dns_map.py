"""03: where each address leads, why it exists, what breaks without it, and every redirect."""

from __future__ import annotations

from launchready_tui.content import items
from launchready_tui.content.checklist import Role
from launchready_tui.documents import dns_authority
from launchready_tui.documents.blocks import (
    Block,
    Callout,
    Code,
    Heading,
    Line,
    Missing,
    Paragraph,
    Strong,
    Table,
)
from launchready_tui.documents.gate import value
from launchready_tui.documents.source import Source, is_www, mark_of, mark_of_recorded, prose
from launchready_tui.documents.tables import evidence, join, or_nobody, seen, told_or_missing
from launchready_tui.project.model import Host, RecordedFinding
from launchready_tui.vocabulary.findings import Finding, Verdict

ID = "03-dns-and-redirect-map"
PURPOSE = "This map shows where each of your web addresses leads, and why it exists."

_DNS_CHECKS = ("dns.apex", "dns.www", "dns.host")


def write(source: Source) -> tuple[Block, ...]:
    """Who runs DNS, every host, mail, the domain, the address people end on, the redirects."""
    return (
        *_dns_home(source),
        Heading("Your addresses"),
        *_hosts(source),
        Heading("Where mail to you goes"),
        *_mail(source),
        Heading("Records that let you send mail"),
        *_sending(source),
        Heading("What holds the domain itself"),
        *dns_authority.write(source),
        Heading("The one address that people end on"),
        *_preferred(source),
        Heading("Redirects"),
        *_redirects(source),
    )


def _dns_home(source: Source) -> tuple[Block, ...]:
    name = source.provider("dns", source.project.dns.provider)
    if not name:
        return (
            Missing(
                "We do not know yet who runs your DNS.",
                source.where(items.ADDRESSES, "Look it up"),
            ),
        )
    return (
        Paragraph(
            (
                "DNS is like a phone book for the internet. Yours is kept at ",
                Strong(name),
                ". Every change to the map below is made there.",
            )
        ),
    )


def _hosts(source: Source) -> tuple[Block, ...]:
    hosts = source.project.hosts
    if not hosts:
        return (
            Missing(
                "No addresses are in the file yet.",
                source.where(items.SUBDOMAINS, "Add them") or "Add them under hosts, in the file.",
            ),
        )
    blocks: list[Block] = [
        Table(
            ("Address", "Points to", "Why it exists", "What breaks without it", "Owner"),
            (5, 5, 4, 4, 2),
            tuple(
                (
                    join(source.host(host.name), f"({role(source, host).name})"),
                    points_to(source, host),
                    why(source, host),
                    (role(source, host).breaks,),
                    (or_nobody(host.owner),),
                )
                for host in hosts
            ),
        )
    ]
    silent = [host for host in hosts if not host.why]
    if silent:
        blocks.append(
            Missing(
                f"{_addresses(len(silent))} no reason of your own yet.",
                source.where(items.SUBDOMAIN_NOTES, "Say why each matters"),
            )
        )
    return tuple(blocks)


def _addresses(count: int) -> str:
    return "One address has" if count == 1 else f"{count} addresses have"


def points_to(source: Source, host: Host) -> Line:
    """What DNS said about this host when we last looked, and when that was."""
    found = next(
        (f for check in _DNS_CHECKS if (f := source.finding(check, host.name)) is not None), None
    )
    at = source.provider("hosting", host.provider)
    place = (f"at {at},",) if at else ()
    if found is None:
        return join(*place, "not looked at yet")
    addresses = found.facts.get("addresses", "")
    if found.verdict is Verdict.PASS and addresses:
        return join(*_by_way_of(found), *place, Code(value(addresses)), source.checked(found.at))
    if found.verdict is Verdict.PASS:
        return join(*place, *evidence(found)[:3], source.checked(found.at))
    return join(*place, seen(source, found))


def _by_way_of(found: Finding) -> tuple[Line, ...]:
    """The names that an alias leads through, as the check saw them."""
    chain = next((proof.value for proof in found.evidence if proof.label == "Leads to"), "")
    return (("the name ", Code(value(chain)), ", then"),) if chain else ()


def why(source: Source, host: Host) -> Line:
    """The founder's own reason; where there is none, only what kind of address it is."""
    if host.why:
        return (value(host.why),)
    if is_www(host, source.project):
        return ("Many people type www first.",)
    return ("not recorded yet",)


def role(source: Source, host: Host) -> Role:
    """What this host is for, in words."""
    return source.checklist.role(host.name, host.purpose, source.project.domain)


def _mail(source: Source) -> tuple[Block, ...]:
    found = source.about("dns.mail")
    if not found:
        return (
            Missing(
                "We have not looked at where your mail goes.",
                source.where(items.ADDRESSES, "Run the checks"),
            ),
        )
    return (
        Table(
            ("Domain", "What we saw", "Proof"),
            (3, 6, 4),
            tuple(
                (
                    (source.host(each.subject),),
                    seen(source, each),
                    join(*evidence(each)) if each.evidence else ("none recorded",),
                )
                for each in found
            ),
        ),
    )


_SENDING = (
    ("email.spf", "the list of who may send (SPF)"),
    ("email.dkim", "the key that proves your mail (DKIM)"),
    ("email.dmarc", "the rule for fakes (DMARC)"),
)


def _sending(source: Source) -> tuple[Block, ...]:
    """Which names hold records for mail, and how they stand. Document 05 has them in full."""
    found = [(what, each) for check, what in _SENDING for each in source.about(check)]
    if not found:
        return (
            Missing(
                "We have not looked at your mail records.",
                source.where(items.SPF, "Run the checks"),
            ),
        )
    rows = tuple(
        ((source.host(each.subject),), (what,), seen(source, each)) for what, each in found
    )
    return (
        Table(("Name", "What it holds", "What we saw"), (5, 4, 6), rows),
        Paragraph(("The page about email records has the text of each.",)),
    )


def _preferred(source: Source) -> tuple[Block, ...]:
    found = source.about("http.canonical")
    blocks: list[Block] = [Paragraph(seen(source, each)) for each in found]
    if not found:
        blocks.append(
            Missing(
                "We have not looked at where people end up.",
                source.where(items.MAIN_ADDRESS, "Run the checks"),
            )
        )
    if source.answer(items.MAIN_ADDRESS) is not None:
        blocks.append(told_or_missing(source, items.MAIN_ADDRESS, ""))
    return tuple(blocks)


def _redirects(source: Source) -> tuple[Block, ...]:
    rows = [
        *(_declared(source, each.from_, each.to) for each in source.project.redirects),
        *(_upgrade(source, each) for each in source.about("http.https")),
    ]
    blocks: list[Block] = []
    if rows:
        blocks.append(Table(("From", "To", "Code", "Hops", "Tested"), (5, 5, 2, 2, 6), tuple(rows)))
    if not source.project.redirects:
        blocks.append(
            Missing(
                "No old addresses are listed. If you moved pages, they belong here.",
                source.where(items.OLD_ADDRESSES, "List them")
                or "List them under redirects, in the file.",
            )
        )
    blocks.append(
        Callout(
            (
                "Code 301 or 308 means moved for good, 302 or 307 means for now. A hop is one "
                "stop on the way. One hop is good; more make people wait.",
            )
        )
    )
    return tuple(blocks)


def _declared(source: Source, start: str, end: str) -> tuple[Line, ...]:
    tested: RecordedFinding | None = source.raw("http.redirects").get(start)
    facts = tested.facts if tested else {}
    return (
        (Code(value(start)),),
        (Code(value(end)),),
        (value(facts.get("status", ""), 10) or "not recorded",),
        (value(facts.get("hops", ""), 10) or "not recorded",),
        _tested(source, source.finding("http.redirects", start), tested),
    )


def _tested(source: Source, found: Finding | None, raw: RecordedFinding | None) -> Line:
    if found is not None:
        return seen(source, found)
    if raw is not None:
        return join(mark_of_recorded(raw), source.checked(raw.at))
    return ("not tested yet",)


def _upgrade(source: Source, found: Finding) -> tuple[Line, ...]:
    """Plain http to https. Where the check is content with the way, it is one hop by its rule."""
    host = value(found.subject, 120)
    one_hop = found.verdict is Verdict.PASS or found.outcome == "temporary"
    end = found.facts.get("to", "") or (f"https://{host}/" if found.verdict is Verdict.PASS else "")
    return (
        (Code(f"http://{host}/"),),
        (Code(value(end)),) if end else (_no_end(found),),
        (value(found.facts.get("status", ""), 10) or "not recorded",),
        ("1" if one_hop else "not recorded",),
        join(mark_of(found), prose(found.says), source.checked(found.at)),
    )


def _no_end(found: Finding) -> str:
    return "no safe address" if found.verdict is Verdict.FAIL else "not recorded"
