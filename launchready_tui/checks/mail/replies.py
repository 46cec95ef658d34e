"""Whether people who answer the product's mail reach somebody: `email.reply-path`."""

from __future__ import annotations

import re
from asyncio import gather
from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, skipped, unknown, warned
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.recognise.senders import sends_no_mail
from launchready_tui.rules.mail.message import mailboxes
from launchready_tui.rules.mail.mx import route
from launchready_tui.vocabulary.findings import Outcome

if TYPE_CHECKING:
    from launchready_tui.world import World

_NO_ANSWER = re.compile(r"(?:do[-_.]?)?no(?:t)?[-_.]?reply\b", re.IGNORECASE)


def _addresses(project: Project) -> tuple[str, ...]:
    """Where answers go: the reply address; the From address where there is none."""
    texts = (project.email.reply_to or project.email.from_,)
    found = (box.address.lower() for text in texts for box in mailboxes(text) if box.domain)
    return tuple(dict.fromkeys(found))


@check(
    "email.reply-path",
    each=_addresses,
    asks="DNS for the mail servers behind the address that answers go to",
    whom=Whom.NAME_SERVERS,
    warns=("implicit-mx",),
    fails=("no-mail-there", "dead", "noreply"),
    skips=("no-mail",),
)
async def reply_path(subject: str, project: Project, world: World) -> Outcome:
    """Does an answer to the product's mail reach a server? RFC 5321 5, RFC 7505."""
    [box] = mailboxes(subject)
    quiet, found = await gather(sends_no_mail(project, world), route(box.domain, world.dns.ask))
    if quiet:
        return skipped("no-mail")
    servers = ", ".join(each.host or "." for each in found.exchanges[:8])
    evidence = (
        ()
        if found.unanswered and not servers
        else (seen(f"Mail servers of {box.domain}", servers or "none", world),)
    )
    facts = {"at": box.domain}
    for name, _ in found.faults:
        refuses = name in ("null-mx", "null-mx-mixed")
        return failed("no-mail-there" if refuses else "dead", evidence=evidence, **facts)
    for name, silence in found.unanswered:
        asked = seen("No answer about", name, world)
        return unknown(silence.reason, evidence=(*evidence, asked), detail=name)
    if _NO_ANSWER.match(subject.partition("@")[0]):
        return failed("noreply", evidence=evidence, **facts)
    if any(name == "implicit-mx" for name, _ in found.warnings):
        return warned("implicit-mx", evidence=evidence, **facts)
    return passed(evidence=evidence, **facts)
