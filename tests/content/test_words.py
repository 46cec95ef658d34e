"""Everything that a founder reads in `checklists/`: grade, sentences, forbidden words, jargon.

The measuring stands in `readability.py`. It is tested first: a bad text must fail.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import launchready_tui
from launchready_tui.checks import UNKNOWN_REASONS, registered
from launchready_tui.content.checklist import Item, Stage, Target, Term, builtin
from launchready_tui.documents import build
from launchready_tui.documents.blocks import Code, Heading, Line, Table, Terms, lines, plain
from launchready_tui.lab.demo import demo_project
from launchready_tui.project.model import Project
from tests.every import every
from tests.readability import (
    FORBIDDEN,
    GRADE,
    JARGON,
    faults,
    forbidden_in,
    jargon_in,
    join,
    measure,
    readable,
    sentences,
    spellings,
    syllables,
    terms_in,
    unexplained,
)

CHECKLIST = builtin()
GLOSSARY = CHECKLIST.glossary
TERMS = spellings(GLOSSARY)


# ------------------------------------------------------------------ the tester, tested first

KNOWN = {
    "a": 1,
    "the": 1,
    "make": 1,
    "made": 1,
    "table": 2,
    "people": 2,
    "while": 1,
    "opened": 2,
    "wanted": 2,
    "asked": 1,
    "makes": 1,
    "passes": 2,
    "changes": 2,
    "pages": 2,
    "names": 1,
    "safely": 2,
    "useless": 2,
    "idea": 3,
    "quiet": 2,
    "being": 2,
    "video": 3,
    "area": 3,
    "create": 2,
    "every": 2,
    "everyone": 3,
    "somebody": 3,
    "email": 2,
    "customer": 3,
    "customers": 3,
    "password": 2,
    "passwords": 2,
    "certificate": 4,
    "address": 2,
    "addresses": 3,
    "information": 4,
    "infrastructure": 4,
    "organisation": 5,
    "authentication": 5,
    "unavailability": 7,
    "doesn't": 2,
    "can't": 1,
    "they're": 1,
}


@every(("word", "count"), KNOWN.items())
def test_syllables_of_known_words(word: str, count: int) -> None:
    assert syllables(word) == count


def test_sentences_end_at_a_stop_and_not_inside_numbers_or_names() -> None:
    text = "It took 1.8 seconds. Was app.example.com slow? Yes! Copy this: `a. b`."
    assert sentences(readable(text)) == (
        "It took 1.8 seconds.",
        "Was it slow?",
        "Yes!",
        "Copy this: it.",
    )


def test_the_grade_is_that_of_the_formula() -> None:
    # 2 sentences, 10 words, 12 syllables: 0.39 * 5 + 11.8 * 1.2 - 15.59
    seen = measure("The site is down. People can not sign in today.")
    assert (seen.count, seen.mean, seen.longest) == (2, 5, 6)
    assert seen.grade == pytest.approx(0.39 * 5 + 11.8 * 1.2 - 15.59)


def test_code_addresses_and_terms_count_as_one_short_word() -> None:
    plain = measure("Copy it. Open it. Read it.")
    named = measure(
        "Copy `v=spf1 include:_spf.google.com ~all`. Open https://example.com/a/b?c=d. "
        "Read the-long-name.example.org."
    )
    assert named.mean == plain.mean
    assert named.grade == pytest.approx(plain.grade)
    term = measure("Copy environment variables. Open it. Read it.", ("environment variables",))
    assert term.grade == pytest.approx(plain.grade)


BAD = {
    "too hard": "Organisational accountability necessitates comprehensive documentation. "
    "Infrastructure administrators systematically investigate authentication irregularities. "
    "Unavailability considerably deteriorates customer satisfaction.",
    "long sentences": "We went to the shop on the hill to buy some bread and milk for the day. "
    "Then we came back by the long road past the mill and the old stone church. "
    "At home we sat down in the sun and ate all of it with the two dogs.",
    "one very long sentence": "You sign in and then you go to the page and you press the green "
    "button and you wait for a while and then you press it once more.",
    "forbidden word": "You simply open the page.",
    "forbidden pair": "Please ensure that it is on.",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_a_bad_text_fails(text: str) -> None:
    assert faults(text)


def test_a_good_text_passes() -> None:
    text = (
        "The app's certificate ran out on 3 November. Browsers now show a full-page warning. "
        "Customers who see that page leave. They can't sign in, and payments can't go through."
    )
    assert faults(text) == ()


@pytest.mark.parametrize("word", FORBIDDEN)
def test_each_forbidden_word_is_found_and_only_as_a_word(word: str) -> None:
    assert word in forbidden_in(f"This is {word.upper()}, or so.")
    assert not forbidden_in(f"Read x{word}x and `{word}`.")


def test_jargon_is_found_by_shape_and_by_list() -> None:
    assert jargon_in("Set the QXP of the Cookies in your cronjob, 500 KB.") == ("QXP", "cookies")
    assert jargon_in("Copy `DNS` to {host} at dns.example.com.") == ()


def test_jargon_without_an_entry_is_unexplained() -> None:
    glossary = {"cookie": Term(short="A note.", also=("cookies",))}
    text = "Cookies hold a session. The DNS is fine."
    assert unexplained(text, glossary) == ("DNS", "session")
    assert terms_in(text, glossary) == ("cookie",)


def test_a_term_inside_a_longer_one_is_that_longer_one() -> None:
    glossary = {
        "index": Term(short="A list."),
        "index card": Term(short="A card.", also=("index cards",)),
    }
    assert terms_in("Two index cards.", glossary) == ("index card",)


# ------------------------------------------------------------------ the glossary


@every("term", GLOSSARY)
def test_a_term_is_explained_in_plain_words(term: str) -> None:
    short = GLOSSARY[term].short
    assert not faults(short)
    assert measure(short).grade <= GRADE  # terms are no excuse here
    assert not unexplained(short, GLOSSARY)


def test_no_spelling_belongs_to_two_terms() -> None:
    owners: dict[str, set[str]] = {}
    for key, term in GLOSSARY.items():
        for way in (key, *term.also):
            owners.setdefault(way.lower(), set()).add(key)
    assert not {way: keys for way, keys in owners.items() if len(keys) > 1}


# ------------------------------------------------------------------ stages and items

ITEMS = {item.id: item for _, item in CHECKLIST.items()}


def everything(item: Item) -> str:
    """All that a founder reads of an item."""
    labels = [choice.label for choice in item.choices]
    links = [link.title for link in item.links]
    head = [item.title, item.question, *labels, item.asks_for]
    return join([*head, item.why, *item.fix, item.verify, *links])


@every("item", ITEMS.values(), ids=ITEMS)
def test_an_item_reads_well(item: Item) -> None:
    assert not faults(join([item.question, item.why, *item.fix, item.verify]), TERMS)
    assert not forbidden_in(everything(item))


@every("item", ITEMS.values(), ids=ITEMS)
def test_an_item_explains_its_terms(item: Item) -> None:
    assert not unexplained(everything(item), GLOSSARY)
    assert not set(item.glossary) - set(GLOSSARY)
    links = join(link.title for link in item.links)
    used = set(terms_in(everything(item), GLOSSARY)) - set(terms_in(links, GLOSSARY))
    assert not used - set(item.glossary), "terms that the item uses and does not list"
    assert not set(item.glossary) - set(terms_in(everything(item), GLOSSARY)), "never used"


@every("item", ITEMS.values(), ids=ITEMS)
def test_an_item_fits_its_places(item: Item) -> None:
    assert len(item.title) <= 34
    assert len(item.question) <= 100
    assert item.question.endswith(("?", ".")), "a question, or a question and a hint"
    assert all(len(choice.label) <= 45 for choice in item.choices)
    assert len(item.asks_for) <= 80
    assert not item.title.endswith(".")


@pytest.mark.parametrize("stage", CHECKLIST.stages, ids=lambda stage: stage.id)
def test_a_stage_reads_well(stage: Stage) -> None:
    says = [paper.says for paper in stage.documents]
    titles = [stage.title, *(paper.title for paper in stage.documents)]
    links = [link.title for link in stage.links]
    assert not faults(join([stage.goal, *says]), TERMS)
    assert len(sentences(stage.goal)) == 1
    assert not unexplained(join([stage.goal, *says, *titles]), GLOSSARY)
    assert not forbidden_in(join([*titles, *links]))


@pytest.mark.parametrize("target", CHECKLIST.targets, ids=lambda target: target.id)
def test_a_target_reads_well(target: Target) -> None:
    text = join([target.why, target.needs])
    assert not faults(text, TERMS)
    assert not forbidden_in(join([target.title, target.goal]))
    assert not unexplained(join([target.title, target.goal, text]), GLOSSARY)


@pytest.mark.parametrize("purpose", CHECKLIST.roles)
def test_what_breaks_without_a_host_reads_well(purpose: str) -> None:
    role = CHECKLIST.roles[purpose]
    assert not faults(role.breaks, TERMS)
    assert not unexplained(join([role.name, role.breaks]), GLOSSARY)


# ------------------------------------------------------------------ findings and providers


@every("key", CHECKLIST.words)
def test_the_words_of_an_outcome_read_well(key: str) -> None:
    words = CHECKLIST.words[key]
    own = [step for step in words.fix if not step.startswith("@")]
    text = join([words.says, words.why, *own, words.verify])
    assert not faults(text, TERMS)
    assert not unexplained(text, GLOSSARY)
    assert len(sentences(words.says)) <= 3


def steps() -> Iterator[tuple[str, str]]:
    for kind, providers in CHECKLIST.providers.items():
        for id, provider in providers.items():
            for name, texts in provider.steps.items():
                yield f"{kind}.{id}.{name}", join(texts)


STEPS = dict(steps())


@every("where", STEPS)
def test_the_steps_at_a_provider_read_well(where: str) -> None:
    assert not faults(STEPS[where], TERMS)
    assert not unexplained(STEPS[where], GLOSSARY)


def test_every_outcome_that_is_no_pass_has_its_four_parts() -> None:
    """says, why, fix and verify, for each warn, fail and reason for not knowing."""
    for id, check in registered().items():
        faulty = [(outcome, True) for outcome in (*check.warns, *check.fails)]
        for outcome, fault in (*faulty, *((reason, False) for reason in UNKNOWN_REASONS)):
            words = CHECKLIST.words_for(id, outcome, fault=fault)
            assert words.says, (id, outcome)
            assert words.why, (id, outcome)
            assert words.fix, (id, outcome)
            assert words.verify, (id, outcome)
        for outcome in (*check.passes, *check.skips):
            words = CHECKLIST.words_for(id, outcome)
            assert words.says, (id, outcome)
            assert words.why, (id, outcome)


def test_the_jargon_list_is_lower_case_and_has_no_doubles() -> None:
    assert len(set(JARGON)) == len(JARGON)


# ------------------------------------------------------------------ changes of DNS

CHANGES = {
    f"{kind}.{how}": words
    for kind, hows in CHECKLIST.changes.items()
    for how, words in hows.items()
}


@every("where", CHANGES)
def test_a_planned_change_reads_well(where: str) -> None:
    words = CHANGES[where]
    text = join([words.says, words.breaks])
    assert not faults(text, TERMS)
    assert not unexplained(text, GLOSSARY)
    assert len(sentences(words.says)) <= 3


# ------------------------------------------------------------------ documents

DEMO = demo_project(datetime(2026, 11, 24, 14, 2, tzinfo=UTC))
PAPERS = {
    f"{name}-{document.id}": document
    for name, project in (("empty", Project()), ("demo", DEMO))
    for document in build(project, CHECKLIST)
}


def said(line: Line) -> str:
    """A line as it is read: values to copy are code."""
    return "".join(f"`{part.text}`" if isinstance(part, Code) else plain((part,)) for part in line)


@every("where", PAPERS)
def test_a_document_reads_well(where: str) -> None:
    """Sentences are measured; headings and cells of tables are no sentences, but may not be
    jargon either."""
    blocks = PAPERS[where].blocks
    told = [block for block in blocks if not isinstance(block, Heading | Table | Terms)]
    assert not faults(join(said(line) for line in lines(told)), TERMS)
    whole = join(said(line) for line in lines(blocks))
    assert not forbidden_in(whole)
    assert not unexplained(whole, GLOSSARY)


# ------------------------------------------------------------------ sentences in the code

# Help and errors for people who type `--connect HOST:PORT=ADDR:PORT`: they know what a port is.
FOR_EXPERTS = {"options.py"}
PACKAGE = Path(launchready_tui.__file__).parent


def spoken(path: Path) -> Iterator[str]:
    """The sentences among a module's strings: a capital, three words or more, a stop."""
    tree = ast.parse(path.read_text("utf-8"))
    quiet = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            quiet.update(node.values)
            parts = [v.value if isinstance(v, ast.Constant) else "{x}" for v in node.values]
            text = "".join(map(str, parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in quiet:
            text = node.value
        else:
            continue
        if re.match(r"[A-Z{“\"].*[a-z]+ .*[a-z]+ .*[.?!]\Z", text, re.DOTALL):
            yield text


def test_sentences_are_found_in_code_and_docstrings_are_not(tmp_path: Path) -> None:
    module = tmp_path / "some.py"
    module.write_text(
        '"""This is a docstring."""\n'
        'NAME = "one-two"\n'
        'def f(x: int) -> str:\n    """So is this here."""\n'
        '    return f"You have {x} things left." or "Press it to go on."\n'
    )
    assert sorted(spoken(module)) == ["Press it to go on.", "You have {x} things left."]


@every("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_sentences_in_the_code_read_well(path: Path) -> None:
    for text in spoken(path):
        assert not faults(text, TERMS)
        assert path.name in FOR_EXPERTS or not unexplained(text, GLOSSARY)
