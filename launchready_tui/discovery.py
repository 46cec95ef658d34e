"""What a domain shows from outside: its hosts, who runs its DNS and pages, who sends its mail.

A first guess for a new project file, for the founder to correct. Only usual names are tried.
"""

from __future__ import annotations

from asyncio import gather
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from launchready_tui.content.checklist import Checklist, Provider, ends_with
from launchready_tui.project.model import Host, Purpose
from launchready_tui.recognise.hosting import hosting
from launchready_tui.recognise.registrable import is_registrable
from launchready_tui.recognise.senders import recognise
from launchready_tui.rules.mail import mx, spf_grammar
from launchready_tui.vocabulary.facts import Answer, DnsReply, NoSuchName, Response, Unreachable
from launchready_tui.vocabulary.safe_text import show_host
from launchready_tui.vocabulary.silence import in_words

if TYPE_CHECKING:
    from launchready_tui.world import World

PURPOSES: Mapping[str, Purpose] = {
    "www": "site",
    "shop": "site",
    "store": "site",
    "app": "app",
    "dashboard": "app",
    "portal": "app",
    "my": "app",
    "account": "app",
    "auth": "app",
    "login": "app",
    "api": "api",
    "graphql": "api",
    "admin": "admin",
    "backoffice": "admin",
    "docs": "docs",
    "help": "docs",
    "support": "docs",
    "blog": "landing",
    "status": "landing",
    "go": "landing",
    "mail": "email",
    "send": "email",
    "bounce": "email",
    "bounces": "email",
    "pm-bounces": "email",
    "mg": "email",
    "em": "email",
}
TRIED = ("www", "app", "api", "admin", "docs", "blog", "status", "help", "shop", "dashboard")
TRIED_TOO = ("portal", "auth", "support", "mail")
TEST_SITES = ("staging", "preview", "dev", "test", "beta")


@dataclass(frozen=True, slots=True)
class Discovery:
    """What we found. Providers are ids of `checklists/providers`; notes are for the founder."""

    hosts: tuple[Host, ...] = ()
    dns_provider: str = ""
    senders: tuple[str, ...] = ()
    selectors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Name:
    """One name that was tried, and what DNS says about its addresses."""

    name: str
    a: DnsReply
    aaaa: DnsReply

    @property
    def answers(self) -> tuple[Answer, ...]:
        return tuple(reply for reply in (self.a, self.aaaa) if isinstance(reply, Answer))

    @property
    def silence(self) -> Unreachable | None:
        """Why nothing is known about it; None when something is."""
        if self.answers or isinstance(self.a, NoSuchName):
            return None
        return next((each for each in (self.a, self.aaaa) if isinstance(each, Unreachable)), None)

    @property
    def place(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Where it leads: aliases and addresses."""
        addresses = sorted(address for answer in self.answers for address in answer.records)
        return (self.answers[0].chain if self.answers else (), tuple(addresses))


@dataclass(frozen=True, slots=True)
class _Mail:
    """Who sends mail, which of their selectors have keys, and what the domain's records said."""

    senders: tuple[str, ...]
    selectors: tuple[str, ...]
    replies: tuple[DnsReply, ...]


async def discover(domain: str, world: World, checklist: Checklist, *, label: str) -> Discovery:
    """Look around a domain. `label` is a random one that nobody can have: it finds wildcards."""
    tried = (*TRIED, *TRIED_TOO, *TEST_SITES)
    names = [domain, *(f"{each}.{domain}" for each in tried), f"{label}.{domain}"]
    servers, mail, found = await gather(
        world.dns.ask(domain, "NS"),
        _mail(domain, world, checklist, label),
        gather(*(_look(name, world) for name in names)),
    )
    apex, *below, random = found
    real = [each for each in below if each.answers and each.place != random.place]
    hosts = [each for each in real if not _is_test_site(each.name)]
    if random.answers:
        # www stays: where everything answers, it is what a founder means to have.
        hosts = [each for each in below if each.name == f"www.{domain}" or each in hosts]
    elif is_registrable(domain) and below[0] not in hosts:
        hosts.insert(0, below[0])
    shown = await gather(*(_host(each, world, checklist) for each in (apex, *hosts)))
    return Discovery(
        hosts=tuple(shown),
        dns_provider=_dns_provider(servers, checklist),
        senders=mail.senders,
        selectors=mail.selectors,
        notes=_notes(domain, random, real, found, (servers, *mail.replies)),
    )


def guess_purpose(name: str) -> Purpose:
    """What a host is for, by the first label of its name: "site" when that says nothing."""
    label, _, rest = name.partition(".")
    return PURPOSES.get(label, "site") if "." in rest else "site"


async def _look(name: str, world: World) -> _Name:
    return _Name(name, *await gather(world.dns.ask(name, "A"), world.dns.ask(name, "AAAA")))


async def _host(found: _Name, world: World, checklist: Checklist) -> Host:
    chain, addresses = found.place
    purpose = guess_purpose(found.name)
    page: Response | Unreachable = Unreachable("not-known")
    if found.answers and purpose != "email":
        page = await world.web.get(f"https://{found.name}/")
    at = addresses[0] if addresses else ""
    provider = hosting(checklist.providers["hosting"], page, chain, at)
    return Host(name=found.name, purpose=purpose, provider=provider)


async def _mail(domain: str, world: World, checklist: Checklist, label: str) -> _Mail:
    """Recognise senders by SPF, mail servers, return paths and keys."""
    table = {id: each for id, each in checklist.providers["senders"].items() if id != "generic"}
    labels = sorted({each.return_path_label for each in table.values()} - {""})
    selectors = sorted({name for each in table.values() for name in each.selectors})
    texts, exchanges, random, found, returns = await gather(
        world.dns.ask(domain, "TXT"),
        world.dns.ask(domain, "MX"),
        world.dns.ask(f"{label}._domainkey.{domain}", "TXT"),
        gather(*(world.dns.ask(f"{each}._domainkey.{domain}", "TXT") for each in selectors)),
        gather(*(world.dns.ask(f"{each}.{domain}", "MX") for each in labels)),
    )
    paths = dict(zip(labels, returns, strict=True))
    keys: dict[str, Answer] = {}
    if not isinstance(random, Answer):  # else it has a key for every name, and they say nothing
        replies = zip(selectors, found, strict=True)
        keys = {name: reply for name, reply in replies if isinstance(reply, Answer)}
    hosts = mx.parse(exchanges.records) if isinstance(exchanges, Answer) else ()
    known = recognise(_included(texts), (exchange.host for exchange in hosts), checklist)
    seen = {sender.id for sender in known}
    for id, provider in table.items():
        if _has_return_path(provider, paths) or _has_own_key(provider, keys):
            seen.add(id)
    senders = tuple(id for id in table if id in seen)
    used = (name for id in senders for name in table[id].selectors if name in keys)
    return _Mail(senders, tuple(dict.fromkeys(used)), (texts, exchanges))


def _included(texts: DnsReply) -> tuple[str, ...]:
    return spf_grammar.included(texts.records if isinstance(texts, Answer) else ())


def _has_return_path(provider: Provider, paths: Mapping[str, DnsReply]) -> bool:
    """Whether the usual return path of this sender leads to its servers, by alias or MX."""
    reply = paths.get(provider.return_path_label)
    if reply is None or isinstance(reply, Unreachable):
        return False
    servers = (record.split()[-1] for record in getattr(reply, "records", ()))
    return any(ends_with(name, provider.return_path) for name in (*reply.chain, *servers))


def _has_own_key(provider: Provider, keys: Mapping[str, Answer]) -> bool:
    """Whether there is a key under a name that every user of this sender has.

    Where the key is reached by an alias, it has to lead to the sender's own servers.
    """
    if not provider.selectors_certain:
        return False
    chains = [keys[name].chain for name in provider.selectors if name in keys]
    own = provider.return_path
    return any(not chain or not own or ends_with(chain[-1], own) for chain in chains)


def _dns_provider(servers: DnsReply, checklist: Checklist) -> str:
    if not isinstance(servers, Answer):
        return ""
    table = checklist.providers["dns"]
    return next(
        (
            id
            for id, provider in table.items()
            if any(ends_with(server, provider.ns) for server in servers.records)
        ),
        "",
    )


def _is_test_site(name: str) -> bool:
    return name.partition(".")[0] in TEST_SITES


def _notes(
    domain: str,
    random: _Name,
    real: Iterable[_Name],
    tried: Iterable[_Name],
    replies: Iterable[DnsReply],
) -> tuple[str, ...]:
    notes = []
    if random.answers:
        notes.append(
            f"Every name below {show_host(domain)} has an address. "
            "So we can't tell which hosts you use. Add those that we left out."
        )
    notes += [
        f"We also saw {show_host(each.name)}. It looks like a test site, so we left it out."
        for each in real
        if _is_test_site(each.name)
    ]
    silences = [each.silence for each in tried]
    silences += [reply for reply in replies if isinstance(reply, Unreachable)]
    reasons = [each.reason for each in silences if each is not None]
    if reasons:
        why = in_words(reasons[0])
        notes.append(
            f"{len(reasons)} of our questions got no answer: {why}. "
            "So something may be missing in this list. Look again later."
        )
    return tuple(notes)
