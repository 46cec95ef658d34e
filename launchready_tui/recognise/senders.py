"""Who sends the product's mail: declared in the file, or recognised; and whether anybody does."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from launchready_tui.content.checklist import Checklist, Provider, ends_with
from launchready_tui.project.model import Project
from launchready_tui.rules.mail import dmarc, mx, spf_grammar
from launchready_tui.vocabulary.facts import Answer
from launchready_tui.vocabulary.safe_text import BadHost, host_name

if TYPE_CHECKING:
    from launchready_tui.world import World


@dataclass(frozen=True, slots=True)
class Sender:
    """A service that sends for the product: its id in `checklists/providers/senders.toml`."""

    id: str
    provider: Provider

    @property
    def name(self) -> str:
        """The service's name as people write it."""
        return self.provider.name


def from_domain(project: Project) -> str:
    """The domain in the From address as an A-label; as it stands in the file if it is no name."""
    return _name(project.from_domain())


def from_domains(project: Project) -> tuple[str, ...]:
    """The subjects of a check that looks at the From domain: none in a file without a domain."""
    domain = from_domain(project)
    return (domain,) if domain else ()


def return_path(project: Project) -> str:
    """The full name of the declared return path; a label alone is below the From domain."""
    given = project.email.return_path.rpartition("@")[2].strip().rstrip(".")
    if not given:
        return ""
    return _name(given if "." in given else f"{given}.{from_domain(project)}")


def _name(text: str) -> str:
    try:
        return host_name(text)
    except BadHost:
        return text.strip().rstrip(".").lower()


async def senders(project: Project, world: World) -> tuple[Sender, ...]:
    """The services in the file; where it names none, those that DNS gives away.

    An include in the From domain's own SPF record shows a sender, and so does a mail server that
    only one of them runs. An include that several share (amazonses.com) shows nobody.
    """
    if project.email.providers:
        return by_id(project.email.providers, world.content)
    domain = from_domain(project)
    texts, servers = await gather(world.dns.ask(domain, "TXT"), world.dns.ask(domain, "MX"))
    records = texts.records if isinstance(texts, Answer) else ()
    hosts = mx.parse(servers.records) if isinstance(servers, Answer) else ()
    includes = spf_grammar.included(records)
    return recognise(includes, (exchange.host for exchange in hosts), world.content)


def by_id(ids: Iterable[str], content: Checklist) -> tuple[Sender, ...]:
    """The senders of these ids, in their order. Ids that nobody knows are left out."""
    known = {sender.id: sender for sender in _known(content)}
    return tuple(known[id] for id in ids if id in known)


def recognise(
    includes: Iterable[str], mail_servers: Iterable[str], content: Checklist
) -> tuple[Sender, ...]:
    """The senders that these SPF includes and mail servers belong to, and to nobody else."""
    known = _known(content)
    found: dict[str, Sender] = {}
    for include in includes:
        owners = [
            sender
            for sender in known
            if include in (*sender.provider.spf, *sender.provider.spf_known)
        ]
        if len(owners) == 1:
            found[owners[0].id] = owners[0]
    for host in mail_servers:
        for sender in known:
            if ends_with(host, sender.provider.mx):
                found[sender.id] = sender
    return tuple(sender for sender in known if sender.id in found)


def owners_of(domain: str, content: Checklist) -> tuple[Sender, ...]:
    """The senders that a name belongs to, by what they let their customers point to.

    It serves names in reports and messages: a signer, a bounce address, a server's own name.
    Several for a name that one of them uses of another (amazonses.com).
    """
    found = []
    for sender in _known(content):
        facts = sender.provider
        names = (*facts.spf, *facts.spf_known, *facts.return_path, *facts.mx)
        if ends_with(domain, (_without_underscores(name) for name in names)):
            found.append(sender)
    return tuple(found)


def bounce_owners(domain: str, content: Checklist) -> tuple[Sender, ...]:
    """The senders whose own return path this is: what they take bounces at tells who sent.

    A mail server does not: that of a mailbox takes bounces of other services too.
    """
    known = _known(content)
    return tuple(sender for sender in known if ends_with(domain, sender.provider.return_path))


def named(senders: Iterable[Sender]) -> str:
    """One of these senders, we can't tell which: "Resend or Amazon SES"; "" for none."""
    return " or ".join(sender.name for sender in senders)


def _without_underscores(name: str) -> str:
    """`_spf.google.com` and `spf.mtasv.net` lie at the sender's own domain: that is what counts."""
    labels = name.split(".")
    service = labels[0].startswith("_") or labels[0] in ("spf", "mail", "inbound")
    return ".".join(labels[1:]) if service and len(labels) > 2 else name


def _known(content: Checklist) -> tuple[Sender, ...]:
    table = content.providers["senders"]
    return tuple(Sender(id, provider) for id, provider in table.items() if id != "generic")


async def sends_no_mail(project: Project, world: World) -> bool:
    """Whether the domain says that it sends no mail (RFC 7208 10.1.2, RFC 7505 4.2).

    True when the file says so; or when it names no From address and no sender, and the records
    say it: SPF of `-all` alone, DMARC that rejects, and a null MX.
    """
    email = project.email
    if not email.sends:
        return True
    if email.from_ or email.providers or email.selectors:
        return False
    domain = from_domain(project)
    texts, servers, walk = await gather(
        world.dns.ask(domain, "TXT"),
        world.dns.ask(domain, "MX"),
        dmarc.discover(domain, world.dns.ask),
    )
    records = [
        spf_grammar.parse(text)
        for text in (texts.records if isinstance(texts, Answer) else ())
        if spf_grammar.is_spf(text)
    ]
    closed = len(records) == 1 and [term.text for term in records[0].terms] == ["-all"]
    hosts = mx.parse(servers.records) if isinstance(servers, Answer) else ()
    refuses = [exchange.host for exchange in hosts] == [""]
    return closed and refuses and walk.policy == "reject"
