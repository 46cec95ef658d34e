"""What strangers wrote stays text: in Markdown, in HTML, in every field, whatever it holds."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from launchready_tui.documents import build, files
from launchready_tui.documents import markdown as md
from launchready_tui.documents.blocks import (
    Boxes,
    Bullets,
    Code,
    Document,
    Heading,
    Inline,
    Link,
    Paragraph,
    Steps,
    Strong,
    Table,
    Terms,
    Told,
    may_open,
    web_link,
)
from launchready_tui.documents.gate import shown
from tests.documents.samples import CONTENT, HOSTILE_TEXTS, full, hostile

NAMES = [text[:30].encode("ascii", "replace").decode() for text in HOSTILE_TEXTS]

# As GitHub reads Markdown: tables, raw HTML, bare addresses. It links no bare domain.
PARSER = MarkdownIt("gfm-like", {"html": True})
assert PARSER.linkify is not None
PARSER.linkify.set({"fuzzy_link": False, "fuzzy_email": False})


def tokens(text: str) -> list[Token]:
    flat: list[Token] = []
    for token in PARSER.parse(text):
        flat.append(token)
        flat.extend(token.children or ())
    return flat


def assert_only_our_structure(document: Document) -> None:
    """The parsed Markdown has the blocks of the document, and nothing that we did not put in."""
    kinds = Counter(token.type for token in tokens(md.write(document, "Harbor <b>[x](y)</b>")))
    blocks = document.blocks
    assert not {"html_block", "html_inline", "image", "fence", "code_block", "hr"} & set(kinds)
    assert kinds["heading_open"] == 1 + sum(isinstance(b, Heading) for b in blocks)
    assert kinds["table_open"] == sum(isinstance(b, Table) for b in blocks)
    assert kinds["tr_open"] == sum(1 + len(b.rows) for b in blocks if isinstance(b, Table))
    assert kinds["td_open"] == sum(
        len(b.header) * len(b.rows) for b in blocks if isinstance(b, Table)
    )
    items = sum(len(b.items) for b in blocks if isinstance(b, Bullets | Boxes | Steps | Terms))
    assert kinds["list_item_open"] == items
    assert kinds["s_open"] == 0


@pytest.mark.parametrize("nasty", HOSTILE_TEXTS, ids=NAMES)
def test_markdown_keeps_hostile_text_as_text(nasty: str) -> None:
    allowed = {"https://wiki.harbor.example/edge"}
    for document in build(hostile(nasty), CONTENT):
        assert_only_our_structure(document)
        links = {
            str(token.attrs["href"])
            for token in tokens(md.write(document, "Harbor <b>[x](y)</b>"))
            if token.type == "link_open"
        }
        assert links <= allowed


@pytest.mark.parametrize("nasty", HOSTILE_TEXTS, ids=NAMES)
def test_no_file_holds_control_or_direction_characters(nasty: str) -> None:
    for content in files(hostile(nasty), CONTENT).values():
        text = content.decode("utf-8")
        assert all(letter == "\n" or letter.isprintable() for letter in text)


def test_a_ten_thousand_character_name_is_cut() -> None:
    longest = b"x" * 1001  # readiness lets a record to copy be a thousand characters long
    for name, content in files(hostile("x" * 10_000), CONTENT).items():
        assert longest not in content, name


def test_a_secret_that_slipped_into_the_file_is_not_printed() -> None:
    secret = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"
    for content in files(hostile(f"my key is {secret}"), CONTENT).values():
        assert secret.encode() not in content


# ------------------------------------------------------------------------------- Markdown, inline


def words(text: str) -> str:
    """What a reader sees of the first paragraph."""
    inline = next(token for token in PARSER.parse(text) if token.type == "inline")
    return "".join(child.content for child in inline.children or ())


def written(*line: Inline) -> str:
    return md.write(Document("x", "Title", (Paragraph(line),)), "Harbor").split("\n\n")[2]


LINES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=60)


@settings(max_examples=400, deadline=None)
@given(LINES)
def test_any_text_comes_back_from_markdown_as_it_was(text: str) -> None:
    expected = " ".join(shown(text).split())
    source = written("A ", text)
    assert {token.type for token in tokens(source)} <= {
        "paragraph_open",
        "paragraph_close",
        "inline",
        "text",
    }
    assert words(source).split() == f"A {expected}".split()


@settings(max_examples=400, deadline=None)
@given(LINES)
def test_any_text_that_starts_a_line_starts_no_block(text: str) -> None:
    if not shown(text).strip():
        return
    parsed = tokens(written(text))
    assert [token.type for token in parsed[:2]] == ["paragraph_open", "inline"]
    assert {token.type for token in parsed[2:]} <= {"text", "paragraph_close"}


@settings(max_examples=400, deadline=None)
@given(LINES, LINES)
def test_any_value_fits_one_cell(first: str, second: str) -> None:
    table = Table(("a", "b"), (1, 1), (((Code(first),), ("x ", second)),))
    parsed = tokens(md.write(Document("x", "Title", (table,)), "Harbor"))
    kinds = Counter(token.type for token in parsed)
    assert (kinds["tr_open"], kinds["td_open"]) == (2, 2)
    assert not kinds.keys() & {"html_inline", "link_open", "image"}
    assert (kinds["strong_open"], kinds["em_open"]) == (1, 1)  # whose it is, and the footer


@settings(max_examples=300, deadline=None)
@given(LINES)
def test_any_value_in_code_comes_back(text: str) -> None:
    expected = shown(text).strip()
    parsed = tokens(written("A ", Code(text)))
    code = [token.content for token in parsed if token.type == "code_inline"]
    assert [part.strip() for part in code] == ([expected] if expected else [])


def test_strong_and_told_hold_no_markup_of_others() -> None:
    source = written(Strong("a*b_c"), " ", Told("D_a_na*", "23 November"))
    assert words(source).replace("  ", " ") == "a*b_c told by D_a_na* on 23 November"


# ----------------------------------------------------------------------------------------- links


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example",
        "https://evil.example/ onclick=x",
        'https://evil.example/"onmouseover="x',
        "https://evil.example/<script>",
        "ht\ttps://evil.example",
        "",
    ],
)
def test_only_safe_addresses_become_links(url: str) -> None:
    assert not may_open(url)
    assert web_link(url) == Code(url)
    forged = Document("x", "T", (Paragraph((Link("click", url),)),))
    assert not [token for token in tokens(md.write(forged, "Harbor")) if token.type == "link_open"]


@pytest.mark.parametrize(
    "url", ["https://a.example/b?c=d|e", "http://a.example", "mailto:a@b.example"]
)
def test_safe_addresses_do(url: str) -> None:
    link = web_link(url)
    assert isinstance(link, Link)
    parsed = [token for token in tokens(written(link)) if token.type == "link_open"]
    assert [str(token.attrs["href"]) for token in parsed] == [url.replace("|", "%7C")]


# ------------------------------------------------------------------------------------------ HTML

TAGS = {
    *("html", "head", "meta", "title", "style", "body", "header", "nav", "main", "article"),
    *("h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "dl", "div", "dt", "dd"),
    *("table", "colgroup", "col", "thead", "tbody", "tr", "th", "td"),
    *("a", "code", "strong", "span", "wbr"),
}
ATTRIBUTES = {
    *("lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "rel"),
    *("aria-label", "aria-hidden", "scope", "width"),
}


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.text: list[str] = []
        self.classes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        self.classes |= {value or "" for name, value in attrs if name == "class"}

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(page: bytes) -> Reader:
    reader = Reader()
    reader.feed(page.decode("utf-8"))
    return reader


@pytest.mark.parametrize("nasty", HOSTILE_TEXTS, ids=NAMES)
def test_the_page_holds_only_our_elements_and_links(nasty: str) -> None:
    page = read(files(hostile(nasty), CONTENT)["index.html"])
    assert set(page.tags) <= TAGS
    assert page.attributes <= ATTRIBUTES
    outside = {link for link in page.links if not link.startswith("#")}
    assert outside <= {"https://wiki.harbor.example/edge"}
    assert page.tags["style"] == page.tags["title"] == page.tags["h1"] == 1


def test_hostile_text_is_shown_as_it_is() -> None:
    page = read(files(hostile("<script>alert(1)</script>"), CONTENT)["index.html"])
    assert "<script>alert(1)</script>" in "".join(page.text)


def test_every_link_of_the_contents_leads_to_a_document() -> None:
    content = files(full(), CONTENT)["index.html"].decode()
    page = read(content.encode())
    inner = [link[1:] for link in page.links if link.startswith("#")]
    assert len(inner) == 13
    assert all(f'id="{anchor}"' in content for anchor in inner)


def test_the_page_asks_for_nothing_and_its_style_is_the_one_that_it_allows() -> None:
    import base64
    import hashlib

    content = files(full(), CONTENT)["index.html"].decode()
    style = content[content.index("<style>") + 7 : content.index("</style>")]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in content
    assert "url(" not in style
    assert "@import" not in style
    assert 'style="' not in content


def test_checked_and_told_are_drawn_apart_on_the_page() -> None:
    content = files(full(), CONTENT)["index.html"].decode()
    assert '<span class="checked"><span aria-hidden="true">✓</span> checked on 24 Nov' in content
    assert '<span class="told">told by Dana on 23 November</span>' in content
