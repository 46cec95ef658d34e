"""What the public site hands to every visitor: `secrets.bundle`. No value is kept or shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from launchready_tui.checks import check, failed, passed, unknown, warned
from launchready_tui.checks.evidence import seen
from launchready_tui.checks.web.front_pages import Front, front
from launchready_tui.checks.whom import Whom
from launchready_tui.project.model import Project
from launchready_tui.recognise.registrable import registrable
from launchready_tui.rules.secrets.leaks import Leak
from launchready_tui.rules.web.assets import is_own
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.vocabulary.findings import Evidence, Outcome
from launchready_tui.vocabulary.safe_text import clean_line, redact
from launchready_tui.vocabulary.silence import in_words

if TYPE_CHECKING:
    from launchready_tui.world import World
    from launchready_tui.world.web.front import FrontScan

SHOWN = 6  # values, files or maps that stand in the evidence


@check(
    "secrets.bundle",
    each=Project.web_hosts,
    asks="the front page, its scripts, what they load later, and their source maps",
    whom=Whom.HOSTS,
    passes=("ok", "public-keys"),
    warns=("unsure", "source-maps"),
    fails=("leak",),
    skips=("no-page",),
)
async def bundle(subject: str, project: Project, world: World) -> Outcome:
    """Does a script of the site hold a secret? Keys that are made to be public are none."""
    found = await front(subject, project, world)
    if not isinstance(found, Front):
        return found
    from launchready_tui.world.web.front import read_front  # the scanner takes a while to load

    domain = registrable(project.domain) if project.domain else ""
    hosts = {subject, *(host.name for host in project.hosts)}
    names = await world.repository.names(project.repository.path)
    read = await read_front(found.page, lambda url: is_own(url, domain, hosts), world.web, names)
    if isinstance(read, Unreachable):
        return unknown(read.reason, evidence=found.evidence, detail=read.detail)
    return _judge(read, world)


def _judge(read: FrontScan, world: World) -> Outcome:
    leaks = read.scan.open()
    sure = [leak for leak in leaks if leak.blocks]
    rest = [leak for leak in leaks if not leak.blocks and leak.rule.kind in ("secret", "test")]
    public = [leak for leak in leaks if leak.rule.kind in ("public", "restrict")]
    count = f"{read.scan.objects:,}"
    looked = (
        seen("Files read", f"{count}, {read.scan.bytes:,} bytes", world),
        *(seen("Not read", f"{url}: {in_words(why)}", world) for url, why in read.unread[:SHOWN]),
        *((seen("Left out", _elsewhere(read.elsewhere), world),) if read.elsewhere else ()),
    )
    if sure:
        return failed("leak", evidence=(*_seen(sure, world), *looked), **_facts(sure))
    if read.unread:
        url, why = read.unread[0]
        detail = _shown(f"{url}: {in_words(why)}")
        return unknown("unread", evidence=(*looked, *_seen(rest, world)), detail=detail)
    maps = tuple(seen("Source code", url, world) for url in read.maps[:SHOWN])
    if rest:
        return warned("unsure", evidence=(*_seen(rest, world), *maps, *looked), **_facts(rest))
    if maps:
        facts = {"count": str(len(read.maps)), "first": _shown(read.maps[0])}
        return warned("source-maps", evidence=(*maps, *looked), **facts)
    if public:
        kinds = ", ".join(dict.fromkeys(leak.rule.title for leak in public))
        evidence = (*looked, *_seen(public, world))
        return passed("public-keys", evidence=evidence, count=count, kinds=kinds)
    return passed(evidence=looked, count=count)


def _elsewhere(count: int) -> str:
    return f"{count} scripts of other sites" if count > 1 else "a script of another site"


def _facts(leaks: list[Leak]) -> dict[str, str]:
    first = leaks[0]
    return {"kind": first.rule.title, "where": _place(first), "count": str(len(leaks))}


def _seen(leaks: list[Leak], world: World) -> tuple[Evidence, ...]:
    """Kind, how it begins, and where: never the value."""
    return tuple(
        seen(leak.rule.title, f"{leak.preview}, {_place(leak)}", world) for leak in leaks[:SHOWN]
    )


def _place(leak: Leak) -> str:
    """The most telling of its places: a file of the source in a map, else the file as it is."""
    spot = min(leak.spots, key=lambda one: (one.where != "bundle", not one.path.endswith(")")))
    path = _shown(spot.path)
    return f"{path}, line {spot.line}" if spot.line else path


def _shown(text: str) -> str:
    """Names come from the site: an address may carry a token, and a file may have any name."""
    return clean_line(redact(text[:4000]))
