"""What the messages that arrived tell: `email.sender`, `email.links`."""

from __future__ import annotations

from asyncio import gather
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, skipped, unknown, warned
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.recognise.registrable import is_registrable
from launchready_tui.recognise.senders import from_domain
from launchready_tui.rules.mail.links import is_ours, is_over, main_link
from launchready_tui.rules.mail.message import Mailbox
from launchready_tui.rules.web.challenge import kept_out
from launchready_tui.rules.web.urls import host_of, scheme_of
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.vocabulary.findings import Evidence, Outcome
from launchready_tui.vocabulary.safe_text import show_host

if TYPE_CHECKING:
    from launchready_tui.world import World
    from launchready_tui.world.mail.messages import Received


def inboxes(project: Project) -> tuple[str, ...]:
    """The subjects of what looks at messages: the address of each declared inbox."""
    return tuple(dict.fromkeys(inbox.address for inbox in project.inboxes if inbox.address))


async def messages(
    subject: str, project: Project, world: World
) -> tuple[Received, ...] | Unreachable:
    """What one inbox holds of the test under way; "no-message" where there is nothing yet."""
    inbox = next(each for each in project.inboxes if each.address == subject)
    email = project.email
    found = await world.mail.received(inbox, email.test_tag, email.test_started)
    if isinstance(found, Unreachable):
        return found
    return found or Unreachable("no-message", subject)


def filed(outcome: Outcome, each: Received) -> Outcome:
    """The outcome under the message's own name: the file, or which message at which inbox."""
    return replace(outcome, subject=each.subject)


Shown = tuple[str, str, str]


@check(
    "email.sender",
    each=inboxes,
    asks="the messages that arrived: sender's name, address and reply address",
    whom=Whom.INBOXES,
    warns=("differs",),
    fails=("other-domain", "no-from"),
)
async def sender(subject: str, project: Project, world: World) -> list[Outcome]:
    """Do all messages show one sender? The one that most of them show is taken as meant."""
    # All inboxes count: one sender means one everywhere.
    all_found = await gather(*(messages(each, project, world) for each in inboxes(project)))
    found = await messages(subject, project, world)
    if isinstance(found, Unreachable):
        return [unknown(found.reason, detail=found.detail)]
    everything = [each for some in all_found if not isinstance(some, Unreachable) for each in some]
    meant = _meant(tuple(everything), project)
    return [filed(_same_sender(each, meant, project, world), each) for each in found]


def _shown(each: Received) -> Shown:
    """The sender's name, address and the address that answers go to."""
    box = next(iter(each.message.mailboxes("from")), Mailbox("", ""))
    reply = next(iter(each.message.mailboxes("reply-to")), box)
    return box.name, box.address.lower(), reply.address.lower()


def _meant(messages: tuple[Received, ...], project: Project) -> Shown:
    """What most messages show; a message from the address in the file counts first."""
    shown = Counter(map(_shown, messages))
    declared = project.email.from_.rpartition("<")[2].rstrip("> ").lower()
    return max(shown, key=lambda each: (declared != "" and each[1] == declared, shown[each]))


def _same_sender(each: Received, meant: Shown, project: Project, world: World) -> Outcome:
    mine = _shown(each)
    name, address, reply = mine
    evidence = (
        seen("Sender's name", name or "none", world),
        seen("Sender's address", address or "none", world),
        seen("Answers go to", reply or "none", world),
    )
    domain = address.rpartition("@")[2]
    if not domain:
        return failed("no-from", evidence=evidence)
    expected = from_domain(project)
    if expected and not _kin(domain, expected):
        facts = {"from": domain, "expected": expected}
        return failed("other-domain", evidence=evidence, **facts)
    if mine != meant:
        kinds = ("name", "address", "reply address")
        differing = [kind for kind, a, b in zip(kinds, mine, meant, strict=True) if a != b]
        what = " and ".join(differing)
        return warned("differs", evidence=evidence, what=what, usual=_in_words(meant))
    return passed(evidence=evidence)


def _in_words(shown: Shown) -> str:
    name, address, _ = shown
    return f"{name} <{address}>" if name else address


def _kin(one: str, other: str) -> bool:
    """Whether two names belong to one registered domain."""
    labels = one.split(".")
    above = (".".join(labels[cut:]) for cut in range(len(labels) - 1))
    own = next((name for name in above if is_registrable(name)), one)
    return f".{other}".endswith(f".{own}")


@check(
    "email.links",
    each=inboxes,
    asks="the link in each message, opened once, on your own hosts only",
    whom=Whom.INBOXES,
    warns=("rewritten",),
    fails=("expired", "not-secure", "other-host", "broken"),
    skips=("no-link",),
)
async def links(subject: str, project: Project, world: World) -> list[Outcome]:
    """Does the link that a message is about work? Nothing else in the message is fetched."""
    found = await messages(subject, project, world)
    if isinstance(found, Unreachable):
        return [unknown(found.reason, detail=found.detail)]
    outcomes = await gather(*(_link(each, project, world) for each in found))
    return [filed(outcome, each) for outcome, each in zip(outcomes, found, strict=True)]


async def _link(each: Received, project: Project, world: World) -> Outcome:
    url = main_link(each.message.links)
    if not url:
        return skipped("no-link")
    own = _own_domains(each, project)
    evidence = [seen("The link leads to", _without_token(url), world)]
    if not is_ours(url, own):
        tracked = any(is_ours(other, own) for other in each.message.links)
        name = "other-host" if tracked or not _tracks(url) else "rewritten"
        return (failed if name == "other-host" else warned)(
            name, evidence=evidence, link_host=host_of(url)
        )
    if scheme_of(url) != "https":
        return failed("not-secure", evidence=evidence, link_host=host_of(url))
    if world.mail.opens != "always" and (before := _before(each, project)):
        return before
    if world.mail.opens == "never":
        return unknown("not-opened", evidence=evidence)
    walk = await world.web.follow(url)
    which = {"message_id": message_id(each)}
    asked = {"host": show_host(host_of(url))}  # the finding is about a message: name who kept quiet
    if isinstance(walk.end, Unreachable):
        return unknown(walk.end.reason, evidence=evidence, **asked, detail=walk.end.detail)
    evidence.append(seen("It answered with status", str(walk.end.status), world))
    sent = each.message.date
    if sent is not None and sent <= world.now:
        minutes = int((world.now - sent).total_seconds() // 60)
        evidence.append(seen("Opened after", f"{minutes} minutes", world))
    if kept := kept_out(walk.end):
        return unknown(kept, evidence=evidence, **asked)
    if walk.loop or walk.end.status >= 500:
        return failed("broken", evidence=evidence, status=str(walk.end.status), **which)
    if walk.end.status >= 400 or is_over(walk.end):
        return failed("expired", evidence=evidence, status=str(walk.end.status), **which)
    return passed(evidence=evidence, **which)


def _before(each: Received, project: Project) -> Outcome | None:
    """What we saw when this very link was opened, in the test: it is opened once."""
    seen_then = project.findings.get("email.links", {}).get(each.subject)
    if seen_then is None or seen_then.facts.get("message_id") != message_id(each):
        return None
    evidence = tuple(
        Evidence(saw.label, saw.value, saw.at or seen_then.at) for saw in seen_then.evidence
    )
    return Outcome(seen_then.verdict, seen_then.outcome, seen_then.facts, evidence)


def message_id(each: Received) -> str:
    """A short name for one message, made from its Message-ID or, without one, from its bytes."""
    own = each.message.text("message-id") or each.message.raw[:65536].hex()
    return sha256(own.encode()).hexdigest()[:16]


def _own_domains(each: Received, project: Project) -> tuple[str, ...]:
    """The founder's domains; in a file without one, that of the sender."""
    declared = (project.domain, *(host.name for host in project.hosts))
    own = tuple(name for name in declared if name)
    return own or tuple(box.domain for box in each.message.mailboxes("from")[:1] if box.domain)


def _tracks(url: str) -> bool:
    """Whether an address looks like a click counter: a long code behind somebody's host."""
    return len(url.partition("://")[2].partition("/")[2]) > 40


def _without_token(url: str) -> str:
    """The address without its query and long codes: they may open an account."""
    head = url.partition("?")[0].partition("#")[0]
    parts = [part if len(part) <= 24 else "…" for part in head.split("/")]
    return "/".join(parts)
