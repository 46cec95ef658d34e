"""Whether visitors over IPv6 get the same site: `dns.ipv6`."""

from __future__ import annotations

from asyncio import gather
from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, unknown, warned
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.recognise.hosting import hosting
from launchready_tui.rules.dns.dual_stack import Face, difference, face, wrong_certificate
from launchready_tui.rules.web.challenge import kept_out
from launchready_tui.vocabulary.facts import Answer, Response, Unreachable
from launchready_tui.vocabulary.findings import Evidence, Outcome
from launchready_tui.vocabulary.silence import in_words

if TYPE_CHECKING:
    from launchready_tui.world import World

SHOWN = 4  # addresses of each family in the evidence
LOOKED_AT = 2  # IPv6 addresses whose page is fetched: the site is somebody's, and small


@check(
    "dns.ipv6",
    each=Project.web_hosts,
    asks="DNS for the addresses, then a handshake and the front page over IPv4 and over IPv6",
    whom=Whom.NAME_SERVERS,
    passes=("ok", "none"),
    warns=("other-provider", "other-page"),
    fails=("refused", "wrong-certificate", "broken-page"),
)
async def ipv6(subject: str, project: Project, world: World) -> Outcome:
    """Does the host's IPv6 address lead to the same site as its IPv4 one? RFC 8305 prefers it."""
    a, aaaa = await gather(world.dns.ask(subject, "A"), world.dns.ask(subject, "AAAA"))
    if isinstance(aaaa, Unreachable):
        return unknown(aaaa.reason, detail=aaaa.detail)
    if not isinstance(aaaa, Answer):
        return passed("none")
    four = a.records if isinstance(a, Answer) else ()
    evidence = tuple(
        seen(label, ", ".join(found[:SHOWN]), world)
        for label, found in (("IPv4 addresses", four), ("IPv6 addresses", aaaa.records))
        if found
    )
    url = f"https://{subject}/"
    handshakes, pages = await gather(
        world.tls.handshakes(subject),
        gather(
            world.web.get(url),  # as `http.reachable` sees it: IPv4 comes first
            *(world.web.get(url, address=each) for each in aaaa.records[:LOOKED_AT]),
        ),
    )
    over_v4 = [each for each in handshakes if each.address in four]
    over_v6 = [each for each in handshakes if each.address in aaaa.records]
    if wrong := wrong_certificate(over_v4, over_v6):
        shown = seen("Certificate over IPv6", f"for {', '.join(wrong.leaf.names[:5])}", world)
        return failed(
            "wrong-certificate",
            evidence=(*evidence, shown),
            names=", ".join(wrong.leaf.names[:3]) or "no name at all",
        )
    if not over_v6:  # no handshake at all, or more IPv4 addresses than we try
        silent = (each.result for each in handshakes if isinstance(each.result, Unreachable))
        return unknown(next((each.reason for each in silent), "not-known"), evidence=evidence)
    silences = [(each.address, each.result) for each in over_v6
                if isinstance(each.result, Unreachable)]  # fmt: skip
    if silences:
        address, silence = min(silences, key=lambda each: each[1].reason != "refused")
        return await _silent(address, silence, project, world, evidence)
    usual = pages[0]
    if isinstance(usual, Response) and usual.address not in (each.address for each in over_v4):
        return passed(evidence=evidence)  # IPv6 alone shows it: nothing to compare with
    return _compare(pages, world, evidence)


async def _silent(
    address: str,
    silence: Unreachable,
    project: Project,
    world: World,
    evidence: tuple[Evidence, ...],
) -> Outcome:
    """No handshake over IPv6: "refused" counts only where some other address or host answers."""
    evidence = (*evidence, seen(f"Asked {address}", in_words(silence.reason), world))
    if silence.reason == "refused" and await _another_answers(project, world):
        return failed("refused", evidence=evidence, address=address)
    return unknown(silence.reason, evidence=evidence, detail=silence.detail)


async def _another_answers(project: Project, world: World) -> bool:
    pages = await gather(*(world.web.get(f"https://{host}/") for host in project.web_hosts()))
    return any(isinstance(page, Response) for page in pages)


def _compare(
    pages: list[Response | Unreachable], world: World, evidence: tuple[Evidence, ...]
) -> Outcome:
    """The front page as everybody sees it, then as it is at single IPv6 addresses."""
    faces: list[Face] = []
    for page in pages:
        if isinstance(page, Unreachable):
            return unknown(page.reason, evidence=evidence, detail=page.detail)
        if kept := kept_out(page):
            return unknown(kept, evidence=evidence)
        platform = hosting(world.content.providers["hosting"], page, (), page.address)
        faces.append(face(page, platform))
        shown = f"{page.status}, {faces[-1].title or faces[-1].leads_to or 'no title'}"
        evidence = (*evidence, seen(f"Page at {page.address}", shown, world))
    differences = [difference(faces[0], other) for other in faces[1:]]
    if "broken-page" in differences:
        broken = faces[1 + differences.index("broken-page")]
        return failed("broken-page", evidence=evidence, status=str(broken.status))
    for found in differences:
        if found:
            return warned(found, evidence=evidence)
    return passed(evidence=evidence)
