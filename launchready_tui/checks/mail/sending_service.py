"""Which service sent a message: by who signed it, where it bounces to, and who handed it over.

Only what was proved counts, and the line with which the inbox took the message in. What stands
below that line came with the message, and anybody could have written it.
"""

from __future__ import annotations

from asyncio import gather
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from launchready_tui.content.checklist import Checklist
from launchready_tui.recognise.senders import Sender, bounce_owners, by_id, named, owners_of
from launchready_tui.rules.mail import mx
from launchready_tui.rules.mail.authentication_results import border_server
from launchready_tui.vocabulary.facts import Answer, DnsReply, NoData, NoSuchName

if TYPE_CHECKING:
    from launchready_tui.rules.mail.alignment import Proof
    from launchready_tui.rules.mail.signatures import Signature
    from launchready_tui.world import World
    from launchready_tui.world.mail.messages import Received

UNKNOWN = "generic"  # steps that fit any sender: better than those of a service that is not it
LOOKED_AT = 5  # signers and return paths of one message


@dataclass(frozen=True, slots=True)
class Through:
    """The service that sent a message, and how we know: several where a clue fits more than one."""

    senders: tuple[Sender, ...] = ()
    clue: str = ""

    @property
    def shown(self) -> str:
        """ "Postmark, which takes the bounces at pm.mtasv.net"; "" when nothing names it."""
        return f"{named(self.senders)}, {self.clue}" if self.senders else ""

    @property
    def facts(self) -> dict[str, str]:
        """The service whose steps fit: none of the founder's others, where it is not known."""
        if len(self.senders) == 1:
            return {"provider": self.senders[0].name, "provider_id": self.senders[0].id}
        return {"provider": named(self.senders), "provider_id": UNKNOWN}


async def sent_through(
    each: Received,
    proofs: Iterable[Proof],
    signatures: Iterable[Signature],
    declared: tuple[str, ...],
    world: World,
) -> Through:
    """The service behind a message. `declared` are the ids of those in the file: of several
    that share a name, the declared one is meant."""
    proved = tuple(dict.fromkeys(proofs))
    signers = [one.domain for one in proved if one.method == "dkim"][:LOOKED_AT]
    paths = [one.domain for one in proved if one.method == "spf"][:LOOKED_AT]
    held = [one for one in signatures if one.verdict == "holds"][:LOOKED_AT]
    # Other questions of an audit have asked these already, but for the MX.
    keys, texts, servers = await gather(
        gather(*(world.dns.ask(f"{one.selector}._domainkey.{one.domain}", "TXT") for one in held)),
        gather(*(world.dns.ask(name, "TXT") for name in paths)),
        gather(*(world.dns.ask(name, "MX") for name in paths)),
    )
    bounces = [*paths, *(name for reply in texts for name in _chain(reply)),
               *(name for reply in servers for name in _hosts(reply))]  # fmt: skip
    server = border_server(each.message, each.provider, each.own)
    content = world.content
    clues = (
        *((owners_of(name, content), f"which signed it as {name}") for name in signers),
        *((owners_of(name, content), f"which keeps the key at {name}")
          for reply in keys for name in _chain(reply)),
        *((bounce_owners(name, content), f"which takes the bounces at {name}") for name in bounces),
        *((_of_selector(one.selector, declared, content), f"whose key is called {one.selector}")
          for one in held),
        (owners_of(server, content), f"going by the server {server}"),
    )  # fmt: skip
    for owners, clue in clues:
        if owners:
            return Through(_meant(owners, declared), clue)
    return Through()


def _of_selector(
    selector: str, declared: tuple[str, ...], content: Checklist
) -> tuple[Sender, ...]:
    """The declared sender that calls its key so. The name alone proves nothing: all may use it."""
    named_so = [each for each in by_id(declared, content) if selector in each.provider.selectors]
    return tuple(named_so) if len(named_so) == 1 else ()


def _meant(owners: tuple[Sender, ...], declared: tuple[str, ...]) -> tuple[Sender, ...]:
    """Of the services that share a name, those that the file names; all where it names none."""
    return tuple(owner for owner in owners if owner.id in declared) or owners


def _chain(reply: DnsReply) -> tuple[str, ...]:
    return reply.chain if isinstance(reply, Answer | NoData | NoSuchName) else ()


def _hosts(reply: DnsReply) -> tuple[str, ...]:
    found = mx.parse(reply.records) if isinstance(reply, Answer) else ()
    return tuple(exchange.host for exchange in found[:LOOKED_AT])
