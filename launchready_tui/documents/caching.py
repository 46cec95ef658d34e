"""09: what browsers and the edge may keep, for each kind of route, and what never."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from launchready_tui.content import items
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
from launchready_tui.documents.source import Source, mark_of_recorded
from launchready_tui.documents.tables import answers, join
from launchready_tui.project.model import RecordedFinding, Route
from launchready_tui.rules.web.cache_policy import KIND_OF, POLICIES, Kind

ID = "09-caching-policy"
PURPOSE = "This policy says what may be stored, where and for how long, for each kind of page."


@dataclass(frozen=True, slots=True)
class Words:
    """A founder's words for one kind of the policy; its numbers are those that the audit uses."""

    kind: str
    browser: str
    edge: str
    never: str
    purge: str


WORDS: Mapping[Kind, Words] = {
    "page": Words(
        "Public marketing pages",
        "Asks again each time, or after 10 minutes at most.",
        "10 minutes. A day at most.",
        "A page that shows a name or a cart.",
        "When the page is published.",
    ),
    "private": Words(
        "Signed-in app pages",
        "Nothing.",
        "Nothing.",
        "All of them.",
        "Never needed.",
    ),
    "api": Words(
        "API reads",
        "Nothing, or asks again each time. At most 60 seconds.",
        "At most 60 seconds, public lists only.",
        "Anything with a price in a cart, stock, or a person in it.",
        "When the data behind it changes.",
    ),
    "upload": Words(
        "File uploads",
        "One year, when the name changes with the content. Else a day.",
        "One year, for public files only.",
        "Private files. Hand them out by links that run out.",
        "When a file is deleted.",
    ),
}


def write(source: Source) -> tuple[Block, ...]:
    """The policy, the product's own routes beside it, and what people told us."""
    return (
        Heading("The policy"),
        Table(
            ("Kind", "Browser keeps it", "Edge keeps it", "Never stored", "Purge"),
            (3, 3, 3, 4, 3),
            tuple(
                (
                    (Strong(words.kind),),
                    (words.browser,),
                    (words.edge,),
                    (words.never,),
                    (words.purge,),
                )
                for words in WORDS.values()
            ),
        ),
        Paragraph(
            (
                "Images, styles and scripts whose name changes with each version may be kept "
                "for a year.",
            )
        ),
        Callout(
            (
                "When in doubt, store nothing. A slow page annoys one person. "
                "A stored private page shows one customer's data to the next.",
            ),
            "soon",
        ),
        Heading("The header for each kind"),
        Table(
            ("Kind", "Cache-Control"),
            (1, 3),
            tuple(((words.kind,), (Code(POLICIES[kind].header),)) for kind, words in WORDS.items()),
        ),
        Heading("Your routes"),
        *_routes(source),
        Heading("What we know so far"),
        answers(
            source,
            (
                items.STATIC_FILES,
                items.SIGNED_IN_PAGES,
                items.IMAGES_AND_TEXT,
                items.CACHE_RULES,
                items.PRIVATE_PAGES,
                items.STALE_PAGES,
            ),
        ),
    )


def _routes(source: Source) -> tuple[Block, ...]:
    routes = source.project.routes
    if not routes:
        return (
            Missing(
                "No routes are listed yet, so the policy has nothing to stand beside.",
                source.where(items.CACHE_RULES, "List them"),
            ),
        )
    measured = source.raw("cache.routes")
    return (
        Table(
            ("Route", "Kind", "What its header must say", "What we saw"),
            (5, 3, 4, 4),
            tuple(_route(source, route, measured) for route in routes),
        ),
    )


def _route(
    source: Source, route: Route, measured: Mapping[str, RecordedFinding]
) -> tuple[Line, ...]:
    kind = KIND_OF[route.kind]
    found = measured.get(route.url)
    saw: Line = ("not looked at yet",)
    if found is not None:
        header = found.facts.get("header", "")
        shown = (Code(value(header)),) if header else ()
        saw = join(mark_of_recorded(found), *shown, source.checked(found.at))
    return (
        (Code(value(route.url, 160)),),
        (WORDS[kind].kind,),
        (Code(POLICIES[kind].header),),
        saw,
    )
