"""The pages of `docs/checks/`: one a check, whole, readable, and found from the finding.

The reader is tested first. Then every registered check is asked for its page.
"""

from __future__ import annotations

import re

import pytest

from launchready_tui.checks import registered
from launchready_tui.content import check_pages
from launchready_tui.content.check_pages import SECTIONS, CheckPage, Passage
from launchready_tui.content.checklist import builtin
from tests.every import every
from tests.readability import faults, forbidden_in, join, spellings, unexplained

GLOSSARY = builtin().glossary
TERMS = spellings(GLOSSARY)
CHECKS = registered()

PAGE = """\
# A certificate that browsers trust (`tls.valid`)

Do browsers trust it?

## How we judge

- Pass: the chain
  is **whole**, see `a b`.
- Fail: it ran out.

A last word.

## Sources

- [The public list](https://lists.example/one), and <https://two.example/>
"""


# ------------------------------------------------------------------ the reader


def test_a_page_is_read_into_passages() -> None:
    page = check_pages.parse(PAGE)
    assert (page.check, page.title) == ("tls.valid", "A certificate that browsers trust")
    assert page.intro == (Passage("Do browsers trust it?"),)
    judge, sources = page.sections
    assert judge.title == "How we judge"
    assert judge.passages == (
        Passage("Pass: the chain is whole, see `a b`.", point=True),
        Passage("Fail: it ran out.", point=True),
        Passage("A last word."),
    )
    assert sources.passages == (
        Passage(
            "The public list, and https://two.example/", point=True, url="https://lists.example/one"
        ),
    )


@pytest.mark.parametrize("text", ["", "Do browsers trust it?", "# Title without an id\n\nText."])
def test_a_page_without_its_title_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="begins with"):
        check_pages.parse(text)


@pytest.mark.parametrize("check", ["no.such", "../../README", "", "/etc/passwd"])
def test_only_a_check_with_a_page_has_a_place(check: str) -> None:
    assert check_pages.place(check) == ""
    with pytest.raises(KeyError):
        check_pages.text(check)


def test_the_place_of_a_page_is_where_it_stands_in_the_project() -> None:
    assert check_pages.place("email.spf") == "docs/checks/email.spf.md"
    assert check_pages.text("email.spf").startswith("# ")


# ------------------------------------------------------------------ the pages


def test_every_check_has_a_page_and_every_page_a_check() -> None:
    assert check_pages.pages() == {*CHECKS, "extension"}
    assert check_pages.place("extension.acme") == "docs/checks/extension.md"


each_page = every("id", sorted(check_pages.pages()))


def page_of(id: str) -> CheckPage:
    page = check_pages.read(id)
    assert page.check == id
    return page


@each_page
def test_a_page_has_exactly_its_sections(id: str) -> None:
    page = page_of(id)
    assert tuple(section.title for section in page.sections) == SECTIONS
    assert page.intro
    assert not any(passage.point for passage in page.intro)
    for section in page.sections:
        assert section.passages, section.title
    for section in page.sections[1:]:
        assert all(passage.point for passage in section.passages), section.title


@each_page
def test_a_page_says_where_the_line_is_for_each_verdict_of_its_check(id: str) -> None:
    page = page_of(id)
    check = CHECKS.get(page.check)
    named = {
        label[1]
        for passage in page.sections[1].passages
        if (label := re.match(r"(Pass|Warn|Fail|Skipped)\b", passage.text))
    }
    if check is None:  # the page about packages that fail: each verdict has its line
        assert named == {"Pass", "Warn", "Fail", "Skipped"}
        return
    wanted = {"Pass": check.passes, "Warn": check.warns, "Fail": check.fails}
    wanted["Skipped"] = check.skips
    assert {label for label, outcomes in wanted.items() if outcomes} <= named
    assert len(named) > 1 or not (check.warns or check.fails)


@each_page
def test_a_founder_can_read_a_page(id: str) -> None:
    page = page_of(id)
    read = [passage.text for passage in page.intro]
    read += [passage.text for section in page.sections[:-1] for passage in section.passages]
    text = join(read)
    assert not faults(text, TERMS)
    assert not unexplained(join([page.title, text]), GLOSSARY)


@each_page
def test_sources_are_named_calmly_too(id: str) -> None:
    page = page_of(id)
    assert not forbidden_in(join(passage.text for passage in page.sections[-1].passages))
