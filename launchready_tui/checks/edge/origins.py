"""The way past the edge: does the server behind it show the site to whoever knows its address?

Its address comes from Cloudflare's own records, or from names of the product that are not behind
the edge. No address is guessed.
"""

from __future__ import annotations

from asyncio import gather
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

from launchready_tui.checks.edge.cloudflare_zone import WEB_TYPES, records_of
from launchready_tui.checks.evidence import seen
from launchready_tui.project.model import Project
from launchready_tui.rules.dns.addresses import is_public
from launchready_tui.rules.edge.cloudflare import ZoneRecord
from launchready_tui.rules.edge.detection import at_cloudflare, edge_of, same_site
from launchready_tui.rules.web.challenge import kept_out
from launchready_tui.vocabulary.facts import Answer, Response, Unreachable
from launchready_tui.vocabulary.findings import Evidence
from launchready_tui.vocabulary.silence import in_words

if TYPE_CHECKING:
    from launchready_tui.world import World

ASKED = 4  # addresses that are tried for one host


@dataclass(frozen=True, slots=True)
class BackDoor:
    """What we found behind the edge. `open_at` is the address that shows the site, if one does.

    `doubt`: some server answered with a page of its own, which only the front page could judge.
    """

    open_at: str = ""
    doubt: bool = False
    evidence: tuple[Evidence, ...] = ()


async def back_door(
    host: str, front: Response, project: Project, records: Sequence[ZoneRecord], world: World
) -> BackDoor:
    """Ask the addresses behind the edge for the front page of this host."""
    found = _behind(host, records) if records else await _beside(project, world)
    addresses = [each for each in dict.fromkeys(found) if each != front.address][:ASKED]
    replies = await gather(*(_ask(host, address, world) for address in addresses))
    evidence, open_at, doubt = [], "", False
    for address, reply in zip(addresses, replies, strict=True):
        own = isinstance(reply, Response) and not kept_out(reply) and not edge_of(reply)
        same = isinstance(reply, Response) and own and same_site(front, reply)
        shown = in_words(reply.reason) if isinstance(reply, Unreachable) else str(reply.status)
        place = address if same else "the server behind it"
        evidence.append(seen(f"Asked {place} past the edge", shown, world))
        open_at = open_at or (address if same else "")
        doubt = doubt or (isinstance(reply, Response) and own and reply.status < 300)
    return BackDoor(open_at, doubt, tuple(evidence))


async def _ask(host: str, address: str, world: World) -> Response | Unreachable:
    """The front page at this address: by https, or by http where https is closed."""
    safe = await world.web.get(f"https://{host}/", address=address)
    if isinstance(safe, Response):
        return safe
    return await world.web.get(f"http://{host}/", address=address)


def _behind(host: str, records: Sequence[ZoneRecord]) -> list[str]:
    """Where Cloudflare's records lead: those of the host first, then grey ones of the zone."""
    own = [record for record in records_of(host, records) if record.proxied]
    named = {record.content for record in own if record.type == "CNAME"}
    alias = [record for record in records if record.name in named]
    grey = [record for record in records if not record.proxied]
    return _addresses(
        record.content
        for record in (*own, *alias, *grey)
        if record.type in WEB_TYPES and record.type != "CNAME"
    )


async def _beside(project: Project, world: World) -> list[str]:
    """Addresses of the product's other names: its declared hosts, and mail servers of its own.

    Those that an edge answers for are left out, and so are names that lead to somebody else.
    """
    mail = await world.dns.ask(project.domain, "MX")
    servers = [each.split()[-1].rstrip(".") for each in _records(mail)]
    names = dict.fromkeys((*(host.name for host in project.hosts), *servers))
    ours = [name for name in names if _is_ours(name, project)]
    web = set(project.web_hosts())
    replies = await gather(*(world.dns.ask(name, "A") for name in ours))
    fronts = await gather(*(_front(name, world) if name in web else _none() for name in ours))
    return _addresses(
        address
        for reply, front in zip(replies, fronts, strict=True)
        if isinstance(reply, Answer) and all(_is_ours(name, project) for name in reply.chain)
        if not (isinstance(front, Response) and edge_of(front))
        for address in reply.records
    )


async def _front(host: str, world: World) -> Response | Unreachable:
    return await world.web.get(f"https://{host}/")


async def _none() -> None:
    return None


def _records(reply: object) -> tuple[str, ...]:
    return reply.records if isinstance(reply, Answer) else ()


def _is_ours(name: str, project: Project) -> bool:
    return f".{name.rstrip('.')}".endswith(f".{project.domain}")


def _addresses(texts: Iterable[str]) -> list[str]:
    """Those that are public addresses and not the edge's own, as they are usually written."""
    found = []
    for text in texts:
        try:
            address = str(ip_address(text))
        except ValueError:
            continue
        if is_public(address) and not at_cloudflare(address):
            found.append(address)
    return found
