"""How we judge: the page about one check, to read. Sources that are web pages can be opened."""

from __future__ import annotations

from collections.abc import Iterator

from launchready_tui.content import check_pages
from launchready_tui.content.check_pages import Passage, Section
from launchready_tui.tui.messages import LinkOpened
from launchready_tui.tui.screens.one_page import OnePage
from launchready_tui.tui.state import State
from launchready_tui.tui.widgets.bars import Key
from launchready_tui.tui.widgets.look import glyph
from launchready_tui.tui.widgets.page import Page
from launchready_tui.tui.widgets.typeset import EMPTY, QUIET, Row, coded, joined, styled
from launchready_tui.verdict.readiness import State as Standing

_SIGNS = {
    "Pass": Standing.OK,
    "Warn": Standing.SOON,
    "Fail": Standing.TODAY,
    "Skipped": Standing.SKIPPED,
}


class CheckPageScreen(OnePage):
    """Shows the page of `check` over the screen that asked for it; escape leads back there.

    Raises `KeyError` for a check without a page.
    """

    def __init__(self, state: State, check: str) -> None:
        super().__init__(state)
        self.page = check_pages.read(check, state.checklist.pages)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(Page).point_at("")  # there is text to read before any link

    def rows(self) -> Iterator[Row]:
        page = self.page
        yield Row(joined(styled(page.title, "bold"), "  ", styled(page.check, QUIET)))
        yield Row(styled("How we judge this, and where we may be wrong.", QUIET))
        for passage in page.intro:
            yield Row(coded(passage.text), gap=1)
        for place, section in enumerate(page.sections):
            yield from _section(section, place)

    def keys(self) -> tuple[Key, ...]:
        return (
            Key("esc", "back", "screen.back"),
            Key("r", "check again", "screen.check"),
            Key("?", "help", "screen.go('help')"),
        )

    def on_page_chosen(self, event: Page.Chosen) -> None:
        kind, _, where = event.key.partition(":")
        if kind == "link":
            section, passage = map(int, where.split("."))
            self.post_message(LinkOpened(self.page.sections[section].passages[passage].url))


def _section(section: Section, place: int) -> Iterator[Row]:
    yield Row(styled(section.title, "bold $accent"), gap=1)
    for number, passage in enumerate(section.passages):
        key = f"link:{place}.{number}" if passage.url else ""
        yield _passage(passage, key, gap=0 if passage.point or not number else 1)


def _passage(passage: Passage, key: str, gap: int) -> Row:
    """A point that begins with a verdict bears the sign of that verdict."""
    word = next((each for each in _SIGNS if passage.text.startswith(each)), "")
    mark = glyph(_SIGNS[word]) if word else styled("•", QUIET)
    return Row(coded(passage.text), key=key, mark=mark if passage.point else EMPTY, gap=gap)
