"""How each check judges: the pages of `docs/checks/`, read when somebody asks for one.

A page says what we ask, where the lines between the verdicts are, when we can't tell, and where
we may be wrong. It is written in a small part of Markdown: a title, headings, paragraphs, lists,
`code`, **bold** and links. `CheckPage` is that page as plain records, for screens and tests.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from launchready_tui.vocabulary.extension import check_of

SECTIONS = (
    "What we ask",
    "How we judge",
    "When we can't tell",
    "Known limits",
    "Sources",
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, or one point of a list. Values stand in `backticks`, as in our other words.

    `url` is the first web address that the passage links to; empty when it links to none.
    """

    text: str
    point: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a check's page: its title and its passages."""

    title: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class CheckPage:
    """The page about one check. `intro` says which question the check answers."""

    check: str
    title: str
    intro: tuple[Passage, ...]
    sections: tuple[Section, ...]


def folder() -> Path:
    """Where the pages are: inside an installed wheel, or in the checkout beside the package."""
    here = Path(__file__).parents[1]
    inside = here / "docs" / "checks"
    return inside if inside.is_dir() else here.parent / "docs" / "checks"


@cache
def pages() -> frozenset[str]:
    """The ids of all checks that have a page of ours. One of another package brings its own."""
    return frozenset(path.stem for path in folder().glob("*.md"))


_NONE: Mapping[str, str] = MappingProxyType({})


def place(check: str, others: Mapping[str, str] = _NONE) -> str:
    """The path of a check's page inside the project; empty when it has none.

    `others` are the pages that the checklist in use brings (`Checklist.pages`).
    """
    if check in others:
        return f"pages/{check}.md"
    own = _own(check)
    return f"docs/checks/{own}.md" if own in pages() else ""


def text(check: str, others: Mapping[str, str] = _NONE) -> str:
    """The page as it is written, in Markdown. KeyError when the check has none."""
    if check in others:
        return Path(others[check]).read_text("utf-8")
    if _own(check) not in pages():
        raise KeyError(check)
    return (folder() / f"{_own(check)}.md").read_text("utf-8")


def read(check: str, others: Mapping[str, str] = _NONE) -> CheckPage:
    """The page of a check. KeyError when it has none."""
    return parse(text(check, others))


def _own(check: str) -> str:
    """One page tells of every package that fails."""
    return "extension" if check.startswith(check_of("")) else check


_TITLE = re.compile(r"# (?P<title>.+?) \(`(?P<check>[a-z0-9.-]+)`\)")
_LINK = re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)")
_ADDRESS = re.compile(r"<(https?://[^>\s]+)>")


def parse(markdown: str) -> CheckPage:
    """Read a page. Lines that belong to one passage are joined. ValueError without its title."""
    first, _, rest = markdown.strip().partition("\n")
    head = _TITLE.fullmatch(first.strip())
    if head is None:
        raise ValueError(f"a page begins with “# Title (`the.id`)”, and not with {first[:80]!r}")
    intro, *parts = re.split(r"(?m)^## +", rest)
    sections = []
    for part in parts:
        title, _, body = part.partition("\n")
        sections.append(Section(title.strip(), _passages(body)))
    return CheckPage(head["check"], head["title"], _passages(intro), tuple(sections))


def _passages(body: str) -> tuple[Passage, ...]:
    """Paragraphs end at an empty line, points of a list also where the next one begins."""
    found: list[tuple[bool, list[str]]] = []
    open_one = False
    for line in body.splitlines():
        stripped = line.strip()
        if not stripped:
            open_one = False
        elif line.startswith(("- ", "* ")):
            found.append((True, [stripped[2:].strip()]))
            open_one = True
        elif open_one:
            found[-1][1].append(stripped)
        else:
            found.append((False, [stripped]))
            open_one = True
    return tuple(_passage(" ".join(lines), point) for point, lines in found)


def _passage(text: str, point: bool) -> Passage:
    link = _LINK.search(text) or _ADDRESS.search(text)
    plain = _ADDRESS.sub(r"\1", _LINK.sub(r"\1", text)).replace("**", "")
    return Passage(plain, point, link[link.lastindex or 1] if link else "")
