"""Whether a message that arrived is proved to be the founder's: `email.alignment`."""

from __future__ import annotations

from asyncio import gather
from dataclasses import dataclass
from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, unknown, warned
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.mail.received import filed, inboxes, messages
from launchready_tui.checks.mail.sending_service import Through, sent_through
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.rules.mail.alignment import Alignment, Proof, align, claimed
from launchready_tui.rules.mail.authentication_results import border_address, border_server, trusted
from launchready_tui.rules.mail.signatures import Signature, verify
from launchready_tui.rules.mail.spf_check import Judged, check_host
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.vocabulary.findings import Evidence, Outcome
from launchready_tui.vocabulary.safe_text import show_host

if TYPE_CHECKING:
    from launchready_tui.world import World
    from launchready_tui.world.mail.messages import Received

SIGNED = {
    "holds": "the signature holds",
    "changed": "the signature does not fit the message",
    "no-key": "there is no such key in DNS",
    "bad-key": "the key in DNS is of no use",
    "sha1": "signed in a way that no longer counts (SHA-1)",
    "expired": "the signature's own time is over",
    "unreadable": "the signature can't be read",
    "unanswered": "nobody answered about its key",
    "cut": "the message is too long for us to check",
}


@check(
    "email.alignment",
    each=inboxes,
    asks="the messages that arrived, and DNS for the keys that signed them",
    whom=Whom.INBOXES,
    warns=("no-own-spf", "no-own-dkim", "partly-signed"),
    fails=("none", "several-from", "no-from"),
)
async def alignment(subject: str, project: Project, world: World) -> list[Outcome]:
    """Was each message proved to come from the name that people see? RFC 9989 4.4."""
    found = await messages(subject, project, world)
    if isinstance(found, Unreachable):
        return [unknown(found.reason, detail=found.detail)]
    outcomes = await gather(*(_aligned(each, project, world) for each in found))
    return [filed(outcome, each) for outcome, each in zip(outcomes, found, strict=True)]


@dataclass(frozen=True, slots=True)
class Look:
    """What we saw of one message. `spf` is None when we can't tell which server handed it over;
    `word` is what the inbox's own provider said."""

    signatures: tuple[Signature, ...]
    spf: Judged | None
    word: tuple[Proof, ...]
    through: Through

    @property
    def dkim(self) -> str:
        """Our own result in the words of RFC 8601 2.7.1; "" where we can't tell."""
        if any(one.verdict == "holds" for one in self.signatures):
            return "pass"
        if not self.signatures:
            return "none"
        return "" if any(one.doubtful for one in self.signatures) else "fail"

    @property
    def facts(self) -> dict[str, str]:
        """The facts for the words of a finding; empty ones are left out."""
        facts = {
            **self.through.facts,
            "dkim": self.dkim,
            "spf": self.spf.result if self.spf else "",
        }
        return {name: value for name, value in facts.items() if value}


async def _aligned(each: Received, project: Project, world: World) -> Outcome:
    domains = {box.domain for box in each.message.mailboxes("from") if box.domain}
    if len(domains) != 1:
        shown = seen("From", "; ".join(each.message.values("from")[:4]) or "none", world)
        return failed("several-from" if domains else "no-from", evidence=(shown,))
    [domain] = domains
    signatures, spf = await gather(
        verify(each.message, world.dns.ask, world.now), _spf(each, world)
    )
    word = claimed(trusted(each.message, each.provider, each.own))
    own = [Proof("dkim", one.domain) for one in signatures if one.verdict == "holds"]
    own += [Proof("spf", _bounces_to(each))] if spf is not None and spf.result == "pass" else []
    proofs, declared = (*word, *own), project.email.providers
    found, through = await gather(
        align(domain, proofs, world.dns.ask),
        sent_through(each, proofs, signatures, declared, world),
    )
    look = Look(signatures, spf, word, through)
    return _judge(domain, found, look, _evidence(each, look, world))


def _judge(domain: str, found: Alignment, look: Look, evidence: tuple[Evidence, ...]) -> Outcome:
    """Both fit, one, or none; and where something kept us from looking, that comes first."""
    facts = {"from": domain, **look.facts}
    proved = {**facts, "dmarc": "pass"}  # one of the two is enough for DMARC (RFC 9989 5.3.5)
    if found.dkim and found.spf:
        signed = [one for one in look.signatures if one.domain == found.dkim.domain]
        if any(one.length_tag for one in signed):
            return warned("partly-signed", evidence=evidence, **proved)
        return passed(evidence=evidence, **proved)
    asked = {**facts, "host": show_host(domain)}  # the finding is about a message, DNS is not
    silence = found.doubt or next((one.silence for one in look.signatures if one.silence), None)
    if silence is not None:
        return unknown(silence.reason, evidence=evidence, **asked, detail=silence.detail)
    if look.spf is not None and look.spf.result == "temperror":
        return unknown("servfail", evidence=evidence, **asked, detail=look.spf.detail)
    doubtful = any(one.doubtful for one in look.signatures)
    if doubtful or (look.spf is None and not look.word):
        return unknown("not-known", evidence=evidence, **facts)
    if found.dkim or found.spf:
        lacking = "no-own-spf" if found.dkim else "no-own-dkim"
        return warned(lacking, evidence=evidence, **proved)
    return failed("none", evidence=evidence, **facts, dmarc="fail")


async def _spf(each: Received, world: World) -> Judged | None:
    """What SPF says of the server that handed the message over; None when we can't tell which."""
    address, bounces = border_address(each.message, each.provider, each.own), _bounces_to(each)
    if not address or not bounces:
        return None
    try:
        return await check_host(address, f"bounce@{bounces}", bounces, world.dns.ask)
    except ValueError:
        return None


def _bounces_to(each: Received) -> str:
    """The domain of the return path, as the inbox's provider noted it (RFC 5321 4.4)."""
    return next((box.domain for box in each.message.mailboxes("return-path")), "")


def _evidence(each: Received, look: Look, world: World) -> tuple[Evidence, ...]:
    lines = [("From", "; ".join(each.message.values("from")[:2]))]
    lines += [("Sent through", look.through.shown)] if look.through.shown else []
    lines += [("Handed over by", server)] if (server := _server(each)) else []
    lines += [(f"Signed by {one.domain}, key {one.selector}", SIGNED[one.verdict])
              for one in look.signatures]  # fmt: skip
    if not look.signatures:
        lines.append(("Signatures", "none"))
    if look.spf is not None:
        lines.append((f"SPF at {_bounces_to(each)}", _may_send(look.spf)))
    if look.word:
        proved = ", ".join(f"{one.method} for {one.domain}" for one in look.word)
        lines.append(("The inbox's own word", proved))
    return tuple(seen(label, value, world) for label, value in lines)


def _server(each: Received) -> str:
    """The server that handed the message to the inbox: its address, and its name where told."""
    address = border_address(each.message, each.provider, each.own)
    name = border_server(each.message, each.provider, each.own)
    return f"{address} ({name})" if address and name else address or name


def _may_send(spf: Judged) -> str:
    """What SPF says of that server, and the part of the record that says it."""
    return f"{spf.result}, by {spf.term} of {spf.domain}" if spf.term else spf.result
