"""Writes all documents as one page that prints well: nothing collapsed, no script, no request.

jinja2 escapes every value but our own style sheet; the template marks nothing safe. A
Content-Security-Policy in the page forbids everything but that style sheet, known by its hash.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from launchready_tui.documents.blocks import Block, Document, Inline, may_open
from launchready_tui.documents.gate import shown, value
from launchready_tui.documents.source import full_day
from launchready_tui.project.model import Project
from launchready_tui.vocabulary.safe_text import show_host

if TYPE_CHECKING:
    from jinja2 import Template

_TEMPLATES = Path(__file__).parent / "templates"


def write(documents: Sequence[Document], project: Project, headline: str, checked: str) -> str:
    """One page of all documents, with a cover and a table of contents.

    `headline` is the launch verdict; `checked` says how old the facts are, as a sentence.
    """
    from markupsafe import Markup

    style = _style()
    return _page().render(
        documents=documents,
        product=value(project.product.name or project.domain or "Your product", 100),
        domain=value(show_host(project.domain), 120),
        headline=headline,
        launch=full_day(launch) if (launch := project.product.launch_date) else "",
        checked=checked,
        style=Markup(style),  # noqa: S704 - a constant of ours, no value in it
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )


def _kind(part: Block | Inline) -> str:
    return type(part).__name__


def _pieces(text: str) -> list[str]:
    """A value in parts between which a line may break, so that hosts and records fit a cell."""
    return re.split(r"(?<=[./@:_;,-])(?=\w)", text)


@cache
def _style() -> str:
    return "\n" + (_TEMPLATES / "page.css").read_text("utf-8")


@cache
def _page() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["kind"] = _kind
    environment.filters["pieces"] = _pieces
    environment.filters["shown"] = shown
    environment.tests["openable"] = may_open
    return environment.get_template("page.html.j2")
